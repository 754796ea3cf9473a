# ruff: noqa: D401 - the first line names what happened to the member
"""Home infusion episodes as they should be billed: every therapy family, in order under every rule."""

from collections.abc import Callable

from audit_lib.synthetic.case import Case, Claim
from audit_lib.synthetic.people import CLINICS, HOSPITALS, NURSING_AGENCIES

Episode = Callable[[Case], None]

INFECTION = ("L03115", "Z452")
CANCER = ("C189", "Z5111")


def course(case: Case, per_diem: str, drug: str, days: int, diagnoses: tuple[str, ...]) -> Claim:
    """Bill a per diem with its drug on the same claim and days; a nurse comes on the first."""
    claim = case.claim(diagnoses=diagnoses)
    claim.add(per_diem, 0, days - 1)
    claim.drug(drug, 0, days - 1)
    claim.add("99601")
    return claim


def infusion_days(case: Case, per_diem: str, drug: str, offsets: tuple[int, ...], diagnoses: tuple[str, ...]) -> None:
    """Bill single infusion days, as for drugs given every week or two."""
    claim = case.claim(diagnoses=diagnoses)
    for offset in offsets:
        claim.add(per_diem, offset)
        claim.drug(drug, offset)
        claim.add("99601", offset)


def ceftriaxone(case: Case) -> None:
    """Once-daily antibiotic, one week after another."""
    for week in range(case.random.randint(1, 3)):
        claim = case.claim(diagnoses=INFECTION)
        claim.add("S9500", week * 7, week * 7 + 6)
        claim.drug("J0696", week * 7, week * 7 + 6)
        claim.add("99601", week * 7)


def after_hospital(case: Case) -> None:
    """A hospital stay, then an antibiotic at home from the day of discharge on."""
    stay = case.claim(
        case.random.choice(HOSPITALS),
        place="",
        claim_type="institutional",
        bill_type="111",
        diagnoses=INFECTION,
        admission=-5,
        discharge=0,
    )
    stay.add("", -5, 0, revenue="0120", units=5, paid="7418.55")
    stay.add("", -5, 0, revenue="0250", paid="1204.17")
    course(case, "S9501", "J3370", 10, INFECTION)


def broad_antibiotics(case: Case) -> None:
    """An antibiotic given several times a day; the per diem follows the schedule."""
    per_diem, drug = case.random.choice(
        (("S9501", "J0692"), ("S9502", "J2185"), ("S9502", "J0690"), ("S9503", "J2543"), ("S9500", "J0878"))
    )
    course(case, per_diem, drug, case.random.randint(5, 14), INFECTION)


def two_antibiotics(case: Case) -> None:
    """Two therapies at once: the second carries SH."""
    claim = course(case, "S9500", "J1335", 7, INFECTION)
    claim.add("S9501", 0, 6, modifiers="SH")
    claim.drug("J3370", 0, 6)


def three_therapies(case: Case) -> None:
    """Chemotherapy, antiemetic and hydration at once: bare, SH and SJ."""
    claim = course(case, "S9330", "J9190", 2, CANCER)
    claim.add("S9351", 0, 1, modifiers="SH")
    claim.drug("J2405", 0, 1)
    claim.add("S9374", 0, 1, modifiers="SJ")
    claim.drug("J7030", 0, 1)


def parenteral_nutrition(case: Case) -> None:
    """Nutrition by the month with lipids and insulin, which may be billed beside it."""
    per_diem = case.random.choice(("S9365", "S9366", "S9367"))
    claim = case.claim(diagnoses=("K912", "E43"))
    claim.add(per_diem, 0, 29)
    claim.drug("B4185", 0, 29)
    if case.random.random() < 0.5:
        claim.drug("J1815", 0, 29)
    claim.add("99601", 0)
    claim.add("99601", 14)


def hydration(case: Case) -> None:
    """Fluids at home; the fluid is the drug of this therapy."""
    course(case, "S9374", "J7030", case.random.randint(2, 6), ("E860",))


def chemotherapy(case: Case) -> None:
    """A two-day pump of fluorouracil; the nurse stays longer."""
    claim = course(case, "S9330", "J9190", 2, CANCER)
    claim.add("99602", 0, units=1)


def pain_pump(case: Case) -> None:
    """Continuous morphine by an external pump."""
    course(case, "S9326", case.random.choice(("J2270", "J1171")), 7, ("G893",))


def implanted_pump_refill(case: Case) -> None:
    """An implanted pump refilled at home: one per diem on each refill day, shown by the nurse's visit."""
    claim = case.claim(diagnoses=("G894", "Z9689"))
    for offset in (0, 28):
        claim.add("S9328", offset)
        claim.drug("J2278", offset)
        claim.add("99601", offset)


def implanted_pump_reprogrammed(case: Case) -> None:
    """An implanted pump reprogrammed at home by the supplier's clinician."""
    claim = case.claim(diagnoses=("G894",))
    claim.add("S9328")
    claim.add("62368")


def immune_globulin(case: Case) -> None:
    """Immune globulin on two days running, four weeks apart."""
    infusion_days(case, "S9338", case.random.choice(("J1569", "J1459")), (0, 1, 28, 29), ("D839",))


