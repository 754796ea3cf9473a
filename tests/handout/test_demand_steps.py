"""Which overpayments rest on a per diem that is demanded itself, and why a part of a line is not demanded."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from audit_lib.resources import folder

# Per diems on lines 1 and 3 of claim P, found overpaid in full, the first in part too; claim P has a line between them.
# Items of another claim, each by a rule that rests on per diems or not, the line which shows it, and its provider.
FOUND = """
    create table findings (
        finding_id varchar, rule varchar, outcome varchar, claim_id varchar, claim_line_number bigint,
        provider_id varchar, amount decimal(18, 2), related_claim_id varchar, related_claim_line_number bigint
    );
    insert into findings values
    ('per diem', 'place', 'overpayment', 'P', 1, '741', 90.00, null, null),
    ('per diem in part', 'place', 'overpayment', 'P', 1, '741', 45.00, null, null),
    ('lead on all of the per diem', 'place', 'review', 'P', 1, '741', 90.00, null, null),
    ('second', 'place', 'overpayment', 'P', 3, '741', 80.00, null, null),
    ('item of the second', 'bundled', 'overpayment', 'I', 8, '741', 9.00, 'P', 3),
    ('item', 'bundled', 'overpayment', 'I', 1, '741', 9.00, 'P', 1),
    ('beside its drug', 'bundled', 'overpayment', 'I', 2, '741', 9.00, 'P', 2),
    ('of another claim', 'bundled', 'overpayment', 'I', 3, '741', 9.00, 'Q', 1),
    ('of another provider', 'bundled', 'overpayment', 'I', 4, '742', 9.00, 'P', 1),
    ('outside the period', 'bundled', 'overpayment', 'I', 5, '741', 9.00, 'E', 1),
    ('duplicate', 'place', 'overpayment', 'I', 6, '741', 9.00, 'P', 1),
    ('port of the second', 'beside', 'overpayment', 'I', 9, '741', 9.00, 'P', 3),
    ('port', 'beside', 'overpayment', 'I', 10, '741', 9.00, 'P', 1),
    ('port beside its drug', 'beside', 'overpayment', 'I', 11, '741', 9.00, 'P', 2),
    ('lead', 'bundled', 'review', 'I', 7, '741', 9.00, 'P', 1);
    create table line_exposure as
    select
        claim_id, claim_line_number, provider_id, max(amount) as net_overpaid_amount,
        claim_id = 'P' as is_overpaid_in_full
    from findings group by claim_id, claim_line_number, provider_id;
    create table per_diems_outside_period as select 'E' as claim_id, 1 as claim_line_number, '741' as provider_id;
    create table rule_wording as
    select
        rule, number as rule_number, rule as title, rule = 'bundled' as is_contingent_on_per_diem,
        rule <> 'place' as is_dependent_on_line
    from (values ('place', 1), ('bundled', 2), ('beside', 3)) as t (rule, number);
    create table recovery as
    select finding_id, 'recoverable' as recovery_status, null::date as recover_by_date from findings;
    create table handout as select date '2026-04-01' as as_of_date;
    create table finding_status (
        finding_id varchar, status varchar, last_disposition varchar, recovered_amount decimal(18, 2),
        line_recovered_amount decimal(18, 2)
    )
