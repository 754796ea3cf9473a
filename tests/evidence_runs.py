"""Finished runs for the evidence of findings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from audit_lib.audit import RunOptions, run_audit
from audit_lib.progress import Progress
from tests.conftest import ROOT

SAMPLE = ROOT / "data" / "sample"


def finished_run(claims: Path, out: Path) -> Path:
    options = RunOptions(
        claims=str(claims), out=out, run_id=".", with_reports=False, with_quality=False, as_of=date(2026, 1, 1)
    )
    return run_audit(options, Progress(is_quiet=True)).path
