"""The payload by the Cloudinary SDK for Python.

Arguments: the file of records and the number of rounds. Checks every URL, then
prints the median time per image in microseconds.
"""

import copy
import hashlib
import hmac
import json
import statistics
import sys
import time

import cloudinary
from cloudinary.utils import cloudinary_url

PROXY = "https://sharinpix-proxy-dev.herokuapp.com"
APP = "localhost"
PREFIX = "/assets/blank.jpg#"
ATTACHMENT = {"flags": "attachment"}
AUTOMATIC = {"raw_transformation": "dpr_auto,q_auto,f_auto"}
FIT_1920 = {"crop": "fit", "height": 1920, "width": 1920}

cloudinary.config(
    cloud_name="sadaasdasd", api_key="key", api_secret="abcdefghijklmnopqrstuvwxyz0", secure=True
)


def fill(pixels):
    return {"crop": "fill", "height": pixels, "width": pixels}


def whole(number):
    return int(number) if number == int(number) else number


def delivery(record, steps):
    return cloudinary_url(
        record["public_id"],
        type="authenticated",
        version=record["version"],
        format="jpg",
        sign_url=True,
        transformation=copy.deepcopy(steps),
    )[0]


def truncated_hmac(key, message, digits):
    return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()[:digits]


def proxied(image, slug, name):
    message = f"images/{image['id']}/thumbnails/{name}"
    path = f"/{message}-{truncated_hmac(b'thumbnail key', message, 11)}.jpg"
    signature = truncated_hmac(b"proxy key", APP + path, 7)
    return f"{PROXY}/{slug}.{image['format']}?s={signature}&url={APP}{path}"


def signed(record):
    image = record["image"]
    crop = []
    if record["crop"]:
        x, y, w, h = map(whole, record["crop"])
        crop = [{"crop": "crop", "x": x, "y": y, "width": w, "height": h}]
    rotate = [{"angle": record["rotation"]}] if record["rotation"] else []
    slug = record["filename"].lower().replace(" ", "-")
    page = [ATTACHMENT, AUTOMATIC]
    return {
        **image,
        "original_url": delivery(record, [ATTACHMENT]),
        "external_urls": {
            "fill100": PREFIX + delivery(record, crop + rotate + [{"crop": "fit", "width": 300}]),
            "fit2000": PREFIX
            + delivery(record, crop + rotate + [{"crop": "fit", "height": 2000, "width": 2000}]),
            "mini": proxied(image, slug, "mini"),
            "large": proxied(image, slug, "thumbnail"),
            "full": proxied(image, slug, "full"),
        },
        "thumbnails": {
            "original": PREFIX + delivery(record, page),
            "full_no_sharinpix": PREFIX + delivery(record, [FIT_1920] + page),
            "full": PREFIX + delivery(record, crop + [FIT_1920] + rotate + page),
            "large": PREFIX + delivery(record, crop + [FIT_1920] + rotate + [fill(200)] + page),
            "mini": PREFIX + delivery(record, crop + [FIT_1920] + rotate + [fill(100)] + page),
        },
    }


def payload(records):
    text = json.dumps([signed(record) for record in records], separators=(",", ":"), ensure_ascii=False)
    return text.replace("&", "\\u0026")


records = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
for record, image in zip(records, json.loads(payload(records)), strict=True):
    assert image == record["image"], f"{image}\n{record['image']}"
times = []
for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    payload(records)
    times.append((time.perf_counter() - start) * 1e6 / len(records))
print(f"{statistics.median(times):.2f}")
