# ruff: noqa: D401 - the first line names what happened to the member
"""Rules on per diem codes that exclude each other and on the modifiers of therapies at the same time."""

from decimal import Decimal

from audit_lib.synthetic.case import Case, Claim
from audit_lib.synthetic.scenarios.common import INFECTION, Scenario, another_supplier
from audit_lib.synthetic.scenarios.tpn import SHORT_BOWEL

CONFLICT = "per_diem_code_conflict"
MODIFIER = "concurrent_therapy_modifier"


def unspecific_beside_specific(case: Case) -> None:
    """The code without a volume beside the one with it."""
    claim = case.claim(diagnoses=SHORT_BOWEL)
    case.overpayment(CONFLICT, claim.add("S9364", 0, 9), "unspecified volume beside a volume band")
    claim.add("S9366", 0, 9)
    fluids = case.claim(diagnoses=("E860",))
    line = fluids.add("S9373", 20, 26, paid="642.61")
    fluids.add("S9375", 24, 29)
    fluids.drug("J7030", 20, 29)
    case.overpayment(CONFLICT, line, "unspecified volume, 3 of 7 days beside a band", Decimal("275.40"))


def unspecific_schedules(case: Case) -> None:
    """Pain, chemotherapy and antibiotic without their schedule, beside it."""
    for day, vague, exact, drug in (
        (0, "S9325", "S9326", "J2270"),
        (10, "S9329", "S9330", "J9190"),
        (20, "S9494", "S9501", "J0692"),
    ):
        claim = case.claim(diagnoses=("C189", "L03115"))
        case.overpayment(CONFLICT, claim.add(vague, day, day + 1), "unspecified schedule beside its exact code")
        claim.add(exact, day, day + 1)
        claim.drug(drug, day, day + 1)


def two_volume_bands(case: Case) -> None:
    """Two volumes on the same days: the better paid stays."""
    claim = case.claim(diagnoses=SHORT_BOWEL)
    lower = claim.add("S9365", 5, 9, paid="701.03")
    claim.add("S9366", 0, 6, paid="1690.50")
    case.overpayment(CONFLICT, lower, "lower volume band, 2 of 5 days", Decimal("280.41"))


def two_volume_bands_paid_alike(case: Case) -> None:
    """Paid alike by the day: the later claim gives way."""
    first = case.claim(diagnoses=("E860",), paid_after=25)
    first.add("S9374", 0, 3, paid="480.00")
    first.drug("J7030", 0, 3)
    second = case.claim(diagnoses=("E860",), paid_after=40)
    line = second.add("S9376", 0, 3, paid="480.00")
    second.drug("J7030", 0, 3)
    case.overpayment(CONFLICT, line, "a second volume band, paid alike and later")


def soft_conflicts(case: Case) -> None:
    """Feeding and catheter care without their kind, beside it: a lead."""
    feeding = case.claim(diagnoses=("R1310",))
    vague = feeding.add("S9340", 0, 9)
    feeding.add("S9342", 0, 9)
    case.review(CONFLICT, vague, "unspecified tube feeding beside its method")
    care = case.claim(diagnoses=("Z452",))
    line = care.add("S5497", 20, 26, paid="168.07")
    care.add("S5498", 26, 32)
    case.review(CONFLICT, line, "unspecified catheter care, 1 of 7 days beside its kind", Decimal("24.01"))


def handover_between_codes(case: Case) -> None:
    """One code ends on the day the other begins: a change of therapy, so a lead."""
    claim = case.claim(diagnoses=INFECTION)
    line = claim.add("S9494", 0, 6, paid="842.83")
    claim.drug("J0696", 0, 6)
    claim.add("S9500", 6, 12)
    claim.drug("J0696", 7, 12)
    case.review(CONFLICT, line, "1 of 7 days, the day of handover", Decimal("120.40"))


def heparin_flush_as_injection_therapy(case: Case) -> None:
    """An injection per diem whose only heparin is a flush; with a heparin drug it is in order."""
    claim = case.claim(diagnoses=("Z452",))
    case.review(CONFLICT, claim.add("S9372", 0, 6), "anticoagulant injections, only a heparin flush")
    claim.add("J1642", 0, 6, units=70)
    therapy = case.claim(diagnoses=("Z7901",))
    therapy.add("S9372", 20, 26)
    therapy.drug("J1644", 20, 26)


