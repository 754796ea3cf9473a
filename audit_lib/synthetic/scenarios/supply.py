# ruff: noqa: D401 - the first line names what happened to the member
"""Rule supply_with_per_diem: supplies and equipment paid beside a per diem that includes them."""

from decimal import Decimal

from audit_lib.synthetic.case import Case, Claim
from audit_lib.synthetic.people import EQUIPMENT_FIRMS, HOSPITALS
from audit_lib.synthetic.scenarios.common import Scenario, antibiotic_week

RULE = "supply_with_per_diem"


def pump_on_a_per_diem_day(case: Case) -> None:
    """Core equipment: the whole pump rental, and a pole whose line has no last day."""
    claim = antibiotic_week(case)
    case.overpayment(RULE, claim.add("E0781", 0, modifiers="RR"), "pump on a per diem day")
    pole = claim.add("E0776", 0, modifiers="RR")
    pole.has_through_date = False
    case.overpayment(RULE, pole, "pole on a per diem day, no last day on the line")


def supplies_beyond_the_course(case: Case) -> None:
    """Ten days of supplies, seven of them covered: an awkward share."""
    claim = antibiotic_week(case)
    supplies = claim.add("A4222", 0, 9, units=10, paid="301.01")
    case.overpayment(RULE, supplies, "supply kit, 7 of 10 days covered", Decimal("210.71"))


def supplies_over_a_gap(case: Case) -> None:
    """Two courses with a gap between them; each covered day counts once."""
    claim = antibiotic_week(case)
    claim.add("S9500", 10, 13)
    claim.drug("J0696", 10, 13)
    claim.add("S9501", 5, 6, modifiers="SH")
    claim.drug("J0692", 5, 6)
    supplies = claim.add("A4221", 0, 13, paid="95.33")
    case.overpayment(RULE, supplies, "11 of 14 days covered, two of them twice", Decimal("74.90"))


def gloves_same_and_other_claim(case: Case) -> None:
    """General supplies: on the per diem's claim proven, on another claim a lead."""
    claim = antibiotic_week(case)
    case.overpayment(RULE, claim.add("A4927", 1), "gloves on the per diem's claim")
    case.overpayment(RULE, claim.add("A9270", 1), "non-covered item on the per diem's claim")
    other = case.claim()
    case.review(RULE, other.add("A4927", 4), "gloves on another claim")
    case.review(RULE, other.add("A9270", 4), "non-covered item on another claim")


def insulin_pump_supplies(case: Case) -> None:
    """Insulin pump supplies belong to the insulin per diem."""
    claim = case.claim(diagnoses=("E1065",))
    claim.add("S9353", 0, 6)
    claim.drug("J1817", 0, 6)
    case.overpayment(RULE, claim.add("A4230", 1), "infusion set with the insulin per diem")
    claim.add("E0784", 20, modifiers="RR")


def insulin_pump_with_an_antibiotic(case: Case) -> None:
    """An insulin pump has nothing to do with an antibiotic."""
    antibiotic_week(case).add("E0784", 1, modifiers="RR")


def dialysis_and_irrigation_supplies(case: Case) -> None:
    """Supplies that only their own per diem includes."""
    dialysis = case.claim(diagnoses=("N186",))
    dialysis.add("S9339", 0, 13)
    supplies = dialysis.add("A4690", 7, 20, paid="161.35")
    case.overpayment(RULE, supplies, "dialysis supply, 7 of 14 days covered", Decimal("80.68"))
    dialysis.add("A4222", 2)
    irrigation = case.claim(case.supplier, diagnoses=("N312",))
    irrigation.add("S9590", 30, 33)
    case.overpayment(RULE, irrigation.add("A4320", 31), "irrigation tray with irrigation")


def access_catheter_at_home(case: Case) -> None:
    """An access catheter supplied to the home."""
    case.overpayment(RULE, antibiotic_week(case).add("A4300", 2), "access catheter at home")


def access_catheter_in_the_suite(case: Case) -> None:
    """The same in an infusion suite is a lead only."""
    case.review(RULE, antibiotic_week(case, place="49").add("A4300", 2), "access catheter in the suite")


