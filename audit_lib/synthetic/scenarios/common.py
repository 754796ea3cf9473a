"""What many scenarios start from: a therapy that is in order."""

from collections.abc import Callable

from audit_lib.synthetic.case import Case, Claim
from audit_lib.synthetic.people import INFUSION_SUPPLIERS, Provider, other_than

Scenario = Callable[[Case], None]

INFECTION = ("L03115",)


def antibiotic_week(case: Case, place: str = "12", first: int = 0) -> Claim:
    """Bill seven days of ceftriaxone with its drug: in order under every rule."""
    claim = case.claim(place=place, diagnoses=INFECTION)
    claim.add("S9500", first, first + 6)
    claim.drug("J0696", first, first + 6)
    return claim


def serve_another_member(case: Case) -> None:
    """Let the supplier bill somebody else a per diem: a supplier it is, whatever else is in the file."""
    claim = case.claim(diagnoses=INFECTION, member=case.other_member())
    claim.add("S9500", 0, 6)
    claim.drug("J0696", 0, 6)


def another_supplier(case: Case) -> Provider:
    """Return a supplier that is not the case's own."""
    return other_than(INFUSION_SUPPLIERS, case.supplier, case.random)
