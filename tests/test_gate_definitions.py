"""The gates are defined once: what SQL tells apart, what the manifest lists and what the walk of the money shows."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from audit_lib.errors import AuditError
from audit_lib.pipeline import load_steps, ordered, run_steps
from audit_lib.progress import Progress
from audit_lib.resources import folder
from audit_lib.words import _UNDECIDED_GATES
from tests.gated_runs import GATES
from tests.hand_made import drawn

ROOT = folder("sql")


def defined(column: str, condition: str = "true") -> set[str]:
    query = (ROOT / "exposure" / "gates.sql").read_text("utf-8")
    return {value for (value,) in duckdb.sql(f"select {column} from ({query}) where {condition}").fetchall()}


def texts(places: Iterable[exp.Expression | None]) -> set[str]:
    return {text.name for place in places if place for text in place.find_all(exp.Literal) if text.is_string}


def given_by(file: str, column: str) -> set[str]:
    """Return the texts that a query can give for a column, in any branch of a union or a case."""
    tree = sqlglot.parse_one((ROOT / file).read_text("utf-8"), read="duckdb")
    found: set[str] = set()
    for select in tree.find_all(exp.Select):
        union = select.find_ancestor(exp.Union)
        names = union.named_selects if union else select.named_selects
        if column in names[: len(select.selects)]:
            given = select.selects[names.index(column)].unalias()
            cases = list(given.find_all(exp.Case))
            found |= texts([branch.args["true"] for case in cases for branch in case.args["ifs"]])
            found |= texts([case.args.get("default") for case in cases])
            found |= texts([given] if isinstance(given, exp.Literal) else [])
    return found


def test_gates_have_places_names_and_titles_of_their_own() -> None:
    query = (ROOT / "exposure" / "gates.sql").read_text("utf-8")
    rows = duckdb.sql(f"select gate_order, gate, title from ({query}) order by gate_order").fetchall()
    assert [number for number, *_ in rows] == list(range(1, len(GATES) + 1))
    assert [gate for _, gate, _ in rows] == GATES
    assert len({title for *_, title in rows}) == len(rows)


def test_what_changes_an_answer_is_a_gate_and_a_step_of_the_walk() -> None:
    """A reason to change an answer that the list lacks would be counted by nobody, or for another gate."""
    changing = given_by("exposure/gated_outcomes.sql", "gated_by")
    assert changing == {"window", "shared_claim_id", "self_funded", "secondary_payer", "review_only"}
    assert defined("changed_by", "changed_by is not null") == changing | {"override"}
    assert defined("changed_by", "changed_by is not null and walk_title is null") == set()


def test_every_gate_is_counted_and_what_is_counted_is_a_gate() -> None:
    counted = given_by("exposure/gate_totals.sql", "gate") | given_by("staging/final_action_gates.sql", "gate")
    assert counted == defined("gate", "changed_by is null")


def test_gates_that_are_named_elsewhere_are_defined() -> None:
    of_the_file = sqlglot.parse_one((ROOT / "reports" / "paid_walk.sql").read_text("utf-8"), read="duckdb")
    named = texts(
        equal.expression for equal in of_the_file.find_all(exp.EQ) if equal.this.name == "gate"
    )  # fmt: skip
    assert named == {"superseded", "void_lines", "lone_reversals"}
    assert named | set(_UNDECIDED_GATES) <= defined("gate")


@pytest.fixture
def walked() -> duckdb.DuckDBPyConnection:
    """Eleven decisions, each on a line of its own, and what stopped them; line 11 is found by two rules."""
    connection = duckdb.connect()
    connection.execute(
        """
        create table line_outcomes as select claim_id, 1 as claim_line_number, rule, outcome, gated_by, changed_by,
            decided_amount::decimal(18, 2) as decided_amount, 'overpayment' as decided_outcome
        from (values
            ('1', 'r1', 'not_in_force', 'window', 'window', 1), ('2', 'r1', 'review', 'window', 'window', 2),
            ('3', 'r1', 'review', 'self_funded', 'self_funded', 4),
            ('4', 'r1', 'review', 'secondary_payer', 'secondary_payer', 8),
            ('5', 'r1', 'review', 'review_only', 'review_only', 16), ('6', 'r1', 'review', null, 'override:1', 32),
            ('7', 'r1', 'overpayment', null, null, 64), ('8', 'r1', 'overpayment', null, null, 128),
            ('9', 'r1', 'overpayment', null, null, 256), ('10', 'r1', 'overpayment', null, null, 512),
            ('12', 'r1', 'not_evaluable', 'shared_claim_id', 'shared_claim_id', 2048),
            ('11', 'r1', 'excepted', 'window', 'override:1', 1024), ('11', 'r2', 'review', null, 'override:2', 100)
        ) as t (claim_id, rule, outcome, gated_by, changed_by, decided_amount)
        """
    )
    connection.execute(
        """
        create table findings as
        select claim_id || rule as finding_id, claim_id, claim_line_number, rule from line_outcomes
        where outcome in ('overpayment', 'review') and claim_id <> '7'
        """
    )
    connection.execute(
        """
        create table recovery as select * from (values
            ('8r1', 'time_barred'), ('9r1', 'unknown'), ('10r1', 'recoverable'), ('5r1', 'recoverable')
        ) as t (finding_id, recovery_status)
        """
    )
    connection.execute(
        """
        create table settled_findings (
            claim_id varchar, claim_line_number integer, rule varchar, line_recovered_amount decimal(18, 2),
            is_given_up boolean
        )
        """
    )
    return connection


def walk(connection: duckdb.DuckDBPyConnection, wanted: str = "gate_steps") -> duckdb.DuckDBPyConnection:
    steps = load_steps(ROOT / "exposure", ROOT / "reports")
    for given in ("line_outcomes", "findings", "recovery", "settled_findings"):
        del steps[given]
    run_steps(connection, ordered(steps, [wanted]), Progress(is_quiet=True))
    return connection


def test_each_decision_is_told_for_the_gate_that_stopped_it_first(walked: duckdb.DuckDBPyConnection) -> None:
    """An exemption of what an earlier text had made a review leaves it with the earlier text."""
    walk(walked)
    taken = "step, sum(taken_amount), sum(net_amount)"
    assert drawn(walked, "gate_steps group by step_order, step", taken, "step_order") == [
        "overlap -100.00 4095.00",
        "not_in_force -1.00 4094.00",
        "shared_claim_id -2048.00 2046.00",
        "earlier_text -926.00 1120.00",
        "self_funded -4.00 1116.00",
        "secondary_payer -8.00 1108.00",
        "review_only -16.00 1092.00",
        "override -132.00 960.00",
        "below_minimum -64.00 896.00",
        "time_barred -128.00 768.00",
        "unknown -256.00 512.00",
    ]


def test_what_reviewers_settled_is_told_before_the_time(walked: duckdb.DuckDBPyConnection) -> None:
    """Of 512 given up 200 are asked for by a second rule and 50 were recovered; of 256 recovered 300, 256 count."""
    walked.execute("insert into line_outcomes values ('10', 1, 'r2', 'overpayment', null, null, 200, 'overpayment')")
    walked.execute("insert into findings values ('10r2', '10', 1, 'r2')")
    walked.execute("insert into recovery values ('10r2', 'unknown')")
    walked.execute(
        "insert into settled_findings values ('10', 1, 'r1', 50, true), ('10', 1, 'r2', 50, false), "
        "('9', 1, 'r1', 300, false)"
    )
    walk(walked)
    taken = "step, sum(taken_amount), sum(net_amount)"
    after = "step_order > (select step_order from walk_steps where step = 'below_minimum')"
    assert drawn(walked, f"gate_steps where {after} group by step_order, step", taken, "step_order") == [
        "recovered -306.00 590.00",
        "given_up -312.00 278.00",
        "time_barred -128.00 150.00",
        "unknown -150.00 0.00",
    ]


def test_a_gate_that_nobody_defined_is_told_for_no_other(walked: duckdb.DuckDBPyConnection) -> None:
    walked.execute("update line_outcomes set gated_by = 'sanctions', changed_by = 'sanctions' where claim_id = '3'")
    with pytest.raises(AuditError, match="decided_overpayments"):
        walk(walked)


def test_the_manifest_loses_no_gate_that_nobody_defined() -> None:
    connection = duckdb.connect()
    connection.execute(
        """
        create table final_action_gates as select 'sanctions' as gate, 2 as line_count, 7.00 as paid_amount;
        create table claim_lines as select 'A' as claim_id, 1 as claim_line_number, current_date as paid_date,
            5.00 as paid_amount, true as is_denied, true as is_in_scope, true as is_in_period,
            false as is_government, true as is_applicable;
        create table settings as select 'service' as period_by, 0.00 as minimum_amount;
        create table line_outcomes as select 'embargo' as changed_by, 'review' as outcome, 3.00 as decided_amount,
            3.00 as amount
        """
    )
    steps = load_steps(ROOT / "exposure")
    run_steps(connection, [steps["gates"], steps["gate_totals"]], Progress(is_quiet=True))
    rows = drawn(connection, "gate_totals", "gate, line_count, paid_amount", "gate_order nulls last, gate")
    assert [row.split()[0] for row in rows] == [*GATES, "embargo", "sanctions"]
    assert [row for row in rows if not row.endswith(" 0 0.00")] == [
        "denied 1 5.00",
        "embargo 1 3.00",
        "sanctions 2 7.00",
    ]
