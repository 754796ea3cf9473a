"""A stand-in for the audit behind scheduled reports: quick, with every way of failing; also a program to be killed."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import audit_lib.audit
from audit_lib.audit import RunOptions, RunResult
from audit_lib.claims.sources import find_files
from audit_lib.errors import AuditError, NotYetError
from audit_lib.manifest_keys import SCHEMA_VERSION
from audit_lib.progress import Progress
from audit_lib.run_folder import target_folder, whole_or_absent
from audit_lib.schedule.calls import run_due
from audit_lib.schedule.plan_file import read_plan

NOT_COME = "No line of the claims has a paid date in the period."
CHANGED = "The file was changed or removed while it was read. Run again once it is complete."


class FakeAudit:
    """Writes a small run folder, whole or not at all, and notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.made: Counter[str] = Counter()
        self.rows: set[str] = set()
        self.is_disk_full = False
        self.changes_while_read = False
        self.has_lines_in_period = True
        self.is_falling = False

    def __call__(self, options: RunOptions, progress: Progress) -> RunResult:
        self.asked[options.run_id] += 1
        self.rows.add(options.table or options.query)
        content = b"".join(file.path.read_bytes() for file in find_files(options.claims))
        target = target_folder(options.out, options.run_id)
        manifest = _manifest(options, content, self.is_falling)
        with whole_or_absent(target) as partial:
            (partial / "findings.parquet").write_bytes(content)
            _wait_to_be_killed("half")
            if self.is_disk_full:
                raise OSError(28, os.strerror(28))
            if options.needs_lines_in_period and not self.has_lines_in_period:
                raise NotYetError(NOT_COME)
            if self.changes_while_read:
                raise AuditError(11, CHANGED)
            (partial / "reports").mkdir()
            for name in options.notebooks:
                (partial / "reports" / f"{name}.html").write_text(f"<p>{options.run_id}</p>", "utf-8")
            (partial / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        _wait_to_be_killed("whole")
        self.made[options.run_id] += 1
        return RunResult(target, manifest)


def _manifest(options: RunOptions, content: bytes, is_falling: bool) -> dict[str, Any]:
    day = options.as_of.toordinal()
    return {
        "schema_version": SCHEMA_VERSION,
        "run_id": options.run_id,
        "created_at": f"{options.as_of}T12:00:00+00:00",
        "as_of": options.as_of.isoformat(),
        "parameters": {"from": _iso(options.period_from), "to": _iso(options.period_to), "period_by": "service"},
        "inputs": [{"sha256": hashlib.sha256(content).hexdigest()}],
        "claims": {"last_service_date": _iso(options.period_to)},
        "totals": {
            "net_overpaid_amount": f"{(-day if is_falling else day) % 9973}.25",
            "contingent_overpaid_amount": "0.00",
            "net_review_amount": "100.00",
            "overpaid_line_count": 7,
            "review_line_count": 1,
        },
        "rows": {"source": 8, "read": 8, "rejected": 0, "left_out": 0},
        "undecided": {"not_evaluable_count": 0},
        "gates": [],
        "overrides": [],
        "quality": {"left_out": True},
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _wait_to_be_killed(where: str) -> None:
    if os.environ.get("STOP_AT") == where:
        Path(os.environ["STOP_MARK"]).touch()
        time.sleep(600)


def main(plan: str, now: str) -> int:
    """Make what is due at a given instant, as the command does at the present one."""
    audit_lib.audit.run_audit = FakeAudit()  # type: ignore[assignment]
    return run_due(read_plan(Path(plan)), lambda: datetime.fromisoformat(now))


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
