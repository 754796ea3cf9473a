"""The manifest: what a run read, decided and wrote, so that anyone can check and repeat it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, TypeVar, cast

import duckdb

from audit_lib.claims.row_counts import RowCounts
from audit_lib.claims.sources import SourceFile
from audit_lib.fingerprints import describe_settings_files, layout_sha256, shared_sql_sha256
from audit_lib.job import Job
from audit_lib.manifest_keys import (
    SCHEMA_VERSION,
    Assumption,
    Claims,
    Gate,
    HeaderRepeats,
    HomeInfusion,
    Input,
    LimitUse,
    Manifest,
    OverrideUse,
    Parameters,
    PolicyWindow,
    Quality,
    RuleEntry,
    Staged,
    Totals,
    Undecided,
)  # fmt: skip
from audit_lib.rules import Rule
from audit_lib.small_tables import json_rows

_PACKAGES = [
    "duckdb",
    "pandas",
    "pyarrow",
    "sqlglot",
    "papermill",
    "nbconvert",
    "plotly",
    "great-expectations",
    "jupyterlab",
]

_GATES = "select gate, title, line_count, paid_amount from gate_totals order by gate_order nulls last, gate"
_POLICY_WINDOWS = """
    select group_code as "group", not_in_force_before, overpayment_from, policy_text, earlier_policy_text
    from policy_windows where group_code in (select group_code from rules) order by group_code, valid_from
"""
_OVERRIDES = 'select override_row as "row", * exclude (override_row) from override_uses order by override_row'
_LIMITS = 'select limit_row as "row", * exclude (limit_row) from limit_uses order by limit_row'
_ASSUMPTIONS = """
    select column_name as "column", assumed, line_count, paid_amount, overpayment_line_count, overpayment_amount
    from assumption_totals order by column_name
"""

Entry = TypeVar("Entry")


def describe_run(
    connection: duckdb.DuckDBPyConnection,
    job: Job,
    counts: RowCounts,
    local_changes: list[dict[str, Any]],
    quality: Quality,
) -> Manifest:
    """Return the manifest of a run whose rules have run: all but the ledger's entry, the seconds and the files."""
    options = job.options
    return {
        "schema_version": SCHEMA_VERSION,
        "run_id": job.run_id,
        "created_at": job.created_at.isoformat(timespec="seconds"),
        "as_of": options.as_of.isoformat(),
        "engine": options.engine,
        "layout": options.layout,
        "layout_sha256": layout_sha256(options.layout),
        "parameters": _parameters(job),
        "settings_files": describe_settings_files(options.settings),
        "shared_sql_sha256": shared_sql_sha256(),
        "policy_applies_confirmed": options.settings.is_applicability_confirmed,
        "inputs": describe_inputs(job.files),
        "passed_over": list(job.passed_over),
        "rows": {"source": counts.source, "read": counts.read, "rejected": counts.rejected,
                 "left_out": counts.left_out},
        "claims": _row(Claims, connection, "from claims_totals"),
        "staged": _row(Staged, connection, "from staged_totals"),
        "home_infusion": _row(HomeInfusion, connection, "from home_infusion_totals"),
        "totals": _row(Totals, connection, "from exposure_totals"),
        "undecided": _row(Undecided, connection, "from undecided_totals"),
        "gates": _rows(Gate, connection, _GATES),
        "policy_windows": _rows(PolicyWindow, connection, _POLICY_WINDOWS),
        "overrides": _rows(OverrideUse, connection, _OVERRIDES),
        "lookback_limits": _rows(LimitUse, connection, _LIMITS),
        "assumptions": _rows(Assumption, connection, _ASSUMPTIONS),
        "header_repeats": _row(HeaderRepeats, connection, "from header_repeats"),
        "rules": [_describe_rule(rule) for rule in job.rules],
        "packages": {name: version(name) for name in _PACKAGES},
        "package_version": version("infusion-audit"),
        "local_changes": local_changes,
        "quality": quality,
        "timings": {},
    }  # fmt: skip


def _parameters(job: Job) -> Parameters:
    options = job.options
    return {
        "from": options.period_from.isoformat() if options.period_from else None,
        "to": options.period_to.isoformat() if options.period_to else None,
        "period_by": options.period_by,
        "rules": [rule.name for rule in job.rules],
        "selected_rules": list(options.rules),
        "rules_in_use_count": job.rules_in_use_count,
        "assume_in_force": options.is_assumed_in_force,
        "quality": options.with_quality,
        "share": options.with_shared_reports,
        "settings": options.settings.model_dump(mode="json"),
    }


def _rows(kind: type[Entry], connection: duckdb.DuckDBPyConnection, query: str) -> list[Entry]:
    """Return the rows of a small table whose columns are the keys of `kind`."""
    return cast(list[Entry], json_rows(connection, query))


def _row(kind: type[Entry], connection: duckdb.DuckDBPyConnection, query: str) -> Entry:
    return _rows(kind, connection, query)[0]


def describe_inputs(files: Sequence[SourceFile]) -> list[Input]:
    """Return the claims files; of several with the same bytes, and rows that are read, all but the first say so."""
    described, firsts = [_describe_input(file) for file in files], dict[str, str]()
    for file, entry in zip(files, described, strict=True):
        first = firsts.setdefault(file.sha256, file.label)
        if first != file.label and file.record_count > file.left_out_count:
            entry["copy_of"] = first
    return described


def _describe_input(file: SourceFile) -> Input:
    """Return a file by its name; the rows of a database by its name and by the table or the query that gave them."""
    selection = file.selection
    described: Input = {
        "path": selection.database if selection else file.label, "bytes": file.byte_count, "sha256": file.sha256,
        "row_count": file.record_count, "left_out_count": file.left_out_count,
    }  # fmt: skip
    if file.unread_modifiers:
        described["unread_modifiers"] = file.unread_modifiers
    if selection and selection.table:
        described["table"] = selection.table
    if selection and selection.query:
        described["query"] = selection.query
    return described


def _describe_rule(rule: Rule) -> RuleEntry:
    data = rule.metadata
    return {
        "rule": rule.name, "number": data.number, "title": data.title, "version": data.version, "status": data.status,
        "group": data.group, "family": rule.family, "policy_section": f"{data.policy.id}, {data.policy.section}",
        "sql_sha256": rule.sql_sha256,
        "why": data.why, "recover": data.recover, "settled_by": data.settled_by,
    }  # fmt: skip
