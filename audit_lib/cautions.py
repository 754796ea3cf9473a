"""What a manifest says against its own totals, in sentences: titles, counts and dollars, never a value of a row."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from audit_lib.quality.doubts import quality_doubts
from audit_lib.words import count, left_undecided, money, unused_overrides


def outside_period(manifest: Any) -> list[str]:
    """Say how much lies outside the period where that is most of the money, or every line."""
    gate = next((gate for gate in manifest["gates"] if gate["gate"] == "outside_period"), None)
    if gate is None or not gate["line_count"] or not _holds_most(gate, manifest["staged"]):
        return []
    staged = manifest["staged"]
    by_service = manifest["parameters"]["period_by"] != "paid"
    hint = (
        "a report on service dates needs the files of every month that such services are paid in, "
        "or choose the period by paid dates (period_by: paid)"
        if by_service
        else "they are evidence, and the reports on the periods that they were paid in speak of them"
    )
    return [
        f"{gate['line_count']:,} of {count(staged['line_count'], 'line')} that the rules could use, with "
        f"{money(Decimal(gate['paid_amount']))} of {money(Decimal(staged['paid_amount']))} paid, lie outside the "
        f"period, so nothing is reported on them here: {hint}."
    ]


def _holds_most(gate: Any, staged: Any) -> bool:
    is_most = 2 * Decimal(gate["paid_amount"]) > Decimal(staged["paid_amount"])
    return is_most or gate["line_count"] == staged["line_count"]


def outside_period_cautions(manifest: Any) -> list[str]:
    """Say the same where it makes totals doubtful: by paid dates the other months are evidence that should be there."""
    return [] if manifest["parameters"]["period_by"] == "paid" else outside_period(manifest)


def run_doubts(manifest: Any, run_folder: Path) -> list[str]:
    """Say, of a finished run, what else its totals leave in doubt: the data, unread rows, overrides without effect."""
    found = quality_doubts(manifest["quality"], run_folder, "quality.json of the run")
    rows = manifest["rows"]
    if rows["rejected"]:
        found.append(f"{count(rows['rejected'], 'source row')} of {rows['source']:,} could not be read.")
    found += left_undecided(manifest["gates"])
    return found + unused_overrides(manifest["overrides"])
