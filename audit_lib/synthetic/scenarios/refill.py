# ruff: noqa: D401 - the first line names what happened to the member
"""Rules on implanted pumps: refilled away from home, charged off the refill day, refilled in a clinic."""

from decimal import Decimal

from audit_lib.synthetic.case import Case
from audit_lib.synthetic.people import CLINICS, HOSPITALS, other_than
from audit_lib.synthetic.scenarios.common import Scenario
from audit_lib.synthetic.scenarios.pump import PAIN
from audit_lib.synthetic.scenarios.pump import RULE as DAILY
from audit_lib.synthetic.scenarios.supply import RULE as SUPPLY
from audit_lib.synthetic.therapies import CANCER

OUTSIDE = "implanted_pump_outside_home"
OFF_DAY = "pump_charges_off_refill_day"
TWICE = "clinic_refill_billed_twice"


def per_diem_in_an_office(case: Case) -> None:
    """The nurse was at home, but the per diem was billed for an office."""
    claim = case.claim(diagnoses=PAIN)
    case.overpayment(OUTSIDE, claim.add("S9328", place="11"), "implanted pump per diem in an office")
    claim.add("99601")


def per_diem_in_the_suite(case: Case) -> None:
    """Refilled in the supplier's own suite: not at home, and no evidence of a refill at home."""
    claim = case.claim(place="49", diagnoses=PAIN)
    line = claim.add("S9328")
    claim.add("62369")
    case.overpayment(OUTSIDE, line, "implanted pump per diem in the suite")
    case.review(DAILY, line, "the only refill was in the suite")


def per_diem_in_hospital(case: Case) -> None:
    """In a hospital clinic that bills the refill itself."""
    line = case.claim(place="22", diagnoses=PAIN).add("S9328")
    hospital = case.random.choice(HOSPITALS)
    clinic = case.claim(hospital, place="", claim_type="institutional", bill_type="0131", diagnoses=PAIN)
    clinic.add("62370", revenue="0510")
    case.overpayment(OUTSIDE, line, "implanted pump per diem in a hospital")
    case.review(DAILY, line, "the only refill was in a hospital")
    case.review(TWICE, line, "a hospital billed the refill of this day")


def per_diem_without_a_place(case: Case) -> None:
    """No place: it cannot be told; at an assisted living home it is home."""
    claim = case.claim(place="", diagnoses=PAIN)
    claim.add("S9328")
    claim.add("99601", place="12")
    home = case.claim(place="13", diagnoses=PAIN)
    home.add("S9328", 28)
    home.add("99601", 28)


def drug_beyond_the_refill_day(case: Case) -> None:
    """A month of the pump's drug billed as if it flowed in daily."""
    claim = case.claim(diagnoses=PAIN)
    claim.add("S9328")
    claim.add("99601")
    drug = claim.drug("J2278", 0, 29, paid="4480.10")
    case.review(OFF_DAY, drug, "29 of 30 days without a refill", Decimal("4330.76"))


def kit_on_another_day(case: Case) -> None:
    """A refill kit three days after the refill, on the per diem's claim."""
    claim = case.claim(diagnoses=PAIN)
    claim.add("S9328")
    claim.add("99601")
    claim.drug("J0475")
    case.review(OFF_DAY, claim.add("A4220", 3), "kit on a day without a refill")


def pump_rental_over_the_run(case: Case) -> None:
    """Five daily units and a rented pump on another claim; one refill."""
    claim = case.claim(diagnoses=PAIN)
    units = claim.add("S9328", 0, 4, paid="1056.07")
    claim.add("99601", 0)
    rental = case.claim(diagnoses=PAIN).add("E0781", 0, 4, modifiers="RR", paid="258.44")
    case.overpayment(DAILY, units, "4 of 5 units without a refill", Decimal("844.86"))
    case.review(SUPPLY, rental, "only the implanted pump's per diem overlaps")
    case.review(OFF_DAY, rental, "4 of 5 days without a refill", Decimal("206.75"))


