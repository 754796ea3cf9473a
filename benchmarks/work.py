"""One piece of work, done and timed in a process of its own, which says in JSON what it took.

    python -m benchmarks.work WORK CLAIMS [--out PATH] [--format csv] [--rules a,b] [--quality] [--memory-limit 2GB]

Imports come before the clock starts. Memory is what the process needed at its peak, imports included.
"""

from __future__ import annotations

import argparse
import importlib
import json
import resource
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

THREADS = 2
Steps = dict[str, float]


def floor(options: argparse.Namespace) -> Callable[[], Steps]:
    """Prepare DuckDB's aggregate over every mapped column that the file has: what reading alone costs."""
    connection, columns, source = _source(options)
    counts = ", ".join(f"max({name}), count({name})" for name in columns)

    def aggregate() -> Steps:
        connection.execute(f"select {counts} from {source}").fetchall()  # noqa: S608
        return {}

    return aggregate


def _source(options: argparse.Namespace) -> tuple[duckdb.DuckDBPyConnection, list[str], str]:
    """Return a connection, the mapped columns that the files have, and what DuckDB reads them by, no types given."""
    import duckdb

    from audit_lib.claims.layouts import contract_columns

    pattern = str(options.claims / f"*.{options.format}").replace("'", "''")
    source = f"read_{options.format}('{pattern}')"
    connection = duckdb.connect(config={"threads": THREADS})
    connection.execute("set enable_progress_bar = false")
    there = {row[0] for row in connection.execute(f"describe from {source}").fetchall()}
    return connection, [column.name for column in contract_columns() if column.name in there], source


def keeping(options: argparse.Namespace) -> Callable[[], Steps]:
    """Prepare DuckDB's own reading of the mapped columns, kept as Parquet as the audit keeps it, no value looked at."""
    from audit_lib.claims.csv_reading import CHEAP_WRITING

    connection, columns, source = _source(options)
    writing = ", ".join(f"{name} {value}" for name, value in CHEAP_WRITING.items())
    target = str(options.out).replace("'", "''")
    query = f"select {', '.join(columns)} from {source}"  # noqa: S608

    def keep() -> Steps:
        connection.execute(f"copy ({query}) to '{target}' (format parquet, {writing})")
        return {}

    return keep


def checksums(options: argparse.Namespace) -> Callable[[], Steps]:
    """Prepare the SHA-256 of every file, two at a time as the audit does it."""
    from audit_lib.fingerprints import file_sha256

    def all_digests() -> Steps:
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(file_sha256, options.claims.iterdir()))
        return {}

    return all_digests


def engine(options: argparse.Namespace) -> Callable[[], Steps]:
    """Prepare the audit without reports and ledger; its steps come from the run itself."""
    from audit_lib.audit import run_audit
    from audit_lib.progress import Progress
    from audit_lib.run_options import RunOptions
    from audit_lib.settings import Settings

    importlib.import_module("pandas")  # pyarrow imports it when it first makes a table of Python's values
    if options.quality:
        _import_quality()
    memory = {"memory_limit": options.memory_limit} if options.memory_limit else {}
    run = RunOptions(
        claims=str(options.claims), out=options.out, run_id=".", rules=[r for r in options.rules.split(",") if r],
        settings=Settings(threads=THREADS, **memory), with_quality=options.quality, with_reports=False,
    )  # fmt: skip
    progress = Progress(is_quiet=True)

    def audit() -> Steps:
        run_audit(run, progress)
        return progress.timings

    return audit


def _import_quality() -> None:
    """Have Great Expectations imported before the clock starts, as everything else is."""
    from audit_lib.quality.engine import import_early

    import_early()
    for thread in threading.enumerate():
        if thread.name == "import great_expectations":
            thread.join()


def in_pandas(options: argparse.Namespace) -> Callable[[], Steps]:
    """Prepare the three rules in pandas; their findings are written as the audit's are."""
    import pyarrow as pa

    from benchmarks import in_pandas as alternative

    pa.set_cpu_count(THREADS)

    def audit() -> Steps:
        alternative.findings(options.claims).to_parquet(options.out)
        return {}

    return audit


def in_polars(options: argparse.Namespace) -> Callable[[], Steps]:
    """Prepare the three rules in Polars; POLARS_MAX_THREADS stands in the environment."""
    from benchmarks import in_polars as alternative

    def audit() -> Steps:
        alternative.findings(options.claims).write_parquet(options.out)
        return {}

    return audit


WORKS = {
    "floor": floor, "keeping": keeping, "checksums": checksums, "engine": engine, "pandas": in_pandas,
    "polars": in_polars,
}  # fmt: skip


def peak_bytes() -> int:
    """Return the most memory that this process held; Linux says it of the process alone, without its parent's."""
    status = Path("/proc/self/status")
    if status.is_file():
        found = [line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM:")]
        return int(found[0].split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main(arguments: list[str] | None = None) -> None:
    """Do the work once and print what it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.work", description="Do one piece of work, timed.")
    parser.add_argument("work", choices=list(WORKS))
    parser.add_argument("claims", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--format", choices=["parquet", "csv"], default="parquet")
    parser.add_argument("--rules", default="")
    parser.add_argument("--quality", action="store_true")
    parser.add_argument("--memory-limit")
    options = parser.parse_args(arguments)
    do = WORKS[options.work](options)
    started, worked = time.perf_counter(), time.process_time()
    steps = do()
    result: dict[str, Any] = {
        "seconds": time.perf_counter() - started,
        "processor_seconds": time.process_time() - worked,
        "peak_bytes": peak_bytes(),
        "steps": steps,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
