"""Prints random calls of the API functions, one JSON object a line, with the results
of the provider's SDK for Python.

    python3 -m venv venv && venv/bin/pip install cloudinary==1.46.0
    npm install cloudinary@2.11.0
    venv/bin/python make_api.py > all.jsonl
    node make_api.js all.jsonl > api_agreed.jsonl

`make_api.js` keeps the cases on which the SDK for Node agrees. The account of all cases
is `demo` with the key `key` and the secret `abcd`.

Made with Python 3.11.
"""

import json
import random
import time

import cloudinary
from cloudinary import uploader, utils

SECRET = "abcd"
NOW = 1_700_000_000

TEXTS = [
    "sample",
    "folder/file",
    "a b",
    "a&b",
    "a&type=private",
    "a%26b",
    "a=b",
    "50%",
    "é",
    "日本",
    "🍺",
    "x|y",
    "a,b",
    "https://example.org/hook?a=1&tags=hello",
    "~-._*'()!",
    "+",
    "\\",
    '"',
    "0",
    "1",
    "false",
    "",
]
NAMES = [
    "public_id",
    "folder",
    "type",
    "format",
    "notification_url",
    "context",
    "metadata",
    "eager",
    "transformation",
    "timestamp",
    "upload_preset",
    "allowed_formats",
    "moderation",
    "asset_folder",
    "display_name",
    "from_public_id",
    "to_public_id",
    "overwrite",
    "cloud_name",
    "username",
    "tag",
    "tags",
]
LIST_NAMES = ["public_ids", "tags", "prefixes", "urls", "target_tags"]

rng = random.Random(20261126)


def some(values, least, most):
    return rng.sample(values, rng.randint(least, most))


def maybe(options, name, values):
    if rng.random() < 0.35:
        options[name] = rng.choice(values)


def parameters():
    result = {}
    for name in some(NAMES, 1, 7):
        result[name] = rng.choice([rng.choice(TEXTS), rng.randint(0, 3), rng.choice([True, False])])
        if rng.random() < 0.6:
            result[name] = rng.choice(TEXTS)
    for name in some(LIST_NAMES, 0, 2):
        result[name] = some(TEXTS, 0, 3)
    return result


def sign_parameters():
    case = {
        "call": "sign_parameters",
        "parameters": parameters(),
        "algorithm": rng.choice(["sha1", "sha256"]),
        "signature_version": rng.choice([1, 2, 2]),
    }
    case["result"] = utils.api_sign_request(
        case["parameters"], SECRET, case["algorithm"], case["signature_version"]
    )
    return case


def upload_form():
    options = {}
    maybe(options, "public_id", TEXTS)
    maybe(options, "folder", ["albums/7", "a b"])
    maybe(options, "type", ["upload", "private", "authenticated"])
    maybe(options, "upload_preset", ["app", "a b"])
    maybe(options, "notification_url", ["https://example.org/hook?a=1&b=2"])
    maybe(options, "tags", [["a"], ["a", "b"], ["é", "c d"]])
    maybe(options, "allowed_formats", [["jpg"], ["jpg", "png"]])
    maybe(
        options,
        "eager",
        [
            [{"width": 300, "crop": "fit"}],
            [{"width": 300, "crop": "fit", "format": "webp"}, {"width": 20, "crop": "fill"}],
        ],
    )
    texts = [text for text in TEXTS if text and not text.endswith("\\")]
    for name in ["context", "metadata"]:
        if rng.random() < 0.4:
            options[name] = {key: rng.choice(texts) for key in some(["alt", "caption", "x"], 1, 3)}
    if rng.random() < 0.3:
        options.setdefault("metadata", {})["colors"] = some(["red", "a=b", "c|d", "e,f"], 1, 3)
    for name in some(["colors", "faces", "image_metadata", "phash"], 0, 4):
        options[name] = True
    signed = utils.sign_request(utils.build_upload_params(**options), {})
    return {
        "call": "upload_form",
        "options": {**options, "timestamp": NOW},
        "result": {name: value for name, value in signed.items()},
    }


