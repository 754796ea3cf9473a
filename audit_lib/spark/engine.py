"""Performs the steps of a run on Spark.

DuckDB plans each step over no rows, so that its columns have DuckDB's types on Spark too. Each step is written once, as
Parquet that the steps after it read: a plan that held all steps before it would grow beyond any memory. What goes to
Spark and what comes back lies in one folder, which this machine and Spark's must both see.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp

from audit_lib.database import open_connection
from audit_lib.errors import RULE_FAILED, AuditError, is_write_failure, no_room
from audit_lib.pipeline import Step, failure
from audit_lib.progress import Progress
from audit_lib.spark.translation import to_spark
from audit_lib.stopping import is_stopping

# Brackets in the name of a folder are no pattern.
_NO_PATTERN = ("__globPaths__", "false")


class SparkEngine:
    """Performs steps that read one another and the tables of a DuckDB connection; every file goes into `exchange`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, session: Any, exchange: Path, progress: Progress) -> None:
        self._connection = connection
        self._session = session
        self._exchange = exchange
        self._progress = progress
        self._planner = open_connection(readable=())
        self._on_spark: set[str] = set()
        self._in_duckdb: set[str] = set()

    def expect(self, steps: Sequence[Step], kept: Collection[str]) -> None:
        """Do nothing: what a step wrote takes no memory, and goes with the run's scratch."""

    def run(self, steps: Sequence[Step]) -> None:
        """Perform steps in their order.

        Raises AuditError: 13 naming the step that failed, 10 naming one that may mean something else on Spark.
        """
        for step in steps:
            for name in sorted(step.reads - self._on_spark):
                with self._progress.step("handing_over"):
                    self._hand_over(name)
            with self._progress.step(step.name):
                self._perform(step)

    def columns(self, name: str) -> list[str]:
        """Return the columns of a step that was performed."""
        return list(self._planner.table(name).columns)

    def fetch(self, names: Iterable[str]) -> None:
        """Make tables of the DuckDB connection of those names that are steps performed here."""
        for name in sorted(set(names) & self._on_spark - self._in_duckdb):
            if not (self._exchange / name).exists():  # a view
                with _spark_performs(name):
                    self._write(name, self._session.table(name))
            written = sorted((self._exchange / name).glob("*.parquet"))
            self._connection.execute(f'create table "{name}" ({_declared(self._planner.table(name))})')
            self._connection.read_parquet([str(path) for path in written]).insert_into(name)
            self._in_duckdb.add(name)

    def _hand_over(self, name: str) -> None:
        """Give Spark a table of the connection; where there is none, planning the step says so."""
        try:
            table = self._connection.table(name)
        except duckdb.CatalogException:
            return
        self._planner.execute(f'create table "{name}" ({_declared(table)})')
        (self._exchange / name).mkdir(parents=True)
        try:
            table.write_parquet(str(self._exchange / name / "rows.parquet"))
        except duckdb.Error as error:
            raise _not_written(error) from error
        with _spark_performs(name):
            self._show(name)
        self._on_spark.add(name)
        self._in_duckdb.add(name)

    def _perform(self, step: Step) -> None:
        try:
            self._planner.execute(f'create table "{step.name}" as {step.sql}\nwith no data')
        except duckdb.Error as error:
            raise AuditError(RULE_FAILED, failure(step.name, error)) from error
        query = to_spark(step, self._types(step.name))
        with _spark_performs(step.name):
            rows = self._session.sql(query)
            if step.kind == "view":
                rows.createOrReplaceTempView(step.name)
            else:
                self._write(step.name, rows)
                self._show(step.name)
        self._on_spark.add(step.name)

    def _write(self, name: str, rows: Any) -> None:
        rows.write.mode("overwrite").parquet(str(self._exchange / name))

    def _show(self, name: str) -> None:
        """Let steps read the files of a table, whose types need not be looked up then."""
        schema = ", ".join(f"`{column}` {kind}" for column, kind in self._types(name).items())
        reader = self._session.read.schema(schema).option(*_NO_PATTERN)
        reader.parquet(str(self._exchange / name)).createOrReplaceTempView(name)

    def _types(self, name: str) -> dict[str, str]:
        planned = self._planner.table(name)
        return {n: _spark_type(str(t)) for n, t in zip(planned.columns, planned.types, strict=True)}


def _declared(table: duckdb.DuckDBPyRelation) -> str:
    """Return the columns of a table as a `create table` names them."""
    return ", ".join(f'"{name}" {kind}' for name, kind in zip(table.columns, table.types, strict=True))


def _spark_type(duckdb_type: str) -> str:
    """Return Spark's type for one of DuckDB's; its sums of whole numbers are far from the bounds of a bigint."""
    return "BIGINT" if duckdb_type == "HUGEINT" else exp.DataType.build(duckdb_type, dialect="duckdb").sql("spark")


@contextmanager
def _spark_performs(name: str) -> Iterator[None]:
    """Say which step failed on Spark, and how, without what Spark says: it may quote a row."""
    try:
        yield
    except Exception as error:
        if is_stopping():
            raise KeyboardInterrupt from error
        condition = getattr(error, "getCondition", lambda: None)() or type(error).__name__
        raise AuditError(
            RULE_FAILED,
            f"The step {name} failed to run on Spark ({condition}). Nothing was written. Look whether Spark still "
            "answers, has memory and room, and sees the folder that --out names; a run with --engine duckdb says more.",
        ) from error


def _not_written(error: duckdb.Error) -> AuditError:
    if is_write_failure(error):
        return no_room()
    return AuditError(
        RULE_FAILED,
        f"The claims could not be handed over to Spark ({type(error).__name__}). Nothing was written. Audit them with "
        "--engine duckdb, and please report it.",
    )
