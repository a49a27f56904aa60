"""Prints search URLs of the SDK for Python (1.46.0), one JSON object a line:

    venv/bin/python make_search_urls.py > python.jsonl
    node make_search_urls.js python.jsonl > search_urls.jsonl

`query` is the query in the SDK's names, `url` the URL.
"""

import json
import random

import cloudinary
from cloudinary.search import Search

RANDOM = random.Random(16)

CONFIGURATIONS = [
    {},
    {"secure": False},
    {"private_cdn": True},
    {"private_cdn": True, "secure": False},
    {"cdn_subdomain": True},
    {"cdn_subdomain": True, "secure": False},
    {"cdn_subdomain": True, "secure_cdn_subdomain": False},
    {"private_cdn": True, "cdn_subdomain": True},
    {"private_cdn": True, "cdn_subdomain": True, "secure": False},
    {"private_cdn": True, "cdn_subdomain": True, "secure_cdn_subdomain": True},
    {"cname": "img.example.org", "secure": False},
    {"cname": "img.example.org", "cdn_subdomain": True, "secure": False},
    {"cname": "img.example.org", "private_cdn": True, "secure": False},
    {"cname": "img.example.org"},
    {"secure_distribution": "img.example.org"},
    {"secure_distribution": "img.example.org", "private_cdn": True},
    {"secure_distribution": "img.example.org", "private_cdn": True, "secure_cdn_subdomain": True},
    {"secure_distribution": "my-res.cloudinary.com", "private_cdn": True, "secure_cdn_subdomain": True},
]

EXPRESSIONS = [
    "tags=kitten",
    "resource_type:image AND tags=kitten AND uploaded_at>1d AND bytes>1m",
    'folder:"a/b c" AND -format:(jpg OR png)',
    "public_id:a?b??",
    "tags:~~~ >>> ???",
    "context.caption=\"say \\\"hi\\\"\"",
    "line\nbreak\ttab\r\b\f\x01\x1f\x7f",
    "tags=é",
    "tags=ÿ",
    "tags=日本",
    "tags=😀",
    "</script>&'",
    "\u2028\u2029",
    "",
]

FIELDS = ["public_id", "created_at", "tags", "context", "metadata", "a b", "größe", "score"]

AGGREGATES = [
    "format",
    "resource_type",
    {"type": "bytes", "ranges": [{"key": "tiny", "to": 500}, {"key": "big", "from": 501}]},
    {"type": "duration", "ranges": [{"from": 1, "key": "long"}]},
]


def some(values, most):
    """Returns up to `most` values, which may repeat."""
    return [RANDOM.choice(values) for _ in range(RANDOM.randrange(most + 1))]


def query():
    query = {}
    if RANDOM.randrange(10):
        query["expression"] = RANDOM.choice(EXPRESSIONS[:-1])
    query["sort_by"] = [[field, RANDOM.choice(["asc", "desc"])] for field in some(FIELDS, 3)]
    query["aggregate"] = some(AGGREGATES, 2)
    query["with_field"] = some(FIELDS, 3)
    query["fields"] = some(FIELDS, 3)
    if RANDOM.randrange(2):
        query["max_results"] = RANDOM.choice([1, 10, 30, 500])
    if RANDOM.randrange(2):
        query["ttl"] = RANDOM.choice([1, 60, 300, 1000, 86400])
    if RANDOM.randrange(3) == 0:
        query["next_cursor"] = RANDOM.choice(["8c452e112d4c88ac7c9ffb3a2a41c41bef24", "a-b_c.d~e", "1"])
    return query


def url(configuration, query):
    cloudinary.reset_config()
    cloudinary.config(**{"cloud_name": "demo", "api_key": "key", "api_secret": "abcd", "secure": True, **configuration})
    search = Search()
    if "expression" in query:
        search.expression(query["expression"])
    for field, direction in query["sort_by"]:
        search.sort_by(field, direction)
    for name in ["aggregate", "with_field", "fields"]:
        for value in query[name]:
            getattr(search, name)(value)
    if "max_results" in query:
        search.max_results(query["max_results"])
    if "ttl" in query:
        search.ttl(query["ttl"])
    if "next_cursor" in query:
        search.next_cursor(query["next_cursor"])
    return search.to_url()


empty = {"sort_by": [], "aggregate": [], "with_field": [], "fields": []}
cases = [(configuration, {**empty, "expression": EXPRESSIONS[0]}) for configuration in CONFIGURATIONS]
cases += [({}, {**empty, "expression": expression}) for expression in EXPRESSIONS[:-1]]
cases += [({}, empty)]
cases += [(RANDOM.choice(CONFIGURATIONS), query()) for _ in range(300)]
for configuration, each in cases:
    print(json.dumps({"config": configuration, "query": each, "url": url(configuration, each)}))
