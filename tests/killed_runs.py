"""Runs that are killed (SIGKILL), one child process each; started as a program by test_killed_runs.

The children run in one folder, one after another: every run begins over what the one before it left.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from audit_lib.audit import RunOptions, run_audit
from audit_lib.ledger.recording import Visit
from audit_lib.progress import Progress
from audit_lib.resources import folder
from audit_lib.settings import Settings

RECORDING = "recording"  # the run stands, the ledger does not know it yet
# Steps of SQL change nothing but the run's scratch: of those alike, every fourth stands for its neighbours.
STRIDE_OF_SQL = 4
ALWAYS = {"claim_lines", "supply_with_per_diem", "rule_rows", "line_outcomes", "findings"}
CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}


class Watched(Progress):
    """Calls back as each step begins."""

    def __init__(self, watch: Callable[[str], None]) -> None:
        super().__init__(is_quiet=True)
        self.watch = watch

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step after the call."""
        self.watch(name)
        with super().step(name):
            yield


def options(claims: Path, out: Path, run_id: str = "r") -> RunOptions:
    """Return a run of one rule into `out`, with a ledger."""
    return RunOptions(
        claims=str(claims), out=out, run_id=run_id, rules=["supply_with_per_diem"], with_reports=False,
        with_quality=False, ledger=out / "ledger.duckdb", settings=Settings(threads=1),
    )  # fmt: skip


def watched_run(claims: Path, out: Path, run_id: str, at: Callable[[str], None]) -> None:
    """Run, and call back as each step begins and before each change to files, with names that every run shares."""
    record = Visit.record

    def recorded(visit: Visit, target: Path) -> None:
        at(RECORDING)
        record(visit, target)

    def changed(event: str, arguments: tuple[Any, ...]) -> None:
        is_change = event in CHANGES or (event == "open" and arguments[1] in ("w", "x", "a"))
        if is_change and f"-{run_id}" in str(arguments[0]):  # what earlier runs left is theirs
            at(_name(event, Path(str(arguments[0])), run_id))

    Visit.record = recorded  # type: ignore[method-assign]
    sys.addaudithook(changed)
    run_audit(options(claims, out, run_id), Watched(at))


def _name(event: str, path: Path, run_id: str) -> str:
    return f"{event} {re.sub('tmp.+', 'spill', path.name).replace(run_id, 'r')}"


def _ended(work: Callable[[], None]) -> int:
    """Return how a child of this process ended that did the work."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    return os.waitpid(child, 0)[1]


def places(claims: Path, out: Path) -> list[str]:
    """Return the places where runs are killed, found by running once in a child."""
    into = out.with_name("places.json")

    def write() -> None:
        found: list[str] = []
        watched_run(claims, out, "r0.", found.append)
        into.write_text(json.dumps(list(dict.fromkeys(found))), "utf-8")

    assert _ended(write) == 0
    found: list[str] = json.loads(into.read_text("utf-8"))
    sql = {path.stem for path in folder("sql").rglob("*.sql")} - ALWAYS
    alike = [place for place in found if place in sql]
    passed_over = set(alike) - set(alike[::STRIDE_OF_SQL])
    return [place for place in found if place not in passed_over]


def _kill_at(place: str, claims: Path, out: Path, run_id: str) -> int:
    def at(name: str) -> None:
        if name == place:
            os.kill(os.getpid(), signal.SIGKILL)

    return _ended(lambda: watched_run(claims, out, run_id, at))


def _what_stands(claims: Path, out: Path) -> dict[str, Any]:
    """Return the run folders to be seen, what others than the owner may use, and the claims' state."""
    paths = list(out.rglob("*"))
    return {
        "runs": sorted(path.name for path in out.glob("[!.]*") if path.is_dir()),
        "hidden": sorted(path.name for path in out.glob(".partial-*")),
        "open": [str(path) for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077],
        "claims": hashlib.sha256(claims.read_bytes()).hexdigest() + str(claims.stat().st_mtime_ns),
    }


def main(claims_path: str, work_folder: str, first: str, stride: str) -> None:
    """Kill a run at every `stride`-th place from `first` on, all in one folder; print how each ended, what stands."""
    claims, out = Path(claims_path), Path(work_folder) / "runs"
    run_audit(options(claims, Path(work_folder) / "warm"), Progress(is_quiet=True))  # children find all imports made
    found = places(claims, Path(work_folder) / "whole")
    for number, place in enumerate(found):
        if number % int(stride) == int(first):
            run_id = f"r{number + 1}."
            ended = _kill_at(place, claims, out, run_id)
            print(json.dumps({"place": place, "run_id": run_id, "ended": ended, **_what_stands(claims, out)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
