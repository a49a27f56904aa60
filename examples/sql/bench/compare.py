"""Runs the comparison, and prints rows per second, ratios and peak memory.

Called by `run`. Each measurement is a process of its own; a cluster is a scheduler and
executors with one core each. All measurements sign the same URLs and must give the same
size and digest.
"""

import argparse
import http.client
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ACCOUNT = "cloudinary://key:abcd@demo"
URL = "delivery_url(public_id, 'c_fill,h_300,w_400', version, extension, 'authenticated')"
RATE = f"SELECT sum(octet_length({URL})) AS size FROM images"
# Does not depend on the order of the rows. No function reads hexadecimal digits, so the
# letters are replaced with decimal digits.
DIGEST = f"""
    SELECT count(*) AS urls, sum(CAST(substr(digits, 1, 9) AS BIGINT)) AS total,
        bit_xor(CAST(substr(digits, 10, 18) AS BIGINT)) AS parity
    FROM (SELECT translate(md5({URL}), 'abcdef', '678901') AS digits FROM images)
"""
HERE = Path(__file__).parent


class Programs:
    def __init__(self, folder, images):
        self.folder = folder
        self.images = images
        self.environment = dict(os.environ, CLOUDINARY_URL=ACCOUNT)
        self.environment.pop("RUST_LOG", None)

    def start(self, name, *arguments, **options):
        command = [self.folder / name, *map(str, arguments)]
        return self.spawn(command, **options)

    def spawn(self, command, **options):
        return subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, text=True, **options
        )

    def run(self, command):
        """Returns the output, the seconds and the peak memory of a process."""
        started = time.perf_counter()
        process = self.spawn(command)
        output = process.stdout.read()
        memory = peak(process)
        seconds = time.perf_counter() - started
        if process.returncode != 0:
            sys.exit(f"{command}: exit status {process.returncode}")
        return output, seconds, memory

    def sql(self, query, *arguments):
        table = f"images={self.images}"
        command = [self.folder / "image-sync-sql", "--format", "csv", "--table", table]
        return self.run([*command, "--query", query, *map(str, arguments)])

    def python(self, script, rows, what):
        command = [sys.executable, HERE / script, self.images, str(rows), what]
        return self.run(command)


