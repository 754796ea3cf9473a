"""`infusion-audit run`: audit a claims file and write a run folder."""

from __future__ import annotations

import argparse
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from audit_lib.choices import EngineName, PeriodBy
from audit_lib.errors import USAGE, AuditError, refusal
from audit_lib.manifest_keys import Manifest

if TYPE_CHECKING:
    from audit_lib.commands import Commands
    from audit_lib.settings import Settings


def date_of(text: str) -> date:
    """Read a date given on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("must be a date of the calendar, as YYYY-MM-DD") from error


def add_parser(commands: Commands) -> None:
    """Declare the command and its options."""
    run = commands.add_parser("run", help="audit a claims file and write a run folder")
    run.add_argument(
        "--claims",
        required=True,
        help="CSV (.csv, .csv.gz) or Parquet: a file, a folder, or a pattern in quotes; or a DuckDB or SQLite file",
    )
    add_rows_of_a_database(run)
    run.add_argument(
        "--layout", default="canonical", help="a shipped layout (canonical, tuva) or a YAML file (default: canonical)"
    )
    run.add_argument("--out", required=True, type=Path, help="folder that run folders are written under")
    run.add_argument("--from", dest="period_from", type=date_of, metavar="DATE", help="first day reported on")
    run.add_argument("--to", dest="period_to", type=date_of, metavar="DATE", help="last day reported on")
    run.add_argument(
        "--period-by",
        choices=get_args(PeriodBy),
        default="service",
        help="which date the period is of (default: service)",
    )
    run.add_argument("--rules", help="rules to run, comma-separated (default: all)")
    run.add_argument("--config", type=Path, help="settings file (YAML)")
    run.add_argument("--assume-in-force", action="store_true", help="judge all dates by the current policy text")
    run.add_argument(
        "--as-of", type=date_of, metavar="DATE", help="the day that the run takes as today (default: today)"
    )
    run.add_argument("--run-id", help="name of the run folder; . writes into --out itself")
    reports = run.add_mutually_exclusive_group()
    reports.add_argument(
        "--notebooks", metavar="NAMES", help="notebooks to render, comma-separated, or all (default: all but 07)"
    )
    reports.add_argument("--no-reports", action="store_true", help="leave the notebooks out")
    run.add_argument(
        "--share",
        action="store_true",
        help="also write shared_reports/: members and claims under pseudonyms, no small cell; providers are named",
    )
    run.add_argument("--no-quality", action="store_true", help="leave the data-quality results out")
    memory = run.add_mutually_exclusive_group()
    memory.add_argument(
        "--ledger", type=Path, metavar="FILE", help="remember findings there (default: OUT/ledger.duckdb)"
    )
    memory.add_argument("--no-ledger", action="store_true", help="remember nothing of this run")
    run.add_argument(
        "--engine", choices=get_args(EngineName), default="duckdb", help="what runs the SQL (default: duckdb)"
    )
    run.add_argument("--spark-master", default="", metavar="URL", help="local[2], spark://…, sc://… (default: local)")
    run.add_argument(
        "--memory-limit",
        help="memory of the whole process, an eighth more at times (default: the settings file's, else 4GB)",
    )
    run.add_argument("--threads", type=int, help="threads for the SQL (default: the settings file's, else 2)")
    run.set_defaults(execute=execute)


def add_rows_of_a_database(parser: argparse.ArgumentParser) -> None:
    """Declare the options that say which rows of a database are the claims."""
    rows = parser.add_mutually_exclusive_group()
    rows.add_argument("--table", default="", metavar="NAME", help="the table or view of the database, or schema.table")
    rows.add_argument(
        "--query", default="", metavar="SQL", help="or the one select over the database whose rows to read"
    )


def execute(options: argparse.Namespace) -> int:
    """Check the options, run the audit, and say where it is and what it found."""
    from audit_lib.audit import run_audit
    from audit_lib.progress import Progress
    from audit_lib.run_options import RunOptions

    started = time.monotonic()
    if options.run_id == "":
        raise AuditError(USAGE, "--run-id names nothing. Write a name, . for --out itself, or leave it out.")
    asked = RunOptions(
        claims=options.claims,
        out=options.out,
        table=options.table,
        query=options.query,
        layout=options.layout,
        period_from=options.period_from,
        period_to=options.period_to,
        period_by=options.period_by,
        rules=_named("--rules", options.rules),
        settings=settings_of(options),
        is_assumed_in_force=options.assume_in_force,
        run_id=options.run_id or "",
        with_reports=not options.no_reports,
        with_quality=not options.no_quality,
        with_shared_reports=options.share,
        ledger=_ledger(options),
        notebooks=_notebooks(options.notebooks),
        engine=options.engine,
        spark_master=options.spark_master,
        **({"as_of": options.as_of} if options.as_of else {}),
    )
    with Progress() as progress:
        result = run_audit(asked, progress)
    print(summary(result.manifest, result.path, time.monotonic() - started))
    return 0


def _named(option: str, text: str | None) -> list[str]:
    """Return the names that an option lists; one that is given and names nothing is refused, not taken for all."""
    names = [name.strip() for name in (text or "").split(",") if name.strip()]
    if text is not None and not names:
        raise AuditError(USAGE, f"{option} names none. Write names, separated by commas, or leave it out.")
    return names


def _notebooks(names: str | None) -> tuple[str, ...]:
    """Return the notebooks to render; names that none has are refused, all at once, before the claims are read."""
    from audit_lib.reports.parameters import notebook_names, shipped_notebooks
    from audit_lib.run_options import DEFAULT_NOTEBOOKS

    if names is None:
        return DEFAULT_NOTEBOOKS
    asked = _named("--notebooks", names)
    problems: list[str] = []
    found = shipped_notebooks(notebook_names() if asked == ["all"] else asked, problems)
    if problems:
        raise refusal("--notebooks cannot be used", problems)
    return tuple(dict.fromkeys(path.stem for path in found))


def _ledger(options: argparse.Namespace) -> Path | None:
    """Return the ledger of the run: none for `--run-id .` and for a what-if, unless it is named."""
    from audit_lib.ledger.store import default_ledger

    if options.no_ledger or options.ledger:
        return None if options.no_ledger else Path(options.ledger)
    return None if options.assume_in_force else default_ledger(options.out, options.run_id or "")


def settings_of(options: argparse.Namespace) -> Settings:
    """Read the settings file, with the memory and threads that the command line gives instead.

    Raises AuditError (2) for a file or a value that cannot be used.
    """
    from audit_lib.settings import Settings, read_settings

    settings = read_settings(options.config)
    changed = {"memory_limit": options.memory_limit, "threads": options.threads}
    try:
        return Settings.model_validate({**settings.model_dump(), **{k: v for k, v in changed.items() if v is not None}})
    except ValueError as error:
        raise AuditError(
            USAGE, "--memory-limit must look like 4GB or 500MB, and --threads must be 1 to 256."
        ) from error


def summary(manifest: Manifest, path: Path, seconds: float) -> str:
    """Say what was found, and what could not be decided; potential overpayment and review are never added up."""
    from audit_lib.cautions import outside_period, run_doubts
    from audit_lib.words import count, delivery, money, undecided

    totals, not_decided = manifest["totals"], manifest["undecided"]
    report = path / "reports" / "03_overpayment_exposure.html"
    lines = [
        f"Potential overpayment {money(Decimal(totals['net_overpaid_amount']))} "
        f"on {count(totals['overpaid_line_count'], 'line')} "
        f"({money(Decimal(totals['contingent_overpaid_amount']))} of it contingent); "
        f"needs review {money(Decimal(totals['net_review_amount']))} "
        f"on {count(totals['review_line_count'], 'line')}.",
        *([f"{said}."] if (said := undecided(not_decided)) else []),
        *outside_period(manifest),
        *run_doubts(manifest, path),
        *delivery(manifest["inputs"], manifest["passed_over"]),
        f"Run folder: {path}",
    ]
    if report.is_file():
        lines.append(f"Report: {report}")
    lines += [f"Shared report: {page}" for page in sorted(path.glob("shared_reports/*.html"))]
    lines.append(f"Done in {seconds:.1f} seconds.")
    return "\n".join(lines)
