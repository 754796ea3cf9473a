"""CSV files as checked rows: each is read once and typed on the way, into a Parquet file that all steps read."""

from __future__ import annotations

from pathlib import Path

import duckdb
from sqlglot import exp

from audit_lib.claims.csv_reading import TEXT_VIEW, write_rows
from audit_lib.claims.layouts import Reading, contract_columns, kinds, unique_names
from audit_lib.claims.parquet_rows import source_query
from audit_lib.claims.reach import Reach, without_far_rows
from audit_lib.claims.rejections import SOURCE_TEXT, TEXT_KEPT
from audit_lib.claims.sources import SourceFile
from audit_lib.claims.typing_rows import FILE_COLUMN, ROW_COLUMN, typed_query
from audit_lib.claims.views import view

_TYPED_VIEW = "typed_csv"
_OF_A_ROW = ("is_rejected", "rejected_columns", "rejection_reason", "unreadable_columns",
             *(f"{name}_text" for name in TEXT_KEPT), SOURCE_TEXT)  # fmt: skip


def check_csv_rows(
    connection: duckdb.DuckDBPyConnection,
    files: list[SourceFile],
    bound: dict[str, exp.Expr | None],
    reading: Reading,
    scratch: Path,
    reach: Reach | None,
) -> None:
    """Create the view `checked_rows` over what is written below `scratch`: typed rows, and the text of rejected ones.

    Records that are no CSV go to `rejected_rows`; of several files, those out of `reach` are kept in part.
    """
    there = [column.name for column in contract_columns() if bound[column.name] is not None]
    names = list(dict.fromkeys(name for file in files for name in unique_names(file.text.header)))
    _create_views(connection, names, bound, reading, there)
    query = exp.select("*").from_(_TYPED_VIEW)
    paths = [write_rows(connection, file, names, query, scratch / "claims") for file in files]
    connection.execute(f"drop view {_TYPED_VIEW}; drop view {TEXT_VIEW}")
    checked = _checked(source_query(connection, files, paths, {}), there)
    if reach and len(files) > 1:
        copies = without_far_rows(connection, files, paths, checked, reach, scratch / "reach")
        checked = _checked(source_query(connection, files, paths, copies), there)
    connection.execute(view("checked_rows", checked))


def _create_views(
    connection: duckdb.DuckDBPyConnection,
    names: list[str],
    bound: dict[str, exp.Expr | None],
    reading: Reading,
    there: list[str],
) -> None:
    """Create `_TYPED_VIEW` over `TEXT_VIEW`, once for all files; rows have their numbers when they are written."""
    nothing = [exp.alias_(exp.cast(exp.Null(), "varchar"), name, quoted=True) for name in names]
    connection.execute(view(TEXT_VIEW, exp.select(*nothing)))
    source = exp.select(
        exp.alias_(exp.Literal.string(""), FILE_COLUMN, quoted=True),
        exp.alias_(exp.Literal.number(0), ROW_COLUMN, quoted=True),
        *[exp.column(name, quoted=True) for name in names],
    ).from_(TEXT_VIEW)
    checked = typed_query(connection, source, bound, reading, is_flat=True)
    written = exp.select(*there, *_OF_A_ROW).from_(checked.subquery("checked", copy=False))
    connection.execute(view(_TYPED_VIEW, written))


def _checked(source: exp.Select, there: list[str]) -> exp.Select:
    """Select what was written, with null for the columns that no file has."""
    return exp.select(
        exp.alias_(exp.column(FILE_COLUMN, quoted=True), "source_file"),
        exp.alias_(exp.column(ROW_COLUMN, quoted=True), "source_row"),
        *[
            exp.column(column.name)
            if column.name in there
            else exp.alias_(exp.cast(exp.Null(), kinds()[column.kind]["type"]), column.name)
            for column in contract_columns()
        ],
        *_OF_A_ROW,
    ).from_(source.subquery("source"))


def rejected_insert() -> exp.Insert:
    """Return the statement that adds the rows of `rejected_places` to `rejected_rows`, with their text."""
    query = (
        exp.select("source_file", "source_row", "rejected_places.rejected_columns", "rejected_places.rejection_reason",
                   SOURCE_TEXT)
        .from_("checked_rows")
        .join("rejected_places", using=["source_file", "source_row"])
        .where("checked_rows.is_rejected")
    )  # fmt: skip
    return exp.Insert(this=exp.to_table("rejected_rows"), expression=query)
