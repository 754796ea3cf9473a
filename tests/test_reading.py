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


@pytest.mark.parametrize(("column", "text"), REJECTED)
def test_an_uncertain_value_rejects_its_row_and_says_why(tmp_path: Path, column: str, text: str) -> None:
    connection, counts = read(write_rows(tmp_path / "c.csv", {}, {column: text}, {}))
    assert counts == RowCounts(3, 2, 1)
    ((source, row, name, reason, kept),) = rows(connection, "from rejected_rows")
    assert (source, row, name) == ("c.csv", 2, column)
    assert str(reason).startswith(column)
    assert text.strip() == "" or (text not in str(reason) and text in str(kept))
