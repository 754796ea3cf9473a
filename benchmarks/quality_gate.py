"""How long the data-quality suites take on many lines, against the same counts in hand-written SQL.

    python -m benchmarks.generate --lines 10_000_000 --out DIR
    python -m benchmarks.quality_gate DIR/claims [THREADS]

Audits the claims once, without reports, and measures every suite where the run checks it: Great Expectations, and one
query that counts the same by hand; the better of two tries each, in processor seconds of all threads. Most suites look
at few rows (the staged lines of 10 million are thousands), where the library's own work per expectation is all there
is; so each is measured again on its table repeated to as many rows as the claims have lines. The profiles are queries
written by hand, of which the suite reads one row: they are compared with themselves alone.

Ends with 1 where counts differ, or where a ratio on as many rows as lines, or that of all suites together, is above 2.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
from sqlglot import exp

from audit_lib.audit import run_audit
from audit_lib.errors import AuditError
from audit_lib.progress import Progress
from audit_lib.quality import engine
from audit_lib.quality.engine import validate
from audit_lib.quality.profiles import steps_wanted
from audit_lib.quality.results import Result
from audit_lib.quality.suites import Expectation, Suite
from audit_lib.run_options import RunOptions
from audit_lib.settings import Settings

LIMIT = 2
# Columns by which a table's rows are told apart: repeated rows get others.
KEYS = {"claim_lines": "claim_id", "checked_findings": "finding_id"}
REPEATED = "repeated_rows"


@dataclass(frozen=True)
class Measured:
    """Processor seconds of one suite on one table, beside those of the same counts by hand."""

    suite: str
    row_count: int
    expectation_count: int
    seconds: float
    hand_seconds: float
    is_same: bool = True

    @property
    def ratio(self) -> float:
        """Return how many times as long the suite takes."""
        return self.seconds / self.hand_seconds


class ProcessorTime(Progress):
    """Remembers the processor seconds of each step in place of those on the clock."""

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step."""
        started = time.process_time()
        yield
        self.timings[name] = time.process_time() - started


class Watch:
    """Stands in for `validate` in a run: measures each suite where the run checks it."""

    def __init__(self) -> None:
        self.line_count = 0
        self.in_run: list[Measured] = []
        self.on_many_rows: list[Measured] = []

    def validate(self, connection: duckdb.DuckDBPyConnection, suite: Suite) -> list[Result]:
        """Check a suite as a run does, and measure it on its own table and on many rows."""
        measured, results = measure(connection, suite)
        self.line_count = self.line_count or measured.row_count
        self.in_run.append(measured)
        if suite.name == "claims_as_read":
            self.on_many_rows.append(measured)
        elif suite.name != "profiles" and measured.row_count:
            repeat_rows(connection, suite, self.line_count, measured.row_count)
            meaning = suite.meta.model_copy(update={"table": REPEATED})
            self.on_many_rows.append(measure(connection, suite.model_copy(update={"meta": meaning}))[0])
        return results


def main(words: Sequence[str] | None = None) -> int:
    """Read the command's words, measure, print, and say whether the ratios hold: 0 or 1; 2 where there is no run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality_gate", description="The gate beside SQL.")
    parser.add_argument("claims", help="claims as --claims takes them")
    parser.add_argument("threads", nargs="?", type=int, default=2, choices=range(1, 257), metavar="THREADS")
    asked = parser.parse_args(words)
    try:
        return compare(asked.claims, asked.threads)
    except AuditError as error:
        parser.error(error.message)


def compare(claims: str, thread_count: int) -> int:
    """Measure, print, and return 1 where counts differ or a ratio does not hold, else 0."""
    watch, progress = Watch(), ProcessorTime(is_quiet=True)
    with tempfile.TemporaryDirectory() as place, patch.object(engine, "validate", watch.validate):
        settings = Settings(threads=thread_count)
        run_audit(RunOptions(claims, Path(place), run_id="r", settings=settings, with_reports=False), progress)
    profiles = sum(progress.timings.get(name, 0.0) for name in steps_wanted())
    in_run = [_with_queries(one, profiles) if one.suite == "profiles" else one for one in watch.in_run]
    whole = Measured(
        "all suites", watch.line_count, sum(one.expectation_count for one in in_run),
        sum(one.seconds for one in in_run), sum(one.hand_seconds for one in in_run),
    )  # fmt: skip
    print(f"{watch.line_count:,} lines, {thread_count} threads")
    _print("as the run checks them", [*in_run, whole])
    _print("on as many rows as the claims have lines", watch.on_many_rows)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000_000:.1f} GB")
    everything = [*in_run, *watch.on_many_rows]
    holds = all(one.ratio <= LIMIT for one in [whole, *watch.on_many_rows])
    return 0 if holds and all(one.is_same for one in everything) else 1


def measure(connection: duckdb.DuckDBPyConnection, suite: Suite) -> tuple[Measured, list[Result]]:
    """Measure one suite and the same counts by hand."""
    query = by_hand_query(suite)
    results, seconds = timed(lambda: validate(connection, suite))
    by_hand, hand_seconds = timed(lambda: connection.execute(query).fetchall()[0])
    counted = [result.unexpected_count for result in results]
    is_same = all(one is None or one == other for one, other in zip(counted, by_hand[1:], strict=True))
    return Measured(suite.name, by_hand[0], len(results), seconds, hand_seconds, is_same), results


def repeat_rows(connection: duckdb.DuckDBPyConnection, suite: Suite, wanted: int, there: int) -> None:
    """Create a table of `wanted` rows or more: those of the suite's table again and again, under other keys."""
    table = suite.meta.table
    key = KEYS.get(table)
    columns = {name for one in suite.expectations for name in columns_of(one)}
    selected: list[exp.Expr] = [exp.column(name) for name in sorted(columns) if name != key]
    if key:
        selected.append(exp.alias_(exp.func("concat", exp.column(key), exp.Literal.string("-"), "repetition"), key))
    repetitions = f"select * from range({-(-wanted // there)}) as repetitions (repetition)"  # noqa: S608 - numbers
    query = exp.select(*selected).from_(table).join(f"({repetitions}) as repetitions", join_type="cross")
    connection.execute(f"create or replace table {REPEATED} as {query.sql('duckdb')}")


