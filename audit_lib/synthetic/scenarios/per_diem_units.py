# ruff: noqa: D401 - the first line names what happened to the member
"""Rules on days paid twice, units beyond days, and per diems beyond the days of infusion."""

from decimal import Decimal

from audit_lib.synthetic.case import Case
from audit_lib.synthetic.scenarios.common import INFECTION, Scenario, another_supplier, antibiotic_week

TWICE = "per_diem_duplicate_day"
UNITS = "per_diem_units_exceed_days"
INFUSION_DAYS = "per_diem_exceeds_infusion_days"


def week_on_two_claims(case: Case) -> None:
    """The same week on two live claims, and once more in part."""
    first = case.claim(diagnoses=INFECTION, paid_after=25)
    first.add("S9500", 0, 6)
    first.drug("J0696", 0, 6)
    again = case.claim(diagnoses=INFECTION, paid_after=40)
    case.overpayment(TWICE, again.add("S9500", 0, 6), "the whole week a second time")
    again.drug("J0696", 0, 6)
    part = case.claim(diagnoses=INFECTION, paid_after=50)
    line = part.add("S9500", 4, 10, paid="871.79")
    part.drug("J0696", 4, 10)
    case.overpayment(TWICE, line, "3 of 7 days paid before", Decimal("373.62"))


def day_between_two_weeks(case: Case) -> None:
    """Each week bills the day on which they meet."""
    first = case.claim(diagnoses=INFECTION, paid_after=25)
    first.add("S9502", 0, 7)
    first.drug("J2185", 0, 7)
    second = case.claim(diagnoses=INFECTION, paid_after=40)
    line = second.add("S9502", 7, 13, paid="1211.01")
    second.drug("J2185", 7, 13)
    case.overpayment(TWICE, line, "1 of 7 days paid before", Decimal("173.00"))


def week_of_two_suppliers(case: Case) -> None:
    """Two suppliers bill the same code for the same days; which of them is right cannot be told."""
    first = case.claim(diagnoses=INFECTION, paid_after=25)
    first.add("S9500", 0, 6)
    first.drug("J0696", 0, 6)
    other = case.claim(another_supplier(case), diagnoses=INFECTION, paid_after=50)
    line = other.add("S9500", 3, 9, paid="899.99")
    other.drug("J0696", 3, 9)
    case.review(TWICE, line, "4 of 7 days billed by another supplier", Decimal("514.28"))


def feeding_on_two_claims(case: Case) -> None:
    """Tube feeding is a per diem as well."""
    first = case.claim(diagnoses=("R1310",), paid_after=40)
    first.add("S9342", 0, 13)
    again = case.claim(diagnoses=("R1310",), paid_after=45)
    case.overpayment(TWICE, again.add("S9342", 7, 13), "a week of tube feeding a second time")


def two_drugs_two_slots(case: Case) -> None:
    """The same code for a second drug, marked as the second therapy: no duplicate."""
    claim = antibiotic_week(case)
    claim.add("S9500", 0, 6, modifiers="SH")
    claim.drug("J1335", 0, 6)


def one_unit_too_many(case: Case) -> None:
    """Eight units for seven days."""
    claim = case.claim(diagnoses=INFECTION)
    line = claim.add("S9500", 0, 6, units=8, paid="1000.03")
    claim.drug("J0696", 0, 6)
    case.overpayment(UNITS, line, "8 units on 7 days", Decimal("125.00"))


def feeding_twice_a_day(case: Case) -> None:
    """Sixty units for thirty days of tube feeding."""
    line = case.claim(diagnoses=("R1310",)).add("S9342", 0, 29, units=60, paid="1644.01")
    case.overpayment(UNITS, line, "60 units on 30 days", Decimal("822.01"))


def span_on_its_first_day(case: Case) -> None:
    """Seven units on one day: likely a week billed on its first day."""
    claim = case.claim(diagnoses=INFECTION)
    line = claim.add("S9500", units=7, paid="871.15")
    claim.drug("J0696")
    case.review(UNITS, line, "7 units on one day, no line on the days after", Decimal("746.70"))


