"""Reading claims: what is certain is read right, the rest is rejected with reason and place; no row is lost."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import pytest

from audit_lib.claims.layouts import read_layout
from audit_lib.claims.reading import read_claims
from audit_lib.claims.row_counts import RowCounts
from audit_lib.claims.sources import find_files, scan_bytes
from audit_lib.errors import AuditError

COLUMNS = [
    "claim_id", "claim_line_number", "member_id", "claim_line_start_date", "hcpcs_code", "service_unit_quantity",
    "paid_amount", "billing_tin",
]  # fmt: skip
GOOD = dict(zip(COLUMNS, ["A", "1", "m", "2025-08-01", "A4222", "1", "10.00", "123456789"], strict=True))


def read(claims: Path | str, layout: str = "canonical") -> tuple[duckdb.DuckDBPyConnection, RowCounts]:
    connection = duckdb.connect()
    files = find_files(str(claims))
    for file in files:
        scan_bytes(file)
    return connection, read_claims(connection, files, read_layout(layout))


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return connection.execute(query).fetchall()


def _write(path: Path, *values: dict[str, str], encoding: str = "utf-8", end: str = "\n") -> Path:
    names = list(dict.fromkeys(name for value in values for name in {**GOOD, **value}))
    lines = [",".join(names)]
    for value in values:
        lines.append(",".join('"' + {**GOOD, **value}.get(n, "").replace('"', '""') + '"' for n in names))
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return path


READ = [
    ("paid_amount", "$1,234.50", "1234.50"),
    ("paid_amount", "1,234,567.89", "1234567.89"),
    ("paid_amount", "(5.00)", "-5.00"),
    ("paid_amount", "5.00-", "-5.00"),
    ("paid_amount", "-$5", "-5.00"),
    ("paid_amount", ".5", "0.50"),
    ("paid_amount", "29.560000000000002", "29.56"),
    ("paid_amount", "$ -5", "-5.00"),
    ("paid_amount", "($1,234.50)", "-1234.50"),
    ("paid_amount", "$(5)", "-5.00"),
    ("paid_amount", "5.00 USD", "5.00"),
    ("paid_amount", " +5. ", "5.00"),
    ("paid_amount", "\u00a05.00", "5.00"),
    ("paid_amount", "0E-10", "0.00"),
    ("paid_amount", "999999999.99", "999999999.99"),
    ("paid_amount", "", None),
    ("paid_amount", "NULL", None),
    ("paid_amount", "\\N", None),
    ("paid_amount", "NaN", None),
    ("service_unit_quantity", "7.0", "7.000"),
    ("service_unit_quantity", "0.125", "0.125"),
    ("service_unit_quantity", "1,000", "1000.000"),
    ("service_unit_quantity", "2-", "-2.000"),
    ("claim_id", "00123", "00123"),
    ("claim_id", "123.0", "123"),
    ("claim_id", " a b ", "a b"),
    ("claim_line_number", "01", "1"),
    ("claim_line_number", "2.0", "2"),
    ("claim_line_start_date", "20250801", "2025-08-01"),
    ("claim_line_start_date", "2025/8/1", "2025-08-01"),
    ("claim_line_start_date", "2025.08.01", "2025-08-01"),
    ("claim_line_start_date", "20250801.0", "2025-08-01"),
    ("claim_line_start_date", "01AUG2025", "2025-08-01"),
    ("claim_line_start_date", "1-Aug-2025", "2025-08-01"),
    ("claim_line_start_date", "01AUG2025:00:00:00", "2025-08-01"),
    ("claim_line_start_date", "2025-08-01T23:00:00-05:00", "2025-08-01"),
    ("claim_line_start_date", "2024-02-29", "2024-02-29"),
    ("claim_line_start_date", "2025-08-01T00:00:00", "2025-08-01"),
    ("claim_line_start_date", "2025-08-01 00:00:00.000", "2025-08-01"),
    ("hcpcs_code", " s9500 ", "S9500"),
    ("hcpcs_code", "96365.0", "96365"),
    ("hcpcs_code", "s 9500", "S9500"),
    ("hcpcs_code", "", None),
    ("hcpcs_code", "null", None),
    ("hcpcs_code", "00000", None),
    ("hcpcs_code", "0", None),
    ("hcpcs_code", "0001A", "0001A"),
    ("hcpcs_modifier_1", "00", None),
    ("claim_type", "P", "professional"),
    ("claim_type", "Institutional", "institutional"),
    ("claim_line_status", "Denied", "denied"),
    *[
        ("claim_line_status", text, "denied")
        for text in ("DENIED - DUPLICATE", "Void", "voided", "REVERSED", "reversal", "Rejected", "reject", "cancelled")
    ],
    ("claim_line_status", "Adjusted", "adjusted"),
    ("claim_line_status", "deductible", "deductible"),
    ("claim_line_status", "D", "denied"),
    ("billing_tin", "10-1234567", "101234567"),
    ("billing_tin", "none", None),
    ("billing_tin", "12345678", "012345678"),
    ("billing_tin", "000000000", None),
    ("billing_tin", "999999999", None),
    ("billing_npi", "1942275334.0", "1942275334"),
    ("place_of_service_code", "4", "04"),
    ("place_of_service_code", "12.0", "12"),
    ("place_of_service_code", "012", "12"),
    ("place_of_service_code", "0", None),
    ("place_of_service_code", "00", None),
    ("place_of_service_code", "0.0", None),
    ("place_of_service_code", "10", "10"),
    *[("place_of_service_code", text, None) for text in ("NA", "UNK", "XX", "-", "?", ".", "HOME", "12H", "120")],
    *[("bill_type_code", text, None) for text in ("NA", "UNK", "X", "000", "-", "?")],
    *[
        ("bill_type_code", text, read)
        for text, read in {"11X": "11X", "011": "11", "0114": "114", "33g": "33G", "999": "999"}.items()
    ],
    *[
        ("admission_date", text, None)
        for text in (
            "0001-01-01",
            "1901-01-01",
            "1970-01-01",
            "9999-12-31",
            "29991231",
            "01JAN1900",
            "1970-01-01T00:00",
        )
    ],
    ("admission_date", "1970-01-02", "1970-01-02"),
    ("revenue_center_code", "551", "0551"),
    ("bill_type_code", "0131", "131"),
    ("claim_frequency_code", "07", "7"),
    ("diagnosis_code_1", "k91.2", "K912"),
    ("diagnosis_code_1", "00000", None),
    ("diagnosis_code_1", "000.00", None),
    ("admission_date", "1900-01-01", None),
    ("admission_date", "1900-01-01 00:00:00.000", None),
    ("discharge_date", "2099-12-31", None),
    ("discharge_date", "2099-12-31T00:00:00", None),
    ("discharge_date", "2099-12-30", "2099-12-30"),
    ("claim_id", "1E5", "1E5"),
    ("ndc_code", "0338-0644-03", "00338064403"),
    ("ndc_code", "50242-040-62", "50242004062"),
    ("ndc_code", "63323-0249-1", "63323024901"),
    ("ndc_code", "00338-0644-03", "00338064403"),
    ("ndc_code", "N400338064403", "00338064403"),
    ("ndc_code", "0338 0644 03", "00338064403"),
    ("ndc_code", "8290033010", "8290033010"),
    ("ndc_code", "338-644-3", "00338064403"),
    ("ndc_code", "N4 00338-0644-03", "00338064403"),
    ("ndc_code", "n40338064403", "0338064403"),
    ("ndc_code", "NDC: 0338-0644-03", "00338064403"),
    ("ndc_code", "00338*0644*03", "00338064403"),
    ("ndc_code", "00338\u20130644\u201303", "00338064403"),
    ("ndc_code", "00338-064403", "00338064403"),
    ("ndc_code", "338064403", "338064403"),
    ("ndc_code", "see note", "SEE NOTE"),
    ("line_of_business", "Medicare Advantage", "medicare_advantage"),
    ("funding", "Self-Funded", "self_funded"),
    ("funding", "Fully Insured", "insured"),
    ("drug_name", "café", "café"),
]


@pytest.mark.parametrize(("column", "text", "value"), READ)
def test_a_certain_value_is_read(tmp_path: Path, column: str, text: str, value: str | None) -> None:
    connection, counts = read(_write(tmp_path / "c.csv", {column: text}))
    assert counts == RowCounts(1, 1, 0), rows(connection, "select reason from rejected_rows")
    assert rows(connection, f"select cast({column} as varchar) from typed_rows") == [(value,)]


REJECTED = [
    ("claim_id", "2E+11"),
    ("billing_tin", "2e+08"),
    ("billing_npi", "2E+09"),
    ("claim_line_start_date", "1900-01-01"),
    ("paid_amount", "12.345"),
    ("paid_amount", "12,34"),
    ("paid_amount", "1.234,56"),
    ("paid_amount", "ten"),
    ("paid_amount", "1e3"),
    ("paid_amount", "1 000.00"),
    ("paid_amount", "1$0"),
    ("paid_amount", "(5"),
    ("paid_amount", "-(5)"),
    ("paid_amount", "--5"),
    ("paid_amount", "0.005"),
    ("paid_amount", "5 CR"),
    ("paid_amount", "€5"),
    ("paid_amount", "inf"),
    ("paid_amount", "1000000000"),
    ("service_unit_quantity", "1.0005"),
    ("claim_line_number", "1A"),
    ("claim_line_number", ""),
    ("claim_line_start_date", "2025-02-30"),
    ("claim_line_start_date", "08/01/2025"),
    ("claim_line_start_date", "infinity"),
    ("claim_line_start_date", "9999-12-31"),
    ("claim_line_start_date", "0001-01-01"),
    ("claim_line_start_date", "00000000"),
    ("claim_line_start_date", "45870"),
    ("claim_line_start_date", "01-AUG-25"),
    ("claim_line_start_date", "2025-08-01x"),
    ("claim_line_start_date", "2023-02-29"),
    ("billing_tin", "1.23E+08"),
    ("claim_id", "1.23457E+17"),
    ("claim_line_start_date", ""),
    ("paid_date", "20251399"),
    ("claim_id", " "),
    ("member_id", ""),
]


@pytest.mark.parametrize(("column", "text"), REJECTED)
def test_an_uncertain_value_rejects_its_row_and_says_why(tmp_path: Path, column: str, text: str) -> None:
    connection, counts = read(_write(tmp_path / "c.csv", {}, {column: text}, {}))
    assert counts == RowCounts(3, 2, 1)
    ((source, row, name, reason, kept),) = rows(connection, "from rejected_rows")
    assert (source, row, name) == ("c.csv", 2, column)
    assert str(reason).startswith(column)
    assert text.strip() == "" or (text not in str(reason) and text in str(kept))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, end: str) -> None:
    path = _write(
        tmp_path / "c.csv", {"drug_name": "café"}, {"drug_name": 'two\nlines, "quoted"'}, encoding=encoding, end=end
    )
    connection, counts = read(path)
    assert counts == RowCounts(2, 2, 0)
    assert rows(connection, "select drug_name from typed_rows order by source_row")[0] == ("café",)


@pytest.mark.parametrize("delimiter", ["|", ";", "\t"])
def test_the_delimiter_is_found_in_the_header(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "c.csv"
    path.write_text("\n".join([delimiter.join(GOOD), delimiter.join(GOOD.values())]) + "\n", "utf-8")
    assert read(path)[1] == RowCounts(1, 1, 0)


def test_broken_records_blank_lines_and_stray_quotes_keep_their_numbers(tmp_path: Path) -> None:
    good = ",".join(GOOD.values())
    stray = good.replace("A4222", 'A"4222')
    path = tmp_path / "c.csv"
    path.write_text("\n".join([",".join(GOOD), good, "broken", "", stray, good + ",too,many", good]) + "\n", "utf-8")
    connection, counts = read(path)
    assert counts == RowCounts(5, 3, 2)
    assert rows(connection, "select source_row from rejected_rows order by 1") == [(2,), (4,)]
    assert rows(connection, "select source_row from typed_rows order by 1") == [(1,), (3,), (5,)]


def test_gzip_and_a_folder_of_files(tmp_path: Path) -> None:
    plain = _write(tmp_path / "plain.csv", {}, {"paid_amount": "x"}).read_bytes()
    folder = tmp_path / "it's [here]"
    folder.mkdir()
    (folder / "a.csv.gz").write_bytes(gzip.compress(plain))
    (folder / "b.csv").write_bytes(plain)
    connection, counts = read(folder)
    assert counts == RowCounts(4, 2, 2)
    assert rows(connection, "select source_file, source_row from rejected_rows order by 1") == [
        ("a.csv.gz", 2),
        ("b.csv", 2),
    ]


def _parquet(path: Path, select: str) -> Path:
    with duckdb.connect() as connection:
        connection.sql(select).write_parquet(str(path))
    return path


PARQUET = """
    select 'A' as claim_id, 1::integer as claim_line_number, 77.0::double as member_id,
        timestamp '2025-08-01 00:00:00' as claim_line_start_date, 20250803 as claim_line_end_date,
        96365 as hcpcs_code, 1.5::double as service_unit_quantity, 29.560000000000002::double as paid_amount,
        123456789 as billing_tin, 4 as place_of_service_code, 'nan'::double as allowed_amount
