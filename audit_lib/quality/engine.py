"""Great Expectations, counting inside DuckDB: one suite on one table, counts only.

It is imported on the first use, since that takes seconds; `import_early` starts that while claims are being read.
"""

from __future__ import annotations

import logging
import os
import threading
import warnings
from contextlib import suppress
from typing import Any

import duckdb

from audit_lib.errors import BAD_RULE, QUALITY_GATE, USAGE, AuditError
from audit_lib.quality.results import Result, error_of, result_of
from audit_lib.quality.suites import Expectation, Suite, refuse_unknown_types
from audit_lib.spared_imports import spare_iri_grammar
from audit_lib.stopping import is_stopping

# Counts, and not one of the values that were unexpected.
_RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}


def import_early() -> None:
    """Start importing Great Expectations beside other work; whoever needs it waits for the rest."""

    def import_it() -> None:
        with suppress(AuditError):  # who needs it is told
            _great_expectations()

    threading.Thread(target=import_it, name="import great_expectations", daemon=True).start()


def validate(connection: duckdb.DuckDBPyConnection, suite: Suite) -> list[Result]:
    """Check a suite against the table that it names, in the suite's order.

    Raises AuditError: 2 where Great Expectations cannot be imported, 10 where it does not take every expectation as it
    is declared, 12 where the whole suite cannot be evaluated.
    """
    gx = _great_expectations()
    loaded = _load(gx, suite)
    try:
        outcome = _batch(gx, connection, suite.meta.table).validate(loaded, result_format=_RESULT_FORMAT)
    except duckdb.InterruptException as error:
        raise KeyboardInterrupt from error
    except Exception as error:  # whatever it says may quote a row
        if is_stopping():
            raise KeyboardInterrupt from error
        raise AuditError(
            QUALITY_GATE,
            f"The data-quality suite {suite.name} could not be evaluated ({type(error).__name__}), so that nobody can "
            "tell what this data is worth. Nothing was written. Run again with more --memory-limit, or with "
            "--no-quality to go on without the gate.",
        ) from error
    if is_stopping():  # the library takes a query that was stopped for one that failed
        raise KeyboardInterrupt
    found = {one.expectation_config.meta["id"]: one for one in outcome.results}
    return [_result(suite, expectation, found.get(expectation.meta.id)) for expectation in suite.expectations]


def _great_expectations() -> Any:
    """Import Great Expectations and undo what it does to the process: warnings into logs, rows into log messages.

    Releases that send usage statistics read while they are imported whether they may: they may not.
    Raises AuditError (2) where the import ends the process, as PySpark does without grpcio: with exit code 0.
    """
    spare_iri_grammar()
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")  # it looks for PySpark
    show_warning = warnings.showwarning
    try:
        import great_expectations as gx
    except SystemExit as error:
        raise AuditError(
            USAGE,
            "PySpark is installed here in part: without packages that it needs (grpcio and its like) it ends whatever "
            "imports it, and Great Expectations does. No run was made. Install the rest (python -m pip install "
            "'infusion-audit[spark]') or take PySpark away (python -m pip uninstall pyspark); --no-quality goes on "
            "without the data-quality gate.",
        ) from error
    if warnings.showwarning is not show_warning:
        logging.captureWarnings(False)
    logger = logging.getLogger("great_expectations")
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    return gx


def _load(gx: Any, suite: Suite) -> Any:
    """Hand the suite over and compare: what is misspelt would be dropped in silence."""
    from great_expectations.expectations.registry import list_registered_expectation_implementations

    refuse_unknown_types(suite, sorted(list_registered_expectation_implementations()))
    loaded = gx.ExpectationSuite(name=suite.name, expectations=[])
    for expectation in suite.expectations:
        with suppress(ValueError):  # what it says of kwargs is about its own classes; we name the expectation
            loaded.expectations += gx.ExpectationSuite(
                name=suite.name, expectations=[expectation.as_declared()]
            ).expectations
    taken = {one.meta["id"] for one in loaded.expectations}
    if missing := [e.meta.id for e in suite.expectations if e.meta.id not in taken]:
        raise AuditError(
            BAD_RULE,
            f"Great Expectations took {len(taken)} of the {len(suite.expectations)} expectations of {suite.name}.json; "
            f"it does not take {', '.join(missing)}. Correct their kwargs (expectations/README.md).",
        )
    return loaded


def _batch(gx: Any, connection: duckdb.DuckDBPyConnection, table: str) -> Any:
    """Return the table as Great Expectations sees it, on the run's own connection."""
    from sqlalchemy.pool import StaticPool

    from audit_lib.quality.dialect import CONNECTION_STRING, share

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_sql(
        "run", connection_string=CONNECTION_STRING, kwargs={"creator": share(connection), "poolclass": StaticPool}
    )
    return source.add_table_asset(table, table_name=table).add_batch_definition_whole_table(table).get_batch()


def _result(suite: Suite, expectation: Expectation, found: Any) -> Result:
    """Return what was counted. Of what an exception says only that there was one: its text holds SQL and values."""
    if found is None:
        return error_of(suite, expectation, "Great Expectations gave no result for it")
    if _has_raised(found.exception_info):
        return error_of(suite, expectation, "it could not be evaluated on this table")
    if not found.result and not found.success:
        return error_of(suite, expectation, "Great Expectations could not compute it")
    return result_of(suite, expectation, dict(found.result), bool(found.success))


def _has_raised(info: Any) -> bool:
    """Tell whether an expectation or one of its metrics raised; the shape depends on which of them it was."""
    if not info:
        return False
    return bool(info["raised_exception"]) if "raised_exception" in info else any(map(_has_raised, info.values()))
