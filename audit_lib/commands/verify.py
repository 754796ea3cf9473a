"""`infusion-audit verify`: tell whether a finished run still follows from its claims, rules and settings."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from audit_lib.errors import NOT_REPRODUCED
from audit_lib.words import count

if TYPE_CHECKING:
    from audit_lib.commands import Commands
    from audit_lib.reproduction.verify import Verification


def add_parser(commands: Commands) -> None:
    """Declare the command and its options."""
    verify = commands.add_parser("verify", help="check a run's files and repeat it: is every finding as it was?")
    verify.add_argument("run", type=Path, metavar="RUN", help="folder of the run; it is only read")
    verify.add_argument("--claims", required=True, help="the claims that the run read, wherever they lie now")
    verify.add_argument("--layout", default="", help="the run's own layout file, if it was moved")
    verify.add_argument("--config", type=Path, help="the run's settings file, if files that it names were moved")
    verify.add_argument(
        "--memory-limit", type=_memory, help="memory of the whole process, such as 4GB (default: as the run had)"
    )
    verify.set_defaults(execute=execute)


def _memory(text: str) -> str:
    from audit_lib.settings import Settings

    try:
        return Settings(memory_limit=text).memory_limit
    except ValueError as error:
        raise argparse.ArgumentTypeError("must look like 4GB or 500MB") from error


def execute(options: argparse.Namespace) -> int:
    """Repeat the run, print what differs, and end with 0 where nothing does, else with 16."""
    from audit_lib.progress import Progress
    from audit_lib.reproduction.verify import verify_run

    with Progress() as progress:
        verification = verify_run(
            options.run, options.claims, progress, options.layout, options.config, options.memory_limit
        )
    print(_report(verification))
    return 0 if verification.is_reproduced else NOT_REPRODUCED


def _report(verification: Verification) -> str:
    lines = [f"{d.kind:<14} {d.name}: {d.text}." for d in verification.differences]
    lines += [f"{'note':<14} {note}" for note in verification.notes]
    if verification.is_reproduced:
        lines.append(
            f"Run {verification.run_id} is reproduced: its claims, its files, rules and settings are as they were, and "
            f"repeating it gives every row of its {verification.table_count} tables again."
        )
    else:
        differences = count(len(verification.differences), "difference")
        lines.append(f"Run {verification.run_id} is not reproduced: {differences}, named above.")
    return "\n".join(lines)
