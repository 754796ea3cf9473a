"""CSV files as DuckDB reads them: every record once, every value as text, and what is no CSV set apart."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
from sqlglot import exp

from audit_lib.claims.layouts import Reading, unique_names
from audit_lib.claims.line_scan import LEFT_OUT, LONGEST
from audit_lib.claims.sources import SourceFile
from audit_lib.claims.text_files import is_gzip, number_records, number_records_exactly, plain_chunks, scan_text
from audit_lib.claims.views import view
from audit_lib.errors import BAD_CLAIMS, AuditError, no_room

SOURCE_ROW = "audit source row"
TEXT_VIEW = "csv_text"
Broken = tuple[int, str, str]
_NUMBERED = f"""
    select good.* exclude (file_row_number),
        good.file_row_number + 1 + coalesce(places.broken_before, 0) as "{SOURCE_ROW}"
    from good
    asof left join (
        select good_before, max(broken_before) as broken_before from passed group by good_before
    ) as places on good.file_row_number >= places.good_before
"""  # noqa: S608 - a constant of this module
# Strings are most of what writing costs: those that hardly repeat within a row group are not looked up again and again.
CHEAP_WRITING = {"parquet_version": "v2", "dictionary_size_limit": "2000"}
TOO_LONG = f"it is longer than {LONGEST:,} bytes"
_PROBLEMS = {
    "UNQUOTED VALUE": "a quotation mark is not closed, or text follows it",
    "MISSING COLUMNS": "it has fewer values than the header has names",
    "TOO MANY COLUMNS": "it has more values than the header has names",
    "LINE SIZE": TOO_LONG,
}


def apply_reading(file: SourceFile, reading: Reading) -> None:
    """Scan a file again where the layout says how it is written and the guess was another."""
    wanted = (reading.encoding, reading.quote, reading.delimiter)
    text = file.text
    if (reading.encoding or text.encoding, reading.quote, reading.delimiter or text.delimiter) != (
        text.encoding, text.quote, text.delimiter,
    ):  # fmt: skip
        file.text = scan_text(file.path, file.label, *wanted)
        file.record_count = file.text.record_count


def write_rows(
    connection: duckdb.DuckDBPyConnection, file: SourceFile, names: list[str], query: exp.Select, scratch: Path
) -> Path:
    """Write what a query makes of a CSV file's records to a Parquet file; those that are no CSV go to `rejected_rows`.

    The query reads the view `TEXT_VIEW`, which has the columns `names`, and gives a row for each of its rows.
    Counts the file's records anew where quotation marks inside unquoted values misled the fast count. Raises
    AuditError (11) where a quotation mark that is never closed swallows lines.
    """
    target = scratch / f"{file.label}.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    with _plain_file(file, scratch) as path:
        for in_parallel in (True, False):
            _show_text(connection, file, names, _csv_scan(file, path, in_parallel))
            good, broken = copy_to_parquet(connection, query, target, CHEAP_WRITING), _broken_records(connection)
            if good + len(broken) == file.record_count:  # several threads may part a record at a line end in quotes
                break
    places = [place for place, _, _ in broken]
    if good + len(broken) == file.record_count:
        numbers = number_records(file.path, file.label, file.text, places) if broken else []
    else:
        file.record_count, numbers = number_records_exactly(file.path, file.label, file.text, places)
    if broken:
        _keep_broken_records(connection, file, broken, numbers)
        _number_rows_past_the_broken(connection, target, numbers)
    return target


@contextmanager
def _plain_file(file: SourceFile, scratch: Path) -> Iterator[Path]:
    """Give a file that DuckDB reads as it lies: the file itself, or a copy in UTF-8 with even line ends."""
    if file.text.is_plain:
        yield file.path
        return
    if file.text.byte_count > shutil.disk_usage(scratch).free:
        reason = f"the claims take {file.text.byte_count:,} bytes as plain text, and less is free"
        raise no_room(reason)
    copy = scratch / "plain.csv"
    with copy.open("wb") as target:
        for chunk in plain_chunks(file.path, file.label, file.text):
            target.write(chunk)
    yield copy
    copy.unlink()


def _show_text(connection: duckdb.DuckDBPyConnection, file: SourceFile, names: list[str], scan: exp.Expr) -> None:
    """Let `TEXT_VIEW` show all records that are CSV, in their order, with null in the columns of other files."""
    own = unique_names(file.text.header)
    nothing = exp.cast(exp.Null(), "varchar")
    columns = [
        exp.column(name, quoted=True) if name in own else exp.alias_(nothing.copy(), name, quoted=True)
        for name in names
    ]
    rows = exp.select(*columns).from_(scan)
    connection.execute(view(TEXT_VIEW, rows, replace=True))


def copy_to_parquet(
    connection: duckdb.DuckDBPyConnection, query: exp.Select, target: Path, options: dict[str, str] | None = None
) -> int:
    """Write what a query gives to a Parquet file, in its order; return the number of rows."""
    parameters = {"format": "parquet", **(options or {})}
    statement = exp.Copy(
        this=query.subquery(),
        kind=False,
        files=[exp.Literal.string(str(target))],
        params=[exp.CopyParameter(this=exp.var(name), expression=exp.var(value)) for name, value in parameters.items()],
    )
    return int(connection.execute(statement.sql("duckdb")).fetchall()[0][0])


def _csv_scan(file: SourceFile, path: Path, in_parallel: bool) -> exp.Expr:
    """Read all columns as text: what a value means is decided by its kind, never guessed from the first rows."""
    text = file.text
    columns = exp.Struct(
        expressions=[
            exp.PropertyEQ(this=exp.Literal.string(name), expression=exp.Literal.string("VARCHAR"))
            for name in unique_names(text.header)
        ]
    )
    options: dict[str, exp.Expr] = {
        "auto_detect": exp.false(),
        "parallel": exp.true() if in_parallel else exp.false(),
        "header": exp.true(),
        "columns": columns,
        "delim": exp.Literal.string(text.delimiter),
        "quote": exp.Literal.string(text.quote),
        "escape": exp.Literal.string(text.quote),
        "encoding": exp.Literal.string("utf-8"),
        "hive_partitioning": exp.false(),
        "compression": exp.Literal.string("gzip" if is_gzip(path) else "none"),
        "store_rejects": exp.true(),
        "rejects_table": exp.Literal.string("broken_records"),
        "rejects_scan": exp.Literal.string("broken_scans"),
        "rejects_limit": exp.Literal.number(0),
    }
    return table_function("read_csv", exp.Literal.string(str(path)), options)


def _broken_records(connection: duckdb.DuckDBPyConnection) -> list[Broken]:
    """Return the records that are no CSV: the byte where each begins, what is wrong, and its text."""
    rows = connection.execute(
        """
        select
            line_byte_position - 1 + length(csv_line) - length(ltrim(csv_line, chr(10) || chr(13))) as byte_offset,
            string_agg(distinct error_type::varchar, ', ' order by error_type::varchar) as errors,
            any_value(ltrim(csv_line, chr(10) || chr(13))) as source_text
        from broken_records group by byte_offset order by byte_offset
        """
    ).fetchall()
    connection.execute("drop table broken_records; drop table broken_scans")
    return rows


def _keep_broken_records(
    connection: duckdb.DuckDBPyConnection,
    file: SourceFile,
    broken: list[Broken],
    numbers: list[int],
) -> None:
    """Add the records that are no CSV to `rejected_rows`."""
    rows = []
    for (_, errors, text), number in zip(broken, numbers, strict=True):
        if "UNQUOTED VALUE" in errors and "\n" in text.rstrip("\r\n"):
            raise _unclosed_quote(file, number)
        problems = [words for error, words in _PROBLEMS.items() if error in errors]
        is_left_out = text.strip() == LEFT_OUT.decode()
        problems = [TOO_LONG] if is_left_out else problems
        reason = f"the record is not well-formed CSV: {problems[0] if problems else errors.lower()}"
        rows.append({"label": file.label, "row": number, "reason": reason, "text": None if is_left_out else text})
    with _registered(connection, "found", pa.Table.from_pylist(rows)):
        connection.execute("insert into rejected_rows select label, row, null, reason, text from found")


def _unclosed_quote(file: SourceFile, row: int) -> AuditError:
    return AuditError(
        BAD_CLAIMS,
        f"The claims file {file.label} cannot be read beyond row {row:,}: a quotation mark opens there and swallows "
        "the lines after it. Mend that row, or, where quotation marks mean nothing in this file, say so in a layout "
        "(reading: quote: '').",
    )


def _number_rows_past_the_broken(connection: duckdb.DuckDBPyConnection, target: Path, numbers: list[int]) -> None:
    """Store each record's number in the source, which its place among the good records no longer tells."""
    good_before = [number - count for count, number in enumerate(numbers, start=1)]
    passed = pa.table({"good_before": good_before, "broken_before": range(1, len(numbers) + 1)})
    unnumbered = target.with_name(target.name + ".unnumbered")
    target.rename(unnumbered)
    connection.read_parquet(str(unnumbered), file_row_number=True).create_view("good")
    with _registered(connection, "passed", passed):
        connection.sql(_NUMBERED).write_parquet(str(target))
    connection.execute("drop view good")
    unnumbered.unlink()


@contextmanager
def _registered(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> Iterator[None]:
    """Let queries read a table of Python by its name for a while."""
    connection.register(name, table)
    try:
        yield
    finally:
        connection.unregister(name)


def table_function(name: str, argument: exp.Expr, options: dict[str, exp.Expr]) -> exp.Expr:
    """Return a call of a table function with named options."""
    named = [exp.EQ(this=exp.to_identifier(key), expression=value) for key, value in options.items()]
    return exp.Table(this=exp.Anonymous(this=name, expressions=[argument, *named]))
