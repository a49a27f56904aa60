"""Prints further delivery vectors, one JSON object a line, as the provider's SDK
for Python gives their URLs; `make_delivery.js` says how to part those on which
the SDK for Node agrees from the others:

    python3 -m venv venv && venv/bin/pip install cloudinary==1.46.0
    venv/bin/python make_delivery_more.py > all.jsonl

What depends on chance is drawn with a fixed seed. Made with Python 3.11.
"""

import copy
import itertools
import json
import random
from unittest import mock

from cloudinary.utils import cloudinary_url, generate_transformation_string, patch_fetch_format

RANDOM = random.Random(20240607)
KEY = "00112233FF99"

HOSTS = {
    "secure": [True, False],
    "private_cdn": [None, True],
    "secure_distribution": [None, "res.cloudinary.com", "x-res.cloudinary.com",
                            "images.example.com", "cloudinary-a.akamaihd.net"],
    "cname": [None, "img.example.org"],
    "cdn_subdomain": [None, True],
    "secure_cdn_subdomain": [None, True, False],
}
LAYOUTS = [
    {}, {"url_suffix": "seo-name"}, {"shorten": True}, {"use_root_path": True},
    {"url_suffix": "seo-name", "shorten": True}, {"url_suffix": "seo-name", "use_root_path": True},
    {"shorten": True, "use_root_path": True}, {"url_suffix": "a_b", "resource_type": "raw"},
    {"shorten": True, "resource_type": "video"}, {"shorten": True, "type": "private"},
]
FORMS = [{}, {"signature_algorithm": "sha1"}, {"signature_algorithm": "sha256"},
         {"long_url_signature": True}, {"long_url_signature": False},
         {"long_url_signature": True, "signature_algorithm": "sha1"},
         {"long_url_signature": True, "signature_algorithm": "sha256"},
         {"long_url_signature": False, "signature_algorithm": "sha256"}]
ACCOUNTS = [("demo", "abcd"), ("my-cloud", "x" * 65), ("a_b2", "ünï/cöde+=")]
SUFFIXES = ["-", "_", "0", "~", "a~b", "a,b", "a;b", "a:b", "a=b&c", "a+b", "(x)", "it's!", "@me", "$1*", "UP"]

