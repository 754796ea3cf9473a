# ruff: noqa: D401 - the first line names what happened to the member
"""Things that look like breaches to a careless reader and are none: no rule finds anything on them."""

from audit_lib.synthetic.case import Case
from audit_lib.synthetic.people import (
    CLINICS,
    EQUIPMENT_FIRMS,
    INFUSION_SUPPLIERS,
    NURSING_AGENCIES,
    PHARMACIES,
    other_than,
)
from audit_lib.synthetic.therapies import CANCER, INFECTION, Episode, course
from audit_lib.synthetic.truth import Terms


def denied_pump(case: Case) -> None:
    """A pump beside a per diem that the plan already refused to pay."""
    course(case, "S9326", "J2270", 7, ("G893",)).add("E0781", 0, modifiers="RR", denied=True)


def denied_per_diem(case: Case) -> None:
    """A denied per diem bundles nothing, so its supplies stand."""
    claim = case.claim(diagnoses=INFECTION)
    claim.add("S9500", 0, 6, denied=True)
    claim.add("A4222", 2)


def reversed_duplicate(case: Case) -> None:
    """The second payment of a week was taken back in full."""
    course(case, "S9500", "J0696", 7, INFECTION)
    again = case.claim(diagnoses=INFECTION, paid_after=50)
    lines = [again.add("S9500", 0, 6), again.drug("J0696", 0, 6)]
    for line in lines:
        again.reverse(line, paid_after=64)


def replaced_claim(case: Case) -> None:
    """A claim billed anew with frequency 7: only the replacement counts."""
    first = case.claim(diagnoses=INFECTION, paid_after=25)
    first.add("S9500", 0, 6, units=8)
    first.drug("J0696", 0, 6)
    second = case.claim(diagnoses=INFECTION, paid_after=52, frequency="7", original=first.claim_id)
    second.add("S9500", 0, 6)
    second.drug("J0696", 0, 6)


def voided_claim(case: Case) -> None:
    """A week billed twice, the second time voided with frequency 8."""
    course(case, "S9502", "J0690", 7, INFECTION)
    mistake = case.claim(diagnoses=INFECTION, paid_after=40)
    mistake.add("S9502", 0, 6)
    mistake.drug("J0690", 0, 6)
    void = case.claim(diagnoses=INFECTION, paid_after=60, frequency="8", original=mistake.claim_id)
    void.add("S9502", 0, 6)
    void.drug("J0690", 0, 6)


def replaced_twice(case: Case) -> None:
    """A chain of replacements: the last one stays."""
    original = ""
    for paid_after, units in ((22, 9), (38, 8), (54, 7)):
        frequency = "7" if original else "1"
        claim = case.claim(diagnoses=INFECTION, paid_after=paid_after, frequency=frequency, original=original)
        claim.add("S9500", 0, 6, units=units)
        claim.drug("J0696", 0, 6)
        original = claim.claim_id


def two_replacements_of_one_claim(case: Case) -> None:
    """Two replacements name the same claim: the later-paid one stays."""
    first = case.claim(diagnoses=INFECTION, paid_after=22)
    first.add("S9502", 0, 6)
    first.drug("J2185", 0, 6)
    for paid_after in (54, 38):
        claim = case.claim(diagnoses=INFECTION, paid_after=paid_after, frequency="7", original=first.claim_id)
        claim.add("S9502", 0, 6)
        claim.drug("J2185", 0, 6)


def denied_replacement(case: Case) -> None:
    """A replacement that was denied still takes its original away; so does a void that names none, itself."""
    course(case, "S9500", "J0696", 7, INFECTION)
    kit = case.claim(diagnoses=INFECTION, paid_after=25)
    kit.add("A4222", 1)
    again = case.claim(diagnoses=INFECTION, paid_after=50, frequency="7", original=kit.claim_id)
    again.add("A4222", 1, denied=True)
    case.claim(diagnoses=INFECTION, paid_after=50, frequency="8").add("E0781", 1, modifiers="RR")


def out_of_scope(case: Case) -> None:
    """A Medicare or Medicaid member: another payer's rules."""
    terms = Terms(line_of_business=case.random.choice(("medicare", "medicare_advantage", "medicaid")))
    claim = case.claim(diagnoses=INFECTION)
    claim.add("S9500", 0, 6, terms=terms)
    claim.drug("J0696", 0, 6).terms = terms
    claim.add("A4222", 1, terms=terms)


def self_funded_in_order(case: Case) -> None:
    """An employer's own money, and nothing wrong."""
    terms = Terms(funding="self_funded")
    claim = case.claim(diagnoses=CANCER)
    claim.add("S9330", 0, 1, terms=terms)
    claim.drug("J9190", 0, 1).terms = terms


