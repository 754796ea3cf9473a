"""Runs the SQL steps in the order that the tables they name give."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import MappingProxyType

import duckdb
import sqlglot
from sqlglot import exp

from audit_lib.errors import BAD_RULE, RULE_FAILED, AuditError, is_write_failure, no_room, speaks_of_sql
from audit_lib.progress import Progress
from audit_lib.resources import why_unread

# The database, in a file of the run's scratch, that holds the tables of large steps.
LARGE_TABLES = "large_tables"

_HARMLESS_FUNCTIONS = (exp.GenerateSeries, exp.Unnest, exp.GenerateDateArray)


@dataclass(frozen=True)
class Step:
    """One select that becomes the table named by its file's stem."""

    name: str
    sql: str
    reads: frozenset[str]

    @property
    def kind(self) -> str:
        """Return `view` where the file's comment begins so: its rows are wide, and read once or in few columns."""
        return "view" if self.sql.startswith("-- View:") else "table"

    @property
    def is_large(self) -> bool:
        """Tell whether the file's comment begins with `Large:`: its rows are many and wide, and read until the end."""
        return self.sql.startswith("-- Large:")


def load_steps(*folders: Path) -> dict[str, Step]:
    """Read every `.sql` file of the folders.

    Raises AuditError (10) where one is no single select or a name is used twice.
    """
    steps: dict[str, Step] = {}
    for path in sorted(path for folder in folders for path in folder.rglob("*.sql")):
        if path.stem in steps:
            raise AuditError(
                BAD_RULE,
                f"Two SQL files are named {path.name}; names are unique over the project. Rename one.",
            )
        try:
            sql = path.read_text("utf-8")
        except (OSError, ValueError) as error:
            raise AuditError(BAD_RULE, f"The file {path.name} cannot be read: {why_unread(error)}.") from error
        steps[path.stem] = Step(path.stem, sql, tables_named(path.name, sql))
    return steps


@cache
def tables_named(file_name: str, sql: str) -> frozenset[str]:
    """Return the tables that one select reads, its own CTEs left out. Raises AuditError (10) for any other SQL."""
    try:
        trees = [tree for tree in sqlglot.parse(sql, read="duckdb") if tree is not None]
    except sqlglot.errors.SqlglotError as error:
        raise AuditError(BAD_RULE, f"{file_name} is not SQL that can be read: {str(error).splitlines()[0]}") from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise AuditError(BAD_RULE, f"{file_name} must hold exactly one select.")
    own = {cte.alias for cte in trees[0].find_all(exp.CTE)}
    return frozenset(t.name for t in trees[0].find_all(exp.Table) if t.name and t.name not in own)


def functions_read(sql: str) -> list[str]:
    """Return the functions that a select reads like tables, but for those that only count up or unfold a list."""
    calls = [table.this for table in sqlglot.parse_one(sql, read="duckdb").find_all(exp.Table)]
    calls = [call for call in calls if isinstance(call, exp.Func) and not isinstance(call, _HARMLESS_FUNCTIONS)]
    names = {(call.name if isinstance(call, exp.Anonymous) else call.sql_name()).lower() for call in calls}
    return sorted(f"{name}()" for name in names - {"range"})


def ordered(steps: dict[str, Step], wanted: list[str]) -> list[Step]:
    """Return the wanted steps and all that they rest on, each after what it reads.

    Raises AuditError (10) where steps read one another in a circle.
    """
    needed: dict[str, set[str]] = {}
    open_names = list(wanted)
    while open_names:
        name = open_names.pop()
        if name not in needed:
            needed[name] = {table for table in steps[name].reads if table in steps}
            open_names += needed[name]
    try:
        return [steps[name] for name in TopologicalSorter({k: needed[k] for k in sorted(needed)}).static_order()]
    except CycleError as error:
        raise AuditError(BAD_RULE, f"SQL files read one another in a circle: {' → '.join(error.args[1])}.") from error


def spent_after(steps: Sequence[Step], kept: Collection[str]) -> dict[str, list[Step]]:
    """Return whose tables no step reads after a step, itself or through a view; those in `kept` stay."""
    views = {step.name: step for step in steps if step.kind == "view"}
    stay = {*_read_through(views, kept), *views}
    last_readers = {name: step.name for step in steps for name in _read_through(views, step.reads)}
    spent: dict[str, list[Step]] = {}
    for step in steps:
        if step.name not in stay and step.name in last_readers:
            spent.setdefault(last_readers[step.name], []).append(step)
    return spent


def _read_through(views: Mapping[str, Step], names: Iterable[str]) -> set[str]:
    """Return the names and what those of them that are views read in turn."""
    found = set(names)
    for name in found & set(views):
        found |= _read_through(views, views[name].reads)
    return found


def run_steps(
    connection: duckdb.DuckDBPyConnection,
    steps: list[Step],
    progress: Progress,
    spent: Mapping[str, Sequence[Step]] = MappingProxyType({}),
) -> None:
    """Create a table or a view per step, and drop those of the steps that are `spent` after it.

    Raises AuditError (13) naming the step that failed, never a value.
    """
    for step in steps:
        with progress.step(step.name):
            try:
                create(connection, step)
                for other in spent.get(step.name, ()):
                    drop(connection, other)
            except duckdb.InterruptException as error:
                raise KeyboardInterrupt from error
            except duckdb.Error as error:
                if is_write_failure(error):
                    raise no_room() from error
                raise AuditError(RULE_FAILED, failure(step.name, error)) from error


def create(connection: duckdb.DuckDBPyConnection, step: Step) -> None:
    """Create a step's table or view; a large table in the database of `LARGE_TABLES`, where the connection has it.

    There DuckDB compresses it as it is written. In memory it would not, push out all else, and come back from disk.
    """
    if step.is_large and _has_large_tables(connection):
        connection.execute(f'create table {LARGE_TABLES}."{step.name}" as {step.sql}')
        connection.execute(f'create view "{step.name}" as from {LARGE_TABLES}."{step.name}"')
    else:
        connection.execute(f'create {step.kind} "{step.name}" as {step.sql}')


def drop(connection: duckdb.DuckDBPyConnection, step: Step) -> None:
    """Drop what `create` made of a step."""
    if step.is_large and _has_large_tables(connection):
        connection.execute(f'drop view "{step.name}"')
        connection.execute(f'drop table {LARGE_TABLES}."{step.name}"')
    else:
        connection.execute(f'drop {step.kind} "{step.name}"')


def _has_large_tables(connection: duckdb.DuckDBPyConnection) -> bool:
    names = connection.execute("select database_name from duckdb_databases()").fetchall()
    return (LARGE_TABLES,) in names


def failure(name: str, error: duckdb.Error) -> str:
    """Say that a step failed, and why where that quotes no value."""
    detail = f": {str(error).splitlines()[0]}" if speaks_of_sql(error) else f" ({type(error).__name__})"
    hint = "give it more with --memory-limit" if isinstance(error, duckdb.OutOfMemoryException) else "correct its SQL"
    return f"The step {name} failed to run{detail}. Nothing was written; {hint} and run again."
