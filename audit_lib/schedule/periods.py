"""Period expressions: which service or paid dates a report as of some day is about."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from audit_lib.names import with_nearest

EXPRESSIONS = (
    "last_week", "last_month", "last_quarter", "last_year", "month_to_date", "quarter_to_date", "year_to_date",
)  # fmt: skip
_SEVERAL_MONTHS = r"last_([1-9]\d{0,2})_months"


@dataclass(frozen=True)
class PeriodRule:
    """A period before it meets a day: an expression, or explicit dates; neither means every line of the file."""

    expression: str = ""
    first: date | None = None
    last: date | None = None

    def on(self, as_of: date) -> tuple[date | None, date | None]:
        """Return the first and the last day of the period, both included; the day `as_of` ends a period to date."""
        return _dates(self.expression, as_of) if self.expression else (self.first, self.last)


def parse_period(value: object) -> PeriodRule:
    """Read a period as a plan writes it. Raises ValueError that says what is allowed, with the nearest name."""
    if isinstance(value, PeriodRule):
        return value
    if isinstance(value, str) and (value in EXPRESSIONS or re.fullmatch(_SEVERAL_MONTHS, value)):
        return PeriodRule(value)
    if isinstance(value, dict):
        return _explicit(value)
    problem = (
        f"must be one of {', '.join(EXPRESSIONS)}, last_N_months (such as last_12_months), or {{from: DATE, to: DATE}}"
    )
    raise ValueError(with_nearest(problem, value, EXPRESSIONS) if isinstance(value, str) else problem)


def _explicit(value: dict[object, object]) -> PeriodRule:
    unknown = [with_nearest(f"{key} is no key of it", str(key), _ENDS) for key in value if key not in _ENDS]
    if unknown:
        raise ValueError(f"takes from and to: {'; '.join(unknown)}")
    first, last = (_day(value.get(name), name) for name in ("from", "to"))
    if first and last and first > last:
        raise ValueError("must begin before it ends: from is later than to")
    return PeriodRule(first=first, last=last)


_ENDS = ("from", "to")


def _day(value: object, name: str) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise ValueError(f"needs a date of the calendar after {name}, as YYYY-MM-DD") from error


def _dates(expression: str, as_of: date) -> tuple[date, date]:
    month = as_of.replace(day=1)
    quarter = month.replace(month=3 * ((month.month - 1) // 3) + 1)
    year = month.replace(month=1)
    monday = as_of - timedelta(days=as_of.weekday())
    if several := re.fullmatch(_SEVERAL_MONTHS, expression):
        return add_months(month, -int(several[1])), month - timedelta(days=1)
    return {
        "last_week": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "last_month": (add_months(month, -1), month - timedelta(days=1)),
        "last_quarter": (add_months(quarter, -3), quarter - timedelta(days=1)),
        "last_year": (year.replace(year=year.year - 1), year - timedelta(days=1)),
        "month_to_date": (month, as_of),
        "quarter_to_date": (quarter, as_of),
        "year_to_date": (year, as_of),
    }[expression]


def add_months(day: date, months: int) -> date:
    """Return the day some months later; where that month is shorter, its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
