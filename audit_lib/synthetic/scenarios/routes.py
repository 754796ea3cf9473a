# ruff: noqa: D401 - the first line names what happened to the member
"""Rule excluded_route_drug: drugs swallowed, inhaled, topical, for joints, nutrition during dialysis."""

from audit_lib.synthetic.case import Case
from audit_lib.synthetic.people import CLINICS, EQUIPMENT_FIRMS
from audit_lib.synthetic.scenarios.common import INFECTION, Scenario, antibiotic_week
from audit_lib.synthetic.scenarios.tpn import nutrition_month

RULE = "excluded_route_drug"
PLACE = "per_diem_place_of_service"


def other_routes_beside_a_therapy(case: Case) -> None:
    """Inhaled, swallowed, topical and joint drugs billed beside a home therapy."""
    claim = antibiotic_week(case)
    for code, note, paid in (
        ("J7613", "inhaled", "18.60"),
        ("J8499", "swallowed", "24.15"),
        ("J7308", "topical", "412.80"),
        ("J7325", "for a joint", "486.24"),
    ):
        case.overpayment(RULE, claim.add(code, 2, paid=paid), f"drug {note}, beside a therapy")
    claim.add("J7330", 2, paid="1204.00")


def inhaled_drug_on_the_claim(case: Case) -> None:
    """On the per diem's claim the place does not matter."""
    claim = antibiotic_week(case)
    case.overpayment(RULE, claim.add("J7620", 2, place="99", paid="14.20"), "inhaled drug on the claim")
    case.claim(place="99").add("J7620", 3, paid="14.20")


def inhaled_drug_afterwards(case: Case) -> None:
    """Weeks after the therapy: a lead; from an equipment firm: nothing."""
    antibiotic_week(case)
    line = case.claim(diagnoses=("J449",)).add("J7613", 30, units=150, paid="18.60")
    case.review(RULE, line, "inhaled drug weeks after a therapy")
    case.claim(case.random.choice(EQUIPMENT_FIRMS), diagnoses=("J449",)).add("J7613", 3, paid="18.60")


def swallowed_drug_alone(case: Case) -> None:
    """A swallowed drug is no drug of a therapy either."""
    claim = case.claim(diagnoses=INFECTION)
    case.overpayment("per_diem_without_drug", claim.add("S9500", 0, 6), "only a swallowed drug on the claim")
    case.overpayment(RULE, claim.add("J8499", 0, 6, units=14, paid="84.15"), "drug swallowed, beside a therapy")


def oral_formula(case: Case) -> None:
    """Formula that is drunk, not fed by tube."""
    claim = case.claim(diagnoses=("R634",))
    claim.add("S9341", 0, 13)
    case.overpayment(RULE, claim.add("B4150", 0, 13, modifiers="BO", units=240), "formula taken by mouth")
    claim.add("B4152", 0, 13, units=60)


def nutrition_during_dialysis(case: Case) -> None:
    """Nutrition in the dialysis centre, by modifier or by place; lipids too."""
    centre = case.claim(case.random.choice(CLINICS), place="65", diagnoses=("N186",))
    case.overpayment(RULE, centre.add("B4197", 0, units=1), "nutrition in a dialysis centre")
    case.overpayment(RULE, centre.add("B4185", 2, units=5), "lipids in a dialysis centre")
    by_modifier = case.claim(case.random.choice(CLINICS), place="11", diagnoses=("N186",))
    case.overpayment(RULE, by_modifier.add("B4193", 4, modifiers="JE"), "nutrition through the dialysate")


def nutrition_per_diem_in_a_dialysis_centre(case: Case) -> None:
    """The supplier's nutrition per diem with the place of the dialysis centre: twice wrong."""
    line = case.claim(place="65", diagnoses=("N186",)).add("S9365", 0, 2)
    case.overpayment(RULE, line, "nutrition per diem in a dialysis centre")
    case.overpayment(PLACE, line, "nutrition per diem in a dialysis centre")


def dialysate_lipids_beside_nutrition(case: Case) -> None:
    """Lipids are owed beside nutrition, but not through the dialysate."""
    claim = nutrition_month(case)
    lipids = claim.add("B4185", 5, modifiers="JE", units=5)
    case.overpayment(RULE, lipids, "lipids through the dialysate")


SCENARIOS: tuple[Scenario, ...] = (
    other_routes_beside_a_therapy, inhaled_drug_on_the_claim, inhaled_drug_afterwards, swallowed_drug_alone,
    oral_formula, nutrition_during_dialysis, nutrition_per_diem_in_a_dialysis_centre,
    dialysate_lipids_beside_nutrition,
)  # fmt: skip
