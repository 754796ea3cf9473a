"""One audit from claims file to run folder."""

from __future__ import annotations

import json
import tempfile
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from audit_lib.claims.inputs import find_inputs, scan_inputs, store_rows
from audit_lib.claims.layouts import Layout, read_layout
from audit_lib.claims.reach import reach_of
from audit_lib.claims.reading import read_claims
from audit_lib.claims.row_counts import RowCounts
from audit_lib.claims.sources import SourceFile, unchanged
from audit_lib.database import open_locked
from audit_lib.engines import check_engine, open_engine
from audit_lib.fingerprints import describe_outputs, describe_settings_files, layout_sha256, shared_sql_sha256
from audit_lib.ledger.recording import Visit, weigh_run
from audit_lib.ledger.store import check_ledger, open_ledger
from audit_lib.local_rules import read_local, rules_in_use
from audit_lib.manifest import SCHEMA_VERSION, describe_run
from audit_lib.performing import audit_tables
from audit_lib.progress import Progress
from audit_lib.quality.engine import import_early
from audit_lib.quality.gate import QualityGate
from audit_lib.quality.measures import LEFT_OUT, measure_run, quality_document
from audit_lib.quality.profiles import find_earlier_run
from audit_lib.rules import Rule, select_rules
from audit_lib.run_folder import default_run_id, target_folder, whole_or_absent, write_tables
from audit_lib.run_options import RunOptions
from audit_lib.settings_tables import check_settings, load_providers
from audit_lib.words import count


@dataclass(frozen=True)
class RunResult:
    """Where the run stands and what its manifest says."""

    path: Path
    manifest: dict[str, Any]


def run_audit(options: RunOptions, progress: Progress) -> RunResult:
    """Audit a claims file and write one run folder, whole or not at all. Raises AuditError with the exit code.

    Where there is a ledger, the run is recorded in it once it is whole.
    """
    created_at = datetime.now(UTC)
    rules = select_rules(_rules_in_use(options), options.rules)
    check_settings(options.settings)
    check_engine(options, rules)
    layout = read_layout(options.layout)
    files = find_inputs(options.claims, options.table, options.query)
    with progress.step("scanning_files"):
        scan_inputs(files)
    run_id = options.run_id or default_run_id(created_at, [file.sha256 or file.label for file in files])
    target = target_folder(options.out, run_id)
    if options.ledger:
        check_ledger(options.ledger)
    with ExitStack() as kept:  # the ledger stays open until the run that was weighed is recorded
        manifest, visit = _write_run(kept, target, options, progress, created_at, rules, layout, files, run_id)
        if visit:
            visit.record(target)
    return RunResult(target, manifest)


def _rules_in_use(options: RunOptions) -> list[Rule]:
    return rules_in_use(read_local(options.settings.local))


def _write_run(
    kept: ExitStack,
    target: Path,
    options: RunOptions,
    progress: Progress,
    created_at: datetime,
    rules: list[Rule],
    layout: Layout,
    files: list[SourceFile],
    run_id: str,
) -> tuple[dict[str, Any], Visit | None]:
    """Write the run folder; what is returned beside the manifest is still to be recorded in the ledger."""
    with whole_or_absent(target) as partial, tempfile.TemporaryDirectory(dir=partial) as spill:
        paths = [file.path for file in files]
        with (
            closing(open_locked(options.settings, paths, partial, Path(spill))) as connection,
            open_engine(options, connection, Path(spill), progress) as engine,
            unchanged(files, options.claims),
        ):
            progress.say(f"reading {count(len(files), 'file')}, {sum(f.byte_count for f in files):,} bytes")
            gate = _gate(connection, rules, options) if options.with_quality else None
            with progress.step("reading"):
                store_rows(files, Path(spill), options.settings)
                judge, reach = gate.judge if gate else None, reach_of(options.period, options.settings)
                counts = read_claims(connection, files, layout, Path(spill), judge, reach)
            if gate:
                gate.stop_if_failed()
            progress.say(f"{counts.said()}; running {count(len(rules), 'rule')}")
            stopped = gate.stopped_rules() if gate else []
            local_changes = audit_tables(connection, rules, options, progress, stopped, engine)
            manifest = _manifest(connection, files, counts, rules, options, run_id, created_at)
            manifest["local_changes"] = local_changes
            manifest["quality"] = _measure(gate, counts, partial, target, options, progress)
            with progress.step("writing"):
                _write(connection, partial, manifest, options, progress)
        visit = _weigh(kept, partial, manifest, options, progress) if options.ledger else None
        if options.with_reports:
            with progress.step("reports"):
                _render(partial, options.notebooks, progress)
        if options.with_shared_reports:
            with progress.step("shared_reports"):
                _share(partial)
        manifest["timings"] = progress.timings
        manifest["outputs"] = describe_outputs(partial, Path(spill))
        _write_json(partial / "manifest.json", manifest)
        if visit:
            visit.announce(target)
    return manifest, visit


