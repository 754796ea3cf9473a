"""`infusion-audit disposition`: record what became of findings, or the verdicts on a review sample."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from audit_lib.commands.run import date_of

if TYPE_CHECKING:
    from audit_lib.commands import Commands
    from audit_lib.ledger.review_files import Imported


def add_parser(commands: Commands) -> None:
    """Declare the command and its options."""
    disposition = commands.add_parser(
        "disposition",
        help="record dispositions, or verdicts on a review sample, from a filled CSV file or workbook",
    )
    disposition.add_argument("file", type=Path, metavar="FILE", help="CSV (.csv) or workbook (.xlsx)")
    disposition.add_argument(
        "--ledger", type=Path, default=Path("runs/ledger.duckdb"), metavar="FILE", help="default: runs/ledger.duckdb"
    )
    disposition.add_argument("--as-of", type=date_of, metavar="DATE", help="the day that is taken as today")
    disposition.set_defaults(execute=execute)


def execute(options: argparse.Namespace) -> int:
    """Import the file, all of it or nothing, and say how many rows were new."""
    from audit_lib.ledger.dispositions import import_dispositions, refuse_nothing_filled
    from audit_lib.ledger.review_files import read_filled
    from audit_lib.ledger.review_sample import import_verdicts
    from audit_lib.ledger.store import open_ledger
    from audit_lib.progress import Progress
    from audit_lib.run_options import today

    as_of = options.as_of or today()
    is_sample = "verdict" in read_filled(options.file).header
    with Progress() as progress, open_ledger(options.ledger, say=progress.say, must_exist=True) as ledger:
        imported = (import_verdicts if is_sample else import_dispositions)(ledger, options.file, as_of)
    refuse_nothing_filled(options.file, imported)
    print(_summary(imported, "verdict" if is_sample else "disposition", options.ledger))
    return 0


def _summary(imported: Imported, what: str, ledger: Path) -> str:
    from audit_lib.words import count, verb

    known, unfilled, outranked = imported.known_count, imported.unfilled_count, imported.outranked_count
    older = (
        f" {count(outranked, 'row')} {verb(outranked, 'does', 'do')} not stand over what was recorded on the same "
        "finding before, of a later day or of the same."
    )
    repeated = imported.repeated_count
    again = (
        f" {count(repeated, 'row')} {verb(repeated, 'recovers', 'recover')} an amount that was recorded as recovered "
        "on the same finding and day, with another case, reason or user: where it is the same recovery, record it once "
        "more with a negative amount."
    )
    return (
        f"Recorded {count(imported.recorded_count, what)} in {ledger}; {known:,} {verb(known, 'was', 'were')} there "
        f"before, {count(unfilled, 'row')} {verb(unfilled, 'is', 'are')} not filled in."
        f"{older if outranked else ''}{again if repeated else ''}"
    )
