"""Text that is meant as it stands is not cleaned; it must turn out as if it were, in every kind of column."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlglot import exp

from audit_lib.claims.layouts import Reading, contract_columns, kinds
from audit_lib.claims.quick_tests import NULL_MARKS, filled
from audit_lib.claims.typing_rows import FILE_COLUMN, ROW_COLUMN, typed_query
from audit_lib.claims.value_texts import BLANKS
from tests.claims_text import COLUMNS, GOOD, READ, REJECTED, read, rows
from tests.member_texts import NOBODY, SOMEBODY

NAMES = [column.name for column in contract_columns()]
STRANGE = [
    "1e2", "1E+05", "1.005", "1.0050", "+5", "-0", "-0.00", "0.00", "0", "00", "007", "1_000", "1_000.00", "1.", ".5",
    "5.5", "10.00", "10.000", "10.0001", "999999999.99", "1000000000.00", "-1000000000.00", "12345678901234567.00",
    "123456789012345678", "1234567890123456789", "9223372036854775807", "99999999999999999999", "-123456789012345678",
    "2024-02-29", "2024-02-30", "2023-02-29", "2024-1-5", "20240101", "2024-01-01 10:00", "2024/01/01", "2024 01 01",
    "2024\\01\\01", "2024-01-01 (BC)", "1899-12-31", "1900-01-01", "2099-12-31", "2100-01-01", "24-01-01", "epoch",
    "infinity", "-infinity", "today", "now", "01/02/2024", "nan", "inf", "true", "0x10", "1/2", "12-3456789",
    "123456789", "000000000", "00-0000000", "999999999", "99-9999999", "12345678", "1234567890", "0000000000",
    "9999999999", "ab", "AB", "a1", "A1", "A1.0", "A1.00", "JW", "jw", "S9365", "s 9365", "E11.9", "E119", "0131",
    "131", "7", "07", "professional", "Professional", "P", "paid", "denied", "D", "insured", "Fully Insured",
    "self_funded", "medicaid", "medicare advantage", "fep", "a_b__c", "_a", "0338-0644-03", "12345678901", "HSA 3000",
    "=1+1", "'x'", '"x"', "a,b", "a\nb", "a\r\nb", "café", "\u00e9", "1\u00a0000", "\u0661", "\u22125", "x\u200b",
    "NULLS", "null_", "None.", "N/A-", "#N/A!", "5$", "(5.00)", "a" * 300,
]  # fmt: skip
TEXTS = list(dict.fromkeys([
    *STRANGE, *NULL_MARKS, *(text for _, text, _ in READ), *(text for _, text in REJECTED), *NOBODY, *SOMEBODY, "",
    *(f"{blank}{text}" for blank in BLANKS for text in ("5.00", "2024-01-01", "A1", "NULL", "a b c d")),
    *(f"{text}{blank}" for blank in BLANKS for text in ("5.00", "2024-01-01", "A1", "NULL", "a b c d")), *BLANKS,
]))  # fmt: skip
READINGS = {
    "nothing said": Reading(),
    "marks for nothing": Reading(null_values=["2099-12-31", "10.00", "A1", "123456789", "paid", "it's", "7"]),
    "dates day first": Reading(date_format=["%d/%m/%Y", "%Y-%d-%m"]),
}


@pytest.mark.parametrize("name", READINGS)
def test_a_value_out_of_csv_turns_out_as_a_cleaned_one(name: str) -> None:
    with duckdb.connect() as connection:
        texts = [text or None for text in TEXTS]  # DuckDB's CSV reader gives null for an empty value
        connection.register("texts", pa.table({column: texts for column in NAMES} | {"row": range(len(texts))}))
        named = [exp.column(column, quoted=True) for column in NAMES]
        source = exp.select(exp.alias_(exp.Literal.string("f"), FILE_COLUMN, quoted=True),
                            exp.alias_(exp.column("row"), ROW_COLUMN, quoted=True), *named).from_("texts")  # fmt: skip
        bound: dict[str, exp.Expr | None] = {column: exp.column(column, quoted=True) for column in NAMES}
        cleaned = typed_query(connection, source, bound, READINGS[name])
        flat = typed_query(connection, source, bound, READINGS[name], is_flat=True)
        expected = rows(connection, f"from ({cleaned.sql('duckdb')}) order by source_row")
        found = rows(connection, f"select * exclude (source_text) from ({flat.sql('duckdb')}) order by source_row")
    assert len(found) == len(TEXTS)
    assert found == expected


TYPICAL = {
    "identifier": ["C00000138838", "00-4000007"], "member": ["M0009", "900", "9", "123456789", "9-A"],
    "text": ["Example Health Plan", "AUTH-0001"],
    "code": ["S9365", "JW", "96365", "MT"], "word": ["medicaid"], "claim_type": ["professional"],
    "line_status": ["paid"], "funding": ["insured"], "tin": ["00-4000007", "123456789"], "npi": ["9004000007"],
    "frequency": ["1", "7"], "bill_type": ["131"], "place": ["12"], "revenue_code": ["0551"], "diagnosis": ["E039"],
    "ndc": ["00338064403"], "integer": ["1", "12"], "date": ["2025-07-12"], "money": ["21.42", "0.00", "150", "7.5"],
    "units": ["1.000", "1", "2.5"], "flag": ["true", "false"],
    "modifier": ["JW", "59"],
}  # fmt: skip


def test_usual_text_is_not_cleaned() -> None:
    assert set(TYPICAL) == set(kinds())
    with duckdb.connect() as connection:
        for kind, texts in TYPICAL.items():
            for text in texts:
                value = exp.Literal.string(text)
                direct = exp.TryCast(this=value.copy(), to=exp.DataType.build(kinds()[kind]["type"], "duckdb"))
                test = exp.select(filled(kinds()[kind]["quick"], value, direct))
                assert rows(connection, test.sql("duckdb")) == [(True,)], (kind, text)


def test_a_csv_file_and_the_same_text_as_parquet_give_the_same_rows(tmp_path: Path) -> None:
    """The rows of CSV are typed as they are read, those of Parquet from columns of text."""
    names = [*COLUMNS, "allowed_amount", "paid_date", "drug_name", "ndc_code", "note"]
    values = [{**dict.fromkeys(names, ""), **GOOD, name: text} for name in names for text in TEXTS if "\0" not in text]
    with (tmp_path / "c.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(values)
    texts = {name: pa.array([row[name] or None for row in values], pa.string()) for name in names}
    pq.write_table(pa.table(texts), tmp_path / "c.parquet")
    answers = []
    for name in ("c.csv", "c.parquet"):
        connection, counts = read(tmp_path / name)
        typed = rows(connection, "select * exclude (source_file) from typed_rows order by source_row")
        kept = rows(connection, "select * exclude (source_file) from rejected_rows order by source_row")
        checked = "select source_row, is_rejected, unreadable_columns, billing_tin_text from checked_rows"
        seen = rows(connection, f"{checked} order by source_row")
        answers.append((counts, typed, kept, seen))
    assert answers[0] == answers[1]
    assert answers[0][0].rejected > 100
