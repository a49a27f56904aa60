"""Prints delivery vectors, one JSON object a line, with their URLs made anew by
the provider's SDK for Python. Where it raises, `error` stands in their place.

    python3 -m venv venv && venv/bin/pip install cloudinary==1.46.0
    venv/bin/python make_delivery.py delivery.jsonl | diff delivery.jsonl -
    venv/bin/python make_delivery.py --decoded delivery_percent_signed.jsonl | diff delivery_percent_signed.jsonl -
    venv/bin/python make_delivery.py --errors errors.jsonl

`--decoded` also makes `url_signed_decoded` anew, which no SDK for Python or Node
signs: with nothing but `hashlib`, the string to sign decoded until it stays the
same. `--errors` prints with which words each is refused, and fails if one is not.

Made with Python 3.11.
"""

import base64
import copy
import hashlib
import json
import re
import sys
from urllib.parse import unquote

from cloudinary import auth_token
from cloudinary.utils import cloudinary_url, finalize_source


def url(case):
    # The SDK changes what it is given.
    options = copy.deepcopy(case["options"])
    # The text is the final one: what these say of it is in it.
    options.pop("responsive_width", None)
    if options.get("type") == "fetch":
        options.pop("format", None)
    if case.get("transformation"):
        options["raw_transformation"] = case["transformation"]
    return cloudinary_url(case["public_id"], **options)[0]


def signed_decoded(case, url):
    options = case["options"]
    _, source = finalize_source(case["public_id"], options.get("format"), options.get("url_suffix"))
    transformation = re.sub(r"([^:])/+", r"\1/", case["transformation"])
    text = "/".join(filter(None, [transformation, source]))
    while unquote(text) != text:
        text = unquote(text)
    long = options.get("long_url_signature")
    sha256 = long or options.get("signature_algorithm") == "sha256"
    digest = (hashlib.sha256 if sha256 else hashlib.sha1)((text + options["api_secret"]).encode()).digest()
    signature = base64.urlsafe_b64encode(digest).decode()[: 32 if long else 8]
    return re.sub(r"/s--.{%d}--/" % len(signature), lambda _: f"/s--{signature}--/", url, count=1)


def anew(case, decoded):
    name = "url" if "url" in case else "url_signed_escaped"
    try:
        case[name] = url(case)
        if decoded:
            case["url_signed_decoded"] = signed_decoded(case, case[name])
    except Exception as error:
        del case[name]
        case["error"] = str(error)
    return case


def refused(case):
    try:
        if case["category"] == "token":
            made = auth_token.generate(**case["input"]["input"])
        else:
            made = url(case["input"])
    except Exception as error:
        return {**case, "error": str(error)}
    sys.exit(f"not refused: {case}: {made}")


def main():
    *modes, path = sys.argv[1:]
    with open(path, encoding="utf-8") as lines:
        for case in map(json.loads, lines):
            case = refused(case) if "--errors" in modes else anew(case, "--decoded" in modes)
            print(json.dumps(case, ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main()
