"""What payers do to claims after they paid them: rows that take money back, replacements, voids and chains of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from tests.independent.scenarios import Chance, chance_of, member_rows, payment, service

Row = dict[str, str]
_AMOUNTS = ("paid_amount", "allowed_amount", "charge_amount", "service_unit_quantity")
_SHARES = {"in part": ("0.25", "0.5", "0.999"), "beyond": ("1.5",)} | dict.fromkeys(
    ("taken back", "paid anew", "alone"), ("1",)
)
# What may be all that tells two rows of a line apart.
_TIES = (
    ("service_unit_quantity", ("1", "2", "")),
    ("allowed_amount", ("900.00", "0.00", "")),
    ("place_of_service_code", ("12", "49", "22", "")),
    ("hcpcs_modifier_1", ("SH", "SJ", "")),
    ("claim_line_status", ("paid", "denied", "")),
    ("funding", ("insured", "self_funded", "")),
)
_DENIED = {"paid_amount": "0.00", "allowed_amount": "0.00", "claim_line_status": "denied"}
_REPLACING_BILLS = ("117", "0137", "327", "857")
_VOIDING_BILLS = ("118", "0138", "328", "858")


def claim_rows(seed: int, scenario_count: int) -> Iterator[Row]:
    """Give the rows of so many members; of two in five some claims or lines were adjusted."""
    chance = chance_of(seed)
    for number in range(scenario_count):
        rows = list(member_rows(chance, number))
        yield from _adjusted(chance, rows) if chance.happens(0.4) else rows


def _adjusted(chance: Chance, rows: Sequence[Row]) -> list[Row]:
    """Adjust lines, claims or both; in the file an adjustment stands behind what it adjusts, in front or anywhere."""
    adjusted = [row for line in rows for row in (_history(chance, line) if chance.happens(0.25) else [line])]
    if chance.happens(0.1):
        adjusted += _own_void(chance, adjusted)
    if chance.happens(0.6):
        adjusted += _other_claims(chance, adjusted)
    order = chance.one(("behind", "in front", "apart"))
    if order == "apart":
        chance.source.shuffle(adjusted)
    return adjusted[::-1] if order == "in front" else adjusted


def _history(chance: Chance, row: Row) -> list[Row]:
    """Return a line with what later rows of its own claim and number made of it."""
    kind = chance.one(("taken back", "paid anew", "paid anew", "in part", "beyond", "alone", "more", "tie", "tie"))
    if kind == "more":
        return [row, _corrected(chance, _later(chance, row))]
    if kind == "tie":
        return [row, row | {column: chance.one(values) for column, values in chance.source.sample(_TIES, 2)}]
    taking = _later(chance, row) | _portion(row, chance.one(_SHARES[kind]))
    if kind == "beyond" or chance.happens(0.1):
        taking["allowed_amount"] = chance.one(("0.00", "-1.00", ""))
    if chance.happens(0.3):  # the money alone is written as negative
        taking["service_unit_quantity"] = chance.one((row["service_unit_quantity"], "0", ""))
    if kind == "alone":
        return [taking]
    if kind == "taken back" and chance.happens(0.3):
        return [row, taking, _later(chance, row) | _DENIED]
    return [row, taking, _corrected(chance, _later(chance, row))] if kind == "paid anew" else [row, taking]


def _own_void(chance: Chance, rows: Sequence[Row]) -> list[Row]:
    """Return rows that void a claim under its own id and mostly pay it anew."""
    claim_id = chance.one(rows)["claim_id"]
    lines = [row for row in rows if row["claim_id"] == claim_id]
    voiding = [_later(chance, row) | _portion(row, "1") | _named("8", claim_id) for row in lines]
    anew = [_corrected(chance, _later(chance, row)) | _named("7", claim_id) for row in _one_per_line(lines)]
    return voiding + (anew if chance.happens(0.8) else [])


def _named(frequency: str, original: str) -> Row:
    return {"claim_frequency_code": frequency, "original_claim_id": original}


def _portion(row: Row, share: str) -> Row:
    """Return the amounts of a row that takes this share of another's back."""
    return {column: _taken(row[column], Decimal(share)) for column in _AMOUNTS}


def _taken(amount: str, share: Decimal) -> str:
    return str(-(Decimal(amount) * share).quantize(Decimal("0.01"), ROUND_DOWN)) if amount else ""


