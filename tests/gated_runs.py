"""Claims of a pump beside a per diem, run to the manifest, and the gates that they met."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from audit_lib.audit import RunOptions, run_audit
from audit_lib.progress import Progress
from audit_lib.settings import Settings
from tests.rule_cases import TYPICAL

# A pump beside a per diem is an overpayment of rule 2; each claim of two lines is a member of its own.
PUMP = {"hcpcs_code": "E0781", "claim_line_number": "2", "paid_amount": "40.00"}
PER_DIEM = {"hcpcs_code": "S9365", "claim_line_number": "1", "paid_amount": "150.00"}

# What an auditor expects in every manifest, in the order in which lines and answers pass.
GATES = [
    "superseded", "netted_rows", "void_lines", "lone_reversals", "denied", "out_of_scope", "unknown_applicability",
    "outside_period", "without_paid_date", "not_in_force", "shared_claim_id", "earlier_text", "self_funded",
    "secondary_payer", "review_only", "override", "below_minimum",
]  # fmt: skip


def claim(name: str, *others: dict[str, str], **values: str) -> list[dict[str, str]]:
    lines = [{**TYPICAL, "claim_id": name, "member_id": name, **line, **values} for line in (PER_DIEM, PUMP)]
    return lines + [{**lines[1], **other} for other in others]


def write_claims(path: Path, rows: list[dict[str, str]]) -> None:
    columns = sorted({"billing_npi", "allowed_amount", *(column for row in rows for column in row)} - {"provider"})
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        for row in rows:
            writer.writerow({"allowed_amount": row["paid_amount"], "billing_npi": "1942275334", **row})


def audit(folder: Path, rows: list[dict[str, str]], settings: Settings | None = None, **options: Any) -> dict[str, Any]:
    write_claims(folder / "claims.csv", rows)
    run = run_audit(
        RunOptions(str(folder / "claims.csv"), folder, run_id="r", settings=settings or Settings(), with_reports=False,
                   rules=["supply_with_per_diem"], with_quality=False, **options),
        Progress(is_quiet=True),
    )  # fmt: skip
    assert json.loads((run.path / "manifest.json").read_text("utf-8")) == run.manifest
    return run.manifest


def gates(manifest: dict[str, Any]) -> dict[str, tuple[int, str]]:
    """Return the gates that something met."""
    assert [gate["gate"] for gate in manifest["gates"]] == GATES
    return {gate["gate"]: (gate["line_count"], gate["paid_amount"]) for gate in manifest["gates"] if gate["line_count"]}