"""


def test_parquet_with_numbers_for_money_codes_and_dates(tmp_path: Path) -> None:
    connection, counts = read(_parquet(tmp_path / "c.parquet", PARQUET))
    assert counts == RowCounts(1, 1, 0)
    found = rows(
        connection,
        """
        select member_id, claim_line_start_date::varchar, claim_line_end_date::varchar, hcpcs_code,
            service_unit_quantity::varchar, paid_amount::varchar, billing_tin, place_of_service_code, allowed_amount
        from typed_rows
        """,
    )
    assert found == [("77", "2025-08-01", "2025-08-03", "96365", "1.500", "29.56", "123456789", "04", None)]


def test_a_parquet_row_that_cannot_be_read_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "claims"
    folder.mkdir()
    _parquet(folder / "a.parquet", PARQUET)
    _parquet(folder / "b.parquet", PARQUET.replace("20250803", "20250230"))
    connection, counts = read(folder)
    assert counts == RowCounts(2, 1, 1)
    assert rows(connection, "select source_file, source_row, column_name from rejected_rows") == [
        ("b.parquet", 1, "claim_line_end_date")
    ]


BROKEN = {
    "cut.parquet": b"PAR1 and nothing more",
    "cut.csv.gz": gzip.compress(b"claim_id,claim_line_number\n" * 5000)[:-20],
    "empty.csv": b"",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_damaged_file_is_one_plain_error(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(BROKEN[name])
    with pytest.raises(AuditError) as caught:
        read(tmp_path / name)
    assert caught.value.exit_code == 11
    assert name in caught.value.message


def test_a_folder_of_two_formats_is_refused(tmp_path: Path) -> None:
    _write(tmp_path / "a.csv", {})
    _parquet(tmp_path / "b.parquet", PARQUET)
    with pytest.raises(AuditError, match="CSV and Parquet"):
        read(tmp_path)
