"""Fields that a file, or a line of a claim, does not give: what is then told from the rest, and what cannot be told."""

from __future__ import annotations

import pytest

from tests.rule_cases import Case, audit_cases, parse_table

STAY = "per_diem_during_inpatient_stay"


def answers(rule: str, given: str) -> list[tuple[str, int, str, str]]:
    """Audit lines as a file of their own by one rule; return claim, line, outcome and reason."""
    case = Case(rule, "alone", parse_table(given), [], number=1)
    found = audit_cases({}, [case]).get((1, rule), [])
    return [(o["claim_id"].partition("-")[2], o["claim_line_number"], o["outcome"], o["reason"]) for o in found]


@pytest.mark.parametrize("column", ["bill_type_code", "ndc_unit"], ids=["empty column", "no column"])
def test_no_stay_can_be_told_from_a_file_without_bill_types(column: str) -> None:
    found = answers(
        STAY,
        f"""
        claim_id | claim_line_number | claim_line_start_date | hcpcs_code | {column} | revenue_center_code
        ---------+-------------------+-----------------------+------------+----------+--------------------
        A        | 1                 | 2025-08-01            | S9500      |          |
        A        | 2                 | 2025-08-20            | S9366      |          |
        H        | 1                 | 2025-08-01            |            |          | 0120
        """,
    )
    reason = "bill_type_code: missing on every line of the claims, so that no inpatient stay can be told"
    assert found == [("A", 1, "not_evaluable", reason), ("A", 2, "not_evaluable", reason)]


def test_one_bill_type_of_any_member_shows_that_stays_would_be_told() -> None:
    found = answers(
        STAY,
        """
        claim_id | claim_line_number | member_id | claim_type    | bill_type_code | hcpcs_code | revenue_center_code
        ---------+-------------------+-----------+---------------+----------------+------------+--------------------
        A        | 1                 | m         | professional  |                | S9500      |
        H        | 1                 | other     | institutional | 0131           | 99284      | 0450
        """,
    )
    assert [answer[:3] for answer in found] == [("A", 1, "pass")]
