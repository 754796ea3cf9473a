"""`infusion-audit export`: hand-outs per provider, or cases, from a finished run."""

from __future__ import annotations

import argparse
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit_lib.commands.run import date_of

if TYPE_CHECKING:
    from audit_lib.commands import Commands
    from audit_lib.handout.cases import CaseExport
    from audit_lib.handout.export import ExportResult

_CHANGES = ("new", "reopened", "changed", "withdrawn", "closed")


def add_parser(commands: Commands) -> None:
    """Declare the command and its options."""
    export = commands.add_parser("export", help="write what leaves the team: a workbook per provider, or cases")
    export.add_argument("run", type=Path, metavar="RUN", help="folder of a finished run")
    export.add_argument(
        "--for",
        choices=["cases"],
        dest="purpose",
        help="for a case-management tool: what changed since the last export",
    )
    export.add_argument(
        "--ledger",
        type=Path,
        metavar="FILE",
        help="with --for cases: the ledger (default: ledger.duckdb beside the run)",
    )
    export.add_argument("--by", choices=["provider"], default="provider", help="one hand-out per provider (default)")
    export.add_argument("--format", choices=["xlsx", "csv", "parquet"], default="xlsx", help="default: xlsx")
    export.add_argument("--out", type=Path, metavar="DIR", help="folder of the export; it must be absent or empty")
    export.add_argument(
        "--provider",
        action="append",
        default=[],
        metavar="ID",
        help="only this provider: the TIN; the NPI only where no TIN is billed; may be given more than once",
    )
    export.add_argument("--with-review", action="store_true", help="also show leads, on a sheet of their own")
    export.add_argument("--records-request", action="store_true", help="also list the documents wanted, per claim")
    export.add_argument("--as-of", type=date_of, metavar="DATE", help="the day that the export takes as today")
    export.set_defaults(execute=execute)


def execute(options: argparse.Namespace) -> int:
    """Export the run and say what was written, what was left out, and what to know before sending it."""
    from audit_lib.handout.export import export_by_provider
    from audit_lib.handout.providers import Choice
    from audit_lib.run import Run
    from audit_lib.run_options import today

    if options.purpose or options.ledger:
        return _export_cases(options)
    choice = Choice(options.provider, options.with_review, options.records_request)
    as_of = options.as_of or today()
    print(_summary(export_by_provider(Run.open(options.run), options.format, choice, as_of, options.out)))
    return 0


def _export_cases(options: argparse.Namespace) -> int:
    """Export the cases that changed; what belongs to hand-outs of providers is refused, so that nothing is missed."""
    from audit_lib.errors import USAGE, AuditError
    from audit_lib.handout.cases import export_cases
    from audit_lib.ledger.store import FILE_NAME
    from audit_lib.progress import Progress
    from audit_lib.run import Run

    of_hand_outs = (
        options.format != "xlsx", options.provider, options.with_review, options.records_request, options.as_of
    )  # fmt: skip
    if not options.purpose or any(of_hand_outs):
        raise AuditError(
            USAGE,
            "--ledger belongs to --for cases, and --for cases goes with --ledger and --out alone: it always writes all "
            "that changed, as CSV and JSON. Leave the other options out.",
        )
    run = Run.open(options.run)
    ledger = options.ledger or run.folder.parent / FILE_NAME
    with Progress() as progress:
        found = export_cases(run, ledger, options.out, progress.say)
    print(_cases_summary(found))
    return 0


def _cases_summary(result: CaseExport) -> str:
    """Say in words what changed and what stands open now."""
    from audit_lib.words import count, money, verb

    balance, last = result.balance, result.last
    since = f"since the export of {last.exported_at[:10]} (run {last.run_id})" if last else "before this export"
    if result.path is None:
        return f"Nothing changed {since}: nothing was written." if last else "No finding is open: nothing was written."
    changes = Counter(row["change"] for row in result.findings)
    told = ", ".join(f"{changes[name]:,} {name}" for name in _CHANGES if changes[name])
    lines = [
        f"{count(len(result.cases), 'case')} and {count(len(result.findings), 'finding')} changed {since}: {told}.",
        f"Open after it: {money(balance['open_net_overpaid_amount'])} potential overpayment and, apart from that, "
        f"{money(balance['open_net_review_amount'])} under review, on "
        f"{count(balance['open_finding_count'], 'finding')}.",
    ]
    if balance["not_seen_finding_count"]:
        unseen = balance["not_seen_finding_count"]
        lines.append(
            f"{count(unseen, 'finding')} of earlier exports {verb(unseen, 'stays', 'stay')} open: this run did not "
            f"look at {verb(unseen, 'it', 'them')} again."
        )
    lines += [f"Before you import it: {caution}" for caution in result.cautions]
    lines.append(f"Export: {result.path} (it names members and claims: keep it inside the plan)")
    return "\n".join(lines)


def _summary(result: ExportResult) -> str:
    """Say in words what was demanded and left out; reviews are never added."""
    from audit_lib.words import count, money

    manifest = result.manifest
    totals: dict[str, Any] = {k: Decimal(v) if k.endswith("_amount") else v for k, v in manifest["totals"].items()}
    lines = [
        f"{money(totals['demanded_amount'])} demanded on {count(totals['demanded_line_count'], 'line')} of "
        f"{count(sum(p['demanded_line_count'] > 0 for p in manifest['providers']), 'provider')}.",
        f"Not demanded: {money(totals['contingent_amount'])} that rests on a per diem overpaid in full, "
        f"{money(totals['dependent_amount'])} shown by another line overpaid in full, "
        f"{money(totals['time_barred_amount'])} past its recovery deadline, "
        f"{count(totals['nothing_paid_line_count'], 'line')} on which nothing was paid.",
    ]
    if totals["closed_line_count"] or totals["recovered_line_count"]:
        lines.append(
            f"Nor are {money(totals['closed_amount'])} that reviewers closed, {money(totals['recovered_amount'])} "
            "recovered already."
        )
    if without := manifest["without_hand_out_count"]:
        lines.append(f"{count(without, 'provider')} with findings: nothing is demanded, so no hand-out was written.")
    if totals["deadline_unknown_line_count"]:
        lines.append(
            f"The recovery deadline of {money(totals['deadline_unknown_amount'])} is not known; "
            "recovery.parquet of the run says what is missing."
        )
    if manifest["with_review"]:
        lines.append(
            f"Apart from that, needs review: {money(totals['review_amount'])} on "
            f"{count(totals['review_line_count'], 'line')}."
        )
    lines += [f"Before you send it: {caution}" for caution in manifest["cautions"]]
    lines.append(f"Export: {result.path} (send nothing but what lies in its folder providers)")
    return "\n".join(lines)
