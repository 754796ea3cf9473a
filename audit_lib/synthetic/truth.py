"""What the policy makes of a decision that a scenario planted: in-force windows, payers, scope.

A scenario states what a rule decides on a line; when the service fell and who pays decide what is left of it.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

OVERPAYMENT = "overpayment"
REVIEW = "review"

# The 27 rules in the order of the catalogue, with the group whose in-force windows they follow.
RULE_GROUPS: dict[str, str] = {
    "incidental_injection_per_diem": "A",
    "supply_with_per_diem": "A",
    "flush_with_home_infusion": "A",
    "iv_solution_with_drug_per_diem": "A",
    "diluent_or_heparin_with_per_diem": "A",
    "bundled_service_with_per_diem": "A",
    "tpn_base_product": "A",
    "tpn_high_concentration_amino_acid": "A",
    "implanted_pump_daily_billing": "B",
    "implanted_pump_outside_home": "B",
    "pump_charges_off_refill_day": "B",
    "clinic_refill_billed_twice": "B",
    "per_diem_duplicate_day": "A",
    "per_diem_units_exceed_days": "A",
    "per_diem_exceeds_infusion_days": "B",
    "per_diem_code_conflict": "A",
    "concurrent_therapy_modifier": "A",
    "per_diem_without_drug": "A",
    "catheter_care_with_infusion": "A",
    "self_administered_drug": "A",
    "injectable_without_infusion_or_nurse": "A",
    "excluded_route_drug": "B",
    "per_diem_place_of_service": "B",
    "per_diem_during_inpatient_stay": "B",
    "multiple_initial_services": "B",
    "nursing_add_on_without_visit": "A",
    "invalid_code_on_service_date": "A",
}
RULE_ORDER: dict[str, int] = {rule: number for number, rule in enumerate(RULE_GROUPS)}

NOT_IN_FORCE_BEFORE: dict[str, date] = {"A": date(2019, 3, 8), "B": date(2025, 4, 11)}
TEXT_ON_FILE_FROM = date(2025, 7, 18)


@dataclass(frozen=True, slots=True)
class Terms:
    """Who pays for a member, as far as it changes what may be taken back."""

    line_of_business: str = "commercial"
    funding: str = "insured"
    is_secondary: bool = False

    @property
    def is_in_scope(self) -> bool:
        """Medicare and Medicaid lines support other lines but are never findings."""
        return not self.line_of_business.startswith(("medicare", "medicaid"))

    @property
    def downgrade(self) -> str:
        """Why an overpayment is only a review for this payer; empty where it is not."""
        if self.funding != "insured":
            return f"review only: {self.funding}"
        return "review only: another payer paid first" if self.is_secondary else ""


@dataclass(frozen=True, slots=True)
class TruthRow:
    """One finding that the audit must make."""

    rule: str
    outcome: str
    claim_id: str
    claim_line_number: int
    amount: Decimal
    note: str

    def values(self) -> dict[str, str]:
        """Return the row as text, as it is written."""
        return {
            "rule": self.rule,
            "outcome": self.outcome,
            "claim_id": self.claim_id,
            "claim_line_number": str(self.claim_line_number),
            "amount": str(self.amount),
            "note": self.note,
        }


def final_outcome(rule: str, outcome: str, note: str, from_date: date, terms: Terms) -> tuple[str, str] | None:
    """Return what becomes of a decided finding, with its note; None where nothing is left of it."""
    if not terms.is_in_scope or from_date < NOT_IN_FORCE_BEFORE[RULE_GROUPS[rule]]:
        return None
    if outcome == OVERPAYMENT and from_date < TEXT_ON_FILE_FROM:
        return REVIEW, f"{note}; review only: before 2025-07-18"
    if outcome == OVERPAYMENT and terms.downgrade:
        return REVIEW, f"{note}; {terms.downgrade}"
    return outcome, note
