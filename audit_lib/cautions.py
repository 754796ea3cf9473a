"""What a manifest says against its own totals, in sentences: titles, counts and dollars, never a value of a row."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from audit_lib.manifest_keys import Gate, Manifest
from audit_lib.quality.doubts import quality_doubts
from audit_lib.words import count, left_undecided, money, unused_overrides


def outside_period(manifest: Manifest) -> list[str]:
    """Say how much lies outside the period where that is most of the money, or every line that can be audited."""
    outside = _gate(manifest, "outside_period")
    if not outside:
        return []
    lines, dollars = _in_scope(manifest)
    if outside["line_count"] < lines and 2 * Decimal(outside["paid_amount"]) <= dollars:
        return []
    if outside["line_count"] == lines:
        how_many = f"None of the {count(lines, 'line')} that can be audited, with {money(dollars)} paid, lies in the "
    else:
        how_many = (
            f"{outside['line_count']:,} of {count(lines, 'line')} that can be audited, with "
            f"{money(Decimal(outside['paid_amount']))} of {money(dollars)} paid, lie outside the "
        )
    by_service = manifest["parameters"]["period_by"] != "paid"
    hint = (
        "a report on service dates needs the files of every month that such services are paid in, or choose the period "
        "by paid dates (--period-by paid; in a plan of reports, period_by: paid)"
        if by_service
        else "they are evidence, and the reports on the periods that they were paid in speak of them"
    )
    return [f"{how_many}period, so nothing is reported on them here: {hint}."]


def out_of_scope(manifest: Manifest) -> list[str]:
    """Say how much the policy does not apply to where that is every line, or most of the money of a named payer."""
    left_out = _gate(manifest, "out_of_scope")
    if not left_out:
        return []
    staged, asked = manifest["staged"], manifest["parameters"]["settings"].get("policy_applies_to") or {}
    named = [name for names in asked.values() for name in names or []]
    is_most = 2 * Decimal(left_out["paid_amount"]) > Decimal(staged["paid_amount"])
    if left_out["line_count"] < staged["line_count"] and not (named and is_most):
        return []
    why = "of Medicare or Medicaid" + (
        ", or of a payer or plan that the setting policy_applies_to does not name. It names "
        f"{', '.join(named)}: compare that with the claims"
        if named
        else ""
    )
    return [
        f"{left_out['line_count']:,} of {count(staged['line_count'], 'line')} that the rules could use, with "
        f"{money(Decimal(left_out['paid_amount']))} of {money(Decimal(staged['paid_amount']))} paid, are not audited: "
        f"they are {why}."
    ]


def _gate(manifest: Manifest, name: str) -> Gate | None:
    """Return what a gate of the manifest took out; nothing where it met no line."""
    return next((gate for gate in manifest["gates"] if gate["gate"] == name and gate["line_count"]), None)


def _in_scope(manifest: Manifest) -> tuple[int, Decimal]:
    """Return the lines, and the dollars paid on them, that rules could use and that the policy applies to."""
    lines, dollars = manifest["staged"]["line_count"], Decimal(manifest["staged"]["paid_amount"])
    for gate in filter(None, [_gate(manifest, "out_of_scope"), _gate(manifest, "unknown_applicability")]):
        lines, dollars = lines - gate["line_count"], dollars - Decimal(gate["paid_amount"])
    return lines, dollars


def outside_period_cautions(manifest: Manifest) -> list[str]:
    """Say the same where it makes totals doubtful: by paid dates the other months are evidence that should be there."""
    return [] if manifest["parameters"]["period_by"] == "paid" else outside_period(manifest)


def run_doubts(manifest: Manifest, run_folder: Path) -> list[str]:
    """Say, of a finished run, what else its totals leave in doubt: who is audited, the data, unread rows, overrides."""
    found = out_of_scope(manifest) + quality_doubts(manifest["quality"], run_folder, "quality.json of the run")
    rows = manifest["rows"]
    if rows["rejected"]:
        found.append(f"{count(rows['rejected'], 'source row')} of {rows['source']:,} could not be read.")
    found += left_undecided(manifest["gates"])
    return found + unused_overrides(manifest["overrides"])
