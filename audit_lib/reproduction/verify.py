"""Repeats a finished run in a temporary folder and names everything that is not as the run recorded it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from pydantic import ValidationError

from audit_lib.audit import run_audit
from audit_lib.claims.layouts import shipped_layouts
from audit_lib.database import open_connection
from audit_lib.errors import OUTPUT, RULE_FAILED, USAGE, AuditError, is_write_failure
from audit_lib.manifest_keys import Manifest
from audit_lib.pipeline import create, load_steps
from audit_lib.progress import Progress
from audit_lib.reproduction import records
from audit_lib.reproduction.records import Difference
from audit_lib.resources import folder
from audit_lib.run import Run
from audit_lib.run_options import RunOptions
from audit_lib.settings import Settings, read_settings
from audit_lib.words import count, money

# They depend on earlier runs, which a repetition does not have.
_OF_THE_LEDGER = {"finding_status", "rule_standing"}


@dataclass(frozen=True)
class Verification:
    """What verifying found: nothing different, or each difference by name; notes explain and do not count."""

    run_id: str
    differences: list[Difference]
    notes: list[str]
    table_count: int

    @property
    def is_reproduced(self) -> bool:
        """Tell whether claims, files, rules, settings and every result are those of the run."""
        return not self.differences


def verify_run(
    run_folder: Path,
    claims: str,
    progress: Progress,
    layout: str = "",
    config: Path | None = None,
    memory_limit: str | None = None,
) -> Verification:
    """Check a run's files and repeat it from `claims` with its own parameters, in a temporary folder.

    `layout` and `config` say where those files lie now, if they were moved; `memory_limit` stands in for the run's,
    which decides nothing. The run is only read.
    Raises AuditError as `run_audit` does, 2 where the folder is no finished run, and 13 or 14 where memory or room are
    lacking to compare the two.
    """
    run = Run(run_folder)  # a damaged file of it is a difference, not an end
    _refuse_other_layout(run.manifest["layout"], layout)
    touched = list(records.touched_files(run.folder, run.manifest))
    settings, changed_settings = _settings(run.manifest["parameters"]["settings"], config)
    if memory_limit:
        settings = settings.model_copy(update={"memory_limit": memory_limit})
    with tempfile.TemporaryDirectory() as scratch:
        again = run_audit(_options(run.manifest, claims, layout, settings, Path(scratch)), progress)
        unlike = _unlike_columns(run.manifest, again.manifest)
        results = list(_different_tables(run.folder, again.path, unlike, settings, Path(scratch) / "spill"))
        table_count = len(_tables(again.path))
    differences = [
        *records.changed_claims(run.manifest, again.manifest),
        *touched,
        *changed_settings,
        *records.changed_settings_files(run.manifest, again.manifest),
        *records.changed_program(run.manifest, again.manifest),
        *results,
        *records.changed_results(run.manifest, again.manifest),
    ]
    return Verification(run.manifest["run_id"], differences, _notes(run.manifest, again.manifest), table_count)


def _settings(recorded: dict[str, Any], config: Path | None) -> tuple[Settings, list[Difference]]:
    """Return the run's settings, the files that they name taken from `config` where that is given.

    The key of pseudonyms is left out: it names members in shared reports, which are not repeated, and decides nothing.
    """
    named = read_settings(config) if config else None
    moved = named.model_dump(mode="json", include=records.FILE_SETTINGS) if named else {}
    try:
        settings = Settings.model_validate({**recorded, **moved, "pseudonym_key_file": None})
    except ValidationError as error:
        raise AuditError(
            USAGE,
            "The run was made with settings that this version does not know, so it cannot be repeated. "
            "Verify it with the version of infusion-audit that its manifest.json names.",
        ) from error
    changed = list(records.changed_settings(recorded, named.model_dump(mode="json"))) if named else []
    return settings, changed


def _refuse_other_layout(made_with: str, named: str) -> None:
    """Refuse a layout beside a shipped one: repeated with the run's own, it would say nothing of the one named."""
    if named and named != made_with and made_with in shipped_layouts():
        raise AuditError(
            USAGE,
            f"The run was made with the shipped layout {made_with}, so it is repeated with it. Leave --layout out: it "
            "only says where a layout file of the plan's own lies now.",
        )


