"""Rules 16 and 17: per diems of one provider that exclude each other, or that need a modifier beside each other."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.independent.lines import INFUSIONS, PASS, PER_DIEMS, Decision, Line, Member, cents, covered, first_of
from tests.independent.lists import codes_in
from tests.independent.per_diems import Found, duplicated, is_drug, slot
from tests.independent.plan import Plan
from tests.independent.pump_units import PUMP

# An unspecific code and the specific ones that leave no room for it.
_UNSPECIFIC = {
    "S9325": codes_in("S9326-S9328"),
    "S9329": codes_in("S9330-S9331"),
    "S9364": codes_in("S9365-S9368"),
    "S9373": codes_in("S9374-S9377"),
    "S9494": codes_in("S9497-S9504"),
}
_DOUBTFUL = {"S9340": codes_in("S9341-S9343"), "S5497": frozenset({"S5498", "S5501", "S5502"})}
_BANDS = (_UNSPECIFIC["S9364"], _UNSPECIFIC["S9373"])
_ANTICOAGULANT, _HEPARIN_FLUSH = "S9372", "J1642"
# A modifier that a line lacks on a day, and the therapy beside which it does.
Lack = tuple[str, Line]
_CONSIDERED = frozenset({_ANTICOAGULANT, *_UNSPECIFIC, *_DOUBTFUL}).union(*_UNSPECIFIC.values(), *_DOUBTFUL.values())


def per_diem_code_conflict(member: Member) -> dict[Line, Decision]:
    """Rule 16: of codes that exclude each other the unspecific one, or the lesser volume, is not payable."""
    return {
        line: Decision(outcome, line.share(days), proof) for line, (outcome, days, proof) in conflicting(member).items()
    }


def conflicting(member: Member) -> dict[Line, Found]:
    """Return what rule 16 says of each line that it considers, and of which days."""
    return {line: _conflicting(member, line) for line in member.per_diems if line.code in _CONSIDERED}


def _conflicting(member: Member, line: Line) -> Found:
    """Cases name of several flushes the first line of the claim, of several codes the first in the order of lines."""
    flushes = _flushes_alone(member, line) if line.code == _ANTICOAGULANT else []
    if flushes:
        return "review", line.days, min(flush.key for flush in flushes)
    others: dict[str, list[Line]] = {"overpayment": [], "review": [], "": []}
    for other in member.beside(line, PER_DIEMS):
        others[_conflict(line, other)].append(other)
    outcome = next((outcome for outcome in ("overpayment", "review") if others[outcome]), "pass")
    found = others.get(outcome, [])
    return outcome, covered(line, found), first_of(found)


def _flushes_alone(member: Member, line: Line) -> list[Line]:
    """Return the heparin flushes that stand beside it on its claim, if no drug does that they could be for."""
    beside = [other for other in member.claim_of(line) if other.overlaps(line)]
    if any(is_drug(other) for other in beside):
        return []
    return [other for other in beside if other.is_allowed and other.code == _HEPARIN_FLUSH]


def _conflict(line: Line, other: Line) -> str:
    """Return what another line makes of a line: an outcome, or '' where both may stand."""
    if other.code in _DOUBTFUL.get(line.code, ()):
        return "review"
    is_lesser = any(line.code in band and other.code in band for band in _BANDS) and _is_lesser(line, other)
    if other.code not in _UNSPECIFIC.get(line.code, ()) and not is_lesser:
        return ""
    return "review" if _hands_over(line, other) or _hands_over(other, line) else "overpayment"


def _is_lesser(line: Line, other: Line) -> bool:
    return line.code != other.code and _is_better_paid(other, line)


def _is_better_paid(line: Line, other: Line) -> bool:
    """Tell whether a line is paid more a day, or as much and stands before the other."""
    return (-line.paid_per_day, line.order) < (-other.paid_per_day, other.order)


def _hands_over(line: Line, other: Line) -> bool:
    """Tell whether the last day of several is the first of another line, so that they share no more than it."""
    return len(line.days) > 1 and line.last_day == other.first_day


def concurrent_therapy_modifier(member: Member) -> dict[Line, Decision]:
    """Rule 17: of a provider's infusions on one day only the best paid goes bare, and one as the second."""
    found = (duplicated(member), conflicting(member))
    # What rules 13 and 16 already say of a day leaves no therapy there that a modifier could be missing on.
    days = {
        line: line.days.difference(*(known[line][1] for known in found if line in known))
        for line in member.per_diems
        if line.code in INFUSIONS - {PUMP}
    }
    decisions = {}
    for line, own_days in days.items():
        of_provider = [other for other in days if other.provider_id == line.provider_id]
        lacking = [
            _lacking(line, _therapies_on(day, [other for other in of_provider if day in days[other]]))
            for day in own_days
        ]
        decisions[line] = _beyond_first_therapy(line, [lack for lack in lacking if lack], member.plan)
    return decisions


def _beyond_first_therapy(line: Line, lacking: Sequence[Lack], plan: Plan) -> Decision:
    """Return a lead on the days that lack a modifier, or what a contract does not pay for them.

    Where days have different therapies to show it the text leaves it open; the audit names the first of these lines in
    the order of lines.
    """
    if not lacking:
        return PASS
    proof = first_of(best for _, best in lacking)
    if not plan.contract_factors:
        return Decision("review", cents(Fraction(line.whole) * len(lacking) / len(line.days)), proof)
    unpaid = sum((1 - plan.contract_factors[modifier] for modifier, _ in lacking), Decimal(0))
    return Decision("overpayment", cents(Fraction(line.whole) * Fraction(unpaid) / len(line.days)), proof)


def _therapies_on(day: date, lines: Sequence[Line]) -> list[Line]:
    """Of lines that all have a day: without the spans that end on it, where another span begins."""
    spans = [line for line in lines if len(line.days) > 1]
    is_handed_over = any(line.first_day == day for line in spans)
    return [line for line in lines if not (is_handed_over and line in spans and line.last_day == day)]


def _lacking(line: Line, therapies: Collection[Line]) -> Lack | None:
    """Return what a line lacks on a day, and the best paid therapy of the same place, which needs nothing."""
    if slot(line) == "SJ" or line not in therapies:
        return None
    better = [other for other in therapies if slot(other) == slot(line) and _is_better_paid(other, line)]
    if not better:
        return None
    has_second = any(slot(other) == "SH" for other in therapies)
    best = next(other for other in better if not any(_is_better_paid(rival, other) for rival in better))
    return ("SJ" if has_second or len(better) > 1 else "SH"), best
