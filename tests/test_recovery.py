"""The recovery clock: which limit applies, its last day, and what is never guessed."""

from __future__ import annotations

from datetime import date

import pytest

from audit_lib.pipeline import load_steps
from audit_lib.resources import folder
from tests.hand_made import drawn, exposure

ANSWER = "outcome | amount\noverpayment | 5.00"
NM = "line_of_business | provider_state | paid_date"

# The day it counts from, months → the last day on which the money can be demanded.
LAST_DAYS = {
    ("2025-08-15", 12): "2026-08-15",
    ("2025-08-15", 1): "2025-09-15",
    ("2025-12-31", 1): "2026-01-31",
    ("2025-01-31", 1): "2025-02-28",
    ("2024-01-31", 1): "2024-02-29",
    ("2024-02-29", 12): "2025-02-28",
    ("2023-02-28", 12): "2024-02-28",
    ("2024-02-29", 48): "2028-02-29",
    ("2025-10-31", 13): "2026-11-30",
    ("2025-12-01", 11): "2026-11-01",
    ("2025-01-31", 1200): "2125-01-31",
}


@pytest.mark.parametrize("case", LAST_DAYS, ids=str)
def test_the_last_day_of_a_limit(case: tuple[str, int]) -> None:
    paid, months = case
    connection = exposure(f"paid_date\n{paid}", ANSWER, wanted=["recovery"], limits=f"months\n{months}")
    assert drawn(connection, "recovery", "recover_by_date, counted_from_date") == [f"{LAST_DAYS[case]} {paid}"]


# The day of the run → what it says of a limit whose last day is 15 August 2026.
DAYS = {
    date(2026, 8, 14): "recoverable 1",
    date(2026, 8, 15): "recoverable 0",
    date(2026, 8, 16): "time_barred -1",
    date(2024, 8, 15): "recoverable 730",
}


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_the_last_day_is_still_in_time(as_of: date) -> None:
    connection = exposure("paid_date\n2025-08-15", ANSWER, wanted=["recovery"], limits="months\n12", as_of=as_of)
    assert drawn(connection, "recovery", "recovery_status, days_left") == [DAYS[as_of]]


# Rows of limits in the order of the file; a line of commercial business in NM, paid 2025-01-10; the day is 2026-01-01.
EVERY = """
line_of_business | state | months
                 |       | 36
                 | NM    | 24
commercial       |       | 18
commercial       | NM    | 12
"""
SPECIFIC = {
    "commercial | NM": "recoverable 4 2026-01-10",
    "commercial | NEWMEXICO": "recoverable 4 2026-01-10",
    "commercial | TX": "recoverable 3 2026-07-10",
    "fep | NM": "recoverable 2 2027-01-10",
    "fep | TX": "recoverable 1 2028-01-10",
    "commercial |": "recoverable 4 2026-01-10",  # row 3 or 4: both say so, the earlier day is shown
    "commercial | XX": "recoverable 4 2026-01-10",  # no state
    "| NM": "recoverable 4 2026-01-10",
    "|": "recoverable 4 2026-01-10",
}


@pytest.mark.parametrize("line", SPECIFIC)
def test_the_most_specific_limit_counts(line: str) -> None:
    connection = exposure(f"{NM}\n{line} | 2025-01-10", ANSWER, wanted=["recovery"], limits=EVERY)
    assert drawn(connection, "recovery", "recovery_status, limit_row, recover_by_date") == [SPECIFIC[line]]


def test_a_state_is_known_by_its_code_and_by_its_name() -> None:
    states = {1: "NM", 2: "NEWMEXICO", 3: "TEXAS", 4: "XX", 5: ""}
    lines = "\n".join(["claim_line_number | provider_state", *(f"{line} | {state}" for line, state in states.items())])
    answers = "\n".join(["claim_line_number | amount", *(f"{line} | 5.00" for line in states)])
    connection = exposure(lines, answers, wanted=["limited_findings"])
    of_lines = "limited_findings inner join findings using (finding_id)"
    assert drawn(connection, of_lines, "claim_line_number, state") == ["1 NM", "2 NM", "3 TX", "4 -", "5 -"]


