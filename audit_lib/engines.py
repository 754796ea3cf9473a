"""Where the steps of a run are performed: in DuckDB, or on Spark from the same SQL."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import duckdb

from audit_lib.local_rules import read_local
from audit_lib.pipeline import Step, load_steps, run_steps, spent_after
from audit_lib.progress import Progress
from audit_lib.rules import Rule
from audit_lib.run_options import RunOptions


class Engine(Protocol):
    """Performs steps that read one another and the tables of a DuckDB connection."""

    def expect(self, steps: Sequence[Step], kept: Collection[str]) -> None:
        """Learn which steps will be performed in all, and which of them must still be there at the end."""

    def run(self, steps: Sequence[Step]) -> None:
        """Perform steps in their order. Raises AuditError (13) naming the step that failed, never a value."""

    def columns(self, name: str) -> list[str]:
        """Return the columns of a step that was performed."""

    def fetch(self, names: Iterable[str]) -> None:
        """Make tables of the DuckDB connection of steps that were performed."""


@dataclass
class DuckDBEngine:
    """Performs steps where the claims were read; drops what no later step reads where it `is_sparing`."""

    connection: duckdb.DuckDBPyConnection
    progress: Progress
    is_sparing: bool = False
    _spent: dict[str, list[Step]] = field(default_factory=dict, init=False)

    def expect(self, steps: Sequence[Step], kept: Collection[str]) -> None:
        """Find out after which step each table can go."""
        self._spent = spent_after(steps, kept) if self.is_sparing else {}

    def run(self, steps: Sequence[Step]) -> None:
        """Create a table or a view per step."""
        run_steps(self.connection, list(steps), self.progress, self._spent)

    def columns(self, name: str) -> list[str]:
        """Return the columns of a step that was performed."""
        return list(self.connection.table(name).columns)

    def fetch(self, names: Iterable[str]) -> None:
        """Do nothing: the steps are tables of the connection already."""


def check_engine(options: RunOptions, rules: Sequence[Rule]) -> None:
    """Refuse, before any claim is read, an engine that is not installed or cannot run every rule.

    Raises AuditError: 2 where something is not installed, 10 where a rule or a fact of the plan's own may mean
    something else there.
    """
    if options.engine == "spark":
        from audit_lib.spark.session import check_installed
        from audit_lib.spark.translation import to_spark

        check_installed(options.spark_master)
        facts = load_steps(*read_local(options.settings.local).facts)
        for step in [*(Step(rule.name, rule.sql, frozenset()) for rule in rules), *facts.values()]:
            to_spark(step)


@contextmanager
def open_engine(
    options: RunOptions, connection: duckdb.DuckDBPyConnection, scratch: Path, progress: Progress
) -> Iterator[Engine]:
    """Give the engine that the run asks for; what it keeps on disk goes into `scratch`.

    Raises AuditError (2) where Spark cannot be started or reached.
    """
    if options.engine == "duckdb":
        yield DuckDBEngine(connection, progress, is_sparing=True)
        return
    from audit_lib.spark.engine import SparkEngine
    from audit_lib.spark.session import open_session

    with ExitStack() as kept:
        with progress.step("starting_spark"):
            session = kept.enter_context(open_session(options.spark_master, options.settings, scratch))
        yield SparkEngine(connection, session, scratch / "spark", progress)
