"""What reviewers closed: a worklist leaves it out, and every other report says how much of its dollars that is."""

from pathlib import Path

import pytest

from audit_lib.reports import recovery_tables, tables
from audit_lib.reports.filters import Filters
from audit_lib.reports.ledger_block import closed_cautions
from audit_lib.reports.ledger_tables import settled_words
from audit_lib.reports.scope import scope
from audit_lib.run import Run
from tests.ledger_story import audit, claim, import_rows, write_claims

# Before 18 July 2025 the policy's text is not on file, so L, N and R are leads; A, B and C are overpayments.
BASE = {
    "A": claim("A", "40.00"), "B": claim("B", "35.00"), "C": claim("C", "50.00"),
    "L": claim("L", "25.00", "2025-03-10"), "N": claim("N", "12.00", "2025-03-11"),
    "R": claim("R", "20.00", "2025-03-12"),
}  # fmt: skip


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A first run; A, L and R are closed, C recovered in part; a second run in which R costs more than before."""
    place = tmp_path_factory.mktemp("closed")
    first = audit(place, "first", write_claims(place / "first.csv", *BASE.values()), "2025-09-05")
    import_rows(
        place, first, "first_answers.csv", "2025-09-20",
        ("A", "recovered", "2025-09-09", "40.00"), ("C", "recovered", "2025-09-10", "15.00"),
        ("L", "overturned", "2025-09-11", ""), ("R", "written_off", "2025-09-12", ""),
    )  # fmt: skip
    dearer = {**BASE, "R": claim("R", "30.00", "2025-03-12")}
    audit(place, "second", write_claims(place / "second.csv", *dearer.values()), "2025-10-05")
    return place / "runs"


def _worklist(folder: Path) -> Run:
    return Run.open(folder, Filters(within="review"))


def test_a_worklist_holds_open_leads_and_those_raised_again(runs: Path) -> None:
    assert sorted(tables.findings(_worklist(runs / "first"))["claim_id"]) == ["L", "N", "R"]
    second = _worklist(runs / "second")
    assert sorted(tables.findings(second)["claim_id"]) == ["N", "R"]
    assert str(tables.evidence_requests(second)["whole_review_amount"].iloc[0]) == "42.00"
    assert sum(tables.lead_reasons(second)["line_count"]) == 2


def test_a_worklist_says_what_it_leaves_out_and_prints_it_in_its_filter(runs: Path) -> None:
    assert closed_cautions(_worklist(runs / "first")) == []
    assert closed_cautions(_worklist(runs / "second")) == ["1 lead ($25.00) that reviewers closed is left out."]
    said = scope(_worklist(runs / "second"), "leads").text
    assert said.startswith("$42.00 on 2 claims needs review.")
    assert "from finding_status where status = 'closed'" in said


def test_other_reports_count_closed_findings_and_say_so(runs: Path) -> None:
    assert closed_cautions(Run.open(runs / "first")) == []
    second = Run.open(runs / "second")
    assert sorted(tables.findings(second)["claim_id"]) == ["A", "B", "C", "L", "N", "R"]
    assert closed_cautions(second) == [
        "Of these findings reviewers closed 2: $40.00 of potential overpayment and $25.00 to review. Of the open "
        "findings $15.00 was recovered already. These dollars are counted here as the run found them; exports and "
        "letters leave them out."
    ]
    only_open = Run.open(runs / "second", Filters(provider="749999999"))
    assert closed_cautions(only_open) == []


def test_a_run_without_a_ledger_has_nothing_closed(tmp_path: Path) -> None:
    claims = write_claims(tmp_path / "claims.csv", *BASE.values())
    run = audit(tmp_path, "alone", claims, "2025-10-05", has_ledger=False)
    assert closed_cautions(Run.open(run)) == []
    assert sorted(tables.findings(_worklist(run))["claim_id"]) == ["L", "N", "R"]


def test_what_is_in_time_is_said_to_be_before_what_reviewers_settled(runs: Path) -> None:
    assert settled_words(Run.open(runs / "first")) == ""
    second = Run.open(runs / "second")
    assert settled_words(second) == ", before what reviewers closed or recovered"
    assert settled_words(Run.open(runs / "second", Filters(outcome="review"))) == ""
    assert settled_words(Run.open(runs / "second", is_shared=True)) == ""


def test_the_walk_of_a_run_in_which_nothing_is_settled_has_no_step_for_it(runs: Path) -> None:
    first, second = (recovery_tables.overpayment_walk(Run.open(runs / name)) for name in ("first", "second"))
    assert set(second["step"]) - set(first["step"]) == {
        "recovered",
        "given_up",
        "outstanding",
        "outstanding_contingent",
    }
    amounts = dict(zip(second["step"], map(str, second["step_amount"]), strict=True))
    assert (amounts["recovered"], amounts["given_up"], amounts["outstanding"]) == ("-55.00", "0.00", "70.00")