def _options(manifest: Manifest, claims: str, layout: str, settings: Settings, scratch: Path) -> RunOptions:
    parameters, first = manifest["parameters"], manifest["inputs"][0]
    return RunOptions(
        claims=claims,
        table=first.get("table", ""),
        query=first.get("query", ""),
        out=scratch,
        layout=layout or manifest["layout"],
        period_from=_date(parameters["from"]),
        period_to=_date(parameters["to"]),
        period_by=parameters["period_by"],
        rules=parameters["selected_rules"],
        settings=settings,
        is_assumed_in_force=parameters["assume_in_force"],
        as_of=date.fromisoformat(manifest["as_of"]),
        run_id="again",
        with_reports=False,
        with_quality=parameters["quality"],
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _unlike_columns(run: Manifest, again: Manifest) -> set[str]:
    """Return the columns that name the claims file where it only lies under another name now."""
    names = [[(f["path"], f["sha256"]) for f in m["inputs"]] for m in (run, again)]
    return {"source_file"} if names[0] != names[1] else set()


def _tables(run_folder: Path) -> list[str]:
    return sorted({path.stem for path in run_folder.glob("*.parquet")} - _OF_THE_LEDGER)


def _different_tables(
    run_folder: Path, again: Path, left_out: set[str], settings: Settings, spill: Path
) -> Iterator[Difference]:
    """Compare the findings one by one, then every table row by row; values are never said."""
    connection = open_connection(settings, spill, [run_folder, again])
    try:
        yield from _different_findings(connection, run_folder, again)
        for name in _tables(again):
            if (run_folder / f"{name}.parquet").is_file():
                yield from _different_rows(connection, name, run_folder, again, left_out)
            else:
                yield Difference("table", name, "is missing in the run")
    finally:
        connection.close()


def _different_findings(connection: duckdb.DuckDBPyConnection, run_folder: Path, again: Path) -> Iterator[Difference]:
    try:
        for name, place in (("findings_run", run_folder), ("findings_again", again)):
            connection.read_parquet(str(place / "findings.parquet")).create_view(name)
        for step in load_steps(folder("sql") / "verify").values():
            create(connection, step)
    except duckdb.Error as error:
        _refuse_unless_damaged("findings", error)
        yield Difference("findings", "findings.parquet", "cannot be read as the findings of a run")
        return
    for rule, change, number, amount in connection.table("finding_differences").order("rule, change").fetchall():
        yield Difference("findings", rule, f"{number:,} {change} in the repetition ({money(amount)})")


def _different_rows(
    connection: duckdb.DuckDBPyConnection, name: str, run_folder: Path, again: Path, left_out: set[str]
) -> Iterator[Difference]:
    try:
        kept, there = (connection.read_parquet(str(place / f"{name}.parquet")) for place in (run_folder, again))
        if list(zip(kept.columns, kept.types, strict=True)) != list(zip(there.columns, there.types, strict=True)):
            yield Difference("table", name, "has other columns than the repetition gives")
            return
        columns = ", ".join(f'"{column}"' for column in kept.columns if column not in left_out)
        kept, there = kept.project(columns), there.project(columns)
        only_kept, only_there = (
            int(a.except_(b).count("*").fetchall()[0][0]) for a, b in ((kept, there), (there, kept))
        )
    except duckdb.Error as error:
        _refuse_unless_damaged(name, error)
        yield Difference("table", name, "cannot be read")
        return
    if only_kept or only_there:
        yield Difference(
            "table", name, f"{count(only_kept, 'row')} only in the run, {only_there:,} only in the repetition"
        )


def _refuse_unless_damaged(table: str, error: duckdb.Error) -> None:
    """Raise what says nothing of the run's file: a request to stop, or that the machine has not the memory or room."""
    if isinstance(error, duckdb.InterruptException):
        raise KeyboardInterrupt from error
    unknown = "so whether the run is reproduced is not known"
    if isinstance(error, duckdb.OutOfMemoryException):
        raise AuditError(
            RULE_FAILED,
            f"Comparing the table {table} needs more memory than it may use, {unknown}. "
            "Give it more with --memory-limit.",
        ) from error
    if is_write_failure(error):
        raise AuditError(
            OUTPUT,
            f"Comparing the table {table} needs more room than there is for temporary files, {unknown}. "
            "Make room there, or name another place in TMPDIR.",
        ) from error


def _notes(run: Manifest, again: Manifest) -> list[str]:
    notes = [f"Another version: {text}." for text in records.changed_versions(run, again)]
    if "outputs" not in run:
        notes.append("The run kept no hashes of its own files, so they were compared by their rows only.")
    if _unlike_columns(run, again) and not list(records.changed_claims(run, again)):
        notes.append("The claims lie under another name than in the run; their content is the same.")
    return notes