IDS = [
    # Escapes, whole and broken, once and twice.
    "a%2Fb", "a%2fb/c", "%C3%A9", "%c3%a9", "a%", "a%%", "a%2", "a%zz", "100%25", "%2520", "%252F",
    "a%3Ab", "a%2Bb", "a+b", "a++b", "+", "a%20b c", "%E6%97%A5本", "%F0%9F%98%80",
    # Other alphabets, what is composed of two, what reads from the right, what is not seen.
    "é", "e\u0301", "日本語/写真", "😀", "👩\u200d👧", "\ufeffa", "a\u00a0b", "a\u2028b", "مرحبا/صورة", "ẞ", "\U0010ffff",
    # Control characters.
    "tab\there", "a\nb", "\r", "\x01", "a\x1fb", "a\x7fb", "a\x85b", "a%00b", "%09",
    # Slashes and colons.
    "a//b", "a///b", "a////b//c", "a:b", "a:/b", "a://b", "a:///b", "a:////b//c", ":a", "a:", "::", "a/:b", "a:b//c",
    "s3://bucket/a", "ftp://host/a.png", "data:a", "file:///a",
    # Dots.
    "a.b", ".a", "a.", "...", "a..b", "a/.b/c", "a/...", "a.jpg", "a.tar.gz", ".jpg",
    # What looks like a version, and what does not.
    "v1", "v12", "v1/a", "v12/a", "v1x/a", "v/a", "vx1/a", "V1/a", "a/v1", "a/v1/b", "v1.2/a", "v1a", "v%31/a",
    "v01/a", "v1234567890123456789012/a", "ve/1",
    # What looks like a URL, and is none.
    "http", "https", "httpa", "http/a", "https/a/b", "http-a/b", "httpx://a", "xhttp://a/b", "a/http://b", "ht/tp:a",
    # What looks like another part.
    "image", "upload", "image/upload", "image/upload/a", "image/upload/v12/a", "raw/private/v1/a/b", "video/upload/v1/a",
    "iu", "iu/a", "images", "s--abcdefgh--", "s--abcdefgh--/a", "w_100/a", "c_fill,w_1/a", "demo/a", "res/a", "fetch",
    # Each sign.
    *(f"a{sign}b" for sign in " !\"#$&'()*,-;<=>?@[\\]^_`{|}~"),
    "0", "00", "1", "-", "_", "a" * 200, "a/" * 30 + "b", "A b/C d", "a b.c", "?", "#", "a?b=c#d", "é/ü ö.jpg",
]
URLS = [
    "http://a", "https://a/", "http://a.b/c", "https://example.com", "https://example.com/",
    "https://example.com:8443/a.jpg", "http://example.com:80/a", "https://user@example.com/a", "https://user:pw@example.com:1/a",
    "https://example.com/a?", "https://example.com/a?b", "https://example.com/a?b=c&d=e", "https://example.com/?a=b/c//d",
    "https://example.com/a?u=http://b//c", "https://example.com/a?u=https%3A%2F%2Fb%2Fc", "https://example.com/a#b",
    "https://example.com/a#b/c//d", "https://example.com/a?b#c", "https://example.com#", "https://example.com/a%20b",
    "https://example.com/a%2fb", "https://example.com/%25", "https://example.com/%", "https://example.com/%zz",
    "https://example.com/a b", "https://example.com/a+b", "https://example.com//a", "https://example.com/a//b///c",
    "https://example.com/a//", "http:///a", "https:////a", "http:/a", "https:/a//b", "http://a://b", "https://[::1]/a", "https://[::1]:8080/",
    "https://example.com/a,b;c=d", "https://example.com/~a/(b)!'*", "https://example.com/a|b", "https://example.com/a\\b",
    "https://example.com/a^b`{c}", "https://example.com/\"a\"<b>", "https://example.com/@a/$b", "https://example.com/a:b",
    "https://example.com/v1/a", "https://example.com/v12", "https://example.com/image/upload/v1/a.jpg",
    "https://res.cloudinary.com/demo/image/upload/s--abcdefgh--/v1/a.jpg", "https://example.com/a.tar.gz", "https://example.com/.a",
    "https://example.com/é", "https://example.com/日本?語#😀", "https://bücher.example/a", "https://example.com/a\tb",
    "https://EXAMPLE.com/A", "https://example.com/" + "a/" * 40, "https://example.com/a?" + "b=c&" * 20,
]
STEPS = [
    "a_1//b_2", "a_1///b_2", "a_1////b_2//c_3", "l_fetch:http://a//b", "l_x:/b//c", "a_:b/c", "a:///b_1",
    "l_text:Arial_20:50%25", "l_text:Arial_20:a%252Cb%252Fc", "l_text:Arial_20:a%2520b", "e_%", "e_%zz", "%20", "a%2Fb", "%C3%A9",
    "if_a^b_pow_2,w_1", "^", "w_iw_pow_2^3", "e_gen_fill;prompt_(a)", ";", "a;b;c", "pg_1-3;5", "$x_!a;b!", "$x_1,$y_$x_mul_2/w_$y",
    "!", "*", "(a)", "[b]", "'", "a&b=c", "a=b", "a+b", "@", "~", ":", ",", ",,", "w_1,,h_2", "w_1,", ",w_1", "-", "_", "a.b.c",
    "v", "v_1", "vx", "va_1", "v1a", "w_1/v1a/h_2", "t_v1", "s--abcdefgh--", "fl_attachment:a.b", "s--x--/w_1", "image/upload", "iu",
    "w_1/w_2/w_3/w_4/w_5/w_6", "x" * 300, "f_auto,q_auto/dpr_auto", "c_fill,g_auto:face,h_100,w_100", "so_1.5p,eo_10", "ar_16:9",
]


