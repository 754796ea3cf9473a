"""The plan of scheduled reports as the scheduler uses it: checked, in full, and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from audit_lib.choices import PeriodBy
from audit_lib.errors import USAGE, AuditError, sentence
from audit_lib.names import with_nearest
from audit_lib.schedule.keeping import Keeping
from audit_lib.schedule.occasions import Due
from audit_lib.schedule.periods import PeriodRule


@dataclass(frozen=True)
class Deliver:
    """Where a finished report is copied to, and for whom."""

    folder: Path
    group: str | None = None
    form: Literal["shared", "full"] = "shared"


@dataclass(frozen=True)
class Report:
    """One report of the plan, with absolute paths and what it takes from the plan; `place` holds its runs."""

    name: str
    title: str
    claims: str
    table: str
    query: str
    layout: str
    period: PeriodRule
    period_by: PeriodBy
    settings: Path | None
    rules: tuple[str, ...]
    assume_in_force: bool
    ledger: bool
    notebooks: tuple[str, ...]
    due: Due | None
    start: date | None
    settled_minutes: int
    grace_hours: int
    catch_up: Literal["all", "latest"]
    retention: Keeping | None
    place: Path
    deliver: Deliver | None
    on_success: tuple[str, ...] | None
    on_failure: tuple[str, ...] | None


@dataclass(frozen=True)
class Plan:
    """The reports by their names, and what they share; `path` is the file that the plan was read from."""

    path: Path
    time_zone: str
    command_timeout_seconds: int
    reports: Mapping[str, Report]

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone that due hours and days are read in."""
        return ZoneInfo(self.time_zone)

    def report(self, name: str) -> Report:
        """Return the report of this name. Raises AuditError (2) with the nearest name."""
        if name not in self.reports:
            problem = sentence(with_nearest(f"{self.path} has no report {name!r}", name, self.reports))
            raise AuditError(USAGE, f"{problem} It has: {', '.join(self.reports)}.")
        return self.reports[name]

    def today(self, now: datetime) -> date:
        """Return the day that it is in the plan's time zone."""
        return now.astimezone(self.zone).date()


def fill_dates(pattern: str, as_of: date, period: tuple[date | None, date | None]) -> str:
    """Put a report's dates into the path of its claims: `{as_of}`, `{period_from}`, `{period_to}`, as `{as_of:%Y%m}`.

    Raises ValueError where the path names another thing in braces.
    """
    dates = {"as_of": as_of, "period_from": period[0], "period_to": period[1]}
    names = {name: day for name, day in dates.items() if day is not None}
    try:
        return pattern.format_map(names)
    except (KeyError, ValueError, IndexError, AttributeError, TypeError) as error:
        raise ValueError(
            "may hold, in braces, only {as_of} and, of a report with a period, {period_from} and {period_to}, "
            "each with a date format if wanted, such as {period_to:%Y%m}"
        ) from error
