"""Exposure on hand-made tables: claim lines and rules' answers as they are drawn, nothing else in between."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from audit_lib.code_schema import read_schema
from audit_lib.code_sets import create_tables, read_code_sets
from audit_lib.lookback_limits import LookbackLimit, load_clock, load_lookback_limits
from audit_lib.pipeline import load_steps, ordered, run_steps
from audit_lib.progress import Progress
from audit_lib.resources import folder
from tests.rule_cases import parse_table

LINE_COLUMNS = {
    "claim_id": "varchar", "claim_line_number": "bigint", "member_id": "varchar", "provider_id": "varchar",
    "claim_line_start_date": "date", "claim_line_end_date": "date", "paid_date": "date", "hcpcs_code": "varchar",
    "service_unit_quantity": "decimal(18, 3)", "paid_amount": "decimal(18, 2)", "allowed_amount": "decimal(18, 2)",
    "line_of_business": "varchar", "funding": "varchar", "other_payer_paid_amount": "decimal(18, 2)",
    "claim_line_status": "varchar", "frequency_code": "varchar", "place_of_service_code": "varchar",
    "place_code": "varchar", "modifiers": "varchar", "has_provider": "boolean", "is_government": "boolean",
    "is_applicable": "boolean", "is_in_scope": "boolean",
    "is_in_period": "boolean", "is_self_funded": "boolean", "has_other_payer": "boolean", "is_denied": "boolean",
    "is_allowed": "boolean", "provider_state": "varchar", "day_count": "bigint",
}  # fmt: skip
LINE = {
    "claim_id": "A", "claim_line_number": "1", "member_id": "m", "provider_id": "p", "hcpcs_code": "A4222",
    "claim_line_start_date": "2025-08-01", "claim_line_end_date": "2025-08-01", "paid_date": "2025-09-01",
    "service_unit_quantity": "1", "paid_amount": "100.00", "allowed_amount": "100.00", "place_code": "12",
    "modifiers": "''", "has_provider": "true", "is_government": "false", "is_applicable": "true", "is_in_scope": "true",
    "is_in_period": "true", "is_self_funded": "false",
    "has_other_payer": "false", "is_denied": "false", "is_allowed": "true", "day_count": "1",
}  # fmt: skip
ANSWER_COLUMNS = {
    "rule": "varchar", "claim_id": "varchar", "claim_line_number": "bigint", "outcome": "varchar",
    "amount": "decimal(18, 2)", "reason": "varchar", "related_claim_id": "varchar",
    "related_claim_line_number": "bigint",
}  # fmt: skip
ANSWER = {
    "rule": "r1",
    "claim_id": "A",
    "claim_line_number": "1",
    "outcome": "overpayment",
    "amount": "0.00",
    "reason": "why",
}
# Rule r1 is the first of the list; r3 is of group B; findings of r2 rest on a per diem, those of r3 on another line.
RULES = """
    select * from (values
        ('r1', 1, 1, 'A', 'section', false, false), ('r2', 2, 1, 'A', 'section', true, false),
        ('r3', 3, 1, 'B', 'section', false, true)
    ) as t (rule, number, version, group_code, policy_section, is_contingent_on_per_diem, is_dependent_on_line)
"""
SETTINGS = {
    "is_assumed_in_force": "false", "period_by": "'service'", "minimum_amount": "cast(0 as decimal(18, 2))",
}  # fmt: skip
OVERRIDE_COLUMNS = {
    "override_row": "bigint", "provider_id": "varchar", "rule": "varchar", "hcpcs_code": "varchar", "date_from": "date",
    "date_to": "date", "action": "varchar", "note": "varchar", "approved_by": "varchar",
}  # fmt: skip
OVERRIDE = {"provider_id": "p", "rule": "r1", "date_from": "0001-01-01", "date_to": "9999-12-31", "action": "exempt"}


def exposure(
    lines: str,
    answers: str,
    overrides: Iterable[dict[str, str]] = (),
    review_only: Iterable[str] = (),
    wanted: Iterable[str] = ("line_exposure", "exposure_totals", "rule_outcomes"),
    stopped: Iterable[dict[str, str]] = (),
    limits: str = "",
    as_of: date = date(2026, 1, 1),
    shared: Iterable[tuple[str, str]] = (),
    **settings: str,
) -> duckdb.DuckDBPyConnection:
    """Run the steps of sql/exposure over tables drawn with | ; what is left out takes a typical value."""
    connection = duckdb.connect()
    _fill(connection, "claim_lines", LINE_COLUMNS, LINE, parse_table(lines))
    _fill(connection, "rule_rows", ANSWER_COLUMNS, ANSWER, parse_table(answers))
    rows = [{**row, "override_row": str(number)} for number, row in enumerate(overrides, start=1)]
    _fill(connection, "overrides", OVERRIDE_COLUMNS, OVERRIDE, rows)
    _fill(connection, "review_only_rules", {"rule": "varchar"}, {}, [{"rule": rule} for rule in review_only])
    _fill(connection, "stopped_rules", {"rule": "varchar", "reason": "varchar"}, {}, list(stopped))
    members = [{"claim_id": claim, "member_id": member} for claim, member in shared]
    _fill(connection, "shared_claim_ids", {"claim_id": "varchar", "member_id": "varchar"}, {}, members)
    load_lookback_limits(connection, [_limit(row) for row in parse_table(limits)])
    load_clock(connection, as_of)
    connection.execute(f"create table rules as {RULES}")
    values = ", ".join(f"{value} as {name}" for name, value in {**SETTINGS, **settings}.items())
    connection.execute(f"create table settings as select {values}")
    load_code_sets(connection, folder("sql") / "code_sets")
    run_steps(connection, ordered(load_steps(folder("sql") / "exposure"), list(wanted)), Progress(is_quiet=True))
    return connection


def load_code_sets(connection: duckdb.DuckDBPyConnection, lists: Path) -> dict[str, int]:
    """Make a table of every code list in a folder and return how many rows each has."""
    return create_tables(connection, read_code_sets(lists, read_schema(lists)))


def _limit(row: dict[str, str]) -> dict[str, Any]:
    typical = {"months": "12", "counted_from": "paid", "citation": "invented"}
    return LookbackLimit.model_validate({**typical, **{k: v for k, v in row.items() if v}}).model_dump()


def _fill(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: dict[str, str],
    typical: dict[str, str],
    rows: list[dict[str, str]],
) -> None:
    connection.execute(f"create table {name} ({', '.join(f'{column} {of}' for column, of in columns.items())})")
    for row in rows:
        given = {**typical, **row}
        if "claim_line_end_date" in columns and "claim_line_end_date" not in row:
            given["claim_line_end_date"] = given["claim_line_start_date"]
        values = [None if given.get(column, "") == "" else given[column] for column in columns]
        values = ["" if value == "''" else value for value in values]
        connection.execute(f"insert into {name} values ({', '.join('?' * len(columns))})", values)


def drawn(connection: duckdb.DuckDBPyConnection, table: str, columns: str, order: str = "all") -> list[str]:
    """Return rows as words with a blank between, empty values as -."""
    rows = connection.execute(f"select {columns} from {table} order by {order}").fetchall()
    return [" ".join(_word(value) for value in row) for row in rows]


def _word(value: Any) -> str:
    return "-" if value is None else str(value).replace(" ", "_")