def step():
    pieces = ["w_1", "h_%20", "c_fit", "e_a:b", "//", "/", "/", ",", ",", "^", ";", "$a", "!b!", ":", "%2F", "~", "'", "(", ")"]
    text = "".join(RANDOM.choice(pieces) for _ in range(RANDOM.randint(1, 8)))
    return "w_1" + text + "h_2"


def hosts():
    for values in itertools.product(*HOSTS.values()):
        yield {name: value for name, value in zip(HOSTS, values) if value is not None}


def signing():
    return RANDOM.choice([{}, {"sign_url": True, **RANDOM.choice(FORMS)}])


def token():
    options = {"key": RANDOM.choice([KEY, "0a", "ab" * 64])}
    options |= RANDOM.choice([{}, {"ip": "198.51.100.7"}, {"ip": "2001:db8::1"}])
    start = RANDOM.randint(0, 2000000000)
    options |= RANDOM.choice([{"start_time": start, "duration": 300}, {"expiration": start},
                              {"start_time": start, "expiration": start + 1}])
    options |= RANDOM.choice([{}, {}, {"acl": "/*"}, {"acl": "/image/authenticated/*"}, {"acl": "/a b/~é!c"},
                              {"acl": ["/image/*", "/video/*"]}, {"acl": ["/a,b"]}])
    return options | RANDOM.choice([{}, {}, {"token_name": "my_token"}])


