"""Files of claims as they come: encodings, line ends, delimiters, broken records, gzip, Parquet, damage."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import pytest

from audit_lib.claims.row_counts import RowCounts
from audit_lib.errors import AuditError
from tests.claims_text import GOOD, read, rows, write_rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, end: str) -> None:
    path = write_rows(
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
    plain = write_rows(tmp_path / "plain.csv", {}, {"paid_amount": "x"}).read_bytes()
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
    write_rows(tmp_path / "a.csv", {})
    _parquet(tmp_path / "b.parquet", PARQUET)
    with pytest.raises(AuditError, match="CSV and Parquet"):
        read(tmp_path)
