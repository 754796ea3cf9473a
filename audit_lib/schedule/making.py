"""Makes one report as of one day: the audit, its note in the journal, its failure page."""

from __future__ import annotations

import hashlib
import os
import socket
from datetime import date
from pathlib import Path

from audit_lib.cautions import outside_period_cautions, run_doubts
from audit_lib.claims.sources import file_states, matching_files
from audit_lib.errors import FAULT, USAGE, AuditError, NotYetError, fault_place
from audit_lib.manifest_keys import Manifest
from audit_lib.schedule.journal import Journal, OccasionState
from audit_lib.schedule.plan import Plan, Report, fill_dates
from audit_lib.schedule.status import write_failure_page
from audit_lib.stopping import is_stopping

STOPPED = (
    "The attempt ended without a word: it was killed, ran out of memory, or the machine went down. "
    "Nothing half-made is left; the next call tries again. Where it ends so every time, give it more memory "
    "(memory_limit in its settings) or look into the system's log."
)


def claims_pattern(report: Report, as_of: date) -> str:
    """Return the path of the claims with the report's dates filled in."""
    return fill_dates(report.claims, as_of, report.period.on(as_of))


def claims_mark(report: Report, as_of: date) -> str:
    """Return a mark that stays as long as the report's claims, and how they are to be read, do not change."""
    settings = [path for path in (report.settings, Path(report.layout)) if path and path.is_file()]
    states = file_states([*matching_files(claims_pattern(report, as_of)), *settings])
    files = [(str(path), status.st_size, status.st_mtime_ns) for path, status in states.items()]
    return hashlib.sha256(repr((report, files)).encode()).hexdigest()


def make(report: Report, as_of: date, plan: Plan, journal: Journal, *, is_quiet: bool, is_forced: bool = False) -> int:
    """Run the audit of one report, note how it ended, and return its exit code; 0 means that the run is there.

    Where no line of the claims lies in the period it waits for them, which is told as late in its time; what is forced
    is made without them. Raises KeyboardInterrupt where it was asked to stop, after noting that.
    """
    run_id = free_run_id(report, as_of, journal.states()[report.name, as_of])
    mark = claims_mark(report, as_of)
    journal.append("started", report.name, as_of, run=run_id, pid=os.getpid(), host=socket.gethostname())
    try:
        manifest = _audit(report, as_of, run_id, is_quiet, is_forced)
    except KeyboardInterrupt:
        journal.append("interrupted", report.name, as_of)
        raise
    except NotYetError as error:
        journal.append("waiting", report.name, as_of, message=error.message, claims_mark=mark)
        return error.exit_code
    except AuditError as error:
        return fail(report, as_of, plan, journal, "failed", error.exit_code, error.message)
    except Exception as error:  # whatever it says may quote a row; where it happened does not
        if is_stopping():
            journal.append("interrupted", report.name, as_of)
            raise KeyboardInterrupt from error
        return fail(report, as_of, plan, journal, "failed", FAULT, fault(error, "No result was written."))
    succeed(report, as_of, journal, manifest)
    return 0


def succeed(report: Report, as_of: date, journal: Journal, manifest: Manifest) -> None:
    """Note that a run is there, with its period and totals."""
    parameters = manifest["parameters"]
    journal.append(
        "succeeded",
        report.name,
        as_of,
        run=manifest["run_id"],
        period=[parameters["from"], parameters["to"]],
        period_by=parameters["period_by"],
        totals=manifest["totals"],
        undecided=manifest["undecided"],
        is_to_be_delivered=report.deliver is not None,
        inputs_sha256=_inputs_sha256(manifest),
        last_service_date=manifest["claims"]["last_service_date"],
        cautions=[*outside_period_cautions(manifest), *run_doubts(manifest, report.place / manifest["run_id"])],
    )


def _inputs_sha256(manifest: Manifest) -> str:
    """Return one digest of all claims files, so that the same claims are known again."""
    return hashlib.sha256("".join(file["sha256"] for file in manifest["inputs"]).encode()).hexdigest()


def fail(report: Report, as_of: date, plan: Plan, journal: Journal, status: str, exit_code: int, message: str) -> int:
    """Note a failure, leave its page beside the runs, and return its exit code."""
    event = "late" if status == "late" else "failed"
    journal.append(event, report.name, as_of, status=status, exit_code=exit_code, message=message)
    write_failure_page(report, as_of, plan, journal)
    return exit_code


def free_run_id(report: Report, as_of: date, state: OccasionState) -> str:
    """Return the name of the next run folder: the report and its day; a forced run has its number behind it."""
    taken = {run.run_id for run in state.runs}
    number = 1
    while (name := run_name(report, as_of, number)) in taken or (number > 1 and (report.place / name).exists()):
        number += 1
    return name


def run_name(report: Report, as_of: date, number: int = 1) -> str:
    """Return the name of a report's run folder."""
    return f"{report.name}-{as_of.isoformat()}" + (f"-{number}" if number > 1 else "")


def _audit(report: Report, as_of: date, run_id: str, is_quiet: bool, is_forced: bool) -> Manifest:
    from audit_lib.audit import run_audit
    from audit_lib.ledger.store import default_ledger
    from audit_lib.progress import Progress
    from audit_lib.run_options import RunOptions
    from audit_lib.settings import read_settings

    first, last = report.period.on(as_of)
    options = RunOptions(
        claims=claims_pattern(report, as_of),
        out=report.place,
        table=report.table,
        query=report.query,
        layout=report.layout,
        period_from=first,
        period_to=last,
        period_by=report.period_by,
        rules=report.rules,
        settings=read_settings(report.settings),
        is_assumed_in_force=report.assume_in_force,
        as_of=as_of,
        run_id=run_id,
        notebooks=report.notebooks,
        needs_lines_in_period=not is_forced,
        ledger=default_ledger(report.place, run_id) if report.ledger and not report.assume_in_force else None,
    )
    with Progress(is_quiet) as progress:
        return run_audit(options, progress).manifest


def fault(error: Exception, what_stands: str) -> str:
    """Say where the program is at fault, not what it was about, which may quote a row; then what stands."""
    return (
        f"It stopped by a fault of its own: {fault_place(error)}. "
        f"{what_stands} Please report this line; it holds nothing of the claims."
    )


def refuse_future(as_of: date, today: date) -> None:
    """Refuse a report as of a day that has not come: its period is not over, and the day would count as done."""
    if as_of > today:
        raise AuditError(
            USAGE,
            f"--as-of {as_of} has not come yet: today is {today} in the plan's time zone. Name a day up to today.",
        )
