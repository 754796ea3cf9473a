"""Which claim lines count: replacements, voids, reversals, netting, denied and void lines (rules.md, section 2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rule_cases import parse_table
from tests.staged_claims import staged_lines

CASES = {
    "the last of a chain of replacements stays": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount
        ---------+----------------------+-------------------+------------
        A        | 1                    |                   | 10.00
        B        | 7                    | A                 | 20.00
        C        | 7                    | B                 | 30.00
        """,
        """
        claim_id | paid_amount
        ---------+------------
        C        | 30.00
        """,
    ),
    "nothing stays where the last of a chain is a void": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount
        ---------+----------------------+-------------------+------------
        A        | 1                    |                   | 10.00
        B        | 7                    | A                 | 20.00
        C        | 8                    | B                 | 20.00
        """,
        "",
    ),
    "a void without an original drops itself alone": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount
        ---------+----------------------+-------------------+------------
        A        | 1                    |                   | 10.00
        B        | 8                    |                   | 10.00
        """,
        """
        claim_id | paid_amount
        ---------+------------
        A        | 10.00
        """,
    ),
    "of several replacements the one paid last stays; a missing date is the earliest": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | paid_date
        ---------+----------------------+-------------------+-------------+-----------
        A        | 1                    |                   | 10.00       | 2025-09-01
        B        | 7                    | A                 | 20.00       | 2025-10-02
        C        | 7                    | A                 | 30.00       | 2025-10-01
        D        | 7                    | A                 | 40.00       |
        """,
        """
        claim_id | paid_amount
        ---------+------------
        B        | 20.00
        """,
    ),
    "replacements paid on one day: the highest claim id stays": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount
        ---------+----------------------+-------------------+------------
        A        | 7                    | Z                 | 10.00
        B        | 7                    | Z                 | 20.00
        """,
        """
        claim_id | paid_amount
        ---------+------------
        B        | 20.00
        """,
    ),
    "a claim never removes itself": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount
        ---------+----------------------+-------------------+------------
        A        | 7                    | A                 | 10.00
        """,
        """
        claim_id | paid_amount
        ---------+------------
        A        | 10.00
        """,
    ),
    "a wholly denied replacement still removes its original": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | claim_line_status
        ---------+----------------------+-------------------+-------------+------------------
        A        | 1                    |                   | 10.00       | paid
        B        | 7                    | A                 | 0.00        | denied
        """,
        """
        claim_id | paid_amount | is_denied | is_allowed
        ---------+-------------+-----------+-----------
        B        | 0.00        | True      | False
        """,
    ),
    "a line and its negative twin are gone": (
        """
        claim_id | paid_amount | service_unit_quantity
        ---------+-------------+----------------------
        A        | 50.00       | 1
        A        | -50.00      | -1
        """,
        "",
    ),
    "one row of nothing, negative in units or charge alone, takes nothing back: it shows what was billed": (
        """
        claim_id | claim_line_number | paid_amount | allowed_amount | charge_amount | service_unit_quantity
        ---------+-------------------+-------------+----------------+---------------+----------------------
        A        | 1                 | 0.00        | 0.00           | 80.00         | -5
        A        | 2                 | 0.00        |                | -80.00        | 5
        A        | 3                 | -5.00       |                | 80.00         | 5
        """,
        """
        claim_id | claim_line_number | paid_amount | is_denied
        ---------+-------------------+-------------+-----------
        A        | 1                 | 0.00        | True
        A        | 2                 | 0.00        | True
        """,
    ),
    "a partial reversal leaves the rest, with the values of the paid row": (
        """
        claim_id | paid_amount | allowed_amount | service_unit_quantity | place_of_service_code | paid_date
        ---------+-------------+----------------+-----------------------+-----------------------+-----------
        A        | 50.00       | 60.00          | 5                     | 12                    | 2025-09-01
        A        | -20.00      | -20.00         | -2                    | 99                    | 2025-10-01
        """,
        """
        claim_id | paid_amount | allowed_amount | service_unit_quantity | place_code
        ---------+-------------+----------------+-----------------------+-----------
        A        | 30.00       | 40.00          | 3.000                 | 12
        """,
    ),
    "a correction: the row that was paid last gives the other values": (
        """
        claim_id | paid_amount | hcpcs_code | paid_date
        ---------+-------------+------------+-----------
        A        | 50.00       | A4222      | 2025-09-01
        A        | -50.00      | A4222      | 2025-09-15
        A        | 40.00       | A4223      | 2025-09-15
        """,
        """
        claim_id | paid_amount | hcpcs_code
        ---------+-------------+-----------
        A        | 40.00       | A4223
        """,
    ),
    "rows paid on one day: the dearer one, then the smaller code": (
        """
        claim_id | claim_line_number | paid_amount | hcpcs_code
        ---------+-------------------+-------------+-----------
        A        | 1                 | 10.00       | A4222
        A        | 1                 | 20.00       | A4223
        A        | 2                 | 10.00       | E0781
        A        | 2                 | 10.00       | A4222
        """,
        """
        claim_id | claim_line_number | paid_amount | hcpcs_code
        ---------+-------------------+-------------+-----------
        A        | 1                 | 30.00       | A4223
        A        | 2                 | 20.00       | A4222
        """,
    ),
    "a line of 0 from the start is denied, not void": (
        """
        claim_id | paid_amount | allowed_amount | claim_line_status
        ---------+-------------+----------------+------------------
        A        | 0.00        | 0.00           |
        """,
        """
        claim_id | paid_amount | is_denied | is_allowed
        ---------+-------------+-----------+-----------
        A        | 0.00        | True      | False
        """,
    ),
    "applied to a deductible: paid 0 and allowed": (
        """
        claim_id | paid_amount | allowed_amount
        ---------+-------------+---------------
        A        | 0.00        | 75.00
        """,
        """
        claim_id | paid_amount | is_denied | is_allowed
        ---------+-------------+-----------+-----------
        A        | 0.00        | False     | True
        """,
    ),
    "a missing allowed amount: what was paid was allowed": (
        """
        claim_id | paid_amount | allowed_amount
        ---------+-------------+---------------
        A        | 12.00       |
        """,
        """
        claim_id | paid_amount | is_denied | is_allowed
        ---------+-------------+-----------+-----------
        A        | 12.00       | False     | True
        """,
    ),
    "a missing paid amount is 0": (
        """
        claim_id | paid_amount | allowed_amount
        ---------+-------------+---------------
        A        |             | 12.00
        """,
        """
        claim_id | paid_amount | is_allowed
        ---------+-------------+-----------
        A        | 0.00        | True
        """,
    ),
    "the place follows from the bill type where it is missing": (
        """
        claim_id | place_of_service_code | bill_type_code | paid_amount
        ---------+-----------------------+----------------+------------
        A        |                       | 0131           | 1.00
        B        |                       | 331            | 1.00
        C        |                       | 999            | 1.00
        D        |                       |                | 1.00
        E        | 4                     | 111            | 1.00
        F        | 49                    |                | 1.00
        G        | 77                    |                | 1.00
        """,
        """
        claim_id | place_code | place_setting | is_away_from_home
        ---------+------------+---------------+------------------
        A        | 22         | facility      | True
        B        | 12         | home          | False
        C        | 99         | other         | True
        D        |            | missing       | False
        E        | 04         | home          | False
        F        | 49         | suite         | False
        G        | 77         | other         | True
        """,
    ),
    "a last day before the first one is the first one": (
        """
        claim_id | claim_line_start_date | claim_line_end_date | paid_amount
        ---------+-----------------------+---------------------+------------
        A        | 2025-08-05            | 2025-08-01          | 1.00
        B        | 2025-08-05            |                     | 1.00
        """,
        """
        claim_id | claim_line_end_date | day_count
        ---------+---------------------+----------
        A        | 2025-08-05          | 1
        B        | 2025-08-05          | 1
        """,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, tmp_path: Path) -> None:
    given, expect = (parse_table(table) for table in CASES[name])
    columns = list(expect[0]) if expect else ["claim_id"]
    found = [{column: line[column] for column in columns} for line in staged_lines(given, tmp_path)]
    assert found == expect
