"""Tells a ledger a story month by month: what happened to each claim explains every figure of the third month."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from audit_lib.audit import RunOptions, run_audit
from audit_lib.ledger.dispositions import import_dispositions
from audit_lib.ledger.review_sample import import_verdicts, write_sample
from audit_lib.ledger.store import open_ledger
from audit_lib.progress import Progress
from audit_lib.rules import Rule, select_rules
from audit_lib.run import Run
from audit_lib.settings import Settings

COLUMNS = [
    "claim_id", "claim_line_number", "member_id", "claim_line_start_date", "hcpcs_code", "service_unit_quantity",
    "paid_amount", "billing_tin", "place_of_service_code", "paid_date", "claim_frequency_code", "original_claim_id",
    "line_of_business",
]  # fmt: skip
SUPPLY = "supply_with_per_diem"


def claim(
    name: str, supply: str, day: str = "2025-08-10", tin: str = "741000001", frequency: str = "1", original: str = ""
) -> list[list[str]]:
    """Return a claim of one member: a per diem, and a supply paid beside it (in several rows: 50.00,-5.00)."""
    tail = [tin, "12", "2025-08-20", frequency, original, "commercial"]
    member = f"M{(original or name)[0]}"
    rows = [[name, "1", member, day, "S9500", "1", "90.00", *tail]]
    for units, paid in zip("10000", supply.split(","), strict=False):
        rows.append([name, "2", member, day, "A4222", units, paid, *tail])
    return rows


def write_claims(path: Path, *claims: list[list[str]]) -> str:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([COLUMNS, *(row for rows in claims for row in rows)])
    return str(path)


def audit(place: Path, name: str, claims: str, as_of: str, has_ledger: bool = True, **options: Any) -> Path:
    """Audit claims into the run `name` of a place."""
    settings = Settings.model_validate(options.pop("settings", {}))
    asked = RunOptions(
        claims, place / "runs", rules=[SUPPLY], settings=settings, run_id=name, with_reports=False,
        as_of=date.fromisoformat(as_of), ledger=place / "runs" / "ledger.duckdb" if has_ledger else None,
        **options,
    )  # fmt: skip
    return run_audit(asked, Progress(is_quiet=True)).path


def _dispositions(place: Path, run: Path, name: str, *rows: tuple[str, str, str, str]) -> Path:
    """Write a file as reviewers fill it in; each row: claim, disposition, date, recovered amount."""
    ids = dict(duckdb.sql(f"select claim_id, finding_id from read_parquet('{run}/findings.parquet')").fetchall())
    path = place / name
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["finding_id", "disposition", "disposition_date", "case_number", "recovered_amount", "reason", "user"]
        )
        writer.writerows([ids[c], d, day, f"C-{c}", amount, "as reviewed", "ann"] for c, d, day, amount in rows)
    return path


def _import(place: Path, path: Path, as_of: str) -> Any:
    with open_ledger(place / "runs" / "ledger.duckdb") as ledger:
        return import_dispositions(ledger, path, date.fromisoformat(as_of))


def import_rows(place: Path, run: Path, name: str, as_of: str, *rows: tuple[str, str, str, str]) -> None:
    """Import what reviewers say of a run's findings, the rows as for `_dispositions`."""
    _import(place, _dispositions(place, run, name, *rows), as_of)


def _judge_all(place: Path, run: Path) -> None:
    """Let a reviewer agree with every line of a sample."""
    from openpyxl import load_workbook

    write_sample(Run.open(run), 30, 7, place / "sample.xlsx")
    book = load_workbook(place / "sample.xlsx")
    sheet = book.active
    header = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        row[header.index("verdict")].value = "agree"
        row[header.index("verdict_date")].value = date(2025, 9, 10)
        row[header.index("user")].value = "bo"
    book.save(place / "filled.xlsx")
    with open_ledger(place / "runs" / "ledger.duckdb") as ledger:
        done = import_verdicts(ledger, place / "filled.xlsx", date(2025, 9, 11))
        again = import_verdicts(ledger, place / "filled.xlsx", date(2025, 9, 11))
    assert (done.recorded_count, again.recorded_count) == (sheet.max_row - 1, 0)


def tell_story(place: Path) -> Path:
    """Audit three months into `place`, as runs one, two and three with one ledger, and let reviewers work between."""
    base = {
        "A": claim("A", "40.00"), "B": claim("B", "35.00"), "C": claim("C", "30.00"),
        "D": claim("D", "25.00", tin="742000002"), "E": claim("E", "15.00"), "F": claim("F", "12.00", "2025-07-20"),
        "G": claim("G", "50.00"), "K": claim("K", "22.00"),
    }  # fmt: skip
    one = audit(place, "one", write_claims(place / "one.csv", *base.values()), "2025-09-05")
    _judge_all(place, one)
    first = _dispositions(
        place, one, "first.csv",
        ("A", "noticed", "2025-09-06", ""), ("A", "upheld", "2025-09-08", ""),
        ("A", "recovered", "2025-09-09", "40.00"),
        ("B", "disputed", "2025-09-08", ""), ("B", "overturned", "2025-09-09", ""),
        ("C", "noticed", "2025-09-06", ""), ("K", "written_off", "2025-09-09", ""),
        ("G", "recovered", "2025-09-09", "10.00"),
    )  # fmt: skip
    imported = _import(place, first, "2025-09-10")
    again = _import(place, first, "2025-09-10")
    assert (imported.recorded_count, again.recorded_count, again.known_count) == (8, 0, 8)
    # Month two: C is replaced and costs less, D is exempt by contract, H is new.
    (place / "overrides.csv").write_text(
        "provider_id,rule,hcpcs_code,date_from,date_to,action,note,approved_by\n"
        f"742000002,{SUPPLY},,2025-08-01,2025-08-31,exempt,contract 7,Ann\n",
        "utf-8",
    )
    base |= {"C2": claim("C2", "20.00", frequency="7", original="C"), "H": claim("H", "60.00")}
    settings: dict[str, Any] = {"overrides": str(place / "overrides.csv")}
    audit(place, "two", write_claims(place / "two.csv", *base.values()), "2025-10-05", settings=settings)
    # Month three: B's line is adjusted, E is voided, G is adjusted, F falls out of the window, a lookback passes, and
    # the rule has another version.
    base |= {
        "B": claim("B", "35.00,-2.00"), "EV": claim("EV", "15.00", frequency="8", original="E"),
        "G": claim("G", "50.00,-5.00"),
    }  # fmt: skip
    (place / "lookback.csv").write_text(
        "line_of_business,state,months,counted_from,exempt_rules,citation\ncommercial,,2,paid,,Agreement 4.2\n", "utf-8"
    )
    settings["lookback_limits"] = str(place / "lookback.csv")
    with pytest.MonkeyPatch.context() as patch:
        _raise_version(patch)
        audit(
            place, "three", write_claims(place / "three.csv", *base.values()), "2025-11-05",
            settings=settings, period_from=date(2025, 8, 1),
        )  # fmt: skip
    return place


def _raise_version(patch: pytest.MonkeyPatch) -> None:
    """Let the run find its rule with the next version."""

    def raised(*words: Any) -> list[Rule]:
        return [
            replace(rule, metadata=rule.metadata.model_copy(update={"version": rule.metadata.version + 1}))
            for rule in select_rules(*words)
        ]

    patch.setattr("audit_lib.audit.select_rules", raised)
