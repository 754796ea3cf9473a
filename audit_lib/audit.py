"""One audit from claims file to run folder."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from audit_lib import settings as settings_files
from audit_lib.code_sets import load_code_sets
from audit_lib.layouts import read_layout
from audit_lib.manifest import SCHEMA_VERSION, describe_run
from audit_lib.pipeline import collect_rule_rows, load_steps, ordered, run_steps
from audit_lib.progress import Progress
from audit_lib.quality import measure_quality
from audit_lib.reading import RowCounts, read_claims
from audit_lib.resources import folder
from audit_lib.rules import Rule, load_rules, select_rules
from audit_lib.run_folder import target_folder, whole_or_absent, write_tables
from audit_lib.settings import Settings
from audit_lib.sources import SourceFile, find_files, scan_bytes

_FIRST_DAY, _LAST_DAY = date(1, 1, 1), date(9999, 12, 31)
_TOTALS = ["claims_totals", "header_repeats"]
_RESULTS = [
    "findings", "line_outcomes", "rule_outcomes", "line_exposure", "evidence_lines", "gate_totals",
    "assumption_totals", "home_infusion_totals", "staged_totals", "exposure_totals",
]  # fmt: skip


@dataclass(frozen=True)
class RunOptions:
    """What a run is asked to do; the command's options by name."""

    claims: str
    out: Path
    layout: str = "canonical"
    period_from: date | None = None
    period_to: date | None = None
    period_by: str = "service"
    rules: list[str] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)
    is_assumed_in_force: bool = False
    as_of: date = field(default_factory=lambda: datetime.now(UTC).date())
    run_id: str = ""
    with_reports: bool = True
    with_quality: bool = True


@dataclass(frozen=True)
class RunResult:
    """Where the run stands and what its manifest says."""

    path: Path
    manifest: dict[str, Any]


def run_audit(options: RunOptions, progress: Progress) -> RunResult:
    """Audit a claims file and write one run folder, whole or not at all. Raises AuditError with the exit code."""
    os.umask(0o077)
    created_at = datetime.now(UTC)
    rules = select_rules(load_rules(), options.rules)
    layout = read_layout(options.layout)
    files = find_files(options.claims)
    with progress.step("scanning_files"), ThreadPoolExecutor(2) as pool:
        list(pool.map(scan_bytes, files))
    run_id = options.run_id or _default_run_id(created_at, files)
    target = target_folder(options.out, run_id)
    with whole_or_absent(target) as partial, tempfile.TemporaryDirectory(dir=partial) as spill:
        connection = _connect(options.settings, Path(spill))
        try:
            progress.say(f"reading {len(files)} file(s), {sum(f.byte_count for f in files):,} bytes")
            with progress.step("reading"):
                counts = read_claims(connection, files, layout)
            progress.say(
                f"{counts.read:,} rows read, {counts.rejected:,} rejected; running {len(rules)} rules"
            )
            audit_tables(connection, rules, options, progress)
            manifest = _manifest(connection, files, counts, rules, options, run_id, created_at)
            with progress.step("writing"):
                _write(connection, partial, manifest, options, counts, progress)
        finally:
            connection.close()
        if options.with_reports:
            with progress.step("reports"):
                _render(partial, progress)
        manifest["timings"] = progress.timings
        _write_json(partial / "manifest.json", manifest)
    return RunResult(target, manifest)


def audit_tables(
    connection: duckdb.DuckDBPyConnection, rules: list[Rule], options: RunOptions, progress: Progress
) -> None:
    """Run staging, facts, rules and exposure over `typed_rows`; every result is a table of the connection."""
    root = folder("sql")
    with progress.step("code_sets"):
        load_code_sets(connection, root / "code_sets")
    _load_settings(connection, options, rules)
    steps = load_steps(root / "staging", root / "facts", *{r.path.parent for r in rules}, root / "exposure")
    first = ordered(steps, [*_TOTALS, "claim_lines", *[rule.name for rule in rules]])
    run_steps(connection, first, progress)
    collect_rule_rows(connection, rules)
    done = {step.name for step in first}
    run_steps(connection, [step for step in ordered(steps, _RESULTS) if step.name not in done], progress)