# Limits and a line → status and the reason's end. A year and a day before the run, 12 months have passed, 24 have not.
UNKNOWN = {
    "no table": ("", "commercial | NM | 2024-12-31", "unknown", "(setting lookback_limits)"),
    "no row for it": (
        "line_of_business | months\nfep | 24", "commercial | NM | 2024-12-31", "unknown", "line of business and state",
    ),
    "the state is missing and matters": (
        "state | months\nNM | 12\n | 24", "commercial | | 2024-12-31", "unknown", "(provider_state)",
    ),
    "the state is missing and only some have a row": (
        "state | months\nNM | 24", "commercial | | 2024-12-31", "unknown", "(provider_state)",
    ),
    "the state is missing and does not matter": (
        "state | months\nNM | 24\n | 36", "commercial | | 2024-12-31", "recoverable",
        "by each of the limits that may apply",
    ),
    "passed by each": (
        "state | months\nNM | 12\n | 6", "commercial | | 2024-12-31", "time_barred",
        "by each of the limits that may apply",
    ),
    "a row for the line of business goes before one for the state": (
        "line_of_business | state | months\ncommercial | | 24\n | NM | 6", "commercial | | 2024-12-31",
        "recoverable", "has not passed",
    ),
    "a row for the line of business goes before one for all that has passed": (
        "line_of_business | months\n | 6\ncommercial | 24", "commercial | NM | 2024-12-31", "recoverable",
        "has not passed",
    ),
    "a row for the line of business that has passed goes before one for all": (
        "line_of_business | months\n | 24\ncommercial | 6", "commercial | NM | 2024-12-31", "time_barred", "has passed",
    ),
    "the line of business is missing and matters": (
        "line_of_business | months\nfep | 12\n | 24", "| NM | 2024-12-31", "unknown", "(line_of_business)",
    ),
    "both are missing": (
        "line_of_business | state | months\nfep | NM | 12\n | | 24", "| | 2024-12-31", "unknown",
        "(line_of_business, provider_state)",
    ),
    "the paid date is missing": ("months\n12", "commercial | NM |", "unknown", "(paid_date)"),
    "the paid date is missing and not needed": (
        "months | counted_from\n12 | service", "commercial | NM |", "recoverable", "has not passed",
    ),
    "the paid date is missing and the rule is exempt": (
        "months | exempt_rules\n12 | r1", "commercial | NM |", "recoverable", "applies to findings of this rule",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_cannot_be_told_is_never_recoverable(name: str) -> None:
    limits, line, status, reason = UNKNOWN[name]
    connection = exposure(f"{NM}\n{line}", ANSWER, wanted=["recovery"], limits=limits)
    ((found, words),) = connection.execute("select recovery_status, reason from recovery").fetchall()
    assert (found, words.endswith(reason)) == (status, True), words
    if status == "unknown":
        assert drawn(connection, "recovery", "recover_by_date, days_left") == ["- -"]


def test_of_several_limits_that_have_passed_the_one_that_passed_last_is_shown() -> None:
    limits = "state | months\nNM | 12\n | 6"
    connection = exposure(f"{NM}\ncommercial | | 2024-12-31", ANSWER, wanted=["recovery"], limits=limits)
    found = drawn(connection, "recovery", "recovery_status, limit_row, recover_by_date")
    assert found == ["time_barred 1 2025-12-31"]


def test_of_limits_with_the_same_last_day_the_first_row_is_shown() -> None:
    limits = "state | months\nNM | 24\n | 24"
    connection = exposure(f"{NM}\ncommercial | | 2024-12-31", ANSWER, wanted=["recovery"], limits=limits)
    assert drawn(connection, "recovery", "recovery_status, limit_row") == ["recoverable 1"]


def test_of_limits_that_disagree_none_is_shown() -> None:
    limits = "state | months\nNM | 12\n | 24"
    connection = exposure(f"{NM}\ncommercial | | 2024-12-31", ANSWER, wanted=["recovery"], limits=limits)
    shown = "recovery_status, recover_by_date, days_left, counted_from_date, months, limit_row, citation"
    assert drawn(connection, "recovery", shown) == ["unknown - - - - - -"]


def test_the_days_of_a_span_count_from_its_first() -> None:
    lines = "claim_line_start_date | claim_line_end_date\n2025-08-01 | 2025-08-31"
    connection = exposure(lines, ANSWER, wanted=["recovery"], limits="months | counted_from\n1 | service")
    assert drawn(connection, "recovery", "recover_by_date, recovery_status") == ["2025-09-01 time_barred"]


def test_exempt_rules_have_no_last_day() -> None:
    answers = "rule | outcome | amount\nr1 | overpayment | 5.00\nr2 | review | 7.00"
    limits = "months | exempt_rules\n1 | r2"
    connection = exposure("paid_date\n2020-01-01", answers, wanted=["recovery"], limits=limits)
    assert sorted(drawn(connection, "recovery", "recovery_status, recover_by_date, days_left, limit_row")) == [
        "recoverable - - 1",
        "time_barred 2020-02-01 -2161 1",
    ]


def test_a_last_day_is_shown_before_a_limit_that_exempts_the_rule() -> None:
    limits = "state | months | exempt_rules\nNM | 12 | r1\n | 24 |"
    connection = exposure(f"{NM}\ncommercial | | 2024-12-31", ANSWER, wanted=["recovery"], limits=limits)
    found = drawn(connection, "recovery", "recovery_status, limit_row, recover_by_date")
    assert found == ["recoverable 2 2026-12-31"]


def test_no_rule_and_no_finding_can_read_the_day() -> None:
    root = folder("sql")
    steps = load_steps(root / "staging", root / "facts", root / "rules", root / "exposure")
    assert [step.name for step in steps.values() if "clock" in step.reads] == ["recovery"]
    assert [name for name in ("recovery", "applicable_limits") if name in steps["findings"].reads] == []