def second_payer_in_order(case: Case) -> None:
    """Another payer paid first, and nothing wrong."""
    terms = Terms(is_secondary=True)
    claim = case.claim(diagnoses=("I5022",))
    claim.add("S9348", 0, 13, terms=terms)
    claim.drug("J2260", 0, 13).terms = terms


def supplies_of_another_firm(case: Case) -> None:
    """Gloves, test strips and a nebuliser set from an equipment firm while a therapy runs."""
    course(case, "S9500", "J0696", 7, INFECTION)
    firm = case.claim(case.random.choice(EQUIPMENT_FIRMS), diagnoses=("E119", "J449"))
    firm.add("A4927", 1)
    firm.add("A4253", 1, units=2)
    firm.add("A7003", 1)


def unrelated_supplies(case: Case) -> None:
    """Ostomy pouches and test strips from the supplier itself: no part of an infusion."""
    claim = course(case, "S9500", "J0696", 7, INFECTION)
    claim.add("A4253", 3)
    claim.add("A4362", 3)


def supplies_without_therapy(case: Case) -> None:
    """Supplies of a supplier after its therapy ended."""
    course(case, "S9500", "J0696", 7, INFECTION)
    case.claim(diagnoses=INFECTION).add("A4222", 20)


def member_owned_batteries(case: Case) -> None:
    """Batteries of a pump that the member owns are payable beside a per diem."""
    claim = course(case, "S9347", "J3285", 28, ("I270",))
    claim.add("K0603", 3, units=6)
    claim.add("A4602", 3, units=2)


def member_owned_pump(case: Case) -> None:
    """A pump bought before the therapy, and a part of it replaced during it."""
    firm = case.random.choice(EQUIPMENT_FIRMS)
    case.claim(firm, diagnoses=("G893",)).add("E0781", -30, modifiers="NU")
    claim = course(case, "S9326", "J2270", 7, ("G893",))
    claim.add("E0781", 2, modifiers="RB")


def office_infusion(case: Case) -> None:
    """An infusion in an office, with saline and heparin flush, by a practice that bills no per diem."""
    claim = case.claim(case.random.choice(CLINICS), place="11", diagnoses=("K5090",))
    claim.add("96365")
    claim.add("96366", units=2)
    claim.drug("J1745")
    claim.add("J7050", units=1, paid="7.46")
    claim.add("J1642", units=50)
    claim.add("A4216", units=2)


def office_injection(case: Case) -> None:
    """An injection in an office while a home therapy runs."""
    course(case, "S9500", "J0696", 7, INFECTION)
    office = case.claim(case.random.choice(CLINICS), place="11", diagnoses=("E538",))
    office.add("96372", 3)
    office.drug("J3420", 3)


def pharmacy_injection(case: Case) -> None:
    """A self-injected drug from a pharmacy that bills no per diem."""
    case.claim(case.random.choice(PHARMACIES), diagnoses=("M0579",)).drug("J1438")


def nebuliser_drug(case: Case) -> None:
    """An inhaled drug from an equipment firm."""
    claim = case.claim(case.random.choice(EQUIPMENT_FIRMS), diagnoses=("J449",))
    claim.add("J7613", units=150, paid="18.60")
    claim.add("Q0513", paid="33.00")


def two_suppliers_in_turn(case: Case) -> None:
    """One supplier takes over from another the day after."""
    course(case, "S9500", "J0696", 7, INFECTION)
    claim = case.claim(other_than(INFUSION_SUPPLIERS, case.supplier, case.random), diagnoses=INFECTION)
    claim.add("S9500", 7, 13)
    claim.drug("J0696", 7, 13)


def agency_visits(case: Case) -> None:
    """Home health visits of an agency, by revenue code and by nurse code."""
    agency = case.random.choice(NURSING_AGENCIES)
    claim = case.claim(agency, place="", claim_type="institutional", bill_type="329", diagnoses=("I5022",))
    for offset in (0, 3, 7):
        claim.add("G0299", offset, units=3, revenue="0551")
    claim.add("", 10, revenue="0551", paid="141.20")


NOISE: tuple[Episode, ...] = (
    denied_pump, denied_per_diem, reversed_duplicate, replaced_claim, voided_claim, replaced_twice,
    two_replacements_of_one_claim, denied_replacement, out_of_scope, self_funded_in_order,
    second_payer_in_order, supplies_of_another_firm, unrelated_supplies, supplies_without_therapy,
    member_owned_batteries, member_owned_pump, office_infusion, office_injection, pharmacy_injection,
    nebuliser_drug, two_suppliers_in_turn, agency_visits,
)  # fmt: skip
