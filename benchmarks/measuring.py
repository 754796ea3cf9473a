"""Measures pieces of work side by side: each in a process of its own, in rounds, so that a slow minute hits all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.work import THREADS

# Compiled modules are kept, as everywhere: without them each process would compile its imports anew.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
_ENVIRONMENT["POLARS_MAX_THREADS"] = str(THREADS)


@dataclass(frozen=True)
class Data:
    """Generated claims: how many lines, how much of it infusion, in which format."""

    lines: int
    percent: int
    format: str = "parquet"

    @property
    def name(self) -> str:
        """Return the name of its folder."""
        return f"{self.lines}-{self.percent}-percent-{self.format}"


@dataclass(frozen=True)
class Task:
    """A piece of work on some data. `label` tells it from others of the same kind of work."""

    label: str
    work: str
    data: Data
    options: tuple[str, ...] = ()


@dataclass
class Measurement:
    """What a task took each time: seconds on the clock and of the processors, bytes at the peak, a run's steps."""

    task: Task
    times: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return what the results hold of it."""
        steps = {name: median(one["steps"].get(name, 0.0) for one in self.times) for name in self.times[0]["steps"]}
        return {
            "label": self.task.label,
            **asdict(self.task.data),
            "seconds": round(median(one["seconds"] for one in self.times), 3),
            "all_seconds": [round(one["seconds"], 3) for one in self.times],
            "processor_seconds": round(median(one["processor_seconds"] for one in self.times), 3),
            "peak_bytes": max(one["peak_bytes"] for one in self.times),
            "steps": {name: round(seconds, 3) for name, seconds in steps.items()},
        }


class KeptTimes:
    """What an interrupted benchmark measured, in a file beside its claims, of one state of code and machine alone."""

    def __init__(self, path: Path, state: str) -> None:
        self.path, self.state = path, state
        lines = path.read_text("utf-8").splitlines(keepends=True) if path.is_file() else []
        whole = [json.loads(line) for line in lines if line.endswith("}\n")]  # the last may have been cut off
        self._times = {(row["name"], row["round"]): row["took"] for row in whole if row["state"] == state}
        path.write_text("".join(json.dumps(row) + "\n" for row in whole if row["state"] == state), "utf-8")

    def take(self, task: Task, number: int) -> dict[str, Any] | None:
        """Return what a task took in a round, if it was measured before."""
        return self._times.get((_name(task), number))

    def keep(self, task: Task, number: int, took: dict[str, Any]) -> None:
        """Keep what a task took in a round."""
        row = {"state": self.state, "name": _name(task), "round": number, "took": took}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


def measure(
    tasks: Sequence[Task],
    claims: Callable[[Data], Path],
    out: Path,
    repetitions: int,
    say: Callable[[str], None],
    kept: KeptTimes,
) -> list[Measurement]:
    """Read all files once to warm the cache of the file system, then do all tasks `repetitions` times in rounds.

    What is `kept` of an interrupted benchmark is not measured again. What a task writes last stays under `out`, in a
    file or folder named as `output` says.
    """
    measured = [Measurement(task) for task in tasks]
    for data in dict.fromkeys(task.data for task in tasks):
        _warm(claims(data))
    for number in range(repetitions):
        for one in measured:
            before = kept.take(one.task, number)
            result = before or run_once(one.task, claims(one.task.data), output(out, one.task))
            one.times.append(result)
            if before:
                continue
            kept.keep(one.task, number, result)
            say(
                f"{number + 1} of {repetitions}, {one.task.data.name}, {one.task.label}: "
                f"{result['seconds']:.2f} s, {result['peak_bytes'] / 1e9:.2f} GB"
            )
    return measured


def output(out: Path, task: Task) -> Path:
    """Return where a task writes."""
    return out / _name(task)


def _name(task: Task) -> str:
    return f"{task.data.name}-{task.label.replace(' ', '-')}"


def run_once(task: Task, claims: Path, out: Path) -> dict[str, Any]:
    """Do a task in a process of its own. Raises RuntimeError where it fails."""
    shutil.rmtree(out, ignore_errors=True)
    out.unlink(missing_ok=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "benchmarks.work", task.work, str(claims), "--out", str(out)]
    command += ["--format", task.data.format, *task.options]
    done = subprocess.run(command, capture_output=True, text=True, env=_ENVIRONMENT, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"{task.label} on {task.data.name} failed:\n{done.stderr.strip()}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def start_up(arguments: Sequence[str], repetitions: int) -> float:
    """Return the median seconds from start to end of `infusion-audit` with these arguments."""
    command = [str(Path(sys.executable).with_name("infusion-audit")), *arguments]
    seconds = []
    for _ in range(repetitions + 1):
        started = time.perf_counter()
        subprocess.run(command, capture_output=True, env=_ENVIRONMENT, check=True)  # noqa: S603
        seconds.append(time.perf_counter() - started)
    return median(seconds[1:])  # the first time Python writes its compiled files


def _warm(claims: Path) -> None:
    """Have the files in the cache of the file system, as far as they fit."""
    for path in sorted(claims.iterdir()):
        with path.open("rb") as file:
            while file.read(1 << 24):
                pass
