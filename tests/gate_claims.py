"""Claims of two findings a member, and runs over them, for what the data-quality gate does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from audit_lib.audit import RunOptions, run_audit
from audit_lib.progress import Progress

MARK = "QZMARKQZ"
COLUMNS = [
    "claim_id", "claim_line_number", "member_id", "claim_line_start_date", "claim_line_end_date", "hcpcs_code",
    "service_unit_quantity", "paid_amount", "billing_tin", "place_of_service_code", "ndc_quantity",
]  # fmt: skip
# A supply and more units than days beside a per diem: one finding that needs no units, one that does.
LINES = {
    "1": ["2025-08-01", "2025-08-01", "S9365", "3", "150.00"],
    "2": ["2025-08-01", "2025-08-01", "A4222", "1", "80.00"],
}


def claims(place: Path, member_count: int = 4, spoil: dict[str, int] | None = None) -> Path:
    """Write claims of so many members; `spoil` makes a column unreadable on the first so many rows."""
    rows = [
        ["A" + str(m), number, MARK + str(m), *line, "741000000", "12", "5"]
        for m in range(member_count)
        for number, line in LINES.items()
    ]
    for column, count in (spoil or {}).items():
        for row in rows[:count]:
            row[COLUMNS.index(column)] = MARK
    path = place / "claims.csv"
    path.write_text("\n".join(",".join(row) for row in [COLUMNS, *rows]) + "\n", "utf-8")
    return path


def audit(path: Path, **options: Any) -> Path:
    given = {"run_id": "r", "with_reports": False, "rules": ["supply_with_per_diem", "per_diem_units_exceed_days"]}
    return run_audit(RunOptions(str(path), path.parent / "runs", **{**given, **options}), Progress(is_quiet=True)).path
