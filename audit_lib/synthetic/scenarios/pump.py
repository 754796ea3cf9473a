# ruff: noqa: D401 - the first line names what happened to the member
"""Rule implanted_pump_daily_billing: an implanted pump's per diem is owed for refill days only."""

from decimal import Decimal

from audit_lib.synthetic.case import Case
from audit_lib.synthetic.people import CLINICS, HOSPITALS, NURSING_AGENCIES
from audit_lib.synthetic.scenarios.common import Scenario

RULE = "implanted_pump_daily_billing"
PAIN = ("G894", "Z9689")


def month_for_one_refill(case: Case) -> None:
    """Thirty units billed, one refill on the fourth day."""
    claim = case.claim(diagnoses=PAIN)
    month = claim.add("S9328", 0, 29, paid="6336.47")
    claim.add("99601", 3)
    case.overpayment(RULE, month, "29 of 30 units without a refill", Decimal("6125.25"))


def month_for_two_refills(case: Case) -> None:
    """Thirty units, two refill days."""
    claim = case.claim(diagnoses=PAIN)
    month = claim.add("S9328", 0, 29, paid="5998.01")
    claim.add("99601", 0)
    claim.add("95990", 14)
    case.overpayment(RULE, month, "28 of 30 units without a refill", Decimal("5598.14"))


def more_units_than_days(case: Case) -> None:
    """Thirty-one units on thirty days; the surplus lies on the last day, where the refill was."""
    claim = case.claim(diagnoses=PAIN)
    month = claim.add("S9328", 0, 29, units=31, paid="6547.41")
    claim.add("99601", 29)
    case.overpayment(RULE, month, "30 of 31 units without a refill", Decimal("6336.20"))


def daily_claims(case: Case) -> None:
    """One claim a day for three days, refilled on the second."""
    visit_claim = case.claim(diagnoses=PAIN)
    visit_claim.add("99601", 1)
    for day in range(3):
        line = case.claim(diagnoses=PAIN).add("S9328", day)
        if day != 1:
            case.overpayment(RULE, line, "no refill on this day of the run")


def run_without_any_event(case: Case) -> None:
    """Five days running and no refill shown: the first stays, as a lead."""
    claim = case.claim(diagnoses=PAIN)
    lines = [claim.add("S9328", day) for day in range(5)]
    case.review(RULE, lines[0], "refill not evidenced")
    for line in lines[1:]:
        case.overpayment(RULE, line, "no refill in the run")


def single_day_without_event(case: Case) -> None:
    """One unit and no refill shown."""
    case.review(RULE, case.claim(diagnoses=PAIN).add("S9328"), "refill not evidenced")


def refill_kit_proves_nothing(case: Case) -> None:
    """A kit was billed, but nobody came; the kit itself stands beside the per diem only."""
    claim = case.claim(diagnoses=PAIN)
    case.review(RULE, claim.add("S9328"), "a kit is no refill")
    case.review("supply_with_per_diem", claim.add("A4220"), "kit, only the implanted pump's per diem overlaps")


def refilled_at_home(case: Case) -> None:
    """In order: by the supplier's nurse, by another's home infusion visit, by repair, by reprogramming."""
    for day, code in ((0, "99601"), (14, "62369"), (42, "62368")):
        claim = case.claim(diagnoses=PAIN)
        claim.add("S9328", day)
        claim.add(code, day)
    case.claim(diagnoses=PAIN).add("S9328", 28)
    case.claim(case.random.choice(NURSING_AGENCIES), diagnoses=PAIN).add("99601", 28)


def pump_repaired_at_home(case: Case) -> None:
    """A repair is an event; beside the implanted pump's per diem alone it is payable."""
    claim = case.claim(diagnoses=PAIN)
    claim.add("S9328")
    claim.add("S5036")


def nurse_of_an_agency(case: Case) -> None:
    """A general nurse of another provider does not show a refill."""
    case.review(RULE, case.claim(diagnoses=PAIN).add("S9328"), "only another provider's general nursing visit")
    case.claim(case.random.choice(NURSING_AGENCIES), diagnoses=PAIN).add("S9123", 0, units=2)


