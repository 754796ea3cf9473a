"""The status of a known finding and its reason, from all that they rest on."""

from __future__ import annotations

import duckdb
import pytest

from audit_lib.resources import folder

# A finding of an earlier run that this run does not have, though its rule was run and its line is in the period.
WEIGHED = """
    create table weighed_findings as
    select
        '1' as finding_id, false as is_seen, 1 as previous_run_number, 'open' as previous_status,
        'as before' as previous_status_reason, 'overpayment' as outcome, 'overpayment' as previous_outcome,
        9.00 as amount, 9.00 as previous_amount, 1 as rule_version, 1 as previous_rule_version,
        null::varchar as heir_claim_id, null::varchar as heir_finding_id, false as is_voided,
        false as is_closed_by_disposition, null::boolean as is_as_closed, false as is_line_recovered,
        null::varchar as last_disposition, 0.00 as recovered_amount, null::varchar as settled_by,
        null::varchar as line_outcome, 'why' as line_outcome_reason, true as is_rule_run,
        false as is_replacement_audited, null::varchar as replacement_open_reason, true as is_in_period,
        false as is_without_paid_date
"""
SEEN, WAS_GONE = "is_seen = true", "previous_status = 'gone', previous_status_reason = 'now pass: why'"
CLOSED = "is_closed_by_disposition = true, is_as_closed = true, last_disposition = 'written_off'"
# What else is so → its status, and why.
STATUSES = {
    "": ("not_seen", "its line was not among those that the rule considered"),
    "line_outcome = 'not_evaluable'": ("not_seen", "the rule could not be evaluated: why"),
    f"{WAS_GONE}, line_outcome = 'not_evaluable'": ("not_seen", "the rule could not be evaluated: why"),
    "line_outcome = 'overpayment'": ("not_seen", "below the least amount that is reported"),
    "line_outcome = 'not_in_force'": ("gone", "now not in force: why"),
    WAS_GONE: ("gone", "now pass: why"),
    f"{WAS_GONE}, is_rule_run = false": ("gone", "now pass: why"),
    "is_rule_run = false": ("not_seen", "its rule was not run"),
    f"{CLOSED}, line_outcome = 'pass'": ("closed", "closed: written off"),
    f"{SEEN}, previous_run_number = null": ("new", "first seen"),
    f"{SEEN}, outcome = 'review'": ("changed", "the outcome changed"),
    f"{SEEN}, amount = 8.00, rule_version = 2": ("changed", "the amount changed; the rule has another version"),
    f"{SEEN}, amount = 8.00, outcome = 'review'": ("changed", "the outcome and the amount changed"),
    f"{SEEN}, {WAS_GONE}": ("changed", "seen again after it was gone"),
    f"{SEEN}, previous_status = 'not_seen'": ("open", "seen again"),
    SEEN: ("open", "as before"),
    f"{SEEN}, {CLOSED}": ("closed", "closed: written off"),
    f"{SEEN}, {CLOSED}, is_as_closed = false, amount = 8.00": ("changed", "closed before; the amount changed"),
}  # fmt: skip


@pytest.mark.parametrize("name", STATUSES)
def test_what_a_run_makes_of_a_known_finding(name: str) -> None:
    with duckdb.connect() as tables:
        tables.execute(WEIGHED)
        if name:
            # Of what is said twice the last holds.
            values = dict(word.split(" = ") for word in name.split(", "))
            tables.execute("update weighed_findings set " + ", ".join(f"{key} = {of}" for key, of in values.items()))
        decided = tables.sql((folder("sql") / "ledger" / "decided_statuses.sql").read_text("utf-8"))
        assert decided.project("status, status_reason").fetchall() == [STATUSES[name]]
