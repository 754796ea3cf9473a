"""A claim replaced twice, a replacement replaced in turn: one end of each lineage stands, that paid last."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pytest

from audit_lib.audit import RunOptions, run_audit
from audit_lib.progress import Progress
from tests.rule_cases import parse_table
from tests.staged_claims import staged_lines

# Rows as given → the claim lines that stay, as `claim line paid allowed units`.
CASES: dict[str, tuple[str, list[str]]] = {
    "a replacement was replaced, and the first claim once more, later: the later one stays alone": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | paid_date
        A        | 1                    |                   | 10.00       | 2025-09-01
        B        | 7                    | A                 | 20.00       | 2025-09-02
        C        | 7                    | B                 | 30.00       | 2025-09-03
        D        | 7                    | A                 | 40.00       | 2025-09-04
        """,
        ["D 1 40.00 40.00 1.000"],
    ),
    "the same where what replaced the replacement was paid last: it stays alone": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | paid_date
        A        | 1                    |                   | 10.00       | 2025-09-01
        B        | 7                    | A                 | 20.00       | 2025-09-02
        C        | 7                    | B                 | 30.00       | 2025-09-04
        D        | 7                    | A                 | 40.00       | 2025-09-03
        """,
        ["C 1 30.00 30.00 1.000"],
    ),
    "the first branch was begun last: the end of its chain stays, whatever its own date": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | paid_date
        A        | 1                    |                   | 10.00       | 2025-09-01
        B        | 7                    | A                 | 20.00       | 2025-09-05
        C        | 7                    | B                 | 30.00       | 2025-09-02
        D        | 7                    | A                 | 40.00       | 2025-09-03
        """,
        ["C 1 30.00 30.00 1.000"],
    ),
    "branches paid on one day: the highest claim id of that day": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | paid_date
        A        | 1                    |                   | 10.00       | 2025-09-01
        B        | 7                    | A                 | 20.00       | 2025-09-02
        E        | 7                    | B                 | 30.00       | 2025-09-03
        D        | 7                    | A                 | 40.00       | 2025-09-03
        """,
        ["E 1 30.00 30.00 1.000"],
    ),
    "branches without a paid date: the highest claim id": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount
        B        | 7                    | A                 | 20.00
        C        | 7                    | B                 | 30.00
        D        | 7                    | A                 | 40.00
        """,
        ["D 1 40.00 40.00 1.000"],
    ),
    "a long branch loses whole": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | paid_date
        A        | 1                    |                   | 10.00       | 2025-09-01
        B        | 7                    | A                 | 20.00       | 2025-09-02
        C        | 7                    | B                 | 21.00       | 2025-09-03
        D        | 7                    | C                 | 22.00       | 2025-09-04
        E        | 7                    | D                 | 23.00       | 2025-09-05
        F        | 7                    | E                 | 24.00       | 2025-09-06
        G        | 7                    | F                 | 25.00       | 2025-09-07
        H        | 7                    | G                 | 26.00       | 2025-09-08
        Z        | 7                    | A                 | 40.00       | 2025-09-09
        """,
        ["Z 1 40.00 40.00 1.000"],
    ),
    "a fork within a branch: one of all stays": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | paid_date
        A        | 1                    |                   | 10.00       | 2025-09-01
        B        | 7                    | A                 | 20.00       | 2025-09-02
        C        | 7                    | B                 | 30.00       | 2025-09-06
        E        | 7                    | B                 | 31.00       | 2025-09-05
        F        | 7                    | E                 | 32.00       | 2025-09-07
        D        | 7                    | A                 | 40.00       | 2025-09-04
        """,
        ["F 1 32.00 32.00 1.000"],
    ),
    "a claim that replaces both replacements stays": (
        """
        claim_id | claim_line_number | claim_frequency_code | original_claim_id | paid_amount | paid_date
        A        | 1                 | 1                    |                   | 10.00       | 2025-09-01
        B        | 1                 | 7                    | A                 | 20.00       | 2025-09-02
        D        | 1                 | 7                    | A                 | 40.00       | 2025-09-03
        E        | 1                 | 7                    | B                 | 50.00       | 2025-09-04
        E        | 2                 | 7                    | D                 | 51.00       | 2025-09-04
        """,
        ["E 1 50.00 50.00 1.000", "E 2 51.00 51.00 1.000"],
    ),
    "the branch that was paid last ends in a void: nothing stays": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | paid_date
        A        | 1                    |                   | 10.00       | 2025-09-01
        B        | 7                    | A                 | 20.00       | 2025-09-02
        C        | 7                    | B                 | 30.00       | 2025-09-03
        D        | 7                    | A                 | 40.00       | 2025-09-04
        E        | 8                    | D                 | 40.00       | 2025-09-05
        """,
        [],
    ),
    "the branch that was paid earlier ends in a void: the other stays": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | paid_date
        A        | 1                    |                   | 10.00       | 2025-09-01
        B        | 7                    | A                 | 20.00       | 2025-09-02
        C        | 7                    | B                 | 30.00       | 2025-09-03
        D        | 7                    | A                 | 40.00       | 2025-09-04
        E        | 8                    | C                 | 30.00       | 2025-09-05
        """,
        ["D 1 40.00 40.00 1.000"],
    ),
    "a void of the first claim is no branch": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | paid_date
        A        | 1                    |                   | 10.00       | 2025-09-01
        B        | 7                    | A                 | 20.00       | 2025-09-02
        C        | 7                    | B                 | 30.00       | 2025-09-03
        D        | 8                    | A                 | 10.00       | 2025-09-04
        """,
        ["C 1 30.00 30.00 1.000"],
    ),
    "a fork takes out none of its own members' other claims, nor one that only names the loser": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | paid_date
        A        | 1                    |                   | 10.00       | 2025-09-01
        B        | 7                    | A                 | 20.00       | 2025-09-02
        C        | 1                    | B                 | 30.00       | 2025-09-03
        D        | 7                    | A                 | 40.00       | 2025-09-04
        F        | 1                    |                   | 50.00       | 2025-09-01
        G        | 7                    | F                 | 60.00       | 2025-09-02
        H        | 7                    | G                 | 70.00       | 2025-09-03
        """,
        ["C 1 30.00 30.00 1.000", "D 1 40.00 40.00 1.000", "H 1 70.00 70.00 1.000"],
    ),
    "an original that is not in the file, and a fork below it": (
        """
        claim_id | claim_frequency_code | original_claim_id | paid_amount | paid_date
        B        | 7                    | Z                 | 20.00       | 2025-09-02
        C        | 7                    | B                 | 30.00       | 2025-09-03
        D        | 7                    | Z                 | 40.00       | 2025-09-04
        """,
        ["D 1 40.00 40.00 1.000"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_stays(tmp_path: Path, name: str) -> None:
    given, expect = CASES[name]
    columns = ("claim_id", "claim_line_number", "paid_amount", "allowed_amount", "service_unit_quantity")
    staged = staged_lines(parse_table(given), tmp_path)
    assert [" ".join(line[column] for column in columns) for line in staged] == expect


def _lineages(count: int) -> dict[str, tuple[str, str]]:
    """Return claims of random lineages without a void: claim → the claim that it replaces and its paid date."""
    chance = random.Random(7)
    claims = {}
    for number in range(count):
        names = [f"L{number:03d}-{place}" for place in chance.sample(range(10), chance.randint(1, 7))]
        for place, name in enumerate(names):
            original = chance.choice(names[:place]) if place else ""
            claims[name] = (original, chance.choice(["", "2025-09-01", "2025-09-02", "2025-09-03"]))
    return claims


def _end(claims: dict[str, tuple[str, str]], root: str) -> str:
    """Return the claim that stands below a claim: at every fork the branch with the latest payment goes on."""
    later = [claim for claim, (original, _) in claims.items() if original == root]
    return _end(claims, max(later, key=lambda claim: _latest(claims, claim))) if later else root


def _latest(claims: dict[str, tuple[str, str]], claim: str) -> tuple[str, str]:
    later = [_latest(claims, other) for other, (original, _) in claims.items() if original == claim]
    return max([(claims[claim][1], claim), *later])


def test_one_claim_of_each_lineage_stands_and_all_others_lead_to_it(tmp_path: Path) -> None:
    claims = _lineages(120)
    header = "claim_id,claim_line_number,member_id,claim_line_start_date,hcpcs_code,service_unit_quantity,paid_amount,"
    header += "billing_tin,claim_frequency_code,original_claim_id,paid_date"
    rows = [
        f"{claim},1,M,2025-08-01,A4222,1,10.00,741,{7 if original else 1},{original},{paid}"
        for claim, (original, paid) in claims.items()
    ]
    (tmp_path / "claims.csv").write_text("\n".join([header, *rows]), "utf-8")
    options = RunOptions(
        str(tmp_path / "claims.csv"), tmp_path / "out", rules=["supply_with_per_diem"],
        with_reports=False, with_quality=False,
    )  # fmt: skip
    run = run_audit(options, Progress(is_quiet=True)).path
    outcomes, links = (
        dict(duckdb.sql(f"select {columns} from read_parquet('{run}/{name}.parquet')").fetchall())
        for name, columns in (("line_outcomes", "claim_id, 1"), ("replaced_claims", "claim_id, replaced_by_claim_id"))
    )
    ends = {_end(claims, claim) for claim, (original, _) in claims.items() if not original}
    assert set(outcomes) == ends and set(links) == set(claims) - ends
    for claim in links:
        end = claim
        for _ in claims:
            end = links.get(end, end)
        assert end in ends and end[:4] == claim[:4]
