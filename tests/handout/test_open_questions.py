"""Which leads are open questions of a provider, what settles them, and which documents are asked for and why."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from audit_lib.resources import folder

# Line 1 is demanded by `place`, and its lead asks for the same document; line 2 is a lead alone.
FOUND = """
    create table findings as
    select
        rule || claim_line_number as finding_id, rule, outcome, decided_outcome, claim_id, claim_line_number, amount,
        '741' as provider_id, 'm' as member_id, date '2025-08-04' as claim_line_start_date,
        date '2025-08-04' as claim_line_end_date, date '2025-09-01' as paid_date, 'S9500' as hcpcs_code,
        '' as modifiers, '12' as place_of_service_code, 1 as service_unit_quantity, paid_amount, rule as reason,
        'A.1' as policy_section, 'text' as policy_text
    from (
        values
        ('place', 'overpayment', 'overpayment', 'A', 1, 40.00, 90.00),
        ('drug', 'review', 'review', 'A', 1, 90.00, 90.00),
        ('drug', 'review', 'review', 'A', 2, 50.00, 50.00), ('place', 'review', 'overpayment', 'A', 3, 30.00, 30.00)
    ) as found (rule, outcome, decided_outcome, claim_id, claim_line_number, amount, paid_amount);
    create table finding_standings as
    select finding_id, false as is_closed, 0.00::decimal(18, 2) as line_recovered_amount from findings;
    create table line_demands as
    select claim_id, claim_line_number, amount as demanded_amount from findings where outcome = 'overpayment';
    create table line_exposure as
    select claim_id, claim_line_number, coalesce(max(amount) filter (outcome = 'overpayment'), 0) as net_overpaid_amount
    from findings group by claim_id, claim_line_number;
    create table handout_lines as select * from findings where outcome = 'overpayment';
    create table rule_wording as
    select rule, number as rule_number, rule as title, documents
    from (values ('place', 1, 'note; order'), ('drug', 2, 'note; log')) as t (rule, number, documents);
    create table rule_documents as
    select rule, document
    from (values ('place', 'note'), ('place', 'order'), ('drug', 'note'), ('drug', 'log')) as t (rule, document);
    create table code_labels (hcpcs_code varchar, label varchar);
    create table own_related_lines (
        finding_id varchar, related_service varchar, related_claim_id varchar, related_claim_line_number bigint
    )
"""


@pytest.fixture
def tables() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(FOUND)
        yield connection


def _made(tables: duckdb.DuckDBPyConnection, step: str) -> duckdb.DuckDBPyRelation:
    for name in ("open_leads", step):
        tables.sql((folder("sql") / "handout" / f"{name}.sql").read_text("utf-8")).create(name)
    return tables.table(step)


def test_a_document_is_asked_for_once_per_claim_and_purpose(tables: duckdb.DuckDBPyConnection) -> None:
    rows = _made(tables, "handout_records").project("purpose_order, document, claim_line_numbers, purpose")
    needed, disputed = "needed to settle an open question", "only if you dispute the amount demanded"
    assert rows.order("purpose_order, document").fetchall() == [
        (1, "log", "1, 2", needed), (1, "note", "1, 2", needed),
        (2, "note", "1", disputed), (2, "order", "1", disputed),
    ]  # fmt: skip


# What becomes of line 1, of which 90.00 was paid and all is a lead → the lines that are still an open question.
LEFT = {
    "a part is demanded": ("update line_demands set demanded_amount = 40.00", [1, 2, 3]),
    "the whole line is demanded": ("update line_demands set demanded_amount = 90.00", [2, 3]),
    "a part is demanded, the rest was recovered": (
        "update line_demands set demanded_amount = 50.00; "
        "update finding_standings set line_recovered_amount = 40.00 where finding_id = 'drug1'", [2, 3],
    ),
    "the whole line was found, and is not demanded": (
        "update line_demands set demanded_amount = 0.00; update line_exposure set net_overpaid_amount = 90.00",
        [1, 2, 3],
    ),
    "nothing was paid": ("update findings set paid_amount = 0.00, amount = 0.00", [1, 2, 3]),
    "reviewers closed the lead": ("update finding_standings set is_closed = true where finding_id = 'drug2'", [1, 3]),
}  # fmt: skip


@pytest.mark.parametrize("name", LEFT)
def test_of_a_line_that_is_demanded_whole_nothing_is_an_open_question(
    tables: duckdb.DuckDBPyConnection, name: str
) -> None:
    change, expected = LEFT[name]
    tables.execute(change)
    leads = _made(tables, "handout_leads").project("claim_line_number").order("claim_line_number").fetchall()
    assert [line for (line,) in leads] == expected
    asked = tables.sql((folder("sql") / "handout" / "handout_records.sql").read_text("utf-8"))
    lines = [
        text
        for (text,) in asked.filter("purpose_order = 1 and document = 'log'").project("claim_line_numbers").fetchall()
    ]
    assert lines == [", ".join(str(line) for line in expected if line != 3)]
