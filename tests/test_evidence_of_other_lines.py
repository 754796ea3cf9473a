"""What is said of a finding for another line's sake: which line it must be, and what of it may be told."""

from __future__ import annotations

import duckdb
import pytest

from audit_lib.resources import folder

# A per diem overpaid in full on line 1 of claim P. The rules' findings of another line each; what shows them.
LINES = """
    create table lines_overpaid_in_full as
    select 'P' as claim_id, 1 as claim_line_number, 'place' as overpaid_rule;
    create table rules as
    select * from (values ('bundled', true), ('duplicate', false), ('units', false))
        as t (rule, is_contingent_on_per_diem);
    create table rule_doubts as
    select * from (values
        ('duplicate', 'related line taken back'), ('duplicate', 'unpaid earlier line'), ('units', 'unread row')
    ) as t (rule, doubt);
    create table asked_findings as
    select rule || related_claim_id || related_claim_line_number as finding_id, * from rules
    cross join (values ('P', 1), ('P', 2), ('Q', 1)) as shown (related_claim_id, related_claim_line_number)
"""
SAID = {"contingent_findings": ["bundledP1 place"], "related_lines_taken_back": ["duplicateP1 place"]}


def _said(tables: duckdb.DuckDBPyConnection, step: str) -> list[str]:
    rows = tables.sql((folder("sql") / "evidence" / f"{step}.sql").read_text("utf-8"))
    return sorted(" ".join(row) for row in rows.project("finding_id, detail").fetchall())


@pytest.mark.parametrize("step", SAID)
def test_it_is_said_of_the_rules_that_rest_on_the_line_and_of_that_line_alone(step: str) -> None:
    with duckdb.connect() as tables:
        tables.execute(LINES)
        assert _said(tables, step) == SAID[step]


# What may have taken back the payment of a finding of provider 741, each `whose line, kind, claim, line, provider`, a
# dash for nobody's → what is said.
TAKEN_BACK = {
    "its own provider's": (["line negative_line C 4 741"], ["line negative_line: claim C, line 4,"]),
    "its own provider's void": (["related_line void C 4 741"], ["related_line void: claim C"]),
    "another provider's": (["line negative_line C 4 742"], ["line negative_line: a claim of its provider"]),
    "nobody's in particular": (["line void C 4 -"], ["line somebodys_void: a claim"]),
    "several lines of one void": (["line void C 4 741", "line void C 5 741"], ["line void: claim C"]),
    "several of somebody's": (["line void C 4 -", "line void D 1 -"], ["line somebodys_void: a claim"]),
    "two negative lines": (
        ["line negative_line C 4 741", "line negative_line C 5 741"],
        ["line negative_line: claim C, line 4,", "line negative_line: claim C, line 5,"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN_BACK)
def test_of_what_took_a_payment_back_no_claim_of_another_is_named(name: str) -> None:
    rows, expected = TAKEN_BACK[name]
    with duckdb.connect() as tables:
        tables.execute(
            """
            create table asked_findings as select '1' as finding_id, '741' as provider_id;
            create table run_reversed_findings (
                finding_id varchar, reversed_line varchar, kind varchar, reversal_claim_id varchar,
                reversal_line_number bigint, reversal_provider_id varchar
            )
            """
        )
        for row in map(str.split, rows):
            values = [None if value == "-" else value for value in row]
            tables.execute("insert into run_reversed_findings values ('1', ?, ?, ?, ?, ?)", values)
        assert _said(tables, "reversed_payments") == [f"1 {text}" for text in expected]
