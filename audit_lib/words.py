"""Numbers, days and lists written for reading; light, for what must not wait for pandas."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from audit_lib.resources import page


def input_name(file: Mapping[str, Any]) -> str:
    """Write what the claims were read from, of the manifest's inputs: a file, or the rows of a database."""
    rows = f" table {file['table']}" if "table" in file else " query" if "query" in file else ""
    return f"{Path(file['path']).name}{rows}"


def setting_text(value: Any) -> str:
    """Write the value of a setting as people write it: none, true, 4GB, a list with commas, keys with their values."""
    if value is None or value in ([], {}):
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {setting_text(one)}" for key, one in value.items())
    return ", ".join(map(setting_text, value)) if isinstance(value, list) else str(value)


def money(amount: Decimal) -> str:
    """Write US dollars to the cent."""
    return f"-${-amount:,.2f}" if amount < 0 else f"${abs(amount):,.2f}"


def compact_money(amount: Decimal) -> str:
    """Write US dollars as a headline: $63,790 or $1.23 million."""
    if amount < 0:
        return f"-{compact_money(-amount)}"
    for size, word in ((Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million")):
        if amount >= size:
            return f"${amount / size:,.2f} {word}"
    return f"${amount:,.0f}" if amount >= 10_000 else money(amount)


def count(number: int, noun: str) -> str:
    """Write a count with its noun: 1 claim, 1,234 claims."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Write the rows of a table as lines, each column as wide as its widest cell."""
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def some(names: Sequence[str], most: int = 5) -> str:
    """Write names one after another; of many the first, and how many there are besides."""
    besides = f" and {len(names) - most:,} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{besides}"


def delivery(inputs: Iterable[Mapping[str, Any]], passed_over: Sequence[str]) -> list[str]:
    """Say of a manifest's claims files which have the same bytes, and what of them or their folders was not read."""
    inputs = list(inputs)
    found = _unread_modifiers(inputs)
    if copies := [f"{file['path']} as {file['copy_of']}" for file in inputs if "copy_of" in file]:
        found.append(
            f"{count(len(copies), 'claims file')} {verb(len(copies), 'has', 'have')} the same bytes as another: "
            f"{some(copies)}. Rows of both are summed, so what was paid, and any finding on it, is too high by what "
            "came twice. If it is a copy, take it away and run again."
        )
    if passed_over:
        found.append(
            f"{count(len(passed_over), 'file')} beside the claims {verb(len(passed_over), 'was', 'were')} not read, "
            f"by {verb(len(passed_over), 'its name or its text', 'their names or their text')}: {some(passed_over)}. "
            f"If there are claims in {verb(len(passed_over), 'it', 'them')}, their voids, stays and visits are missing "
            "here, and findings may be wrong."
        )
    return found


def _unread_modifiers(inputs: Sequence[Mapping[str, Any]]) -> list[str]:
    files = [file["unread_modifiers"] for file in inputs if file.get("unread_modifiers")]
    names = list(dict.fromkeys(name for columns in files for name in columns))
    if not names:
        return []
    plain = next((f", as in `hcpcs_modifier_1: {name}`" for name in names if name.isidentifier()), "")
    return [
        f"{count(len(names), 'column')} of {count(len(files), 'claims file')} {verb(len(names), 'seems', 'seem')} to "
        f"hold modifiers and {verb(len(names), 'is', 'are')} not read: {some(names)}. A modifier may free a line, so "
        "findings may be wrong. Let a layout read each as one of hcpcs_modifier_1 to hcpcs_modifier_5"
        f"{plain} ({page('layouts.md')})."
    ]


def verb(number: int, one: str, several: str) -> str:
    """Return the verb that goes with a number: 1 is, 2 are."""
    return one if number == 1 else several


def units(quantity: Decimal) -> str:
    """Write units of service without what is no digit of theirs: 1 unit, 2.5 units."""
    number = f"{quantity.normalize():f}"
    return f"{number} unit" if number == "1" else f"{number} units"


def undecided(totals: Mapping[str, Any]) -> str:
    """Say how many decisions could not be made, and on what dollars, without a full stop; nothing where all were.

    `totals` is the manifest's `undecided`, or the row of `decision_totals`.
    """
    if not totals["not_evaluable_count"]:
        return ""
    return (
        f"Of {count(totals['decision_count'], 'decision')} {totals['not_evaluable_count']:,} could not be made from "
        f"what the claims say, on {undecided_lines(totals)}. That is not the same as finding "
        f"{verb(totals['undecided_line_count'], 'this line', 'these lines')} in order"
    )


def undecided_lines(totals: Mapping[str, Any]) -> str:
    """Write the lines that some rule could not decide with what was paid on them, each once."""
    paid = money(Decimal(totals["undecided_paid_amount"]))
    return f"{count(totals['undecided_line_count'], 'line')} paid {paid}"


_UNDECIDED_GATES = {
    "unknown_applicability": (
        "line",
        "without the payer or plan that policy_applies_to asks for",
        "paid",
        "whether the policy applies to them",
    ),
    "without_paid_date": ("line", "without a paid date", "paid", "whether they lie in the period"),
    "shared_claim_id": (
        "answer",
        "on claim ids that stand for paid claims of two members, and on these members",
        "in question",
        "which of the two such a claim is of",
    ),
}


def left_undecided(gates: Iterable[Mapping[str, Any]]) -> list[str]:
    """Say of how many lines, or answers on them, a gate of the manifest cannot tell what is to be made of them."""
    return [
        f"{count(gate['line_count'], counted)} {lack} ({money(Decimal(gate['paid_amount']))} {dollars}): nobody can "
        f"tell {unknown}, so nothing is reported on them."
        for gate in gates
        if gate["line_count"]
        for counted, lack, dollars, unknown in [_UNDECIDED_GATES.get(gate["gate"], ("", "", "", ""))]
        if lack
    ]


_ROWS_NAMED = 8


def unused_overrides(overrides: Iterable[Mapping[str, Any]]) -> list[str]:
    """Say which overrides of the manifest changed no answer: one that should have may name another provider."""
    rows = [str(override["row"]) for override in overrides if not override["line_count"]]
    if not rows:
        return []
    named = some(rows, _ROWS_NAMED)
    if len(rows) == 1:
        return [
            f"1 override of the plan changed nothing: row {named} of its file. "
            "Where it should have, look at its provider, rule, code and days."
        ]
    return [
        f"{len(rows):,} overrides of the plan changed nothing: rows {named} of their file. "
        "Where they should have, look at their providers, rules, codes and days."
    ]


_THERAPIES = {
    "alpha1": "alpha-1 inhibitor",
    "anti_tnf": "anti-TNF",
    "antiinfective": "anti-infective",
    "chemo": "chemotherapy",
    "infusion_noc": "infusion, not classified",
    "injection_noc": "injection, not classified",
    "pah": "pulmonary hypertension",
    "pain_implanted_pump": "pain, implanted pump",
    "rsv_injection": "RSV injection",
    "tpn": "TPN",
}


def therapy(family: str) -> str:
    """Write the family of a per diem code."""
    return _THERAPIES.get(family, family.replace("_", " "))


def policy(standing: str) -> str:
    """Write how the policy treats a TPN product."""
    return standing.replace("_", " ").replace("ndc", "NDC")


def percent(part: Decimal, whole: Decimal) -> str:
    """Write `part` of `whole` in percent; n/a where there is no whole."""
    return percents(100 * part / whole) if whole else "n/a"


def percents(share: Decimal | float) -> str:
    """Write a number of percents; what is little is not written as nothing, nor what lacks little as all."""
    if 0 < abs(float(share)) < 0.1:
        return "< 0.1 %" if share > 0 else "> -0.1 %"
    if 99.9 < float(share) < 100:
        return "> 99.9 %"
    return f"{share or 0:.1f} %"


def day(value: date | str | None) -> str:
    """Write a date, an ISO text or a date, as 5 Aug 2025."""
    if not value:
        return "unknown"
    moment = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{moment.day} {moment:%b %Y}"


def period_words(period: tuple[str | None, str | None], by: str, write: Callable[[str | None], str] = day) -> str:
    """Say a period in words: which lines findings are reported on; `write` says how a day is written."""
    first, last = period
    dates = f"{by} dates"
    if first and last:
        return f"{dates} from {write(first)} to {write(last)}"
    if first or last:
        return f"{dates} {'from' if first else 'up to'} {write(first or last)}"
    return f"all {dates} in the file"
