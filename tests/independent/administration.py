"""Rules 25 and 26: first services billed more than once, and nursing without the visit that it adds to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from tests.independent.lines import NOT_EVALUABLE, NURSING, PASS, Decision, Key, Line, Member, first_of
from tests.independent.lists import by_code
from tests.independent.units import paid_for

_INITIAL = {code: row for code, row in by_code("initial_infusion_codes").items() if row["role"] == "initial"}
_SEPARATE = frozenset({"59", "XE", "XS", "XP", "XU"})
_VISIT, _FURTHER_HOUR = "99601", "99602"
_BY_THE_HOUR = frozenset({"S9123", "S9124"})
_PROFESSIONAL = frozenset({"G0068", "G0069", "G0070", "G0088", "G0089", "G0090"})


def multiple_initial_services(member: Member) -> dict[Line, Decision]:
    """Rule 25: a provider has one first service a day, and one more for each that is marked as separate."""
    groups: dict[tuple[str, date, str], list[Line]] = defaultdict(list)
    for line in member.allowed:
        if line.code in _INITIAL:
            groups[line.provider_id, line.first_day, line.claim_type].append(line)
    return {line: decision for group in groups.values() for line, decision in _of_one_day(group).items()}


def _of_one_day(group: Sequence[Line]) -> dict[Line, Decision]:
    """The first service that is kept shows that a later one is too many; what it has too much itself no line shows.

    Where others are kept too, one that is marked as separate does not show it: it comes on top of what is allowed.
    """
    allowed = Decimal(1 + sum(_is_separate(line) for line in group))
    used = Decimal(0)
    kept_lines: list[Line] = []
    decisions = {}
    for line in sorted(group, key=_precedence):
        units = Decimal(1) if line.units is None else max(line.units, Decimal(0))
        before, used = used, min(used + units, allowed)
        kept = used - before
        # Two separate sites are imaginable, a third is not.
        doubtful = used - max(before, Decimal(2))
        if kept < units:
            decisions[line] = Decision("overpayment", paid_for(line, units - kept), _shown_by(line, kept, kept_lines))
        elif doubtful > 0:
            decisions[line] = Decision("review", paid_for(line, doubtful), kept_lines[0].key if kept_lines else None)
        else:
            decisions[line] = PASS
        if kept > 0:
            kept_lines.append(line)
    return decisions


def _shown_by(line: Line, kept: Decimal, kept_before: Sequence[Line]) -> Key | None:
    unmarked = [other for other in kept_before if not _is_separate(other)]
    if unmarked:
        return unmarked[0].key
    is_first_unmarked = kept > 0 and not _is_separate(line)
    return None if is_first_unmarked or not kept_before else kept_before[0].key


def _is_separate(line: Line) -> bool:
    return not line.modifiers.isdisjoint(_SEPARATE)


def _precedence(line: Line) -> tuple[bool, int, Decimal, tuple[date, str, int]]:
    """Marked lines go first; a hospital ranks its services, whatever they were paid."""
    rank = int(_INITIAL[line.code]["rank"]) if line.claim_type == "institutional" else 0
    return not _is_separate(line), rank, -line.paid, line.order


def nursing_add_on_without_visit(member: Member) -> dict[Line, Decision]:
    """Rule 26: further hours need a visit; nursing of another kind does not go beside one."""
    considered = _PROFESSIONAL | _BY_THE_HOUR | {_VISIT, _FURTHER_HOUR}
    return {line: _nursing(member, line) for line in member.allowed if line.code in considered}


def _nursing(member: Member, line: Line) -> Decision:
    """Which of several visits to name the text leaves open; the audit takes the first in the order of lines."""
    if line.code == _FURTHER_HOUR:
        visit = _first_beside(member, line, {_VISIT})
        if visit:
            return Decision("pass", proof=visit)
        return NOT_EVALUABLE if _may_be_of_a_visit(member, line) else Decision("overpayment", line.whole)
    if line.code in _BY_THE_HOUR:
        visit = _first_beside(member, line, {_VISIT, _FURTHER_HOUR})
        return Decision("overpayment", line.whole, visit) if visit else PASS
    if line.code in _PROFESSIONAL:
        visit = _first_beside(member, line, {_VISIT, *_of_other_category(line)})
        return Decision("review", line.whole, visit) if visit else PASS
    return PASS


def _may_be_of_a_visit(member: Member, line: Line) -> bool:
    """First hours of the day where one of the two names no provider: they may be one visit."""
    visits = [other for other in member.allowed if other.code == _VISIT and other.overlaps(line)]
    return any(not (visit.has_provider and line.has_provider) for visit in visits)


def _of_other_category(line: Line) -> frozenset[str]:
    return frozenset(code for code in _PROFESSIONAL if NURSING[code]["category"] != NURSING[line.code]["category"])


def _first_beside(member: Member, line: Line, codes: Collection[str]) -> Key | None:
    return first_of(
        other
        for other in member.allowed
        if other.code in codes and other.provider_id == line.provider_id and other.overlaps(line)
    )
