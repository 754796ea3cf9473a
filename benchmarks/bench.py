"""The whole benchmark: the audit against the floor, against pandas and Polars, and against its targets.

    make bench SIZE=10_000_000
    python -m benchmarks.bench --lines 10_000_000 [--repetitions 5] [--folder benchmarks-data]

Generated claims are kept in the folder and used again. Results go there too, as JSON, Markdown and an HTML figure.
A benchmark that was interrupted goes on where it was, unless the code has changed.
Ends with 1 where pandas or Polars do not give the engine's findings.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks import lists
from benchmarks.comparison import Comparison, compare
from benchmarks.figure import write_figure
from benchmarks.generate import generate
from benchmarks.machine import describe_machine, machine_now
from benchmarks.measuring import Data, KeptTimes, Task, measure, output, start_up
from benchmarks.page import as_markdown
from benchmarks.results import (
    CHECKSUMS,
    ENGINE,
    FLOOR,
    IN_2_GB,
    KEEPING,
    MIXES,
    PANDAS,
    POLARS,
    SIDE_LINES,
    THREE_RULES,
    THREE_RULES_IN_700_MB,
    WITH_QUALITY,
    Results,
)
from benchmarks.work import THREADS

_ROOT = Path(__file__).parents[1]


def plan(size: int) -> list[Task]:
    """Return what is measured: every file's floor, checksums and audit, and beside them what a file is there for."""
    side = min(size, SIDE_LINES)
    compared = [Data(side, percent) for percent in MIXES]
    csv = [Data(side, percent, "csv") for percent in MIXES]
    tasks = []
    for data in dict.fromkeys([Data(size, 1), Data(size // 10, 1), *compared, *csv]):
        tasks += [Task(FLOOR, "floor", data), Task(CHECKSUMS, "checksums", data), Task(ENGINE, "engine", data)]
        if data in compared:
            tasks.append(Task(WITH_QUALITY, "engine", data, ("--quality",)))
            three = ("--rules", ",".join(lists.RULES))
            tasks.append(Task(THREE_RULES, "engine", data, three))
            tasks.append(Task(THREE_RULES_IN_700_MB, "engine", data, (*three, "--memory-limit", "700MB")))
            tasks += [Task(PANDAS, "pandas", data), Task(POLARS, "polars", data)]
        if data in csv:
            tasks.append(Task(KEEPING, "keeping", data))
        if data == compared[0]:
            tasks.append(Task(IN_2_GB, "engine", data, ("--memory-limit", "2GB")))
    return tasks


def claims_of(data: Data, folder: Path) -> Path:
    """Return the folder of the generated claims, made where they are not there or made by another generator."""
    place = folder / "claims" / data.name
    mark = place / "generator.txt"
    if not mark.is_file() or mark.read_text("ascii") != _generator():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        generate(place, data.lines, data.percent, data.format)
        mark.write_text(_generator(), "ascii")
    return place / "claims"


@cache
def _generator() -> str:
    """Return one hash of all that decides what is generated."""
    sources = [_ROOT / "benchmarks" / "generate.py", *(_ROOT / "benchmarks" / "sql").glob("*.sql")]
    return _hashed([*sources, *_files("audit_lib/synthetic")])


def state_of_code() -> str:
    """Return one hash of all that decides what is measured."""
    return _hashed([_ROOT / "requirements.lock", *_files("audit_lib"), *_files("sql"), *_files("benchmarks")])


def _files(folder: str) -> list[Path]:
    return [path for path in (_ROOT / folder).rglob("*") if path.suffix in (".py", ".sql", ".yml", ".csv")]


def _hashed(paths: list[Path]) -> str:
    hashed = hashlib.sha256()
    for path in sorted(paths):
        hashed.update(path.read_bytes())
    return hashed.hexdigest()


def compared_findings(size: int, out: Path) -> list[tuple[Task, Comparison]]:
    """Compare what pandas and Polars wrote last with what the engine wrote."""
    tasks = {(task.label, task.data): task for task in plan(size)}
    compared = []
    for (label, data), task in tasks.items():
        if label in (PANDAS, POLARS):
            engine = output(out, tasks[THREE_RULES, data]) / "findings.parquet"
            compared.append((task, compare(engine, output(out, task))))
    return compared


def quality_by_hand(data: Data, claims: Path) -> dict[str, Any]:
    """Run the benchmark of the data-quality suites and return how many times the counts by hand they take in all."""
    command = [sys.executable, "-m", "benchmarks.quality_gate", str(claims), str(THREADS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r"^all suites .* ([0-9.]+)(?:  counts DIFFER)?$", done.stdout, re.MULTILINE)
    if found is None or "DIFFER" in done.stdout:
        raise RuntimeError(f"The benchmark of the data-quality suites failed:\n{done.stdout}{done.stderr}")
    return {"lines": data.lines, "ratio": float(found[1])}


def run(size: int, repetitions: int, folder: Path) -> int:
    """Generate, measure, compare, write the results, and return the exit code."""
    out = folder / "out"
    tasks = plan(size)
    for data in dict.fromkeys(task.data for task in tasks):
        say(f"claims: {data.name}")
        claims_of(data, folder)
    kept = KeptTimes(folder / f"times-{size}.jsonl", f"{state_of_code()} on {machine_now()}")
    measured = measure(tasks, lambda data: claims_of(data, folder), out, repetitions, say, kept)
    compared = compared_findings(size, out)
    if unequal := [(task, counts) for task, counts in compared if not counts.is_equal]:
        for task, counts in unequal:
            say(
                f"{task.label} on {task.data.name}: {counts.missing_count:,} of {counts.finding_count:,} findings are "
                f"missing or differ, {counts.surplus_count:,} are its own. Times of another answer mean nothing."
            )
        kept.path.unlink()
        return 1
    by_hand = Data(min(size, SIDE_LINES), 1)
    values = {
        "lines": size,
        "repetitions": repetitions,
        "threads": THREADS,
        "machine": describe_machine(),
        "measured": [one.as_dict() for one in measured],
        "compared": [{"label": task.label, **asdict(task.data), **asdict(counts)} for task, counts in compared],
        "quality_by_hand": quality_by_hand(by_hand, claims_of(by_hand, folder)),
        "start_up": {arguments: round(start_up([arguments], repetitions), 3) for arguments in ("--help", "rules")},
    }
    write_results(values, folder / f"results-{size}")
    shutil.rmtree(out)
    kept.path.unlink()
    return 0


def write_results(values: dict[str, Any], path: Path) -> None:
    """Write the results beside each other as JSON, Markdown and HTML, and print the Markdown."""
    results = Results(values)
    path.with_suffix(".json").write_text(json.dumps(values, indent=2) + "\n", "utf-8")
    path.with_suffix(".md").write_text(as_markdown(results), "utf-8")
    write_figure(results, path.with_suffix(".html"))
    print(as_markdown(results))
    say(f"written: {path.with_suffix('')}.json, .md and .html")


def say(line: str) -> None:
    """Say how far the benchmark is."""
    print(f"bench: {line}", file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Read the options and run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench", description="Measure the audit.")
    parser.add_argument("--lines", type=lambda text: int(text.replace("_", "")), default=1_000_000)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path("benchmarks-data"))
    options = parser.parse_args(arguments)
    return run(options.lines, options.repetitions, options.folder)


if __name__ == "__main__":
    raise SystemExit(main())
