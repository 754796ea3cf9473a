"""The shared report as one HTML page: no script, no download, nothing from elsewhere; every value escaped."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from audit_lib.cautions import out_of_scope, outside_period_cautions
from audit_lib.claims.layouts import shipped_layouts
from audit_lib.page_templates import fill
from audit_lib.quality.doubts import quality_doubts
from audit_lib.reports.lead import partial_cautions
from audit_lib.reports.ledger_block import shared_validation_cautions
from audit_lib.run import Run
from audit_lib.sharing.contents import Contents, Measure
from audit_lib.sharing.references import WITHHELD
from audit_lib.sharing.suppression import LEAST_MEMBERS, SharedTable
from audit_lib.words import compact_money, count, money

_ROOM = Path(__file__).parent
_STYLES = _ROOM.parent / "reports" / "report_template"
FEW = f"fewer than {LEAST_MEMBERS}"
_TITLES = {
    "overpayment": ("Potential overpayment", "Breaches of the policy that the claim lines prove"),
    "review": ("Needs review", "Leads that records or contracts must settle"),
    "not_evaluable": ("Not evaluable", "Considered and not judged: a field is missing or cannot be believed"),
    "not_in_force": ("Not in force", "Considered and not judged: the service came before the provision"),
}
_COUNTED = {
    False: "Each line counts once in a table, and every table adds up to the same total.",
    True: "A decision is one rule's answer on a line: a line counts once for each rule that gave this answer on it.",
}
_NOUNS = {"rule": "rule", "month": "month", "provider": "provider", "code": "code"}


def page(run: Run, contents: Contents, is_keyed: bool) -> str:
    """Return the page of a run; `is_keyed` says whether its references are those of every report."""
    measures = contents.measures
    return fill(
        _ROOM,
        "shared_report.html.j2",
        css="\n".join((_STYLES / name).read_text("utf-8") for name in ("page.css", "blocks.css")),
        run_id=run.manifest["run_id"],
        as_of=month(run.manifest["as_of"]),
        period=run.period_words(month),
        lead=_lead(contents),
        cards=[_card(measures[name], contents) for name in ("overpayment", "review")],
        cautions=_cautions(run),
        facts=_facts(run, contents.totals.has_file_counts),
        sections=[_section(measure) for measure in measures.values()],
        references=contents.references,
        has_shown_rules=any(row["rule"] != WITHHELD for row in contents.references),
        finding_count=contents.finding_count,
        has_references=contents.totals.has_references,
        is_keyed=is_keyed,
        rules=run.manifest["rules"],
        versions=_versions(run),
    )


def month(day: str | None) -> str:
    """Write the month of an ISO date: 2025-08."""
    return str(day)[:7] if day else "unknown"


def _lead(contents: Contents) -> str:
    has_claims = contents.totals.has_claim_counts
    said = [_said(contents.measures[name], has_claims) for name in ("overpayment", "review")]
    return f"{said[0]}; {said[1]}.{_undecided(contents.measures['not_evaluable'])}"


def _undecided(measure: Measure) -> str:
    """Say that decisions could not be made, with the figures of the table below, where they may be shown."""
    if measure.is_empty:
        return ""
    if measure.total is None:
        return (
            " Some decisions could not be made from what the claims say, which is not the same as finding lines in "
            f"order; how many is withheld: {FEW} members are known to stand behind them."
        )
    return (
        f" {count(measure.total.line_count, 'decision')} could not be made from what the claims say, on lines paid "
        f"{money(measure.total.amount)}, a line counted once for each rule: that is not the same as finding them in "
        "order."
    )


def _said(measure: Measure, has_claims: bool) -> str:
    title = _TITLES[measure.name][0]
    title = title if measure.name == "overpayment" else title.lower()
    if measure.is_empty:
        return f"{title}: none"
    if measure.total is None:
        return f"{title}: withheld ({FEW} members)"
    on_claims = f" on {count(measure.claim_count, 'claim')}" if has_claims else ""
    return f"{title}: {compact_money(measure.total.amount)}{on_claims}"


def _card(measure: Measure, contents: Contents) -> dict[str, Any]:
    title, meaning = _TITLES[measure.name]
    card = {"kind": measure.name, "title": title, "meaning": meaning, "compact": "$0.00", "exact": "", "counts": []}
    if measure.total is None:
        return card if measure.is_empty else card | {"compact": "withheld", "exact": f"{FEW} members"}
    contingent = ""
    if measure.name == "overpayment":
        part = contents.contingent_amount
        contingent = f"; contingent part {money(part) if part is not None else f'withheld ({FEW} members)'}"
    return card | {
        "compact": compact_money(measure.total.amount),
        "exact": f"{money(measure.total.amount)}, net of overlap between rules{contingent}",
        "counts": [
            ("Claims", f"{measure.claim_count:,}" if contents.totals.has_claim_counts else WITHHELD),
            ("Members", f"{measure.total.member_count:,}" if contents.totals.has_member_counts else WITHHELD),
            ("Lines", f"{measure.total.line_count:,}"),
        ],
    }


def _cautions(run: Run) -> list[str]:
    manifest = run.manifest
    found = partial_cautions(run) + shared_validation_cautions(run)
    found += quality_doubts(manifest["quality"], run.folder, "The team's own report")
    if rejected := manifest["rows"]["rejected"]:
        number = FEW if rejected < LEAST_MEMBERS else f"{rejected:,}"
        found.append(f"Source rows that could not be read, and that nothing is reported on: {number}.")
    if not manifest["policy_applies_confirmed"]:
        found.append("Nobody has confirmed that this policy applies to these plans (setting policy_applies_to).")
    if out_of_scope(manifest):
        found.append(
            "Most of what was paid in the file is of Medicare, Medicaid or payers and plans that the policy was not "
            "said to apply to: nothing is reported on it, and the team's own report says how much that is."
        )
    if outside_period_cautions(manifest):
        found.append(
            "Most of what was paid in the file lies outside the period: nothing is reported on it here, and the team's "
            "own report says how much that is."
        )
    if manifest["parameters"]["assume_in_force"]:
        found.append("What if: today's policy text was treated as in force on every service date.")
    if changes := manifest["local_changes"]:
        found.append(
            f"The plan changed this audit in {count(len(changes), 'place')}; the team's own report names them."
        )
    resting = [str(row["column"]) for row in manifest["assumptions"] if Decimal(row["overpayment_amount"]) > 0]
    if resting:
        found.append(f"Potential overpayment rests in part on what is assumed where {', '.join(resting)} is missing.")
    if manifest["header_repeats"]["claim_count"]:
        found.append("Institutional claims may repeat their total on every line: the team's own report says how much.")
    return found


def _facts(run: Run, has_file_counts: bool) -> list[tuple[str, str]]:
    """Say what was audited; counts of the file only where the members without findings are many as well."""
    claims, rows = run.manifest["claims"], run.manifest["rows"]
    paid = money(Decimal(claims["paid_amount"]))
    facts = [("Rows that could not be read", FEW if 0 < rows["rejected"] < LEAST_MEMBERS else f"{rows['rejected']:,}")]
    if has_file_counts:
        facts = [
            (
                "In the file",
                f"{count(claims['line_count'], 'line')}, {paid} paid by the plan",
            ),
            (
                "These lines are on",
                f"{count(claims['claim_count'], 'claim')} of {count(claims['member_count'], 'member')} "
                f"and {count(claims['provider_count'], 'provider')}",
            ),
            *facts,
        ]
    facts.append(("Service months", f"{month(claims['first_service_date'])} to {month(claims['last_service_date'])}"))
    return [*facts, ("Findings reported on", run.period_words(month)), ("Rules", f"{len(run.manifest['rules'])}")]


def _section(measure: Measure) -> dict[str, Any]:
    title, meaning = _TITLES[measure.name]
    section = {
        "id": measure.name.replace("_", "-"), "title": title, "meaning": meaning, "note": "", "tables": [],
        "counted": _COUNTED[_is_undecided(measure)],
    }  # fmt: skip
    if measure.is_empty:
        return section | {"note": "No line."}
    if measure.total is None:
        return section | {
            "note": f"Withheld: {FEW} members stand behind these lines, or the run does not keep whose they are. "
            "They are not in order, and not counted as such."
        }
    return section | {"tables": [_table(table, measure) for table in measure.tables]}


def _is_undecided(measure: Measure) -> bool:
    return measure.name.startswith("not_")


def _table(table: SharedTable, measure: Measure) -> dict[str, Any]:
    assert measure.total is not None
    noun = _NOUNS[table.dimension]
    shown = table.shown if table.dimension != "month" else sorted(table.shown, key=lambda cell: cell.category)
    most = max((cell.amount for cell in shown), default=Decimal(0))
    rows = [
        (cell.label, f"{cell.line_count:,}", money(cell.amount), f"{100 * cell.amount / most:.1f}" if most else "0")
        for cell in shown
    ]
    withheld = []
    if table.withheld:
        label = f"{count(len(table.withheld), noun)} withheld, together"
        withheld = [(label, f"{table.withheld_line_count:,}", money(table.withheld_amount), "")]
    return {
        "name": noun,
        "title": f"By {noun}",
        "counted": "Decisions" if _is_undecided(measure) else "Lines",
        "amount_title": "Paid on their lines" if _is_undecided(measure) else _TITLES[measure.name][0],
        "rows": rows,
        "withheld": withheld,
        "total": (f"{measure.total.line_count:,}", money(measure.total.amount)),
    }


def _versions(run: Run) -> list[tuple[str, str]]:
    manifest = run.manifest
    layout = str(manifest["layout"])
    return [
        ("Run", str(manifest["run_id"])),
        ("Made", month(manifest["created_at"])),
        ("Version", f"infusion-audit {manifest['package_version']}, engine {manifest['engine']}"),
        ("Layout", layout if layout in shipped_layouts() else "the plan's own"),
        *[("Input", f"{file['bytes']:,} bytes, SHA-256 {file['sha256']}") for file in manifest["inputs"]],
    ]
