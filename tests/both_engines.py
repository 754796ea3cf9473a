"""Runs of one claims source on either engine, and their files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from audit_lib.audit import run_audit
from audit_lib.progress import Progress
from audit_lib.run_options import RunOptions

ENGINES = ("duckdb", "spark")


def run(claims: Path, out: Path, engine: str, **options: Any) -> Path:
    """Audit claims, of another day's date the same; the run's folder is named by the engine."""
    asked = RunOptions(
        str(claims), out / engine, run_id=engine, engine=engine, as_of=date(2026, 1, 1), with_reports=False, **options
    )
    return run_audit(asked, Progress(is_quiet=True)).path


def files(run_folder: Path) -> dict[str, bytes]:
    """Return the tables of a run as bytes."""
    return {path.name: path.read_bytes() for path in sorted(run_folder.glob("*.parquet"))}


def unlike(runs: dict[str, Path]) -> list[str]:
    """Return the names of tables that are not the same byte for byte in all runs, or that one of them lacks."""
    contents = [files(folder) for folder in runs.values()]
    names = sorted(set().union(*contents))
    return [name for name in names if len({content.get(name) for content in contents}) > 1]
