"""Which leads are open questions of a provider, what settles them, and which documents are asked for and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from audit_lib.resources import folder
from tests.handout.reading import Export, csv_rows, opened, table

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
    select
        rule, number as rule_number, rule as title, documents, '1' as version, '' as why, '' as recover,
        '' as exceptions, '' as defences
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


def test_a_lead_that_the_plan_s_own_papers_settle_names_no_record(tables: duckdb.DuckDBPyConnection) -> None:
    rows = _made(tables, "handout_leads").project("claim_line_number, documents").order("claim_line_number").fetchall()
    assert rows == [(1, "note; log"), (2, "note; log"), (3, "the plan's own papers")]


# A per diem with its drug and a supply in it (111111111), a supply beside them (222222222) and both (333333333).
OPEN = ["A 1 m S9500 90.00 111111111", "A 2 m J0690 30.00 111111111", "A 3 m A4222 7.00 111111111",
        "B 1 m A4222 12.00 222222222", "C 1 n S9500 90.00 333333333", "C 2 n J0690 30.00 333333333",
        "C 3 n A4222 7.00 333333333", "D 1 m A4222 14.00 333333333"]  # fmt: skip


@pytest.fixture
def letters(audit: Callable[..., Path], export: Export) -> Path:
    return export(audit(OPEN), "--with-review") / "providers"


def _method(book: Path) -> dict[str, str]:
    return {row["Topic"]: row["What it says"] for row in table(book, "Method")}


@pytest.mark.usefixtures("evidence_once")
def test_a_workbook_of_open_questions_alone_speaks_of_nothing_demanded(letters: Path) -> None:
    book = letters / "provider_222222222.xlsx"
    assert opened(book).sheetnames == ["Summary", "Needs review", "Method"]
    front = [row[0] for row in opened(book)["Summary"].values if row[0]]
    assert front[0] == opened(book).properties.title == "Open questions about paid claims"
    assert front[-1] == "Open questions, not demanded (1 line)" and "Rule" not in front
    told = _method(book)
    assert "that Needs review names for it" in told["To settle an open question"]
    assert {"In question", "Rule", "In order if"} <= set(told)
    gone = {"To dispute a line", "Demanded", "What is left out", "Documents that settle it", "Not owed if"}
    assert not gone & set(told)
    assert not [text for text in told.values() if "column Also found by" in text or "rule above" in text]
    leads = table(book, "Needs review")
    assert {told["Policy text"]} == {row["Policy text"] for row in leads}
    assert [told["Rule"].startswith(row["Rule"]) for row in leads] == [True]


@pytest.mark.usefixtures("evidence_once")
def test_the_method_tells_of_leads_where_they_are_shown(letters: Path) -> None:
    both, demanded = _method(letters / "provider_333333333.xlsx"), _method(letters / "provider_111111111.xlsx")
    assert {"To dispute a line", "To settle an open question", "Demanded", "In question"} <= set(both)
    assert "To dispute a line" in demanded and not {"To settle an open question", "In question"} & set(demanded)
    assert opened(letters / "provider_333333333.xlsx")["Summary"]["A1"].value == "Overpayments found in paid claims"


@pytest.mark.usefixtures("evidence_once")
def test_flat_files_of_open_questions_alone_hold_no_empty_table(audit: Callable[..., Path], export: Export) -> None:
    folder_of = export(audit(OPEN), "--with-review", "--format", "csv") / "providers" / "provider_222222222"
    assert sorted(path.name for path in folder_of.iterdir()) == ["leads.csv", "method.csv"]
    assert len(csv_rows(folder_of / "leads.csv")) == 1


def test_a_rule_that_a_demand_rests_on_is_told_from_one_of_leads_alone(tables: duckdb.DuckDBPyConnection) -> None:
    _made(tables, "handout_leads")
    rules = tables.sql((folder("sql") / "handout" / "handout_rules.sql").read_text("utf-8"))
    assert rules.project("title, is_demanded").order("title").fetchall() == [("drug", False), ("place", True)]
