"""Which lines a run speaks of: the period that is asked, of service or of payment, and lines without that date."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from audit_lib.commands.run import summary
from audit_lib.errors import NotYetError
from audit_lib.reports.cautions import cautions
from audit_lib.run import Run
from tests.gated_runs import audit, claim, gates

# Claims of a per diem of 150.00 and a pump of 40.00, the pump overpaid. F replaces E; the pump of D is taken back.
ROWS = [
    *claim("A", claim_line_start_date="2025-08-01", paid_date="2025-08-31"),
    *claim("B", claim_line_start_date="2025-09-01", paid_date="2025-09-30"),
    *claim("C", claim_line_start_date="2025-08-31", paid_date=""),
    *claim("D", {"paid_amount": "-40.00"}, claim_line_start_date="2025-08-31", paid_date=""),
    *claim("E", claim_line_start_date="2025-08-31", paid_date="2025-09-15"),
    *claim(
        "F", claim_line_start_date="2025-08-31", paid_date="", claim_frequency_code="7", original_claim_id="E"
    ),
]  # fmt: skip
MANY_DAYS = "0001-01-01", "9999-12-31"

# The period → claims with a finding; claims with a line taken back; whether the claim that replaces E has a line in
# the period; what the two gates of the period took out.
PERIODS: dict[str, tuple[tuple[str, str, str], str, str, bool, dict[str, tuple[int, str]]]] = {
    "August by service": (("service", "2025-08-01", "2025-08-31"), "ACF", "D", True, {"outside_period": (2, "190.00")}),
    "from a day of service on": (("service", "2025-08-02", ""), "BCF", "D", True, {"outside_period": (2, "190.00")}),
    "all, by service": (("service", "", ""), "ABCF", "D", True, {}),
    "all, by payment": (("paid", "", ""), "ABCF", "D", True, {}),
    "September by payment": (
        ("paid", "2025-09-01", "2025-09-30"), "B", "", False,
        {"outside_period": (2, "190.00"), "without_paid_date": (5, "530.00")},
    ),
    "from a day of payment on": (
        ("paid", "2025-09-01", ""), "B", "", False,
        {"outside_period": (2, "190.00"), "without_paid_date": (5, "530.00")},
    ),
    "up to a day of payment": (
        ("paid", "", "2025-08-31"), "A", "", False,
        {"outside_period": (2, "190.00"), "without_paid_date": (5, "530.00")},
    ),
    "every day there is, by payment": (
        ("paid", *MANY_DAYS), "AB", "", False, {"without_paid_date": (5, "530.00")},
    ),
}  # fmt: skip


@pytest.fixture(scope="module", params=list(PERIODS))
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any], Path]:
    by, first, last = PERIODS[request.param][0]
    days = {"period_from": first, "period_to": last}
    options = {name: date.fromisoformat(day) for name, day in days.items() if day}
    folder = tmp_path_factory.mktemp("period")
    return request.param, audit(folder, ROWS, period_by=by, **options), folder / "r"


def ids(run: Path, file: str, condition: str = "true") -> str:
    query = f"select distinct claim_id from read_parquet($path) where {condition} order by all"
    return "".join(row[0] for row in duckdb.execute(query, {"path": str(run / f"{file}.parquet")}).fetchall())


def test_findings_and_outcomes_are_of_the_period(asked: tuple[str, dict[str, Any], Path]) -> None:
    name, manifest, run = asked
    assert ids(run, "findings") == ids(run, "line_outcomes", "outcome = 'overpayment'") == PERIODS[name][1]
    assert manifest["home_infusion"]["claim_count"] == len(PERIODS[name][1] + PERIODS[name][2])


def test_lines_taken_back_and_replaced_claims_are_of_the_period(asked: tuple[str, dict[str, Any], Path]) -> None:
    name, _, run = asked
    assert ids(run, "settled_lines") == PERIODS[name][2]
    assert ids(run, "replaced_claims", "is_in_period") == ("E" if PERIODS[name][3] else "")


def test_what_the_period_leaves_out_is_counted(asked: tuple[str, dict[str, Any], Path]) -> None:
    name, manifest, _ = asked
    met = gates(manifest)
    assert {gate: met[gate] for gate in met if gate in ("outside_period", "without_paid_date")} == PERIODS[name][4]


def test_therapies_of_lines_without_a_paid_date_have_no_month(asked: tuple[str, dict[str, Any], Path]) -> None:
    name, _, run = asked
    is_missing = PERIODS[name][0] == ("paid", "", "")
    query = "select count(*) > 0 from read_parquet($path) where period_month is null"
    assert duckdb.execute(query, {"path": str(run / "therapy_mix.parquet")}).fetchall() == [(is_missing,)]


def test_the_report_says_how_many_lines_have_no_paid_date(asked: tuple[str, dict[str, Any], Path]) -> None:
    name, _, run = asked
    said = [text for text in cautions(Run.open(run)) if "without a paid date" in text]
    expected = [
        "5 lines without a paid date ($530.00 paid): nobody can tell whether they lie in the period, so nothing is "
        "reported on them."
    ]
    assert said == (expected if "without_paid_date" in PERIODS[name][4] else [])


LATE = [
    *claim("A", claim_line_start_date="2025-08-01", paid_date="2025-09-05"),
    *claim("B", claim_line_start_date="2025-09-01", paid_date="2025-09-30"),
]
MEDICARE = claim("M", claim_line_start_date="2025-09-01", line_of_business="medicare")
NONE_OF_FOUR = "None of the 4 lines that can be audited, with $380.00 paid, lies in the period"
SAID = "the period, so nothing is reported on them"


@pytest.mark.parametrize(
    ("rows", "by", "month", "said"),
    [
        pytest.param(LATE, "service", 9, None, id="half of the money is not most of it"),
        pytest.param(LATE, "service", 7, NONE_OF_FOUR, id="all"),
        pytest.param([*LATE, *claim("C", claim_line_start_date="2025-07-31", paid_date="2025-09-05")], "service", 9,
                     "4 of 6 lines that can be audited, with $380.00 of $570.00 paid, lie outside", id="most"),
        pytest.param([*LATE, *MEDICARE], "service", 7, NONE_OF_FOUR, id="all but Medicare"),
        pytest.param([*LATE, *MEDICARE, *claim("C", claim_line_start_date="2025-08-31")], "service", 9,
                     "4 of 6 lines that can be audited, with $380.00 of $570.00 paid, lie outside", id="but Medicare"),
        pytest.param([*LATE, *claim("C", claim_line_start_date="2025-07-31", paid_date="2025-09-05")], "paid", 9,
                     None, id="one month's file by its paid dates"),
        pytest.param([*LATE, *claim("C", claim_line_start_date="2025-08-31", paid_date="2025-10-05")], "paid", 10,
                     "they are evidence", id="other months as evidence"),
    ],
)  # fmt: skip
def test_where_most_of_the_money_lies_outside_the_period_that_is_said(
    tmp_path: Path, rows: list[dict[str, str]], by: str, month: int, said: str | None
) -> None:
    """A month of payment audited by its service dates shows next to nothing, and no other report shows the rest."""
    days = {"period_from": date(2025, month, 1), "period_to": date(2025, month, 30)}
    manifest = audit(tmp_path, rows, period_by=by, **days)
    last_lines = [line for line in summary(manifest, tmp_path, 0.0).splitlines() if SAID in line]
    assert len(last_lines) == (said is not None) and all(said in line for line in last_lines if said)
    assert [text for text in cautions(Run.open(tmp_path / "r")) if SAID in text] == (
        last_lines if by == "service" else []
    )


@pytest.mark.parametrize(
    ("by", "first", "last", "said"),
    [
        ("service", "2025-08-02", "2025-08-30", "first day of service from 2 Aug 2025 to 30 Aug 2025"),
        ("service", "2025-08-02", "2025-08-31", ""),
        ("service", "2025-09-02", "", "first day of service from 2 Sep 2025 on"),
        ("paid", "2025-10-01", "2025-10-31", "paid date from 1 Oct 2025 to 31 Oct 2025"),
        ("paid", "", "2025-08-30", "7 lines of them have no such date."),
        ("paid", "2025-08-31", "2025-08-31", ""),
        ("paid", "", "", ""),
    ],
)
def test_a_report_that_needs_lines_in_its_period_waits_for_them(
    tmp_path: Path, by: str, first: str, last: str, said: str
) -> None:
    """Zero of no line is no finding about a month: its claims have not come. One line is enough, also a denied one."""
    days = {"period_from": first, "period_to": last}
    options = {name: date.fromisoformat(day) for name, day in days.items() if day}
    rows = [{**row, "claim_line_status": "denied"} for row in ROWS]
    if not said:
        assert audit(tmp_path, rows, period_by=by, needs_lines_in_period=True, **options)["totals"]
        return
    with pytest.raises(NotYetError) as caught:
        audit(tmp_path, rows, period_by=by, needs_lines_in_period=True, **options)
    assert said in caught.value.message and caught.value.exit_code == 11
    assert not (tmp_path / "r").exists()
