"""The commands of `infusion-audit`, one module each: `add_parser` declares it, `execute` runs it.

Modules import what is heavy inside `execute`, so that `--help` stays quick.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def refuse_inside(out: Path, run_folder: Path) -> None:
    """Refuse to write into a finished run, which stays as it was written. Raises AuditError (2)."""
    from audit_lib.errors import USAGE, AuditError

    if out.resolve().is_relative_to(run_folder.resolve()):
        raise AuditError(USAGE, "--out lies in the run folder, and a finished run is never written to. Name another.")


def chosen_run(given: str) -> Path:
    """Return the run folder that was named; else the newest, and say which that is."""
    from audit_lib.run import newest_run

    if given:
        return Path(given)
    found = newest_run()
    print(f"infusion-audit: no run was named, so this is of the newest: {found}", file=sys.stderr)
    return found
