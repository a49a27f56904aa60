"""Prints signed thumbnail paths and proxy URLs, one JSON object a line, by the
rules of the protocol and nothing but Python's standard library:

    python3 make_hmac.py > hmac.jsonl

Made with Python 3.11.7.
"""

import hashlib
import hmac
import json


def digits(key, message, width):
    return hmac.new(key.encode(), message.encode(), hashlib.sha256).hexdigest()[:width]


IDS = [
    "14364f29-c30d-4bbb-992c-19e6031244f7",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
]
KEYS = ["k", "thumbnail key", "é" * 32, "b" * 63, "c" * 64, "d" * 65, "e" * 200]
NAMES = ["mini", "thumbnail", "full", "original"]
HOSTS = [
    ("sharinpix-proxy-dev.herokuapp.com", "localhost"),
    ("proxy.example.org:8443", "127.0.0.1:3000"),
]

for index, key in enumerate(KEYS):
    for id in IDS:
        for name in NAMES:
            for path_width, proxy_width in [(11, 7), (7, 64), (64, 11)]:
                proxy_key = KEYS[-1 - index]
                proxy_host, app_host = HOSTS[index % 2]
                signature = digits(key, f"images/{id}/thumbnails/{name}", path_width)
                path = f"/images/{id}/thumbnails/{name}-{signature}.jpg"
                target = app_host + path
                s = digits(proxy_key, target, proxy_width)
                print(json.dumps({
                    "thumbnail_key": key,
                    "proxy_key": proxy_key,
                    "id": id,
                    "name": name,
                    "path_width": path_width,
                    "proxy_width": proxy_width,
                    "proxy_host": proxy_host,
                    "app_host": app_host,
                    "path": path,
                    "url": f"https://{proxy_host}/super-image.png?s={s}&url={target}",
                }, ensure_ascii=False))
