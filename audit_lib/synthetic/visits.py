"""The other nine tenths of a payer's file: what ordinary visits look like, read from `other_care.csv`.

None of it is in a rule's way: codes no rule considers, or considers and finds in order. Amounts are plausible
commercial payments in cents; for drugs and supplies they follow what Medicaid paid per claim (HHS open data).
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from audit_lib.synthetic import people
from audit_lib.synthetic.people import Provider

_TABLE = Path(__file__).with_name("other_care.csv")
_BILLERS = {
    "clinics": people.CLINICS,
    "hospitals": people.HOSPITALS,
    "laboratories": people.LABORATORIES,
    "equipment_firms": people.EQUIPMENT_FIRMS,
    "nursing_agencies": people.NURSING_AGENCIES,
    "pharmacies": people.PHARMACIES,
}


@dataclass(frozen=True, slots=True)
class Service:
    """A line of a visit: what is billed, cents paid from and to, and how often it is there."""

    code: str
    low: int
    high: int
    units: str
    chance: float
    modifier: str
    revenue: str
    ndc: str
    drug: str


@dataclass(frozen=True, slots=True)
class Visit:
    """A kind of claim and how common it is."""

    weight: int
    providers: tuple[Provider, ...]
    place: str
    bill_type: str
    is_stay: bool
    diagnoses: tuple[str, ...]
    services: tuple[Service, ...]


def _service(row: dict[str, str]) -> Service:
    return Service(
        row["code"],
        int(row["low"]),
        int(row["high"]),
        row["units"],
        float(row["chance"]),
        row["modifier"],
        row["revenue"],
        row["ndc"],
        row["drug"],
    )


def _visit(rows: list[dict[str, str]]) -> Visit:
    """Read a visit: its first row says what it is, each row is one of its services."""
    head = rows[0]
    return Visit(
        int(head["weight"]),
        _BILLERS[head["billed_by"]],
        head["place"],
        head["bill_type"],
        head["is_stay"] == "yes",
        tuple(head["diagnoses"].split(";")),
        tuple(_service(row) for row in rows),
    )


def _read() -> tuple[Visit, ...]:
    visits: dict[str, list[dict[str, str]]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            visits.setdefault(row["visit"], []).append(row)
    return tuple(_visit(rows) for rows in visits.values())


VISITS: tuple[Visit, ...] = _read()
