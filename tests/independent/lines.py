"""A claim line and what stands beside it, in the words of the rules' first section."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from tests.independent.lists import HOME, INCIDENTAL, SUITE, by_code
from tests.independent.plan import Plan

PER_DIEMS = {
    code: row for code, row in by_code("per_diem_codes").items() if row["per_diem"] == "yes" and code not in INCIDENTAL
}
INFUSIONS = frozenset(code for code, row in PER_DIEMS.items() if row["infusion"] == "yes")
# The delivered list lacks the codes by which home health and hospice bill their nurses.
_OF_AGENCIES = {"rn_visit": ("G0162", "G0493", "G0495"), "lpn_visit": ("G0494", "G0496")}
NURSING = by_code("nursing_codes") | {code: {"role": role} for role, codes in _OF_AGENCIES.items() for code in codes}
_BILL_TYPES = {
    "21": ("11", "12"),
    "31": ("18", "21", "22", "23"),
    "22": ("13", "14", "71", "72", "73", "74", "75", "76", "77", "83", "85"),
    "12": ("32", "33", "34"),
    "34": ("81", "82"),
}
_PLACES = {prefix: place for place, prefixes in _BILL_TYPES.items() for prefix in prefixes}
NEVER = date(9999, 12, 31)
# A line's claim and its number there.
Key = tuple[str, int]


class Decision(NamedTuple):
    """A rule's answer on a line, the dollars that it names, and the line that proves it, if any does."""

    outcome: str
    amount: Decimal = Decimal("0.00")
    proof: Key | None = None


PASS, EXCEPTED, NOT_EVALUABLE = Decision("pass"), Decision("excepted"), Decision("not_evaluable")


@dataclass(frozen=True, eq=False)
class Line:
    """One claim line as delivered; '' and None where the file has nothing."""

    claim_id: str
    claim_line_number: int
    member_id: str
    provider_id: str
    claim_type: str
    code: str
    modifiers: frozenset[str]
    revenue_code: str
    first_day: date
    last_day: date
    paid_date: date | None
    paid: Decimal
    allowed: Decimal | None
    units: Decimal | None
    place: str
    bill_type: str
    diagnoses: frozenset[str]
    ndc: str
    drug_name: str
    status: str
    line_of_business: str
    funding: str
    other_payer_paid: Decimal
    claim_days: tuple[date | None, date | None]
    stay_days: tuple[date | None, date | None]

    @cached_property
    def days(self) -> frozenset[date]:
        """Every calendar day of the line."""
        return frozenset(self.first_day + timedelta(n) for n in range((self.last_day - self.first_day).days + 1))

    @cached_property
    def is_denied(self) -> bool:
        """Whether its status says so, or nothing was paid and nothing allowed."""
        return self.status == "denied" or (self.paid == 0 and not self.allowed)

    @cached_property
    def is_allowed(self) -> bool:
        """Whether rules consider it: a per diem wholly applied to a deductible is allowed though paid 0."""
        return not self.is_denied and ((self.allowed or 0) > 0 or (not self.allowed and self.paid > 0))

    @cached_property
    def is_per_diem(self) -> bool:
        """Whether it is an allowed per diem, the incidental ones left out."""
        return self.is_allowed and self.code in PER_DIEMS

    @cached_property
    def is_rn_visit(self) -> bool:
        """Whether it is an allowed visit of a registered nurse, by code or else by revenue code."""
        row = NURSING.get(self.code or self.revenue_code, {})
        return self.is_allowed and row.get("role") == ("rn_visit" if self.code else "rn_visit_facility_rev")

    @property
    def has_provider(self) -> bool:
        """Whether the row, or another of its claim, says whose it is."""
        return not self.provider_id.startswith("claim ")

    @property
    def key(self) -> Key:
        """What other lines name it by."""
        return self.claim_id, self.claim_line_number

    @property
    def order(self) -> tuple[date, str, int]:
        """Its place in the order of lines."""
        return self.paid_date or NEVER, self.claim_id, self.claim_line_number

    @property
    def paid_per_day(self) -> Fraction:
        """What was paid, spread over its days."""
        return Fraction(self.paid) / len(self.days)

    @property
    def whole(self) -> Decimal:
        """The whole line's payment, as an amount."""
        return max(self.paid, Decimal("0.00"))

    def share(self, days: Collection[date]) -> Decimal:
        """Return the part of the payment that falls on some of its days."""
        return cents(Fraction(self.whole) * len(days) / len(self.days))

    def overlaps(self, other: Line) -> bool:
        """Tell whether another line has a day in common with it."""
        return self is not other and not self.days.isdisjoint(other.days)

    def is_at(self, *places: str) -> bool:
        """Tell whether it stands at one of places; 'home', 'suite', 'missing' or a code."""
        named = "home" if self.place in HOME else {SUITE: "suite", "": "missing"}.get(self.place, self.place)
        return named in places or self.place in places


