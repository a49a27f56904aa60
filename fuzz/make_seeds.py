"""Writes seeds for each fuzz target to corpus/<target>, from the test data of
url-signer and the recorded payload:

    python3 fuzz/make_seeds.py

An input consists of numbers with a fixed size and a text. In these seeds, most
numbers are zeros.
"""

import json
import pathlib

HERE = pathlib.Path(__file__).parent
DATA = HERE.parent / "crates/url-signer/tests/data"


def lines(name):
    with open(DATA / name, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def spread(cases, count):
    """Returns about `count` evenly spaced cases."""
    return cases[:: max(1, len(cases) // count)][:count]


def write(target, numbers, texts):
    """Writes each text after the numbers that the input of the target begins with."""
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    for index, text in enumerate(texts):
        # Different numbers, so that the edits differ between seeds.
        prefix = bytes((index * (place + 1)) % 256 if index % 2 else 0 for place in range(numbers))
        (folder / f"seed-{index:02}").write_bytes(prefix + text.encode())


hmac = spread(lines("hmac.jsonl"), 12)
write("thumbnail_path", 26, [case["path"] for case in hmac])
names = [f"{case['name']}\n{format}" for case, format in zip(spread(lines("parameterize.jsonl"), 4), ["jpg", "png", "", "a/b?"])]
write("proxy_url", 28, [case["url"] for case in hmac] + names)


def delivery_text(case):
    options = case["options"]
    return "\n".join([case["public_id"], case["transformation"], options.get("url_suffix", ""), options.get("format", "")])


# Each seed has two URLs: one that is edited and one that provides pieces.
delivery = spread(lines("delivery.jsonl"), 24) + spread(lines("delivery_percent_signed.jsonl"), 16)
texts = [delivery_text(case) for case in delivery]
pairs = [f"{one}\n{other}" for one, other in zip(texts[::2], texts[1::2])]
urls = [case["url"] for case in spread(lines("delivery.jsonl"), 12)]
write("delivery_url", 38, pairs + urls)

tokens = spread(lines("auth_token.jsonl"), 16)
scopes = [case["input"].get("acl") or case["input"].get("url") or "/" for case in tokens]
scopes = ["!".join(scope) if isinstance(scope, list) else scope for scope in scopes]
texts = [f"{one}\n{other}\n{one}" for one, other in zip(scopes[::2], scopes[1::2])]
write("token", 69, texts + [case["token"] for case in tokens[:8]])

transformations = [case["transformation"] for case in spread(lines("transformations.jsonl"), 20)]
texts = ["Hello, $(name)/\n!tag!", "width > 100 && aspect_ratio <= 1.5", "#ff8000\nred", "a b/c.jpg\nArial"]
write("transformation", 8, transformations + texts)

options = [
    "secure=false&cname=img.example.org&cdn_subdomain=true",
    "private_cdn=true&secure_cdn_subdomain=true&shorten=true",
    "signature_algorithm=sha256&long_url_signature=true&sign_version=true",
    "use_root_path=true&force_version=false&secure_distribution=my-res.cloudinary.com",
    "auth_token[key]=00112233FF99&auth_token[duration]=300&auth_token[acl]=/image/*",
    "auth_token[key]=00&auth_token[ip]=1.2.3.4&auth_token[start_time]=1&auth_token[expiration]=9",
]
texts = [f"\n\n{each}" for each in options]
texts += [f"cloudinary://key:abcd@demo/img.example.org?{each}" for each in options[:2]]
texts += ["CLOUDINARY_CLOUD_NAME=demo\n" + each.replace("&", "\n").replace("auth_token[duration]", "CLOUDINARY_AUTH_TOKEN[DURATION]").replace("secure", "CLOUDINARY_SECURE") for each in options]
write("configuration", 12, texts)

api = [case for case in lines("suites/api.jsonl") if case.get("fn") == "verify_notification_signature"]
texts = [f"{case['args'][0]}\n{case['args'][1]}" for case in spread(api, 8) if isinstance(case["args"][0], str)]
polled = [case["args"][0]["signed_payload"] for case in lines("suites/api.jsonl") if case.get("fn") == "verify_notification" and "signed_payload" in case["args"][0]]
write("webhook", 35, texts + [f"1795676029\n{payload}" for payload in polled[:4]] + ["1\n17", "{}0\n01700000000.5"])

searches = spread(lines("search_urls.jsonl"), 24)
expressions = [case["query"].get("expression", "") for case in searches]
cursors = [case["query"].get("next_cursor", "a/b") for case in searches]
texts = [f"{one}\n{other}\ntags\n{cursor}" for one, other, cursor in zip(expressions[::2], expressions[1::2], cursors[::2])]
write("search_url", 36, texts + [case["url"] for case in searches[:4]])

recorded = (HERE.parent / "examples/data/response_body.wire.json").read_text(encoding="utf-8")
required = ["id", "public_id", "infos", "exifs", "created_at", "updated_at", "rotation", "crop_x", "crop_y", "crop_w", "crop_h", "metadatas", "processed"]
short = [json.dumps({key: image[key] for key in required}, separators=(",", ":")) for image in json.loads(recorded)]
lists = [[], short[:1], short[:2], [short[0], "5", "{}"], ['"a\\"]}"', "[[{}]]", "nul"], [short[0].replace("{", '{"x":[[[{}]]],', 1)]]
texts = ["[" + ",".join(images) + "]" for images in lists]
texts += [recorded, "[\n  " + " , ".join(short[:2]) + "\n]\n", "\ufeff[]", '{"error":"a"}', "[] []", "[{]", "[" + short[0][:300], "[1,]"]
write("payload_decoder", 8, texts)
