"""What stands around a line: its context of infusion care, who owns the pump, the diagnoses of its claim."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from tests.independent.lines import INFUSIONS, PER_DIEMS, Decision, Key, Line, Member, covered

_TELLING_FAMILIES = ("catheter_care", "enteral", "irrigation", "dialysis", "transfusion")
# The per diems that make a context.
TELLING = INFUSIONS | {code for code, row in PER_DIEMS.items() if row["family"] in _TELLING_FAMILIES}
UPKEEP = frozenset({"S5035", "S5036", "K0739"})
_PUMPS = frozenset({*(f"E0{number}" for number in range(779, 792)), "K0455"})
_BATTERIES = frozenset({"K0601", "K0602", "K0603", "K0604", "K0605", "A4602"})


def could_be_at_home(line: Line) -> bool:
    """Tell whether a line stands at a home place, at the suite or at no stated place."""
    return line.is_at("home", "suite", "missing")


def context(member: Member, line: Line) -> str:
    """Return how much speaks for home infusion: strong, near, supplier, unknown or none."""
    if could_be_at_home(line) and member.beside(line, TELLING):
        return "strong"
    if line.is_at("home", "suite") and _near_per_diems(member, line):
        return "near"
    if could_be_at_home(line) and line.provider_id in member.suppliers:
        return "unknown" if line.is_at("missing") else "supplier"
    return "none"


def per_diem_of_context(member: Member, line: Line) -> Key | None:
    """Return what shows a strong or a near context: the per diem of most common days, else the nearest.

    Rule 20's text says so; of equal ones the first in the order of lines, as its cases have it.
    """
    around = context(member, line)
    if around == "strong":
        return most_covering(line, member.beside(line, TELLING))
    if around == "near":
        return min(_near_per_diems(member, line), key=lambda other: (_days_between(line, other), other.order)).key
    return None


def most_covering(line: Line, per_diems: Collection[Line]) -> Key | None:
    """Return the per diem to name, as the contract has it: that of most covered days, then the first in order."""
    by_days = sorted(per_diems, key=lambda per_diem: (-len(line.days & per_diem.days), per_diem.order))
    return by_days[0].key if by_days else None


def _near_per_diems(member: Member, line: Line) -> list[Line]:
    return [
        other
        for other in member.per_diems
        if other is not line
        and other.code in TELLING
        and other.provider_id == line.provider_id
        and _days_between(line, other) <= 90
    ]


def _days_between(line: Line, other: Line) -> int:
    return max((other.first_day - line.last_day).days, (line.first_day - other.last_day).days)


def is_member_owned(member: Member, line: Line) -> bool:
    """Tell whether a line says that its equipment is the member's, or earlier lines do."""
    return "RB" in line.modifiers or any(_shows_ownership(other, line) for other in member.allowed)


def _shows_ownership(other: Line, line: Line) -> bool:
    days_before = (line.first_day - other.first_day).days
    bought_a_pump = other.code in _PUMPS and not other.modifiers.isdisjoint({"NU", "UE"}) and days_before > 0
    if line.code in UPKEEP:
        # Whoever needs batteries for a pump owns one.
        return bought_a_pump or (other.code in _BATTERIES and 0 <= days_before <= 365)
    return bought_a_pump and other.code == line.code


def has_diagnosis(member: Member, line: Line, beginnings: tuple[str, ...]) -> bool:
    """Tell whether a diagnosis of a line's claim begins in one of some ways."""
    return any(diagnosis.startswith(beginnings) for diagnosis in diagnoses_of_claim(member, line))


def diagnoses_of_claim(member: Member, line: Line) -> frozenset[str]:
    """Return the diagnoses of all lines of a line's claim."""
    return frozenset[str]().union(*(other.diagnoses for other in member.claim_of(line)))


def decided(outcome: str, line: Line, per_diems: Collection[Line]) -> Decision:
    """Return an outcome, which of the per diems shows it, and where it carries dollars the share of days they cover."""
    share = line.share(covered(line, per_diems)) if outcome in ("overpayment", "review") else Decimal("0.00")
    return Decision(outcome, share, most_covering(line, per_diems))
