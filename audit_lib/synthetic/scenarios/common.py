"""What many scenarios start from: a therapy that is in order."""

from collections.abc import Callable

from audit_lib.synthetic.case import Case, Claim

Scenario = Callable[[Case], None]

INFECTION = ("L03115",)


def antibiotic_week(case: Case, place: str = "12", first: int = 0) -> Claim:
    """Bill seven days of ceftriaxone with its drug: in order under every rule."""
    claim = case.claim(place=place, diagnoses=INFECTION)
    claim.add("S9500", first, first + 6)
    claim.drug("J0696", first, first + 6)
    return claim
