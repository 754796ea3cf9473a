"""Every notebook takes the same filters, prints the one that it used, and says where it does not apply."""

from __future__ import annotations

import ast
import html
import json
import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from audit_lib.audit import RunOptions, run_audit
from audit_lib.progress import Progress
from audit_lib.reports import tables
from audit_lib.reports.blocks import Block, table_titles
from audit_lib.reports.filters import Filters
from audit_lib.reports.parameters import notebook_names
from audit_lib.reports.reach import WHOLE
from audit_lib.resources import folder
from audit_lib.run import Run
from tests.cells import shown
from tests.fake_run import build_run
from tests.rendered import SAMPLE

FILTERS = [
    "provider", "rule", "code", "line_of_business", "outcome", "date_from", "date_to", "least_amount",
]  # fmt: skip
RULE = "supply_with_per_diem"


@pytest.fixture(scope="module")
def fake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_run(tmp_path_factory.mktemp("runs") / "fake")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    options = RunOptions(
        str(SAMPLE / "claims.csv"), tmp_path_factory.mktemp("filters"), run_id="run", with_reports=False,
        with_quality=False,
    )  # fmt: skip
    return run_audit(options, Progress(is_quiet=True)).path


def said(blocks: list[object]) -> str:
    """Return all that the cells of a notebook say."""
    return "\n".join(block.text for block in blocks if isinstance(block, Block))


def test_every_notebook_declares_the_same_filters() -> None:
    for name in notebook_names():
        cells = json.loads((folder("notebooks") / f"{name}.ipynb").read_text("utf-8"))["cells"]
        [source] = ["".join(c["source"]) for c in cells if "parameters" in c["metadata"].get("tags", [])]
        declared = [
            node.target.id for node in ast.parse(source).body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        ]  # fmt: skip
        assert [parameter for parameter in declared if parameter in FILTERS] == FILTERS, name
        assert "is_shared" in declared, name


@pytest.mark.parametrize("name", [name for name in notebook_names() if not name.startswith("07")])
def test_every_notebook_prints_the_filter_it_used(fake: Path, name: str) -> None:
    given = {"rule": RULE, "outcome": "review", "date_to": "2025-09-30", "least_amount": "25.50"}
    assert f"Filter: {Filters(**given).sql()}" in said(shown(name, fake, **given))
    least = Filters(least_amount="25.50").sql()
    assert least in Filters(**given).sql() and least not in said(shown(name, fake, rule=RULE))


def test_a_profile_prints_the_filter_of_its_last_part_beside_that_of_the_comparison(fake: Path) -> None:
    named = {"provider": "741000001"}
    whole, narrowed = (shown("04_provider_profile", fake, **named, rule=rule)[0] for rule in ("", RULE))
    own = Filters(**named).sql()
    assert own in html.unescape(whole.html) and own in whole.text
    assert "No filter: every finding of the run." not in whole.html
    assert "no filter, every finding of the run." in whole.html
    assert "Its dollars over time and its findings" in whole.html
    assert Filters(rule=RULE).sql() in narrowed.text and Filters(**named, rule=RULE).sql() in narrowed.text
    assert Filters(**named, rule=RULE).sql() in html.unescape(narrowed.html)


def test_a_profile_of_the_largest_provider_prints_which_one_its_last_part_is_of(fake: Path) -> None:
    [profiled] = tables.profiled_provider(Run.open(fake))["provider_id"]
    assert Filters(provider=profiled).sql() in shown("04_provider_profile", fake)[0].text


def test_data_quality_narrows_what_could_not_be_decided_and_says_what_stays_whole(fake: Path) -> None:
    whole, narrowed = (shown("01_data_quality", fake, rule=rule) for rule in ("", RULE))
    assert said(narrowed).count("Not evaluable") + said(narrowed).count("not_evaluable") >= 1
    assert len(said(narrowed)) < len(said(whole))
    assert any("measured of the whole file" in getattr(block, "html", "") for block in narrowed)


