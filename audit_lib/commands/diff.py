"""`infusion-audit diff`: what changed between two runs, and why."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit_lib.commands import Commands


def add_parser(commands: Commands) -> None:
    """Declare the command and its options."""
    diff = commands.add_parser("diff", help="list findings and dollars gained, lost and changed between two runs")
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
    print(diff)
    if options.out:
        print(f"Changed findings: {options.out}")
    return 0