def download_url():
    kind = rng.choice(["private", "archive", "archive", "folder", "backup", "sprite", "multi"])
    options = {}
    texts = [text for text in TEXTS if text]
    if kind == "private":
        public_id, format = rng.choice(texts), rng.choice(["jpg", "png", ""])
        maybe(options, "type", ["upload", "private", "authenticated"])
        maybe(options, "attachment", ["photo.jpg", "a b.jpg"])
        maybe(options, "resource_type", ["image", "video", "raw"])
        maybe(options, "expires_at", [NOW + 60])
        url = utils.private_download_url(public_id, format, **options)
        options.update(public_id=public_id, format=format)
    elif kind in ("archive", "folder"):
        path = rng.choice(["samples/", "folder", "a b/é"])
        for name in ["public_ids", "prefixes", "tags", "target_tags", "fully_qualified_public_ids"]:
            if rng.random() < 0.3 and (kind, name) != ("folder", "prefixes"):
                options[name] = rng.choice([some(texts, 1, 3), rng.choice(texts)])
        for name in [
            "flatten_folders",
            "flatten_transformations",
            "skip_transformation_name",
            "use_original_filename",
            "allow_missing",
            "keep_derived",
            "async",
        ]:
            maybe(options, name, [True, True, False])
        maybe(options, "target_format", ["zip", "tgz"])
        maybe(options, "target_public_id", texts)
        maybe(options, "target_asset_folder", ["backups"])
        maybe(options, "notification_url", ["https://example.org/hook?a=1&b=2"])
        maybe(options, "expires_at", [NOW + 60])
        maybe(options, "type", ["upload", "private", "authenticated"])
        maybe(options, "resource_type", ["image", "video", "raw", "all", "auto"])
        maybe(options, "mode", ["create", "download"])
        maybe(options, "transformations", [[{"width": 300}], [{"width": 300}, {"width": 20}]])
        given = {**options, "timestamp": NOW}
        if kind == "folder":
            url = utils.download_folder(path, **given)
            options["folder_path"] = path
        else:
            url = utils.download_archive_url(**given)
    elif kind == "backup":
        options.update(asset_id=rng.choice(texts), version_id=rng.choice(texts))
        url = utils.download_backedup_asset(**options, timestamp=NOW)
    else:
        if rng.random() < 0.5:
            options["tag"] = rng.choice(texts)
        else:
            options["urls"] = some(["https://example.org/a.jpg", "https://example.org/b?c=d&e"], 1, 2)
        given = dict(options)
        maybe(options, "transformation", ["c_fit,w_300"])
        if "transformation" in options:
            given["raw_transformation"] = options["transformation"]
        download = uploader.download_generated_sprite if kind == "sprite" else uploader.download_multi
        url = download(**given)
    return {
        "call": "download_url",
        "kind": kind,
        "options": {**options, "timestamp": NOW},
        "result": url,
    }


def changed(text):
    position = rng.randrange(len(text))
    other = rng.choice([char for char in "0123456789abcdef" if char != text[position]])
    return text[:position] + other + text[position + 1 :]


def verify_notification():
    body = json.dumps({"public_id": rng.choice(TEXTS), "version": rng.randint(1, 9)}, ensure_ascii=False)
    timestamp = NOW - rng.choice([0, 1, 100, 7199, 7200, 7201, 90000])
    valid_for = rng.choice([7200, 7200, 60, 100000])
    algorithm = rng.choice(["sha1", "sha256"])
    signature = utils.compute_hex_hash(f"{body}{timestamp}{SECRET}", algorithm)
    change = rng.choice([None, None, None, "signature", "timestamp", "body", "algorithm"])
    if change == "signature":
        signature = changed(signature)
    elif change == "timestamp":
        timestamp += 1
    elif change == "body":
        body += " "
    elif change == "algorithm":
        algorithm = "sha1" if algorithm == "sha256" else "sha256"
    return {
        "call": "verify_notification",
        "body": body,
        "timestamp": timestamp,
        "signature": signature,
        "now": NOW,
        "valid_for": valid_for,
        "algorithm": algorithm,
        "result": utils.verify_notification_signature(body, timestamp, signature, valid_for, algorithm),
    }


def verify_response():
    public_id = rng.choice([text for text in TEXTS if text])
    version = rng.randint(1, 2_000_000_000)
    algorithm = rng.choice(["sha1", "sha256"])
    given = {"public_id": public_id, "version": version}
    signature = utils.api_sign_request(given, SECRET, algorithm, rng.choice([1, 1, 2]))
    if rng.random() < 0.2:
        signature = changed(signature)
    if rng.random() < 0.2:
        version += 1
    return {
        "call": "verify_response",
        "public_id": public_id,
        "version": version,
        "signature": signature,
        "algorithm": algorithm,
        "result": utils.verify_api_response_signature(public_id, version, signature, algorithm),
    }


def main():
    cloudinary.config(cloud_name="demo", api_key="key", api_secret=SECRET)
    time.time = lambda: NOW
    utils.now = lambda: str(NOW)
    for make, count in [
        (sign_parameters, 250),
        (upload_form, 100),
        (download_url, 250),
        (verify_notification, 100),
        (verify_response, 80),
    ]:
        for _ in range(count):
            print(json.dumps(make(), ensure_ascii=False))


main()
