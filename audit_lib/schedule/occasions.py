"""When a report is due: the days of the calendar that a due rule names, and the instant of each."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from audit_lib.names import with_nearest
from audit_lib.schedule.periods import add_months

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Due(BaseModel):
    """A due rule: on which days, and at which hour of the plan's time zone."""

    model_config = ConfigDict(extra="forbid")
    every: Literal["day", "week", "month", "quarter"]
    day: int | str | None = None
    hour: int = Field(default=6, ge=0, le=23)

    @model_validator(mode="after")
    def _day_fits(self) -> Self:
        if self.day is None:
            return self
        if self.every == "day":
            raise ValueError("with every: day there is no day to name; leave the key day out")
        if self.every == "week" and self.day not in WEEKDAYS:
            raise ValueError(
                with_nearest(f"the day of a week is one of {', '.join(WEEKDAYS)}", str(self.day), WEEKDAYS)
            )
        if self.every in {"month", "quarter"} and self.day != "last" and self.day not in range(1, 32):
            raise ValueError(f"the day of a {self.every} is a number from 1 to 31, or last")
        return self


@dataclass(frozen=True)
class Occasion:
    """One time that a report is due: the day that it is as of, and the instant from which it may be made."""

    as_of: date
    due_at: datetime


def occasions_until(due: Due, zone: ZoneInfo, now: datetime) -> Iterator[Occasion]:
    """Yield what has come due until `now`, the latest first, without end.

    An hour that summer time skips counts as the hour after it; of an hour that comes twice, the first counts.
    """
    day = now.astimezone(zone).date() + timedelta(days=1)
    while day.year > 1900:
        day = _day_before(due, day)
        occasion = Occasion(day, due_instant(due, zone, day))
        if occasion.due_at <= now:
            yield occasion


def next_occasion(due: Due, zone: ZoneInfo, now: datetime) -> Occasion:
    """Return what comes due next after `now`."""
    day = now.astimezone(zone).date() + timedelta(days=190)
    while True:
        before = _day_before(due, day)
        if due_instant(due, zone, before) <= now:
            return Occasion(day, due_instant(due, zone, day))
        day = before


def due_instant(due: Due, zone: ZoneInfo, day: date) -> datetime:
    """Return the instant, in UTC, at which the report as of `day` comes due."""
    return datetime.combine(day, time(due.hour), zone).astimezone(UTC)


def _day_before(due: Due, day: date) -> date:
    """Return the last day before `day` that the rule names."""
    if due.every == "day":
        return day - timedelta(days=1)
    if due.every == "week":
        weekday = WEEKDAYS.index(str(due.day or "monday"))
        return day - timedelta(days=(day.weekday() - weekday - 1) % 7 + 1)
    step = 3 if due.every == "quarter" else 1
    start = day.replace(day=1, month=day.month - (day.month - 1) % step)
    found = _day_of(start, due.day, step)
    return found if found < day else _day_of(add_months(start, -step), due.day, step)


def _day_of(start: date, day: int | str | None, months: int) -> date:
    """Return the named day of the month or quarter that begins at `start`; a month that is too short gives its last."""
    if day == "last":
        return add_months(start, months) - timedelta(days=1)
    return start.replace(day=min(int(day or 1), calendar.monthrange(start.year, start.month)[1]))
