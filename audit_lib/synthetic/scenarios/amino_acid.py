# ruff: noqa: D401 - the first line names what happened to the member
"""Rule tpn_high_concentration_amino_acid: 15 % and more, payable for fluid-restricted members only."""

from decimal import Decimal

from audit_lib.synthetic.case import Case
from audit_lib.synthetic.scenarios.common import Scenario
from audit_lib.synthetic.scenarios.tpn import SHORT_BOWEL, nutrition_month

RULE = "tpn_high_concentration_amino_acid"


def concentrated_by_name(case: Case) -> None:
    """Names of 15 % products, with no diagnosis that restricts fluid."""
    claim = nutrition_month(case)
    for code, name in (
        ("B4178", "CLINISOL 15%"),
        ("B4178", "PROSOL 20% 500 ML"),
        ("J3490", "AMINOSYN II 15%"),
        ("J3490", "Amino Acids 15%"),
    ):
        line = claim.add(code, 0, 29, units=30, name=name)
        case.review(RULE, line, "concentrated amino acid, no fluid restriction on the claim")


def concentrated_by_package(case: Case) -> None:
    """The same by package number, beyond the days of the per diem."""
    claim = nutrition_month(case, 20)
    line = claim.add("B4178", 10, 29, units=20, paid="1203.33", ndc="00264450000")
    case.review(RULE, line, "concentrated amino acid by package, 10 of 20 days covered", Decimal("601.67"))


def fluid_restricted(case: Case) -> None:
    """Heart, kidney or liver failure on the claim frees it."""
    for day, diagnosis in ((0, "I5022"), (15, "N179"), (30, "K7460")):
        claim = case.claim(diagnoses=(*SHORT_BOWEL, diagnosis))
        claim.add("S9365", day, day + 13)
        claim.add("B4178", day, day + 13, units=14, name="PLENAMINE 15%")


def weaker_amino_acid(case: Case) -> None:
    """The same brand in a usual strength is a base product."""
    line = nutrition_month(case).add("J3490", 0, 29, units=30, name="AMINOSYN II 8.5%")
    case.overpayment("tpn_base_product", line, "base amino acid by name")


SCENARIOS: tuple[Scenario, ...] = (
    concentrated_by_name, concentrated_by_package, fluid_restricted, weaker_amino_acid,
)  # fmt: skip
