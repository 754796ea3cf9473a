"""A hand-out as CSV or Parquet: a file per sheet, the columns as declared."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from audit_lib.handout.sheets import Column, FilledSheet
from audit_lib.safe_text import csv_text

_TYPES = {
    "text": pa.string(), "date": pa.date32(), "amount": pa.decimal128(18, 2), "count": pa.int64(),
    "units": pa.decimal128(18, 3), "position": pa.int64(),
}  # fmt: skip


def write_csv(path: Path, filled: FilledSheet) -> None:
    """Write one sheet as CSV: UTF-8 with a mark that spreadsheets know it by, claims' text never a formula."""
    with path.open("x", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(column.name for column in filled.sheet.columns)
        writer.writerows(
            [_plain(column, value) for column, value in zip(filled.sheet.columns, row, strict=True)]
            for row in filled.rows
        )


def write_parquet(path: Path, filled: FilledSheet) -> None:
    """Write one sheet as Parquet; its types are certain, so text stays as the claims have it."""
    schema = pa.schema([(column.name, _TYPES[column.kind]) for column in filled.sheet.columns])
    columns = list(zip(*filled.rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), path, compression="zstd")


def _plain(column: Column, value: Any) -> Any:
    if column.kind == "text" and value is not None:
        return csv_text(str(value))
    return f"{value:f}" if isinstance(value, Decimal) else value
