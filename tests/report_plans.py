"""Plans of reports to be made by a stand-in for the audit, and what became of them."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

from audit_lib.schedule.calls import run_due
from audit_lib.schedule.plan import Plan
from audit_lib.schedule.plan_file import read_plan

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)
MONDAY = date(2026, 3, 16)
TELL = "[sh, -c, 'cat >> told.txt; echo id $INFUSION_AUDIT_MESSAGE_ID $INFUSION_AUDIT_STATUS >> told.txt']"
WEEKLY = f"""
on_success: {TELL}
on_failure: {TELL}
command_timeout_seconds: 1
reports:
  weekly:
    claims: claims.csv
    period: last_week
    due: {{every: week, hour: 6}}
"""


def weekly_plan(folder: Path, *lines: str, claims: bool = True) -> Plan:
    (folder / "reports.yml").write_text(WEEKLY + "".join(f"    {line}\n" for line in lines), "utf-8")
    if claims:
        (folder / "claims.csv").write_text("claim_id\n", "utf-8")
        os.utime(folder / "claims.csv", (NOW.timestamp() - 86_400, NOW.timestamp() - 86_400))
    return read_plan(folder / "reports.yml")


def make_due(plan: Plan, now: datetime = NOW) -> int:
    return run_due(plan, lambda: now)


def messages_told(folder: Path) -> list[str]:
    path = folder / "told.txt"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [line.removeprefix("id ") for line in lines if line.startswith("id ")]


def runs_made(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in (folder / "runs").glob("*/manifest.json"))