def span_that_others_fill(case: Case) -> None:
    """Seven units on one day, and the fourth day billed again: no span."""
    claim = case.claim(diagnoses=INFECTION)
    line = claim.add("S9500", units=7, paid="871.15")
    claim.add("S9500", 3)
    claim.drug("J0696", 0, 3)
    case.overpayment(UNITS, line, "7 units on one day, a day after it billed too", Decimal("746.70"))


def odd_units(case: Case) -> None:
    """Fractions and more units than a month has."""
    claim = case.claim(diagnoses=INFECTION)
    fraction = claim.add("S9500", 0, units="1.5", paid="186.81")
    many = claim.add("S9500", 2, units=40, paid="4981.60")
    week = claim.add("S9500", 10, 16, units="7.5", paid="934.05")
    claim.drug("J0696", 0, 2)
    claim.drug("J0696", 10, 16)
    case.review(UNITS, fraction, "a fraction of a unit on one day", Decimal("62.27"))
    case.review(UNITS, many, "40 units on one day", Decimal("4857.06"))
    case.overpayment(UNITS, week, "7.5 units on 7 days", Decimal("62.27"))


def units_left_out(case: Case) -> None:
    """Without units nothing can be decided, with fewer than days nothing is wrong."""
    claim = case.claim(diagnoses=INFECTION)
    claim.add("S9500", 0, 6, units="")
    claim.drug("J0696", 0, 6)
    claim.add("S9500", 10, 16, units=3)
    claim.drug("J0696", 10, 16)


def week_for_one_infusion(case: Case) -> None:
    """A week of per diems for one day of immune globulin."""
    claim = case.claim(diagnoses=("D839",))
    line = claim.add("S9338", 0, 6, paid="486.91")
    claim.drug("J1459")
    claim.add("99601")
    case.review(INFUSION_DAYS, line, "7 units, 1 day of infusion", Decimal("417.35"))


def month_for_one_infusion(case: Case) -> None:
    """Four weeks of per diems for one day of infliximab."""
    claim = case.claim(diagnoses=("K5090",))
    line = claim.add("S9359", 0, 27, paid="1957.21")
    claim.drug("J1745")
    case.review(INFUSION_DAYS, line, "28 units, 1 day of infusion", Decimal("1887.31"))


def one_day_more_than_infusions(case: Case) -> None:
    """Three units for two days of enzyme; two units would be in order."""
    claim = case.claim(diagnoses=("E7522",))
    line = claim.add("S9357", 0, 13, units=3, paid="229.90")
    claim.drug("J1786", 0)
    claim.drug("J1786", 7)
    case.review(INFUSION_DAYS, line, "3 units, 2 days of infusion", Decimal("76.63"))
    right = case.claim(diagnoses=("E7522",))
    right.add("S9357", 21, 34, units=2)
    right.drug("J1786", 21)
    right.drug("J1786", 28)


def daily_schedules(case: Case) -> None:
    """A drug under the skin, one billed over several days, and one without an interval: not measured."""
    under_the_skin = case.claim(diagnoses=("D839",))
    under_the_skin.add("S9338", 0, 6)
    under_the_skin.drug("J1559")
    several_days = case.claim(diagnoses=("D839",))
    several_days.add("S9338", 10, 16)
    several_days.drug("J1459", 10, 12)
    two_drugs = case.claim(diagnoses=("D839",))
    two_drugs.add("S9338", 20, 26)
    two_drugs.drug("J1459", 20)
    two_drugs.add("J9312", 21, units=100, paid="7021.40")


SCENARIOS: tuple[Scenario, ...] = (
    week_on_two_claims, day_between_two_weeks, week_of_two_suppliers, feeding_on_two_claims,
    two_drugs_two_slots, one_unit_too_many, feeding_twice_a_day, span_on_its_first_day, span_that_others_fill,
    odd_units, units_left_out, week_for_one_infusion, month_for_one_infusion, one_day_more_than_infusions,
    daily_schedules,
)  # fmt: skip
