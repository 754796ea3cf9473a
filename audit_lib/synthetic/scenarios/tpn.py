# ruff: noqa: D401 - the first line names what happened to the member
"""Rule tpn_base_product: what a nutrition per diem includes, found by package, name or code."""

from decimal import Decimal

from audit_lib.synthetic.case import Case, Claim
from audit_lib.synthetic.people import HOSPITALS, INFUSION_SUPPLIERS, other_than
from audit_lib.synthetic.scenarios.common import Scenario

RULE = "tpn_base_product"
SHORT_BOWEL = ("K912", "E43")


def nutrition_month(case: Case, days: int = 30) -> Claim:
    """Bill a month of parenteral nutrition with lipids, which may stand beside it."""
    claim = case.claim(diagnoses=SHORT_BOWEL)
    claim.add("S9366", 0, days - 1)
    claim.drug("B4185", 0, days - 1)
    return claim


def compounded_formula(case: Case) -> None:
    """The standard formula by its code: it is the per diem."""
    formula = nutrition_month(case).add("B4197", 0, 29, units=30)
    case.overpayment(RULE, formula, "standard formula by code")


def formula_beyond_the_course(case: Case) -> None:
    """A month of formula, twenty-three days of it under the per diem."""
    formula = nutrition_month(case, 23).add("B4193", 0, 29, units=30, paid="1380.29")
    case.overpayment(RULE, formula, "standard formula, 23 of 30 days covered", Decimal("1058.22"))


def package_of_eleven_digits(case: Case) -> None:
    """An amino acid by its package number: base product, and a lipid by its own, which is separate."""
    claim = nutrition_month(case)
    base = claim.add("J3490", 0, 29, units=30, ndc="00338064406", name="AMINO ACIDS")
    case.overpayment(RULE, base, "base amino acid, NDC of 11 digits")
    claim.add("J3490", 0, 29, units=30, ndc="00338051813", name="FAT EMULSION")


def package_with_hyphens(case: Case) -> None:
    """The same number with its hyphens, short first part."""
    base = nutrition_month(case).add("J3490", 0, 29, ndc="0338-0644-04", name="AMINO ACIDS")
    case.overpayment(RULE, base, "base amino acid, NDC with hyphens")


def package_of_ten_digits(case: Case) -> None:
    """Ten bare digits can be read three ways; only one of them is a listed product."""
    base = nutrition_month(case).add("J7799", 0, 29, ndc="0338064403", name="AMINO ACIDS")
    case.overpayment(RULE, base, "base amino acid, NDC of ten digits")


def package_before_the_name(case: Case) -> None:
    """The package decides before the name does."""
    claim = nutrition_month(case)
    claim.add("J3490", 0, 29, ndc="65219053110", name="DEXTROSE 70%")
    base = claim.add("J3490", 0, 29, ndc="00338064406", name="SMOFLIPID 20%")
    case.overpayment(RULE, base, "the package is a base amino acid, whatever the name")


def products_by_name(case: Case) -> None:
    """Unclassified codes whose names are base products."""
    claim = nutrition_month(case)
    names = (
        "FREAMINE III 10%",
        "TRAVASOL 10% 2000 ML",
        "Sodium Chloride 23.4% 30 mL",
        "POTASSIUM PHOSPHATE 3 MMOL/ML",
        "INFUVITE ADULT 10 ML",
        "SELENIOUS ACID 60 MCG/ML",
        "M.V.I. ADULT",
        "MTE-5 CONCENTRATE",
    )
    for name in names:
        line = claim.add("J3490", 0, 29, units=30, name=name)
        case.overpayment(RULE, line, "base product by name")


def separate_products_by_name(case: Case) -> None:
    """Specialty amino acids and added vitamins may be billed beside the per diem."""
    claim = nutrition_month(case)
    for name in (
        "FREAMINE HBC 6.9%",
        "HEPATAMINE 8%",
        "TROPHAMINE 10%",
        "FOLIC ACID 5 MG/ML",
        "ASCORBIC ACID 500 MG",
    ):
        claim.add("J3490", 0, 29, units=30, name=name)
    claim.add("B4172", 0, 29, units=30, name="NEPHRAMINE 5.4%")
    claim.add("B5000", 0, 29, units=30)
    claim.add("J3430", 3)


