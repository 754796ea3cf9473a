"""Shared reports: what of a run may go to a wider circle. Reads one finished run folder, never claims."""

from __future__ import annotations

from pathlib import Path

from audit_lib.errors import OUTPUT, USAGE, AuditError, system_reason
from audit_lib.pseudonyms import Pseudonyms, fresh_key, read_key
from audit_lib.run import Run
from audit_lib.sharing.contents import contents
from audit_lib.sharing.page import page
from audit_lib.whole_files import write_whole

SHARED_REPORT = "overpayment_exposure_shared.html"


def share_reports(run_folder: Path, target: Path, key_file: Path | None = None) -> list[Path]:
    """Write the shared form of a run's report into the folder `target`, and return the files written.

    Members, claims and findings stand under pseudonyms of the key in `key_file`, else of the key file that the run's
    settings name, else of a fresh key. Cells of 1 to 10 members are withheld with what would let them be derived,
    dates are months. The page holds no script, no copy of the tables to download and no row of the claims.

    Raises AuditError: 2 where the folder is no finished run, the key cannot be used, or the report is there already;
    14 where it cannot be written.
    """
    run = Run.open(run_folder)
    named = run.manifest["parameters"]["settings"].get("pseudonym_key_file")
    key_path = key_file or (Path(named) if named else None)
    pseudonyms = Pseudonyms(read_key(key_path) if key_path else fresh_key())
    text = page(run, contents(run, pseudonyms), is_keyed=key_path is not None)
    return [_write(target, text)]


def _write(target: Path, text: str) -> Path:
    """Write the page for its owner alone, whole or not at all."""
    path = target / SHARED_REPORT
    if path.exists():
        raise AuditError(
            USAGE, f"{path} is there already, and nothing is ever overwritten. Name another folder, or move it away."
        )
    try:
        write_whole(path, text)
    except OSError as error:
        raise AuditError(
            OUTPUT,
            f"The shared report cannot be written to {path}: {system_reason(error)}. "
            "Make room or grant write access there, then try again; nothing was left behind.",
        ) from error
    return path
