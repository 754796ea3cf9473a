"""Columns of lists and structures in Parquet files: named where they are needed, kept as text where they are not."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit_lib.claims.row_counts import RowCounts
from audit_lib.errors import AuditError
from tests.claims_text import read, rows
from tests.parquet_tables import DAY, table

NESTED = {
    "a list": pa.array([["S9365"]]),
    "a structure": pa.array([{"code": "S9365"}]),
    "a map": pa.array([[("code", 1)]], pa.map_(pa.string(), pa.int64())),
}


@pytest.mark.parametrize("column", ["hcpcs_code", "paid_amount", "claim_line_start_date"])
@pytest.mark.parametrize("name", NESTED)
def test_nested_columns_are_named(tmp_path: Path, name: str, column: str) -> None:
    pq.write_table(table(1, **{column: NESTED[name]}), tmp_path / "c.parquet")
    with pytest.raises(AuditError, match=rf"c\.parquet holds lists or structures .*{column}") as caught:
        read(tmp_path / "c.parquet")
    assert caught.value.exit_code == 11


@pytest.mark.parametrize("column", ["hcpcs_code", "paid_amount", "claim_line_start_date"])
@pytest.mark.parametrize("name", NESTED)
def test_a_nested_column_in_one_of_several_files_is_named_with_its_file(tmp_path: Path, name: str, column: str) -> None:
    pq.write_table(table(1), tmp_path / "a.parquet")
    pq.write_table(table(1, **{column: NESTED[name]}), tmp_path / "b.parquet")
    with pytest.raises(AuditError, match=rf"b\.parquet holds lists or structures .*: {column}\.") as caught:
        read(tmp_path)
    assert caught.value.exit_code == 11
    assert "a.parquet" not in str(caught.value)


OTHERS = {
    "text": pa.array(["x"]),
    "numbers": pa.array([1]),
    "days": pa.array([DAY]),
    "nothing": pa.nulls(1),
    "lists of numbers": pa.array([[1.5]]),
    "other structures": pa.array([{"z": 3}]),
}


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("name", NESTED)
def test_nested_columns_beside_others_of_their_name_are_kept_with_rejected_rows(
    tmp_path: Path, name: str, other: str
) -> None:
    bad = pa.array(["no amount"])
    for file, notes in (("a", NESTED[name]), ("b", OTHERS[other])):
        pq.write_table(table(1, notes=notes), tmp_path / f"{file}.parquet")
        pq.write_table(table(1, notes=notes, paid_amount=bad), tmp_path / f"{file}_bad.parquet")
    connection, counts = read(tmp_path)
    assert counts == RowCounts(4, 2, 2)
    found = rows(connection, "select source_file, column_name, source_text from rejected_rows order by source_file")
    assert [row[:2] for row in found] == [("a_bad.parquet", "paid_amount"), ("b_bad.parquet", "paid_amount")]
    notes = [json.loads(str(text))["notes"] for _, _, text in found]
    assert [str(note) != "None" for note in notes] == [True, other != "nothing"]


@pytest.mark.parametrize("test", ["notes is null", "cast(notes as varchar) is null"])
def test_a_layout_may_ask_whether_a_nested_column_is_there(tmp_path: Path, test: str) -> None:
    layout, folder = tmp_path / "own.yml", tmp_path / "claims"
    status = f"case when {test} then 'denied' else 'paid' end"
    layout.write_text(f'based_on: canonical\ncolumns:\n  claim_line_status: "{status}"\n')
    folder.mkdir()
    pq.write_table(table(1, notes=NESTED["a list"]), folder / "a.parquet")
    pq.write_table(table(1, notes=pa.nulls(1, pa.string())), folder / "b.parquet")
    connection, _ = read(folder, str(layout))
    assert rows(connection, "select claim_line_status from typed_rows order by source_file") == [("paid",), ("denied",)]
