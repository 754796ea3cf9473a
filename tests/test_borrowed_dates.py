"""Lines without a date of their own, which take their claim's: the finding that rests on one says so."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit_lib.audit import RunOptions, run_audit
from audit_lib.evidence import Evidence, evidence_for
from audit_lib.progress import Progress
from audit_lib.run import Run
from tests.claims_text import GOOD, read, rows
from tests.rule_cases import parse_table

# Claims whose supply stands beside a per diem of five days, and which dates the file gives for the lines themselves.
LINES = """
    claim_id    | claim_line_number | hcpcs_code | claim_line_start_date | claim_line_end_date | service_unit_quantity
    own         | 1                 | A4222      | 2025-08-01            | 2025-08-01          | 1
    own         | 2                 | S9500      | 2025-08-01            | 2025-08-05          | 5
    supply      | 1                 | A4222      |                       |                     | 1
    supply      | 2                 | S9500      | 2025-08-01            | 2025-08-05          | 5
    supply_end  | 1                 | A4222      |                       | 2025-08-02          | 1
    supply_end  | 2                 | S9500      | 2025-08-01            | 2025-08-05          | 5
    per_diem    | 1                 | A4222      | 2025-08-01            | 2025-08-01          | 1
    per_diem    | 2                 | S9500      |                       |                     | 5
    both        | 1                 | A4222      |                       |                     | 1
    both        | 2                 | S9500      |                       |                     | 5
    end_missing | 1                 | A4222      | 2025-08-01            |                     | 1
    end_missing | 2                 | S9500      | 2025-08-01            | 2025-08-05          | 5
"""
OWN = "The claims file does not say on which days this service was given (claim_line_start_date); assumed here: the"
ENDED = "The claims file does not say on which day the service ended (claim_line_end_date); assumed here: the first day"
OTHERS = "For a line that shows the finding, or that its days are counted from, the file does not say the days of"


def _given() -> list[dict[str, str]]:
    spans = {"claim_start_date": "2025-08-01", "claim_end_date": "2025-08-05"}
    return [
        {**GOOD, "paid_amount": "10.00", "allowed_amount": "10.00", "claim_type": "professional",
         "place_of_service_code": "12", **spans, **line, "member_id": line["claim_id"]}
        for line in parse_table(LINES)
    ]  # fmt: skip


def _write(path: Path, lines: list[dict[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
    return path


def _run(claims: Path, out: Path, layout: str) -> Run:
    options = RunOptions(
        claims=str(claims), out=out, run_id=".", layout=layout, with_reports=False, with_quality=False,
        as_of=dt.date(2026, 1, 1),
    )  # fmt: skip
    return Run.open(run_audit(options, Progress(is_quiet=True)).path)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("borrowed")
    return _run(_write(folder / "claims.csv", _given()), folder / "run", "tuva")


def _supplies(run: Run) -> dict[str, Evidence]:
    found = run.sql("select finding_id, claim_id from findings where rule = 'supply_with_per_diem'")
    evidence = evidence_for(run, list(found["finding_id"]))
    return {row.claim_id: evidence[row.finding_id] for row in found.itertuples()}


def _named(evidence: dict[str, Evidence], words: str) -> set[str]:
    return {claim for claim, item in evidence.items() if any(text.startswith(words) for text in item.texts("against"))}


def test_the_finding_that_rests_on_a_borrowed_date_says_so(run: Run) -> None:
    evidence = _supplies(run)
    assert set(evidence) == {"own", "supply", "supply_end", "per_diem", "both", "end_missing"}
    assert all(item.is_reperformed for item in evidence.values())
    assert _named(evidence, OWN) == {"supply", "supply_end", "both"}
    assert _named(evidence, OTHERS) == {"per_diem", "both"}


def test_a_last_day_of_the_claim_is_no_missing_one(run: Run) -> None:
    assert _named(_supplies(run), ENDED) == {"end_missing"}


def test_what_rests_on_borrowed_dates_is_counted(run: Run) -> None:
    (row,) = [row for row in run.manifest["assumptions"] if row["column"] == "claim_line_start_date"]
    lines = run.sql("select claim_id, claim_line_number from claim_lines where is_date_from_claim order by all")
    assert list(lines.itertuples(index=False, name=None)) == [
        ("both", 1), ("both", 2), ("per_diem", 2), ("supply", 1), ("supply_end", 1),
    ]  # fmt: skip
    assert (row["line_count"], Decimal(row["paid_amount"])) == (5, Decimal("50.00"))


def test_a_file_of_the_contract_says_nothing_of_it(tmp_path: Path) -> None:
    lines = [line for line in _given() if line["claim_id"] == "own"]
    run = _run(_write(tmp_path / "claims.csv", lines), tmp_path / "run", "canonical")
    assert "claim_line_start_date" not in {row["column"] for row in run.manifest["assumptions"]}
    assert not _named(_supplies(run), OWN) | _named(_supplies(run), OTHERS)


DATES = {
    "of its own": ("2025-08-01", "2025-08-01", False),
    "of the claim": ("", "2025-08-01", True),
    "a mark for nothing": ("NULL", "2025-08-01", True),
    "the claim has none": ("2025-08-01", "", False),
}


@pytest.mark.parametrize("name", DATES)
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_whether_a_date_was_borrowed(tmp_path: Path, name: str, ending: str) -> None:
    line, claim, is_borrowed = DATES[name]
    values = {**GOOD, "claim_line_start_date": line, "claim_start_date": claim}
    path = tmp_path / f"c.{ending}"
    if ending == "csv":
        _write(path, [values])
    else:
        day = [None if text in ("", "NULL") else dt.date.fromisoformat(text) for text in (line, claim)]
        dates = {"claim_line_start_date": pa.array(day[:1], pa.date32()), "claim_start_date": pa.array(day[1:])}
        pq.write_table(pa.table({**{key: [text] for key, text in values.items()}, **dates}), path)
    connection, _ = read(path, "tuva")
    found = rows(connection, "select claim_line_start_date, coalesce(is_date_from_claim, false) from typed_rows")
    assert found == [(dt.date(2025, 8, 1), is_borrowed)]


def test_a_file_that_has_dates_of_claims_alone(tmp_path: Path) -> None:
    values = {key: text for key, text in GOOD.items() if key != "claim_line_start_date"}
    path = _write(tmp_path / "c.csv", [{**values, "claim_start_date": "2025-08-01"}])
    assert rows(read(path, "tuva")[0], "select is_date_from_claim from typed_rows") == [(True,)]


@pytest.mark.parametrize(
    ("columns", "is_borrowed"),
    [
        ("{claim_line_start_date: svc_dt}", None),
        ("{claim_line_start_date: svc_dt, is_date_from_claim: \"lvl = 'claim'\"}", True),
    ],
)
def test_a_layout_with_dates_of_its_own_says_itself_what_is_borrowed(
    tmp_path: Path, columns: str, is_borrowed: bool | None
) -> None:
    (tmp_path / "ours.yml").write_text(f"based_on: tuva\ncolumns: {columns}\n", "utf-8")
    values = {key: text for key, text in GOOD.items() if key != "claim_line_start_date"}
    line = {**values, "svc_dt": "2025-08-01", "claim_start_date": "2025-08-01", "lvl": "claim"}
    connection, _ = read(_write(tmp_path / "c.csv", [line]), str(tmp_path / "ours.yml"))
    assert rows(connection, "select is_date_from_claim from typed_rows") == [(is_borrowed,)]
