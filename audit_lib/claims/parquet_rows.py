"""Parquet files as one source: every row with the file and the row that it came from."""

from __future__ import annotations

from pathlib import Path

import duckdb
from sqlglot import exp

from audit_lib.claims.csv_reading import SOURCE_ROW, table_function
from audit_lib.claims.layouts import unique_names
from audit_lib.claims.sources import SourceFile
from audit_lib.claims.typing_rows import FILE_COLUMN, ROW_COLUMN

_PATH_COLUMN = "audit source path"


def source_query(
    connection: duckdb.DuckDBPyConnection,
    files: list[SourceFile],
    paths: list[Path],
    copies: dict[Path, SourceFile],
    options: dict[str, exp.Expr],
) -> exp.Select:
    """Select every row of the Parquet files with the file and the row that it came from, names in lower case.

    A file of which `copies` hold what is to be read is read from there. `options` are those of `read_parquet`.
    """
    copied = {file.label for file in copies.values()}
    whole = [path for file, path in zip(files, paths, strict=True) if file.label not in copied]
    options = {
        "filename": exp.Literal.string(_PATH_COLUMN),
        "file_row_number": exp.true(),
        "union_by_name": exp.true(),
        **options,
    }
    array = exp.Array(expressions=[exp.Literal.string(str(path)) for path in [*whole, *copies]])
    scan = exp.select("*").from_(table_function("read_parquet", array, options))
    names = [str(row[0]) for row in connection.execute(f"describe {scan.sql('duckdb')}").fetchall()]
    own = [name for name in names if name not in (_PATH_COLUMN, "file_row_number", SOURCE_ROW)]
    row: exp.Expr = exp.column("file_row_number") + 1
    if SOURCE_ROW in names:
        row = exp.func("coalesce", exp.column(SOURCE_ROW, quoted=True), row)
    return exp.select(
        exp.alias_(_label_of_path(files, paths, copies), FILE_COLUMN, quoted=True),
        exp.alias_(row, ROW_COLUMN, quoted=True),
        *[
            exp.alias_(exp.column(name, quoted=True), unique, quoted=True)
            for name, unique in zip(own, unique_names([n.strip().lower() for n in own]), strict=True)
        ],
    ).from_(scan.subquery("files"))


def _label_of_path(files: list[SourceFile], paths: list[Path], copies: dict[Path, SourceFile]) -> exp.Expr:
    """Return the file's name below the folder that was given, without the machine's paths."""
    if len(files) == 1:
        return exp.Literal.string(files[0].label)
    added = len(paths[0].name) - len(files[0].path.name)
    prefix = len(str(paths[0])) - added - len(files[0].label)
    path = exp.column(_PATH_COLUMN, quoted=True)
    length = exp.func("length", path.copy()) - (prefix + added)
    label = exp.func("substr", path, exp.Literal.number(prefix + 1), length)
    labels = [
        exp.If(this=path.copy().eq(str(copy)), true=exp.Literal.string(file.label)) for copy, file in copies.items()
    ]
    return exp.Case(ifs=labels, default=label) if labels else label
