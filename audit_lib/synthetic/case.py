"""A case: one new member's claims, and what an audit must find on them.

Days are counted from the day on which the case starts, so that a scenario reads "day 0 to 6" wherever in the
calendar it is played.
"""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from audit_lib.synthetic.amounts import CENT, ZERO, cents, money, part
from audit_lib.synthetic.columns import PLANS
from audit_lib.synthetic.drugs import DRUGS
from audit_lib.synthetic.lines import Header, Line, Member
from audit_lib.synthetic.people import INFUSION_SUPPLIERS, Numbers, Provider
from audit_lib.synthetic.prices import typical_amount
from audit_lib.synthetic.truth import OVERPAYMENT, REVIEW, RULE_ORDER, Terms, TruthRow, final_outcome

HOME = "12"
MARKUP = Decimal("1.85")
# A per diem is a home therapy code; its usual units are its days.
_PER_DIEM_PREFIXES = ("S93", "S94", "S95", "S549", "S550")


class Case:
    """Builds the claims of one member and keeps what must be found on them."""

    def __init__(self, numbers: Numbers, random: Random, start: date, terms: Terms) -> None:
        self.numbers = numbers
        self.random = random
        self.start = start
        self.terms = terms
        self.member = Member(numbers.member(), random.choice(PLANS), terms)
        self.supplier = random.choice(INFUSION_SUPPLIERS)
        self.lines: list[Line] = []
        self._truth: dict[tuple[str, int, str], TruthRow] = {}

    def day(self, offset: int) -> date:
        """Return a day of the case."""
        return self.start + timedelta(days=offset)

    def claim(
        self,
        provider: Provider | None = None,
        *,
        place: str = HOME,
        diagnoses: tuple[str, ...] = ("L03115",),
        paid_after: int | None = None,
        claim_type: str = "professional",
        bill_type: str = "",
        frequency: str = "1",
        original: str = "",
        admission: int | None = None,
        discharge: int | None = None,
        member: Member | None = None,
    ) -> "Claim":
        """Open a claim; it is paid two to eight weeks after its last day unless a day is given."""
        biller = provider or self.supplier
        header = Header(
            self.numbers.claim(),
            member or self.member,
            biller,
            self.random.randint(14, 56),
            None if paid_after is None else self.day(paid_after),
            claim_type,
            bill_type,
            diagnoses,
            frequency,
            original,
            None if admission is None else self.day(admission),
            None if discharge is None else self.day(discharge),
            f"PA{self.random.randint(100_000, 999_999)}" if biller in INFUSION_SUPPLIERS else "",
        )
        return Claim(self, header, place)

    def other_member(self) -> Member:
        """Return a second member on the same terms, for what must be told apart by member."""
        return Member(self.numbers.member(), self.member.plan, self.terms)

    def overpayment(self, rule: str, line: Line, note: str, amount: Decimal | None = None) -> None:
        """Expect an overpayment: the whole line unless an amount is given."""
        self._expect(rule, OVERPAYMENT, line, note, amount)

    def review(self, rule: str, line: Line, note: str, amount: Decimal | None = None) -> None:
        """Expect a review: the whole line unless an amount is given."""
        self._expect(rule, REVIEW, line, note, amount)

    def _expect(self, rule: str, outcome: str, line: Line, note: str, amount: Decimal | None) -> None:
        value = self.net_paid(line) if amount is None else amount
        key = (line.claim_id, line.number, rule)
        if key in self._truth or not ZERO <= value <= max(self.net_paid(line), ZERO):
            raise ValueError(f"{rule} cannot be expected on line {line.number} a second time or above what was paid")
        final = final_outcome(rule, outcome, note, line.first, line.terms)
        if final is not None:
            self._truth[key] = TruthRow(rule, final[0], line.claim_id, line.number, value, final[1])

    def net_paid(self, line: Line) -> Decimal:
        """Return what was paid on a line after its reversals."""
        twins = (twin for twin in self.lines if (twin.claim_id, twin.number) == (line.claim_id, line.number))
        return sum((twin.paid for twin in twins), ZERO)

    def share(self, line: Line, days: int) -> Decimal:
        """Return the part of a line's payment that falls on some of its days."""
        return part(self.net_paid(line), days, line.days)

    def rows(self) -> list[list[str]]:
        """Return the claim lines as text, in the order in which they were added."""
        return [line.row() for line in self.lines]

    def truth(self) -> list[TruthRow]:
        """Return what must be found, by claim line and in the order of the rules."""
        return [row for key, row in sorted(self._truth.items(), key=lambda item: (item[0][:2], RULE_ORDER[item[0][2]]))]


