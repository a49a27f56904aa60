"""Prints vectors of the texts that the provider's SDKs for PHP, Go, Ruby and .NET sign.

    python3 make_signed_text.py --raw delivery_percent_signed.jsonl | diff delivery_raw_signed.jsonl -
    python3 make_signed_text.py --suites DIRECTORY | diff signed_text_suites.jsonl -

`--raw` applies the rules of the SDKs for PHP (3.1) and .NET (1.27), which are in no package
index, to the signed cases of a file, with nothing but `hashlib`. The rules were read from their sources:

- PHP, and Go in the same way, sign the transformation as printed and the public id as
  given, with the extension: `url_signed_raw`.
- .NET signs an ASCII public id without `%` as printed, and every other one decoded:
  `url_signed_dotnet`. A URL to fetch from is signed as printed.

It leaves out public ids that these SDKs print differently: those with runs of `/` or with
`~`; those that are partly percent-encoded; for PHP those with both an extension and a
`format`; for .NET those with `%`, and URLs with other than ASCII characters.

`--suites` selects the signed URLs with percent-encoding from recordings of the SDKs' own
test suites, which passed, and fails if a rule does not give the recorded signature.
"""

import base64
import hashlib
import json
import re
import sys
from urllib.parse import quote, unquote

SIGNED = re.compile(r"/s--([A-Za-z0-9_-]{32}|[A-Za-z0-9_-]{8})--/(.*)$")


def signature(text, options):
    long = options.get("long_url_signature")
    sha256 = long or options.get("signature_algorithm") == "sha256"
    digest = (hashlib.sha256 if sha256 else hashlib.sha1)((text + options["api_secret"]).encode())
    return base64.urlsafe_b64encode(digest.digest()).decode()[: 32 if long else 8]


def source_dotnet(public_id):
    if re.match("https?:/", public_id, re.I) or public_id.isascii() and "%" not in public_id:
        return quote(unquote(public_id), safe="/:")
    return unquote(public_id)


def signed(case, source, url):
    options = case["options"]
    extension = options.get("format") if options.get("type") != "fetch" else None
    if extension:
        source += "." + extension
    transformation = re.sub(r"([^:])/+", r"\1/", case["transformation"])
    text = "/".join(filter(None, [transformation, source]))
    new = f"/s--{signature(text, options)}--/"
    return re.sub(r"/s--.{8}(.{24})?--/", lambda _: new, url, count=1)


def raw(file):
    for line in open(file):
        case = json.loads(line)
        url = case.pop("url_signed_escaped")
        del case["url_signed_decoded"]
        public_id = case["public_id"]
        if "/s--" not in url or "//" in public_id.replace("://", "") or "~" in public_id:
            continue
        has_format = case["options"].get("format") and case["options"].get("type") != "fetch"
        has_extension = re.search(r"[^/]\.[^./]{1,5}$", public_id)
        is_given_encoded = quote(unquote(public_id), safe="/:") == public_id
        if not (has_format and has_extension) and (unquote(public_id) == public_id or is_given_encoded):
            case["url_signed_raw"] = signed(case, public_id, url)
        is_url = public_id.startswith("http")
        if "%" not in public_id and (public_id.isascii() or not is_url):
            case["url_signed_dotnet"] = signed(case, source_dotnet(public_id), url)
        if "url_signed_raw" in case or "url_signed_dotnet" in case:
            print(json.dumps(case, ensure_ascii=False, separators=(",", ":")))


def decoded(text):
    while unquote(text) != text:
        text = unquote(text)
    return text


def suites(directory):
    for sdk in ["dotnet", "go", "php", "ruby"]:
        for line in open(f"{directory}/{sdk}.jsonl"):
            case = json.loads(line)
            found = SIGNED.search(case.get("expected") or "")
            if not found or "%" not in found[2]:
                continue
            path = re.sub(r"(^|/)v\d+/", r"\1", found[2], count=1)
            if sdk == "dotnet":
                # The transformations have no percent-encoding.
                printed = unquote(path)
                text = path if printed.isascii() and "%" not in printed else unquote(printed)
            else:
                text = {"ruby": decoded}[sdk](path)
            assert signature(text, case["options"]) == found[1], case
            print(json.dumps(case, ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    {"--raw": raw, "--suites": suites}[sys.argv[1]](sys.argv[2])
