"""Prints calls of API functions with the answers of the SDK for Python (1.46.0), one JSON
object a line:

    venv/bin/python make_api_calls.py > python.jsonl
    node make_api_calls.js python.jsonl > api_calls.jsonl

`input` is a line for the program `api_signature`, for the account
`cloudinary://key:abcd@demo`, and `answer` its answer. A call for which the SDK raises
an error is left out.
"""

import hashlib
import json
import random
from unittest import mock

import cloudinary
from cloudinary import utils

RANDOM = random.Random(1616)
NOW = 1700000000

TEXTS = [
    "sample", "a b", "a&b", "a=b", "a&b=c", "%26", "a%26b", "&", "=", "é", "日本語", "😀", "a,b", "a|b", "a/b/c",
    "<script>", "\"quoted\"", "'", "\\", "+", "a+b", "?#", "line\nbreak", "\t", " ", "true", "0", "1", "null",
    "https://example.org/a?b=c&d=e#f", "caption=a\\=b|alt=c", "!video!", "~*()", "x" * 300, "",
]
NAMES = [
    "public_id", "tags", "timestamp", "type", "context", "metadata", "eager", "folder", "format", "transformation",
    "notification_url", "upload_preset", "overwrite", "invalidate", "custom", "quality_analysis", "colors", "version",
    "cloud_name", "username", "moderation", "callback", "access_mode", "asset_folder", "display_name",
]
NUMBERS = [
    1, 2, -1, 10, NOW, 123456789012, 0.5, 1.5, -2.25, 1795670399.634, 0.1, 123456.789, 1e22, 1.5e300, 1e-10, 2.5e-12,
    1e-7, 1e16, 1.0, 0, 9007199254740991, 9007199254740993,
]


def pick(values):
    return RANDOM.choice(values)


def chance(one_in):
    return RANDOM.randrange(one_in) == 0


def value():
    kind = RANDOM.randrange(10)
    if kind < 5:
        return pick(TEXTS)
    if kind < 7:
        return pick(NUMBERS)
    if kind < 8:
        return pick([True, False, None])
    return [pick(TEXTS) for _ in range(RANDOM.randrange(4))]


def settings():
    settings = {}
    if chance(2):
        settings["algorithm"] = pick(["sha1", "sha256", None])
    return settings


def sign_parameters():
    names = RANDOM.sample(NAMES, RANDOM.randrange(1, 7))
    call = {"call": "sign_parameters", "parameters": {name: value() for name in names}, **settings()}
    if chance(2):
        call["signature_version"] = pick([1, 2])
    return call


def changed(text):
    at = RANDOM.randrange(len(text))
    return pick([
        text[:at] + pick("0123456789abcdef") + text[at + 1:], text[:at], text + "0", text.upper(), " " + text, "", None,
    ])


def digest(text, algorithm):
    return hashlib.new(algorithm or "sha1", text.encode()).hexdigest()


def verify_notification():
    body = json.dumps({"public_id": pick(TEXTS), "version": RANDOM.randrange(10**9)}, ensure_ascii=chance(2))
    call = {"call": "verify_notification", "body": body, **settings()}
    valid_for = pick([None, 0, 1, 60, 7200, 100000])
    if valid_for is not None:
        call["valid_for"] = valid_for
    age = pick([0, 1, 2, 59, 60, 61, 7199, 7200, 7201, 99999, 10**9, -1, -60, -299, -300])
    timestamp = NOW - age
    if chance(6):
        timestamp += 0.5
    call["timestamp"] = pick([timestamp, str(timestamp)]) if isinstance(timestamp, int) else timestamp
    call["now"] = NOW
    signature = digest(f"{body}{timestamp}abcd", call.get("algorithm"))
    call["signature"] = changed(signature) if chance(4) else signature
    if chance(8):
        call["body"] = body + " "
    if chance(12):
        call["timestamp"] = NOW - age + 1
    return call


def verify_response():
    public_id, version = pick(TEXTS[:-1]), pick([1, 1234, 1700000000, "1", "1417727468"])
    call = {"call": "verify_response", "public_id": public_id, "version": version, **settings()}
    signature = digest(f"public_id={public_id}&version={version}abcd", call.get("algorithm"))
    if chance(3):
        signature = changed(signature)
    if chance(8):
        call["version"] = pick([2, 12345, "2"])
    if chance(20):
        call["version"], signature = None, None
    call["signature"] = signature
    return call