def supplies_the_policy_does_not_name(case: Case) -> None:
    """Included by its general wording only."""
    claim = antibiotic_week(case)
    for code in ("K0552", "S1015", "E1399"):
        case.review(RULE, claim.add(code, 3), "included by general wording")
    claim.add("B4035", 3)


def tube_feeding_set(case: Case) -> None:
    """Sets and pumps of tube feeding are tied to its per diem alone."""
    claim = case.claim(diagnoses=("R1310",))
    claim.add("S9342", 0, 9)
    claim.drug("B4150", 0, 9)
    kits = claim.add("B4035", 4, 13, units=10, paid="121.81")
    case.review(RULE, kits, "feeding sets, 6 of 10 days covered", Decimal("73.09"))
    case.review(RULE, claim.add("B9002", 0, modifiers="RR"), "feeding pump")
    claim.add("A4222", 1)


def implanted_pump_device(case: Case) -> None:
    """An implanted pump billed at home is doubtful, in hospital it is not."""
    claim = antibiotic_week(case)
    case.review(RULE, claim.add("E0783", 2), "implantable pump billed at home")
    case.claim(case.supplier, place="22").add("E0783", 2)


def supplies_in_a_nursing_home(case: Case) -> None:
    """Elsewhere than at home core supplies are a lead, others nothing."""
    antibiotic_week(case)
    elsewhere = case.claim(place="31")
    case.review(RULE, elsewhere.add("A4222", 2), "supply kit in a nursing home")
    elsewhere.add("A4927", 2)
    elsewhere.add("A4300", 2)
    antibiotic_pole = case.claim(place="99")
    case.review(RULE, antibiotic_pole.add("E0776", 3), "pole at another place")


def supplies_in_a_facility(case: Case) -> None:
    """In a facility nothing is found, and implant items never are."""
    claim = antibiotic_week(case)
    claim.add("A4641", 2)
    facility = case.claim(place="22")
    facility.add("E0781", 2)
    facility.add("A4222", 2)


def supplies_without_a_place(case: Case) -> None:
    """No place on the line: read as home, unless the bill type tells another."""
    antibiotic_week(case)
    case.overpayment(RULE, case.claim(place="").add("A4223", 2), "supply kit without a place")
    home_health = case.claim(place="", claim_type="institutional", bill_type="0329")
    case.overpayment(RULE, home_health.add("A4222", 3, revenue="0270"), "home bill type")
    outpatient = case.claim(place="", claim_type="institutional", bill_type="0131")
    outpatient.add("A4222", 3, revenue="0270")


def implanted_pump_per_diem_alone(case: Case) -> None:
    """Beside the implanted pump's per diem alone an overpayment is a lead."""
    claim = refill(case, 0)
    case.review(RULE, claim.add("A4222", 0), "only the implanted pump's per diem overlaps")
    case.review(RULE, claim.add("A4220", 0), "refill kit, only the implanted pump's per diem overlaps")


def implanted_pump_beside_another_therapy(case: Case) -> None:
    """With a second therapy beside it, it is proven again."""
    antibiotic_week(case)
    refill(case, 3)
    case.overpayment(RULE, case.claim().add("A4222", 3), "an antibiotic per diem overlaps too")


def supplies_of_another_provider(case: Case) -> None:
    """A per diem of another provider: core supplies are a lead."""
    antibiotic_week(case)
    firm = case.claim(case.random.choice(EQUIPMENT_FIRMS))
    pump = firm.add("E0781", 4, 10, modifiers="RR", paid="258.47")
    case.review(RULE, pump, "another provider's per diem, 3 of 7 days covered", Decimal("110.77"))
    firm.add("A4927", 4)
    firm.add("S1015", 4)


def catheter_care_supplies(case: Case) -> None:
    """Catheter care includes its supplies, but only its own provider's."""
    care = case.claim(diagnoses=("Z452",))
    care.add("S5501", 0, 13)
    case.overpayment(RULE, care.add("A4221", 0, 13, paid="46.49"), "supplies with catheter care")
    case.claim(case.random.choice(EQUIPMENT_FIRMS)).add("A4221", 5)


