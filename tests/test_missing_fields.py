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


def test_a_line_without_ids_takes_the_one_provider_that_its_claim_names() -> None:
    found = answers(
        "nursing_add_on_without_visit",
        """
        claim_id | claim_line_number | member_id | provider | billing_npi | hcpcs_code
        ---------+-------------------+-----------+----------+-------------+-----------
        A        | 1                 | m         | agency   |             | 99601
        A        | 2                 | m         |          |             | 99602
        B        | 1                 | n         |          | 1234567893  | 99601
        B        | 2                 | n         |          |             | 99602
        C        | 1                 | o         | agency   |             | 99601
        C        | 2                 | o         | other    |             | 96365
        C        | 3                 | o         |          |             | 99602
        D        | 1                 | p         |          |             | 99601
        D        | 2                 | p         |          |             | 99602
        E        | 1                 | q         | agency   |             | 99601
        F        | 1                 | q         |          |             | 99602
        """,
    )
    outcomes = {(claim, line): outcome for claim, line, outcome, _ in found}
    assert outcomes == {
        ("A", 1): "pass", ("A", 2): "pass", ("B", 1): "pass", ("B", 2): "pass", ("C", 1): "pass",
        ("C", 3): "not_evaluable", ("D", 1): "pass", ("D", 2): "pass", ("E", 1): "pass", ("F", 1): "not_evaluable",
    }  # fmt: skip


def test_a_claim_id_that_two_members_share_lends_no_provider() -> None:
    found = answers(
        "nursing_add_on_without_visit",
        """
        claim_id | claim_line_number | member_id | provider | hcpcs_code | paid_amount | allowed_amount
        ---------+-------------------+-----------+----------+------------+-------------+---------------
        A        | 1                 | m         | agency   | 99601      | 90.00       | 90.00
        A        | 2                 | n         |          | 99602      | 0.00        | 40.00
        B        | 1                 | n         | agency   | 99601      | 90.00       | 90.00
        """,
    )
    assert [answer[:3] for answer in found] == [("A", 1, "pass"), ("A", 2, "not_evaluable"), ("B", 1, "pass")]


def test_a_claim_with_a_bill_type_is_institutional_where_its_type_is_missing() -> None:
    found = answers(
        "multiple_initial_services",
        """
        claim_id | claim_line_number | member_id | provider | claim_type   | bill_type_code | hcpcs_code | paid_amount
        ---------+-------------------+-----------+----------+--------------+----------------+------------+------------
        A        | 1                 | m         | hospital |              | 0131           | 96365      | 300.00
        B        | 1                 | m         | hospital |              |                | 96365      | 100.00
        C        | 1                 | n         | hospital |              | 0131           | 96365      | 300.00
        C        | 2                 | n         | hospital |              |                | 96413      | 100.00
        D        | 1                 | o         | office   |              |                | 96365      | 300.00
        E        | 1                 | o         | office   |              |                | 96413      | 100.00
        F        | 1                 | p         | office   | professional | 0111           | 96365      | 300.00
        F        | 2                 | p         | office   |              |                | 96413      | 100.00
        """,
    )
    assert {(claim, line): outcome for claim, line, outcome, _ in found} == {
        ("A", 1): "pass", ("B", 1): "pass", ("C", 1): "overpayment", ("C", 2): "pass",
        ("D", 1): "pass", ("E", 1): "overpayment", ("F", 1): "pass", ("F", 2): "overpayment",
    }  # fmt: skip


def test_split_billing_of_a_clinic_is_told_by_the_bill_type_too() -> None:
    found = answers(
        "clinic_refill_billed_twice",
        """
        claim_id | claim_line_number | provider | claim_type | bill_type_code | hcpcs_code | place_of_service_code
        ---------+-------------------+----------+------------+----------------+------------+----------------------
        A        | 1                 | doctor   |            |                | 62370      | 22
        B        | 1                 | hospital |            | 0131           | 62370      |
        """,
    )
    assert [answer[:3] for answer in found] == [("A", 1, "pass"), ("B", 1, "pass")]
