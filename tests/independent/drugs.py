"""Rules 20 to 22: drugs that are no home infusion."""

from __future__ import annotations

from tests.independent.context import context, per_diem_of_context
from tests.independent.lines import EXCEPTED, INFUSIONS, NOT_EVALUABLE, NURSING, PASS, Decision, Line, Member, first_of
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
    """Claim back drugs that members inject themselves, save hemophilia products and insulin with its infusion.

    The rule says what shows it: the per diem for the injection, else that of the context. Of several of the first kind
    the audit takes the first in the order of lines, and names the same where the line is in order.
    """
    return {
        line: _self_administered(member, line)._replace(
            proof=first_of(_paired_injections(member, line)) or per_diem_of_context(member, line)
        )
        for line in member.allowed
        if _is_self_administered(line)
    }


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
    is_paired = bool(_paired_injections(member, line))
    is_unclear = around == "supplier" or exception == "ambiguous" or _self_use(line) == "yes_or_office"
    return Decision("review" if is_paired or is_unclear else "overpayment", line.whole)


def _paired_injections(member: Member, line: Line) -> list[Line]:
    return member.beside(line, _INJECTIONS & _PAIRED.get(line.code, frozenset()))


def injectable_without_infusion_or_nurse(member: Member) -> dict[Line, Decision]:
    """Claim back injected drugs on whose days nobody infused anything and no registered nurse came.

    The rule says what is named: the infusion, else the per diem of the context. Of several infusions a case has the one
    paid first; what a nurse puts in order names the same, on which the text is silent.
    """
    return {
        line: _injectable(member, line)._replace(
            proof=first_of(_infusions_beside(member, line)) or per_diem_of_context(member, line)
        )
        for line in member.allowed
        if _is_tested_injection(line)
    }


def _is_tested_injection(line: Line) -> bool:
    row = _INJECTABLES.get(line.code)
    if row is None or _is_self_administered(line):
        return False
    routes = frozenset(row["route"].split(";"))
    is_exempt = row["never_flag"] or "SC_infusion" in routes or row["self"] in ("ndc_needed", "not_tested")
    is_injected = "IV" not in routes or "JB" in line.modifiers
    return is_injected and not is_exempt and not routes.isdisjoint({"SC", "IM"})


def _injectable(member: Member, line: Line) -> Decision:
    around = context(member, line)
    if member.is_visited(line) or _infusions_beside(member, line) or around == "none":
        return PASS
    if around == "unknown":
        return NOT_EVALUABLE
    same_days = [other for other in member.allowed if other.overlaps(line)]
    came_practical_nurse = any(NURSING.get(other.code, {}).get("role") == "lpn_visit" for other in same_days)
    is_lead = came_practical_nurse or around == "supplier"
    return Decision("review" if is_lead else "overpayment", line.whole)


def _infusions_beside(member: Member, line: Line) -> list[Line]:
    initial = [other for other in member.allowed if other.code in _INITIAL and other.overlaps(line)]
    return member.beside(line, INFUSIONS, is_of_any_provider=True) + initial


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
    """Cases name the per diem of a strong context, else the first on its claim, else one near; dialysis needs none."""
    if _is_nutrition_in_dialysis(line):
        return Decision("overpayment", line.whole)
    on_claim = first_of(other for other in member.claim_of(line) if other.is_per_diem)
    around, of_context = context(member, line), per_diem_of_context(member, line)
    if around == "strong" or on_claim:
        return Decision("overpayment", line.whole, of_context if around == "strong" else on_claim)
    if around == "near":
        return Decision("review", line.whole, of_context)
    return NOT_EVALUABLE if around == "unknown" else PASS
