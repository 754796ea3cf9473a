"""What stands between the audit and a target of time: a part of its work that takes longer by itself."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.measuring import Data
from benchmarks.results import ENGINE, FLOOR, KEEPING, MIXES, PANDAS, POLARS, THREE_RULES, Results

_EVERY_VALUE = "the audit's step that looks at every value (`reading`)"
_EVERY_LINE = "the audit's steps that look at every line, before any rule"
_AND_CLAIM_LINES = "those steps and the table of lines that rules work on (`claim_lines`)"
_KEPT = "DuckDB's own reading, kept as Parquet, no value looked at"


@dataclass(frozen=True)
class Wall:
    """Seconds that a target allows for everything, and those of a part of it that takes longer."""

    target: str
    allowed_seconds: float
    what: str
    seconds: float


def walls(results: Results) -> list[Wall]:
    """Return the walls of the targets of time, each with the least part that takes longer than all is allowed to."""
    parts = [*_of_engine(results), *_of_csv(results), *_of_alternatives(results)]
    found: dict[str, Wall] = {}
    for part in parts:
        if part.seconds > part.allowed_seconds:
            found.setdefault(part.target, part)
    return list(found.values())


def _of_engine(results: Results) -> list[Wall]:
    whole = Data(results.size, 1)
    allowed = 4 * results.seconds(FLOOR, whole)
    return _parts("Engine: 4 times the floor", allowed, results, ENGINE, whole)


def _of_csv(results: Results) -> list[Wall]:
    files = {percent: Data(results.side, percent, "csv") for percent in MIXES}
    return [
        Wall(f"CSV, {percent} % infusion: 1.5 times DuckDB's own reading", 1.5 * results.seconds(FLOOR, data),
             _KEPT, results.seconds(KEEPING, data))
        for percent, data in files.items()
    ]  # fmt: skip


def _of_alternatives(results: Results) -> list[Wall]:
    parts = []
    for data in (Data(results.side, percent) for percent in MIXES):
        mix = f"three rules, {data.percent} % infusion"
        pandas, polars = results.seconds(PANDAS, data) / 10, results.seconds(POLARS, data)
        parts += _parts(f"A tenth of pandas' time, {mix}", pandas, results, THREE_RULES, data)
        parts += _parts(f"Polars' time, {mix}", polars, results, THREE_RULES, data)
    return parts


def _parts(target: str, allowed: float, results: Results, label: str, data: Data) -> list[Wall]:
    steps, every_line = results.steps(label, data), results.whole_file_seconds(label, data)
    return [
        Wall(target, allowed, _EVERY_VALUE, steps["reading"]),
        Wall(target, allowed, _EVERY_LINE, every_line),
        Wall(target, allowed, _AND_CLAIM_LINES, every_line + steps["claim_lines"]),
    ]
