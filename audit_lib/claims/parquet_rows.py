"""Parquet files as one source: every row with the file and the row that it came from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
from sqlglot import exp

from audit_lib.claims.csv_reading import SOURCE_ROW, table_function
from audit_lib.claims.delivered_types import delivered_types
from audit_lib.claims.layouts import unique_names
from audit_lib.claims.parquet_shapes import Shape, folder_value, grouped, plain_name
from audit_lib.claims.sources import SourceFile
from audit_lib.claims.typing_rows import FILE_COLUMN, ROW_COLUMN
from audit_lib.claims.value_texts import as_text

_PATH_COLUMN = "audit source path"
_LABEL = exp.column(FILE_COLUMN, quoted=True)


def source_query(
    connection: duckdb.DuckDBPyConnection,
    files: list[SourceFile],
    paths: list[Path],
    copies: dict[Path, SourceFile],
    shapes: Sequence[Shape] = (),
    apart: frozenset[str] = frozenset(),
) -> exp.Select:
    """Select every row of the Parquet files with the file and the row that it came from, names in lower case.

    A file of which `copies` hold what is to be read is read from there. `shapes` are those of delivered files, `apart`
    the columns in which they differ; without them all files have the same columns, and their folders name none.
    """
    groups = grouped(shapes, apart) if apart else [list(range(len(files)))]
    copied = {file.label: path for path, file in copies.items()}
    label = _label_of_path(files, paths, copies)
    scans = [
        _scan(connection, [copied.get(files[place].label, paths[place]) for place in group], label, apart)
        for group in groups
    ]
    if len(scans) == 1:
        return _with_folders(scans[0], files, shapes)
    names = list(dict.fromkeys(name for scan in scans for name in scan.named_selects))
    together = exp.union(*scans, distinct=False)
    for union in together.find_all(exp.Union):
        union.set("by_name", True)
    rows = exp.select(*[exp.column(name, quoted=True) for name in names]).from_(together.subquery("files"))
    return _with_folders(rows, files, shapes)


def _scan(
    connection: duckdb.DuckDBPyConnection, paths: Sequence[Path], label: exp.Expr, apart: frozenset[str]
) -> exp.Select:
    """Select the rows of files whose columns can be read together; those `apart` as text."""
    options: dict[str, exp.Expr] = {
        "filename": exp.Literal.string(_PATH_COLUMN),
        "file_row_number": exp.true(),
        "union_by_name": exp.true(),
        "hive_partitioning": exp.false(),
    }
    array = exp.Array(expressions=[exp.Literal.string(str(path)) for path in paths])
    scan = exp.select("*").from_(table_function("read_parquet", array, options))
    types = delivered_types(connection, scan)
    own = [name for name in types if name not in (_PATH_COLUMN, "file_row_number", SOURCE_ROW)]
    row: exp.Expr = exp.column("file_row_number") + 1
    if SOURCE_ROW in types:
        row = exp.func("coalesce", exp.column(SOURCE_ROW, quoted=True), row)
    return exp.select(
        exp.alias_(label.copy(), FILE_COLUMN, quoted=True),
        exp.alias_(row, ROW_COLUMN, quoted=True),
        *[
            exp.alias_(_own(name, types[name], apart), unique, quoted=True)
            for name, unique in zip(own, unique_names([plain_name(n) for n in own]), strict=True)
        ],
    ).from_(scan.subquery("files"))


def _own(name: str, of_type: str, apart: frozenset[str]) -> exp.Expr:
    """Return a column as it is read: text that a tool wrote as bytes is text, and so are the columns `apart`."""
    column = exp.column(name, quoted=True)
    if of_type == "BLOB":
        decoded = exp.Anonymous(this="try", expressions=[exp.Anonymous(this="decode", expressions=[column.copy()])])
        return exp.func("coalesce", decoded, exp.cast(column, "varchar"))
    return as_text(column, of_type) if plain_name(name) in apart and of_type != "VARCHAR" else column


def _with_folders(rows: exp.Select, files: Sequence[SourceFile], shapes: Sequence[Shape]) -> exp.Select:
    """Add the columns that folders name; where some files have such a column of their own, it goes before."""
    named = list(dict.fromkeys(name for shape in shapes for name in shape.folders))
    if not named:
        return rows
    own = [name for name in rows.named_selects if name not in named]
    types = {plain_name(name): of_type for shape in shapes for name, of_type in shape.columns.items()}
    columns = []
    for name in named:
        value = folder_value(name, files, _LABEL.copy())
        if name in rows.named_selects:
            without = [file.label for file, shape in zip(files, shapes, strict=True) if name in shape.folders]
            is_without = exp.In(this=_LABEL.copy(), expressions=[exp.Literal.string(label) for label in without])
            given = as_text(exp.column(name, quoted=True), types[name])
            value = exp.Case(ifs=[exp.If(this=is_without, true=value)], default=given)
        columns.append(exp.alias_(value, name, quoted=True))
    return exp.select(*[exp.column(name, quoted=True) for name in own], *columns).from_(rows.subquery("rows"))


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
