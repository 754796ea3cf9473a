"""What the suites on code lists look at: every list there is, and every row of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pyarrow as pa

from audit_lib.code_sets import CodeSets, Value
from audit_lib.quality.results import Result
from audit_lib.small_tables import create_table

TABLES = ("code_lists", "code_set_rows")
_LISTS = {"list_name": pa.string(), "row_count": pa.int64()}
_ROWS = {
    "list_name": pa.string(),
    "entry": pa.string(),
    "code": pa.string(),
    "valid_from": pa.date32(),
    "valid_to": pa.date32(),
}


def create_code_lists(connection: duckdb.DuckDBPyConnection, lists: CodeSets) -> None:
    """Make `code_lists` and `code_set_rows` of the lists as their schemas declare them, the plan's own among them.

    `entry` is what a row is looked up by; `code` is the same, but empty where a list is one of words.
    """
    counts = [{"list_name": name, "row_count": len(rows)} for name, rows in lists.rows.items()]
    entries = [row for name in lists.rows for row in _entries(lists, name)]
    create_table(connection, "code_lists", _LISTS, counts)
    create_table(connection, "code_set_rows", _ROWS, entries)


def name_empty_lists(connection: duckdb.DuckDBPyConnection, results: list[Result]) -> list[Result]:
    """Let a failure of the suite `code_lists` say which lists hold no row: their names are ours, not of any claim."""
    empty = connection.execute("select list_name from code_lists where row_count = 0 order by list_name").fetchall()
    names = ", ".join(str(name) for (name,) in empty)
    return [
        replace(result, sentence=f"{result.sentence.rstrip('.')}; without one: {names}.")
        if (result.suite, result.status) == ("code_lists", "FAIL")
        else result
        for result in results
    ]


def _entries(lists: CodeSets, name: str) -> Iterator[dict[str, Value]]:
    key, columns = lists.schema.lists[name].key, lists.schema.columns(name)
    (looked_up, *_) = [column for column in key if columns[column].type == "code"] or key
    is_code = columns[looked_up].type == "code"
    for row in lists.rows[name]:
        entry = None if row[looked_up] is None else str(row[looked_up])
        yield {
            "list_name": name,
            "entry": entry,
            "code": entry if is_code else None,
            "valid_from": row["valid_from"],
            "valid_to": row["valid_to"],
        }
