"""The amount of a finding, step by step, as anyone can follow it with a pocket calculator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from audit_lib.evidence.verdicts import Verdict
from audit_lib.words import count, day, money, verb


def arithmetic(finding: dict[str, Any], verdict: Verdict, days: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the steps from what was paid to what is put in question."""
    paid, steps = finding["paid_amount"], verdict.steps
    if steps.measure == "nothing":
        yield f"No dollars are put in question: {steps.says}."
        return
    if steps.measure == "line":
        yield f"The whole payment of the line: {money(finding['decided_amount'])}."
        return
    part, whole = (_number(value, steps.scale) for value in (verdict.part, verdict.whole))
    of_days = "a line of " if steps.measure == "days" else ""
    rows = verdict.row.get("row_count") or 1
    summed = f"After {count(rows, 'row')} of the claims file were summed, the" if rows > 1 else "The"
    yield f"{summed} plan paid {money(paid)} for {of_days}{_count(whole, steps.measure)}."
    yield f"{_count(part, steps.measure, steps.says)}: {part}.{_listed(days)}"
    yield _share(paid, part, whole, finding["decided_amount"])


def _share(paid: Decimal, part: str, whole: str, amount: Decimal) -> str:
    if part == whole:
        return f"That is all of them, so the whole payment of the line: {money(amount)}."
    is_exact = paid * Decimal(part) == amount * Decimal(whole)
    rounded = "" if is_exact else ", rounded half up to the cent, once"
    return f"{money(paid)} \u00d7 {part} ÷ {whole} = {money(amount)}{rounded}."


def _count(number: str, measure: str, says: str = "") -> str:
    """Write a number of days or units; with `says` only what they are, beginning with a capital."""
    if says:
        return f"{says[:1].upper()}{says[1:]}"
    return count(int(number), measure.removesuffix("s")) if number.isdigit() else f"{number} {measure}"


def _number(value: int, scale: int) -> str:
    return f"{(Decimal(value) / scale).normalize():f}"


def _listed(days: list[dict[str, Any]]) -> str:
    """Write the days that are counted: in question if there are such, else those in order, whole or in part."""
    texts = []
    for is_in_question, is_in_part, one, several in (
        (True, False, "It is", "They are:"),
        (False, False, "In order is", "In order are:"),
        (False, True, "In order in part is", "In order in part are:"),
    ):
        told = (is_in_question, is_in_part)
        found = {row["service_date"] for row in days if (row["is_in_question"], row["is_in_part"]) == told}
        if found:
            texts.append(f" {verb(len(found), one, several)} {runs(found)}.")
    return "".join(texts)


def runs(days: Iterable[date]) -> str:
    """Write days as spans: 5 Aug 2025, 7 Aug 2025 to 9 Aug 2025."""
    spans: list[list[date]] = []
    for moment in sorted(set(days)):
        if spans and moment - spans[-1][-1] == timedelta(days=1):
            spans[-1].append(moment)
        else:
            spans.append([moment])
    return ", ".join(day(s[0]) if len(s) == 1 else f"{day(s[0])} to {day(s[-1])}" for s in spans)
