"""Each dollar once: nets, credited rules, contingent parts, what shares are taken of, courses of therapy."""

from __future__ import annotations

import pytest

from tests.hand_made import drawn, exposure

ONE = "claim_id | paid_amount\nA | 100.00"
NETS = "net_overpaid_amount, net_review_amount, overpaid_rule, review_rule, contingent_overpaid_amount, rules"

# What rules answered on a line of 100.00 → net overpaid, net under review, credited rules, contingent part, all rules.
LINES = {
    "one overpayment": (["r1 | overpayment | 40.00"], "40.00 0.00 r1 - 0.00 r1"),
    "one review": (["r1 | review | 40.00"], "0.00 40.00 - r1 0.00 r1"),
    "the larger of two": (["r1 | overpayment | 40.00", "r3 | overpayment | 60.00"], "60.00 0.00 r3 - 0.00 r1,r3"),
    "of equals the first rule": (
        ["r3 | overpayment | 40.00", "r1 | overpayment | 40.00"], "40.00 0.00 r1 - 0.00 r1,r3",
    ),
    "of equal reviews the first rule": (["r2 | review | 9.00", "r1 | review | 9.00"], "0.00 9.00 - r1 0.00 r1,r2"),
    "a review beyond the overpayment": (
        ["r1 | overpayment | 40.00", "r3 | review | 99.00"], "40.00 59.00 r1 r3 0.00 r1,r3",
    ),
    "a review within the overpayment": (
        ["r1 | overpayment | 40.00", "r3 | review | 30.00"], "40.00 0.00 r1 r3 0.00 r1,r3",
    ),
    "the largest review, not their sum": (
        ["r1 | review | 70.00", "r2 | review | 60.00", "r3 | overpayment | 50.00"], "50.00 20.00 r3 r1 0.00 r1,r2,r3",
    ),
    "findings of nothing": (["r1 | overpayment | 0.00", "r3 | review | 0.00"], "0.00 0.00 r1 r3 0.00 r1,r3"),
    "the whole line": (["r1 | overpayment | 100.00", "r2 | overpayment | 100.00"], "100.00 0.00 r1 - 0.00 r1,r2"),
    "other answers are no findings": (
        ["r1 | pass | 0.00", "r2 | excepted | 0.00", "r3 | review | 1.00"], "0.00 1.00 - r3 0.00 r3",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_a_line_is_counted_once(name: str) -> None:
    answers, expected = LINES[name]
    connection = exposure(ONE, "\n".join(["rule | outcome | amount", *answers]))
    assert drawn(connection, "line_exposure", NETS) == [expected]


def test_lines_without_a_finding_have_no_exposure() -> None:
    connection = exposure(ONE, "rule | outcome\nr1 | pass\nr2 | not_evaluable\nr3 | excepted", wanted=["line_exposure"])
    assert drawn(connection, "line_exposure", "claim_id") == []


TWO = """
claim_id | claim_line_number | hcpcs_code | paid_amount
A        | 1                 | S9365      | 150.00
A        | 2                 | A4222      | 40.00
"""
# Answers on the per diem (line 1) and on a supply (line 2) whose proof it is → contingent part of the supply's net.
CONTINGENT = {
    "the per diem is overpaid in full": (
        ["r1 | 1 | overpayment | 150.00 |", "r2 | 2 | overpayment | 40.00 | 1"], "40.00",
    ),
    "the per diem is overpaid in part": (
        ["r1 | 1 | overpayment | 149.99 |", "r2 | 2 | overpayment | 40.00 | 1"], "0.00",
    ),
    "the per diem is under review": (["r1 | 1 | review | 150.00 |", "r2 | 2 | overpayment | 40.00 | 1"], "0.00"),
    "the per diem is in order": (["r2 | 2 | overpayment | 40.00 | 1"], "0.00"),
    "a rule that does not rest on per diems": (
        ["r1 | 1 | overpayment | 150.00 |", "r3 | 2 | overpayment | 40.00 | 1"], "0.00",
    ),
    "another rule holds a part": (
        ["r1 | 1 | overpayment | 150.00 |", "r2 | 2 | overpayment | 40.00 | 1", "r3 | 2 | overpayment | 15.00 |"],
        "25.00",
    ),
    "another rule holds all": (
        ["r1 | 1 | overpayment | 150.00 |", "r2 | 2 | overpayment | 40.00 | 1", "r3 | 2 | overpayment | 40.00 |"],
        "0.00",
    ),
    "only a review of another rule": (
        ["r1 | 1 | overpayment | 150.00 |", "r2 | 2 | overpayment | 40.00 | 1", "r3 | 2 | review | 40.00 |"], "40.00",
    ),
    "a review is never contingent": (["r1 | 1 | overpayment | 150.00 |", "r2 | 2 | review | 40.00 | 1"], "0.00"),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTINGENT)
def test_the_part_that_rests_on_an_overpaid_per_diem(name: str) -> None:
    answers, expected = CONTINGENT[name]
    rows = [f"{row} | {'A' if row.endswith('1') and row.count('|') == 4 else ''}" for row in answers]
    header = "rule | claim_line_number | outcome | amount | related_claim_line_number | related_claim_id"
    connection = exposure(TWO, "\n".join([header, *rows]))
    found = connection.execute("select contingent_overpaid_amount from line_exposure where claim_line_number = 2")
    assert [str(amount) for (amount,) in found.fetchall()] == [expected]


# Answers on a line of 100.00, or of nothing → whether all that was paid on it is overpaid.
IN_FULL = {
    "all of it": ("100.00", ["r1 | overpayment | 100.00"], "True"),
    "a cent less": ("100.00", ["r1 | overpayment | 99.99"], "False"),
    "two rules that make all of it only together": (
        "100.00", ["r1 | overpayment | 60.00", "r3 | overpayment | 40.00"], "False",
    ),
    "one of two rules": ("100.00", ["r1 | overpayment | 60.00", "r3 | overpayment | 100.00"], "True"),
    "a review of all of it": ("100.00", ["r1 | review | 100.00"], "False"),
    "a review of the rest": ("100.00", ["r1 | overpayment | 60.00", "r3 | review | 100.00"], "False"),
    "a line paid nothing": ("0.00", ["r1 | overpayment | 0.00"], "False"),
}  # fmt: skip


@pytest.mark.parametrize("name", IN_FULL)
def test_whether_a_line_is_overpaid_in_full(name: str) -> None:
    paid, answers, expected = IN_FULL[name]
    connection = exposure(ONE.replace("100.00", paid), "\n".join(["rule | outcome | amount", *answers]))
    assert drawn(connection, "line_exposure", "is_overpaid_in_full") == [expected]


def test_a_per_diem_paid_nothing_makes_nothing_contingent() -> None:
    lines = TWO.replace("150.00", "0.00  ")
    answers = """
    rule | claim_line_number | outcome     | amount | related_claim_id | related_claim_line_number
    r1   | 1                 | overpayment | 0.00   |                  |
    r2   | 2                 | overpayment | 40.00  | A                | 1
    """
    connection = exposure(lines, answers)
    assert drawn(connection, "exposure_totals", "*") == ["40.00 0.00 0.00 2 0"]


# What was found on a per diem outside the period and on a supply in it whose proof it is → contingent part of the
# supply's net.
OUTSIDE = {
    "overpaid in full": ("150.00", ["r1 | 1 | overpayment | 150.00 |", "r2 | 2 | overpayment | 200.00 | 1"], "200.00"),
    "the larger of two findings": (
        "150.00",
        ["r1 | 1 | overpayment | 149.99 |", "r3 | 1 | overpayment | 150.00 |", "r2 | 2 | overpayment | 200.00 | 1"],
        "200.00",
    ),
    "overpaid in part": ("150.00", ["r1 | 1 | overpayment | 149.99 |", "r2 | 2 | overpayment | 200.00 | 1"], "0.00"),
    "under review": ("150.00", ["r1 | 1 | review | 150.00 |", "r2 | 2 | overpayment | 200.00 | 1"], "0.00"),
    "below the least amount": ("9.99", ["r1 | 1 | overpayment | 9.99 |", "r2 | 2 | overpayment | 200.00 | 1"], "0.00"),
}  # fmt: skip


@pytest.mark.parametrize("name", OUTSIDE)
def test_the_part_that_rests_on_a_per_diem_outside_the_period(name: str) -> None:
    paid, answers, expected = OUTSIDE[name]
    lines = f"claim_line_number | is_in_period | paid_amount\n1 | false | {paid}\n2 | true | 200.00"
    rows = [f"{row} | {'A' if row.endswith('1') and row.count('|') == 4 else ''}" for row in answers]
    header = "rule | claim_line_number | outcome | amount | related_claim_line_number | related_claim_id"
    connection = exposure(lines, "\n".join([header, *rows]), minimum_amount="cast(10 as decimal(18, 2))")
    assert drawn(connection, "line_exposure", "claim_line_number, contingent_overpaid_amount") == [f"2 {expected}"]


def test_a_per_diem_outside_the_period_paid_nothing_makes_nothing_contingent() -> None:
    lines = "claim_line_number | is_in_period | paid_amount\n1 | false | 0.00\n2 | true | 40.00"
    answers = """
    rule | claim_line_number | outcome     | amount | related_claim_id | related_claim_line_number
    r1   | 1                 | overpayment | 0.00   |                  |
    r2   | 2                 | overpayment | 40.00  | A                | 1
    """
    assert drawn(exposure(lines, answers), "exposure_totals", "*") == ["40.00 0.00 0.00 1 0"]


def test_totals_add_up_and_a_finding_keeps_its_name() -> None:
    lines = "claim_id | claim_line_number | paid_amount\nA | 1 | 100.00\nA | 2 | 50.00\nB | 1 | 10.00"
    answers = """
    rule | claim_id | claim_line_number | outcome     | amount
    r1   | A        | 1                 | overpayment | 100.00
    r1   | A        | 2                 | review      | 50.00
    r3   | A        | 2                 | overpayment | 20.00
    r2   | B        | 1                 | pass        | 0.00
    """
    connection = exposure(lines, answers)
    assert drawn(connection, "exposure_totals", "*") == ["120.00 0.00 30.00 2 1"]
    ids = connection.execute("select finding_id from findings where rule = 'r1' and claim_line_number = 1").fetchall()
    assert ids == connection.execute("select substr(sha256('r1|A|1'), 1, 16)").fetchall()


# Claim, line, code, paid and what keeps the line from what the audit speaks of.
BILLED = """
claim_id | claim_line_number | hcpcs_code | paid_amount | is_allowed | is_in_scope | is_in_period
A        | 1                 | S9500      | 150.00      | true       | true        | true
A        | 2                 | A4222      | 40.00       | true       | true        | true
B        | 1                 | S9500      | 0.00        | false      | true        | true
B        | 2                 | A4222      | 7.00        | true       | true        | true
C        | 1                 | S9500      | 11.00       | true       | false       | true
D        | 1                 | S9500      | 13.00       | true       | true        | false
"""


def test_a_claim_without_its_provider_is_no_provider() -> None:
    connection = exposure(
        """
        claim_id | provider_id | has_provider | hcpcs_code
        A        | 741         | true         | S9500
        B        | claim B     | false        | S9500
        C        | claim C     | false        | S9500
        D        | 741         | true         | S9500
        """,
        "claim_id\nA", wanted=["home_infusion_totals"],
    )  # fmt: skip
    assert drawn(connection, "home_infusion_totals", "claim_count, provider_count") == ["4 1"]


def test_what_shares_are_taken_of_is_what_the_audit_speaks_of() -> None:
    connection = exposure(BILLED, "claim_id\nA", wanted=["home_infusion_totals", "provider_volumes", "therapy_mix"])
    assert drawn(connection, "home_infusion_totals", "line_count, claim_count, paid_amount") == ["2 1 190.00"]
    volumes = "line_count, claim_count, per_diem_line_count, per_diem_paid_amount, paid_amount"
    assert drawn(connection, "provider_volumes", volumes) == ["3 2 1 150.00 197.00"]
    found = drawn(connection, "therapy_mix", "hcpcs_code, line_count, paid_amount")
    assert found == ["A4222 2 47.00", "S9500 1 150.00"]


def test_a_share_is_of_what_stands_on_claims_with_a_per_diem() -> None:
    answers = """
        claim_id | claim_line_number | outcome     | amount
        A        | 1                 | review      | 30.00
        A        | 2                 | overpayment | 40.00
        B        | 2                 | overpayment | 7.00
    """
    connection = exposure(BILLED, answers, wanted=["home_infusion_totals", "exposure_totals"])
    parts = "paid_amount, net_overpaid_amount, net_review_amount"
    assert drawn(connection, "home_infusion_totals", parts) == ["190.00 40.00 30.00"]
    assert drawn(connection, "exposure_totals", "net_overpaid_amount, net_review_amount") == ["47.00 30.00"]


# Per diem lines of a member, each `from date, through date, units` → the courses of therapy: shortest length of their
# class, courses, those with more units than days, days.
COURSES = {
    "thirty days between them": (["01-01 01-07 7", "02-06 02-06 1"], ["8 1 0 8"]),
    "thirty-one days between them": (["01-01 01-07 7", "02-07 02-07 1"], ["1 1 0 1", "2 1 0 7"]),
    "a shared day counts once": (["01-01 01-07 7", "01-07 01-10 3"], ["8 1 0 10"]),
    "days within others count once": (["01-01 01-10 10", "01-03 01-05 0", "01-11 01-12 2"], ["8 1 0 12"]),
    "the longest span before decides": (["01-01 01-31 31", "01-02 01-02 0", "03-02 03-02 1"], ["29 1 0 32"]),
    "more units than days": (["01-01 01-07 8"], ["2 1 1 7"]),
}


@pytest.mark.parametrize("name", COURSES)
def test_courses_of_therapy(name: str) -> None:
    spans, expected = COURSES[name]
    header = "claim_id | hcpcs_code | claim_line_start_date | claim_line_end_date | service_unit_quantity"
    rows = [
        f"{claim} | S9500 | 2025-{first} | 2025-{last} | {units}"
        for claim, (first, last, units) in zip("ABC", map(str.split, spans), strict=False)
    ]
    connection = exposure("\n".join([header, *rows]), "claim_id\nA", wanted=["therapy_episodes"])
    columns = "shortest_day_count, episode_count, episode_above_days_count, day_count"
    assert drawn(connection, "therapy_episodes", columns) == expected
