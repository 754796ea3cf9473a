"""The manifest: what a run read, decided and wrote, so that anyone can check and repeat it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from importlib.metadata import version
from typing import Any

import duckdb

from audit_lib.claims.row_counts import RowCounts
from audit_lib.claims.sources import SourceFile
from audit_lib.rules import Rule

SCHEMA_VERSION = 1
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

GATES = {
    "superseded": "Rows of claims that were replaced or voided later",
    "netted_rows": "Adjustment rows summed into their line",
    "void_lines": "Lines taken back in full by a reversal",
    "denied": "Denied lines: never findings, never per diems",
    "out_of_scope": "Lines of Medicare, Medicaid or a plan that the policy does not apply to",
    "outside_period": "Lines outside the audited period: evidence only",
    "without_paid_date": "Lines without a paid date, where the period is one of paid dates: evidence only",
    "not_in_force": "Answers on services before the provision existed",
    "earlier_text": "Overpayments turned into reviews: the policy text then in force is not on file",
    "self_funded": "Overpayments turned into reviews: self-funded, FEP or BlueCard",
    "secondary_payer": "Overpayments turned into reviews: another payer paid first",
    "review_only": "Overpayments turned into reviews: the plan set the rule to review only",
    "override": "Findings changed by an override of the plan",
    "below_minimum": "Findings below the least amount: counted, not reported",
}


def rows_as_dicts(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """Return a small table as dictionaries; amounts and dates as text, so that JSON keeps every cent."""
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or []]
    return [{n: _plain(v) for n, v in zip(names, row, strict=True)} for row in cursor.fetchall()]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


def describe_run(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[SourceFile],
    counts: RowCounts,
    rules: Sequence[Rule],
) -> dict[str, Any]:
    """Return the manifest's parts that come from the claims and the rules."""
    return {
        "inputs": [_describe_input(file) for file in files],
        "rows": asdict(counts),
        "claims": rows_as_dicts(connection, "from claims_totals")[0],
        "staged": rows_as_dicts(connection, "from staged_totals")[0],
        "home_infusion": rows_as_dicts(connection, "from home_infusion_totals")[0],
        "totals": rows_as_dicts(connection, "from exposure_totals")[0],
        "undecided": rows_as_dicts(connection, "from undecided_totals")[0],
        "gates": _gates(connection),
        "policy_windows": rows_as_dicts(
            connection,
            """
            select group_code as "group", not_in_force_before, overpayment_from, policy_text, earlier_policy_text
            from policy_windows where group_code in (select group_code from rules) order by group_code, valid_from
            """,
        ),
        "overrides": _numbered(connection, "override_uses", "override_row"),
        "lookback_limits": _numbered(connection, "limit_uses", "limit_row"),
        "assumptions": rows_as_dicts(
            connection,
            """
            select column_name as "column", assumed, line_count, paid_amount, overpayment_line_count, overpayment_amount
            from assumption_totals order by column_name
            """,
        ),
        "header_repeats": rows_as_dicts(connection, "from header_repeats")[0],
        "rules": [_describe_rule(rule) for rule in rules],
        "packages": {name: version(name) for name in _PACKAGES},
        "package_version": version("infusion-audit"),
    }


def _describe_input(file: SourceFile) -> dict[str, Any]:
    """Return a file by its name; the rows of a database by its name and by the table or the query that gave them."""
    selection = file.selection
    described = {"path": selection.database if selection else file.label, "bytes": file.byte_count,
                 "sha256": file.sha256, "row_count": file.record_count,
                 "left_out_count": file.left_out_count}  # fmt: skip
    rows = {"table": selection.table, "query": selection.query} if selection else {}
    return described | {name: text for name, text in rows.items() if text}


def _numbered(connection: duckdb.DuckDBPyConnection, table: str, number: str) -> list[dict[str, Any]]:
    """Every row of a table of the plan's by its number in the file, with its uses: a row without any is shown too."""
    rows = rows_as_dicts(connection, f"from {table} order by {number}")
    return [{"row" if name == number else name: value for name, value in row.items()} for row in rows]


def _gates(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Every gate, also those that nothing met: a zero is an answer."""
    found = {
        row["gate"]: row for row in rows_as_dicts(connection, "select gate, line_count, paid_amount from gate_totals")
    }
    return [
        {"gate": gate, "title": title, "line_count": int(found.get(gate, {}).get("line_count", 0)),
         "paid_amount": found.get(gate, {}).get("paid_amount", "0.00")}
        for gate, title in GATES.items()
    ]  # fmt: skip


def _describe_rule(rule: Rule) -> dict[str, Any]:
    data = rule.metadata
    return {
        "rule": rule.name, "number": data.number, "title": data.title, "version": data.version, "status": data.status,
        "group": data.group, "family": rule.family, "policy_section": f"{data.policy.id}, {data.policy.section}",
        "sql_sha256": rule.sql_sha256,
        "why": data.why, "recover": data.recover, "settled_by": data.settled_by,
    }  # fmt: skip
