"""How long finished runs are kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from audit_lib.schedule.periods import add_months

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


@dataclass(frozen=True)
class Keeping:
    """How long runs are kept, counted from the day that they were made."""

    number: int
    unit: str

    def __str__(self) -> str:
        return f"{self.number} {self.unit}" + ("s" if self.number > 1 else "")

    def first_kept(self, today: date) -> date:
        """Return the first day of making whose runs are kept."""
        if self.unit in _DAYS:
            return today - timedelta(days=self.number * _DAYS[self.unit])
        return add_months(today, -self.number * _MONTHS[self.unit])


def parse_keeping(value: object) -> Keeping | None:
    """Read how long runs are kept, such as `13 months`; nothing keeps all. Raises ValueError saying what is allowed."""
    if value is None or isinstance(value, Keeping):
        return value
    found = re.fullmatch(r"([1-9]\d{0,2}) (day|week|month|year)s?", value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("must be a period such as 90 days, 8 weeks, 13 months or 7 years; leave it out to keep all")
    return Keeping(int(found[1]), found[2])
