"""Claims as they stand after final action."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb

from audit_lib.audit import RunOptions, audit_tables
from audit_lib.claims.layouts import read_layout
from audit_lib.claims.reading import read_claims
from audit_lib.claims.sources import find_files, scan_bytes
from audit_lib.progress import Progress
from tests.rule_cases import TYPICAL


def staged_lines(given: list[dict[str, str]], folder: Path) -> list[dict[str, str]]:
    typical = {**TYPICAL, "hcpcs_code": "A4222", "claim_line_number": "1", "billing_tin": "123456789"}
    rows = [{**{k: v for k, v in typical.items() if k != "provider"}, **row} for row in given]
    for row in rows:
        row.setdefault("allowed_amount", row["paid_amount"])
        row.setdefault("claim_line_end_date", row["claim_line_start_date"])
    with (folder / "claims.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with duckdb.connect() as connection:
        files = find_files(str(folder / "claims.csv"))
        scan_bytes(files[0])
        read_claims(connection, files, read_layout("canonical"))
        audit_tables(connection, [], RunOptions(claims="", out=folder), Progress(is_quiet=True))
        cursor = connection.execute("from claim_lines order by claim_id, claim_line_number")
        names = [column[0] for column in cursor.description]
        return [{n: "" if v is None else str(v) for n, v in zip(names, row, strict=True)} for row in cursor.fetchall()]


def kept_claims(path: Path, folder: Path) -> set[str]:
    """Return the claims of a canonical file that staging keeps: those with a line that a rule can use."""
    with duckdb.connect() as connection:
        files = find_files(str(path))
        scan_bytes(files[0])
        read_claims(connection, files, read_layout("canonical"))
        results = ["claim_lines", "audited_claims"]
        options = RunOptions(claims="", out=folder, with_quality=False)
        audit_tables(connection, [], options, Progress(is_quiet=True), results=results)
        return {str(claim) for (claim,) in connection.table("audited_claims").fetchall()}