def doubtful_products_by_name(case: Case) -> None:
    """Names on both lists, or included by their class only."""
    claim = nutrition_month(case)
    for name in (
        "FREAMINE",
        "KABIVEN 1540 ML",
        "CLINIMIX E 5/15",
        "TRALEMENT",
        "CYSTEINE 50 MG/ML",
        "AMINOSYN PF 10%",
    ):
        line = claim.add("J3490", 0, 29, units=30, name=name)
        case.review(RULE, line, "ambiguous, unstated or included by class only")


def amino_acid_codes(case: Case) -> None:
    """Amino acid codes: by code, by a name that decides, and one that needs its package number."""
    claim = nutrition_month(case)
    case.overpayment(RULE, claim.add("B4172", 0, 29, units=30), "amino acid code, no specialty product named")
    named = claim.add("B4178", 0, 29, units=30, name="TRAVASOL 10%")
    case.overpayment(RULE, named, "code alone could not tell, the name can")
    claim.add("B4178", 0, 29, units=30)
    claim.add("J3490", 0, 29, units=30, ndc="63323999901", name="PARENTERAL ADDITIVE")
    claim.add("J7999", 0, 29, units=30)


def kits_and_pump(case: Case) -> None:
    """Kits and pump of parenteral nutrition."""
    claim = nutrition_month(case)
    for code in ("B4222", "B4224"):
        case.overpayment(RULE, claim.add(code, 0, 29, units=30), "kit by code")
    case.overpayment(RULE, claim.add("B9004", 0, modifiers="RR"), "nutrition pump")
    case.review(RULE, claim.add("B9999", 2), "unlisted nutrition supply")


def electrolytes(case: Case) -> None:
    """Electrolytes by code; gluconate only by class, carnitine unstated."""
    claim = nutrition_month(case)
    case.overpayment(RULE, claim.add("J3480", 0, 29, units=600), "potassium by code")
    case.overpayment(RULE, claim.add("J3475", 0, 29, units=60), "magnesium by code")
    case.review(RULE, claim.add("J0612", 0, 29, units=30), "calcium gluconate, by class only")
    case.review(RULE, claim.add("J1955", 0, 29, units=30), "carnitine, unstated")


def electrolytes_with_hydration(case: Case) -> None:
    """Beside a hydration therapy the potassium may belong to that."""
    claim = nutrition_month(case, 14)
    claim.add("S9374", 0, 6, modifiers="SH")
    claim.drug("J7030", 0, 6)
    potassium = claim.add("J3480", 5, 8, units=80, paid="33.27")
    case.review(RULE, potassium, "hydration overlaps")


def formula_elsewhere(case: Case) -> None:
    """Formula of a hospital or of another supplier is not this per diem's."""
    nutrition_month(case)
    hospital = case.random.choice(HOSPITALS)
    case.claim(hospital, place="", claim_type="institutional", bill_type="0131", diagnoses=SHORT_BOWEL).add(
        "B4197", 4, revenue="0250"
    )
    other = other_than(INFUSION_SUPPLIERS, case.supplier, case.random)
    case.claim(other, diagnoses=SHORT_BOWEL).add("B4197", 4)
    case.claim(place="11", diagnoses=SHORT_BOWEL).add("B4197", 4)
    case.claim(diagnoses=SHORT_BOWEL).add("B4197", 35)


def formula_in_the_suite(case: Case) -> None:
    """In the infusion suite, and without a place, as at home."""
    nutrition_month(case)
    case.overpayment(RULE, case.claim(place="49", diagnoses=SHORT_BOWEL).add("B4189", 3), "formula in the suite")
    case.overpayment(RULE, case.claim(place="", diagnoses=SHORT_BOWEL).add("B4199", 4), "formula without a place")


SCENARIOS: tuple[Scenario, ...] = (
    compounded_formula, formula_beyond_the_course, package_of_eleven_digits, package_with_hyphens,
    package_of_ten_digits, package_before_the_name, products_by_name, separate_products_by_name,
    doubtful_products_by_name, amino_acid_codes, kits_and_pump, electrolytes, electrolytes_with_hydration,
    formula_elsewhere, formula_in_the_suite,
)  # fmt: skip
