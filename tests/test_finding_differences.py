"""Which findings a run and its repetition do not share, and the dollars between them."""

from __future__ import annotations

import duckdb
import pytest

from audit_lib.resources import folder

FINDING = """
    select
        id as finding_id, 'x' as rule, amount::decimal(18, 2) as amount, 'overpayment' as outcome,
        90.00 as paid_amount, 'why' as reason, '741' as provider_id, 'P' as related_claim_id,
        1 as related_claim_line_number, 'overpayment' as decided_outcome, 9.00 as decided_amount,
        null::varchar as changed_by, 'current' as policy_text, 2 as rule_version, 'A' as claim_id
    from (values {rows}) as found (id, amount)
"""
# Findings of the run and of its repetition, each an id and its amount → what they do not share.
DIFFERENCES = {
    "none": ({"a": 5}, {"a": 5}, []),
    "added": ({"a": 5}, {"a": 5, "b": 7}, ["x added 1 7.00"]),
    "gone": ({"a": 5, "b": 7}, {"a": 5}, ["x gone 1 7.00"]),
    "less is repeated than was recorded": ({"a": 5}, {"a": 3}, ["x different 1 -2.00"]),
    "each kind is counted by itself": (
        {"a": 5, "b": 6, "c": 7}, {"b": 8, "c": 9, "d": 10, "e": 1},
        ["x added 2 11.00", "x different 2 4.00", "x gone 1 5.00"],
    ),
}  # fmt: skip
# By column, another value of the one finding of both.
DECISIONS = {
    "outcome": "'review'", "paid_amount": "91.00", "reason": "'because'", "provider_id": "'742'",
    "related_claim_id": "null", "related_claim_line_number": "2", "decided_outcome": "'review'",
    "decided_amount": "8.00", "changed_by": "'window'", "policy_text": "'earlier'", "rule_version": "3",
}  # fmt: skip


def _differences(run: str, again: str) -> list[str]:
    with duckdb.connect() as tables:
        tables.execute(f"create table findings_run as {run}; create table findings_again as {again}")
        found = tables.sql((folder("sql") / "verify" / "finding_differences.sql").read_text("utf-8"))
        return sorted(" ".join(map(str, row)) for row in found.fetchall())


def _findings(amounts: dict[str, int]) -> str:
    return FINDING.format(rows=", ".join(f"('{name}', {amount})" for name, amount in amounts.items()))


@pytest.mark.parametrize("name", DIFFERENCES)
def test_findings_are_added_gone_or_decided_differently(name: str) -> None:
    run, again, expected = DIFFERENCES[name]
    assert _differences(_findings(run), _findings(again)) == expected


@pytest.mark.parametrize("column", DECISIONS)
def test_a_finding_is_another_when_a_column_of_its_decision_is(column: str) -> None:
    same = _findings({"a": 5})
    other = f"select * replace ({DECISIONS[column]} as {column}) from ({same})"
    assert _differences(same, other) == _differences(other, same) == ["x different 1 0.00"]
