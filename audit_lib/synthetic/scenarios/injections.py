# ruff: noqa: D401 - the first line names what happened to the member
"""Rules on drugs that members inject themselves, and on injections without an infusion or a nurse."""

from audit_lib.synthetic.case import Case
from audit_lib.synthetic.people import CLINICS, NURSING_AGENCIES, PHARMACIES
from audit_lib.synthetic.scenarios.common import INFECTION, Scenario, antibiotic_week, serve_another_member

SELF = "self_administered_drug"
ALONE = "injectable_without_infusion_or_nurse"


def self_injected_during_a_therapy(case: Case) -> None:
    """A self-injected drug inside a therapy without a nurse that day, and soon after it."""
    antibiotic_week(case)
    claim = case.claim(diagnoses=("M0579",))
    case.overpayment(SELF, claim.drug("J1438", 3), "self-injected during a therapy, no nurse")
    case.overpayment(SELF, claim.drug("J1438", 21), "self-injected two weeks after a therapy, no nurse")


def self_injected_with_a_nurse(case: Case) -> None:
    """A nurse came, or it was given in an office, or a pharmacy sent it: in order."""
    antibiotic_week(case)
    claim = case.claim(diagnoses=("M0579",))
    claim.drug("J1438", 3)
    claim.add("99601", 3)
    case.claim(place="11", diagnoses=("M0579",)).drug("J1438", 5)
    case.claim(case.random.choice(PHARMACIES), diagnoses=("M0579",)).drug("J1438", 6)
    agency = case.random.choice(NURSING_AGENCIES)
    case.claim(diagnoses=("M0579",)).drug("J1438", 14)
    case.claim(agency, diagnoses=("M0579",)).add("T1002", 14, units=4)


def self_injected_from_a_supplier(case: Case) -> None:
    """A supplier sends it to a member who has no therapy at all."""
    serve_another_member(case)
    line = case.claim(diagnoses=("M0579",)).drug("J1438")
    case.review(SELF, line, "self-injected, from a supplier, no per diem of this member")
    case.claim(place="", diagnoses=("M0579",)).drug("J1438", 7)


def under_the_skin_by_modifier(case: Case) -> None:
    """Given by vein or under the skin: the modifier tells."""
    antibiotic_week(case)
    claim = case.claim(diagnoses=("M0579",))
    line = claim.add("J3262", 2, modifiers="JB", units=162, paid="1013.53", ndc="50242013601", name="ACTEMRA")
    case.overpayment(SELF, line, "self-injected by its modifier")
    claim.add("J3262", 4, modifiers="JA", units=400, paid="2213.40", ndc="50242013601", name="ACTEMRA")


def clotting_factors(case: Case) -> None:
    """Factors are excepted; products that are none, and drugs that may need an office, are a lead."""
    antibiotic_week(case)
    claim = case.claim(diagnoses=("D66",))
    claim.drug("J7192", 2)
    claim.add("J7170", 2, units=180, paid="16204.50")
    for code, note in (
        ("J7196", "clotting product, no factor"),
        ("J2597", "clotting product, no factor"),
        ("J0717", "self-injected or in an office"),
    ):
        case.review(SELF, claim.add(code, 2, paid="1480.25"), note)


def insulin_by_itself(case: Case) -> None:
    """Insulin is owed with its own per diem or with nutrition, not beside an antibiotic."""
    antibiotic_week(case)
    line = case.claim(diagnoses=("E119",)).drug("J1815", 1, 2)
    case.overpayment(SELF, line, "insulin without an insulin or nutrition per diem")
    nutrition = case.claim(diagnoses=("E43",))
    nutrition.add("S9365", 20, 26)
    nutrition.drug("J1815", 20, 26)


def anticoagulant_with_its_injection_per_diem(case: Case) -> None:
    """The drug of an injection per diem: a lead; on the day the nurse teaches it, in order."""
    claim = case.claim(diagnoses=("Z7901",))
    claim.add("S9372", 0, 6)
    case.review(SELF, claim.drug("J1650", 1, 6), "self-injected, with its injection per diem")
    claim.drug("J1652", 0)
    claim.add("99601", 0)


def injection_after_a_therapy(case: Case) -> None:
    """Vitamin B12 ten days after the therapy, without a nurse."""
    antibiotic_week(case)
    line = case.claim(diagnoses=("E538",)).drug("J3420", 16)
    case.overpayment(ALONE, line, "injection ten days after a therapy, no nurse")


def injection_with_reason(case: Case) -> None:
    """During an infusion, with a nurse, beside an office infusion, in an office: in order."""
    antibiotic_week(case)
    case.claim(diagnoses=("E538",)).drug("J3420", 3)
    nurse = case.claim(diagnoses=("E538",))
    nurse.drug("J3420", 16)
    nurse.add("99601", 16)
    case.claim(diagnoses=("E538",)).drug("J3420", 23)
    case.claim(case.random.choice(CLINICS), place="11", diagnoses=("E860",)).add("96374", 23)
    case.claim(place="11", diagnoses=("E538",)).drug("J3420", 30)


def injection_by_a_practical_nurse(case: Case) -> None:
    """Only a practical nurse came: a lead."""
    antibiotic_week(case)
    line = case.claim(diagnoses=("E538",)).drug("J3420", 16)
    case.claim(case.random.choice(NURSING_AGENCIES), diagnoses=INFECTION).add("S9124", 16, units=2)
    case.review(ALONE, line, "only a practical nurse that day")


def injection_from_a_supplier(case: Case) -> None:
    """A supplier sends it to a member without a therapy; another firm does so unremarked."""
    serve_another_member(case)
    line = case.claim(diagnoses=("M810",)).add("J0897", units=60, paid="1182.40", name="PROLIA 60 MG")
    case.review(ALONE, line, "injection from a supplier, no per diem of this member")
    case.claim(case.random.choice(PHARMACIES), diagnoses=("M810",)).add("J0897", 7, units=60, paid="1182.40")


def injection_during_catheter_care(case: Case) -> None:
    """Catheter care is no infusion: the injection stands alone."""
    case.claim(diagnoses=("Z452",)).add("S5498", 0, 13)
    line = case.claim(diagnoses=("E538",)).drug("J3420", 5)
    case.overpayment(ALONE, line, "injection during catheter care, no nurse")


def under_the_skin_or_by_vein(case: Case) -> None:
    """A drug given either way counts only where the modifier says under the skin."""
    antibiotic_week(case)
    claim = case.claim(diagnoses=("D631",))
    line = claim.add("J0885", 14, modifiers="JB", units=40, paid="382.64", name="EPOETIN ALFA")
    case.overpayment(ALONE, line, "under the skin by its modifier, no nurse")
    claim.add("J0885", 21, units=40, paid="382.64", name="EPOETIN ALFA")


def globulin_under_the_skin(case: Case) -> None:
    """An infusion under the skin is an infusion."""
    claim = case.claim(diagnoses=("D839",))
    claim.add("S9338")
    claim.drug("J1559")
    case.claim(diagnoses=("D839",)).drug("J1559", 7)


SCENARIOS: tuple[Scenario, ...] = (
    self_injected_during_a_therapy, self_injected_with_a_nurse, self_injected_from_a_supplier,
    under_the_skin_by_modifier, clotting_factors, insulin_by_itself,
    anticoagulant_with_its_injection_per_diem, injection_after_a_therapy, injection_with_reason,
    injection_by_a_practical_nurse, injection_from_a_supplier, injection_during_catheter_care,
    under_the_skin_or_by_vein, globulin_under_the_skin,
)  # fmt: skip
