"""`infusion-audit report`: make the reports that a plan names, each once."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from audit_lib.commands.run import date_of
from audit_lib.errors import USAGE, AuditError

if TYPE_CHECKING:
    from audit_lib.commands import Commands
    from audit_lib.schedule.plan import Plan


def add_parser(commands: Commands) -> None:
    """Declare the command and its options."""
    report = commands.add_parser("report", help="make the reports that a plan names, each once")
    report.add_argument("name", nargs="?", metavar="NAME", help="one report of the plan")
    what = report.add_mutually_exclusive_group()
    what.add_argument("--due", action="store_true", help="make every report that is due and not there; call it hourly")
    what.add_argument(
        "--check", action="store_true", help="say what is overdue or failed; for a monitor; makes nothing"
    )
    what.add_argument("--list", action="store_true", help="list the reports and when each is due next")
    what.add_argument("--index", action="store_true", help="write the list of runs, index.html, anew")
    report.add_argument("--config", type=Path, default=Path("reports.yml"), help="the plan (default: reports.yml)")
    report.add_argument("--as-of", type=date_of, metavar="DATE", help="the day that the report takes as today")
    report.add_argument("--force", action="store_true", help="make it though it is there; both runs are kept")
    report.set_defaults(execute=execute)


def execute(options: argparse.Namespace) -> int:
    """Read the plan and do what is asked."""
    _check_usage(options)
    from audit_lib.schedule.plan_file import read_plan

    plan = read_plan(options.config)
    if options.name:
        return _one(plan, options)
    if options.due:
        from audit_lib.schedule.calls import run_due

        return run_due(plan, _now, is_quiet=not sys.stderr.isatty())
    return _check(plan) if options.check else _list(plan) if options.list else _index(plan)


def _check_usage(options: argparse.Namespace) -> None:
    all_of_them = options.due or options.check or options.list or options.index
    if bool(options.name) == bool(all_of_them):
        raise AuditError(USAGE, "Give report one NAME of the plan, or one of --due, --check, --list and --index.")
    if (options.as_of or options.force) and not options.name:
        raise AuditError(USAGE, "--as-of and --force go with the NAME of one report.")


def _now() -> datetime:
    return datetime.now(UTC)


def _one(plan: Plan, options: argparse.Namespace) -> int:
    from audit_lib.schedule.calls import run_one

    return run_one(plan, options.name, options.as_of, _now, is_forced=options.force)


def _check(plan: Plan) -> int:
    from audit_lib.schedule.watch import overdue

    problems = overdue(plan, _now)
    for _, text in problems:
        print(text)
    if not problems:
        print("Every report that is due is there, or still has time.")
    return problems[0][0] if problems else 0


def _list(plan: Plan) -> int:
    from audit_lib.schedule.watch import listing

    print("\n".join(listing(plan, _now)))
    return 0


def _index(plan: Plan) -> int:
    from audit_lib.schedule.calls import write_indexes

    written, refused = write_indexes(plan, _now)
    for path in written:
        print(f"List of runs: {path}")
    for error in refused:
        print(f"infusion-audit: {error.message}", file=sys.stderr)
    return refused[0].exit_code if refused else 0
