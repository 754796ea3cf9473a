"""Which claims count before any rule, and what the rows of one line come to: the second section of the text.

Where it is silent: a bill type's third digit is the frequency code of a row that has none, as payers use it; which
branch stands at a fork of replacements the page for analysts says; and a claim that was taken back and paid anew under
its own id is no void, as the hand-made cases have it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

Row = dict[str, str]
REPLACES, VOIDS = "7", "8"
NOTHING = Decimal(0)
# Every column of the contract but those that name or sum up a line, in its order: what breaks a tie of its rows.
_OTHER_VALUES = (
    "member_id", "claim_line_start_date", "claim_line_end_date", "hcpcs_code", "billing_tin", "billing_npi",
    "claim_type", "place_of_service_code", "bill_type_code", "revenue_center_code",
    *(f"hcpcs_modifier_{n}" for n in range(1, 6)), "claim_start_date", "claim_end_date", "admission_date",
    "discharge_date", *(f"diagnosis_code_{n}" for n in range(1, 5)), "ndc_code", "drug_name", "claim_frequency_code",
    "original_claim_id", "claim_line_status", "line_of_business", "funding", "other_payer_paid_amount",
)  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """What the rows of a claim say of other claims, and when it was paid last ('' where no row says)."""

    claim_id: str
    is_replacement: bool
    is_void: bool
    originals: frozenset[str]
    paid_last: str


def standing_rows(rows: Iterable[Row]) -> list[Row]:
    """Return one row per line that counts: of the claims that nothing replaced or voided, each line's rows summed."""
    of_claims: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        of_claims[row["claim_id"]].append(_as_decided(row))
    gone = claims_gone({claim_id: _claim(claim_id, of_claim) for claim_id, of_claim in of_claims.items()})
    of_lines: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for claim_id in of_claims.keys() - gone:
        for row in of_claims[claim_id]:
            of_lines[claim_id, row["claim_line_number"]].append(row)
    return [_summed(of_line) for of_line in of_lines.values() if not _is_taken_back(of_line)]


def _as_decided(row: Row) -> Row:
    """What the plan has neither decided nor paid is not allowed yet: the page for analysts says so."""
    is_open = row["claim_line_status"].lower() == "pended" and _amount(row["paid_amount"]) == 0
    return row | {"allowed_amount": ""} if is_open else row


def _claim(claim_id: str, rows: Sequence[Row]) -> Claim:
    named = {row["original_claim_id"] for row in rows} - {"", claim_id}
    return Claim(
        claim_id,
        any(_frequency(row) == REPLACES for row in rows),
        _is_void(rows),
        frozenset(name for name in named if not set(name) <= {"0"}),
        _last_date(rows),
    )


def _frequency(row: Row) -> str:
    return row["claim_frequency_code"] or row["bill_type_code"].lstrip("0")[2:3]


def _is_void(rows: Sequence[Row]) -> bool:
    """Whether the claim says that it voids, unless it took its own money back and was paid anew since."""
    voids, anew = ([row for row in rows if _frequency(row) == code] for code in (VOIDS, REPLACES))
    if not voids or not anew:
        return bool(voids)
    return _paid(voids) >= 0 or _last_date(anew) < _last_date(voids)


def _last_date(rows: Sequence[Row]) -> str:
    return max(row["paid_date"] for row in rows)


def claims_gone(claims: Mapping[str, Claim]) -> frozenset[str]:
    """Return the voids, the claims that replacements and voids name, and the branches that lose at a fork."""
    gone = {claim.claim_id for claim in claims.values() if claim.is_void}
    rivals: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims.values():
        if claim.is_void or claim.is_replacement:
            gone |= claim.originals
        if claim.is_replacement and not claim.is_void:
            for original in claim.originals:
                rivals[original].append(claim)
    for fork in rivals.values():
        branches = [_branch(claim, rivals) for claim in fork]
        standing = max(branches, key=_paid_last)
        gone |= frozenset[str]().union(*(branch.keys() for branch in branches)) - standing.keys()
    return frozenset(gone)


def _branch(claim: Claim, replacements: Mapping[str, Sequence[Claim]]) -> dict[str, Claim]:
    """Return a claim with all that replaced it, and what replaced those."""
    branch = {claim.claim_id: claim}
    for later in replacements.get(claim.claim_id, ()):
        branch |= _branch(later, replacements)
    return branch


def _paid_last(branch: Mapping[str, Claim]) -> tuple[str, str]:
    return max((claim.paid_last, claim.claim_id) for claim in branch.values())


def _summed(rows: Sequence[Row]) -> Row:
    """Return the row that stands for a line, with what all of its rows come to."""
    paid = [row for row in rows if _amount(row["paid_amount"]) > 0]
    standing = max(paid or rows, key=_standing)
    # Of rows alike in all of that the smallest of their other values tells.
    alike = [row for row in paid or rows if _standing(row) == _standing(standing)]
    sums = {
        "paid_amount": str(_paid(rows)),
        "allowed_amount": _written(_allowed(rows)),
        "service_unit_quantity": _written(_units(rows)),
    }
    return min(alike, key=_others) | sums