def test_the_exposure_report_names_what_its_filter_does_not_reach(tmp_path: Path) -> None:
    override = {"row": 2, "rule": RULE, "action": "exempt", "note": "contract 7", "approved_by": "Ann",
                "line_count": 3, "decided_amount": "12.00"}  # fmt: skip
    limit = {"row": 2, "months": 12, "counted_from": "paid", "citation": "Agreement 4.2", "finding_count": 4}
    run = build_run(tmp_path / "run", overrides=[override], lookback_limits=[limit])
    whole, narrowed = (shown("03_overpayment_exposure", run, rule=rule) for rule in ("", RULE))
    of_the_run = [name for name, words in WHOLE.items() if words == "the whole run"]
    assert {"reported_gates", "carried_assumptions", "plan_overrides", "used_limits", "rejected_row_counts"} == set(
        of_the_run
    )
    for name in of_the_run:
        [caption] = [line for line in said(narrowed).splitlines() if line.startswith(table_titles()[name]["caption"])]
        assert caption.endswith(". Of the whole run, whatever is filtered"), name
    assert "whatever is filtered" not in said(whole)
    assert any("rejected rows" in getattr(block, "html", "") for block in narrowed[:2])


def test_every_table_that_no_filter_reaches_says_so() -> None:
    told = {name for name, title in table_titles().items() if re.search(r"of (the whole|this) run", title["caption"],
            re.IGNORECASE)}  # fmt: skip
    told |= {name for name in table_titles() if name.startswith("quality_")}  # 01 says it of them all
    unreached = {name for name in table_titles() if not _selections(name)}
    assert unreached - told == set(WHOLE)


def _selections(query: str) -> set[str]:
    """Return the tables of selected rows that a report query reads, directly or through others."""
    path = folder("sql") / "reports" / f"{query}.sql"
    if not path.is_file():
        return {query} if query.startswith("selected_") else set()
    named = {table.name for table in sqlglot.parse_one(path.read_text("utf-8"), dialect="duckdb").find_all(exp.Table)}
    return {found for name in named - {query} for found in _selections(name)}


def test_a_worklist_of_overpayments_is_empty_and_says_why(fake: Path) -> None:
    blocks = shown("06_review_worklist", fake, outcome="overpayment")
    assert "Nothing needs review." in said(blocks)
    assert any("a worklist is of leads alone" in getattr(block, "html", "").lower() for block in blocks)
    both = said(shown("06_review_worklist", fake, outcome=""))
    assert "Nothing needs review." not in both and " overpayment " not in both


def test_the_evidence_follows_the_filter_and_a_named_finding_says_that_it_does_not(sample: Path) -> None:
    run = Run.open(sample)
    largest = run.sql(f"select * from findings where rule = '{RULE}' order by outcome, amount desc limit 1").iloc[0]
    chosen = shown("07_claim_evidence", sample, rule=RULE)
    assert f"Filter: {Filters(rule=RULE).sql()}" in said(chosen)
    assert largest["finding_id"] in chosen[0].html
    other = run.sql(f"select finding_id from findings where rule <> '{RULE}' order by 1 limit 1").iloc[0, 0]
    named = shown("07_claim_evidence", sample, finding=other[:12], rule=RULE, is_shared=True)
    assert other in named[0].html
    assert any("does not meet the filter" in getattr(block, "html", "") for block in named)
    nothing = shown("07_claim_evidence", sample, provider="999999999")
    assert said(nothing).count("There is no finding to explain") > 5


def test_findings_that_belong_to_one_are_its_members_or_its_providers_of_the_rule(sample: Path) -> None:
    run = Run.open(sample)
    related = run.table("related_findings")
    [of] = run.table("explained_finding").to_dict("records")
    expected = run.sql(
        f"select finding_id from findings where finding_id <> '{of['finding_id']}' "
        f"and (member_id = '{of['member_id']}' or (rule = '{of['rule']}' and provider_id = '{of['provider_id']}'))"
    )
    assert set(related["finding_id"]) == set(expected["finding_id"]) and len(expected)
    narrowed = Run.open(sample, Filters(outcome="overpayment"), finding=of["finding_id"]).table("related_findings")
    assert set(narrowed["outcome"]) <= {"overpayment"} and len(narrowed) < len(related)
