"""The tables of a benchmark, and the page that shows them.

python -m benchmarks.page RESULTS.json
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.measuring import Data
from benchmarks.results import (
    CHECKSUMS,
    ENGINE,
    FLOOR,
    IN_2_GB,
    KEEPING,
    PANDAS,
    POLARS,
    THREE_RULES,
    THREE_RULES_IN_700_MB,
    WITH_QUALITY,
    Results,
    Target,
    targets,
)
from benchmarks.walls import Wall, walls

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
NAMES = {
    FLOOR: "floor: `max` and `count` of every mapped column",
    KEEPING: "DuckDB's own reading, kept as Parquet, no value looked at",
    ENGINE: "audit: final action, gates, 27 rules, exposure, writing",
    CHECKSUMS: "checksums of the claims",
    WITH_QUALITY: "data-quality gate, on top of the audit",
    IN_2_GB: "audit with `--memory-limit 2GB`",
    THREE_RULES: "three rules: audit",
    THREE_RULES_IN_700_MB: "three rules: audit with `--memory-limit 700MB`",
    POLARS: "three rules: Polars",
    PANDAS: "three rules: pandas",
}


def as_markdown(results: Results) -> str:
    """Write what was measured, the targets, and where the audit's time goes, as Markdown."""
    values, whole = results.values, Data(results.size, 1)
    machine = ", ".join(f"{name} {value}" for name, value in values["machine"].items())
    files = [row for data in results.data() for row in _rows(results, data)]
    parts = [
        f"Machine: {machine}. {values['threads']} threads, warm cache, median of {values['repetitions']}; peak memory "
        "is the most of all times.",
        _table(["lines", "infusion", "file", "what", "seconds", "times the floor", "peak memory"], files, "rrllrrr"),
        _agreement(values["compared"]),
        _table(["target", "lines", "measured", "allowed", ""], [_target(one) for one in targets(results)], "lrrrl"),
        "What by itself, without anything else, takes longer than a target allows:",
        _table(["target", "allowed", "what", "seconds"], [_wall(one) for one in walls(results)], "lrlr"),
        f"The longest steps of the audit of {whole.lines:,} lines with 1 % infusion:",
        _table(["step", "seconds", "times the floor"], _longest_steps(results, whole), "lrr"),
    ]
    return "\n\n".join(parts) + "\n"


def _agreement(compared: Sequence[dict[str, Any]]) -> str:
    told = [
        f"{'Polars' if one['label'] == POLARS else 'pandas'} on {one['lines']:,} lines with {one['percent']} % "
        f"infusion ({one['finding_count']:,} findings)"
        for one in compared
    ]
    return f"The audit's findings, line by line and to the cent, also came from {', '.join(told)}."


def _longest_steps(results: Results, data: Data) -> list[list[str]]:
    steps = {name: seconds for name, seconds in results.steps(ENGINE, data).items() if name != "scanning_files"}
    longest = sorted(steps.items(), key=lambda step: -step[1])[:10]
    floor, others = results.seconds(FLOOR, data), sum(steps.values()) - sum(seconds for _, seconds in longest)
    return [
        [name, f"{seconds:.2f}", f"{seconds / floor:.2f}"]
        for name, seconds in [*longest, (f"the other {len(steps) - len(longest)}", others)]
    ]


def _rows(results: Results, data: Data) -> list[list[str]]:
    """Write what was measured on one file, the floor first; the gate is what it adds."""
    shown = [label for label in NAMES if results.has(label, data)]
    return [
        [f"{data.lines:,}", f"{data.percent} %", "Parquet" if data.format == "parquet" else "CSV", NAMES[label],
         f"{_seconds(results, label, data):.2f}",
         f"{_seconds(results, label, data) / results.seconds(FLOOR, data):.1f}",
         f"{results.peak_bytes(label, data) / 1e9:.2f} GB"]
        for label in shown
    ]  # fmt: skip


def _seconds(results: Results, label: str, data: Data) -> float:
    return results.quality_seconds(data) if label == WITH_QUALITY else results.seconds(label, data)


def _target(target: Target) -> list[str]:
    bound = "at least" if target.is_least else "at most"
    return [
        target.text,
        "" if target.unit == "s" else f"{target.lines:,}",
        f"{target.measured:.2f} {target.unit}",
        f"{bound} {target.allowed:g} {target.unit}",
        target.verdict,
    ]


def _wall(wall: Wall) -> list[str]:
    return [wall.target, f"{wall.allowed_seconds:.2f}", wall.what, f"{wall.seconds:.2f}"]


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]], sides: str) -> str:
    rule = ["---:" if side == "r" else "---" for side in sides]
    return "\n".join(f"| {' | '.join(row)} |" for row in [heading, rule, *rows])


def with_results(page: str, results: Results) -> str:
    """Return the page with these results between its marks. Raises ValueError where the marks are missing."""
    before, _, rest = page.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError("The page has no place for the results: both of its marks must be there.")
    return f"{before}{BEGIN}\n{as_markdown(results)}\n{END}{after}"


def main(words: Sequence[str] | None = None, page: Path = PAGE) -> None:
    """Put the results of a file into the page; what is no file of results ends with 2 and one line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description="Put results into the page.")
    parser.add_argument("results", type=Path, help="results-SIZE.json, as make bench writes it")
    path = parser.parse_args(words).results
    try:
        changed = with_results(page.read_text("utf-8"), Results.read(path))
    except (OSError, ValueError, KeyError, TypeError) as error:
        parser.error(f"{path} cannot be put into {page.name} ({type(error).__name__}); make bench writes such a file.")
    page.write_text(changed, "utf-8")


if __name__ == "__main__":
    main()
