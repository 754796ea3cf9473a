"""Reading: claims files → `typed_rows` (readable rows in the contract's types) and `rejected_rows` (the others).

Every query is composed as a sqlglot tree, so that no name or path of the user's ever becomes SQL text. Text is typed
once, into Parquet, that of CSV files as it is read; Parquet files whose dates and amounts are such already are typed
whenever they are read. Either way `typed_rows` is a view over Parquet, so that a step reads only the columns that it
uses.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
from sqlglot import exp

from audit_lib.claims.bindings import bind
from audit_lib.claims.csv_reading import apply_reading, copy_to_parquet
from audit_lib.claims.csv_rows import check_csv_rows, rejected_insert
from audit_lib.claims.layouts import Layout, Reading, contract_columns, kinds
from audit_lib.claims.parquet_rows import source_query
from audit_lib.claims.parquet_shapes import Shape, differing, refuse_nested, shape_of
from audit_lib.claims.plain_columns import is_text, plain_columns
from audit_lib.claims.reach import Reach, without_far_rows
from audit_lib.claims.row_counts import RowCounts, check_counts, labels_of
from audit_lib.claims.sources import SourceFile, check_unchanged
from audit_lib.claims.typing_rows import FILE_COLUMN, ROW_COLUMN, record_of, typed_query, with_derived
from audit_lib.claims.unread_modifiers import unread_modifiers
from audit_lib.claims.views import view
from audit_lib.errors import BAD_CLAIMS, RULE_FAILED, AuditError, is_write_failure, no_room

# Looks at `checked_rows` and names the columns that are to be read as empty, since nobody can tell what they say.
Judge = Callable[[], list[str]]


def read_claims(
    connection: duckdb.DuckDBPyConnection,
    files: list[SourceFile],
    layout: Layout,
    scratch: Path | None = None,
    judge: Judge | None = None,
    reach: Reach | None = None,
) -> RowCounts:
    """Create `typed_rows` and `rejected_rows` from claims files; the columns are those of `columns.yml`.

    A column that `judge` names is empty in every row and rejects none. Of several files, those out of `reach` are read
    in part. CSV files are rewritten in `scratch`, which must
    last as long as the connection (default: a folder that goes with it). Raises AuditError (11) where columns are
    missing, a file is damaged or holds no row, or a row is unaccounted for.
    """
    if scratch is None:
        scratch = Path(tempfile.mkdtemp(prefix="infusion-audit-"))
        weakref.finalize(connection, shutil.rmtree, scratch, ignore_errors=True)
    try:
        counts = _read_files(connection, files, layout, scratch, judge or list, reach)
    except duckdb.OutOfMemoryException as error:
        raise AuditError(
            RULE_FAILED, "Reading the claims needs more memory than it may use. Give it more with --memory-limit."
        ) from error
    except duckdb.InterruptException as error:
        raise KeyboardInterrupt from error
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        if getattr(error, "errno", None) is not None:  # the system's; what pyarrow says of a damaged file has no number
            raise
        if is_write_failure(error):
            raise no_room() from error
        raise _damaged(files) from error
    check_counts(connection, files, layout, counts)
    return counts


def _read_files(
    connection: duckdb.DuckDBPyConnection,
    files: list[SourceFile],
    layout: Layout,
    scratch: Path,
    judge: Judge,
    reach: Reach | None,
) -> RowCounts:
    """Bring every file to Parquet, type the rows of all of them in one query, and set aside what cannot be read."""
    connection.execute(
        "create table rejected_rows (source_file varchar, source_row bigint, column_name varchar, "
        "reason varchar, source_text varchar)"
    )
    is_csv = files[0].format == "csv"
    for file in files:
        if is_csv:
            apply_reading(file, layout.reading)
    shapes = [] if is_csv else [shape_of(connection, file) for file in files]
    headers = [file.text.header for file in files] if is_csv else [list(shape.header) for shape in shapes]
    bound = bind(layout, {file.label: header for file, header in zip(files, headers, strict=True)})
    for file, header in zip(files, headers, strict=True):
        file.unread_modifiers = unread_modifiers(header, bound)
    source = None
    if is_csv:
        check_csv_rows(connection, files, bound, layout.reading, scratch, reach)
    else:
        source = _check_parquet_rows(connection, files, shapes, bound, layout.reading, scratch, reach)
    _set_rejected_apart(connection, judge())
    connection.execute((rejected_insert() if source is None else _rejected_insert(source)).sql("duckdb"))
    if not is_csv:
        _count_parquet_rows(connection, files)
    check_unchanged(files)
    return RowCounts(
        source=sum(file.record_count for file in files),
        read=_count(connection, "typed_rows"),
        rejected=_count(connection, "rejected_rows"),
        left_out=sum(file.left_out_count for file in files),
    )


def _check_parquet_rows(
    connection: duckdb.DuckDBPyConnection,
    files: list[SourceFile],
    shapes: list[Shape],
    bound: dict[str, exp.Expr | None],
    reading: Reading,
    scratch: Path,
    reach: Reach | None,
) -> exp.Select:
    """Create `checked_rows` over Parquet files, or over what was typed of them; return the rows as they stand."""
    refuse_nested(files, shapes, bound)
    paths = [file.path for file in files]
    apart = differing(shapes, _codes(bound))
    source = source_query(connection, files, paths, {}, shapes, apart)
    if reach and len(files) > 1:
        delivered = typed_query(connection, source, bound, reading)
        copies = without_far_rows(connection, files, paths, delivered, reach, scratch / "reach")
        source = source_query(connection, files, paths, copies, shapes, apart)
    checked = typed_query(connection, source, bound, reading, plain_columns(connection, source, bound, reading))
    if is_text(connection, source, bound):
        _write_checked_rows(connection, checked, scratch / "claims")
    else:
        connection.execute(view("checked_rows", checked))
    return source


def _codes(bound: dict[str, exp.Expr | None]) -> frozenset[str]:
    """Return the source's columns that become text."""
    texts = [bound[column.name] for column in contract_columns() if kinds()[column.kind]["type"] == "varchar"]
    return frozenset(column.name for text in texts if text is not None for column in text.find_all(exp.Column))