def _standing(row: Row) -> tuple[str, Decimal, tuple[bool, Decimal], tuple[bool, Decimal]]:
    allowed, units = row["allowed_amount"], row["service_unit_quantity"]
    return (
        row["paid_date"],
        _amount(row["paid_amount"]),
        (allowed != "", _amount(allowed)),
        (units != "", _amount(units)),
    )


def _others(row: Row) -> list[tuple[bool, str]]:
    """What is missing comes after every value."""
    return [
        (row[column] == "", row[column].lstrip("0") if "bill" in column else row[column]) for column in _OTHER_VALUES
    ]


def _is_taken_back(rows: Sequence[Row]) -> bool:
    negative = [row for row in rows if _is_negative(row, len(rows) > 1)]
    is_left = _paid(rows) > 0 or (_allowed(rows) or NOTHING) > 0
    return bool(negative) and not is_left and not _is_denied_at_last(rows, negative)


def _is_denied_at_last(rows: Sequence[Row], negative: Sequence[Row]) -> bool:
    """Paid, taken back to nothing, and denied no earlier: the text calls what was billed and not paid denied."""
    has_payment = any(_amount(row["paid_amount"]) > 0 or _amount(row["allowed_amount"]) > 0 for row in rows)
    denied = [row for row in rows if _is_unpaid(row) and row not in negative]
    return bool(has_payment and denied) and _paid(rows) == 0 and _last_date(denied) >= _last_date(negative)


def _is_unpaid(row: Row) -> bool:
    return _amount(row["paid_amount"]) == _amount(row["allowed_amount"]) == 0


def _is_negative(row: Row, has_twins: bool) -> bool:
    """The twin of an unpaid line shows in its charge or units alone; such a row without others takes nothing back."""
    columns = ("paid_amount", "allowed_amount", *(("charge_amount", "service_unit_quantity") if has_twins else ()))
    return any(_amount(row[column]) < 0 for column in columns)


def _paid(rows: Sequence[Row]) -> Decimal:
    return sum((_amount(row["paid_amount"]) for row in rows), NOTHING)


def _allowed(rows: Sequence[Row]) -> Decimal | None:
    """Not known where money was taken back and the row does not say how much of what was allowed."""
    if any(_amount(row["paid_amount"]) < 0 and not row["allowed_amount"] for row in rows):
        return None
    return _sum(Decimal(row["allowed_amount"]) if row["allowed_amount"] else None for row in rows)


def _units(rows: Sequence[Row]) -> Decimal | None:
    """Only what was paid and not taken back counts; of a reversal without units its amount tells what it took.

    The text has units summed, a reversal being a negative twin. The page for analysts says what that means of rows that
    were denied, and of reversals that lack the sign or the units.
    """
    with_money = [row for row in rows if _amount(row["paid_amount"]) > 0 or _amount(row["allowed_amount"]) > 0]
    if not with_money:
        return _sum(_number(row["service_unit_quantity"]) for row in rows)
    is_allowed_told = any(_amount(row["allowed_amount"]) > 0 for row in rows)
    silent = [row for row in rows if _takes_service(row, is_allowed_told) and not _amount(row["service_unit_quantity"])]
    left = [row for row in with_money if _amount(row["paid_amount"]) == _paid(rows)]
    if silent and left:
        return min(
            (units for row in left if (units := _number(row["service_unit_quantity"])) is not None), default=None
        )
    unpaid = [row for row in rows if _is_unpaid(row)]
    counted = [row for row in rows if row not in unpaid]
    for reversal in silent:
        gone = [row for row in counted if _amount(row["paid_amount"]) == -_amount(reversal["paid_amount"])]
        if gone:
            counted.remove(max(gone, key=_most_units))
    units = _sum(_taken_or_given(row, is_allowed_told) for row in counted)
    never_paid = _sum(_number(row["service_unit_quantity"]) for row in unpaid) or NOTHING
    return None if units is None else units + min(never_paid, NOTHING)


def _most_units(row: Row) -> tuple[bool, Decimal]:
    """Units that are missing may be any."""
    units = row["service_unit_quantity"]
    return units == "", _amount(units)


def _takes_service(row: Row, is_allowed_told: bool) -> bool:
    """Whoever takes the payment back and lets what was allowed stand takes no service back."""
    is_service_kept = is_allowed_told and row["allowed_amount"] != "" and _amount(row["allowed_amount"]) >= 0
    return _amount(row["paid_amount"]) < 0 and not is_service_kept


def _taken_or_given(row: Row, is_allowed_told: bool) -> Decimal | None:
    """A reversal is a negative twin, also where only its money is written as negative."""
    units = _number(row["service_unit_quantity"])
    return units if units is None or not _takes_service(row, is_allowed_told) else -abs(units)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, NOTHING) if known else None


def _amount(text: str) -> Decimal:
    return Decimal(text or 0)


def _written(value: Decimal | None) -> str:
    return "" if value is None else str(value)
