"""The dollars of cases: what is open in a case, what it gives up to another finding of its line, what is told again."""

from __future__ import annotations

import duckdb
import pytest

from audit_lib.resources import folder

SAME = "'p' as provider_id, '' as provider_name, 'x' as rule, 'X' as rule_title, '2025-08' as service_month"


def _query(name: str) -> str:
    return (folder("sql") / "cases" / f"{name}.sql").read_text("utf-8")


def test_a_case_gives_up_no_more_dollars_than_it_has() -> None:
    with duckdb.connect() as tables:
        tables.execute(
            """
            create table exported_rows as
            select
                claim_id as finding_id, true as is_open, claim_id, 2 as claim_line_number,
                overpaid as net_overpaid_amount, overpaid as contingent_overpaid_amount,
                review as net_review_amount, 'x' as row_sha256, seen_overpaid as seen_net_overpaid_amount,
                review as seen_net_review_amount
            from (
                values
                ('A', 10.00, 10.00, 0.00), ('B', 0.00, 0.00, 10.00), ('C', 0.00, 0.00, 10.00),
                -- Of 80 dollars 50 were given up before; E's line has nothing of another rule any more.
                ('D', 30.00, 80.00, 0.00), ('E', 30.00, 80.00, 0.00)
            ) as t (claim_id, overpaid, seen_overpaid, review);
            create table finding_status as
            select
                finding_id, 'not_seen' as status, '' as status_reason, claim_id as standing_claim_id,
                2 as standing_claim_line_number
            from exported_rows;
            create table findings (finding_id varchar);
            create table line_exposure as
            select claim_id, 2 as claim_line_number, overpaid as net_overpaid_amount, review as net_review_amount
            from (values ('A', 25.00, 0.00), ('B', 0.00, 3.00), ('C', 0.00, 25.00), ('D', 50.00, 0.00))
                as t (claim_id, overpaid, review)
            """
        )
        unseen = tables.sql(_query("unseen_rows")).order("claim_id")
        rows = unseen.project("claim_id, is_changed, net_overpaid_amount, net_review_amount").fetchall()
    assert [" ".join(map(str, row)) for row in rows] == [
        "A True 0.00 0.00", "B True 0.00 7.00", "C True 0.00 0.00", "D False 30.00 0.00", "E False 30.00 0.00",
    ]  # fmt: skip


def test_a_case_adds_up_what_is_open_and_names_its_first_last_day() -> None:
    """Two lines of a claim, a lead, one that was closed, one that was not looked at again."""
    with duckdb.connect() as tables:
        tables.execute(
            f"""
            create table drawn as
            select *, 'k' as case_key, '' as status_reason, day::date as recover_by_date
            from (
                values
                ('1', 'A', 'm', 40.00, 15.00, 0.00, '2026-03-01', true),
                ('2', 'A', 'm', 20.00, 0.00, 0.00, '2026-02-01', true),
                ('3', 'B', 'm', 0.00, 0.00, 7.00, null, true),
                ('4', 'C', 'o', 0.00, 0.00, 0.00, '2026-01-01', false),
                ('5', 'D', 'n', 5.00, 0.00, 3.00, '2026-04-01', true)
            ) as t (
                finding_id, claim_id, member_id, net_overpaid_amount, contingent_overpaid_amount, net_review_amount,
                day, is_open
            );
            create table case_rows as from drawn where finding_id <> '5';
            create table unseen_rows as
            select *, '' as status, false as is_changed, '' as change, '' as change_reason from drawn
            where finding_id = '5';
            create table exported_rows as
            select finding_id, case_key, false as is_open, {SAME} from drawn where finding_id = '1';
            create table case_finding_changes as
            select finding_id, case_key, {SAME} from drawn where finding_id in ('1', '3')
            """
        )
        columns = (
            "change, finding_count, claim_count, member_count, net_overpaid_amount, contingent_overpaid_amount, "
            "net_review_amount, first_recover_by_date, changed_finding_count"
        )
        rows = tables.sql(_query("case_changes")).project(columns).fetchall()
    assert [" ".join(map(str, row)) for row in rows] == ["reopened 4 3 2 65.00 15.00 10.00 2026-02-01 2"]


