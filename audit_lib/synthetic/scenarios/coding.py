"""Rule invalid_code_on_service_date: codes that did not exist, or not on that day."""

from datetime import date

from audit_lib.synthetic.case import Case
from audit_lib.synthetic.people import CLINICS, EQUIPMENT_FIRMS
from audit_lib.synthetic.scenarios.common import INFECTION, Scenario, antibiotic_week
from audit_lib.synthetic.scenarios.tpn import nutrition_month

RULE = "invalid_code_on_service_date"
VANCOMYCIN_UNTIL = date(2025, 6, 30)
FUROSEMIDE_UNTIL = date(2025, 3, 31)
CALCIUM_CHLORIDE_FROM = date(2025, 7, 1)


def no_such_per_diem(case: Case) -> None:
    """Codes inside the printed ranges that no list knows."""
    claim = antibiotic_week(case)
    for code in ("S9350", "S9499", "S5510"):
        case.review(RULE, claim.add(code, 2, paid="61.40"), "no such code in the printed range")
    claim.add("S9529", 2, paid="12.00")


def old_drug_codes(case: Case) -> None:
    """Vancomycin and furosemide under codes that ended during 2025."""
    claim = case.claim(diagnoses=INFECTION)
    claim.add("S9501", 0, 4)
    vancomycin = claim.add("J3370", 0, 4, units=20, paid="146.60")
    if vancomycin.first > VANCOMYCIN_UNTIL:
        case.review(RULE, vancomycin, "code ended 2025-06-30")
    other = case.claim(diagnoses=("I5023",))
    other.add("S9361", 10, 12)
    furosemide = other.add("J1940", 10, 12, units=12, paid="15.24")
    if furosemide.first > FUROSEMIDE_UNTIL:
        case.review(RULE, furosemide, "code ended 2025-03-31")


def new_code_too_early(case: Case) -> None:
    """Calcium chloride in nutrition: included, and before July 2025 under a code that was not yet valid."""
    calcium = nutrition_month(case, 14).add("J0618", 0, 13, units=14, paid="41.02")
    case.overpayment("tpn_base_product", calcium, "calcium chloride by code")
    if calcium.first < CALCIUM_CHLORIDE_FROM:
        case.review(RULE, calcium, "code began 2025-07-01")


def codes_ended_long_ago(case: Case) -> None:
    """Codes that ended years before, on claims of a practice and an equipment firm."""
    practice = case.claim(case.random.choice(CLINICS), place="11", diagnoses=("M0579",))
    practice.add("96372", paid="16.76")
    case.review(RULE, practice.add("J9250", units=5, paid="3.10"), "code ended 2024-03-31")
    case.review(RULE, practice.add("J1170", paid="3.20"), "code ended 2024-09-30")
    firm = case.claim(case.random.choice(EQUIPMENT_FIRMS), diagnoses=("J90",))
    case.review(RULE, firm.add("A7042", paid="182.00"), "code ended 2014-12-31")


SCENARIOS: tuple[Scenario, ...] = (no_such_per_diem, old_drug_codes, new_code_too_early, codes_ended_long_ago)
