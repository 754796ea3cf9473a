"""`infusion-audit share`: write the form of a finished run's report that may go to a wider circle."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit_lib.commands import Commands


def add_parser(commands: Commands) -> None:
    """Declare the command and its options."""
    share = commands.add_parser(
        "share",
        help="write a finished run's report for a wider circle: members and claims under pseudonyms, no small cell",
        description="Write the shared form of a finished run's report: members, claims and findings under pseudonyms, "
        "months instead of dates, figures on 1 to 10 members withheld. Providers stand with their names, else "
        "TIN or NPI.",
    )
    share.add_argument("run", type=Path, metavar="RUN", help="folder of a finished run")
    share.add_argument("--out", required=True, type=Path, help="folder to write into; the run itself stays as it is")
    share.add_argument("--key-file", type=Path, help="key of the pseudonyms (default: the run's pseudonym_key_file)")
    share.set_defaults(execute=execute)


def execute(options: argparse.Namespace) -> int:
    """Write the shared report and say where it is."""
    from audit_lib.commands import refuse_inside
    from audit_lib.sharing import share_reports

    refuse_inside(options.out, options.run)
    for path in share_reports(options.run, options.out, options.key_file):
        print(f"Shared report: {path}")
    return 0
