"""What reports say and draw of each month of a ledger's story."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import plotly.graph_objects as go
import pytest

from audit_lib.reports import ledger_tables, recovery_tables, walk_figures
from audit_lib.reports.blocks import Block, show
from audit_lib.reports.copies import csv_copy
from audit_lib.reports.figures.style import COLOURS
from audit_lib.reports.filters import Filters
from audit_lib.reports.ledger_block import shared_validation_cautions, since_last_run, validation_cautions
from audit_lib.reports.ledger_figures import funnel
from audit_lib.reports.parameters import notebook_names
from audit_lib.run import Run
from tests.cells import shown
from tests.ledger_story import audit, claim, tell_story, write_claims


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three months: a place with runs one, two and three."""
    return tell_story(tmp_path_factory.mktemp("story"))


def test_the_front_page_tells_what_the_ledger_makes_of_a_run(story: Path) -> None:
    first, third = (since_last_run(Run.open(story / "runs" / name)).text for name in ("one", "three"))
    assert first.startswith("This is the first run that the ledger holds: 8 findings new (")
    assert third == (
        "Since the run of 5 Oct 2025: no finding is new; 2 changed (1 of them closed before); 2 open; 2 closed; "
        "1 gone; 2 superseded; 1 not seen."
    )


def test_the_front_page_says_which_dollars_reviewers_have_not_accepted(story: Path) -> None:
    second, third = (validation_cautions(Run.open(story / "runs" / name)) for name in ("two", "three"))
    assert second == []
    # A 40, B 33, C2 20, G 45, H 60 and K 22: closed ones are findings of the run as well.
    assert [said.partition(", of ")[0] for said in third] == [
        "Not yet validated here: $220.00 of potential overpayment and $0.00 to review"
    ]


def test_others_are_told_whether_reviewers_accepted_the_rules_without_dollars(story: Path) -> None:
    second, third = (shared_validation_cautions(Run.open(story / "runs" / name)) for name in ("two", "three"))
    assert second == []
    assert third == ["Not yet validated here: on the plan's own data reviewers have accepted none of 1 rule."]


def test_the_road_to_recovery_is_drawn_for_all_rules_together(story: Path) -> None:
    drawn = funnel(ledger_tables.funnel_by_rule(Run.open(story / "runs" / "three")))
    assert "50.00 recovered of" in drawn.layout.title.text and "272.00 identified" in drawn.layout.title.text
    written = [amount for _, amount in drawn.data[0].customdata]
    assert written == [
        "$272.00", "$60.00", "$33.00", "$40.00", "$50.00", "$0.00", "$22.00", "$40.00", "$160.00"
    ]  # fmt: skip
    parts = [value for value, colour in zip(drawn.data[0].x, drawn.data[0].marker.color, strict=True)
             if colour == COLOURS["overpayment"]]  # fmt: skip
    assert sum(value or 0 for value in parts) == drawn.data[0].x[0]
    assert "The orange bars add up to what was identified" in drawn.layout.title.text


def test_the_walk_takes_off_what_reviewers_settled_and_ties_to_the_road(story: Path) -> None:
    """A 40 was recovered, of G's 45 10, K 22 is written off; B 33, C2 20, G 35 and H 60 are asked for, all too late."""
    run = Run.open(story / "runs" / "three")
    walk = recovery_tables.overpayment_walk(run)
    steps = dict(zip(walk["step"], map(str, walk["step_amount"]), strict=True))
    names = list(walk.loc[walk["kind"] != "part", "step"])
    assert {name: steps[name] for name in names[names.index("net_overpaid") :]} == {
        "net_overpaid": "220.00", "recovered": "-50.00", "given_up": "-22.00", "outstanding": "148.00",
        "time_barred": "-148.00", "unknown": "0.00", "recoverable": "0.00",
    }  # fmt: skip
    road = run.sql(
        "select sum(funnel_findings.recovered_amount) as recovered, "
        "sum(overturned_amount + written_off_amount) as given_up, "
        "sum(outstanding_amount) as outstanding, sum(funnel_findings.time_barred_amount) as time_barred "
        "from funnel_findings inner join finding_status using (finding_id) where is_seen"
    ).iloc[0]
    assert [abs(Decimal(steps[name])) for name in road.index] == list(road)
    title = walk_figures.money_walk(walk).layout.title.text
    assert title.endswith("before gates; &#36;50.00 was recovered, &#36;22.00 given up")
    shared = recovery_tables.overpayment_walk(Run.open(run.folder, is_shared=True))
    assert not {"recovered", "given_up", "outstanding"} & set(shared["step"])


def test_the_road_to_recovery_carries_its_data_and_says_what_it_shows(story: Path) -> None:
    table = ledger_tables.funnel_by_rule(Run.open(story / "runs" / "three"))
    meta = funnel(table).layout.meta
    assert meta["name"] == "recovery_funnel_by_rule" and meta["csv"] == csv_copy(table)
    assert meta["alt"].startswith("Bars of potential overpayment")


def test_a_road_of_no_dollars_is_not_drawn(story: Path) -> None:
    table = ledger_tables.funnel_by_rule(Run.open(story / "runs" / "three"))
    amounts = [name for name in table if name.endswith("_amount")]
    drawn = funnel(table.assign(**dict.fromkeys(amounts, Decimal("0.00"))))
    assert isinstance(drawn, Block) and "$0.00" in drawn.text and "no road to draw" in drawn.text


def test_every_figure_of_a_run_with_a_ledger_carries_its_data_and_says_what_it_shows(story: Path) -> None:
    figures = [
        one for name in notebook_names() for one in shown(name, story / "runs" / "three") if isinstance(one, go.Figure)
    ]
    assert len(figures) > 10
    for word in ("csv", "alt"):
        assert [one.layout.title.text for one in figures if not (one.layout.meta or {}).get(word)] == []


def test_the_ledger_s_tables_say_that_no_filter_reaches_them(story: Path) -> None:
    run = Run.open(story / "runs" / "three", Filters(code="A4222"))
    for table in (ledger_tables.since_last_run(run), ledger_tables.funnel_by_provider(run)):
        assert "Of the whole ledger, whatever is filtered" in show(table).text
    of_the_ledger = funnel(ledger_tables.funnel_by_rule(run)).layout.title.text
    assert of_the_ledger.endswith("what was identified. Of the whole ledger, whatever is filtered")
    of_the_run = walk_figures.money_walk(recovery_tables.overpayment_walk(run)).layout.title.text
    assert of_the_run.startswith("In the whole run &#36;")


def test_a_run_without_a_ledger_says_so_and_draws_no_road(tmp_path: Path) -> None:
    claims = write_claims(tmp_path / "claims.csv", claim("A", "40.00"))
    run = Run.open(audit(tmp_path, "alone", claims, "2025-09-05", has_ledger=False))
    assert "made without a ledger" in since_last_run(run).text
    assert "no road to draw" in funnel(ledger_tables.funnel_by_rule(run)).text
