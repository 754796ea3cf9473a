"""What the claims say against demanded lines, counted for the sender; no provider's file has any of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

import duckdb

from audit_lib.doubt_kinds import doubt_kinds
from audit_lib.small_tables import as_dicts
from audit_lib.words import count, money

_ANY = "any"
Row = Mapping[str, Any]


def doubt_rows(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return the rows of `demanded_doubts`: provider, kind (`any` counts each line once), lines, dollars."""
    return as_dicts(connection.table("demanded_doubts").order("provider_id, kind"))


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
        f"{_told().get(row['kind'], row['kind'])}."
        for row in sums
    ]


def _of_all(row: Row, demanded: Row) -> str:
    return (
        f"On {row['line_count']:,} of the {count(demanded['demanded_line_count'], 'demanded line')} "
        f"({money(row['amount'])} of {money(demanded['demanded_amount'])}) the claims themselves hold something that "
        "may speak against the demand, counted below by kind; a line can be in several kinds. overview.csv counts "
        "them by provider, `infusion-audit explain` says it of each finding."
    )


def _told() -> dict[str, str]:
    """Return what is said of the lines, kind by kind; one that is not here is told by its own name."""
    return {name: kind.words_for_the_sender for name, kind in doubt_kinds().items() if kind.words_for_the_sender}


def _kinds(rows: list[dict[str, Any]]) -> list[str]:
    """Return every kind that is told by words of its own, then those met that are not."""
    told = _told()
    return [*told, *sorted({row["kind"] for row in rows} - {_ANY, *told})]


def _column(kind: str) -> str:
    return "doubted" if kind == _ANY else kind.replace(" ", "_")
