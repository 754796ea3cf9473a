"""Runs that are killed (SIGKILL) as a step begins, one child process each; started as a program by test_killed_runs."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from audit_lib.audit import RunOptions, run_audit
from audit_lib.ledger.recording import Visit
from audit_lib.progress import Progress

RECORDING = "recording"  # the run stands, the ledger does not know it yet


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


def options(claims: Path, out: Path) -> RunOptions:
    """Return a run of one rule into `out`, with a ledger."""
    return RunOptions(
        claims=str(claims), out=out, run_id="r", rules=["supply_with_per_diem"], with_reports=False,
        with_quality=False, ledger=out / "ledger.duckdb",
    )  # fmt: skip


def _kill(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _run_until(step: str, claims: Path, out: Path) -> None:
    if step == RECORDING:
        Visit.record = _kill  # type: ignore[method-assign]
    run_audit(options(claims, out), Watched(lambda name: _kill() if name == step else None))


def main(claims: str, place: str, *steps: str) -> None:
    """Run once per step in a child of this process, which has opened no database yet; print how each ended."""
    for step in steps:
        child = os.fork()
        if child == 0:
            _run_until(step, Path(claims), Path(place) / step)
            os._exit(0)
        print(step, os.waitpid(child, 0)[1])


if __name__ == "__main__":
    main(*sys.argv[1:])