# ------------------------------------------------------------------------------------------------- Counted by hand


def by_hand_query(suite: Suite) -> str:
    """Return the one query that a person would write for the same counts, the number of rows first."""
    counts = [exp.Count(this=exp.Star()), *[_count(one, suite.meta.table) for one in suite.expectations]]
    return exp.select(*counts).from_(suite.meta.table).sql("duckdb")


def columns_of(expectation: Expectation) -> list[str]:
    """Return the columns that an expectation looks at."""
    kwargs = expectation.kwargs
    named = [kwargs.get(name) for name in ("column", "column_A", "column_B")]
    return [name for name in [*named, *kwargs.get("column_list", [])] if name]


def _count(expectation: Expectation, table: str) -> exp.Expr:
    kind, columns = expectation.type.removeprefix("expect_"), columns_of(expectation)
    if kind in ("column_values_to_be_unique", "compound_columns_to_be_unique"):
        repeated = exp.select("count(*) as row_count").from_(table).group_by(*columns).having("count(*) > 1")
        return exp.select("coalesce(sum(row_count), 0)").from_(repeated.subquery("repeated")).subquery()
    if kind == "table_row_count_to_be_between":
        return exp.Count(this=exp.Star())
    return exp.Filter(
        this=exp.Count(this=exp.Star()), expression=exp.Where(this=_is_otherwise(kind, expectation.kwargs, columns))
    )


def _is_otherwise(kind: str, kwargs: dict[str, Any], columns: list[str]) -> exp.Expr:
    """Return what is true of a row that an expectation does not want; null where it does not look at the row."""
    column = exp.column(columns[0])
    match kind:
        case "column_values_to_not_be_null":
            return exp.Is(this=column, expression=exp.Null())
        case "column_values_to_be_in_set":
            return exp.not_(column.isin(*kwargs["value_set"]))
        case "column_values_to_match_regex":
            return exp.not_(exp.func("regexp_matches", column, exp.Literal.string(kwargs["regex"])))
        case "column_pair_values_a_to_be_greater_than_b":
            return exp.not_(column >= exp.column(columns[1]))
        case "column_values_to_be_between":
            least, most = kwargs.get("min_value"), kwargs.get("max_value")
            is_above = column > least if kwargs.get("strict_min") else column >= least
            return exp.not_(exp.and_(*[is_above] * (least is not None), *[column <= most] * (most is not None)))
    raise ValueError(f"nobody has written by hand what {kind} counts")


def timed(work: Any) -> tuple[Any, float]:
    """Return what the work gives and the processor seconds of all threads, the lesser of two tries."""
    seconds = []
    for _ in range(2):
        started = time.process_time()
        answer = work()
        seconds.append(time.process_time() - started)
    return answer, min(seconds)


def _with_queries(one: Measured, seconds: float) -> Measured:
    return Measured(
        one.suite, one.row_count, one.expectation_count, seconds + one.seconds, seconds + one.hand_seconds, one.is_same
    )


def _print(title: str, rows: list[Measured]) -> None:
    print(f"\n{title}\n{'suite':16}{'rows':>13}{'expectations':>14}{'suite s':>9}{'by hand s':>11}{'ratio':>7}")
    for one in rows:
        print(
            f"{one.suite:16}{one.row_count:>13,}{one.expectation_count:>14}{one.seconds:>9.2f}"
            f"{one.hand_seconds:>11.2f}{one.ratio:>7.2f}{'' if one.is_same else '  counts DIFFER'}"
        )


if __name__ == "__main__":
    raise SystemExit(main())
