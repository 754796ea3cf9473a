"""What came of an expectation: counts, never a value of a row."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from audit_lib.quality.suites import Expectation, Suite

Status = Literal["PASS", "FAIL", "ERROR"]


@dataclass(frozen=True)
class Result:
    """The outcome of one expectation. ERROR: it could not be evaluated, which is neither PASS nor FAIL.

    `element_count` rows were looked at, `unexpected_count` of those that are not empty were not as expected,
    `unexpected_percent` of them; `allowed_percent` is the threshold. `paid_amount`: dollars on the lines in question,
    as text, where measured. `explanation` says what kept an expectation from being evaluated.
    """

    suite: str
    id: str
    sentence: str
    severity: str
    status: Status
    element_count: int | None
    unexpected_count: int | None
    unexpected_percent: float | None
    allowed_percent: float | None
    paid_amount: str | None
    columns: list[str]
    rules: list[str] | str
    stops: str | None
    consequence: str
    explanation: str = ""

    @property
    def has_failed_critically(self) -> bool:
        """Return whether something must stop: what could not be evaluated is not in order."""
        return self.stops is not None and self.status != "PASS"

    def as_dict(self) -> dict[str, Any]:
        """Return the entry of `quality.json`."""
        return asdict(self)


def result_of(suite: Suite, expectation: Expectation, counts: dict[str, Any], succeeded: bool) -> Result:
    """Return the result of an expectation that was evaluated; of `counts` only the counts are kept."""
    unexpected = counts.get("unexpected_count")
    is_tolerated = unexpected is not None and 0 < unexpected <= expectation.meta.tolerated_count
    percent = counts.get("unexpected_percent")
    return replace(
        error_of(suite, expectation, ""),
        status="PASS" if succeeded or is_tolerated else "FAIL",
        element_count=counts.get("element_count"),
        unexpected_count=unexpected,
        unexpected_percent=None if percent is None else round(float(percent), 4),
    )


def error_of(suite: Suite, expectation: Expectation, explanation: str) -> Result:
    """Return the result of an expectation that could not be evaluated."""
    meaning = expectation.meta
    return Result(
        suite=suite.name,
        id=meaning.id,
        sentence=meaning.sentence,
        severity=expectation.severity,
        status="ERROR",
        element_count=None,
        unexpected_count=None,
        unexpected_percent=None,
        allowed_percent=allowed_percent(expectation),
        paid_amount=None,
        columns=meaning.columns,
        rules=meaning.rules,
        stops=meaning.stops,
        consequence=meaning.consequence,
        explanation=explanation,
    )


def allowed_percent(expectation: Expectation) -> float | None:
    """Return the share of rows that may be otherwise, as the suite's `mostly` says it."""
    if expectation.type.startswith("expect_table"):
        return None
    if expectation.meta.profile:
        return float(expectation.kwargs["max_value"])
    return float(100 - 100 * Decimal(str(expectation.kwargs.get("mostly", 1))))
