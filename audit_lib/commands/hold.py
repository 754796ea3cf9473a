"""`infusion-audit hold` and `holds`: keep a run from being deleted, let it go, list what is kept."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit_lib.commands import Commands


def add_parser(commands: Commands) -> None:
    """Declare the commands and their options."""
    hold = commands.add_parser("hold", help="keep a run from being deleted by retention, or let it go")
    hold.add_argument("run", type=Path, metavar="RUN", help="folder of the run")
    hold.add_argument("--reason", required=True, help="why, in words; it is kept with your name and the time")
    hold.add_argument("--release", action="store_true", help="end the holds that were placed by hand")
    hold.set_defaults(execute=execute)
    listing = commands.add_parser("holds", help="list the runs on hold, with reasons")
    listing.add_argument("place", type=Path, nargs="?", default=Path("runs"), metavar="DIR", help="default: runs")
    listing.add_argument("--history", action="store_true", help="also what was released")
    listing.set_defaults(execute=list_holds)


def execute(options: argparse.Namespace) -> int:
    """Place or release a hold and say so."""
    from audit_lib.holds import place_hold, release_hold

    if options.release:
        release_hold(options.run, options.reason)
        print(f"Released: {options.run}. Retention may delete it from now on.")
    else:
        place_hold(options.run, options.reason)
        print(f"On hold: {options.run}. Retention will not delete it.")
    return 0


def list_holds(options: argparse.Namespace) -> int:
    """Print the holds, a line each. Raises AuditError (2) where the folder of runs is not there."""
    from audit_lib.errors import USAGE, AuditError
    from audit_lib.holds import hold_history, holds

    if not options.place.is_dir():
        raise AuditError(USAGE, f"There is no folder {options.place}. Name the one that holds the run folders.")
    entries = hold_history(options.place) if options.history else holds(options.place)
    for entry in entries:
        action = f"{entry.action:<8} " if options.history else ""
        stays = " (stays)" if entry.is_automatic else ""
        print(f"{entry.run}  {action}{entry.at}  {entry.user}: {entry.reason}{stays}")
    if not entries:
        print(f"No run in {options.place} is on hold.")
    return 0
