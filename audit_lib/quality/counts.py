"""Counts on the claims as read: what was rejected and why, and what each column lacks."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import duckdb
from sqlglot import exp

from audit_lib.claims.layouts import contract_columns
from audit_lib.claims.rejections import is_null
from audit_lib.claims.row_counts import RowCounts
from audit_lib.small_tables import json_rows


def count_missing(connection: duckdb.DuckDBPyConnection, counts: RowCounts) -> dict[str, Any]:
    """Return rows read and rejected with reasons, and per column how many rows have no value; never a value."""
    names = [column.name for column in contract_columns() if column.kind != "flag"]  # the layout's word, not the file's
    absent = [exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=is_null(name))) for name in names]
    missing = connection.execute(exp.select(*absent).from_("typed_rows").sql("duckdb")).fetchall()[0]
    reasons = json_rows(
        connection,
        """
        select coalesce(column_name, '') as columns, reason, count(*) as row_count
        from rejected_rows group by all order by row_count desc, columns, reason
        """,
    )
    return {
        "rows": asdict(counts),
        "rejections": reasons,
        "missing_values": dict(zip(names, missing, strict=True)),
    }
