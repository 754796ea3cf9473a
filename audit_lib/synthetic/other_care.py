"""Cheap claims by the million: members who go to the doctor, the laboratory and sometimes to hospital."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from audit_lib.synthetic.columns import CLAIM_COLUMNS, PAYER, PLANS
from audit_lib.synthetic.people import Numbers
from audit_lib.synthetic.visits import VISITS, Service, Visit

FIRST_DAY = date(2024, 10, 1)
SERVICE_DAYS = (date(2026, 3, 31) - FIRST_DAY).days + 1
_LONGEST = 16
_CALENDAR = tuple((FIRST_DAY + timedelta(days=day)).isoformat() for day in range(SERVICE_DAYS + _LONGEST + 140))
_WEIGHTS = tuple(accumulate(visit.weight for visit in VISITS))

_PAYERS = (
    ("commercial", "insured", 60),
    ("commercial", "self_funded", 22),
    ("commercial", "fep", 3),
    ("commercial", "bluecard", 3),
    ("medicare", "insured", 6),
    ("medicaid", "insured", 6),
)
_PAYER_WEIGHTS = tuple(accumulate(weight for _, _, weight in _PAYERS))
_COLUMN = {name: position for position, name in enumerate(CLAIM_COLUMNS)}
_PAID, _ALLOWED, _CHARGE = _COLUMN["paid_amount"], _COLUMN["allowed_amount"], _COLUMN["charge_amount"]
_UNITS, _PAID_DATE, _STATUS = (
    _COLUMN["service_unit_quantity"],
    _COLUMN["paid_date"],
    _COLUMN["claim_line_status"],
)
_SHARES = tuple(_COLUMN[name] for name in ("deductible_amount", "copayment_amount", "coinsurance_amount"))
_NUMBER = _COLUMN["claim_line_number"]
_CLAIM, _FREQUENCY, _ORIGINAL = (
    _COLUMN["claim_id"],
    _COLUMN["claim_frequency_code"],
    _COLUMN["original_claim_id"],
)

Row = list[str]


def other_care(random: Random, numbers: Numbers) -> Iterator[list[Row]]:
    """Yield claims of ordinary members without end, each a list of rows."""
    while True:
        yield from _member_claims(random, numbers)


def _member_claims(random: Random, numbers: Numbers) -> Iterator[list[Row]]:
    member, plan = numbers.member(), random.choice(PLANS)
    payer = random.choices(_PAYERS, cum_weights=_PAYER_WEIGHTS)[0]
    # One claim a day at most: two infusions in one office on one day would be a finding.
    for day in random.sample(range(SERVICE_DAYS - _LONGEST), random.randint(3, 14)):
        visit = random.choices(VISITS, cum_weights=_WEIGHTS)[0]
        claim = _claim(random, numbers.claim(), visit, day, (member, plan, payer[0], payer[1]))
        yield claim
        chance = random.random()
        if claim[0][_STATUS] == "denied":
            continue
        if chance < 0.004:
            yield _reversal(claim, random)
        elif chance < 0.010:
            yield _replacement(claim, numbers.claim(), random)


def _claim(random: Random, claim_id: str, visit: Visit, day: int, who: tuple[str, str, str, str]) -> list[Row]:
    last = day + (random.randint(2, 14) if visit.is_stay else 0)
    first_day, last_day = _CALENDAR[day], _CALENDAR[last]
    provider = random.choice(visit.providers)
    diagnoses = random.sample(visit.diagnoses, min(2, len(visit.diagnoses)))
    member, plan, line_of_business, funding = who
    head = [claim_id, "", member, "institutional" if visit.bill_type else "professional", first_day, last_day]
    head += [first_day, last_day, *((first_day, last_day) if visit.is_stay else ("", ""))]
    head.append(_CALENDAR[last + random.randint(14, 56)])
    who_billed = [provider.tin, provider.npi, *diagnoses, *[""] * (4 - len(diagnoses))]
    tail = ["1", "", "paid", line_of_business, funding, "", provider.state, PAYER, plan]
    is_denied = random.random() < 0.03
    chosen = [service for service in visit.services if service.chance >= 1.0 or random.random() < service.chance]
    rows = []
    for number, service in enumerate(chosen, 1):
        head[_NUMBER] = str(number)
        paid = 0 if is_denied else random.randint(service.low, service.high)
        where = [visit.place, visit.bill_type, service.revenue]
        amounts = _amounts(random, service, paid)
        rows.append([*head, *_service(service), *where, *amounts, *who_billed, *_package(service), *tail])
    if is_denied:
        for row in rows:
            row[_STATUS] = "denied"
    return rows


def _service(service: Service) -> Row:
    return [service.code, service.modifier, "", "", service.units]


def _package(service: Service) -> Row:
    return [service.ndc, *(("1", "UN") if service.ndc else ("", "")), service.drug]


def _amounts(random: Random, service: Service, paid: int) -> list[str]:
    """Return charge, allowed, paid, deductible, copayment, coinsurance, other payer, from whole cents."""
    if paid == 0:
        return [_text(service.high * 2), "0.00", "0.00", "0.00", "0.00", "0.00", "0.00"]
    chance = random.random()
    if chance < 0.05:
        # The deductible took it all.
        return [_text(paid * 2), _text(paid), "0.00", _text(paid), "0.00", "0.00", "0.00"]
    copay = 2_500 if chance < 0.2 and service.code[:3] == "992" else 0
    coinsurance = paid // 8 if chance > 0.6 else 0
    allowed = paid + copay + coinsurance
    return [_text(allowed * 2), _text(allowed), _text(paid), "0.00", _text(copay), _text(coinsurance), "0.00"]


def _text(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _later(claim: list[Row], random: Random) -> str:
    return _CALENDAR[_CALENDAR.index(claim[0][_PAID_DATE]) + random.randint(7, 40)]


def _reversal(claim: list[Row], random: Random) -> list[Row]:
    """Take a claim back: the same lines with negative amounts, some weeks later."""
    later = _later(claim, random)
    twins = []
    for row in claim:
        twin = row.copy()
        for position in (_CHARGE, _ALLOWED, _PAID, *_SHARES, _UNITS):
            twin[position] = row[position] if row[position] in {"0.00", ""} else f"-{row[position]}"
        twin[_PAID_DATE] = later
        twins.append(twin)
    return twins


def _replacement(claim: list[Row], claim_id: str, random: Random) -> list[Row]:
    """Bill a claim anew, paid some weeks later: frequency 7 names the claim that it replaces."""
    later = _later(claim, random)
    rows = []
    for row in claim:
        copy = row.copy()
        copy[_CLAIM], copy[_FREQUENCY], copy[_ORIGINAL] = claim_id, "7", row[_CLAIM]
        copy[_PAID_DATE] = later
        rows.append(copy)
    return rows
