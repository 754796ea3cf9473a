"""Reach: of files whose days lie far from the audited period, only the rows that still bear on it are read.

A file is within reach where its days of service come within a margin around the days of the lines to be reported on;
it is read whole. `sql/reach` says which rows of the others are read, and so gives the findings of a whole reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
from sqlglot import exp

from audit_lib.claims.csv_reading import SOURCE_ROW, copy_to_parquet, table_function
from audit_lib.claims.delivered_types import delivered_types
from audit_lib.claims.sources import SourceFile
from audit_lib.claims.typing_rows import with_derived
from audit_lib.claims.views import view
from audit_lib.database import open_connection
from audit_lib.local_rules import load_all_code_sets, read_local
from audit_lib.pipeline import load_steps, ordered
from audit_lib.resources import folder
from audit_lib.settings import Settings
from audit_lib.settings_tables import Period

# What of the code lists lasts beyond any margin, by the name of its file in `sql/reach`.
_LASTING = ("lasting_codes", "stay_bill_types", "stay_revenue_codes")


@dataclass(frozen=True)
class Reach:
    """The period that lines are reported on, the margin around it in days, and what counts however far from it.

    `lasting`: lasting_codes (code, is_implanted_pump), stay_bill_types (bill_type_prefix), stay_revenue_codes (code).
    """

    period: Period
    margin_days: int
    lasting: dict[str, pa.Table]


def reach_of(period: Period, settings: Settings) -> Reach | None:
    """Return the reach of a run; None where it has no period or its settings have every file read whole."""
    if settings.evidence_margin_days is None or (period.first, period.last) == (None, None):
        return None
    with closing(open_connection(settings, readable=())) as connection:
        load_all_code_sets(connection, read_local(settings.local))
        queries = {name: (folder("sql") / "reach" / f"{name}.sql").read_text("utf-8") for name in _LASTING}
        lasting = {name: connection.sql(query).to_arrow_table() for name, query in queries.items()}
    return Reach(period, settings.evidence_margin_days, lasting)


def without_far_rows(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[SourceFile],
    paths: Sequence[Path],
    delivered: exp.Select,
    reach: Reach,
    scratch: Path,
) -> dict[Path, SourceFile]:
    """Write the rows to be read of each file out of reach as Parquet below `scratch`; return these, and whose they are.

    `paths` are the files as Parquet, `delivered` gives their rows in the contract's types. Sets `left_out_count` of the
    files. What is written keeps the number of each row, and the folders that a partition's values stand in.
    """
    made = _create_tables(connection, delivered, reach)
    far = dict(connection.execute("select source_file, row_count from file_reach where not is_within_reach").fetchall())
    copies = {}
    for file, path in zip(files, paths, strict=True):
        if file.label in far:
            copy = scratch / path.relative_to(path.anchor)
            copy.parent.mkdir(parents=True, exist_ok=True)
            file.left_out_count = int(far[file.label]) - copy_to_parquet(
                connection, _evidence(connection, file.label, path), copy
            )
            copies[copy] = file
    for name in made:
        connection.execute(f"drop table {name}")
    connection.execute("drop view delivered_rows")
    return copies


def _create_tables(connection: duckdb.DuckDBPyConnection, delivered: exp.Select, reach: Reach) -> list[str]:
    """Create the view `delivered_rows` and the tables of `sql/reach` over it; return the names of the tables."""
    connection.execute(view("delivered_rows", with_derived(delivered)))
    connection.execute(
        "create table asked_period as select $first::date as period_from, $last::date as period_to, "
        "$by::varchar as period_by, $margin::bigint as margin_days",
        {
            "first": reach.period.first or date.min,
            "last": reach.period.last or date.max,
            "by": reach.period.by,
            "margin": reach.margin_days,
        },
    )
    for name, table in reach.lasting.items():
        connection.from_arrow(table).create(name)
    steps = load_steps(folder("sql") / "reach")
    in_order = ordered({name: step for name, step in steps.items() if name not in _LASTING}, ["evidence_rows"])
    for step in in_order:
        connection.execute(f'create table "{step.name}" as {step.sql}')
    return ["asked_period", *reach.lasting, *(step.name for step in in_order)]


def _evidence(connection: duckdb.DuckDBPyConnection, label: str, path: Path) -> exp.Select:
    """Select the rows of one file that are to be read, as they stand, with their numbers."""
    options: dict[str, exp.Expr] = {"file_row_number": exp.true(), "hive_partitioning": exp.false()}
    scan = exp.select("*").from_(table_function("read_parquet", exp.Literal.string(str(path)), options))
    names = delivered_types(connection, scan)
    row: exp.Expr = exp.column("file_row_number") + 1
    if SOURCE_ROW in names:
        row = exp.func("coalesce", exp.column(SOURCE_ROW, quoted=True), row)
    wanted = exp.select("source_row").from_("evidence_rows").where(exp.column("source_file").eq(label))
    return (
        exp.select(
            *[exp.column(name, quoted=True) for name in names if name not in ("file_row_number", SOURCE_ROW)],
            exp.alias_(row, SOURCE_ROW, quoted=True),
        )
        .from_(scan.subquery("rows"))
        .where(exp.In(this=row.copy(), query=wanted.subquery()))
    )