def texts():
    return pick([pick(TEXTS), [pick(TEXTS) for _ in range(RANDOM.randrange(4))], None])


def transformation():
    return pick([
        "w_100,h_100,c_fill", "e_sepia/a_90", {"width": 0.5}, {"width": 100, "crop": "fit", "format": "jpg"},
        {"angle": 90, "format": ""}, {"effect": "sepia", "quality": "auto"},
    ])


def archive_options():
    options = {}
    for name in ["prefixes", "public_ids", "fully_qualified_public_ids", "tags", "target_tags"]:
        if chance(3):
            options[name] = texts()
    for name in ["allow_missing", "async", "flatten_folders", "flatten_transformations", "keep_derived",
                 "skip_transformation_name", "use_original_filename"]:
        if chance(5):
            options[name] = pick([True, False, 1, None])
    for name, values in {
        "expires_at": [NOW + 60, str(NOW + 60)], "target_format": ["zip", "tgz", "rar"], "target_public_id": TEXTS,
        "target_asset_folder": TEXTS, "notification_url": TEXTS, "type": ["upload", "private", "authenticated"],
        "resource_type": ["image", "video", "raw", "all", "auto"], "mode": ["create", "download"],
        "unknown": TEXTS,
    }.items():
        if chance(4):
            options[name] = pick(values)
    if chance(3):
        options["transformations"] = pick([transformation(), [transformation() for _ in range(RANDOM.randrange(4))]])
    return options


def download_url():
    kind = pick(["private", "archive", "archive", "folder", "backup"])
    options = {"timestamp": pick([NOW, NOW, str(NOW)])}
    if kind == "private":
        options["public_id"] = pick(TEXTS[:-1])
        options["format"] = pick(["jpg", "mp4", "", None])
        for name, values in {
            "type": ["upload", "private", "authenticated"], "attachment": ["file name.jpg", "é&=", "true", ""],
            "expires_at": [NOW + 60, str(NOW + 60)], "resource_type": ["image", "video", "raw"],
        }.items():
            if chance(2):
                options[name] = pick(values)
    elif kind == "backup":
        options["asset_id"], options["version_id"] = pick(TEXTS[:-1]), pick(TEXTS[:-1])
    else:
        options.update(archive_options())
        if kind == "folder":
            options["folder_path"] = pick(["folder/", "a b/c", "é/&="])
    if chance(4):
        options["signature_algorithm"] = pick(["sha1", "sha256"])
    call = {"call": "download_url", "kind": kind, "options": options}
    if chance(4):
        call["algorithm"] = "sha256"
    return call


def answer(call):
    cloudinary.reset_config()
    cloudinary.config(cloud_name="demo", api_key="key", api_secret="abcd")
    algorithm = call.get("algorithm") or "sha1"
    cloudinary.config().signature_algorithm = algorithm
    name = call["call"]
    if name == "sign_parameters":
        return utils.api_sign_request(call["parameters"], "abcd", algorithm, call.get("signature_version", 2))
    if name == "verify_notification":
        with mock.patch("time.time", return_value=call["now"]):
            arguments = [call["body"], call["timestamp"], call["signature"]]
            verified = utils.verify_notification_signature(*arguments, call.get("valid_for", 7200))
        return str(verified).lower()
    if name == "verify_response":
        verified = utils.verify_api_response_signature(call["public_id"], call["version"], call["signature"])
        return str(verified).lower()
    options = json.loads(json.dumps(call["options"]))
    if call["kind"] == "private":
        with mock.patch("cloudinary.utils.now", return_value=options.pop("timestamp")):
            return utils.private_download_url(options.pop("public_id"), options.pop("format"), **options)
    if call["kind"] == "archive":
        return utils.download_archive_url(**options)
    if call["kind"] == "folder":
        return utils.download_folder(options.pop("folder_path"), **options)
    return utils.download_backedup_asset(options.pop("asset_id"), options.pop("version_id"), **options)


for make, count in [(sign_parameters, 900), (verify_notification, 500), (verify_response, 200), (download_url, 900)]:
    for _ in range(count):
        call = make()
        try:
            print(json.dumps({"input": call, "answer": answer(call)}))
        except (TypeError, ValueError, AttributeError):
            pass
