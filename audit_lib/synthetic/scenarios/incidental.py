# ruff: noqa: D401 - the first line names what happened to the member
"""Rule incidental_injection_per_diem: injection per diems that the drug's own payment includes."""

from audit_lib.synthetic.case import Case
from audit_lib.synthetic.people import CLINICS
from audit_lib.synthetic.scenarios.common import Scenario, serve_another_member

RULE = "incidental_injection_per_diem"
INJECTIONS = (
    ("S9537", "J1442", "growth factor"),
    ("S9558", "J2941", "growth hormone"),
    ("S9559", "J1830", "interferon"),
    ("S9560", "J9217", "hormone"),
)


def injection_per_diems(case: Case) -> None:
    """A nurse gives the injection; the drug and the visit are owed, the per diem is not."""
    for week, (per_diem, drug, note) in enumerate(INJECTIONS):
        claim = case.claim(diagnoses=("D709",))
        case.overpayment(RULE, claim.add(per_diem, week * 7), f"injection per diem, {note}")
        claim.add(drug, week * 7)
        claim.add("99601", week * 7)


def bone_drug_at_home(case: Case) -> None:
    """Denosumab by the nurse, with the unspecified injection per diem."""
    claim = case.claim(diagnoses=("M810",))
    case.overpayment(RULE, claim.add("S9542"), "injection per diem, unspecified")
    claim.add("J0897", units=60, paid="1241.60", ndc="55513071001", name="PROLIA 60 MG")
    claim.add("99601")


def antibody_in_an_office(case: Case) -> None:
    """In an office too, and by a practice that bills no other per diem."""
    claim = case.claim(case.random.choice(CLINICS), place="11", diagnoses=("P0739",))
    case.overpayment(RULE, claim.add("S9562"), "injection per diem in an office")
    claim.add("90378", units=3, paid="2460.75")
    claim.add("96372")


def per_diem_without_anything(case: Case) -> None:
    """No drug line, or nothing paid: still found; denied: not."""
    claim = case.claim(diagnoses=("D709",))
    case.overpayment(RULE, claim.add("S9542", 0, 2), "injection per diem without a drug")
    unpaid = claim.add("S9542", 7, paid="0.00", allowed="68.25")
    case.overpayment(RULE, unpaid, "allowed, but paid nothing")
    claim.add("S9542", 9, denied=True)


def growth_hormone_by_post(case: Case) -> None:
    """The supplier sends growth hormone to a member who has no other therapy: nobody injects it for him."""
    serve_another_member(case)
    claim = case.claim(diagnoses=("E230",))
    case.overpayment(RULE, claim.add("S9558", 0, 6), "injection per diem, growth hormone")
    hormone = claim.add("J2941", 0, 6, units=21, paid="1894.20")
    case.review("self_administered_drug", hormone, "self-injected, from a supplier, no per diem of this member")


SCENARIOS: tuple[Scenario, ...] = (
    injection_per_diems, bone_drug_at_home, antibody_in_an_office, per_diem_without_anything,
    growth_hormone_by_post,
)  # fmt: skip
