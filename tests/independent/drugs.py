"""Rules 20 to 22: drugs that are no home infusion."""

from __future__ import annotations

from tests.independent.context import context
from tests.independent.lines import EXCEPTED, INFUSIONS, NOT_EVALUABLE, NURSING, PASS, Decision, Line, Member
from tests.independent.lists import TPN, by_code, codes_in

_INJECTABLES = by_code("injectable_drugs")
# The per diem of clotting factors stands in their list and is no drug.
_CLOTTING = {code: row for code, row in by_code("clotting_factors").items() if code != "S9345"}
_PAIRED = {code: codes_in(row["per_diem"]) for code, row in by_code("drug_per_diem_pairs").items()}
_ROUTES = {code: row["route"] for code, row in by_code("route_exclusions").items()}
_INITIAL = frozenset(code for code, row in by_code("initial_infusion_codes").items() if row["role"] == "initial")
_INSULINS = frozenset({"J1811", "J1812", "J1813", "J1814", "J1815", "J1817"})
_INJECTIONS = frozenset({"S9370", "S9372", "S9563"})
_EXCLUDED_ROUTES = ("oral", "inhaled", "topical", "osteoarthritis")


def self_administered_drug(member: Member) -> dict[Line, Decision]:
    """Claim back drugs that members inject themselves, save hemophilia products and insulin with its infusion."""
    return {line: _self_administered(member, line) for line in member.allowed if _is_self_administered(line)}


def _is_self_administered(line: Line) -> bool:
    said = _self_use(line)
    is_injected_by_member = said in ("yes", "yes_or_office") or (said == "if_SC" and "JB" in line.modifiers)
    return is_injected_by_member or line.code in _CLOTTING


def _self_use(line: Line) -> str:
    return _INJECTABLES.get(line.code, {}).get("self", "")


def _self_administered(member: Member, line: Line) -> Decision:
    around = context(member, line)
    exception = _CLOTTING.get(line.code, {}).get("exception", "")
    if member.is_visited(line) or around == "none":
        return PASS
    if around == "unknown":
        return NOT_EVALUABLE
    if exception in ("yes", "yes_by_wording"):
        return EXCEPTED
    if line.code in _INSULINS and member.beside(line, TPN | {"S9353"}, is_of_any_provider=True):
        return PASS
    is_paired = bool(member.beside(line, _INJECTIONS & _PAIRED.get(line.code, frozenset())))
    is_unclear = around == "supplier" or exception == "ambiguous" or _self_use(line) == "yes_or_office"
    return Decision("review" if is_paired or is_unclear else "overpayment", line.whole)


def injectable_without_infusion_or_nurse(member: Member) -> dict[Line, Decision]:
    """Claim back injected drugs on whose days nobody infused anything and no registered nurse came."""
    return {line: _injectable(member, line) for line in member.allowed if _is_tested_injection(line)}


def _is_tested_injection(line: Line) -> bool:
    row = _INJECTABLES.get(line.code)
    if row is None or _is_self_administered(line):
        return False
    routes = frozenset(row["route"].split(";"))
    is_exempt = row["never_flag"] or "SC_infusion" in routes or row["self"] in ("ndc_needed", "not_tested")
    is_injected = "IV" not in routes or "JB" in line.modifiers
    return is_injected and not is_exempt and not routes.isdisjoint({"SC", "IM"})


def _injectable(member: Member, line: Line) -> Decision:
    if member.is_visited(line) or member.beside(line, INFUSIONS, is_of_any_provider=True):
        return PASS
    around = context(member, line)
    same_days = [other for other in member.allowed if other.overlaps(line)]
    if around == "none" or any(other.code in _INITIAL for other in same_days):
        return PASS
    if around == "unknown":
        return NOT_EVALUABLE
    came_practical_nurse = any(NURSING.get(other.code, {}).get("role") == "lpn_visit" for other in same_days)
    is_lead = came_practical_nurse or around == "supplier"
    return Decision("review" if is_lead else "overpayment", line.whole)


def excluded_route_drug(member: Member) -> dict[Line, Decision]:
    """Claim back drugs taken by excluded routes, and nutrition given during dialysis."""
    return {
        line: _excluded_route(member, line)
        for line in member.allowed
        if _is_nutrition_in_dialysis(line) or _is_by_excluded_route(line)
    }


def _is_nutrition_in_dialysis(line: Line) -> bool:
    is_nutrition = line.code in TPN or "B4164" <= line.code <= "B5200"
    return is_nutrition and ("JE" in line.modifiers or line.is_at("65"))


def _is_by_excluded_route(line: Line) -> bool:
    route = _ROUTES.get(line.code, "")
    return route in _EXCLUDED_ROUTES or (route == "oral_if_modifier_BO" and "BO" in line.modifiers)


def _excluded_route(member: Member, line: Line) -> Decision:
    has_per_diem_on_claim = any(other.is_per_diem for other in member.claim_of(line))
    around = context(member, line)
    if _is_nutrition_in_dialysis(line) or has_per_diem_on_claim or around == "strong":
        return Decision("overpayment", line.whole)
    if around == "near":
        return Decision("review", line.whole)
    return NOT_EVALUABLE if around == "unknown" else PASS
