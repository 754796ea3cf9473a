"""A window of a policy counts on the days for which its row of the list holds, and no text is in force on others."""

from __future__ import annotations

import duckdb
import pytest

from audit_lib.resources import folder

# The group of the rule has a text from 2020 on and another from 2025 on, each with windows of its own.
GATED = """
    create table policy_windows as
    select 'A' as group_code, '' as earlier_policy_text, * from (
        values ('2020', date '2020-01-01', date '2020-01-01', date '2020-01-01', date '2024-12-31'),
        ('2025', date '2020-01-01', date '2025-06-01', date '2025-01-01', date '9999-12-31')
    ) as t (policy_text, not_in_force_before, overpayment_from, valid_from, valid_to);
    create table shared_claim_ids (claim_id varchar, member_id varchar);
    create table review_only_rules (rule varchar);
    create table decided_outcomes as
    select
        'x' as rule, 'A' as group_code, 'C' as claim_id, 'm' as member_id, ?::date as claim_line_start_date,
        'overpayment' as decided_outcome, false as is_self_funded, false as has_other_payer;
    create table settings as select ?::boolean as is_assumed_in_force
"""
# The line's day → what becomes of an overpayment, what changed it and which text it rests on; where the plan says that
# the policy is in force, only what it becomes.
WINDOWS = {
    "2019-12-31": ("not_in_force window -", "not_in_force"),
    "2020-01-01": ("overpayment - 2020", "overpayment"),
    "2024-12-31": ("overpayment - 2020", "overpayment"),
    "2025-01-01": ("review window 2025", "overpayment"),
    "2025-06-01": ("overpayment - 2025", "overpayment"),
}


@pytest.mark.parametrize("day", WINDOWS)
def test_a_window_counts_while_its_row_holds(day: str) -> None:
    told = []
    for is_assumed in (False, True):
        with duckdb.connect() as tables:
            *made, decided, settings = GATED.split(";")
            tables.execute(";".join(made))
            tables.execute(decided, [day])
            tables.execute(settings, [is_assumed])
            gated = tables.sql((folder("sql") / "exposure" / "gated_outcomes.sql").read_text("utf-8"))
            rows = gated.project("gated_outcome, gated_by, current_policy_text").fetchall()
        told.append([" ".join(value or "-" for value in row) for row in rows])
    (found, (assumed,)), (expected, of_assumed) = told, WINDOWS[day]
    assert found == [expected]
    assert assumed.split()[0] == of_assumed
