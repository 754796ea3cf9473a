# ruff: noqa: D401 - the first line names what happened to the member
"""Rules on flushes, solutions and diluents that a per diem includes."""

from decimal import Decimal

from audit_lib.synthetic.case import Case
from audit_lib.synthetic.people import CLINICS, EQUIPMENT_FIRMS
from audit_lib.synthetic.scenarios.common import (
    INFECTION,
    Scenario,
    another_supplier,
    antibiotic_week,
)

FLUSH = "flush_with_home_infusion"
SOLUTION = "iv_solution_with_drug_per_diem"
DILUENT = "diluent_or_heparin_with_per_diem"


def flushes_beside_a_therapy(case: Case) -> None:
    """Heparin and saline flushes beside the per diem, some beyond its days."""
    claim = antibiotic_week(case)
    case.overpayment(FLUSH, claim.add("J1642", 0, 6, units=350), "heparin flush")
    saline = claim.add("A4216", 0, 9, units=40, paid="64.85")
    case.overpayment(FLUSH, saline, "saline flush, 7 of 10 days covered", Decimal("45.40"))
    case.overpayment(FLUSH, case.claim(place="").add("A4218", 2), "flush without a place")


def flushes_after_a_therapy(case: Case) -> None:
    """Flushes weeks later are a lead, after more than ninety days nothing."""
    claim = case.claim(diagnoses=INFECTION)
    claim.add("S9500", -35)
    claim.drug("J0696", -35)
    case.review(FLUSH, case.claim().add("J1642", 20, units=100), "flush 55 days after the per diem")
    case.review(FLUSH, case.claim(place="49").add("A4216", 55), "flush 90 days after the per diem")
    case.claim().add("A4216", 56)


def flushes_with_catheter_care(case: Case) -> None:
    """Catheter care includes its flushes."""
    care = case.claim(diagnoses=("Z452",))
    care.add("S5498", 0, 13)
    case.overpayment(FLUSH, care.add("J1642", 0, 13, units=140), "flush with catheter care")


def flushes_elsewhere(case: Case) -> None:
    """In an office, from another firm, or where the place cannot be told: nothing."""
    antibiotic_week(case)
    case.claim(case.random.choice(CLINICS), place="11").add("A4216", 2, units=2)
    case.claim(place="11").add("J1642", 2, units=20)
    case.claim(case.random.choice(EQUIPMENT_FIRMS)).add("A4216", 3, units=10)
    case.claim(place="").add("A4216", 20)


def saline_bag_beside_an_antibiotic(case: Case) -> None:
    """Saline to give the antibiotic in."""
    claim = antibiotic_week(case)
    bags = claim.add("J7050", 0, 6, units=7, paid="52.22")
    case.overpayment(SOLUTION, bags, "saline with an antibiotic per diem")
    more = case.claim(diagnoses=INFECTION).add("J7040", 5, 8, units=4, paid="37.09")
    case.overpayment(SOLUTION, more, "saline, 2 of 4 days covered", Decimal("18.55"))


def fluids_for_a_dry_member(case: Case) -> None:
    """A diagnosis of fluid loss, or none at all: perhaps it was hydration."""
    antibiotic_week(case)
    dry = case.claim(diagnoses=("L03115", "E860")).add("J7030", 2, units=1)
    case.review(SOLUTION, dry, "diagnosis of fluid loss on the claim")
    unknown = case.claim(diagnoses=()).add("J7060", 3, units=1)
    case.review(SOLUTION, unknown, "no diagnosis on the claim")


def solutions_outside_the_range(case: Case) -> None:
    """Solutions that the policy's range does not print."""
    claim = antibiotic_week(case)
    case.review(SOLUTION, claim.add("J7120", 1, units=1), "solution outside the printed range")
    case.review(SOLUTION, claim.add("S5010", 2, units=1), "solution outside the printed range")
    claim.add("J7131", 2, units=30)


def fluids_of_a_hydration_therapy(case: Case) -> None:
    """With a hydration per diem the fluid is the drug."""
    claim = antibiotic_week(case)
    claim.add("S9374", 0, 4, modifiers="SH")
    claim.drug("J7030", 0, 4)
    claim.drug("J7120", 0, 4)
    claim.add("J7050", 5, 6, units=2, place="11")


