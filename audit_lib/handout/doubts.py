"""What the claims say against demanded lines, counted for the sender; no provider's file has any of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

import duckdb

from audit_lib.words import count, money

_ANY = "any"
# Kind by kind, the weightiest first, what is said of the lines. One that is not here is told by its own name.
_SAID = {
    "taken back": (
        "the payment, or that of the line which shows it, may have been taken back already: look it up "
        "(reversed_findings.parquet of the run) before anything else"
    ),
    "authorization": (
        "the line carries a prior authorization number: the plan may have agreed to pay it. Look the authorization up "
        "before anything else"
    ),
    "authorization elsewhere": "another line of the claim carries a prior authorization number",
    "repeated payment": (
        "every line of the institutional claim has the same paid amount, though charges or services differ: what was "
        "paid for this one may not be known"
    ),
    "unnamed original": (
        "the claim, or that of the line which shows it, says that it replaces another and names none that the file "
        "holds, or one of the two names the other"
    ),
    "other payer": "another payer paid first on other lines of the claim, or on the earlier line that shows them",
    "another plan": "the line which shows them is of another payer, plan or line of business",
    "unpaid earlier line": "the plan allowed the earlier line and paid nothing for it",
    "units of several rows": "the line's units are the sum of several rows, of which one may repeat another's",
    "units below days": "the line bills fewer units than days: they may leave out the days in question",
    "units within days": "the lines that bill the same days have together no more units than days",
    "per diem below days": "the per diem which shows them bills fewer units than days",
    "rental on one day": "the line is a rental dated on a single day, and may pay for a month",
    "newborn stay": "the stay may be that of a newborn, billed under its mother's member id",
    "stay beyond its claims": (
        "days in question lie outside the days of every claim of the stay, and rest on its date of admission or "
        "discharge alone"
    ),
    "place from the bill type": "no place of service was billed, and that of the bill type was taken for it",
    "drug on other days": "a drug stands on the claim on other days",
    "earlier drug": "the provider billed a drug that fits on another claim up to 35 days before",
    "pharmacy line": "a pharmacy's line that names no drug stands on the claim",
    "same NPI": "the visit or drug that is missed was billed under the same NPI and another provider id",
    "several days": "the line spans several days, and all its units are counted on the first",
    "denied visit": "a registered nurse's visit on these days was billed and not allowed",
    "unnamed visit": "a home visit on these days was paid, of a kind that does not say whether a registered nurse came",
    "staff service": (
        "an injection was billed as given by staff on these days, or a visit at an office or at home"
    ),
    "days without visits": "some days of the line have no infusion visit of the provider",
    "denied first hours": "the first hours of the visit were billed and not allowed",
    "visit by another code": "a nurse's visit of the provider on these days was paid by another code",
    "visit taken back": "the visit that the line repeats is itself found overpaid in full",
    "denied pump service": "a refill, reprogramming or repair of the pump on these days was billed and not allowed",
    "borrowed date": "a line that shows the finding has no days of its own but those of its claim",
}
Row = Mapping[str, Any]


def doubt_rows(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return the rows of `demanded_doubts`: provider, kind (`any` counts each line once), lines, dollars."""
    relation = connection.table("demanded_doubts").order("provider_id, kind")
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def with_doubts(
    totals: list[dict[str, Any]], rows: list[dict[str, Any]], keys: Collection[str]
) -> list[dict[str, Any]]:
    """Return providers' totals with columns that count doubts; empty for those whose evidence was not gathered."""
    found = {(row["provider_id"], row["kind"]): row for row in rows}
    widened = []
    for total in totals:
        provider_id, columns = total["provider_id"], dict[str, Any]()
        for kind in [_ANY, *_kinds(rows)]:
            row = found.get((provider_id, kind), {"line_count": 0, "amount": Decimal("0.00")})
            is_known = not keys or provider_id in keys
            columns[f"{_column(kind)}_line_count"] = row["line_count"] if is_known else None
            columns[f"{_column(kind)}_amount"] = row["amount"] if is_known else None
        widened.append({**total, **columns})
    return widened


def doubt_sums(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each kind that was met with its lines and dollars over all providers, `any` first."""
    sums = []
    for kind in [_ANY, *_kinds(rows)]:
        of_kind = [row for row in rows if row["kind"] == kind]
        if of_kind:
            amount = sum((row["amount"] for row in of_kind), Decimal("0.00"))
            sums.append({"kind": kind, "line_count": sum(row["line_count"] for row in of_kind), "amount": amount})
    return sums


def doubt_cautions(sums: list[dict[str, Any]], demanded: Row) -> list[str]:
    """Say how many of the demanded lines the claims speak against, and how many in which way."""
    return [
        _of_all(row, demanded)
        if row["kind"] == _ANY
        else f"On {count(row['line_count'], 'demanded line')} ({money(row['amount'])}) "
        f"{_SAID.get(row['kind'], row['kind'])}."
        for row in sums
    ]


def _of_all(row: Row, demanded: Row) -> str:
    return (
        f"On {row['line_count']:,} of the {count(demanded['demanded_line_count'], 'demanded line')} "
        f"({money(row['amount'])} of {money(demanded['demanded_amount'])}) the claims themselves hold something that "
        "may speak against the demand, counted below by kind; a line can be in several kinds. overview.csv counts "
        "them by provider, `infusion-audit explain` says it of each finding."
    )


def _kinds(rows: list[dict[str, Any]]) -> list[str]:
    """Return every kind that is told by words of its own, then those met that are not."""
    return [*_SAID, *sorted({row["kind"] for row in rows} - {_ANY, *_SAID})]


def _column(kind: str) -> str:
    return "doubted" if kind == _ANY else kind.replace(" ", "_")