"""
# What the ledger says of the first per diem → whether its items are told why.
CONTINGENT = ["item", "item of the second", "of another provider", "outside the period"]
DEPENDENT = ["port", "port of the second"]
TOLD = {
    "without a ledger": ("", True),
    "it stands": ("insert into finding_status values ('per diem', 'open', null, 0.00, 0.00)", True),
    "it was upheld": ("insert into finding_status values ('per diem', 'open', 'upheld', 0.00, 0.00)", True),
    "it was recovered": (
        "insert into finding_status values ('per diem', 'closed', 'recovered', 90.00, 90.00)", True,
    ),
    "it was given up": ("insert into finding_status values ('per diem', 'closed', 'overturned', 0.00, 0.00)", False),
}  # fmt: skip


def _made(tables: duckdb.DuckDBPyConnection, *steps: str) -> duckdb.DuckDBPyRelation:
    for step in steps:
        tables.sql((folder("sql") / "handout" / f"{step}.sql").read_text("utf-8")).create(step)
    return tables.table(steps[-1])


@pytest.mark.parametrize("name", TOLD)
def test_an_item_rests_on_its_line_where_that_is_overpaid_in_full(name: str) -> None:
    ledger, is_told = TOLD[name]
    with duckdb.connect() as tables:
        tables.execute(f"{FOUND}; {ledger}")
        rows = _made(tables, "finding_standings", "demand_findings").order("finding_id")
        found = rows.to_arrow_table().to_pylist()
    names = ["beside its drug", "duplicate", "of another claim", "per diem", "per diem in part", "port beside its drug"]
    names += ["second", *CONTINGENT, *DEPENDENT]
    assert [row["finding_id"] for row in found] == sorted(names)
    assert [row["finding_id"] for row in found if row["is_contingent"]] == CONTINGENT
    assert [row["finding_id"] for row in found if row["is_dependent"]] == DEPENDENT
    told = {row["finding_id"] for row in found if row["is_related_line_told"]}
    told_rows = {"item of the second", "port of the second"}
    assert told - {"duplicate"} == (told_rows | {"item", "port"} if is_told else told_rows)
    closed = [row["finding_id"] for row in found if row["is_closed"]]
    assert closed == ["per diem"] * ("closed" in ledger)
    assert {(type(row["is_closed"]), row["is_time_barred"]) for row in found} == {(bool, False)}
    recovered = Decimal("90.00") * ("recovered'" in ledger)
    for column in ("recovered_amount", "line_recovered_amount"):
        assert sum(row[column] for row in found) == recovered


# Of a part: its code, whether its per diem is told, the last disposition → why it is not demanded.
REASONS = {
    "contingent A4222 true -": (
        "the per diem that includes it is itself found overpaid in full: both cannot be taken back"
    ),
    "contingent A4222 false -": "it is not certain enough to be demanded",
    "dependent A4222 true -": "the line that shows it is itself found overpaid in full",
    "dependent A4222 false overturned": "it is not certain enough to be demanded",
    "time_barred A4222 true -": "the last day to recover it has passed",
    "recovered A4222 true recovered": "it was recovered already",
    "closed A4222 true overturned": "reviewers overturned the finding",
    "closed A4222 false written_off": "the plan does not pursue it",
    "closed A4222 false recovered": "reviewers closed the finding",
    "nothing_paid - false overturned": "the plan paid nothing on the line",
    "demanded A4222 true -": None,
    "time_barred X9999 false overturned": "the last day to recover it has passed",
}  # fmt: skip


@pytest.mark.parametrize("name", REASONS)
def test_every_part_that_is_not_demanded_has_its_reason(name: str) -> None:
    part, code, told, disposition = (None if word == "-" else word for word in name.split())
    with duckdb.connect() as tables:
        tables.execute("create table code_labels as select 'A4222' as hcpcs_code, 'Supplies' as label")
        tables.execute(
            """
            create table credited_demands as
            select
                ? as part, ?::varchar as hcpcs_code, ?::boolean as is_related_line_told, ?::varchar as last_disposition,
                5.00 as part_amount, '1' as finding_id, 'X' as rule_title, '741' as provider_id, 'A' as claim_id,
                1 as claim_line_number, 'm' as member_id, date '2025-08-04' as claim_line_start_date,
                date '2025-08-04' as claim_line_end_date, 9.00 as paid_amount
            """,
            [part, code, told, disposition],
        )
        columns = "not_demanded_reason, code_label, not_demanded_amount"
        found = _made(tables, "handout_not_demanded").project(columns).fetchall()
    label = "Supplies" if code == "A4222" else None
    reason = REASONS[name]
    assert [(why, of, str(amount)) for why, of, amount in found] == (
        [(f"not demanded because {reason}", label, "5.00")] if reason else []
    )