def needles_with_an_injection_per_diem(case: Case) -> None:
    """An injection per diem includes needles and syringes, no infusion kit."""
    claim = case.claim(diagnoses=("Z7901",))
    claim.add("S9372", 0, 4)
    claim.drug("J1644", 0, 4)
    case.overpayment(RULE, claim.add("A4206", 1, units=10), "syringes with anticoagulant injections")
    claim.add("A4222", 1)


def per_diem_applied_to_the_deductible(case: Case) -> None:
    """A per diem that the member paid was still allowed, and still includes the pole."""
    claim = case.claim()
    claim.add("S9500", 0, 6, paid="0.00", allowed="868.00")
    claim.drug("J0696", 0, 6)
    case.overpayment(RULE, claim.add("E0776", 1), "pole, the per diem went to the deductible")
    unpaid = claim.add("A4222", 2, paid="0.00", allowed="92.87")
    case.overpayment(RULE, unpaid, "allowed, but paid nothing")


def pump_that_the_member_owns(case: Case) -> None:
    """Bought earlier: the later pump line and a replaced part are excepted, another pump is not."""
    firm = case.claim(case.random.choice(EQUIPMENT_FIRMS))
    firm.add("E0781", -20, modifiers="NU")
    claim = antibiotic_week(case)
    claim.add("E0781", 1, modifiers="RR")
    claim.add("A4222", 1, modifiers="RB")
    claim.add("K0601", 1)
    case.overpayment(RULE, claim.add("E0791", 2, modifiers="RR"), "a pump the member does not own")


def replaced_supply_claim(case: Case) -> None:
    """Only the replacement of a claim counts."""
    antibiotic_week(case)
    first = case.claim(paid_after=25)
    first.add("A4222", 1, 6, paid="557.22")
    second = case.claim(paid_after=50, frequency="7", original=first.claim_id)
    case.overpayment(RULE, second.add("A4222", 1, 2, paid="185.74"), "on the replacement claim")


def partly_reversed_supply(case: Case) -> None:
    """What was taken back already is not owed again."""
    claim = antibiotic_week(case)
    kit = claim.add("A4222", 0, 2, paid="278.61")
    claim.reverse(kit, paid_after=68, amount="92.87")
    case.overpayment(RULE, kit, "kit, a third of it already reversed", Decimal("185.74"))
    pump = claim.add("E0781", 0, modifiers="RR")
    claim.reverse(pump, paid_after=68)


def hospital_supplies(case: Case) -> None:
    """A hospital's outpatient supplies on a per diem day are its own affair."""
    antibiotic_week(case)
    hospital = case.random.choice(HOSPITALS)
    claim = case.claim(hospital, place="", claim_type="institutional", bill_type="0131")
    claim.add("A4222", 3, revenue="0270")


def refill(case: Case, day: int) -> Claim:
    """Bill an implanted pump's refill at home, in order."""
    claim = case.claim(diagnoses=("G894",))
    claim.add("S9328", day)
    claim.add("99601", day)
    return claim


SCENARIOS: tuple[Scenario, ...] = (
    pump_on_a_per_diem_day, supplies_beyond_the_course, supplies_over_a_gap, gloves_same_and_other_claim,
    insulin_pump_supplies, insulin_pump_with_an_antibiotic, dialysis_and_irrigation_supplies,
    access_catheter_at_home, access_catheter_in_the_suite, supplies_the_policy_does_not_name,
    tube_feeding_set, implanted_pump_device, supplies_in_a_nursing_home, supplies_in_a_facility,
    supplies_without_a_place, implanted_pump_per_diem_alone, implanted_pump_beside_another_therapy,
    supplies_of_another_provider, catheter_care_supplies, needles_with_an_injection_per_diem,
    per_diem_applied_to_the_deductible, pump_that_the_member_owns, replaced_supply_claim,
    partly_reversed_supply, hospital_supplies,
)  # fmt: skip