def drug_on_the_kept_day(case: Case) -> None:
    """No refill shown, but the drug stands on the day whose unit is kept."""
    claim = case.claim(diagnoses=PAIN)
    case.review(DAILY, claim.add("S9328"), "refill not evidenced")
    claim.drug("J0475")
    claim.add("J2274", 0, units=10, paid="81.70")


def drug_of_another_therapy(case: Case) -> None:
    """Morphine by an external pump at another time is no matter of the implanted pump."""
    claim = case.claim(diagnoses=PAIN)
    claim.add("S9328")
    claim.add("99601")
    external = case.claim(diagnoses=("G893",))
    external.add("S9326", 10, 16)
    external.drug("J2270", 10, 16)


def clinic_and_supplier(case: Case) -> None:
    """The clinic refilled the cassette, and the supplier billed the refill as well."""
    therapy = case.claim(diagnoses=CANCER)
    therapy.add("S9330", 0, 1)
    therapy.drug("J9190", 0, 1)
    case.claim(case.random.choice(CLINICS), place="11", diagnoses=CANCER).add("96521", 7, paid="98.15")
    again = case.claim(place="11", diagnoses=CANCER).add("96521", 7, paid="126.30")
    case.overpayment(TWICE, again, "the clinic's own claim is kept, though lower")


def two_clinics(case: Case) -> None:
    """Three clinics bill one refill: the best-paid is kept."""
    first = case.random.choice(CLINICS)
    second = other_than(CLINICS, first, case.random)
    case.claim(first, place="11", diagnoses=PAIN).add("62370", paid="179.12")
    lower = case.claim(second, place="22", diagnoses=PAIN).add("62369", paid="158.56")
    lowest = case.claim(first, place="19", diagnoses=PAIN).add("95990", paid="121.04")
    case.overpayment(TWICE, lower, "second claim for one clinic refill")
    case.overpayment(TWICE, lowest, "third claim for one clinic refill")


def equal_pay_earlier_kept(case: Case) -> None:
    """Paid alike: the claim paid first is kept."""
    clinic = case.random.choice(CLINICS)
    case.claim(clinic, place="11", diagnoses=PAIN, paid_after=20).add("96522", paid="119.80")
    later = case.claim(clinic, place="11", diagnoses=PAIN, paid_after=40).add("96522", paid="119.80")
    case.overpayment(TWICE, later, "billed twice, the later-paid claim")


def split_billing(case: Case) -> None:
    """A hospital clinic's professional and institutional claim are one refill, rightly billed in two."""
    hospital = case.random.choice(HOSPITALS)
    case.claim(hospital, place="22", diagnoses=PAIN).add("62370")
    facility = case.claim(hospital, place="", claim_type="institutional", bill_type="0131", diagnoses=PAIN)
    facility.add("62370", revenue="0510")
    clinic = case.claim(case.random.choice(CLINICS), place="11", diagnoses=PAIN)
    clinic.add("62369", 14)
    clinic.add("95990", 14)
    case.claim(case.random.choice(CLINICS), place="11", diagnoses=PAIN).add("62368", 14)


def per_diem_on_a_clinic_refill_day(case: Case) -> None:
    """The clinic changed the cassette on the second day of the supplier's pump therapy."""
    claim = case.claim(diagnoses=CANCER)
    therapy = claim.add("S9330", 0, 2, paid="393.13")
    claim.drug("J9190", 0, 2)
    case.claim(case.random.choice(CLINICS), place="11", diagnoses=CANCER).add("96521", 1)
    case.review(TWICE, therapy, "a clinic billed the refill of one day of three", Decimal("131.04"))


SCENARIOS: tuple[Scenario, ...] = (
    per_diem_in_an_office, per_diem_in_the_suite, per_diem_in_hospital, per_diem_without_a_place,
    drug_beyond_the_refill_day, kit_on_another_day, pump_rental_over_the_run, drug_on_the_kept_day,
    drug_of_another_therapy, clinic_and_supplier, two_clinics, equal_pay_earlier_kept, split_billing,
    per_diem_on_a_clinic_refill_day,
)  # fmt: skip
