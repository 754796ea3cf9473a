"""What becomes of the rules' answers: in force, payer gates, and each dollar of a line once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from tests.independent.lines import Decision, Line
from tests.independent.plan import Override, Plan

RULES = (
    "incidental_injection_per_diem",
    "supply_with_per_diem",
    "flush_with_home_infusion",
    "iv_solution_with_drug_per_diem",
    "diluent_or_heparin_with_per_diem",
    "bundled_service_with_per_diem",
    "tpn_base_product",
    "tpn_high_concentration_amino_acid",
    "implanted_pump_daily_billing",
    "implanted_pump_outside_home",
    "pump_charges_off_refill_day",
    "clinic_refill_billed_twice",
    "per_diem_duplicate_day",
    "per_diem_units_exceed_days",
    "per_diem_exceeds_infusion_days",
    "per_diem_code_conflict",
    "concurrent_therapy_modifier",
    "per_diem_without_drug",
    "catheter_care_with_infusion",
    "self_administered_drug",
    "injectable_without_infusion_or_nurse",
    "excluded_route_drug",
    "per_diem_place_of_service",
    "per_diem_during_inpatient_stay",
    "multiple_initial_services",
    "nursing_add_on_without_visit",
    "invalid_code_on_service_date",
)
# Rules that came with the revision of April 2025; the others are as old as the policy's known history.
_LATER = frozenset({*RULES[8:12], RULES[14], *RULES[21:25]})
_KNOWN_SINCE, _REVISED_ON, _IN_FORCE_ON = date(2019, 3, 8), date(2025, 4, 11), date(2025, 7, 18)
NOTHING = Decimal("0.00")


def is_in_scope(line: Line) -> bool:
    """Tell whether the line of business is one that the audit speaks of."""
    words = line.line_of_business.split()
    return not line.line_of_business.startswith(("medicare", "medicaid")) and not {"medicare", "medicaid"} & set(words)


def believed(line: Line, decision: Decision) -> Decision:
    """Return a rule's answer, unless more was taken back on the line than was paid: nothing of it is overpaid."""
    is_left = line.paid >= NOTHING or decision.outcome not in ("overpayment", "review")
    return decision if is_left else decision._replace(outcome="excepted", amount=NOTHING)


def after_gates(line: Line, rule: str, decision: Decision, plan: Plan) -> Decision:
    """Return what is left of a rule's answer after its window, funding, other payers and the plan's overrides."""
    if line.first_day < (_REVISED_ON if rule in _LATER else _KNOWN_SINCE):
        return decision._replace(outcome="not_in_force", amount=NOTHING)
    is_softened = (
        line.first_day < _IN_FORCE_ON or line.funding not in ("", "insured") or line.other_payer_paid > NOTHING
    )
    actions = {override.action for override in plan.overrides if _is_of(override, line, rule)}
    if decision.outcome in ("overpayment", "review") and "exempt" in actions:
        return decision._replace(outcome="excepted", amount=NOTHING)
    if decision.outcome == "overpayment" and (is_softened or "review" in actions):
        return decision._replace(outcome="review")
    return decision


def _is_of(override: Override, line: Line, rule: str) -> bool:
    is_of_line = override.provider_id == line.provider_id and override.code in ("", line.code)
    return is_of_line and override.rule == rule and override.first_day <= line.first_day <= override.last_day


class Net(NamedTuple):
    """A line's dollars, each once, and the rules that they are credited to."""

    overpaid: Decimal
    review: Decimal
    overpaid_rule: str | None
    review_rule: str | None


def net_of(decisions: Mapping[str, Decision]) -> Net | None:
    """Return what the rules' answers on one line come to; nothing where none of them is a finding."""
    overpaid, overpaid_rule = _largest(decisions, "overpayment")
    review, review_rule = _largest(decisions, "review")
    if overpaid_rule is None and review_rule is None:
        return None
    return Net(overpaid, max(review - overpaid, NOTHING), overpaid_rule, review_rule)


def _largest(decisions: Mapping[str, Decision], outcome: str) -> tuple[Decimal, str | None]:
    """Of equal amounts the rule that comes first in the table of rules goes before the others."""
    amounts = {rule: found.amount for rule in RULES if (found := decisions.get(rule)) and found.outcome == outcome}
    rule = max(amounts, key=lambda name: amounts[name], default=None)
    return (amounts[rule], rule) if rule else (NOTHING, None)
