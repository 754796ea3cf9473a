# ruff: noqa: D401 - the first line names what happened to the member
"""Rules on where a per diem may stand, and on per diems during a stay in hospital."""

from decimal import Decimal

from audit_lib.synthetic.case import Case, Claim
from audit_lib.synthetic.people import HOSPITALS
from audit_lib.synthetic.scenarios.common import INFECTION, Scenario, antibiotic_week

PLACE = "per_diem_place_of_service"
STAY = "per_diem_during_inpatient_stay"


def week_in_a_facility(case: Case) -> None:
    """Weeks of home therapy billed for hospital, nursing facility and hospice."""
    for week, place in enumerate(("22", "31", "34")):
        claim = case.claim(place=place, diagnoses=INFECTION)
        case.overpayment(PLACE, claim.add("S9500", week * 7, week * 7 + 6), f"per diem at place {place}")
        claim.drug("J0696", week * 7, week * 7 + 6)


def week_at_a_doubtful_place(case: Case) -> None:
    """An office, a nursing home without skilled care, another place: leads."""
    for week, place in enumerate(("11", "32", "99", "01")):
        claim = case.claim(place=place, diagnoses=INFECTION)
        case.review(PLACE, claim.add("S9500", week * 7, week * 7 + 6), f"per diem at place {place}")
        claim.drug("J0696", week * 7, week * 7 + 6)


def week_at_a_home(case: Case) -> None:
    """Assisted living, a shelter, the suite are in order; without a place it cannot be told."""
    for week, place in enumerate(("13", "04", "49", "")):
        antibiotic_week(case, place, week * 7)


def dialysis_and_feeding_elsewhere(case: Case) -> None:
    """Dialysis in its centre and feeding in a nursing facility are in order, feeding in an office is not."""
    case.claim(place="65", diagnoses=("N186",)).add("S9335", 0, 2)
    case.claim(place="31", diagnoses=("R1310",)).add("S9342", 0, 6)
    line = case.claim(place="11", diagnoses=("R1310",)).add("S9342", 10, 16)
    case.review(PLACE, line, "tube feeding in an office")
    hospital = case.claim(place="22", diagnoses=("N186",)).add("S9335", 10)
    case.overpayment(PLACE, hospital, "dialysis per diem in a hospital")


def home_visit_in_an_office(case: Case) -> None:
    """A home infusion visit that did not take place at home."""
    antibiotic_week(case)
    visit = case.claim(place="11", diagnoses=INFECTION)
    case.review(PLACE, visit.add("99601", 3), "home visit in an office")
    case.review(PLACE, visit.add("99602", 3), "home visit in an office")
    case.claim(place="49", diagnoses=INFECTION).add("99601", 5)
    case.review(PLACE, case.claim(place="22").add("G0068", 10), "home visit in a hospital")


def stay(case: Case, first: int, last: int, bill_type: str = "0111", *, dated: bool = True) -> Claim:
    """Bill a stay in hospital from admission to discharge."""
    claim = case.claim(
        case.random.choice(HOSPITALS),
        place="",
        claim_type="institutional",
        bill_type=bill_type,
        diagnoses=("A419",),
        admission=first if dated else None,
        discharge=last if dated else None,
    )
    claim.add("", first, last, revenue="0120", units=max(1, last - first), paid="6210.40")
    claim.add("", first, last, revenue="0250", paid="842.15")
    return claim


def course_through_a_stay(case: Case) -> None:
    """In hospital from day 3 to day 7 of a ten-day course: three days between."""
    claim = case.claim(diagnoses=INFECTION)
    line = claim.add("S9500", 0, 9, paid="1245.41")
    claim.drug("J0696", 0, 9)
    stay(case, 3, 7)
    case.overpayment(STAY, line, "3 of 10 days inside a stay", Decimal("373.62"))


def course_through_a_transfer(case: Case) -> None:
    """Two stays that share a day are one; the second gives no dates of its own."""
    claim = case.claim(diagnoses=INFECTION)
    line = claim.add("S9501", 0, 13, paid="1977.79")
    claim.drug("J0692", 0, 13)
    stay(case, 2, 5)
    stay(case, 5, 9, dated=False)
    case.overpayment(STAY, line, "6 of 14 days inside a stay with a transfer", Decimal("847.62"))


def feeding_through_a_nursing_stay(case: Case) -> None:
    """A stay in a skilled nursing facility counts too, for every per diem."""
    line = case.claim(diagnoses=("R1310",)).add("S9342", 0, 20, paid="575.41")
    refill = case.claim(diagnoses=("G894",))
    pump = refill.add("S9328", 12)
    refill.add("99601", 12)
    stay(case, 10, 19, "0211")
    case.overpayment(STAY, line, "8 of 21 days inside a nursing stay", Decimal("219.20"))
    case.overpayment(STAY, pump, "implanted pump per diem inside a nursing stay")


def course_around_a_stay(case: Case) -> None:
    """Up to admission, from discharge on, an outpatient visit and a denied stay: in order."""
    before = case.claim(diagnoses=INFECTION)
    before.add("S9500", 0, 4)
    before.drug("J0696", 0, 4)
    stay(case, 4, 9)
    after = case.claim(diagnoses=INFECTION)
    after.add("S9500", 9, 20)
    after.drug("J0696", 9, 20)
    hospital = case.random.choice(HOSPITALS)
    outpatient = case.claim(hospital, place="", claim_type="institutional", bill_type="0131")
    outpatient.add("99284", 12, 14, revenue="0450", paid="812.70")
    denied = case.claim(hospital, place="", claim_type="institutional", bill_type="0111", admission=15, discharge=19)
    denied.add("", 15, 19, revenue="0120", paid="5112.80", denied=True)


SCENARIOS: tuple[Scenario, ...] = (
    week_in_a_facility, week_at_a_doubtful_place, week_at_a_home, dialysis_and_feeding_elsewhere,
    home_visit_in_an_office, course_through_a_stay, course_through_a_transfer, feeding_through_a_nursing_stay,
    course_around_a_stay,
)  # fmt: skip
