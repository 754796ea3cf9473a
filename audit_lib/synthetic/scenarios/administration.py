# ruff: noqa: D401 - the first line names what happened to the member
"""Rules on initial infusion services in clinics, and on nursing codes that need or exclude a visit."""

from decimal import Decimal

from audit_lib.synthetic.case import Case, Claim
from audit_lib.synthetic.people import CLINICS, HOSPITALS, NURSING_AGENCIES, other_than
from audit_lib.synthetic.scenarios.common import INFECTION, Scenario, antibiotic_week
from audit_lib.synthetic.therapies import CANCER

INITIAL = "multiple_initial_services"
NURSING = "nursing_add_on_without_visit"


def office(case: Case, day: int = 0) -> Claim:
    """Open a practice's claim with a drug of that day."""
    claim = case.claim(case.random.choice(CLINICS), place="11", diagnoses=CANCER)
    claim.add("J1756", day, units=200, paid="91.20", name="VENOFER 200 MG")
    return claim


def two_initial_services(case: Case) -> None:
    """Infusion and chemotherapy both as the first of the day: the better paid stays."""
    claim = office(case)
    lower = claim.add("96365", paid="88.49")
    claim.add("96413", paid="157.22")
    case.overpayment(INITIAL, lower, "second initial service of the day")


def initial_service_twice(case: Case) -> None:
    """Two units of one initial service; and the same on two claims."""
    line = office(case).add("96365", units=2, paid="167.01")
    case.overpayment(INITIAL, line, "1 of 2 units beyond the first", Decimal("83.51"))
    practice = case.random.choice(CLINICS)
    case.claim(practice, place="11", diagnoses=CANCER, paid_after=35).add("96374", 10, paid="44.10")
    again = case.claim(practice, place="11", diagnoses=CANCER, paid_after=45).add("96374", 10, paid="44.10")
    case.overpayment(INITIAL, again, "initial service on a second claim, paid later")


def hospital_ranks(case: Case) -> None:
    """In a hospital the order of services decides, not the payment."""
    hospital = case.random.choice(HOSPITALS)
    claim = case.claim(hospital, place="", claim_type="institutional", bill_type="0131", diagnoses=CANCER)
    claim.add("96413", paid="281.15", revenue="0335")
    hydration = claim.add("96360", paid="302.40", revenue="0260")
    case.overpayment(INITIAL, hydration, "hydration ranks below chemotherapy")


def second_site(case: Case) -> None:
    """A modifier for a second site allows a second; a third is a lead."""
    claim = office(case)
    claim.add("96365", paid="90.10")
    claim.add("96413", paid="151.20", modifiers="59")
    three = office(case, 7)
    third = three.add("96365", 7, paid="88.80")
    three.add("96413", 7, paid="152.10", modifiers="59")
    three.add("96374", 7, paid="43.20", modifiers="XS")
    case.review(INITIAL, third, "third initial service of the day")


def units_beyond_the_sites(case: Case) -> None:
    """Three units with one modifier: two sites, one unit too many."""
    line = office(case).add("96365", units=3, paid="250.01", modifiers="XU")
    case.overpayment(INITIAL, line, "1 of 3 units beyond two sites", Decimal("83.34"))


def initial_services_apart(case: Case) -> None:
    """Two providers, two days, add-on codes: in order."""
    first = case.random.choice(CLINICS)
    case.claim(first, place="11", diagnoses=CANCER).add("96365", paid="88.40")
    second = case.claim(other_than(CLINICS, first, case.random), place="11", diagnoses=CANCER)
    second.add("96365", paid="91.30")
    second.add("96366", units=2, paid="41.20")
    second.add("96375", paid="21.23")
    case.claim(first, place="11", diagnoses=CANCER).add("96413", 1, paid="144.00")


def extra_hour_without_a_visit(case: Case) -> None:
    """An extra hour without the visit it extends; with a denied visit; with another provider's."""
    claim = antibiotic_week(case)
    case.overpayment(NURSING, claim.add("99602", 1, units=2), "extra hours, no visit")
    case.overpayment(NURSING, claim.add("99602", 3), "extra hour, the visit was denied")
    claim.add("99601", 3, denied=True)
    case.overpayment(NURSING, claim.add("99602", 5), "extra hour, the visit was another provider's")
    case.claim(case.random.choice(NURSING_AGENCIES), diagnoses=INFECTION).add("99601", 5)


def visit_with_an_extra_hour(case: Case) -> None:
    """As it should be."""
    claim = antibiotic_week(case)
    claim.add("99601", 1)
    claim.add("99602", 1)
    case.claim(case.random.choice(NURSING_AGENCIES), diagnoses=INFECTION).add("S9123", 1, units=2)


def general_nursing_beside_a_visit(case: Case) -> None:
    """The same agency bills the visit and general nursing by the hour."""
    antibiotic_week(case)
    claim = case.claim(case.random.choice(NURSING_AGENCIES), diagnoses=INFECTION)
    claim.add("99601", 2)
    case.overpayment(NURSING, claim.add("S9123", 2, units=2), "general nursing beside the visit")
    case.overpayment(NURSING, claim.add("S9124", 2, units=1), "general nursing beside the visit")
    claim.add("S9123", 4, units=2)


def professional_services_beside_a_visit(case: Case) -> None:
    """The codes of another scheme, beside the visit and in two categories."""
    claim = antibiotic_week(case)
    claim.add("99601", 1)
    case.review(NURSING, claim.add("G0068", 1, units=4), "beside a home infusion visit")
    for code in ("G0068", "G0070"):
        case.review(NURSING, claim.add(code, 4, units=4), "two categories on one day")
    claim.add("G0068", 6, units=4)
    claim.add("G0088", 6, units=4)


SCENARIOS: tuple[Scenario, ...] = (
    two_initial_services, initial_service_twice, hospital_ranks, second_site, units_beyond_the_sites,
    initial_services_apart, extra_hour_without_a_visit, visit_with_an_extra_hour,
    general_nursing_beside_a_visit, professional_services_beside_a_visit,
)  # fmt: skip
