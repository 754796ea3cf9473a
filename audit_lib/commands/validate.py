"""`infusion-audit validate`: draw a sample of findings and passes for reviewers to judge."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit_lib.commands import Commands


def add_parser(commands: Commands) -> None:
    """Declare the command and its options."""
    validate = commands.add_parser("validate", help="draw a sample of each rule's findings and passes for reviewers")
    validate.add_argument("run", type=Path, metavar="RUN", help="folder of the run")
    validate.add_argument(
        "--per-rule", type=_positive, default=30, metavar="N", help="findings, and passes, drawn per rule (default: 30)"
    )
    validate.add_argument("--seed", type=int, required=True, metavar="N", help="the same seed draws the same lines")
    validate.add_argument("--out", type=Path, metavar="FILE.xlsx", help="default: review_sample_<run id>_<seed>.xlsx")
    validate.set_defaults(execute=execute)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be a whole number of at least 1")
    return int(text)


def execute(options: argparse.Namespace) -> int:
    """Write the sample and say what to do with it."""
    from audit_lib.ledger.review_sample import write_sample
    from audit_lib.run import Run
    from audit_lib.words import count

    run = Run.open(options.run)
    out = options.out or Path(f"review_sample_{run.folder.name}_{options.seed}.xlsx")
    line_count = write_sample(run, options.per_rule, options.seed, out)
    print(
        f"{count(line_count, 'line')} to judge: {out}. Fill in verdict (agree or disagree), verdict_date, reason and "
        "user, then import it with `infusion-audit disposition`."
    )
    return 0
