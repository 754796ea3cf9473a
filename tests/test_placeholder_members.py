"""Whom nobody knows is no member: what systems write for none is missing, and its rows are rejected."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.claims_text import GOOD, read, rows, write_rows
from tests.member_texts import NOBODY, SOMEBODY


@pytest.mark.parametrize("source", ["csv", "parquet"])
def test_who_is_a_member(tmp_path: Path, source: str) -> None:
    given = [GOOD | {"claim_id": f"A{n}", "member_id": text} for n, text in enumerate([*NOBODY, *SOMEBODY])]
    path = tmp_path / f"claims.{source}"
    if source == "csv":
        write_rows(path, *given)
    else:
        pq.write_table(pa.table({name: [row[name] for row in given] for name in GOOD}), path)
    connection, counts = read(path)
    found = rows(connection, "select member_id from typed_rows order by source_row")
    assert [member for (member,) in found] == list(SOMEBODY.values())
    assert rows(connection, "select distinct column_name, reason from rejected_rows") == [
        ("member_id", "member_id is missing")
    ]
    assert counts.rejected == len(NOBODY)


def test_numbers_of_members(tmp_path: Path) -> None:
    """Columns of numbers say the same: 0 and 999999999 are nobody, 9 is somebody."""
    members = [0, 999999999, 9, 123456789]
    columns = {name: [value] * len(members) for name, value in GOOD.items()}
    pq.write_table(pa.table(columns | {"member_id": pa.array(members, pa.int64())}), tmp_path / "claims.parquet")
    connection, _ = read(tmp_path / "claims.parquet")
    assert rows(connection, "select member_id from typed_rows order by source_row") == [("9",), ("123456789",)]


def test_digits_that_a_spreadsheet_lost_are_not_missing(tmp_path: Path) -> None:
    write_rows(tmp_path / "claims.csv", {"member_id": "2E+11"}, {"member_id": "m"})
    connection, _ = read(tmp_path / "claims.csv")
    (reason,) = rows(connection, "select reason from rejected_rows")
    assert reason == ("member_id is in scientific notation, so that its last digits are lost",)
