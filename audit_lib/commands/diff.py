"""`infusion-audit diff`: what changed between two runs, and why."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audit_lib.run_diff import RunDiff

_ROW = "{:<9} {:<13} {:>9} {:>23} {:>18}"
_CHANGES = ("gained", "lost", "changed")


def add_parser(commands: Any) -> None:
    """Declare the command and its options."""
    diff = commands.add_parser(
        "diff", help="list findings and dollars gained, lost and changed between two runs", allow_abbrev=False
    )
    diff.add_argument("run_a", type=Path, metavar="RUN_A", help="folder of the earlier run")
    diff.add_argument("run_b", type=Path, metavar="RUN_B", help="folder of the later run")
    diff.add_argument("--out", type=Path, metavar="FILE.csv", help="also write one row per changed finding")
    diff.set_defaults(execute=execute)


def execute(options: argparse.Namespace) -> int:
    """Compare the runs, print the table of changes, and write the list where it is asked for."""
    from audit_lib.errors import USAGE, AuditError
    from audit_lib.run_diff import RunDiff

    if options.out and options.out.suffix.lower() != ".csv":
        raise AuditError(USAGE, f"The list is written as CSV: name a file that ends with .csv, not {options.out.name}.")
    diff = RunDiff(options.run_a, options.run_b)
    if options.out:
        diff.write(options.out)
    print(_table(diff))
    if options.out:
        print(f"Changed findings: {options.out}")
    return 0


def _table(diff: RunDiff) -> str:
    """Write the changes by cause, then the sum that ties the two runs; the two measures are never added up."""
    from audit_lib.words import money

    a_period, b_period = diff.periods
    lines = [f"Period of A: {a_period}.", f"Period of B: {b_period}."] if a_period != b_period else []
    lines += [_ROW.format("change", "cause", "findings", "potential overpayment", "needs review")]
    for change in _CHANGES:
        for total in [*(t for t in diff.totals if t.change == change), diff.total(change)]:
            count = f"{total.finding_count:,}"
            lines.append(_ROW.format(change, total.cause, count, money(total.net_overpaid), money(total.net_review)))
    a, b = diff.net_a, diff.net_b
    lines += [
        _ROW.format("net of A", "", "", money(a.overpaid), money(a.review)),
        _ROW.format("net of B", "", "", money(b.overpaid), money(b.review)),
        _ROW.format("B - A", "", "", money(b.overpaid - a.overpaid), money(b.review - a.review)),
        "B - A = gained - lost + changed. Net dollars, each line once. Rule version: also shared SQL and code lists.",
    ]
    return "\n".join(line.rstrip() for line in lines)