def _weigh(kept: ExitStack, partial: Path, manifest: dict[str, Any], options: RunOptions, progress: Progress) -> Visit:
    """Open the ledger, write what it says of the findings into the run, and keep it open."""
    assert options.ledger
    ledger = kept.enter_context(open_ledger(options.ledger, options.settings, progress.say))
    with progress.step("ledger"):
        visit = weigh_run(ledger, partial, manifest)
    _write_json(partial / "manifest.json", manifest)
    return visit


def _gate(connection: duckdb.DuckDBPyConnection, rules: list[Rule], options: RunOptions) -> QualityGate:
    """Return the data-quality gate, its library on the way while claims are read."""
    import_early()
    needed = ("paid_date",) if options.period_by == "paid" else ()
    return QualityGate(connection, rules, options.settings.continue_on_quality_failure, needed)


def _measure(
    gate: QualityGate | None, counts: RowCounts, partial: Path, target: Path, options: RunOptions, progress: Progress
) -> dict[str, Any]:
    """Write `quality.json` and return what the manifest says of it."""
    if gate is None:
        _write_json(partial / "quality.json", LEFT_OUT)
        return LEFT_OUT
    earlier = find_earlier_run(None if target == options.out.absolute() else target.parent, options.layout)
    with progress.step("quality"):
        measure_run(gate, earlier, progress)
    _write_json(partial / "quality.json", quality_document(gate, counts, earlier))
    return {"left_out": False, **gate.as_dict(), "unmet_warnings": gate.unmet_warnings(),
            "compared_with_run": earlier.run_id}  # fmt: skip


def _manifest(
    connection: duckdb.DuckDBPyConnection,
    files: list[SourceFile],
    counts: RowCounts,
    rules: list[Rule],
    options: RunOptions,
    run_id: str,
    created_at: datetime,
) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "run_id": run_id,
        "created_at": created_at.isoformat(timespec="seconds"),
        "as_of": options.as_of.isoformat(),
        "engine": options.engine,
        "layout": options.layout,
        "layout_sha256": layout_sha256(options.layout),
        "parameters": {
            "from": options.period_from.isoformat() if options.period_from else None,
            "to": options.period_to.isoformat() if options.period_to else None,
            "period_by": options.period_by,
            "rules": [rule.name for rule in rules],
            "selected_rules": options.rules,
            "rules_in_use_count": len(_rules_in_use(options)),
            "assume_in_force": options.is_assumed_in_force,
            "quality": options.with_quality,
            "share": options.with_shared_reports,
            "settings": options.settings.model_dump(mode="json"),
        },
        "settings_files": describe_settings_files(options.settings),
        "shared_sql_sha256": shared_sql_sha256(),
        "policy_applies_confirmed": options.settings.policy_applies_to is not None,
        **describe_run(connection, files, counts, rules),
    }


def _write(
    connection: duckdb.DuckDBPyConnection,
    partial: Path,
    manifest: dict[str, Any],
    options: RunOptions,
    progress: Progress,
) -> None:
    write_tables(connection, partial)
    if options.settings.providers:
        load_providers(connection, options.settings.providers)
        connection.table("providers").order("provider_id").write_parquet(str(partial / "providers.parquet"))
    manifest["timings"] = progress.timings
    _write_json(partial / "manifest.json", manifest)


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", "utf-8")


def _render(partial: Path, notebooks: tuple[str, ...], progress: Progress) -> None:
    from audit_lib.reports.render import render_reports

    (partial / "reports").mkdir(mode=0o700, exist_ok=True)
    progress.say("rendering reports")
    render_reports(partial, list(notebooks), {})


def _share(partial: Path) -> None:
    from audit_lib.sharing import share_reports

    share_reports(partial, partial / "shared_reports")
