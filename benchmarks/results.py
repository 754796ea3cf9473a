"""The results of a benchmark: what was measured, and the targets that it is held against."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measuring import Data

MIXES = (1, 20)
# All but the floor and the audit of the first mix is measured at this size at most: beyond it pandas asks for more
# memory than a laptop has, and the benchmark for a day.
SIDE_LINES = 10_000_000
MOST_LINES = 100_000_000

FLOOR, CHECKSUMS, ENGINE, WITH_QUALITY = "floor", "checksums", "engine", "engine with quality gate"
THREE_RULES, PANDAS, POLARS, IN_2_GB = "engine, three rules", "pandas", "polars", "engine in 2 GB"
THREE_RULES_IN_700_MB, KEEPING = "engine, three rules in 700 MB", "reading, kept"
# All but these begin with the checksums of the claims, which are a line of their own.
_WITHOUT_CHECKSUMS = (FLOOR, KEEPING, CHECKSUMS, PANDAS, POLARS)
# The steps that look at every line of the file, before any rule.
WHOLE_FILE_STEPS = (
    "reading", "claims_totals", "header_repeats", "billed_codes", "per_diem_members", "audited_claims", "audited_rows",
    "adjusting_claims",
)  # fmt: skip


class Results:
    """What one benchmark measured, by its JSON."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self.size = int(values["lines"])
        self.side = min(self.size, SIDE_LINES)
        self._measured = {
            (one["label"], Data(one["lines"], one["percent"], one["format"])): one for one in values["measured"]
        }

    @classmethod
    def read(cls, path: Path) -> Results:
        """Read a results file."""
        return cls(json.loads(path.read_text("utf-8")))

    def data(self) -> list[Data]:
        """Return the data that something was measured on, in the order of the plan."""
        return list(dict.fromkeys(data for _, data in self._measured))

    def has(self, label: str, data: Data) -> bool:
        """Tell whether this was measured."""
        return (label, data) in self._measured

    def seconds(self, label: str, data: Data) -> float:
        """Return the median seconds, those of the claims' checksums left out."""
        seconds = float(self._measured[label, data]["seconds"])
        return seconds if label in _WITHOUT_CHECKSUMS else seconds - self.seconds(CHECKSUMS, data)

    def peak_bytes(self, label: str, data: Data) -> int:
        """Return the most memory."""
        return int(self._measured[label, data]["peak_bytes"])

    def steps(self, label: str, data: Data) -> dict[str, float]:
        """Return the median seconds of each step of a run."""
        return dict(self._measured[label, data]["steps"])

    def ratio(self, label: str, data: Data) -> float:
        """Return how many times the floor on the same data this takes."""
        return self.seconds(label, data) / self.seconds(FLOOR, data)

    def csv_reading(self, data: Data) -> float:
        """Return the seconds in which a run finds out what a CSV file is and reads it, without its checksum."""
        steps = self.steps(ENGINE, data)
        return steps["scanning_files"] + steps["reading"] - self.seconds(CHECKSUMS, data)

    def whole_file_seconds(self, label: str, data: Data) -> float:
        """Return what a run's steps take that look at every line of the file."""
        steps = self.steps(label, data)
        return sum(steps[name] for name in WHOLE_FILE_STEPS)

    def quality_seconds(self, data: Data) -> float:
        """Return what the data-quality gate adds to a run."""
        return self.seconds(WITH_QUALITY, data) - self.seconds(ENGINE, data)


@dataclass(frozen=True)
class Target:
    """One target: what is held against what, and how many lines it is meant for."""

    text: str
    measured: float
    allowed: float
    unit: str
    lines: int
    meant_for: int
    is_least: bool = False

    @property
    def is_met(self) -> bool:
        """Tell whether the target is met with what was measured."""
        return self.measured >= self.allowed if self.is_least else self.measured <= self.allowed

    @property
    def verdict(self) -> str:
        """Say whether it is met, and where it was measured at another size, which it is meant for."""
        met = "met" if self.is_met else "not met"
        return met if self.lines == self.meant_for else f"{met} here; meant for {self.meant_for:,} lines"


def targets(results: Results) -> list[Target]:
    """Return every target with what was measured for it."""
    return [*_of_engine(results), *_of_alternatives(results), *_of_start_up(results)]


def _of_engine(results: Results) -> list[Target]:
    size, side = results.size, results.side
    whole, tenth = Data(size, 1), Data(size // 10, 1)
    growth = results.seconds(ENGINE, whole) / results.seconds(ENGINE, tenth)
    mix = results.seconds(ENGINE, Data(side, 20)) / results.seconds(ENGINE, Data(side, 1))
    small = results.peak_bytes(IN_2_GB, Data(side, 1)) / 1e9
    hand = results.values["quality_by_hand"]
    csv = [
        Target(f"CSV, {percent} % infusion: reading, against DuckDB's own",
               results.csv_reading(Data(side, percent, "csv")) / results.seconds(FLOOR, Data(side, percent, "csv")),
               1.5, "times", side, SIDE_LINES)
        for percent in MIXES
    ]  # fmt: skip
    return [
        Target("Engine against the floor", results.ratio(ENGINE, whole), 4, "times", size, MOST_LINES),
        Target("Engine's memory", results.peak_bytes(ENGINE, whole) / 1e9, 6, "GB", size, MOST_LINES),
        Target("Ten times the lines", growth, 10.5, "times", size, MOST_LINES),
        Target("20 % infusion against 1 %", mix, 3, "times", side, SIDE_LINES),
        Target("Memory with `--memory-limit 2GB`", small, 2, "GB", side, SIDE_LINES),
        Target("Quality gate against the same counts by hand", hand["ratio"], 2, "times", hand["lines"], SIDE_LINES),
        *csv,
    ]


def _of_alternatives(results: Results) -> list[Target]:
    side, found = results.side, []
    for data in (Data(side, percent) for percent in MIXES):
        seconds, peak = results.seconds(THREE_RULES, data), results.peak_bytes(THREE_RULES, data)
        little = results.peak_bytes(THREE_RULES_IN_700_MB, data)
        measured = [
            ("Pandas' seconds against the engine's", results.seconds(PANDAS, data) / seconds, 10),
            ("Pandas' memory against the engine's", results.peak_bytes(PANDAS, data) / peak, 5),
            ("Pandas' memory against the engine's in 700 MB", results.peak_bytes(PANDAS, data) / little, 5),
            ("Polars' seconds against the engine's", results.seconds(POLARS, data) / seconds, 1),
        ]
        found += [
            Target(f"{what} on the same three rules, {data.percent} % infusion", times, least,
                   "times", side, SIDE_LINES, is_least=True)
            for what, times, least in measured
        ]  # fmt: skip
    return found


def _of_start_up(results: Results) -> list[Target]:
    allowed = {"--help": 0.3, "rules": 0.5}
    size = results.size
    return [
        Target(f"`infusion-audit {arguments}`", seconds, allowed[arguments], "s", size, size)
        for arguments, seconds in results.values["start_up"].items()
    ]