def peak(process):
    """Waits for a process, and returns the peak of its memory in MiB."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss / 1024


class Cluster:
    def __init__(self, programs, executors):
        self.programs = programs
        quiet = {"stderr": subprocess.DEVNULL}
        arguments = ["--port", 0, "--min-ready-executors", executors, "--keep-data", 5]
        self.scheduler = programs.start("image-sync-scheduler", *arguments, **quiet)
        self.address = self.scheduler.stdout.readline().split()[-1]
        arguments = ["--scheduler", self.address, "--port", 0, "--task-port", 0]
        arguments += ["--cores", 1, "--memory-limit", "512M"]
        self.executors = [
            programs.start("image-sync-executor", *arguments, **quiet)
            for _ in range(executors)
        ]
        try:
            while not self.is_ready():
                time.sleep(0.1)
        except BaseException:
            self.stop()
            raise

    def is_ready(self):
        for process in [self.scheduler, *self.executors]:
            if process.poll() is not None:
                sys.exit(f"{process.args[0]}: ended with exit status {process.returncode}")
        connection = http.client.HTTPConnection(self.address)
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200

    def stop(self):
        """Returns the highest peak of an executor in MiB."""
        processes = [*self.executors, self.scheduler]
        for process in processes:
            process.terminate()
        # A process that has ended before has no peak.
        peaks = [peak(process) if process.returncode is None else 0 for process in processes]
        return max(peaks[:-1])


class Comparison:
    def __init__(self, programs, options):
        self.programs = programs
        self.options = options
        self.results = {}

    def add(self, name, rows, runs, memory=None):
        """Adds the fastest of several runs: pairs of the size of all URLs and seconds."""
        sizes = {size for size, _, _ in runs}
        if len(sizes) != 1:
            sys.exit(f"{name}: the runs give different sizes: {sizes}")
        seconds = min(seconds for _, seconds, _ in runs)
        memory = memory or max(memory for _, _, memory in runs)
        self.results[name] = (rows, sizes.pop(), seconds, memory)
        print(f"{name:<34}{rows:>12,}{rows / seconds:>14,.0f}{memory:>10,.0f}", flush=True)

    def rate(self, name):
        rows, _, seconds, _ = self.results[name]
        return rows / seconds

    def repeat(self, run):
        return [run() for _ in range(self.options.repeat)]

    def measure(self):
        programs, rows = self.programs, self.options.rows
        sample = min(rows, self.options.sample)
        print(f"{'':<34}{'rows':>12}{'rows/s':>14}{'peak MiB':>10}")

        def library():
            command = [programs.folder / "sign-images", programs.images]
            output, seconds, memory = programs.run(command)
            return int(output.split()[3]), seconds, memory

        def sql(*arguments):
            output, seconds, memory = programs.sql(RATE, *arguments)
            return int(output.split()[1]), seconds, memory

        def python(script):
            output, _, memory = programs.python(script, sample, "rate")
            size, seconds = output.split()
            return int(size), float(seconds), memory

        self.add("library in a loop, 1 thread", rows, self.repeat(library))
        one = self.repeat(lambda: sql("--partitions", 1))
        self.add("image-sync-sql, 1 partition", rows, one)
        self.add("image-sync-sql, all cores", rows, self.repeat(sql))
        digests = {"one process": programs.sql(DIGEST)[0]}
        digests["standalone"] = programs.sql(DIGEST, "--standalone")[0]
        for executors in self.options.executors:
            cluster = Cluster(programs, executors)
            try:
                place = ("--scheduler", cluster.address)
                runs = self.repeat(lambda: sql(*place))
                digests[f"{executors} executors"] = programs.sql(DIGEST, *place)[0]
            finally:
                memory = cluster.stop()
            self.add(f"cluster, executors: {executors}", rows, runs, memory)
        self.add("DuckDB with the Python SDK", sample, [python("duck.py")])
        self.add("Python SDK in a loop", sample, [python("plain.py")])
        self.compare(digests, sample)

    def compare(self, digests, sample):
        if len(set(digests.values())) != 1:
            sys.exit(f"the digests differ: {digests}")
        whole = digests["one process"].split()[-1]
        sizes = {size for rows, size, _, _ in self.results.values() if rows == self.options.rows}
        if len(sizes) != 1:
            sys.exit(f"the sizes differ: {self.results}")
        print(f"\nequal in {', '.join(digests)}: urls,total,parity {whole}")

        programs = self.programs
        table = f"(SELECT * FROM images WHERE number < {sample}) AS images"
        query = DIGEST.replace("FROM images", f"FROM {table}")
        digest = programs.sql(query)[0].split()[-1]
        for script in ["duck.py", "plain.py"]:
            other = programs.python(script, sample, "digest")[0].strip()
            if other != digest:
                sys.exit(f"{script}: digest {other}, expected {digest}")
        print(f"equal in SQL, DuckDB and Python for {sample:,} rows: {digest}")

        def urls(rows):
            query = f"SELECT {URL} AS url FROM images WHERE number < {rows} ORDER BY number"
            lines = programs.sql(query)[0].splitlines()[1:]
            return [line.strip('"') for line in lines]

        rows = min(self.options.rows, 10_000)
        command = [programs.folder / "sign-images", "--print", str(rows), programs.images]
        if urls(rows) != programs.run(command)[0].splitlines():
            sys.exit("the URLs differ from those of the library")
        print(f"equal URLs in SQL and the library for {rows:,} rows")
        rows = min(self.options.rows, 1_000)
        if urls(rows) != programs.python("plain.py", rows, "print")[0].splitlines():
            sys.exit("the URLs differ from those of the Python SDK")
        print(f"equal URLs in SQL and the Python SDK for {rows:,} rows")

    def ratios(self):
        pairs = [
            ("image-sync-sql, 1 partition", "library in a loop, 1 thread", 0.7),
            ("image-sync-sql, all cores", "DuckDB with the Python SDK", 100),
            ("image-sync-sql, all cores", "Python SDK in a loop", 100),
        ]
        executors = self.options.executors
        for more, fewer in zip(executors[1:], executors):
            pairs.append((f"cluster, executors: {more}", f"cluster, executors: {fewer}", None))
        print("\nratios")
        for faster, slower, goal in pairs:
            ratio = self.rate(faster) / self.rate(slower)
            goal = f"  (goal: at least {goal})" if goal else ""
            print(f"{ratio:>10.2f}  {faster} / {slower}{goal}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=Path, required=True, help="the folder of the programs")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument(
        "--sample", type=int, default=20_000, help="the rows for Python, whose rate is scaled"
    )
    parser.add_argument("--executors", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--repeat", type=int, default=3, help="the fastest run counts")
    options = parser.parse_args()

    images = options.programs.parent / f"images-{options.rows}"
    programs = Programs(options.programs, images)
    if not images.exists():
        # Files of a run that was interrupted are not measured.
        incomplete = images.with_name(f"{images.name}.tmp")
        shutil.rmtree(incomplete, ignore_errors=True)
        command = ["--rows", options.rows, "--files", 16, incomplete]
        programs.run([programs.folder / "generate-images", *map(str, command)])
        incomplete.rename(images)
    comparison = Comparison(programs, options)
    comparison.measure()
    comparison.ratios()


main()