def dextrose_beside_nutrition(case: Case) -> None:
    """Nutrition is an infusion too; catheter care is not."""
    claim = case.claim(diagnoses=("E43",))
    claim.add("S9365", 0, 13)
    case.overpayment(SOLUTION, claim.add("J7060", 4, units=1), "dextrose with a nutrition per diem")
    care = case.claim(diagnoses=("Z452",))
    care.add("S5498", 20, 26)
    care.add("J7050", 21, units=1)
    case.claim(another_supplier(case), diagnoses=INFECTION).add("J7050", 5, units=1)


def epoprostenol_diluent(case: Case) -> None:
    """The diluent belongs to the prostacyclin per diem."""
    claim = case.claim(diagnoses=("I270",))
    claim.add("S9347", 0, 20)
    claim.drug("J1325", 0, 20)
    diluent = claim.add("S0155", 0, 27, units=28, paid="196.35")
    case.overpayment(DILUENT, diluent, "diluent, 21 of 28 days covered", Decimal("147.26"))
    case.claim(diagnoses=("I270",)).add("S0155", 40, units=7)


def sterile_water_bottle(case: Case) -> None:
    """Half a litre of sterile water beside an infusion."""
    claim = antibiotic_week(case)
    case.overpayment(DILUENT, claim.add("A4217", 1, units=2), "sterile water with a per diem")
    claim.add("A4217", 1, units=2, place="11")
    case.claim(diagnoses=INFECTION).add("A4217", 12, units=1)


def heparin_beside_an_antibiotic(case: Case) -> None:
    """Heparin by the thousand: a flush in bulk, unless a heparin therapy or nutrition explains it."""
    claim = antibiotic_week(case)
    case.review(DILUENT, claim.add("J1644", 0, 6, units=7), "heparin with an antibiotic per diem")
    nutrition = case.claim(diagnoses=("E43",))
    nutrition.add("S9365", 20, 26)
    nutrition.add("J1644", 20, 26, units=7)
    therapy = case.claim(diagnoses=("I2699",))
    therapy.add("S9336", 30, 33)
    therapy.drug("J1644", 30, 33)


def flush_products_by_name(case: Case) -> None:
    """Flushes hidden under unclassified drug codes, told by name."""
    claim = antibiotic_week(case)
    for code, name in (
        ("J3490", "Hep Lock see NDC#"),
        ("J3490", "10 mL Normal Saline"),
        ("J7799", "SODIUM CHLORIDE 0.9% FLUSH"),
        ("J7999", "STERILE WATER FOR INJECTION"),
    ):
        line = claim.add(code, 0, 6, units=14, name=name)
        case.overpayment(DILUENT, line, "flush product by name")
    case.overpayment(DILUENT, claim.add("J7051", 0, 6, units=14), "saline or water, 5 ml")


def flush_products_by_package(case: Case) -> None:
    """The same by package number, with and without hyphens, ten digits or eleven."""
    claim = antibiotic_week(case)
    for ndc in ("08290033010", "08290-0380-05", "0338-0049-38", "6332324910"):
        line = claim.add("J3490", 0, 6, units=7, ndc=ndc, name="SUPPLY ITEM")
        case.overpayment(DILUENT, line, "flush product by package")


def drugs_in_saline(case: Case) -> None:
    """A drug that is mixed in saline is no saline; neither is a stronger solution."""
    claim = antibiotic_week(case)
    for name in ("VANCOMYCIN IN SODIUM CHLORIDE 0.9%", "SODIUM CHLORIDE 23.4%", "NORMAL SERUM ALBUMIN"):
        claim.add("J3490", 0, 6, units=7, name=name)
    claim.add("J3490", 3, units=7, name="NORMAL SALINE", place="11")


def flush_product_with_hydration(case: Case) -> None:
    """Beside hydration or nutrition a saline is not the per diem's flush."""
    claim = case.claim(diagnoses=("E860",))
    claim.add("S9374", 0, 3)
    claim.drug("J7030", 0, 3)
    claim.add("J3490", 0, 3, units=8, name="SODIUM CHLORIDE 0.9%")
    claim.add("J7051", 0, 3, units=8)


SCENARIOS: tuple[Scenario, ...] = (
    flushes_beside_a_therapy, flushes_after_a_therapy, flushes_with_catheter_care, flushes_elsewhere,
    saline_bag_beside_an_antibiotic, fluids_for_a_dry_member, solutions_outside_the_range,
    fluids_of_a_hydration_therapy, dextrose_beside_nutrition, epoprostenol_diluent, sterile_water_bottle,
    heparin_beside_an_antibiotic, flush_products_by_name, flush_products_by_package, drugs_in_saline,
    flush_product_with_hydration,
)  # fmt: skip
