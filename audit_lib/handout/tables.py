"""The tables of a hand-out: the selects of `sql/handout` over the files of a finished run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa

from audit_lib.database import open_connection
from audit_lib.errors import USAGE, AuditError
from audit_lib.handout.evidence import load_evidence
from audit_lib.handout.rule_texts import load_rule_texts
from audit_lib.pipeline import load_steps, ordered, run_steps
from audit_lib.progress import Progress
from audit_lib.resources import folder
from audit_lib.run import Run

_FILES = ("findings", "line_exposure", "claim_lines", "recovery", "per_diems_outside_period")
# Written only where the plan names its providers, or where the run is entered into a ledger.
_ABSENT = {
    "providers": pa.schema([("provider_id", pa.string()), ("name", pa.string())]),
    "finding_status": pa.schema(
        [
            ("finding_id", pa.string()),
            ("status", pa.string()),
            ("status_reason", pa.string()),
            ("inherits_from_finding_id", pa.string()),
            ("last_disposition", pa.string()),
            ("recovered_amount", pa.decimal128(18, 2)),
            ("line_recovered_amount", pa.decimal128(18, 2)),
            ("standing_claim_id", pa.string()),
            ("standing_claim_line_number", pa.int64()),
        ]
    ),
}


@contextmanager
def handout_tables(
    run: Run,
    as_of: date,
    spill: Path,
    wanted: list[str],
    providers: Collection[str] = (),
    known: Mapping[str, pa.Table] | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection that holds the wanted tables of `sql/handout` and `sql/cases`, made from the run as of a day.

    `spill` is where DuckDB puts what memory cannot hold: a folder that only the owner can read. Evidence is gathered
    for `providers` alone where they are named. `known` are tables that the run itself does not hold.
    """
    connection = open_connection(run.settings, spill, [run.folder, folder("sql")])
    try:
        _load_run(connection, run, as_of)
        load_rule_texts(connection, run)
        for name, table in (known or {}).items():
            connection.from_arrow(table).create(name)
        steps = load_steps(*(folder("sql") / room for room in ("handout", "cases", "reports")))
        in_order = ordered(steps, wanted)
        _load_code_sets(connection, {table for step in in_order for table in step.reads})
        first = ordered(steps, ["credited_demands"])
        run_steps(connection, first, Progress(is_quiet=True))
        if any("evidence_statements" in step.reads for step in in_order):
            load_evidence(connection, run, providers)
        run_steps(connection, [step for step in in_order if step not in first], Progress(is_quiet=True))
        yield connection
    finally:
        connection.close()


def check_totals(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    """Refuse a run whose parts do not add up to its own totals. Raises AuditError (2)."""
    rows = connection.execute(
        """
        select
            coalesce(sum(net_overpaid_amount), 0), coalesce(sum(contingent_overpaid_amount), 0),
            coalesce(sum(
                demanded_amount + contingent_amount + dependent_amount + time_barred_amount + closed_amount
                + recovered_amount
            ), 0)
        from line_demands
        """
    ).fetchall()
    net, contingent, parts = (Decimal(value) for value in rows[0])
    told = run.amount("totals", "net_overpaid_amount"), run.amount("totals", "contingent_overpaid_amount")
    if (net, contingent) != told or parts != net:
        raise AuditError(
            USAGE,
            f"{run.folder} cannot be exported: its findings do not add up to the totals in its manifest.json, so one "
            "of its files was changed after the run. Audit the claims again.",
        )


def _load_run(connection: duckdb.DuckDBPyConnection, run: Run, as_of: date) -> None:
    for file in _FILES:
        connection.read_parquet(str(run.folder / f"{file}.parquet")).create_view(file)
    for file, schema in _ABSENT.items():
        path = run.folder / f"{file}.parquet"
        if path.is_file():
            connection.read_parquet(str(path)).create_view(file)
        else:
            connection.from_arrow(schema.empty_table()).create(file)
    connection.from_arrow(pa.table({"as_of_date": pa.array([as_of], pa.date32())})).create("handout")


def _load_code_sets(connection: duckdb.DuckDBPyConnection, tables: set[str]) -> None:
    for path in sorted((folder("sql") / "code_sets").glob("*.csv")):
        if path.stem in tables:
            connection.read_csv(str(path), all_varchar=True, header=True).create(path.stem)
