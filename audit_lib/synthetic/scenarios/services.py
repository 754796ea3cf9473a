# ruff: noqa: D401 - the first line names what happened to the member
"""Rule bundled_service_with_per_diem: dispensing, delivery, upkeep, teaching that a per diem includes."""

from decimal import Decimal

from audit_lib.synthetic.case import Case
from audit_lib.synthetic.people import EQUIPMENT_FIRMS, PHARMACIES
from audit_lib.synthetic.scenarios.common import INFECTION, Scenario, antibiotic_week

RULE = "bundled_service_with_per_diem"


def pharmacy_services(case: Case) -> None:
    """Compounding and delivery billed beside the per diem."""
    claim = antibiotic_week(case)
    compounding = claim.add("S9430", 0, 9, units=10, paid="275.72")
    case.overpayment(RULE, compounding, "compounding, 7 of 10 days covered", Decimal("193.00"))
    case.overpayment(RULE, claim.add("A9901", 0), "delivery and set-up")
    case.overpayment(RULE, claim.add("S5035", 2), "routine pump service")


def pharmacist_by_the_hour(case: Case) -> None:
    """A pharmacist's hours are never owed beside a per diem, whoever bills them and wherever."""
    antibiotic_week(case)
    pharmacy = case.random.choice(PHARMACIES)
    hours = case.claim(pharmacy, place="01").add("S9810", 2, units=2)
    case.overpayment(RULE, hours, "pharmacist's hours of another provider")
    case.claim(pharmacy, place="01").add("S9810", 20, units=2)


def soft_services(case: Case) -> None:
    """Teaching and coordination: included by description, so a lead."""
    claim = antibiotic_week(case)
    for code in ("K0739", "S9381", "S5108", "S9445", "T1016", "J0911", "99605"):
        case.review(RULE, claim.add(code, 3), "service that the per diem describes as its own")


def services_with_other_therapies(case: Case) -> None:
    """Any per diem of the provider includes them: tube feeding, injections, catheter care."""
    feeding = case.claim(diagnoses=("R1310",))
    feeding.add("S9342", 0, 6)
    feeding.drug("B4150", 0, 6)
    case.overpayment(RULE, feeding.add("S9430", 1), "compounding with tube feeding")
    care = case.claim(diagnoses=("Z452",))
    care.add("S5498", 20, 26)
    case.review(RULE, care.add("T1016", 22), "case management with catheter care")


def upkeep_of_a_members_own_pump(case: Case) -> None:
    """Bought pump, or its batteries within a year: upkeep is payable."""
    firm = case.claim(case.random.choice(EQUIPMENT_FIRMS))
    firm.add("E0781", -20, modifiers="NU")
    claim = antibiotic_week(case)
    claim.add("S5036", 2)
    claim.add("K0739", 2)


def upkeep_after_batteries(case: Case) -> None:
    """Batteries billed the same day show that the pump is the member's own."""
    claim = antibiotic_week(case)
    claim.add("K0601", 2, units=4)
    claim.add("S5036", 2)
    case.overpayment(RULE, claim.add("S5036", 1), "repair a day before any sign of ownership")


def services_without_a_per_diem(case: Case) -> None:
    """Before the therapy, in an office, or by another provider: nothing."""
    antibiotic_week(case)
    case.claim(diagnoses=INFECTION).add("S9430", -5)
    case.claim(place="11", diagnoses=INFECTION).add("S9445", 2)
    case.claim(case.random.choice(EQUIPMENT_FIRMS)).add("A9901", 2)


SCENARIOS: tuple[Scenario, ...] = (
    pharmacy_services, pharmacist_by_the_hour, soft_services, services_with_other_therapies,
    upkeep_of_a_members_own_pump, upkeep_after_batteries, services_without_a_per_diem,
)  # fmt: skip