class Claim:
    """One claim of a case."""

    def __init__(self, case: Case, header: Header, place: str) -> None:
        self.case = case
        self.header = header
        self.place = place
        self._count = 0

    @property
    def claim_id(self) -> str:
        """The claim's number."""
        return self.header.claim_id

    def add(
        self,
        code: str,
        first: int = 0,
        last: int | None = None,
        *,
        units: str | int | None = None,
        paid: str | Decimal | None = None,
        allowed: str | None = None,
        modifiers: str = "",
        place: str | None = None,
        revenue: str = "",
        ndc: str = "",
        name: str = "",
        denied: bool = False,
        terms: Terms | None = None,
    ) -> Line:
        """Add a line. Units are a per diem's days, else 1; an empty text leaves them out."""
        last = first if last is None else last
        usual = last - first + 1 if code.startswith(_PER_DIEM_PREFIXES) else 1
        quantity = None if units == "" else Decimal(usual if units is None else units)
        amount = self._amount(code, usual if quantity is None else quantity, paid)
        line = Line(
            self.header,
            self._count + 1,
            code,
            self.case.day(first),
            self.case.day(last),
            quantity,
            (amount * MARKUP).quantize(CENT),
            self._allowed(amount, allowed, denied),
            ZERO if denied else amount,
            self.place if place is None else place,
            tuple(modifiers.split()),
            revenue,
            ndc,
            "1" if ndc else "",
            "UN" if ndc else "",
            name,
            denied,
            terms=terms or self.header.member.terms,
        )
        return self._append(line)

    def drug(
        self,
        key: str,
        first: int = 0,
        last: int | None = None,
        *,
        paid: str | None = None,
        denied: bool = False,
    ) -> Line:
        """Add a drug of the catalogue, dosed by the day, under the code that was valid on its first day."""
        drug = DRUGS[key]
        last = first if last is None else last
        days = last - first + 1
        typical = money(drug.cents_a_day * days * self.case.random.randint(90, 112) // 100)
        line = self.add(
            drug.code_on(self.case.day(first)),
            first,
            last,
            units=drug.units_a_day * days,
            paid=typical if paid is None else paid,
            ndc=drug.ndc,
            name=drug.name,
            denied=denied,
        )
        line.ndc_quantity = str(days) if drug.ndc else ""
        line.ndc_unit = drug.ndc_unit if drug.ndc else ""
        return line

    def reverse(self, line: Line, *, paid_after: int = 70, amount: str | None = None) -> None:
        """Take a line back later, whole or in part, by a negative twin."""
        taken = None if amount is None else Decimal(amount)
        self.case.lines.append(line.reversal(self.case.day(paid_after), taken))

    def _append(self, line: Line) -> Line:
        self._count += 1
        self.header.first = min(self.header.first, line.first)
        self.header.last = max(self.header.last, line.last)
        self.case.lines.append(line)
        return line

    def _amount(self, code: str, units: Decimal | int, paid: str | Decimal | None) -> Decimal:
        if paid is not None:
            return Decimal(paid).quantize(CENT)
        return typical_amount(self.case.random, code, max(Decimal(units), Decimal(1)))

    def _allowed(self, amount: Decimal, allowed: str | None, denied: bool) -> Decimal:
        """Return what was paid and, on some lines, the member's tenth on top."""
        if denied:
            return ZERO
        if allowed is not None:
            return Decimal(allowed)
        return amount + (money(cents(amount) // 10) if self.case.random.random() < 0.3 else ZERO)
