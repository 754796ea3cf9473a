"""Counts on the claims as read: what was rejected and why, and what each column lacks."""

from __future__ import annotations

from typing import Any

import duckdb

from audit_lib.layouts import contract_columns
from audit_lib.manifest import rows_as_dicts
from audit_lib.reading import RowCounts


def measure_quality(connection: duckdb.DuckDBPyConnection, counts: RowCounts) -> dict[str, Any]:
    """Return rows read and rejected with reasons, and per column how many rows have no value; never a value."""
    names = [column.name for column in contract_columns()]
    missing = connection.execute(
        "select "
        + ", ".join(f"count(*) filter (where {name} is null)" for name in names)
        + " from typed_rows"
    ).fetchall()[0]
    reasons = rows_as_dicts(
        connection,
        """
        select coalesce(column_name, '') as columns, reason, count(*) as row_count
        from rejected_rows group by all order by row_count desc, columns, reason
        """,
    )
    return {
        "rows": {"source": counts.source, "read": counts.read, "rejected": counts.rejected},
        "rejections": reasons,
        "missing_values": dict(zip(names, missing, strict=True)),
    }
