"""Signs the first images of Parquet files in DuckDB, with the Python SDK as a function.

Usage: duck.py FOLDER ROWS (rate | digest)

`rate` prints the size of all URLs and the seconds, without the start of Python.
"""

import sys
import time

import duckdb
from duckdb.sqltypes import BIGINT, VARCHAR

import signing


def main():
    folder, rows, what = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    connection = duckdb.connect()
    # A Python function runs in one thread.
    connection.create_function("sdk_url", signing.url, [VARCHAR, BIGINT, VARCHAR], VARCHAR)
    urls = f"""
        SELECT sdk_url(public_id, version, extension) AS url
        FROM read_parquet('{folder}/*.parquet') WHERE number < {rows}
    """
    if what == "digest":
        query = f"""
            SELECT count(*) || ',' || sum(CAST(substr(digits, 1, 9) AS BIGINT)) || ',' ||
                bit_xor(CAST(substr(digits, 10, 18) AS BIGINT))
            FROM (SELECT translate(md5(url), 'abcdef', '678901') AS digits FROM ({urls}))
        """
    else:
        query = f"SELECT sum(strlen(url)) FROM ({urls})"
    started = time.perf_counter()
    print(connection.execute(query).fetchall()[0][0], end=" " if what == "rate" else "\n")
    if what == "rate":
        print(time.perf_counter() - started)


main()