def codes_of_two_suppliers(case: Case) -> None:
    """Two suppliers with two codes of one pair do not exclude each other."""
    first = case.claim(diagnoses=SHORT_BOWEL)
    first.add("S9364", 0, 6)
    case.claim(another_supplier(case), diagnoses=SHORT_BOWEL).add("S9365", 0, 6)


def antibiotics(case: Case, *courses: tuple[str, str, str]) -> Claim:
    """Bill several antibiotics over the same week: per diem, drug, modifiers."""
    claim = case.claim(diagnoses=INFECTION)
    for per_diem, drug, modifiers in courses:
        claim.add(per_diem, 0, 6, modifiers=modifiers)
        claim.drug(drug, 0, 6)
    return claim


def two_bare_therapies(case: Case) -> None:
    """Two therapies, none marked as the second: the lower-paid one lacks SH."""
    claim = case.claim(diagnoses=INFECTION)
    lower = claim.add("S9500", 0, 6, paid="871.78")
    claim.drug("J0696", 0, 6)
    claim.add("S9501", 0, 6, paid="988.89")
    claim.drug("J0692", 0, 6)
    case.review(MODIFIER, lower, "second therapy without SH")


def three_therapies_two_second(case: Case) -> None:
    """Two of three are marked as the second: the lower-paid of them lacks SJ."""
    claim = antibiotics(case, ("S9502", "J2185", ""), ("S9501", "J0692", "SH"))
    lower = claim.add("S9374", 0, 6, modifiers="SH", paid="712.40")
    claim.drug("J7030", 0, 6)
    case.review(MODIFIER, lower, "third therapy without SJ")


def three_bare_therapies(case: Case) -> None:
    """Three at once and none marked: two lack a modifier."""
    claim = case.claim(diagnoses=INFECTION)
    claim.add("S9503", 0, 4, paid="892.40")
    claim.drug("J2543", 0, 4)
    second = claim.add("S9501", 0, 4, paid="706.35")
    claim.drug("J0692", 0, 4)
    third = claim.add("S9500", 0, 4, paid="622.70")
    claim.drug("J0878", 0, 4)
    case.review(MODIFIER, second, "second therapy without SH")
    case.review(MODIFIER, third, "third therapy without SJ")


def therapies_that_overlap_in_part(case: Case) -> None:
    """Three common days: the share of the lower-paid line."""
    claim = case.claim(diagnoses=INFECTION)
    claim.add("S9502", 0, 6, paid="1210.93")
    claim.drug("J2185", 0, 6)
    lower = claim.add("S9500", 4, 10, paid="871.78")
    claim.drug("J0878", 4, 10)
    case.review(MODIFIER, lower, "second therapy without SH on 3 of 7 days", Decimal("373.62"))


def therapies_in_turn_or_marked(case: Case) -> None:
    """A handover day, both modifiers on one line, another supplier: nothing."""
    claim = case.claim(diagnoses=INFECTION)
    claim.add("S9502", 0, 6)
    claim.drug("J2185", 0, 6)
    claim.add("S9500", 6, 12)
    claim.drug("J0878", 6, 12)
    other = case.claim(another_supplier(case), diagnoses=("I5022",))
    other.add("S9348", 0, 6)
    other.drug("J2260", 0, 6)
    marked = case.claim(diagnoses=INFECTION)
    marked.add("S9501", 20, 26)
    marked.drug("J0692", 20, 26)
    marked.add("S9500", 20, 26, modifiers="SH SJ")
    marked.drug("J0878", 20, 26)


def implanted_pump_beside_an_antibiotic(case: Case) -> None:
    """The implanted pump's per diem is no therapy that needs a modifier."""
    antibiotics(case, ("S9500", "J0696", ""))
    refill = case.claim(diagnoses=("G894",))
    refill.add("S9328", 3)
    refill.add("99601", 3)


SCENARIOS: tuple[Scenario, ...] = (
    unspecific_beside_specific, unspecific_schedules, two_volume_bands, two_volume_bands_paid_alike,
    soft_conflicts, handover_between_codes, heparin_flush_as_injection_therapy, codes_of_two_suppliers,
    two_bare_therapies, three_therapies_two_second, three_bare_therapies, therapies_that_overlap_in_part,
    therapies_in_turn_or_marked, implanted_pump_beside_an_antibiotic,
)  # fmt: skip
