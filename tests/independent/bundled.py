"""Rules 1 to 6: what the payment of a per diem already holds."""

from __future__ import annotations

from tests.independent.context import (
    TELLING,
    UPKEEP,
    context,
    could_be_at_home,
    decided,
    diagnoses_of_claim,
    has_diagnosis,
    is_member_owned,
    most_covering,
    per_diem_of_context,
)
from tests.independent.lines import EXCEPTED, INFUSIONS, NOT_EVALUABLE, PASS, PER_DIEMS, Decision, Key, Line, Member
from tests.independent.lists import FACILITIES, HYDRATION, INCIDENTAL, TPN, by_code, codes_in
from tests.independent.products import is_flush_product

_IMPLANTED_PUMP = "S9328"
# Supplies that other rules decide: flushes, sterile water, and what belongs to parenteral nutrition.
_OF_OTHER_RULES = frozenset(
    {"J1642", "A4216", "A4218", "A4217", "B4220", "B4222", "B4224", "B9004", "B9006", "B9999"},
)
_SUPPLIES = {code: row for code, row in by_code("supply_codes").items() if code not in _OF_OTHER_RULES}
# What the policy prints as a range, read to the letter.
_PRINTED_SUPPLIES = frozenset(code for code in _SUPPLIES if "A4206" <= code <= "A8004")
_NEEDLES = frozenset({"A4206", "A4207", "A4208", "A4209", "A4211", "A4213", "A4215"})
_INJECTIONS = frozenset({"S9370", "S9372", "S9563"})
_CATHETER_CARE = frozenset(code for code, row in PER_DIEMS.items() if row["family"] == "catheter_care")
_ONLY_WHERE_NAMED = frozenset(
    code for code, row in PER_DIEMS.items() if row["family"] in ("enteral", "dialysis", "irrigation")
)
_FLUSHES = frozenset({"J1642", "A4216", "A4218"})
_PRINTED_SOLUTIONS = frozenset({"J7030", "J7040", "J7042", "J7050", "J7060"})
_OTHER_SOLUTIONS = frozenset({"J7070", "J7120", "J7121", "S5010", "S5012", "S5013", "S5014"})
_FLUID_LOSS = ("E86", "E87", "R11", "O21", "K912", "K9082", "A08", "A09")
# Of each diluent the per diems that include it, and those whose presence explains it.
_DILUENTS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "S0155": (frozenset({"S9347"}), frozenset()),
    "A4217": (INFUSIONS, frozenset()),
    "J1644": (INFUSIONS - TPN, frozenset({"S9336", "S9372"})),
}
_OF_A_FLUSH_PRODUCT = (INFUSIONS, TPN | HYDRATION)
_INCLUDED = {code: row for code, row in by_code("per_diem_included_services").items() if code != "S0155"}


def incidental_injection_per_diem(member: Member) -> dict[Line, Decision]:
    """Claim back every injection per diem that is incidental to other care."""
    return {line: Decision("overpayment", line.whole) for line in member.allowed if line.code in INCIDENTAL}


def supply_with_per_diem(member: Member) -> dict[Line, Decision]:
    """Claim back supplies and equipment on days whose per diem holds them, as surely as their tier allows."""
    return {
        line: _supply(member, line)._replace(proof=_proof_of_supply(member, line))
        for line in member.allowed
        if line.code in _SUPPLIES
    }


def _supply(member: Member, line: Line) -> Decision:
    tier = _SUPPLIES[line.code]["tier"]
    if tier == "EXEMPT":
        return EXCEPTED
    if line.place in FACILITIES:
        return PASS
    bundling = member.beside(line, _bundling_codes(line.code))
    if bundling:
        named = _named_codes(line.code)
        per_diems = [per_diem for per_diem in bundling if not named or per_diem.code in named]
        outcome = _beside_own_per_diem(tier, line, per_diems)
        if outcome == "excepted" and member.plan.is_supply_range_literal and line.code in _PRINTED_SUPPLIES:
            outcome, per_diems = "review", per_diems or bundling
    else:
        # None of these is of the line's own provider, or it would bundle.
        per_diems = member.beside(line, INFUSIONS, is_of_any_provider=True)
        outcome = "review" if tier == "T1" and per_diems else "pass"
    if outcome == "overpayment" and _has_only_implanted_pump(bundling):
        outcome = "review"
    if outcome in ("overpayment", "review") and is_member_owned(member, line):
        return EXCEPTED
    return decided(outcome, line, per_diems)


def _named_codes(code: str) -> frozenset[str]:
    """Return the per diems to which a supply belongs, where the list names any; TC tiers name theirs."""
    return codes_in(_SUPPLIES[code]["with"]) | codes_in(_SUPPLIES[code]["tier"])


def _bundling_codes(code: str) -> frozenset[str]:
    of_every_supply = INFUSIONS | _CATHETER_CARE
    of_needles = _INJECTIONS if code in _NEEDLES else frozenset[str]()
    return of_every_supply | of_needles | (_named_codes(code) & _ONLY_WHERE_NAMED)