def _connect(settings: Settings, spill: Path) -> duckdb.DuckDBPyConnection:
    """Open DuckDB in memory; what does not fit spills into the run's own folder."""
    connection = duckdb.connect(
        config={
            "threads": settings.threads,
            "memory_limit": settings.memory_limit,
            "temp_directory": str(spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    connection.execute("set timezone = 'UTC'")
    return connection


def _default_run_id(created_at: datetime, files: list[SourceFile]) -> str:
    digest = hashlib.sha256("".join(file.sha256 for file in files).encode()).hexdigest()
    return f"{created_at:%Y%m%dT%H%M%SZ}-{digest[:8]}"


def _load_settings(connection: duckdb.DuckDBPyConnection, options: RunOptions, rules: list[Rule]) -> None:
    """Make tables of the run's settings, so that SQL joins them instead of being built from them."""
    settings, factors = options.settings, options.settings.contract_factors
    connection.execute(
        """
        create table settings as select
            $literal::boolean as is_literal_supply_range, $assumed::boolean as is_assumed_in_force,
            $from::date as period_from, $to::date as period_to, $by::varchar as period_by,
            $minimum::decimal(18, 2) as minimum_amount, $sh::decimal(5, 4) as sh_factor, $sj::decimal(5, 4) as sj_factor
        """,
        {
            "literal": settings.literal_supply_range, "assumed": options.is_assumed_in_force,
            "from": options.period_from or _FIRST_DAY, "to": options.period_to or _LAST_DAY, "by": options.period_by,
            "minimum": settings.minimum_amount,
            "sh": factors.SH if factors else None, "sj": factors.SJ if factors else None,
        },
    )  # fmt: skip
    _table(connection, "rules", {"rule": pa.string(), "number": pa.int64(), "version": pa.int64(), "group_code": pa.string(),
           "policy_section": pa.string(), "is_contingent_on_per_diem": pa.bool_()},
           [{"rule": r.name, "number": r.metadata.number, "version": r.metadata.version, "group_code": r.metadata.group,
             "policy_section": r.metadata.policy.section,
             "is_contingent_on_per_diem": r.metadata.is_contingent_on_per_diem} for r in rules])  # fmt: skip
    _table(connection, "review_only_rules", {"rule": pa.string()},
           [{"rule": r.name} for r in select_rules(rules, settings.review_only) if settings.review_only])  # fmt: skip
    _load_overrides(connection, settings)
    _load_windows(connection, settings)
    applies_to = settings.policy_applies_to
    for name, values in (
        ("payer", applies_to.payer if applies_to else []),
        ("plan", applies_to.plan if applies_to else []),
    ):
        _table(
            connection,
            f"applicable_{name}s",
            {name: pa.string()},
            [{name: v} for v in sorted({v.strip().lower() for v in values})],
        )


def _load_overrides(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    rows = (
        settings_files.read_table(settings.overrides, settings_files.Override) if settings.overrides else []
    )
    known = load_rules()
    select_rules(known, sorted({str(getattr(row, "rule")) for row in rows}))  # noqa: B009
    values = [
        {**row.model_dump(exclude={"note", "approved_by"}), "override_row": number,
         "provider_id": settings_files.provider_key(str(row.model_dump()["provider_id"]))}
        for number, row in enumerate(rows, start=1)
    ]  # fmt: skip
    types = {"override_row": pa.int64(), "provider_id": pa.string(), "rule": pa.string(), "hcpcs_code": pa.string(),
             "date_from": pa.date32(), "date_to": pa.date32(), "action": pa.string()}  # fmt: skip
    _table(connection, "overrides", types, values)


def _load_windows(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Replace the shipped in-force windows by the plan's own, group by group."""
    if settings.policy_windows is None:
        return
    for row in settings_files.read_table(settings.policy_windows, settings_files.PolicyWindow):
        connection.execute(
            """
            update policy_windows set not_in_force_before = $not_in_force_before, overpayment_from = $overpayment_from
            where group_code = $group
            """,
            row.model_dump(),
        )


def _table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    types: dict[str, pa.DataType],
    rows: list[dict[str, Any]],
) -> None:
    arrow = pa.Table.from_pylist(rows, schema=pa.schema(list(types.items())))  # noqa: F841 - DuckDB reads it by name
    connection.execute(f'create table "{name}" as select * from arrow')


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
        "engine": "duckdb",
        "layout": options.layout,
        "parameters": {
            "from": options.period_from.isoformat() if options.period_from else None,
            "to": options.period_to.isoformat() if options.period_to else None,
            "period_by": options.period_by,
            "rules": [rule.name for rule in rules],
            "assume_in_force": options.is_assumed_in_force,
            "quality": options.with_quality,
            "settings": options.settings.model_dump(mode="json"),
        },
        "policy_applies_confirmed": options.settings.policy_applies_to is not None,
        **describe_run(connection, files, counts, rules),
    }


def _write(
    connection: duckdb.DuckDBPyConnection,
    partial: Path,
    manifest: dict[str, Any],
    options: RunOptions,
    counts: RowCounts,
    progress: Progress,
) -> None:
    write_tables(connection, partial)
    if options.settings.providers:
        rows = settings_files.read_table(options.settings.providers, settings_files.Provider)
        fields = {name: pa.string() for name in settings_files.Provider.model_fields}
        values = [
            {**r.model_dump(), "provider_id": settings_files.provider_key(r.model_dump()["provider_id"])}
            for r in rows
        ]
        _table(connection, "providers", fields, values)
        connection.table("providers").order("provider_id").write_parquet(str(partial / "providers.parquet"))
    quality = measure_quality(connection, counts) if options.with_quality else {"left_out": True}
    _write_json(partial / "quality.json", quality)
    manifest["timings"] = progress.timings
    _write_json(partial / "manifest.json", manifest)


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", "utf-8")


def _render(partial: Path, progress: Progress) -> None:
    from audit_lib.reports import render_reports

    (partial / "reports").mkdir(mode=0o700, exist_ok=True)
    progress.say("rendering reports")
    render_reports(partial, ["03_overpayment_exposure"], {})
