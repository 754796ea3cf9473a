"""One audit from claims file to run folder."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from audit_lib.claims.arrival import refuse_empty_period
from audit_lib.claims.inputs import find_inputs, scan_inputs, store_rows
from audit_lib.claims.layouts import read_layout
from audit_lib.claims.reach import reach_of
from audit_lib.claims.reading import read_claims
from audit_lib.claims.row_counts import RowCounts
from audit_lib.claims.sources import passed_over, unchanged
from audit_lib.database import check_place, open_locked
from audit_lib.engines import check_engine, open_engine
from audit_lib.fingerprints import describe_outputs
from audit_lib.job import Job
from audit_lib.ledger.recording import Visit, weigh_run
from audit_lib.ledger.store import check_ledger, open_ledger
from audit_lib.local_rules import read_local, refuse_unfinished, rules_in_use
from audit_lib.manifest import describe_inputs, describe_run
from audit_lib.manifest_keys import Manifest, Quality
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
from audit_lib.words import count, delivery


@dataclass(frozen=True)
class RunResult:
    """Where the run stands and what its manifest says."""

    path: Path
    manifest: Manifest


def run_audit(options: RunOptions, progress: Progress) -> RunResult:
    """Audit a claims file and write one run folder, whole or not at all. Raises AuditError with the exit code.

    Where there is a ledger, the run is recorded in it once it is whole.
    """
    job = _checked(options, progress)
    with ExitStack() as kept:  # the ledger stays open until the run that was weighed is recorded
        manifest, visit = _write_run(job, kept)
        if visit:
            visit.record(job.target)
    return RunResult(job.target, manifest)


def _checked(options: RunOptions, progress: Progress) -> Job:
    """Look at everything that a run needs before it begins."""
    created_at = datetime.now(UTC)
    local = read_local(options.settings.local)
    refuse_unfinished(local)
    in_use = rules_in_use(local)
    rules = select_rules(in_use, options.rules)
    check_settings(options.settings)
    check_engine(options, rules)
    layout = read_layout(options.layout)
    check_place(options.out / options.run_id)
    if options.ledger:
        check_place(options.ledger)
    files = find_inputs(options.claims, options.table, options.query)
    with progress.step("scanning_files"):
        scan_inputs(files)
    run_id = options.run_id or default_run_id(created_at, [file.sha256 or file.label for file in files])
    target = target_folder(options.out, run_id)
    if options.ledger:
        check_ledger(options.ledger)
    beside = passed_over(options.claims)
    return Job(options, created_at, rules, len(in_use), layout, files, run_id, target, progress, beside)


def _write_run(job: Job, kept: ExitStack) -> tuple[Manifest, Visit | None]:
    """Write the run folder; what is returned beside the manifest is still to be recorded in the ledger."""
    with whole_or_absent(job.target) as partial, tempfile.TemporaryDirectory(dir=partial) as spill:
        manifest = _audit(job, partial, Path(spill))
        visit = _weigh(job, kept, partial, manifest) if job.options.ledger else None
        _report(job, partial)
        manifest["timings"] = job.progress.timings
        manifest["outputs"] = describe_outputs(partial, Path(spill))
        _write_json(partial / "manifest.json", manifest)
        if visit:
            visit.announce(job.target)
    return manifest, visit


def _audit(job: Job, partial: Path, spill: Path) -> Manifest:
    """Read the claims, perform the rules, write the tables."""
    options, progress, files = job.options, job.progress, job.files
    with (
        closing(open_locked(options.settings, [file.path for file in files], partial, spill)) as connection,
        open_engine(options, connection, spill, progress) as engine,
        unchanged(files, options.claims),
    ):
        progress.say(f"reading {count(len(files), 'file')}, {sum(f.byte_count for f in files):,} bytes")
        gate = _gate(connection, job.rules, options) if options.with_quality else None
        counts = _read(job, connection, spill, gate)
        for caution in delivery(describe_inputs(files), job.passed_over):
            progress.say(caution)
        progress.say(f"{counts.said()}; running {count(len(job.rules), 'rule')}")
        stopped = gate.stopped_rules() if gate else []
        local_changes = audit_tables(connection, job.rules, options, progress, stopped, engine)
        quality = _measure(job, gate, counts, partial)
        manifest = describe_run(connection, job, counts, local_changes, quality)
        with progress.step("writing"):
            _write(job, connection, partial, manifest)
    return manifest


def _read(job: Job, connection: duckdb.DuckDBPyConnection, spill: Path, gate: QualityGate | None) -> RowCounts:
    """Read the claims; the gate, where there is one, may stop the run over what they are."""
    with job.progress.step("reading"):
        store_rows(job.files, spill, job.options.settings)
        judge, reach = gate.judge if gate else None, reach_of(job.options.period, job.options.settings)
        counts = read_claims(connection, job.files, job.layout, spill, judge, reach)
    if gate:
        gate.stop_if_failed()
    if job.options.needs_lines_in_period:
        refuse_empty_period(connection, job.options.period)
    return counts


def _weigh(job: Job, kept: ExitStack, partial: Path, manifest: Manifest) -> Visit:
    """Open the ledger, write what it says of the findings into the run, and keep it open."""
    assert job.options.ledger
    ledger = kept.enter_context(open_ledger(job.options.ledger, job.options.settings, job.progress.say))
    with job.progress.step("ledger"):
        visit = weigh_run(ledger, partial, manifest)
    _write_json(partial / "manifest.json", manifest)
    return visit


def _report(job: Job, partial: Path) -> None:
    """Render the notebooks and the shared page, as far as they are asked for."""
    if job.options.with_reports:
        with job.progress.step("reports"):
            _render(partial, job.options.notebooks, job.progress)
    if job.options.with_shared_reports:
        with job.progress.step("shared_reports"):
            _share(partial)


def _gate(connection: duckdb.DuckDBPyConnection, rules: list[Rule], options: RunOptions) -> QualityGate:
    """Return the data-quality gate, its library on the way while claims are read."""
    import_early()
    needed = ("paid_date",) if options.period_by == "paid" else ()
    return QualityGate(connection, rules, options.settings.continue_on_quality_failure, needed)


def _measure(job: Job, gate: QualityGate | None, counts: RowCounts, partial: Path) -> Quality:
    """Write `quality.json` and return what the manifest says of it."""
    if gate is None:
        _write_json(partial / "quality.json", LEFT_OUT)
        return LEFT_OUT
    stands_alone = job.target == job.options.out.absolute()
    earlier = find_earlier_run(None if stands_alone else job.target.parent, job.options.layout)
    with job.progress.step("quality"):
        measure_run(gate, earlier, job.progress)
    _write_json(partial / "quality.json", quality_document(gate, counts, earlier))
    did = gate.as_dict()
    return {
        "left_out": False,
        "continued_regardless": did["continued_regardless"],
        "critical_failures": did["critical_failures"],
        "emptied_columns": did["emptied_columns"],
        "stopped_rules": did["stopped_rules"],
        "unmet_warnings": gate.unmet_warnings(),
        "compared_with_run": earlier.run_id,
    }


def _write(job: Job, connection: duckdb.DuckDBPyConnection, partial: Path, manifest: Manifest) -> None:
    write_tables(connection, partial)
    if job.options.settings.providers:
        load_providers(connection, job.options.settings.providers)
        connection.table("providers").order("provider_id").write_parquet(str(partial / "providers.parquet"))
    manifest["timings"] = job.progress.timings
    _write_json(partial / "manifest.json", manifest)


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", "utf-8")


def _render(partial: Path, notebooks: Sequence[str], progress: Progress) -> None:
    from audit_lib.reports.render import render_reports

    (partial / "reports").mkdir(mode=0o700, exist_ok=True)
    progress.say("rendering reports")
    render_reports(partial, list(notebooks), {})


def _share(partial: Path) -> None:
    from audit_lib.sharing import share_reports

    share_reports(partial, partial / "shared_reports")
