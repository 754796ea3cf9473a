"""A claim line of the infusion cases, and the rows it becomes."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from audit_lib.synthetic.amounts import ZERO
from audit_lib.synthetic.columns import PAYER
from audit_lib.synthetic.people import Provider
from audit_lib.synthetic.truth import Terms


@dataclass(frozen=True, slots=True)
class Member:
    """Whose line it is, and on which terms."""

    number: str
    plan: str
    terms: Terms


@dataclass(slots=True)
class Header:
    """What the lines of one claim share."""

    claim_id: str
    member: Member
    provider: Provider
    lag: int
    paid_on: date | None = None
    claim_type: str = "professional"
    bill_type: str = ""
    diagnoses: tuple[str, ...] = ()
    frequency: str = "1"
    original: str = ""
    admission: date | None = None
    discharge: date | None = None
    authorization: str = ""
    first: date = date.max
    last: date = date.min

    @property
    def paid_date(self) -> date:
        """The day given, else so many days after the last service."""
        return self.paid_on or self.last + timedelta(days=self.lag)


@dataclass(slots=True)
class Line:
    """One claim line. Negative twins of a reversal are lines of the same number."""

    header: Header
    number: int
    code: str
    first: date
    last: date
    units: Decimal | None
    charge: Decimal
    allowed: Decimal
    paid: Decimal
    place: str
    modifiers: tuple[str, ...] = ()
    revenue: str = ""
    ndc: str = ""
    ndc_quantity: str = ""
    ndc_unit: str = ""
    drug_name: str = ""
    is_denied: bool = False
    has_through_date: bool = True
    paid_date: date | None = None
    terms: Terms = field(default_factory=Terms)

    @property
    def claim_id(self) -> str:
        """The claim that the line belongs to."""
        return self.header.claim_id

    @property
    def days(self) -> int:
        """Calendar days of the line, first and last included."""
        return (self.last - self.first).days + 1

    def reversal(self, paid_date: date, paid: Decimal | None = None) -> "Line":
        """Return the negative twin that takes back the line, or only the given part of what was paid."""
        whole = paid is None
        return replace(
            self,
            units=None if self.units is None else (-self.units if whole else Decimal(0)),
            charge=-self.charge if whole else ZERO,
            paid=-(self.paid if paid is None else paid),
            allowed=-(self.allowed if paid is None else paid),
            paid_date=paid_date,
        )

    def row(self) -> list[str]:
        """Return the line as text, in the order of the columns."""
        return [
            self.header.claim_id,
            str(self.number),
            self.header.member.number,
            self.header.claim_type,
            *self._dates(),
            self.code,
            *padded(self.modifiers, 3),
            "" if self.units is None else f"{self.units:f}",
            self.place,
            self.header.bill_type,
            self.revenue,
            *self._amounts(),
            self.header.provider.tin,
            self.header.provider.npi,
            *padded(self.header.diagnoses, 4),
            self.ndc,
            self.ndc_quantity,
            self.ndc_unit,
            self.drug_name,
            self.header.frequency,
            self.header.original,
            "denied" if self.is_denied else "paid",
            self.terms.line_of_business,
            self.terms.funding,
            self.header.authorization,
            self.header.provider.state,
            PAYER,
            self.header.member.plan,
        ]

    def _dates(self) -> list[str]:
        header = self.header
        days = (
            header.first,
            header.last,
            self.first,
            self.last if self.has_through_date else None,
            header.admission,
            header.discharge,
            self.paid_date or header.paid_date,
        )
        return [day.isoformat() if day else "" for day in days]

    def _amounts(self) -> list[str]:
        """Return what was charged, allowed and paid, and who bore the rest.

        The member's part is coinsurance, or deductible where the plan paid nothing. Another payer who came
        first paid four times as much, or all of it.
        """
        other_payer = ZERO
        if self.terms.is_secondary and self.allowed != 0:
            other_payer = self.paid * 4 if self.paid != 0 else self.allowed
        rest = self.allowed - self.paid
        deductible, coinsurance = (rest, ZERO) if self.paid == 0 else (ZERO, rest)
        amounts = (
            self.charge + other_payer,
            self.allowed + other_payer,
            self.paid,
            deductible,
            ZERO,
            coinsurance,
            other_payer,
        )
        return [f"{amount:.2f}" for amount in amounts]


def padded(values: tuple[str, ...], length: int) -> list[str]:
    """Return the values filled up with blanks to a fixed number of columns."""
    return [*values, *[""] * (length - len(values))]
