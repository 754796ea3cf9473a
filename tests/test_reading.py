"""Reading claims: what is certain is read right, the rest is rejected with reason and place; no row is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit_lib.claims.row_counts import RowCounts
from tests.claims_text import READ, REJECTED, read, rows, write_rows


@pytest.mark.parametrize(("column", "text", "value"), READ)
def test_a_certain_value_is_read(tmp_path: Path, column: str, text: str, value: str | None) -> None:
    connection, counts = read(write_rows(tmp_path / "c.csv", {column: text}))
    assert counts == RowCounts(1, 1, 0), rows(connection, "select reason from rejected_rows")
    assert rows(connection, f"select cast({column} as varchar) from typed_rows") == [(value,)]


# Frequency code and type of bill → what the row says of its claim's frequency.
FREQUENCIES = {
    ("7", ""): "7",
    ("", "117"): "7",
    ("", "0328"): "8",
    ("1", "117"): "1",
    ("", "17"): None,
    ("", "1178"): None,
    ("", ""): None,
}


@pytest.mark.parametrize(("code", "bill_type"), FREQUENCIES)
def test_a_type_of_bill_says_the_frequency_where_no_code_does(tmp_path: Path, code: str, bill_type: str) -> None:
    connection, _ = read(write_rows(tmp_path / "c.csv", {"claim_frequency_code": code, "bill_type_code": bill_type}))
    assert rows(connection, "select frequency_code from typed_rows") == [(FREQUENCIES[code, bill_type],)]


@pytest.mark.parametrize(("column", "text"), REJECTED)
def test_an_uncertain_value_rejects_its_row_and_says_why(tmp_path: Path, column: str, text: str) -> None:
    connection, counts = read(write_rows(tmp_path / "c.csv", {}, {column: text}, {}))
    assert counts == RowCounts(3, 2, 1)
    ((source, row, name, reason, kept),) = rows(connection, "from rejected_rows")
    assert (source, row, name) == ("c.csv", 2, column)
    assert str(reason).startswith(column)
    assert text.strip() == "" or (text not in str(reason) and text in str(kept))
