"""What is known of an implanted pump: the days that show work on it, and the units that its daily billing may keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from operator import itemgetter

from tests.independent.lines import Line, Member
from tests.independent.lists import by_code

PUMP = "S9328"
_EVENTS = {code: frozenset(row["event"].split(";")) for code, row in by_code("pump_refill_codes").items()}
REFILLS = frozenset(code for code, events in _EVENTS.items() if events & {"refill", "cassette_refill"})
_WORK = REFILLS | {code for code, events in _EVENTS.items() if "reprogram" in events} | {"S5036"}
Unit = tuple[date, Line]


@dataclass(frozen=True)
class Run:
    """A provider's lines of daily billing whose days join, the earliest first, and the days that show work."""

    lines: tuple[Line, ...]
    event_days: tuple[date, ...]
    weak_days: frozenset[date]

    @cached_property
    def kept(self) -> dict[Unit, Decimal]:
        """The units that it may keep: one on each event day, then the earliest with what no event day used."""
        laid = {(day, line): units for line in self.lines for day, units in _laid_out(line).items()}
        # Sorting leaves the lines of one day as they are, the earliest first.
        by_day = sorted(laid, key=itemgetter(0))
        kept = dict.fromkeys(by_day, Decimal(0))
        room = Decimal(max(1, len(self.event_days)))
        for event_day in self.event_days:
            room -= _keep(Decimal(1), [unit for unit in by_day if unit[0] == event_day], laid, kept)
        _keep(room, by_day, laid, kept)
        return kept

    def kept_of(self, line: Line) -> dict[date, Decimal]:
        """Return what one of its lines keeps, by day."""
        return {day: units for (day, owner), units in self.kept.items() if owner is line and units > 0}


def events_on(member: Member, day: date) -> list[Line]:
    """Return the lines, of any provider, that show work on a pump that day."""
    return [line for line in member.allowed if day in line.days and (line.code in _WORK or line.is_rn_visit)]


def pump_lines(member: Member) -> list[Line]:
    """Return the member's lines of daily billing, the earliest first."""
    lines = [line for line in member.per_diems if line.code == PUMP]
    return sorted(lines, key=lambda line: (line.first_day, line.order))


def pump_runs(member: Member) -> Iterator[Run]:
    """Give the runs of every provider; what shows work is the member's, whoever did it."""
    lines = pump_lines(member)
    for provider_id in sorted({line.provider_id for line in lines}):
        for joined in _joined(line for line in lines if line.provider_id == provider_id):
            days = sorted(frozenset[date]().union(*(line.days for line in joined)))
            event_days = tuple(day for day in days if events_on(member, day))
            weak_days = frozenset(
                day for day in event_days if all(_is_weak(event, provider_id) for event in events_on(member, day))
            )
            yield Run(tuple(joined), event_days, weak_days)


def _joined(lines: Iterable[Line]) -> list[list[Line]]:
    """A line goes on with a run that it overlaps or that ended the day before."""
    runs: list[list[Line]] = []
    for line in lines:
        if runs and line.first_day <= max(other.last_day for other in runs[-1]) + timedelta(1):
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _is_weak(event: Line, provider_id: str) -> bool:
    """An event elsewhere, or a stranger's visit for whatever reason, does not show a refill at home."""
    is_elsewhere = not event.is_at("home", "missing")
    is_strange_visit = event.is_rn_visit and event.provider_id != provider_id and event.code != "99601"
    return is_elsewhere or is_strange_visit


def _laid_out(line: Line) -> dict[date, Decimal]:
    """One unit a day from the first day on, and on the last day whatever is left."""
    days = sorted(line.days)
    left = max(line.units or Decimal(0), Decimal(0))
    laid = {}
    for day in days:
        laid[day] = min(left, Decimal(1))
        left -= laid[day]
    laid[days[-1]] += left
    return laid


def _keep(room: Decimal, units: Sequence[Unit], laid: Mapping[Unit, Decimal], kept: dict[Unit, Decimal]) -> Decimal:
    """Keep what there is room for, the first units first, and return how much that was."""
    used = Decimal(0)
    for unit in units:
        more = min(room - used, laid[unit] - kept[unit])
        kept[unit] += more
        used += more
    return used