def cents(amount: Fraction) -> Decimal:
    """Round half up to cents."""
    return Decimal((2 * 100 * amount.numerator + amount.denominator) // (2 * amount.denominator)) / 100


def line_of(row: dict[str, str]) -> Line:
    """Read one row of a claims file in the canonical layout."""
    first = date.fromisoformat(row["claim_line_start_date"])
    bill_type = row["bill_type_code"].lstrip("0")
    place = row["place_of_service_code"] or (_PLACES.get(bill_type[:2], "99") if bill_type else "")
    return Line(
        row["claim_id"],
        int(row["claim_line_number"]),
        row["member_id"],
        re.sub(r"\D", "", row["billing_tin"]) or row["billing_npi"] or f"claim {row['claim_id']}",
        row["claim_type"] or ("institutional" if bill_type else "professional"),
        row["hcpcs_code"].upper(),
        _filled(row[f"hcpcs_modifier_{n}"] for n in range(1, 6)),
        row["revenue_center_code"],
        first,
        max(_day(row["claim_line_end_date"]) or first, first),
        _day(row["paid_date"]),
        Decimal(row["paid_amount"] or 0),
        _number(row["allowed_amount"]),
        _number(row["service_unit_quantity"]),
        place,
        bill_type,
        _filled(row[f"diagnosis_code_{n}"].replace(".", "") for n in range(1, 5)),
        row["ndc_code"],
        row["drug_name"],
        row["claim_line_status"].lower(),
        row["line_of_business"].lower(),
        row["funding"].lower(),
        Decimal(row["other_payer_paid_amount"] or 0),
        (_day(row["claim_start_date"]), _day(row["claim_end_date"])),
        (_day(row["admission_date"]), _day(row["discharge_date"])),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _filled(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(text.upper() for text in texts if text)


@dataclass(frozen=True, eq=False)
class Member:
    """All lines of one member, what other members' lines tell of their providers, and what the plan settled."""

    lines: tuple[Line, ...]
    suppliers: frozenset[str]
    plan: Plan

    @cached_property
    def allowed(self) -> tuple[Line, ...]:
        """The allowed lines in the order of lines."""
        return tuple(sorted((line for line in self.lines if line.is_allowed), key=lambda line: line.order))

    @cached_property
    def per_diems(self) -> tuple[Line, ...]:
        """The per diems in the order of lines."""
        return tuple(line for line in self.allowed if line.is_per_diem)

    def beside(self, line: Line, codes: Collection[str], *, is_of_any_provider: bool = False) -> list[Line]:
        """Return the per diems of some codes that overlap a line, of its provider unless any will do."""
        return [
            per_diem
            for per_diem in self.per_diems
            if per_diem.code in codes
            and per_diem.overlaps(line)
            and (is_of_any_provider or per_diem.provider_id == line.provider_id)
        ]

    def claim_of(self, line: Line) -> list[Line]:
        """Return the lines of a line's claim, it among them."""
        return [other for other in self.lines if other.claim_id == line.claim_id]

    def is_visited(self, line: Line) -> bool:
        """Tell whether a registered nurse came on any day of a line."""
        return any(visit.is_rn_visit and not visit.days.isdisjoint(line.days) for visit in self.allowed)


def first_of(lines: Iterable[Line]) -> Key | None:
    """Return of lines that prove the same the first in the order of lines, nothing where there is none."""
    first = min(lines, key=lambda line: line.order, default=None)
    return first.key if first else None


def covered(line: Line, others: Iterable[Line]) -> frozenset[date]:
    """Return the days of a line that others cover, each once."""
    return line.days & frozenset[date]().union(*(other.days for other in others))
