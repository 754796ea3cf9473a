# ruff: noqa: D401 - the first line names what happened to the member
"""Rules on a per diem whose drug is not on the claim, and on catheter care beside an infusion."""

from decimal import Decimal

from audit_lib.synthetic.amounts import ZERO
from audit_lib.synthetic.case import Case
from audit_lib.synthetic.people import PHARMACIES
from audit_lib.synthetic.scenarios.common import INFECTION, Scenario, another_supplier, antibiotic_week

NO_DRUG = "per_diem_without_drug"
CARE = "catheter_care_with_infusion"


def no_drug_anywhere(case: Case) -> None:
    """A week of per diems and no drug on any claim."""
    week = case.claim(diagnoses=INFECTION).add("S9500", 0, 6)
    case.overpayment(NO_DRUG, week, "no drug on any claim")


def only_a_flush(case: Case) -> None:
    """A heparin flush is no drug of a therapy."""
    claim = case.claim(diagnoses=INFECTION)
    case.overpayment(NO_DRUG, claim.add("S9500", 0, 6), "only a flush on the claim")
    case.overpayment("flush_with_home_infusion", claim.add("J1642", 0, 6, units=70), "heparin flush")


def pump_without_its_drug(case: Case) -> None:
    """The per diem falls, and so may the pump that it includes."""
    claim = case.claim(diagnoses=("G893",))
    case.overpayment(NO_DRUG, claim.add("S9326", 0, 6), "no drug on any claim")
    pump = claim.add("E0781", 0, modifiers="RR")
    case.overpayment("supply_with_per_diem", pump, "pump beside a per diem that is itself overpaid")


def drug_on_another_claim(case: Case) -> None:
    """The drug stands on another claim of the supplier: a billing fault without dollars."""
    week = case.claim(diagnoses=INFECTION).add("S9500", 0, 6)
    case.claim(diagnoses=INFECTION).drug("J0696", 0, 6)
    case.review(NO_DRUG, week, "the drug is on another claim of the supplier", ZERO)


def drug_of_a_pharmacy(case: Case) -> None:
    """A pharmacy billed a fitting drug: perhaps for this therapy."""
    week = case.claim(diagnoses=INFECTION).add("S9502", 0, 6)
    case.claim(case.random.choice(PHARMACIES), diagnoses=INFECTION).drug("J2185", 0, 6)
    case.review(NO_DRUG, week, "a fitting drug of another provider")


def unfitting_drug_of_a_pharmacy(case: Case) -> None:
    """A pharmacy billed a drug of another therapy."""
    week = case.claim(diagnoses=INFECTION).add("S9502", 0, 6)
    case.claim(case.random.choice(PHARMACIES), diagnoses=("G893",)).drug("J2270", 0, 6)
    case.overpayment(NO_DRUG, week, "the only drug belongs to another therapy")


def unfitting_drug_on_the_claim(case: Case) -> None:
    """The drug on the claim belongs to another therapy."""
    claim = case.claim(diagnoses=("I5022",))
    case.review(NO_DRUG, claim.add("S9348", 0, 6), "the drug on the claim belongs to another therapy")
    claim.drug("J0696", 0, 6)


def drug_days_too_far(case: Case) -> None:
    """The drug three days before the per diem is no drug of it; one day before it is."""
    claim = case.claim(diagnoses=INFECTION)
    week = claim.add("S9500", 0, 6)
    claim.drug("J0696", -3, -2)
    case.overpayment(NO_DRUG, week, "the drug ended two days before")
    near = case.claim(diagnoses=INFECTION)
    near.add("S9500", 20, 26)
    near.drug("J0696", 19)


def drugs_that_suffice(case: Case) -> None:
    """A denied drug, an unclassified one, a package number alone, and a therapy without a list."""
    denied = case.claim(diagnoses=INFECTION)
    denied.add("S9500", 0, 1)
    denied.drug("J0696", 0, 1, denied=True)
    unclassified = case.claim(diagnoses=INFECTION)
    unclassified.add("S9500", 10, 11)
    unclassified.add("J3490", 10, 11, units=2, name="CEFTAROLINE 600 MG", ndc="00456060010")
    package = case.claim(diagnoses=INFECTION)
    package.add("S9500", 20, 21)
    package.add("A9150", 20, 21, units=2, ndc="00456-0600-10")
    other = case.claim(diagnoses=("D509",))
    other.add("S9379", 30)
    other.drug("J1756", 30)


def package_number_of_zeros(case: Case) -> None:
    """A package number of zeros names no drug."""
    claim = case.claim(diagnoses=INFECTION)
    case.overpayment(NO_DRUG, claim.add("S9500", 0, 1), "a package number of zeros is no drug")
    claim.add("A9150", 0, 1, units=2, ndc="00000000000")


def therapies_without_drug_lines(case: Case) -> None:
    """Nutrition, feeding and catheter care need no drug line."""
    case.claim(diagnoses=("E43",)).add("S9365", 0, 6)
    case.claim(diagnoses=("R1310",)).add("S9341", 10, 16)
    case.claim(diagnoses=("Z452",)).add("S5501", 20, 26)


def catheter_care_beside_an_infusion(case: Case) -> None:
    """While an infusion runs, its per diem includes the care of the line."""
    claim = antibiotic_week(case)
    care = claim.add("S5498", 0, 13, paid="358.27")
    case.review(CARE, care, "catheter care, 7 of 14 days beside an infusion", Decimal("179.14"))


def idle_port_beside_an_infusion(case: Case) -> None:
    """A line that is in use is not idle."""
    claim = antibiotic_week(case)
    port = claim.add("S5502", 5, 8, paid="143.61")
    case.overpayment(CARE, port, "idle line, 2 of 4 days in use", Decimal("71.81"))


def catheter_insertion_beside_an_infusion(case: Case) -> None:
    """Kits to insert or free a catheter on an infusion day."""
    claim = antibiotic_week(case)
    case.review(CARE, claim.add("S5520", 0), "insertion supplies on an infusion day")
    case.review(CARE, claim.add("S5517", 4), "declotting supplies on an infusion day")
    claim.add("S5521", 20)


def catheter_care_apart(case: Case) -> None:
    """After the infusion, and of another supplier: in order."""
    antibiotic_week(case)
    case.claim(diagnoses=("Z452",)).add("S5501", 7, 20)
    case.claim(another_supplier(case), diagnoses=("Z452",)).add("S5502", 0, 6)


SCENARIOS: tuple[Scenario, ...] = (
    no_drug_anywhere, only_a_flush, pump_without_its_drug, drug_on_another_claim, drug_of_a_pharmacy,
    unfitting_drug_of_a_pharmacy, unfitting_drug_on_the_claim, drug_days_too_far, drugs_that_suffice,
    package_number_of_zeros, therapies_without_drug_lines, catheter_care_beside_an_infusion,
    idle_port_beside_an_infusion, catheter_insertion_beside_an_infusion, catheter_care_apart,
)  # fmt: skip
