"""What stands around a line: its context of infusion care, who owns the pump, the diagnoses of its claim."""

from __future__ import annotations

from collections.abc import Collection

from tests.independent.lines import INFUSIONS, PER_DIEMS, Decision, Line, Member, covered

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
    if line.is_at("home", "suite") and _is_near_a_per_diem(member, line):
        return "near"
    if could_be_at_home(line) and line.provider_id in member.suppliers:
        return "unknown" if line.is_at("missing") else "supplier"
    return "none"


def _is_near_a_per_diem(member: Member, line: Line) -> bool:
    return any(
        other.code in TELLING and other.provider_id == line.provider_id and _days_between(line, other) <= 90
        for other in member.per_diems
        if other is not line
    )


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
    """Return an outcome, and where it carries dollars the line's share of the days that per diems cover."""
    if outcome in ("overpayment", "review"):
        return Decision(outcome, line.share(covered(line, per_diems)))
    return Decision(outcome)
