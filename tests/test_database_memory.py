"""Rows of a database are copied a few at a time, however wide they are."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit_lib.claims import sqlite_rows
from tests.database_files import KINDS, copied, make, small


@pytest.mark.parametrize("kind", KINDS)
def test_a_wide_table_of_long_values_is_copied_in_little_memory(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows and columns enough that all at once would be 64 MB; what Python holds of them is measured."""
    monkeypatch.setattr(sqlite_rows, "_BYTES_AT_ONCE", 1_000_000)
    monkeypatch.setattr(sqlite_rows, "_BYTES_OF_A_GROUP", 4_000_000)
    names = [f"column_{number}" for number in range(400)]
    values = ", ".join(f"printf('%0400d', {number})" for number in range(400))
    counted = "with recursive n(n) as (select 1 union all select n + 1 from n where n < 400)"
    if kind == "duckdb":
        values = values.replace("printf('%0400d'", "printf('{:0400d}'")
    path = make(tmp_path / f"c.{kind}", "claims", names, [], f"insert into claims {counted} select {values} from n")
    copied(small(tmp_path / f"first.{kind}"))  # what is imported then is not measured
    allocated = pa.total_allocated_bytes()
    tracemalloc.start()
    try:
        file = copied(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16_000_000
    assert pa.total_allocated_bytes() - allocated < 1_000_000
    stored = pq.ParquetFile(file.path).metadata
    assert (stored.num_rows, stored.num_columns) == (400, 400)
    if kind == "sqlite":
        assert stored.num_row_groups > 5, "no group is much larger than what may be gathered"
