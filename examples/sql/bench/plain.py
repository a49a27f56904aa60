"""Signs the first images of Parquet files in a loop over the Python SDK.

Usage: plain.py FOLDER ROWS (rate | digest | print)

`rate` prints the size of all URLs and the seconds, without the start of Python.
"""

import sys
import time
from pathlib import Path

import pyarrow.parquet as parquet

import signing


def images(folder, rows):
    for path in sorted(Path(folder).glob("*.parquet")):
        file = parquet.ParquetFile(path)
        columns = ["public_id", "version", "extension"]
        for batch in file.iter_batches(batch_size=8192, columns=columns):
            batch = batch.slice(0, rows)
            rows -= batch.num_rows
            yield from zip(*(column.to_pylist() for column in batch.columns))
            if rows == 0:
                return


def main():
    folder, rows, what = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    if what == "print":
        for image in images(folder, rows):
            print(signing.url(*image))
    elif what == "digest":
        digest = signing.Digest()
        for image in images(folder, rows):
            digest.update(signing.url(*image))
        print(digest)
    else:
        started = time.perf_counter()
        size = sum(len(signing.url(*image)) for image in images(folder, rows))
        print(size, time.perf_counter() - started)


main()
