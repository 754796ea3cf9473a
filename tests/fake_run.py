"""Builds a run folder with invented findings, so that reports can be tested without the engine."""

import json
from pathlib import Path
from typing import Any

import duckdb

from audit_lib.manifest_keys import SCHEMA_VERSION
from tests.fake_tables import RULES, TABLES


def build_run(folder: Path, *, findings: bool = True, **changes: Any) -> Path:
    """Write a finished run into `folder`; `changes` replace entries of its manifest."""
    folder.mkdir(parents=True)
    connection = duckdb.connect()
    values = ", ".join(f"({number}, '{rule}')" for number, rule, *_ in RULES)
    for name, query in TABLES.items():
        text = query.format(rules=values, no_findings=not findings, rejected=7 if findings else 0)
        connection.execute(f"create table {name} as {text}")
        if name != "fake_rules":
            connection.table(name).write_parquet(str(folder / f"{name}.parquet"))
    manifest = _manifest(connection, findings) | changes
    (folder / "quality.json").write_text("{}", encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return folder


def _manifest(connection: duckdb.DuckDBPyConnection, findings: bool) -> dict[str, Any]:
    staged, exposure = _totals(connection, "claim_lines"), _exposure(connection)
    rest = {"line_count": 912, "paid_amount": "81234.50"} if findings else {"line_count": 0, "paid_amount": "0.00"}
    return {
        "schema_version": SCHEMA_VERSION,
        "run_id": "20260115T093000Z-1a2b3c4d",
        "created_at": "2026-01-15T09:30:00Z",
        "as_of": "2026-01-15",
        "package_version": "0.1.0",
        "engine": "duckdb",
        "inputs": [{"path": "data/claims.csv", "bytes": 912345, "sha256": "9f" * 32, "row_count": 240000}],
        "layout": "canonical",
        "parameters": {
            "from": "2024-11-01",
            "to": "2025-12-31",
            "period_by": "service",
            "rules": [rule for _, rule, *_ in RULES],
            "selected_rules": [],
            "rules_in_use_count": len(RULES),
            "assume_in_force": False,
            "settings": {"minimum_amount": "0.00", "literal_supply_range": False, "memory_limit": "1GB"},
        },
        "rows": {
            "source": 240007 if findings else 240000,
            "read": 240000,
            "rejected": 7 if findings else 0,
            "left_out": 0,
        },
        "claims": {
            "line_count": 239800,
            "claim_count": 81210,
            "member_count": 6120,
            "provider_count": 911,
            "paid_amount": "51234567.89",
            "first_service_date": "2024-11-01",
            "last_service_date": "2025-12-26",
        },
        "staged": {"line_count": staged["line_count"], "paid_amount": staged["paid_amount"]},
        "home_infusion": staged | {name: exposure[name] for name in ("net_overpaid_amount", "net_review_amount")},
        "totals": exposure,
        "gates": [
            {
                "gate": "final_action",
                "title": "Replaced, voided or reversed",
                "line_count": 122,
                "paid_amount": "9120.10",
            },
            {"gate": "denied", "title": "Denied", "line_count": 310, "paid_amount": "0.00"},
            {
                "gate": "out_of_scope",
                "title": "Medicare or Medicaid",
                "line_count": 95,
                "paid_amount": "4410.00",
            },
            {
                "gate": "self_funded",
                "title": "Self-funded: shown as review",
                "line_count": 201,
                "paid_amount": "8800.75",
            },
        ],
        "assumptions": [
            {
                "column": "funding",
                "assumed": "insured",
                **rest,
                "overpayment_line_count": 240 if findings else 0,
                "overpayment_amount": "35123.20" if findings else "0.00",
            },
            {
                "column": "line_of_business",
                "assumed": "commercial",
                **rest,
                "overpayment_line_count": 12 if findings else 0,
                "overpayment_amount": "1123.20" if findings else "0.00",
            },
        ],
        "header_repeats": {
            "claim_count": 41 if findings else 0,
            "line_count": 533 if findings else 0,
            "paid_amount": "812400.00" if findings else "0.00",
            "paid_amount_once_per_claim": "61230.00" if findings else "0.00",
        },
        "rules": [
            {
                "rule": rule,
                "number": number,
                "title": title,
                "version": 1,
                "group": group,
                "family": family,
                "policy_section": "Reimbursement Information; Supply and Equipment Codes",
                "sql_sha256": f"{number:02d}" * 32,
            }
            for number, rule, title, family, group in RULES
        ],
        "policy_applies_confirmed": False,
        "passed_over": [],
        "settings_files": [],
        "shared_sql_sha256": "0a" * 32,
        "layout_sha256": "0b" * 32,
        "overrides": [],
        "lookback_limits": [],
        "policy_windows": [],
        "local_changes": [],
        "quality": {
            "left_out": False,
            "continued_regardless": False,
            "critical_failures": [],
            "emptied_columns": [],
            "stopped_rules": [],
            "unmet_warnings": [],
            "compared_with_run": None,
        },
        "packages": {"duckdb": duckdb.__version__},
        "timings": {},
    }


def _totals(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, Any]:
    row = connection.execute(
        f"select count(*), count(distinct claim_id), count(distinct member_id), count(distinct provider_id), "
        f"cast(sum(paid_amount) as text) from {table}"
    ).fetchone()
    names = ("line_count", "claim_count", "member_count", "provider_count", "paid_amount")
    return dict(zip(names, row or (), strict=True))


def _exposure(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    row = connection.execute(
        "select cast(coalesce(sum(net_overpaid_amount), 0) as text), count(overpaid_rule), "
        "cast(coalesce(sum(net_review_amount), 0) as text), count(review_rule) from line_exposure"
    ).fetchone()
    names = ("net_overpaid_amount", "overpaid_line_count", "net_review_amount", "review_line_count")
    return dict(zip(names, row or (), strict=True))
