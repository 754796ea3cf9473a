"""Which claims replace or void, and which claim they name, where the fields that say so are blank or fillers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rule_cases import parse_table
from tests.staged_claims import staged_lines

CASES = {
    "the type of bill says that it replaces or voids, where the frequency is not given": (
        """
        claim_id | claim_frequency_code | bill_type_code | original_claim_id | paid_amount
        A        |                      | 131            |                   | 10.00
        B        |                      | 0137           | A                 | 20.00
        C        |                      | 111            |                   | 30.00
        D        |                      | 118            | C                 | 30.00
        E        |                      | 131            |                   | 40.00
        F        | 1                    | 137            | E                 | 50.00
        G        |                      | 18             | E                 | 60.00
        """,
        """
        claim_id | paid_amount
        B        | 20.00
        E        | 40.00
        F        | 50.00
        G        | 60.00
        """,
    ),
    "replacements that name zeros or nines name no claim that is known, and are no rivals": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | paid_date
        A        | 7                    | 000000            | 10.00       | 2025-09-01
        B        | 7                    | 000000            | 20.00       | 2025-09-02
        C        | 7                    | 0                 | 30.00       | 2025-09-02
        D        | 7                    | 99999             | 40.00       | 2025-09-03
        E        | 7                    | 99999             | 50.00       | 2025-09-04
        F        | 8                    | 0                 | 60.00       | 2025-09-04
        """,
        """
        claim_id | paid_amount
        A        | 10.00
        B        | 20.00
        C        | 30.00
        D        | 40.00
        E        | 50.00
        """,
    ),
    "replacements that name a word or a mark for nothing are no rivals either": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | paid_date
        A        | 7                    | NONE              | 10.00       | 2025-09-01
        B        | 7                    | NONE              | 20.00       | 2025-09-02
        C        | 7                    | Unknown           | 30.00       | 2025-09-02
        D        | 7                    | Unknown           | 40.00       | 2025-09-03
        E        | 7                    | -                 | 50.00       | 2025-09-04
        F        | 7                    | -                 | 60.00       | 2025-09-04
        G        | 7                    | na                | 70.00       | 2025-09-04
        H        | 7                    | na                | 80.00       | 2025-09-05
        """,
        """
        claim_id | paid_amount
        A        | 10.00
        B        | 20.00
        C        | 30.00
        D        | 40.00
        E        | 50.00
        F        | 60.00
        G        | 70.00
        H        | 80.00
        """,
    ),
    "an id that only begins like one is a claim's": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | paid_date
        NA1      | 1                    |                   | 5.00        | 2025-08-01
        A        | 7                    | NA1               | 10.00       | 2025-09-01
        B        | 7                    | NA1               | 20.00       | 2025-09-02
        """,
        """
        claim_id | paid_amount
        B        | 20.00
        """,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, tmp_path: Path) -> None:
    given, expect = (parse_table(table) for table in CASES[name])
    found = [
        {"claim_id": line["claim_id"], "paid_amount": line["paid_amount"]} for line in staged_lines(given, tmp_path)
    ]
    assert found == expect
