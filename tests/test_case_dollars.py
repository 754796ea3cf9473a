"""The dollars of cases: what is open in a case, and what a case gives up to another finding of its line."""

from __future__ import annotations

import duckdb

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
                review as net_review_amount, 'x' as row_sha256
            from (values ('A', 10.00, 0.00), ('B', 0.00, 10.00), ('C', 0.00, 10.00)) as t (claim_id, overpaid, review);
            create table finding_status as
            select
                finding_id, 'not_seen' as status, '' as status_reason, claim_id as standing_claim_id,
                2 as standing_claim_line_number
            from exported_rows;
            create table findings (finding_id varchar);
            create table line_exposure as
            select claim_id, 2 as claim_line_number, overpaid as net_overpaid_amount, review as net_review_amount
            from (values ('A', 25.00, 0.00), ('B', 0.00, 3.00), ('C', 0.00, 25.00)) as t (claim_id, overpaid, review)
            """
        )
        unseen = tables.sql(_query("unseen_rows")).order("claim_id")
        rows = unseen.project("claim_id, is_changed, net_overpaid_amount, net_review_amount").fetchall()
    assert [" ".join(map(str, row)) for row in rows] == ["A True 0.00 0.00", "B True 0.00 7.00", "C True 0.00 0.00"]


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