def _rejected_insert(source: exp.Select) -> exp.Insert:
    """Return the statement that adds unreadable rows to `rejected_rows`; the rows' text is fetched for them alone."""
    record = exp.Anonymous(this="to_json", expressions=[record_of(source)])
    is_same_row = exp.and_(
        exp.column("source_file", table="rejected").eq(exp.column(FILE_COLUMN, table="source", quoted=True)),
        exp.column("source_row", table="rejected").eq(exp.column(ROW_COLUMN, table="source", quoted=True)),
    )
    query = (
        exp.select(
            "rejected.source_file", "rejected.source_row", "rejected.rejected_columns", "rejected.rejection_reason",
            exp.cast(record, "varchar"),
        )
        .from_(exp.to_table("rejected_places").as_("rejected"))
        .join(source.subquery("source"), on=is_same_row)
    )  # fmt: skip
    return exp.Insert(this=exp.to_table("rejected_rows"), expression=query)


def _write_checked_rows(connection: duckdb.DuckDBPyConnection, checked: exp.Select, scratch: Path) -> None:
    """Type text once, as Parquet that every step reads: dates and amounts are dear to read from it again and again."""
    target = scratch / "checked.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    copy_to_parquet(connection, checked, target)
    connection.read_parquet(str(target)).create_view("checked_rows")


def _set_rejected_apart(connection: duckdb.DuckDBPyConnection, emptied: list[str]) -> None:
    """Create `rejected_places`, which rows cannot be read and why, and `typed_rows`, the others.

    Nothing is wrong in a column of `emptied`: it has no value in any row.
    """
    places = exp.select("source_file", "source_row", "rejected_columns", "rejection_reason").from_("checked_rows")
    places = places.where(_is_rejected(emptied))
    table = exp.Create(this=exp.to_table("rejected_places"), kind="TABLE", expression=places)
    connection.execute(table.sql("duckdb"))
    columns = [
        exp.alias_(exp.cast(exp.Null(), kinds()[column.kind]["type"]), column.name)
        if column.name in emptied
        else exp.column(column.name, table="checked_rows")
        for column in contract_columns()
    ]
    place = [exp.column(name, table="checked_rows") for name in ("source_file", "source_row")]
    rows = exp.select(*place, *columns).from_("checked_rows")
    if _count(connection, "rejected_places"):
        rows = rows.join("rejected_places", using=["source_file", "source_row"], join_type="anti")
    connection.execute(view("typed_rows", with_derived(rows)))


def _is_rejected(emptied: list[str]) -> exp.Expr:
    """Tell whether something is wrong in a column that does not count as empty."""
    if not emptied:
        return exp.column("is_rejected")
    names = exp.Array(expressions=[exp.Literal.string(name) for name in emptied])
    wrong = exp.Anonymous(this="string_split", expressions=[exp.column("rejected_columns"), exp.Literal.string(", ")])
    return exp.and_("is_rejected", exp.not_(exp.Anonymous(this="list_has_all", expressions=[names, wrong])))


def _count_parquet_rows(connection: duckdb.DuckDBPyConnection, files: list[SourceFile]) -> None:
    """Take each file's number of rows from what it says of itself."""
    query = "select file_name, num_rows from parquet_file_metadata($paths)"
    counts = dict(connection.execute(query, {"paths": [str(file.path) for file in files]}).fetchall())
    for file in files:
        file.record_count = int(counts[str(file.path)])


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(connection.table(table).count("*").fetchall()[0][0])


def _damaged(files: list[SourceFile]) -> AuditError:
    return AuditError(
        BAD_CLAIMS,
        f"{labels_of(files)} cannot be read as {files[0].format.upper()}: it is cut off, damaged, or not what its name "
        "says. Open it with another tool to see, and have it delivered again.",
    )