# By column, what another run says otherwise of a finding: the case-management tool is told of it again.
TOLD_AGAIN = {
    "provider_id": "update findings set provider_id = '742'",
    "provider_name": "insert into handout_provider_names values ('741', 'Infusion & Care')",
    "rule_title": "update rule_wording set title = 'Another'",
    "outcome": "update findings set outcome = 'review'",
    "member_id": "update findings set member_id = 'n'",
    "claim_line_start_date": "update findings set claim_line_start_date = date '2025-08-03'",
    "claim_line_end_date": "update findings set claim_line_end_date = date '2025-08-05'",
    "paid_date": "update findings set paid_date = date '2025-09-02'",
    "hcpcs_code": "update findings set hcpcs_code = 'A4223'",
    "service_unit_quantity": "update findings set service_unit_quantity = 2",
    "paid_amount": "update findings set paid_amount = 91.00",
    "amount": "update findings set amount = 79.00",
    "net_overpaid_amount": "update finding_status set net_overpaid_amount = 79.00",
    "contingent_overpaid_amount": "update demand_findings set is_contingent = true",
    "net_review_amount": "update finding_status set net_review_amount = 5.00",
    "reason": "update findings set reason = 'because'",
    "policy_section": "update findings set policy_section = 'B'",
    "policy_text": "update findings set policy_text = null",
    "recovery_status": "update recovery set recovery_status = 'time_barred'",
    "recover_by_date": "update recovery set recover_by_date = date '2026-02-01'",
}
NOT_TOLD_AGAIN = {
    "why it stands": "update finding_status set status_reason = 'seen again'",
    "whose history it goes on with": "update finding_status set inherits_from_finding_id = '2'",
    "that it was seen before": "update finding_status set status = 'open'",
}
FOUND = """
    create table findings as
    select
        '1' as finding_id, 'x' as rule, 'overpayment' as outcome, 80.00 as amount, '741' as provider_id,
        'A' as claim_id, 2 as claim_line_number, 'm' as member_id, date '2025-08-04' as claim_line_start_date,
        date '2025-08-04' as claim_line_end_date, date '2025-09-01' as paid_date, 'A4222' as hcpcs_code,
        1 as service_unit_quantity, 90.00 as paid_amount, 'why' as reason, 'A' as policy_section,
        'current' as policy_text;
    create table demand_findings as select *, false as is_contingent from findings;
    create table finding_standings as select finding_id, false as is_given_up from findings;
    create table finding_status as
    select
        finding_id, 'new' as status, 'first seen' as status_reason, null::varchar as inherits_from_finding_id,
        80.00 as net_overpaid_amount, 0.00 as net_review_amount
    from findings;
    create table rule_wording as select 'x' as rule, 'X' as title;
    create table handout_provider_names (provider_id varchar, provider_name varchar);
    create table recovery as
    select '1' as finding_id, 'recoverable' as recovery_status, date '2026-01-01' as recover_by_date
"""


def _hashes(change: str, given: str = "") -> tuple[str, str]:
    """Return the hash of a finding's row before and after a change."""
    with duckdb.connect() as tables:
        tables.execute(f"{FOUND}; {given}")
        before = tables.sql(_query("case_rows")).project("row_sha256").fetchall()
        tables.execute(change)
        ((first,), (then,)) = before + tables.sql(_query("case_rows")).project("row_sha256").fetchall()
    return first, then


@pytest.mark.parametrize("column", TOLD_AGAIN)
def test_a_finding_is_told_again_when_a_column_of_it_says_otherwise(column: str) -> None:
    before, after = _hashes(TOLD_AGAIN[column])
    assert before != after


@pytest.mark.parametrize("name", NOT_TOLD_AGAIN)
def test_a_finding_is_not_told_again_for_what_the_ledger_alone_remembers(name: str) -> None:
    before, after = _hashes(NOT_TOLD_AGAIN[name])
    assert before == after


def test_a_finding_without_net_dollars_is_told_again_when_it_is_closed() -> None:
    """Its amounts are as before: that it is open no more is all that changed."""
    nothing = "update finding_status set net_overpaid_amount = 0.00"
    before, after = _hashes("update finding_status set status = 'closed'", nothing)
    assert before != after


def test_a_contingent_finding_that_reviewers_closed_carries_no_dollars() -> None:
    amounts = "net_overpaid_amount, contingent_overpaid_amount, net_review_amount"
    with duckdb.connect() as tables:
        tables.execute(f"{FOUND}; update demand_findings set is_contingent = true")
        tables.execute("update finding_status set net_review_amount = 5.00")
        rows = tables.sql(_query("case_rows")).project(amounts)
        assert [" ".join(map(str, row)) for row in rows.fetchall()] == ["80.00 80.00 5.00"]
        tables.execute("update finding_status set status = 'closed'")
        rows = tables.sql(_query("case_rows")).project(amounts)
        assert [" ".join(map(str, row)) for row in rows.fetchall()] == ["0.00 0.00 0.00"]
