"""Authorizes requests: with an access token, or as a webhook of the storage provider.

Environment:
  IMAGE_HOST        the URL of the running host
  IMAGE_SYNC_TOKEN  an access token
  API_SECRET        the API secret of the host
"""

import hashlib
import os
import time
from urllib.parse import urlsplit, urlunsplit

import requests
import schemathesis

HOST = os.environ["IMAGE_HOST"]
TOKEN = f'Token token="{os.environ["IMAGE_SYNC_TOKEN"]}"'
SECRET = os.environ["API_SECRET"].encode()

form = requests.get(
    f"{HOST}/api/v1/native_upload", headers={"Authorization": TOKEN}, timeout=10
)
WEBHOOK = urlsplit(form.json()["params"]["notification_url"])


class Credentials(requests.auth.AuthBase):
    def __call__(self, request):
        url = urlsplit(request.url)
        if url.path == WEBHOOK.path:
            body = request.body or b""
            body = body.encode() if isinstance(body, str) else body
            timestamp = str(int(time.time()))
            signature = hashlib.sha1(body + timestamp.encode() + SECRET).hexdigest()
            request.headers["X-Cld-Timestamp"] = timestamp
            request.headers["X-Cld-Signature"] = signature
            request.url = urlunsplit(url._replace(query=WEBHOOK.query))
        elif url.path.startswith("/api/"):
            request.headers["Authorization"] = TOKEN
        return request


schemathesis.auth.set_from_requests(Credentials())
