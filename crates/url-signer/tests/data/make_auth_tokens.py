"""Prints access tokens, one JSON object a line, as the provider's SDK for
Python makes them. Given a file of such objects, it makes their tokens anew;
given none, it makes further cases:

    pip install cloudinary==1.46.0
    python3 make_auth_tokens.py auth_token.jsonl | diff auth_token.jsonl -
    python3 make_auth_tokens.py > auth_token_more.jsonl

`now` is the time of day, which the SDK otherwise reads from the clock. Made
with Python 3.11.7.
"""

import json
import random
import sys
from unittest import mock

from cloudinary import auth_token

KEY = "00112233FF99"
ASCII = [chr(code) for code in range(0x20, 0x7F)]
OTHER = ["é", "e\u0301", "ß", "日本", "😀", "\u00a0", "\u2028", "\u0085", "\n", "\t", "\x7f"]


def further():
    # Every visible character alone, and what is not ASCII.
    for text in ASCII + OTHER:
        yield {"key": KEY, "url": f"/a{text}b", "expiration": 1700003600}
        if text.isprintable() and text != "!":
            yield {"key": KEY, "acl": f"/a{text}b", "expiration": 1700003600}
    # What looks escaped already.
    for text in ["%2f", "%2F", "%", "%%", "%zz", "%25", "%C3%A9", "%c3%a9", "%21"]:
        yield {"key": KEY, "url": f"/{text}", "expiration": 1700003600}
        yield {"key": KEY, "acl": f"/{text}*", "expiration": 1700003600}
    # Keys about as long as a block of the digest, and longer.
    for size in [1, 31, 32, 33, 63, 64, 65, 127, 128, 200]:
        key = bytes(range(256))[-size:].hex()
        yield {"key": key, "url": "/image/a.jpg", "expiration": 1700003600}
        yield {"key": key.upper(), "acl": "/image/*", "expiration": 1700003600}
    # Texts about as long as a block, and longer.
    for size in [1, 30, 31, 32, 33, 34, 60, 64, 128, 1000]:
        yield {"key": KEY, "url": "/" * size, "expiration": 1700003600}
        yield {"key": KEY, "acl": "a" * size, "expiration": 1700003600}
    # A duration from the time of day, which sets no start.
    for now in [0, 1, 1700000000, 4102444800]:
        for duration in [1, 300, 31536000]:
            yield {"key": KEY, "acl": "/*", "duration": duration, "now": now}
            yield {"key": KEY, "url": "/a", "duration": duration, "now": now, "ip": "::1"}
    # Times at the edges of what fits.
    for expiration in [0, -1, 2**31, 2**32, 2**63 - 1, -(2**63)]:
        yield {"key": KEY, "acl": "/*", "expiration": expiration}
    yield {"key": KEY, "acl": "/*", "start_time": -(2**63), "expiration": 2**63 - 1}
    yield {"key": KEY, "acl": "/*", "start_time": -5, "duration": 5}
    # Addresses as they are written.
    for ip in ["0.0.0.0", "255.255.255.255", "::", "2001:DB8::1", "::ffff:1.2.3.4", "fe80:0:0:0:0:0:0:1"]:
        yield {"key": KEY, "acl": "/*", "expiration": 1700003600, "ip": ip}
        yield {"key": KEY, "url": "/a", "expiration": 1700003600, "ip": ip, "token_name": "a-b.c_D9"}
    # A seeded mixture.
    dice = random.Random(42)
    for _ in range(200):
        def text():
            return "/" + "".join(dice.choices(ASCII + OTHER[:6] + ["*"] * 9, k=dice.randint(0, 20))).replace("!", "")
        case = {"key": dice.randbytes(dice.randint(1, 40)).hex()}
        case |= dice.choice([{"url": text()}, {"acl": text()}, {"acl": [text(), text()]}])
        start = dice.randint(0, 2000000000)
        case |= dice.choice([{}, {"start_time": start}])
        case |= {"expiration": start + dice.randint(1, 100000)}
        case |= dice.choice([{}, {}, {"ip": "198.51.100.7"}, {"ip": "2001:db8::ff"}])
        yield case


def given(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["input"]


for case in given(sys.argv[1]) if len(sys.argv) > 1 else further():
    options = dict(case)
    with mock.patch("time.time", return_value=options.pop("now", None)):
        token = auth_token.generate(**options)
    print(json.dumps({"input": case, "token": token}, ensure_ascii=False, separators=(",", ":")))
