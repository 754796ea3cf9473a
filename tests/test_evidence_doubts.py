"""Doubts of the evidence: each is said of the claims that give it, and of no others."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from audit_lib.doubt_kinds import doubt_kinds
from audit_lib.evidence import Evidence, doubts, evidence_of
from audit_lib.evidence.sentences import Source
from audit_lib.run import Run
from tests.evidence_doubted import DOUBTED
from tests.evidence_runs import explain_all, finished_run, said
from tests.small_claims import CLAIMS

NO_FREQUENCY = "The claims file does not say whether the claim replaces or voids another"


def test_a_prior_authorization_comes_first_then_another_finding_and_fields_that_were_assumed_later() -> None:
    order = [name for name in doubt_kinds() if name in {"authorization", "contingent", "taken back", "assumption"}]
    assert [next(iter(doubt_kinds())), *order] == [
        "authorization", "authorization", "contingent", "taken back", "assumption",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Evidence]:
    return explain_all(tmp_path_factory.mktemp("truth"))


@pytest.mark.parametrize(("doubt", "names"), DOUBTED)
def test_a_doubt_is_said_of_the_claims_that_give_it_alone(
    explained: dict[str, Evidence], doubt: str, names: set[str]
) -> None:
    found = {name for name, item in explained.items() if doubt in said(item, "against")}
    assert found == names


def test_a_doubt_without_words_is_no_other_doubt() -> None:
    with pytest.raises(LookupError, match="'mislaid' has no words"):
        doubts._doubt(cast(Source, SimpleNamespace(title_of=str)), {"doubt": "mislaid", "detail": None})


def test_a_type_of_bill_says_whether_the_claim_replaces(explained: dict[str, Evidence]) -> None:
    assert NO_FREQUENCY not in said(explained["its type of bill says that it replaces"], "against")
    assert NO_FREQUENCY not in said(explained["its type of bill says 7, its frequency 1"], "against")
    assert NO_FREQUENCY in said(explained["a type of bill of two digits"], "against")
    assert NO_FREQUENCY in said(explained["no drug"], "against")


@pytest.mark.parametrize(("modifier_of_another_member", "is_doubted"), [("", True), ("SH", False)])
def test_what_no_line_has_is_asked_of_the_whole_file(
    tmp_path: Path, modifier_of_another_member: str, is_doubted: bool
) -> None:
    header, *lines = CLAIMS.splitlines()
    lines = [f"{line},{modifier_of_another_member if ',M2,' in line else ''}" for line in lines]
    (tmp_path / "claims.csv").write_text("\n".join([f"{header},hcpcs_modifier_1", *lines]) + "\n", "utf-8")
    run = Run.open(finished_run(tmp_path / "claims.csv", tmp_path / "run"))
    of_m1 = run.sql("select finding_id from findings where member_id = 'M1' and outcome = 'overpayment'")
    evidence = evidence_of(run, str(of_m1["finding_id"].iloc[0]))
    assert ("which modifiers the lines carry" in said(evidence, "against")) is is_doubted


def test_what_the_rows_of_a_line_took_back_is_said_with_its_days_and_what_is_left_is_what_is_reckoned(
    explained: dict[str, Evidence],
) -> None:
    supply = explained["a share of a supply that was taken back before"]
    assert said(supply, "against").startswith(
        "$110.00 of this line was already taken back, by a row of the line itself, dated 20 Sep 2025: the amount here "
        "is reckoned from what is left."
    )
    assert said(supply, "arithmetic").startswith(
        "After 2 rows of the claims file were summed, the plan paid $30.00 for a line of 14 days."
    )
    per_diem = explained["parts of a per diem that were taken back on two days"]
    assert said(per_diem, "against").startswith(
        "$330.00 of this line was already taken back, by 2 rows of the line itself, the last dated 20 Oct 2025:"
    )
    assert said(explained["no drug"], "arithmetic").count("rows of the claims file") == 0