def cases():
    secure = {"secure": True}
    signed = {"secure": True, "sign_url": True}
    # Each host with a few of the layouts, so that all pairs of options meet.
    for index, host in enumerate(hosts()):
        for turn in range(3):
            layout = LAYOUTS[(index + turn * 3) % len(LAYOUTS)]
            version = RANDOM.choice([{}, {"version": 12}])
            yield "hosts", RANDOM.choice(["a", "sample.jpg", "dir/b", "x y"]), host | layout | version | signing(), ""
    # Each shard.
    sharded = [host for host in hosts() if host.get("cdn_subdomain") or host.get("secure_cdn_subdomain")]
    for index in range(150):
        options = RANDOM.choice(sharded) | RANDOM.choice(LAYOUTS[:6]) | RANDOM.choice([{}, {"format": "png"}])
        yield "shards", RANDOM.choice([f"s{index}", f"dir/{index}", f"é {index}"]), options, ""
    # Public ids.
    for id in IDS:
        yield "ids", id, secure, ""
        yield "ids", id, signed | RANDOM.choice(FORMS), "w_1"
        yield "ids", id, {"secure": True, "format": "jpg", "cdn_subdomain": True} | signing(), ""
        yield "ids", id, {"secure": True, "resource_type": "raw", "url_suffix": "s", "sign_url": True}, ""
    # Versions, and that there is one by itself.
    for version in [1, 12, 1234567890, 9007199254740991, "1", "1234567890", "18446744073709551615", "0"]:
        for id in ["a", "dir/a", "v1/a"]:
            yield "versions", id, {"version": version} | signed, ""
    for id in ["a", "dir/a", "v1/a", "v12", "http/a", "a%2Fb", "v%31/a", "a:b/c"]:
        for force in [True, False]:
            yield "versions", id, {"force_version": force} | signed, "w_1"
            yield "versions", id, {"force_version": force, "version": 3, "format": "a"} | secure, ""
            yield "versions", id, {"force_version": force, "url_suffix": "a", "use_root_path": True} | secure, ""
    # What is fetched.
    for url in URLS:
        for options in [{"sign_url": True}, {"format": "png"}, {"format": "auto", "sign_url": True, "version": 7},
                        {"cdn_subdomain": True, "long_url_signature": True, "sign_url": True}]:
            options = options | {"type": "fetch", "secure": RANDOM.random() < 0.8}
            yield "fetch", url, options, RANDOM.choice(["", "", "w_1,h_2", "c_fit,w_9/a_90"])
        kind = RANDOM.choice(["private", "authenticated", "facebook", "youtube", "sprite", "url2png"])
        yield "sources", url, {"type": kind, "secure": True} | RANDOM.choice([{}, {"format": "jpg"}]) | signing(), ""
        yield "sources", url, {"resource_type": "video", "type": kind, "version": 5} | signed, "w_1"
    yield "sources", "plain/no url", {"type": "fetch", "format": "png"} | signed, ""
    # Transformations as they are.
    for text in STEPS + [step() for _ in range(100)]:
        yield "transformations", RANDOM.choice(["a", "dir/a"]), signed | RANDOM.choice(FORMS), text
    for text in STEPS:
        yield "transformations", "dir/é", {"secure": True, "version": 2} | signing(), text
    # Forms of signatures, accounts, types.
    for (name, secret), form in itertools.product(ACCOUNTS, FORMS):
        for kind in ["upload", "private", "authenticated", "facebook", "list", "a_1"]:
            options = {"cloud_name": name, "api_secret": secret, "type": kind, "secure": True, "sign_url": True} | form
            yield "signatures", RANDOM.choice(["a", "dir/a b"]), options | RANDOM.choice([{}, {"private_cdn": True}]), "w_1"
    for kind in ["upload", "private", "authenticated", "facebook", "multi"]:
        for resource in ["image", "video", "raw"]:
            yield "types", "a/b.c", {"resource_type": resource, "type": kind, "format": "mp4"} | signed, ""
    for suffix in SUFFIXES:
        yield "suffixes", "a/b", {"url_suffix": suffix, "format": "jpg", "cdn_subdomain": True} | signed, ""
    # Tokens.
    for index in range(200):
        options = {"type": "authenticated", "sign_url": True, "auth_token": token()}
        options |= RANDOM.choice([{"secure": True}, {"secure": False, "cname": "img.example.org"},
                                  {"secure": True, "private_cdn": True}, {"secure": True, "cdn_subdomain": True}])
        options |= RANDOM.choice([{}, {"version": 3}, {"type": "upload", "url_suffix": "a"}, {"type": "upload", "use_root_path": True}])
        if index % 5 == 0:
            options["auth_token"]["set_url_signature"] = RANDOM.choice([True, True, False])
            options |= RANDOM.choice(FORMS)
        yield "tokens", RANDOM.choice(["a", "dir/a b", "é,;&", "x=y?z"]), options, RANDOM.choice(["", "w_1", "e_a;b,(c)"])
    yield "tokens", "a", signed | {"auth_token": False}, ""
    yield "tokens", "a", signed | {"auth_token": {}}, ""
    # A mixture.
    for _ in range(400):
        options = RANDOM.choice(sharded + list(hosts())) | RANDOM.choice(LAYOUTS) | signing()
        options |= RANDOM.choice([{}, {"version": 99}, {"format": "webp"}, {"force_version": False}])
        id = "".join(RANDOM.choices([*"abcXYZ019_-.:+,é日😀 =&//", "%20", "%C3%A9"], k=RANDOM.randint(1, 20))).strip("/.")
        yield "mixture", id or "a", options, RANDOM.choice(["", "", step(), "c_fill,w_100"])


def leads_elsewhere(public_id):
    """Whether it has a segment that clients resolve away, which the SDK lets stand."""
    return {".", ".."} & set(public_id.split("/"))


def main():
    seen = set()
    for category, public_id, options, text in cases():
        options = {"cloud_name": "demo", "api_secret": "abcd"} | options
        if leads_elsewhere(public_id):
            continue
        # The SDK changes what it is given.
        asked = copy.deepcopy(options)
        if text:
            asked["raw_transformation"] = text
        final = copy.deepcopy(asked)
        patch_fetch_format(final)
        vector = {"category": category, "public_id": public_id, "options": options,
                  "transformation": generate_transformation_string(**final)[0]}
        with mock.patch("time.time", side_effect=AssertionError("it reads the clock")):
            vector["url"] = cloudinary_url(public_id, **asked)[0]
        line = json.dumps(vector, ensure_ascii=False, separators=(",", ":"))
        if line not in seen:
            seen.add(line)
            print(line)


main()
