"""`infusion-audit check`: the data-quality gate alone, as a table."""

from __future__ import annotations

import argparse
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from audit_lib.commands.run import add_rows_of_a_database, date_of
from audit_lib.errors import QUALITY_GATE

if TYPE_CHECKING:
    from audit_lib.commands import Commands
    from audit_lib.quality.checking import CheckResult
    from audit_lib.quality.results import Result

_ORDER = {"ERROR": 0, "FAIL": 1, "PASS": 2}
_GRAVITY = {"critical": 0, "warning": 1, "info": 2}
_STYLES = {"ERROR": "bold magenta", "FAIL": "bold red", "PASS": "green"}


def add_parser(commands: Commands) -> None:
    """Declare the command and its options."""
    check = commands.add_parser("check", help="measure what claims are worth, without auditing them")
    check.add_argument(
        "claims", metavar="PATH", help="CSV or Parquet: a file, a folder, or a pattern; or a DuckDB or SQLite file"
    )
    check.add_argument(
        "--layout", default="canonical", help="a shipped layout (canonical, tuva) or a YAML file (default: canonical)"
    )
    add_rows_of_a_database(check)
    check.add_argument("--config", type=Path, help="settings file (YAML)")
    check.add_argument("--as-of", type=date_of, metavar="DATE", help="the day that counts as today")
    check.add_argument("--all", action="store_true", help="list the expectations that were met as well")
    check.add_argument(
        "--memory-limit",
        help="memory of the whole process, an eighth more at times (default: the settings file's, else 4GB)",
    )
    check.add_argument("--threads", type=int, help="threads for the SQL (default: the settings file's, else 2)")
    check.set_defaults(execute=execute)


def execute(options: argparse.Namespace) -> int:
    """Measure, print the table, and return 12 where a run would be stopped, else 0."""
    from audit_lib.commands.run import settings_of
    from audit_lib.progress import Progress
    from audit_lib.quality.checking import check_claims
    from audit_lib.run_options import today

    as_of = options.as_of or today()
    with Progress() as progress:
        result = check_claims(
            options.claims,
            options.layout,
            settings_of(options),
            as_of,
            progress,
            table=options.table,
            query=options.query,
        )
    _print(result, options.all)
    return QUALITY_GATE if result.gate.run_stoppers() else 0


def _print(result: CheckResult, has_all: bool) -> None:
    """Print the worst first; counts and our own words, never a value."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    results = sorted(result.gate.results, key=lambda r: (_ORDER[r.status], _GRAVITY[r.severity]))
    shown = [one for one in results if has_all or one.status != "PASS"]
    if shown:
        table = Table("Status", "Severity", "Expectation, and what it does to findings", expand=True, show_lines=True)
        table.add_column("Otherwise", justify="right")
        table.add_column("Paid", justify="right", no_wrap=True)
        for one in shown:
            table.add_row(*_row(one))
        console.print(table)
    for line in _summary(result, len(shown)):
        console.print(line, soft_wrap=True)


def _row(result: Result) -> list[str]:
    from audit_lib.words import money

    paid = money(Decimal(result.paid_amount)) if result.paid_amount is not None else ""
    status = f"[{_STYLES[result.status]}]{result.status}[/]"
    told = f"{result.sentence}\n{result.explanation or result.consequence}\n[dim]{result.suite}: {result.id}[/]"
    lines = f"{_count(result.unexpected_count)} of {_count(result.element_count)}" if result.element_count else ""
    return [status, result.severity, told, lines, paid]


def _count(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def _summary(result: CheckResult, shown_count: int) -> list[str]:
    """Say in lines what the table comes to."""
    from audit_lib.words import count

    gate, counts = result.gate, result.counts
    tally = {status: sum(r.status == status for r in gate.results) for status in _ORDER}
    lines = [
        f"{count(counts.source, 'row')}: {counts.read:,} read, {counts.rejected:,} rejected. "
        f"{len(gate.results)} expectations: {tally['PASS']} met, {tally['FAIL']} not met, "
        f"{tally['ERROR']} could not be evaluated."
    ]
    if not shown_count:
        lines.append("Every expectation is met.")
    if stopped := gate.stopped_rules():
        columns = ", ".join(sorted(gate.emptied))
        names = ", ".join(rule["rule"] for rule in stopped)
        lines.append(
            f"A run reads {columns} as empty and answers not_evaluable for {count(len(stopped), 'rule')}: {names}."
        )
    stoppers = gate.run_stoppers()
    lines.append(
        f"A run would stop with exit code {QUALITY_GATE}: {', '.join(one.id for one in stoppers)}."
        if stoppers
        else "A run would not be stopped."
    )
    return lines
