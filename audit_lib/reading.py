"""Reading: claims files → `typed_rows` (readable rows in the contract's types) and `rejected_rows` (the others).

Every query is composed as a sqlglot tree, so that no name or path of the user's ever becomes SQL text.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
from sqlglot import exp

from audit_lib import typing_rows
from audit_lib.errors import BAD_CLAIMS, AuditError
from audit_lib.layouts import Layout, bind
from audit_lib.sources import SourceFile, count_records_exactly


@dataclass(frozen=True)
class RowCounts:
    """How many rows the source holds and what became of them; `read + rejected == source` always."""

    source: int
    read: int
    rejected: int


def read_claims(connection: duckdb.DuckDBPyConnection, files: list[SourceFile], layout: Layout) -> RowCounts:
    """Create `typed_rows` and `rejected_rows` from claims files; the columns are those of `columns.yml`.

    Raises AuditError (11) where columns are missing, the file is damaged, holds no row, or a row cannot be accounted for.
    """
    try:
        if files[0].format == "csv":
            counts = _read_csv_files(connection, files, layout)
        else:
            counts = _read_parquet_files(connection, files, layout)
    except duckdb.BinderException as error:
        raise AuditError(
            BAD_CLAIMS,
            f"The layout {layout.name} does not fit {files[0].label}: one of its expressions treats a column as a type that "
            "it is not. Write cast(column as varchar) there, or correct the expression (docs/layouts.md).",
        ) from error
    except (duckdb.IOException, duckdb.InvalidInputException, duckdb.ConversionException) as error:
        raise _damaged(files) from error
    if counts.source == 0:
        raise AuditError(
            BAD_CLAIMS,
            f"{_labels(files)} has a header but holds no claim line. Check the extract; an audit needs at least one row.",
        )
    if counts.read + counts.rejected != counts.source:
        raise AuditError(
            BAD_CLAIMS,
            f"{_labels(files)} holds {counts.source:,} rows, but {counts.read:,} were read and {counts.rejected:,} rejected: "
            "the file's quotation marks or line ends are damaged, or it changed while it was read. Have it delivered again.",
        )
    if counts.read == 0:
        raise _all_rejected(connection, files, layout)
    return counts


def _all_rejected(
    connection: duckdb.DuckDBPyConnection, files: list[SourceFile], layout: Layout
) -> AuditError:
    """Every row rejected is a wrong layout, not a bad row: say which columns, in how many rows."""
    rows = connection.execute(
        """
        select reason, count(*) as row_count from rejected_rows group by reason order by row_count desc, reason limit 3
        """
    ).fetchall()
    reasons = ". ".join(f"In {count:,} rows: {reason}" for reason, count in rows)
    return AuditError(
        BAD_CLAIMS,
        f"{_labels(files)} was opened, but not one of its {sum(r[1] for r in rows):,} or more rows can be read with the layout "
        f"{layout.name}. {reasons}. Another layout may fit (--layout tuva reads member and dates where Tuva keeps them), "
        "or write one that says where these columns are (docs/layouts.md).",
    )


def _labels(files: list[SourceFile]) -> str:
    return f"The claims file {files[0].label}" if len(files) == 1 else f"The {len(files)} claims files"


def _damaged(files: list[SourceFile]) -> AuditError:
    return AuditError(
        BAD_CLAIMS,
        f"{_labels(files)} cannot be read as {files[0].format.upper()}: it is cut off, damaged, or not what its name says. "
        "Open it with another tool to see, and have it delivered again.",
    )


# ---------------------------------------------------------------------------------------------------------- Parquet


def _read_parquet_files(
    connection: duckdb.DuckDBPyConnection, files: list[SourceFile], layout: Layout
) -> RowCounts:
    """Make `typed_rows` a view over the files: their columns are read only where a step uses them."""
    scan = _parquet_scan(files)
    names = [str(row[0]) for row in connection.execute(f"describe {scan.sql('duckdb')}").fetchall()]
    own = [name for name in names if name not in ("filename", "file_row_number")]
    source = exp.select(
        exp.alias_(_label_of_path(files), "source_file"),
        exp.alias_(exp.column("file_row_number") + 1, "source_row"),
        *[exp.alias_(exp.column(name, quoted=True), name.strip().lower(), quoted=True) for name in own],
    ).from_(scan.subquery("files"))
    bound = bind(layout, [name.strip().lower() for name in own], files[0].label)
    typed = typing_rows.typed_query(connection, source, bound, layout.reading)
    connection.execute(
        exp.Create(this=exp.to_table("checked_rows"), kind="VIEW", expression=typed).sql("duckdb")
    )
    typing_rows.create_typed_view(connection)
    connection.execute(
        typing_rows.rejected_query(source, [name.strip().lower() for name in own]).sql("duckdb")
    )
    paths = [str(f.path) for f in files]
    total = _one(connection, "select sum(num_rows) from parquet_file_metadata($paths)", {"paths": paths})
    for file in files:
        file.record_count = _one(
            connection, "select num_rows from parquet_file_metadata($path)", {"path": str(file.path)}
        )
    read = _one(connection, "select count(*) from typed_rows")
    return RowCounts(total, read, _one(connection, "select count(*) from rejected_rows"))


def _parquet_scan(files: list[SourceFile]) -> exp.Select:
    paths = exp.Array(expressions=[exp.Literal.string(str(f.path)) for f in files])
    options = {"filename": exp.true(), "file_row_number": exp.true(), "union_by_name": exp.true()}
    return exp.select("*").from_(_table_function("read_parquet", paths, options))


def _label_of_path(files: list[SourceFile]) -> exp.Expression:
    """The file's name below the folder that was given: what an analyst looks for, without the machine's paths."""
    prefix = len(str(files[0].path)) - len(files[0].label)
    return exp.func("substr", exp.column("filename"), exp.Literal.number(prefix + 1))


# -------------------------------------------------------------------------------------------------------------- CSV


def _read_csv_files(
    connection: duckdb.DuckDBPyConnection, files: list[SourceFile], layout: Layout
) -> RowCounts:
    """Read each CSV file once into `checked_rows`, rows that are no CSV among the rejected."""
    connection.execute(typing_rows.empty_rejected_rows())
    source_count = 0
    for number, file in enumerate(files):
        delimiter = layout.reading.delimiter or file.delimiter
        names = file.header if delimiter == file.delimiter else _header_cut_by(file, delimiter)
        columns = [exp.alias_(exp.column(name, quoted=True), name, quoted=True) for name in names]
        source = exp.select(
            exp.alias_(exp.Literal.string(file.label), "source_file"),
            exp.alias_(exp.Window(this=exp.RowNumber()), "source_row"),
            *columns,
        ).from_(_csv_scan(file, names, delimiter, layout))
        bound = bind(layout, names, file.label)
        typed = typing_rows.typed_query(connection, source, bound, layout.reading, with_source_text=True)
        if number == 0:
            connection.execute(
                exp.Create(this=exp.to_table("checked_rows"), kind="TABLE", expression=typed).sql("duckdb")
            )
        else:
            connection.execute(exp.Insert(this=exp.to_table("checked_rows"), expression=typed).sql("duckdb"))
        source_count += _keep_broken_records(connection, file, is_first=number == 0)
    typing_rows.create_typed_view(connection)
    connection.execute(typing_rows.rejected_from_checked().sql("duckdb"))
    read = _one(connection, "select count(*) from typed_rows")
    return RowCounts(source_count, read, _one(connection, "select count(*) from rejected_rows"))


def _header_cut_by(file: SourceFile, delimiter: str) -> list[str]:
    return [name.strip().strip('"').lower() for name in file.delimiter.join(file.header).split(delimiter)]


def _csv_scan(file: SourceFile, names: list[str], delimiter: str, layout: Layout) -> exp.Expression:
    """All columns as text: what a value means is decided by its kind, never guessed from the first rows."""
    reading = layout.reading
    columns = exp.Struct(
        expressions=[
            exp.PropertyEQ(this=exp.Literal.string(n), expression=exp.Literal.string("VARCHAR"))
            for n in names
        ]
    )
    options = {
        "auto_detect": exp.false(),
        "header": exp.true(),
        "columns": columns,
        "delim": exp.Literal.string(delimiter),
        "quote": exp.Literal.string(reading.quote),
        "escape": exp.Literal.string(reading.quote),
        "encoding": exp.Literal.string(reading.encoding or file.encoding),
        "store_rejects": exp.true(),
        "rejects_table": exp.Literal.string("broken_records"),
        "rejects_scan": exp.Literal.string("broken_scans"),
        "rejects_limit": exp.Literal.number(0),
    }
    return _table_function("read_csv", exp.Literal.string(str(file.path)), options)


def _keep_broken_records(connection: duckdb.DuckDBPyConnection, file: SourceFile, is_first: bool) -> int:
    """Move the records that are no CSV to `rejected_rows`, put the row numbers after them right, count the source."""
    blank_lines = file.blank_line_offsets or [-1]
    connection.execute(
        """
        create or replace temp table broken_rows as
        with records as (
            select line - 1 - (
                    select count(*) from unnest($blank_lines) as blanks (byte_offset)
                    where byte_offset >= 0 and byte_offset < line_byte_position
                ) as source_row,
                string_agg(distinct lower(error_type::varchar), ', ' order by lower(error_type::varchar)) as problems,
                any_value(csv_line) as source_text
            from broken_records group by all
        )
        select *, source_row - row_number() over (order by source_row) as rows_before from records
        """,
        {"blank_lines": blank_lines},
    )
    broken = _one(connection, "select count(*) from broken_rows")
    if broken:
        connection.execute(
            """
            insert into rejected_rows
            select $label, source_row, null, 'the record is not well-formed CSV: ' || problems, source_text from broken_rows
            """,
            {"label": file.label},
        )
        connection.execute(
            """
            update checked_rows
            set source_row = source_row + (select count(*) from broken_rows where rows_before < checked_rows.source_row)
            where source_file = $label
            """,
            {"label": file.label},
        )
    connection.execute("drop table if exists broken_records; drop table if exists broken_scans")
    seen = broken + _one(
        connection, "select count(*) from checked_rows where source_file = $label", {"label": file.label}
    )
    if seen != file.record_count:
        file.record_count = count_records_exactly(file)
    return file.record_count


def _table_function(
    name: str, argument: exp.Expression, options: dict[str, exp.Expression]
) -> exp.Expression:
    named = [exp.EQ(this=exp.to_identifier(key), expression=value) for key, value in options.items()]
    return exp.Table(this=exp.Anonymous(this=name, expressions=[argument, *named]))


def _one(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: dict[str, object] | None = None
) -> int:
    rows = connection.execute(query, parameters or {}).fetchall()
    return int(rows[0][0] or 0)