def hemophilia(case: Case) -> None:
    """Clotting factor, which the member may give himself."""
    claim = case.claim(diagnoses=("D66",))
    claim.add("S9345", 0, 3)
    claim.drug(case.random.choice(("J7192", "J7195")), 0, 3)


def pulmonary_hypertension(case: Case) -> None:
    """Prostacyclin without interruption."""
    course(case, "S9347", case.random.choice(("J3285", "J1325")), 28, ("I270",))


def inotrope(case: Case) -> None:
    """Milrinone or dobutamine for heart failure."""
    course(case, "S9348", case.random.choice(("J2260", "J1250")), 14, ("I5022",))


def tube_feeding(case: Case) -> None:
    """Tube feeding with its formula; the pump set is inside the per diem and not billed."""
    claim = case.claim(diagnoses=("R1310", "Z931"))
    claim.add(case.random.choice(("S9341", "S9342", "S9343")), 0, 29)
    claim.drug("B4150", 0, 29)


def catheter_care(case: Case) -> None:
    """Catheter care between two courses, when no drug runs."""
    case.claim(diagnoses=("Z452",)).add(case.random.choice(("S5498", "S5501")), 0, 13)


def enzyme(case: Case) -> None:
    """Enzyme replacement every other week."""
    infusion_days(case, "S9357", "J1786", (0, 14), ("E7522",))


def anti_tnf(case: Case) -> None:
    """Infliximab every eight weeks: one day."""
    infusion_days(case, "S9359", "J1745", (0,), ("K5090",))


def alpha_one(case: Case) -> None:
    """Alpha-1 proteinase inhibitor once a week."""
    infusion_days(case, "S9346", "J0256", (0, 7, 14, 21), ("E8801",))


def steroid(case: Case) -> None:
    """Three days of methylprednisolone."""
    course(case, "S9490", "J2919", 3, ("G35",))


def diuretic(case: Case) -> None:
    """Furosemide by vein."""
    course(case, "S9361", "J1940", 5, ("I5023",))


def antiemetic(case: Case) -> None:
    """Ondansetron by pump."""
    course(case, "S9351", "J2405", 5, ("O211",))


def antispasmodic(case: Case) -> None:
    """Methocarbamol by vein."""
    course(case, "S9363", "J2800", 3, ("M6283",))


def insulin(case: Case) -> None:
    """Continuous insulin; the insulin is the drug of this therapy."""
    claim = case.claim(diagnoses=("E1065",))
    claim.add("S9353", 0, 29)
    claim.drug("J1817", 0, 29)


def chelation(case: Case) -> None:
    """Deferoxamine over the night."""
    course(case, "S9355", "J0895", 10, ("D561",))


def anticoagulant(case: Case) -> None:
    """Continuous heparin."""
    course(case, "S9336", "J1644", 5, ("I2699",))


def anticoagulant_injection(case: Case) -> None:
    """Heparin injections before an operation."""
    claim = case.claim(diagnoses=("Z7901",))
    claim.add("S9372", 0, 4)
    claim.drug("J1644", 0, 4)


def tocolytic(case: Case) -> None:
    """Terbutaline by pump."""
    course(case, "S9349", "J3105", 7, ("O6003",))


def transfusion(case: Case) -> None:
    """Blood at home, with its nurse."""
    claim = case.claim(diagnoses=("D469",))
    claim.add("S9538")
    claim.drug("P9016")
    claim.add("99601")
    claim.add("99602", units=2)


def irrigation(case: Case) -> None:
    """Irrigation of a bladder."""
    case.claim(diagnoses=("N312",)).add("S9590", 0, 9)


def peritoneal_dialysis(case: Case) -> None:
    """Dialysis at home; its fluids are inside the per diem."""
    case.claim(diagnoses=("N186", "Z992")).add("S9339", 0, 27)


def iron(case: Case) -> None:
    """Intravenous iron, for which there is no per diem of its own."""
    infusion_days(case, "S9379", "J1756", (0, 7), ("D509",))


def suite(case: Case) -> None:
    """Infliximab in the supplier's infusion suite."""
    claim = case.claim(place="49", diagnoses=("M0579",))
    claim.add("S9359")
    claim.drug("J1745")


def agency_nurse(case: Case) -> None:
    """The drug comes from the pharmacy, the nurse from an agency."""
    claim = case.claim(diagnoses=INFECTION)
    claim.add("S9502", 0, 6)
    claim.drug("J2185", 0, 6)
    case.claim(case.random.choice(NURSING_AGENCIES), diagnoses=INFECTION).add("S9123", 1, units=2)
    case.claim(case.random.choice(CLINICS), place="11", diagnoses=INFECTION).add("99214", 3, paid="118.40")


EPISODES: tuple[Episode, ...] = (
    ceftriaxone, after_hospital, broad_antibiotics, two_antibiotics, three_therapies, parenteral_nutrition,
    hydration, chemotherapy, pain_pump, implanted_pump_refill, implanted_pump_reprogrammed, immune_globulin,
    hemophilia, pulmonary_hypertension, inotrope, tube_feeding, catheter_care, enzyme, anti_tnf, alpha_one,
    steroid, diuretic, antiemetic, antispasmodic, insulin, chelation, anticoagulant, anticoagulant_injection,
    tocolytic, transfusion, irrigation, peritoneal_dialysis, iron, suite, agency_nurse,
)  # fmt: skip