def nurse_by_revenue_code(case: Case) -> None:
    """The same visit billed by revenue code, without a procedure code."""
    case.review(RULE, case.claim(diagnoses=PAIN).add("S9328"), "only a visit by revenue code of another provider")
    agency = case.random.choice(NURSING_AGENCIES)
    visit = case.claim(agency, place="", claim_type="institutional", bill_type="0329", diagnoses=PAIN)
    visit.add("", 0, revenue="0551", paid="148.20")


def refill_in_a_clinic(case: Case) -> None:
    """Refilled in a clinic that day: no refill at home, and the clinic bills for it."""
    day = case.claim(diagnoses=PAIN).add("S9328")
    case.claim(case.random.choice(CLINICS), place="11", diagnoses=PAIN).add("62370")
    case.review(RULE, day, "the only refill was in a clinic")
    case.review("clinic_refill_billed_twice", day, "a clinic billed the refill of this day")


def refill_in_a_hospital(case: Case) -> None:
    """A month billed, refilled once in a hospital clinic on a day after the first."""
    claim = case.claim(diagnoses=PAIN)
    month = claim.add("S9328", 0, 9, paid="2112.15")
    hospital = case.random.choice(HOSPITALS)
    clinic = case.claim(hospital, place="", claim_type="institutional", bill_type="0131", diagnoses=PAIN)
    clinic.add("95991", 4, revenue="0510")
    case.overpayment(RULE, month, "9 of 10 units without a refill", Decimal("1900.94"))
    case.review("clinic_refill_billed_twice", month, "a hospital billed the refill of one day", Decimal("211.22"))


def one_unit_on_a_month(case: Case) -> None:
    """One unit on a month with a refill inside: as it should be, however it is written."""
    claim = case.claim(diagnoses=PAIN)
    claim.add("S9328", 0, 29, units=1, paid="211.21")
    claim.add("99601", 10)


def two_claims_for_one_refill(case: Case) -> None:
    """The same refill day on two claims: the later-paid one is surplus."""
    first = case.claim(diagnoses=PAIN, paid_after=20)
    first.add("S9328")
    first.add("99601")
    second = case.claim(diagnoses=PAIN, paid_after=40)
    case.overpayment(RULE, second.add("S9328"), "second unit on one refill day")


def two_runs(case: Case) -> None:
    """Two runs with a gap; each is judged by its own refills."""
    claim = case.claim(diagnoses=PAIN)
    first = claim.add("S9328", 0, 1, paid="423.45")
    second = claim.add("S9328", 10, 12, paid="635.17")
    claim.add("99601", 1)
    claim.add("99601", 11)
    case.overpayment(RULE, first, "1 of 2 units without a refill", Decimal("211.73"))
    case.overpayment(RULE, second, "2 of 3 units without a refill", Decimal("423.45"))


def replaced_month(case: Case) -> None:
    """A month billed by mistake and replaced by its one refill day."""
    month = case.claim(diagnoses=PAIN, paid_after=44)
    month.add("S9328", 0, 29)
    right = case.claim(diagnoses=PAIN, paid_after=60, frequency="7", original=month.claim_id)
    right.add("S9328", 5)
    right.add("99601", 5)


def units_missing(case: Case) -> None:
    """Without units nothing can be decided."""
    claim = case.claim(diagnoses=PAIN)
    claim.add("S9328", 0, 2, units="")
    claim.add("99601", 0)


def denied_visit(case: Case) -> None:
    """A denied visit shows no refill."""
    claim = case.claim(diagnoses=PAIN)
    case.review(RULE, claim.add("S9328"), "the only visit was denied")
    claim.add("99601", denied=True)


SCENARIOS: tuple[Scenario, ...] = (
    month_for_one_refill, month_for_two_refills, more_units_than_days, daily_claims, run_without_any_event,
    single_day_without_event, refill_kit_proves_nothing, refilled_at_home, pump_repaired_at_home,
    nurse_of_an_agency, nurse_by_revenue_code, refill_in_a_clinic, refill_in_a_hospital, one_unit_on_a_month,
    two_claims_for_one_refill, two_runs, replaced_month, units_missing, denied_visit,
)  # fmt: skip
