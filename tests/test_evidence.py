"""The evidence of findings: read off the rules' SQL, true to the cent, plain, and honest where it cannot be told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from audit_lib.audit import run_audit
from audit_lib.cli import main
from audit_lib.evidence import Evidence, evidence_for, largest_overpayment, pages
from audit_lib.evidence.arithmetic import runs
from audit_lib.evidence.text import as_json, as_text
from audit_lib.progress import Progress
from audit_lib.reports.quality_cautions import LEFT_OUT
from audit_lib.rules import load_rules
from audit_lib.run import Run
from tests.cells import shown
from tests.evidence_runs import SAMPLE, finished_run
from tests.rule_cases import load_cases, options_of, write_claims

RULES = [rule.name for rule in load_rules()]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return Run.open(finished_run(SAMPLE / "claims.csv", tmp_path_factory.mktemp("evidence") / "run"))


@pytest.fixture(scope="module")
def evidence(run: Run) -> dict[str, Evidence]:
    return evidence_for(run, list(run.sql("select finding_id from findings")["finding_id"]))


def of_rule(evidence: dict[str, Evidence], rule: str, **wanted: Any) -> list[Evidence]:
    found = [item for item in evidence.values() if item.finding["rule"] == rule]
    return [item for item in found if all(item.finding[name] == value for name, value in wanted.items())]


# True to the run


def test_every_finding_comes_out_again_to_the_cent(evidence: dict[str, Evidence]) -> None:
    assert {item.finding["rule"] for item in evidence.values()} == set(RULES)
    for item in evidence.values():
        assert item.is_reperformed, item.finding_id
        assert item.recomputed_amount == item.finding["decided_amount"]
        assert item.texts("cautions") == [LEFT_OUT]  # these runs are made without the data-quality gate


@pytest.mark.parametrize("settings", [{}, {"contract_factors": {"SH": 0.5, "SJ": 0.0}}, {"literal_supply_range": True}])
def test_every_finding_of_the_cases_comes_out_again(settings: dict[str, Any], tmp_path: Path) -> None:
    cases = [case for case in load_cases() if case.settings == settings]
    write_claims(tmp_path / "cases.csv", cases)
    options = replace(
        options_of(settings), claims=str(tmp_path / "cases.csv"), out=tmp_path / "run", run_id=".", with_reports=False
    )
    run = Run.open(run_audit(options, Progress(is_quiet=True)).path)
    found = evidence_for(run, list(run.sql("select finding_id from findings")["finding_id"]))
    assert found
    for item in found.values():
        assert item.is_reperformed, (item.finding["rule"], item.finding["reason"])
        assert item.recomputed_amount == item.finding["decided_amount"]
        assert item.texts("tried")


def test_days_that_are_marked_are_those_that_the_amount_is_the_share_of(evidence: dict[str, Evidence]) -> None:
    marked = 0
    for item in evidence.values():
        days = {moment.service_date for moment in item.days if moment.is_in_question}
        if days:
            line = next(line for line in item.lines if line.role == "finding")
            assert all(line.claim_line_start_date <= day <= line.claim_line_end_date for day in days)
            text = " ".join(item.texts("arithmetic"))
            assert f": {len(days)}." in text, text
            marked += 1
    assert marked > 100


def test_the_lines_are_the_finding_its_proof_and_what_lies_beside(evidence: dict[str, Evidence]) -> None:
    for item in evidence.values():
        finding = item.finding
        assert [line.role for line in item.lines].count("finding") == 1
        proofs = [(line.claim_id, line.claim_line_number) for line in item.lines if line.role == "proof"]
        named = (finding["related_claim_id"], finding["related_claim_line_number"])
        assert proofs == ([named] if finding["related_claim_id"] else [])
        assert all(line.is_other_provider == (line.provider_id != finding["provider_id"]) for line in item.lines)


def test_no_sentence_but_the_marked_ones_names_another_provider(evidence: dict[str, Evidence]) -> None:
    looked = 0
    for item in evidence.values():
        others = {line.claim_id for line in item.lines if line.is_other_provider}
        others |= {line.provider_id for line in item.lines if line.is_other_provider}
        for statement in item.statements:
            if not statement.names_other_provider:
                assert not any(name in statement.text for name in others)
        looked += bool(others)
    assert looked > 10


# Plain for every rule


@pytest.mark.parametrize("rule", RULES)
def test_explain_says_everything_of_one_finding_of_every_rule(evidence: dict[str, Evidence], rule: str) -> None:
    item = max(of_rule(evidence, rule), key=lambda found: (found.finding["outcome"] == "overpayment", found.finding_id))
    text = as_text(item)
    for heading in (
        "The finding", "What the rule says", "Which text was in force", "The claim lines", "The amount, step by step",
        "What was asked, and what the claims answer", "What else the audit says of this line",
        "Documents that would settle it", "What speaks against this finding",
    ):  # fmt: skip
        assert f"\n{heading}\n" in text
    assert f"${item.finding['decided_amount']:,.2f}" in text
    assert f"version {item.finding['rule_version']}" in " ".join(text.split())
    assert "{" not in text
    assert "None" not in text


def test_every_question_is_answered_in_whole_sentences(evidence: dict[str, Evidence]) -> None:
    texts = {text for item in evidence.values() for statement in item.statements for text in [statement.text]}
    for text in texts:
        assert text[0].isupper() or text[0] in "“$0123456789", text
        assert text.endswith("."), text


@pytest.mark.parametrize(
    ("rule", "reason", "said"),
    [
        ("per_diem_without_drug", "the drugs on the claim around these days belong", "a lead."),
        (
            "supply_with_per_diem",
            "included in the per diem of another provider",
            "only such per diem is another provider's",
        ),
        (
            "self_administered_drug",
            "members give it to themselves, but an office may have given it",
            "in an office too",
        ),
        ("per_diem_units_exceed_days", "a fraction of a unit beyond the one day", "A fraction of a unit"),
    ],
)
def test_what_was_not_asked_is_not_answered(evidence: dict[str, Evidence], rule: str, reason: str, said: str) -> None:
    """The rule stops at the first situation that holds: what comes after it must not be claimed."""
    item = next(item for item in of_rule(evidence, rule) if item.finding["reason"].startswith(reason))
    tried = " ".join(item.texts("tried"))
    assert said in tried
    for never in ("No other provider bills", "No other claim of the provider", "The units are no more than a month"):
        assert never not in tried


def test_the_add_on_codes_that_may_be_payable_are_named(evidence: dict[str, Evidence]) -> None:
    for item in of_rule(evidence, "multiple_initial_services"):
        (text,) = [text for text in item.texts("tried") if text.startswith("Add-on codes")]
        assert any(code in text for code in ("96361", "96366", "96375", "96411", "96415"))


# What speaks against it


def test_a_prior_authorization_comes_first(evidence: dict[str, Evidence]) -> None:
    authorized = [
        item for item in evidence.values()
        if any(line.role == "finding" and line.authorization_number for line in item.lines)
    ]  # fmt: skip
    assert authorized
    for item in authorized:
        assert item.texts("against")[0].startswith("The line carries a prior authorization number")


def test_a_per_diem_that_is_itself_taken_back_is_said(run: Run, evidence: dict[str, Evidence]) -> None:
    contingent = run.sql("select claim_id, claim_line_number from line_exposure where contingent_overpaid_amount > 0")
    keys = set(contingent.itertuples(index=False, name=None))
    assert keys
    said = {
        (item.finding["claim_id"], item.finding["claim_line_number"])
        for item in evidence.values()
        if any("itself found overpaid in full" in text for text in item.texts("against"))
    }
    assert keys <= said


def test_assumptions_and_defences_are_said(evidence: dict[str, Evidence]) -> None:
    texts = [text for item in evidence.values() for text in item.texts("against")]
    assert any(text.startswith("The claims file does not say") for text in texts)
    for item in evidence.values():
        assert any(text.startswith("A provider may say: ") for text in item.texts("against"))


def test_what_changed_the_answer_is_said(evidence: dict[str, Evidence]) -> None:
    words = {"window": "is not on file", "self_funded": "plan is self-funded", "secondary_payer": "Another payer paid"}
    changed = [item for item in evidence.values() if item.finding["changed_by"]]
    assert {item.finding["changed_by"] for item in changed} >= set(words)
    for item in changed:
        text = " ".join(item.texts("in_force"))
        assert f"The rule itself decided: potential overpayment of ${item.finding['decided_amount']:,.2f}" in text
        assert words[item.finding["changed_by"]] in text


# The command


def test_the_command_takes_the_beginning_of_an_id(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    finding_id = largest_overpayment(run)
    assert finding_id
    assert main(["explain", finding_id[:10], "--run", str(run.folder)]) == 0
    assert capsys.readouterr().out.startswith(f"Finding {finding_id}\n")
    assert main(["explain", finding_id, "--run", str(run.folder), "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["finding"]["finding_id"] == finding_id
    assert Decimal(said["recomputed_amount"]) == Decimal(said["finding"]["decided_amount"])


@pytest.mark.parametrize("finding_id", ["zzzz", ""])
def test_an_unknown_id_gets_one_paragraph(run: Run, capsys: pytest.CaptureFixture[str], finding_id: str) -> None:
    assert main(["explain", finding_id, "--run", str(run.folder)]) == 2
    said = capsys.readouterr()
    assert not said.out
    assert said.err.count("\n") == 1
    assert "no finding" in said.err


def test_a_beginning_of_several_ids_is_refused(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    ids = sorted(run.sql("select finding_id from findings")["finding_id"])
    shared = next(a[:1] for a, b in pairwise(ids) if a[0] == b[0])
    assert main(["explain", shared, "--run", str(run.folder)]) == 2
    assert "findings whose id begins with" in capsys.readouterr().err


def test_nothing_is_written_to_the_run(run: Run) -> None:
    before = {path: path.stat().st_mtime_ns for path in run.folder.rglob("*")}
    assert evidence_for(run, [str(largest_overpayment(run))])
    assert {path: path.stat().st_mtime_ns for path in run.folder.rglob("*")} == before


def test_days_are_written_as_spans() -> None:
    days = [date(2025, 8, 5), date(2025, 8, 7), date(2025, 8, 8), date(2025, 8, 9)]
    assert runs(days) == "5 Aug 2025, 7 Aug 2025 to 9 Aug 2025"


def test_json_holds_every_cent(evidence: dict[str, Evidence]) -> None:
    item = next(iter(evidence.values()))
    assert json.loads(as_json(item))["finding"]["amount"] == str(item.finding["amount"])


# The notebook


def test_the_figure_draws_every_line_and_the_days(evidence: dict[str, Evidence]) -> None:
    item = next(item for item in of_rule(evidence, "per_diem_during_inpatient_stay") if item.days)
    figure = pages.timeline(item).to_dict()
    assert sum(len(trace["y"]) for trace in figure["data"] if trace["name"] != "Days in question") == len(item.lines)
    assert len(figure["layout"]["shapes"]) == len(item.days)
    assert "in question" in figure["layout"]["title"]["text"]


def test_the_notebook_explains_the_finding_asked_for(run: Run) -> None:
    ids = list(run.sql("select finding_id from findings where rule = 'tpn_base_product' order by 1")["finding_id"])
    assert f"Finding {ids[0]}" in shown("07_claim_evidence", run.folder, finding=ids[0])[0].html


def test_without_a_finding_the_notebook_says_so(tmp_path: Path) -> None:
    run = finished_run(SAMPLE / "clean_claims.csv", tmp_path / "run")
    assert largest_overpayment(Run.open(run)) is None
    blocks = shown("07_claim_evidence", run)
    assert sum("There is no finding to explain" in block.text for block in blocks) > 5
