"""An export of a run: a hand-out per provider, whole or not at all, with a manifest of its own."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import duckdb

from audit_lib.errors import USAGE, AuditError
from audit_lib.fingerprints import file_sha256
from audit_lib.handout.doubts import doubt_cautions, doubt_rows, doubt_sums, with_doubts
from audit_lib.handout.files import write_notice, write_request
from audit_lib.handout.providers import Choice, all_totals, chosen_totals, sums
from audit_lib.handout.rule_texts import changed_rules
from audit_lib.handout.tables import check_totals, handout_tables
from audit_lib.holds import place_hold
from audit_lib.reports.cautions import cautions
from audit_lib.run import Run
from audit_lib.run_folder import check_target, whole_or_absent
from audit_lib.safe_text import csv_text

Format = Literal["xlsx", "csv", "parquet"]
_TABLES = [
    "line_demands", "handout_lines", "handout_not_demanded", "handout_left_out", "handout_leads", "handout_summary",
    "handout_evidence", "handout_records", "handout_rules", "handout_providers", "demanded_doubts",
]  # fmt: skip
PROVIDERS, MANIFEST, OVERVIEW = "providers", "export.json", "overview.csv"


@dataclass(frozen=True)
class ExportResult:
    """Where the export stands and what its manifest says."""

    path: Path
    manifest: dict[str, Any]


def export_by_provider(
    run: Run, file_format: Format, choice: Choice, as_of: date, out: Path | None = None
) -> ExportResult:
    """Write the hand-outs of a run under a folder of their own.

    Under `providers/` stands what may be sent; `overview.csv` and `export.json` are for the sender alone.
    Raises AuditError: 2 where the run is a what-if, its files do not add up, a provider is unknown or nothing can be
    demanded; 14 where it cannot be written.
    """
    refuse_what_if(run)
    made_at = datetime.now(UTC)
    target = export_folder(run, out, f"{made_at:%Y%m%dT%H%M%SZ}-{file_format}")
    check_target(target, "export")
    with whole_or_absent(target, "export") as partial:
        with (
            tempfile.TemporaryDirectory(dir=partial) as spill,
            handout_tables(run, as_of, Path(spill), _TABLES, choice.keys) as connection,
        ):
            check_totals(connection, run)
            every = all_totals(connection)
            chosen = chosen_totals(every, choice)
            doubts = doubt_rows(connection)
            asked = [row for row in every if not choice.keys or row["provider_id"] in choice.keys]
            written = _write_providers(connection, run, partial, file_format, choice, chosen, as_of)
        overview = with_doubts(every, doubts, choice.keys)
        _write_overview(partial / OVERVIEW, overview, {row["provider_id"] for row in chosen})
        totals, doubted = sums(asked), doubt_sums(doubts)
        manifest = {
            **describe_export(run, made_at, as_of),
            "by": "provider", "format": file_format, "with_review": choice.with_review,
            "with_records_request": choice.with_records_request, "totals": _plain(totals),
            "without_hand_out_count": len(asked) - len(chosen),
            "doubts": [_plain(row) for row in doubted],
            "cautions": [*sender_cautions(run), *doubt_cautions(doubted, totals)], "providers": written,
        }  # fmt: skip
        (partial / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
        place_hold(run.folder, f"exported by provider as {target.name}", is_automatic=True)
    return ExportResult(target, manifest)


def export_folder(run: Run, out: Path | None, name: str) -> Path:
    """Return where the export will stand; never inside the run, which nothing is written to. Raises AuditError (2)."""
    target = out.resolve() if out else run.folder.parent / "exports" / run.folder.name / name
    if target.is_relative_to(run.folder):
        raise AuditError(
            USAGE,
            f"The export cannot be written to {target}: that is inside the run folder, and a finished run is never "
            "written to. Name another --out.",
        )
    return target


def describe_export(run: Run, made_at: datetime, as_of: date) -> dict[str, Any]:
    """Return the parts of a manifest that every export has: of which run, when, as of which day."""
    digest = file_sha256(run.folder / "manifest.json")
    return {
        "schema_version": 1, "run_id": run.folder.name, "run_manifest_sha256": digest,
        "exported_at": made_at.isoformat(timespec="seconds"), "as_of": as_of.isoformat(),
        "package_version": run.manifest["package_version"],
    }  # fmt: skip


def sender_cautions(run: Run) -> list[str]:
    """Return what the sender must know before sending anything; none of it stands in a hand-out."""
    found = cautions(run)
    if "ledger" not in run.manifest:
        found.append(
            "The run was made without a ledger: it knows of nothing that reviewers closed or recovered and leaves none "
            "of it out. Where there is a ledger, audit again with it before sending anything."
        )
    if changed := changed_rules(run):
        found.append(
            f"Rules changed or went since the run: {', '.join(changed)}. The words in the hand-outs are today's; "
            "audit again before sending them."
        )
    return found


def describe_file(path: Path, folder: Path) -> dict[str, Any]:
    """Return a file's place below a folder, its size and its hash."""
    return {"path": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "sha256": file_sha256(path)}


def refuse_what_if(run: Run) -> None:
    """Refuse a run that took today's policy text as in force on every date. Raises AuditError (2)."""
    if run.manifest["parameters"]["assume_in_force"]:
        raise AuditError(
            USAGE,
            f"{run.folder} is a what-if: it took today's policy text as in force on every date, so its amounts cannot "
            "be demanded. Audit the claims again without --assume-in-force and export that run.",
        )


def _write_providers(
    connection: duckdb.DuckDBPyConnection,
    run: Run,
    partial: Path,
    file_format: Format,
    choice: Choice,
    chosen: list[dict[str, Any]],
    as_of: date,
) -> list[dict[str, Any]]:
    folder = partial / PROVIDERS
    folder.mkdir(mode=0o700)
    written = []
    for totals in chosen:
        before = set(folder.rglob("*"))
        if choice.has_notice(totals):
            write_notice(folder, file_format, connection, run, totals, as_of, choice.with_review)
        if choice.has_request(totals):
            write_request(folder, file_format, connection, run, totals, as_of)
        made = set(folder.rglob("*")) - before
        files = [describe_file(path, partial) for path in sorted(made) if path.is_file()]
        written.append({**_plain(totals), "files": files})
    return written


def _write_overview(path: Path, totals: list[dict[str, Any]], exported: set[str]) -> None:
    """Write every provider of the run with its totals, also those that nothing was written for."""
    with path.open("x", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*totals[0], "is_exported"])
        writer.writeheader()
        for row in totals:
            texts = {name: csv_text(value) for name, value in row.items() if isinstance(value, str)}
            writer.writerow({**_plain(row), **texts, "is_exported": row["provider_id"] in exported})


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v if v is None or isinstance(v, int | str) else str(v) for k, v in values.items()}