def _later(chance: Chance, row: Row) -> Row:
    """Return a copy that was paid later, on the same day, or nobody knows when."""
    paid_date = row["paid_date"]
    if chance.happens(0.1):
        return row | {"paid_date": ""}
    days = chance.one((0, 0, 1, 2, 3))
    return row | {"paid_date": paid_date and (date.fromisoformat(paid_date) + timedelta(days)).isoformat()}


def _corrected(chance: Chance, row: Row) -> Row:
    """Return a row with another amount, other units, other days or another place; often with what it had."""
    corrected = dict(row)
    if chance.happens(0.6):
        corrected |= payment(chance)
    if chance.happens(0.3):
        corrected["service_unit_quantity"] = chance.one(("1", "2", "3", "7", "0.5", ""))
    if chance.happens(0.2):
        corrected |= service(chance, row["hcpcs_code"], date.fromisoformat(row["claim_line_start_date"]))
    if chance.happens(0.2):
        corrected["place_of_service_code"] = chance.one(("12", "49", "22", ""))
    return corrected


def _other_claims(chance: Chance, rows: Sequence[Row]) -> list[Row]:
    """Return claims that replace or void one of these, or each other."""
    original = chance.one(rows)["claim_id"]
    claims = {original: [row for row in rows if row["claim_id"] == original]}
    adjusting: list[Row] = []
    for number in range(chance.one((1, 1, 2, 2, 3))):
        adjusted = chance.one(list(claims))
        name = f"{chance.one('BD')}{original}-{chance.source.randint(0, 9)}{number}"
        if chance.happens(0.25):
            adjusting += _void(chance, name, claims[adjusted])
        else:
            claims[name] = _replacement(chance, name, claims[adjusted])
            adjusting += claims[name]
            if len(claims) > 3 and chance.happens(0.3):
                claims[name][-1]["original_claim_id"] = chance.one([other for other in claims if other != name])
    return adjusting


def _replacement(chance: Chance, name: str, rows: Sequence[Row]) -> list[Row]:
    """Return a claim that replaces another, or only names it: lines changed, dropped or added."""
    lines = _one_per_line(rows)
    if len(lines) > 1 and chance.happens(0.3):
        lines.pop(chance.source.randrange(len(lines)))
    if chance.happens(0.3):
        number = str(max(int(row["claim_line_number"]) for row in rows) + 1)
        lines.append(_corrected(chance, chance.one(rows)) | {"claim_line_number": number})
    if chance.happens(0.1):
        lines = [row | {"paid_amount": "0.00", "claim_line_status": "denied"} for row in lines]
    paid_date = _later(chance, lines[0])["paid_date"]
    lines = [_corrected(chance, row) if chance.happens(0.5) else row for row in lines]
    lines = [row | {"claim_id": name, "paid_date": paid_date} for row in lines]
    lines[-1] = _later(chance, lines[-1])
    return _says(chance, lines, rows, chance.one("7777771"))


def _one_per_line(rows: Sequence[Row]) -> list[Row]:
    """A claim that is sent anew has each line once."""
    return list({row["claim_line_number"]: row for row in reversed(rows)}.values())


def _void(chance: Chance, name: str, rows: Sequence[Row]) -> list[Row]:
    """Return a claim that voids another, with its amounts or with what takes them back."""
    share = chance.one(("1", "-1"))
    lines = [_later(chance, row) | _portion(row, share) for row in _one_per_line(rows)]
    return _says(chance, [row | {"claim_id": name} for row in lines], rows, "8")


def _says(chance: Chance, lines: list[Row], adjusted: Sequence[Row], frequency: str) -> list[Row]:
    """Let a claim say that it replaces or voids another: by its frequency code, by one row alone, by its bill type."""
    original = chance.one((adjusted[0]["claim_id"],) * 9 + ("", "000000"))
    told, silent = _named(frequency, original), _named("", "")
    if chance.happens(0.2):
        bills = _VOIDING_BILLS if frequency == "8" else _REPLACING_BILLS
        return [row | told | {"claim_frequency_code": "", "bill_type_code": chance.one(bills)} for row in lines]
    if not lines[0]["bill_type_code"] and chance.happens(0.2):
        return [lines[0] | told, *(row | silent for row in lines[1:])]
    return [row | told for row in lines]
