"""Rules 7 and 8: what belongs to parenteral nutrition, and what is billed beside it."""

from __future__ import annotations

from tests.independent.context import could_be_at_home, decided, has_diagnosis
from tests.independent.lines import PASS, Decision, Line, Member
from tests.independent.lists import HYDRATION, TPN, by_code
from tests.independent.products import tpn_product

# Flushes and heparin have rules of their own.
_CODES = {code: row for code, row in by_code("tpn_codes").items() if code not in ("J1642", "A4216", "A4217", "J1644")}
_OUTCOMES = {
    "included": "overpayment",
    "supply_included": "overpayment",
    "equipment_included": "overpayment",
    "included_unless_specialty_ndc": "overpayment",
    "included_by_class": "review",
    "review": "review",
    "AMBIGUOUS": "review",
    "unstated": "review",
    "unstated_treat_as_review": "review",
    "separate": "excepted",
    "separate_by_class": "excepted",
    "separate_if_fluid_restricted": "excepted",
    "ndc_needed": "not_evaluable",
}
# Electrolytes that another therapy of the same days may need.
_OTHER_USES = {"J3480": HYDRATION, "J3475": HYDRATION | {"S9349"}}
# Failure of heart, kidney or liver, and prematurity: members who may take little fluid.
_LITTLE_FLUID = ("I50", "N17", "N18", "N19", "K72", "K74", "P07")


def tpn_base_product(member: Member) -> dict[Line, Decision]:
    """Claim back what a nutrition per diem includes, by the line's product or else by its code."""
    return {line: _base_product(member, line) for line in member.allowed if line.code in _CODES}


def _base_product(member: Member, line: Line) -> Decision:
    per_diems = _nutrition(member, line)
    if not per_diems:
        return PASS
    outcome = _OUTCOMES[(tpn_product(line) or _CODES[line.code])["policy"]]
    if outcome == "overpayment" and member.beside(line, _OTHER_USES.get(line.code, ())):
        outcome = "review"
    return decided(outcome, line, per_diems)


def _nutrition(member: Member, line: Line) -> list[Line]:
    return member.beside(line, TPN) if could_be_at_home(line) else []


def tpn_high_concentration_amino_acid(member: Member) -> dict[Line, Decision]:
    """Question strong amino acids beside nutrition, unless a diagnosis tells why the member takes little fluid."""
    return {
        line: _high_concentration(member, line)
        for line in member.allowed
        if line.code in _CODES and _nutrition(member, line) and (tpn_product(line) or {}).get("class") == "aa_ge15"
    }


def _high_concentration(member: Member, line: Line) -> Decision:
    outcome = "excepted" if has_diagnosis(member, line, _LITTLE_FLUID) else "review"
    return decided(outcome, line, _nutrition(member, line))
