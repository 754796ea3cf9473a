"""`infusion-audit explain`: what one finding rests on, and what speaks against it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit_lib.commands import Commands


def add_parser(commands: Commands) -> None:
    """Declare the command and its options."""
    explain = commands.add_parser(
        "explain", help="show what a finding rests on, step by step, and what speaks against it"
    )
    explain.add_argument("finding", metavar="FINDING_ID", help="the finding's id, or the beginning of it")
    explain.add_argument(
        "--run", default="", metavar="DIR", help="run folder (default: the newest under ./runs or ../runs)"
    )
    explain.add_argument("--format", choices=["text", "json"], default="text", help="default: text")
    explain.set_defaults(execute=execute)


def execute(options: argparse.Namespace) -> int:
    """Print the evidence of one finding."""
    from audit_lib.commands import chosen_run
    from audit_lib.evidence import evidence_of
    from audit_lib.evidence.text import as_json, as_text
    from audit_lib.run import Run

    evidence = evidence_of(Run.open(chosen_run(options.run)), options.finding)
    print((as_json if options.format == "json" else as_text)(evidence), end="")
    return 0
