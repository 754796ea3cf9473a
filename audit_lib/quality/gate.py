"""What a critical failure stops: the run, or the rules that need a column that cannot be believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypedDict

import duckdb
import pyarrow as pa

from audit_lib.errors import QUALITY_GATE, AuditError
from audit_lib.quality import engine
from audit_lib.quality.readings import create_claims_as_read
from audit_lib.quality.results import Result
from audit_lib.quality.suites import read_suite
from audit_lib.resources import page
from audit_lib.rules import Rule
from audit_lib.small_tables import create_table

_SHOWN = 3
_OF_LISTS = ("code_lists", "code_sets")


class GateAnswer(TypedDict):
    """What manifest and `quality.json` say of the gate; the keys' meanings stand in `manifest_keys.Quality`."""

    continued_regardless: bool
    critical_failures: list[str]
    emptied_columns: list[dict[str, str]]
    stopped_rules: list[dict[str, str]]


@dataclass
class QualityGate:
    """The gate of one run, filled as the run goes from left to right.

    `is_open`: the run was told to go on regardless; `needed_columns`: columns that the run cannot do without.
    `emptied`: columns that count as empty, with the expectation that they failed.
    """

    connection: duckdb.DuckDBPyConnection
    rules: Sequence[Rule]
    is_open: bool = False
    needed_columns: tuple[str, ...] = ()
    results: list[Result] = field(default_factory=list)
    emptied: dict[str, str] = field(default_factory=dict)

    def judge(self) -> list[str]:
        """Check the claims as read and return the columns that are to count as empty. Stops nothing yet."""
        create_claims_as_read(self.connection)
        self.check("claims_as_read")
        if not self.is_open:
            for result in self._rule_failures():
                self.emptied |= dict.fromkeys(result.columns, result.id)
        return sorted(self.emptied)

    def check(self, suite: str) -> None:
        """Check a suite and keep its results."""
        self.results += engine.validate(self.connection, read_suite(suite))

    def run_stoppers(self) -> list[Result]:
        """Return the failures for which a run stops: keys, money, and what this run needs cannot be believed."""
        needed = set(self.needed_columns)
        return [
            result
            for result in self.results
            if result.has_failed_critically and (result.stops == "run" or needed & set(result.columns))
        ]

    def stop_if_failed(self) -> None:
        """Raise AuditError (12) where a failure stops the run, unless it was told to go on."""
        failures = self.run_stoppers()
        if failures and not self.is_open:
            raise AuditError(QUALITY_GATE, stop_message(failures))

    def unmet_warnings(self) -> list[str]:
        """Return the warnings that are not met, by their id."""
        return [result.id for result in self.results if result.severity == "warning" and result.status != "PASS"]

    def stopped_rules(self) -> list[dict[str, str]]:
        """Return each rule that is stopped, with the reason that its answers give; none where the gate is open."""
        stopped = {rule.name: self._columns_wanting(rule) for rule in self.rules}
        return [{"rule": name, "reason": _reason(columns)} for name, columns in stopped.items() if columns]

    def as_dict(self) -> GateAnswer:
        """Return what manifest and `quality.json` say of the gate."""
        failed = [result for result in self.results if result.has_failed_critically]
        return {
            "continued_regardless": self.is_open and bool(failed),
            "critical_failures": [result.id for result in failed],
            "emptied_columns": [{"column": name, "expectation": of} for name, of in sorted(self.emptied.items())],
            "stopped_rules": self.stopped_rules(),
        }

    def _columns_wanting(self, rule: Rule) -> list[str]:
        failures = [] if self.is_open else self._rule_failures()
        needed = [
            column
            for result in failures
            for column in result.columns
            if result.rules == "all" or rule.name in result.rules or column in rule.metadata.needs
        ]
        return sorted(set(needed))

    def _rule_failures(self) -> list[Result]:
        return [result for result in self.results if result.has_failed_critically and result.stops == "rules"]


def load_stopped_rules(connection: duckdb.DuckDBPyConnection, stopped: Sequence[dict[str, str]]) -> None:
    """Create `stopped_rules`: the rules whose answers are `not_evaluable` on every line, and why."""
    create_table(connection, "stopped_rules", {"rule": pa.string(), "reason": pa.string()}, stopped)


def stop_message(failures: Sequence[Result]) -> str:
    """Say what failed, by how much, where the threshold stands and what can be done."""
    shown = " ".join(describe_failure(result) for result in failures[:_SHOWN])
    more = f" And {len(failures) - _SHOWN} more critical failures." if len(failures) > _SHOWN else ""
    is_of_lists = {result.suite in _OF_LISTS for result in failures}
    of_lists = "restore the code lists (sql/code_sets, or code_sets of the plan's own folder)"
    of_claims = f"have the extract corrected or mend the layout ({page('layouts.md')})"
    advice = " and ".join([of_lists] * (True in is_of_lists) + [of_claims] * (False in is_of_lists))
    return (
        f"The data-quality gate stopped this run; nothing was written. {shown}{more} {advice[:1].upper()}{advice[1:]}; "
        "`infusion-audit check` prints every expectation. The thresholds stand in expectations/; "
        "`continue_on_quality_failure: true` in the settings goes on regardless, and the report says so."
    )


def describe_failure(result: Result) -> str:
    """Return a failure in a sentence or two: what was expected, what was counted, what is allowed."""
    if result.status == "ERROR":
        return f"“{result.sentence}” ({result.suite}, {result.id}) could not be evaluated: {result.explanation}."
    counted = ""
    if result.unexpected_count is not None and result.element_count:
        counted = (
            f": {result.unexpected_count:,} of {result.element_count:,} rows ({result.unexpected_percent or 0:.1f} % "
            f"of those with a value) are otherwise, {result.allowed_percent or 0:g} % may be"
        )
    return f"Expected and not met: “{result.sentence.rstrip('.')}” ({result.suite}, {result.id}){counted}."


def _reason(columns: list[str]) -> str:
    listed = ", ".join(columns)
    return f"the data-quality gate found that most values of {listed} cannot be read, so that this cannot be decided"