def _beside_own_per_diem(tier: str, line: Line, per_diems: list[Line]) -> str:
    """Return the outcome beside the per diems that bundle a supply; none where the named ones are missing."""
    if not could_be_at_home(line):
        return "review" if tier == "T1" else "pass"
    if tier in ("T2", "NEVER"):
        is_on_claim = any(per_diem.claim_id == line.claim_id for per_diem in per_diems)
        return "overpayment" if is_on_claim else "review"
    if tier.startswith("TC:"):
        return "overpayment" if per_diems else "excepted"
    if tier == "T1I":
        return "review" if line.is_at("suite") else "overpayment"
    if tier in ("T1U", "T2U"):
        return "review" if per_diems else "pass"
    if tier == "TI":
        return "review" if line.is_at("home") else "pass"
    return {"T1": "overpayment", "T3": "excepted", "TX": "pass"}[tier]


def _proof_of_supply(member: Member, line: Line) -> Key | None:
    """Return the per diem of its own therapy, else the provider's, else another provider's, whatever the answer.

    Beyond the contract (most covered days, then the order of lines) the cases name what makes it an overpayment: an
    implanted pump's only where it stands alone, whatever its days, and of equal days that on the supply's claim where
    the tier asks for one there.
    """
    bundling = member.beside(line, _bundling_codes(line.code))
    of_therapy = [per_diem for per_diem in bundling if per_diem.code in _named_codes(line.code)]
    counted = of_therapy or bundling or member.beside(line, INFUSIONS, is_of_any_provider=True)
    is_claim_asked_for = _SUPPLIES[line.code]["tier"] in ("T2", "NEVER")
    named = min(
        _rather_no_implanted_pump(counted),
        key=lambda per_diem: (
            -len(line.days & per_diem.days),
            is_claim_asked_for and per_diem.claim_id != line.claim_id,
            per_diem.order,
        ),
        default=None,
    )
    return named.key if named else None


def _rather_no_implanted_pump(per_diems: list[Line]) -> list[Line]:
    return [per_diem for per_diem in per_diems if per_diem.code != _IMPLANTED_PUMP] or per_diems


def _has_only_implanted_pump(per_diems: list[Line]) -> bool:
    return bool(per_diems) and all(per_diem.code == _IMPLANTED_PUMP for per_diem in per_diems)


def flush_with_home_infusion(member: Member) -> dict[Line, Decision]:
    """Claim back flushes beside home infusion; near it they are a lead."""
    return {line: _flush(member, line) for line in member.allowed if line.code in _FLUSHES}


def _flush(member: Member, line: Line) -> Decision:
    around = context(member, line)
    if around == "strong":
        return decided("overpayment", line, member.beside(line, TELLING))
    if around == "near":
        return Decision("review", line.whole, per_diem_of_context(member, line))
    return NOT_EVALUABLE if around == "unknown" else PASS


def iv_solution_with_drug_per_diem(member: Member) -> dict[Line, Decision]:
    """Claim back carrier solutions on days of a drug's per diem, unless the member may have needed the fluid."""
    considered = _PRINTED_SOLUTIONS | _OTHER_SOLUTIONS
    return {line: _solution(member, line) for line in member.allowed if line.code in considered}


def _solution(member: Member, line: Line) -> Decision:
    per_diems, hydrations = member.beside(line, INFUSIONS), member.beside(line, HYDRATION)
    if not could_be_at_home(line) or not per_diems:
        return PASS
    if hydrations:
        return decided("pass", line, hydrations)
    may_be_hydration = has_diagnosis(member, line, _FLUID_LOSS) or not diagnoses_of_claim(member, line)
    is_lead = may_be_hydration or line.code in _OTHER_SOLUTIONS
    return decided("review" if is_lead else "overpayment", line, per_diems)


def diluent_or_heparin_with_per_diem(member: Member) -> dict[Line, Decision]:
    """Claim back diluents and flush products on infusion days; plain heparin is a lead only."""
    return {line: _diluent(member, line) for line in member.allowed if line.code in _DILUENTS or is_flush_product(line)}


def _diluent(member: Member, line: Line) -> Decision:
    including, explaining = _DILUENTS.get(line.code, _OF_A_FLUSH_PRODUCT)
    per_diems = member.beside(line, including)
    if not could_be_at_home(line) or not per_diems or member.beside(line, explaining):
        return PASS
    return decided("review" if line.code == "J1644" else "overpayment", line, per_diems)


def bundled_service_with_per_diem(member: Member) -> dict[Line, Decision]:
    """Claim back services that a per diem pays for, save the upkeep of what the member owns."""
    return {line: _service(member, line) for line in member.allowed if line.code in _INCLUDED}


def _service(member: Member, line: Line) -> Decision:
    is_pharmacy_time = line.code == "S9810"
    per_diems = member.beside(line, PER_DIEMS, is_of_any_provider=is_pharmacy_time)
    if not per_diems or not (could_be_at_home(line) or is_pharmacy_time):
        return PASS
    outcome = "overpayment" if _INCLUDED[line.code]["strength"] == "hard" else "review"
    if line.code in UPKEEP and (is_member_owned(member, line) or _has_only_implanted_pump(per_diems)):
        outcome = "excepted"
    # The contract names that of most covered days. A case has an implanted pump's come last, which includes no upkeep.
    shown_by = _rather_no_implanted_pump(per_diems) if line.code in UPKEEP else per_diems
    return decided(outcome, line, per_diems)._replace(proof=most_covering(line, shown_by))
