"""Delivery URLs of the Python SDK of Cloudinary."""

import hashlib

from cloudinary.utils import cloudinary_url

TRANSFORMATION = "c_fill,h_300,w_400"
DIGITS = str.maketrans("abcdef", "678901")


def url(public_id, version, extension):
    return cloudinary_url(
        public_id,
        raw_transformation=TRANSFORMATION,
        version=version,
        format=extension,
        type="authenticated",
        sign_url=True,
        secure=True,
    )[0]


class Digest:
    """The digest of `DIGEST` in compare.py."""

    def __init__(self):
        self.urls = self.total = self.parity = 0

    def update(self, text):
        digits = hashlib.md5(text.encode()).hexdigest().translate(DIGITS)
        self.urls += 1
        self.total += int(digits[:9])
        self.parity ^= int(digits[9:27])

    def __str__(self):
        return f"{self.urls},{self.total},{self.parity}"
