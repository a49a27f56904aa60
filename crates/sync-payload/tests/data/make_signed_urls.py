"""Prints the eleven URLs of images that are unedited, cropped, rotated, both, or
pending, one JSON object per line. It follows the rules of the protocol and uses
only the standard library of Python:

    python3 make_signed_urls.py > signed_urls.jsonl

Created with Python 3.11.7.
"""

import base64
import hashlib
import hmac
import itertools
import json

ID = "14364f29-c30d-4bbb-992c-19e6031244f7"
SECRET, PROXY_KEY, THUMBNAIL_KEY = "abcd", "proxy key", "thumbnail key"
CLOUD, PROXY_HOST, APP_HOST = "sadaasdasd", "proxy.example.org", "app.example.org:3000"

# The steps of each delivery URL. C is the crop and R the rotation of an image.
PAGE = "fl_attachment/dpr_auto,q_auto,f_auto"
DELIVERY = {
    "external_urls.fill100": ["C", "R", "c_fit,w_300"],
    "external_urls.fit2000": ["C", "R", "c_fit,h_2000,w_2000"],
    "thumbnails.original": [PAGE],
    "thumbnails.full_no_sharinpix": ["c_fit,h_1920,w_1920", PAGE],
    "thumbnails.full": ["C", "c_fit,h_1920,w_1920", "R", PAGE],
    "thumbnails.large": ["C", "c_fit,h_1920,w_1920", "R", "c_fill,h_200,w_200", PAGE],
    "thumbnails.mini": ["C", "c_fit,h_1920,w_1920", "R", "c_fill,h_100,w_100", PAGE],
}
PROXY = {
    "external_urls.mini": "mini",
    "external_urls.large": "thumbnail",
    "external_urls.full": "full",
}


def delivery(form, transformation, version, source):
    signed = f"{transformation}/{source}{SECRET}".encode()
    digest = hashlib.sha1 if form == "sha1" else hashlib.sha256
    signature = base64.urlsafe_b64encode(digest(signed).digest()).decode()
    signature = signature[: 32 if form == "long" else 8]
    return (f"https://res.cloudinary.com/{CLOUD}/image/authenticated/s--{signature}--/"
            f"{transformation}/{version}{source}")


def hexdigits(key, message, length):
    return hmac.new(key.encode(), message.encode(), hashlib.sha256).hexdigest()[:length]


def proxy(name, filename):
    path = hexdigits(THUMBNAIL_KEY, f"images/{ID}/thumbnails/{name}", 11)
    target = f"{APP_HOST}/images/{ID}/thumbnails/{name}-{path}.jpg"
    s = hexdigits(PROXY_KEY, target, 7)
    return f"https://{PROXY_HOST}/{filename}?s={s}&url={target}"


def number(value):
    return str(int(value)) if value == int(value) else repr(value)


CROPS = [None, (3.0, 2.0, 10.0, 11.0), (0.5, 0.0, 1.25, 1000.0), (0.0, 0.0, 0.0, 5.0)]
ROTATIONS = [0, 90, -90, 270]
ASSETS = [(123123, "0b7e148bbd7c", "jpg"), (None, "folder/ü", "png"), None]
FORMS = ["sha1", "sha256", "long"]
PREFIXES = ["", "/assets/blank.jpg#"]

for crop, rotation, asset, form, prefix in itertools.product(
        CROPS, ROTATIONS, ASSETS, FORMS, PREFIXES):
    x, y, w, h = crop or (0.0, 0.0, 0.0, 0.0)
    edits = {
        "C": [f"c_crop,h_{number(h)},w_{number(w)},x_{number(x)},y_{number(y)}"] if crop else [],
        "R": [f"a_{rotation}"] if rotation else [],
    }
    if asset is None:
        version, source = "", "raw_placeholder.jpg"
        original = proxy("original", "super-image.png")
    else:
        source = asset[1].replace("ü", "%C3%BC") + "." + asset[2]
        version = f"v{asset[0]}/" if asset[0] else "v1/" if "/" in source else ""
        original = delivery(form, "fl_attachment", version, source)
    urls = {"original_url": original}
    for key, steps in DELIVERY.items():
        steps = itertools.chain.from_iterable(edits.get(step, [step]) for step in steps)
        url = delivery(form, "/".join(steps), version, source)
        urls[key] = url if asset is None else prefix + url
    for key, name in PROXY.items():
        urls[key] = proxy(name, "super-image.png")
    print(json.dumps({
        "crop": crop and [x, y, w, h],
        "rotation": rotation,
        "asset": asset,
        "form": form,
        "prefix": prefix,
        "urls": urls,
    }, ensure_ascii=False))
