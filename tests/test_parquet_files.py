"""Parquet as tools write it: money as floating point, codes as numbers, dates in every type, folders, damage."""

from __future__ import annotations

import base64
import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit_lib.claims.row_counts import RowCounts
from audit_lib.errors import AuditError
from tests.claims_text import read, rows
from tests.parquet_tables import DAY, good_columns, table

MOMENT = dt.datetime(2025, 8, 1, 23, 59)
NAN, INF = float("nan"), float("inf")
MISSING = "(rejected)"


# Column, its values as the file holds them, as they are read.
VALUES: dict[str, tuple[str, pa.Array, list[str | None]]] = {
    "float money": ("paid_amount", pa.array([0.1 + 0.2, -3.1, NAN, None]), ["0.30", "-3.10", None, None]),
    "float money that is none": ("paid_amount", pa.array([INF, 10.005, 1e17, 1.0]), [MISSING] * 3 + ["1.00"]),
    "single precision": ("paid_amount", pa.array([10.1, 1234.5, 1.005], pa.float32()), ["10.10", "1234.50", MISSING]),
    "money of ten decimals": (
        "paid_amount", pa.array([Decimal("10.0000000000"), Decimal("10.0050000000")], pa.decimal128(38, 10)),
        ["10.00", MISSING],
    ),
    "money of no decimals": (
        "paid_amount", pa.array([Decimal("1"), Decimal("1" * 38)], pa.decimal128(38, 0)), ["1.00", MISSING],
    ),
    "whole numbers for money": ("paid_amount", pa.array([5, -5], pa.int16()), ["5.00", "-5.00"]),
    "words for money": ("paid_amount", pa.array(["$1,000.5", "(3.00)", "x"]), ["1000.50", "-3.00", MISSING]),
    "a column of nothing": ("paid_amount", pa.nulls(2), [None, None]),
    "codes as numbers": ("hcpcs_code", pa.array([99213, None, 96365]), ["99213", None, "96365"]),
    "codes as floats": ("hcpcs_code", pa.array([99213.0, NAN]), ["99213", None]),
    "more codes as floats": ("hcpcs_code", pa.array([99213.0, NAN, 96365.0, -NAN]), ["99213", None, "96365", None]),
    "single codes as floats": ("hcpcs_code", pa.array([99213.0, NAN, 1.0], pa.float32()), ["99213", None, "1"]),
    "more float money": ("paid_amount", pa.array([7.0, NAN, 3.0, NAN]), ["7.00", None, "3.00", None]),
    "members as floats": ("member_id", pa.array([7.0, NAN, 3.0]), ["7", MISSING, "3"]),
    "days as floats": ("paid_date", pa.array([20250803.0, NAN, 20250804.0]), ["2025-08-03", None, "2025-08-04"]),
    "a place that lost its zero": ("place_of_service_code", pa.array([4, 12, None]), ["04", "12", None]),
    "a place as float": ("place_of_service_code", pa.array([4.0, 12.0]), ["04", "12"]),
    "a revenue code as number": ("revenue_center_code", pa.array([551, 1]), ["0551", "0001"]),
    "a tax number that lost its zero": ("billing_tin", pa.array([12345678, 111111111]), ["012345678", "111111111"]),
    "claim ids as floats": ("claim_id", pa.array([12.0, 1.2345678901234567e19]), ["12", MISSING]),
    "line numbers": ("claim_line_number", pa.array([2**64 - 1, 7], pa.uint64()), [MISSING, "7"]),
    "line numbers as decimals": ("claim_line_number", pa.array([Decimal("1.0"), Decimal("1.5")]), ["1", MISSING]),
    "a dictionary": ("hcpcs_code", pa.array(["a4222 ", "b", "b"]).dictionary_encode(), ["A4222", "B", "B"]),
    "large strings": ("hcpcs_code", pa.array(["a4222"], pa.large_string()), ["A4222"]),
    "string views": ("hcpcs_code", pa.array(["a4222"], pa.string_view()), ["A4222"]),
    "bytes": (
        "hcpcs_code", pa.array([b"a4222", b"", b" NULL ", "caf\u00e9".encode()]), ["A4222", None, None, "CAF\u00c9"],
    ),
    "bytes that are no text": ("hcpcs_code", pa.array([b"a\xff"]), ["A\\XFF"]),
    "bytes for money": ("paid_amount", pa.array([b"", b"5.00", b"x"]), [None, "5.00", MISSING]),
    "single precision for codes": (
        "billing_tin", pa.array([1234567.0, 123456789.0], pa.float32()), ["1234567", MISSING],
    ),
    "single precision for dates": ("paid_date", pa.array([20250803.0, None], pa.float32()), [MISSING, None]),
    "decimals for codes": (
        "claim_id", pa.array([Decimal("123.0000000000"), Decimal("1.5")], pa.decimal128(38, 10)),
        ["123", "1.5000000000"],
    ),
    "dates for nothing": (
        "admission_date",
        pa.array([dt.date(1900, 1, 1), dt.date(1970, 1, 1), dt.date(2099, 12, 31), dt.date(9999, 12, 31), DAY]),
        [None, None, None, None, str(DAY)],
    ),
    "a date for nothing among others": ("admission_date", pa.array([dt.date(1970, 1, 1), DAY]), [None, str(DAY)]),
    "timestamps for nothing": ("admission_date", pa.array([dt.datetime(1900, 1, 1), MOMENT]), [None, str(DAY)]),
    "numbers for nothing": ("admission_date", pa.array([19000101, 20250801]), [None, str(DAY)]),
    "the least whole number": ("claim_line_number", pa.array([-(2**31), 7], pa.int32()), ["-2147483648", "7"]),
    "numbers for dates": (
        "claim_line_start_date", pa.array([20250801, 20250230, None], pa.int32()), [str(DAY), MISSING, MISSING],
    ),
    "years with a day of the year are no date": (
        "claim_line_start_date", pa.array([2025111, 2019127, 20250801]), [MISSING, MISSING, str(DAY)],
    ),
    "days since 1970 are no date": ("claim_line_start_date", pa.array([20301, 20250801]), [MISSING, str(DAY)]),
    "floats for dates": ("claim_line_start_date", pa.array([20250801.0, 20250801.5]), [str(DAY), MISSING]),
    "dates beyond what can be": ("paid_date", pa.array([dt.date(9998, 12, 31), DAY, None]), [MISSING, str(DAY), None]),
    "a time of day": ("paid_date", pa.array([dt.time(1, 2), None]), [MISSING, None]),
    "text for dates": ("paid_date", pa.array(["20250801", "01AUG2025", "08/01/2025"]), [str(DAY), str(DAY), MISSING]),
    **{
        f"timestamps in {unit}": ("paid_date", pa.array([MOMENT, None], pa.timestamp(unit)), [str(DAY), None])
        for unit in ("s", "ms", "us", "ns")
    },
    "timestamps of a zone count in UTC": (
        "claim_line_start_date", pa.array([MOMENT], pa.timestamp("us", "America/Chicago")), [str(DAY)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", VALUES)
def test_values_of_every_type(tmp_path: Path, name: str) -> None:
    column, values, expected = VALUES[name]
    pq.write_table(pa.table({**good_columns(len(values)), column: values}), tmp_path / "c.parquet")
    connection, counts = read(tmp_path / "c.parquet")
    rejected = expected.count(MISSING)
    assert counts == RowCounts(len(values), len(values) - rejected, rejected)
    read_values = dict(rows(connection, f"select source_row, cast({column} as varchar) from typed_rows"))
    assert [read_values.get(row, MISSING) for row in range(1, len(values) + 1)] == expected
    assert {name for (name,) in rows(connection, "select column_name from rejected_rows")} <= {column}


def test_columns_named_as_we_name_ours(tmp_path: Path) -> None:
    names = ("filename", "source_file", "source_row", "rejected_columns", "value", 'it\'s a "name"')
    values = {name: pa.array(["x", "y"]) for name in names}
    pq.write_table(table(2, paid_amount=pa.array(["1.00", "one"]), **values), tmp_path / "c.parquet")
    connection, counts = read(tmp_path / "c.parquet")
    assert counts == RowCounts(2, 1, 1)
    ((kept,),) = rows(connection, "select source_text from rejected_rows")
    assert {key: value for key, value in json.loads(str(kept)).items() if key in names} == dict.fromkeys(names, "y")
    assert rows(connection, "select source_file, source_row from typed_rows") == [("c.parquet", 1)]


REFUSED = {
    "a needed column twice": (table(1, Claim_ID=pa.array(["x"])), "more than one column named claim_id"),
    "a column that the reader needs for itself": (table(1, file_row_number=pa.array([1])), "file_row_number"),
    "no row": (table(1).slice(0, 0), "no claim line"),
    "no claim id in any row": (table(2, claim_id=pa.nulls(2)), "In 2 rows: claim_id is missing"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_files_that_are_refused(tmp_path: Path, name: str) -> None:
    content, words = REFUSED[name]
    pq.write_table(content, tmp_path / "c.parquet")
    with pytest.raises(AuditError, match=words) as caught:
        read(tmp_path / "c.parquet")
    assert caught.value.exit_code == 11


@pytest.mark.parametrize(
    "damage",
    ["cut in half", "last byte gone", "a page overwritten", "a CSV file", "a few bytes", "pyarrow's own schema"],
)
def test_damaged_files(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "c.parquet"
    pq.write_table(table(2000), path, compression="none")
    whole = path.read_bytes()
    schema = pq.read_metadata(path).metadata[b"ARROW:schema"]
    message = base64.b64decode(schema)
    parts = {
        "cut in half": whole[: len(whole) // 2],
        "last byte gone": whole[:-1],
        "a page overwritten": whole[:5] + b"\xff" * 60 + whole[65:],
        "a CSV file": b"claim_id,claim_line_number\n",
        "a few bytes": whole[:4],
        "pyarrow's own schema": whole.replace(schema, base64.b64encode(message[:8] + b"\xff" * (len(message) - 8))),
    }
    path.write_bytes(parts[damage])
    with pytest.raises(AuditError, match="cannot be read as PARQUET") as caught:
        read(path)
    assert caught.value.exit_code == 11


def test_folders_named_by_their_values(tmp_path: Path) -> None:
    for place in (
        "line_of_business=medicare/funding=insured",
        "line_of_business=__HIVE_DEFAULT_PARTITION__/funding=self%20funded",
    ):
        (tmp_path / "claims" / place).mkdir(parents=True)
        pq.write_table(table(), tmp_path / "claims" / place / "part-0.parquet")
    connection, counts = read(tmp_path / "claims")
    assert counts == RowCounts(2, 2, 0)
    found = rows(connection, "select line_of_business, funding from typed_rows order by all")
    assert found == [("medicare", "insured"), (None, "self_funded")]


def test_files_whose_columns_differ_in_type_and_order(tmp_path: Path) -> None:
    pq.write_table(table(1, paid_amount=pa.array([1.5])), tmp_path / "a.parquet")
    pq.write_table(table(2, paid_amount=pa.array(["$2", "x"])), tmp_path / "b.parquet")
    pq.write_table(table(1, claim_line_start_date=pa.array(["2025-08-01"]), note=pa.array([1])), tmp_path / "c.parquet")
    pq.write_table(table().select(reversed(table().column_names)), tmp_path / "d.parquet")
    connection, counts = read(tmp_path)
    assert counts == RowCounts(5, 4, 1)
    found = rows(connection, "select source_file, cast(paid_amount as varchar) from typed_rows order by all")
    assert found == [("a.parquet", "1.50"), ("b.parquet", "2.00"), ("c.parquet", "10.00"), ("d.parquet", "10.00")]


def test_one_file_of_floats_takes_no_digit_from_the_others(tmp_path: Path) -> None:
    """A code of 17 digits, as a whole number in one file and as a float in another, where its last digits are lost."""
    pq.write_table(table(2, claim_id=pa.array([20250917000012345, 7])), tmp_path / "a.parquet")
    pq.write_table(table(2, claim_id=pa.array([20250917000012345.0, 8.0])), tmp_path / "b.parquet")
    connection, counts = read(tmp_path)
    assert counts == RowCounts(4, 3, 1)
    assert rows(connection, "select claim_id from typed_rows order by all") == [("20250917000012345",), ("7",), ("8",)]
    assert rows(connection, "select source_file, source_row, column_name from rejected_rows") == [
        ("b.parquet", 1, "claim_id")
    ]


def test_dates_are_numbers_in_one_of_several_files(tmp_path: Path) -> None:
    pq.write_table(table(paid_date=pa.array([20250917])), tmp_path / "a.parquet")
    pq.write_table(table(paid_date=pa.array([dt.date(2025, 9, 18)])), tmp_path / "b.parquet")
    pq.write_table(table(), tmp_path / "c.parquet")
    connection, counts = read(tmp_path)
    assert counts == RowCounts(3, 3, 0)
    found = rows(connection, "select source_file, source_row, paid_date from typed_rows order by all")
    days = {"a": dt.date(2025, 9, 17), "b": dt.date(2025, 9, 18), "c": None}
    assert found == [(f"{name}.parquet", 1, day) for name, day in days.items()]


@pytest.mark.parametrize(
    ("one", "other", "read_as"),
    [
        (pa.array([5]), pa.array([0.1 + 0.2]), ["5.00", "0.30"]),
        (pa.array([Decimal("1.10")]), pa.array([7], pa.int16()), ["1.10", "7.00"]),
        (pa.array([123456.78], pa.float32()), pa.array([10.2]), ["123456.78", "10.20"]),
        (pa.array([Decimal("1234567.89")]), pa.array([10.5], pa.float32()), ["1234567.89", "10.50"]),
        (
            pa.array([Decimal("10.55")], pa.decimal128(18, 2)),
            pa.array([Decimal("7")], pa.decimal128(38, 0)),
            ["10.55", "7.00"],
        ),
        (pa.array([4.5e-13]), pa.array(["$3"]), ["0.00", "3.00"]),
        (pa.array([2**29]), pa.array([Decimal("10.55")], pa.decimal128(18, 2)), ["536870912.00", "10.55"]),
        (pa.nulls(1), pa.array(["$3"]), [None, "3.00"]),
    ],
)
def test_amounts_of_several_types(tmp_path: Path, one: pa.Array, other: pa.Array, read_as: list[str | None]) -> None:
    pq.write_table(table(paid_amount=one), tmp_path / "a.parquet")
    pq.write_table(table(paid_amount=other), tmp_path / "b.parquet")
    connection, _ = read(tmp_path)
    found = rows(connection, "select cast(paid_amount as varchar) from typed_rows order by source_file")
    assert [amount for (amount,) in found] == read_as


def test_nanoseconds_beside_a_day_that_they_cannot_hold(tmp_path: Path) -> None:
    pq.write_table(table(paid_date=pa.array([MOMENT], pa.timestamp("ns"))), tmp_path / "a.parquet")
    pq.write_table(table(2, paid_date=pa.array([DAY, dt.date(9998, 12, 31)])), tmp_path / "b.parquet")
    connection, counts = read(tmp_path)
    assert counts == RowCounts(3, 2, 1)
    assert rows(connection, "select distinct paid_date from typed_rows") == [(DAY,)]


def test_blanks_around_a_name_in_one_of_several_files(tmp_path: Path) -> None:
    pq.write_table(table(funding=pa.array(["insured"])), tmp_path / "a.parquet")
    padded = table(funding=pa.array(["ASO"])).rename_columns([*table().column_names, "Funding "])
    pq.write_table(padded, tmp_path / "b.parquet")
    connection, _ = read(tmp_path)
    assert rows(connection, "select funding from typed_rows order by source_file") == [("insured",), ("aso",)]


def test_a_column_that_one_of_several_files_lacks_is_missing(tmp_path: Path) -> None:
    pq.write_table(table(), tmp_path / "a.parquet")
    pq.write_table(table().drop_columns(["paid_amount"]), tmp_path / "b.parquet")
    with pytest.raises(AuditError, match=r"claims in b\.parquet .* no column paid_amount"):
        read(tmp_path)
