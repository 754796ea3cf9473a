"""The run's settings as tables, so that SQL joins them instead of being built from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from audit_lib.choices import PeriodBy
from audit_lib.claims.ndc_directory import load_ndc_directory, read_ndc_directory
from audit_lib.local_rules import read_local
from audit_lib.lookback_limits import load_lookback_limits, read_lookback_limits
from audit_lib.names import with_nearest
from audit_lib.pseudonyms import read_key
from audit_lib.rules import Rule, load_rules, select_rules
from audit_lib.settings import Applicability, Settings
from audit_lib.settings_rows import Override, PolicyWindow, Provider, provider_key, read_table, refuse_rows
from audit_lib.small_tables import create_table


@dataclass(frozen=True)
class Period:
    """The dates that findings are reported on: of service, or of payment."""

    first: date | None = None
    last: date | None = None
    by: PeriodBy = "service"


def load_settings(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    rules: list[Rule],
    period: Period,
    is_assumed_in_force: bool,
) -> None:
    """Create `settings` (one row) and a table for each list that the settings hold or name.

    They are `rules`, `review_only_rules`, `overrides`, `lookback_limits`, `lookback_exemptions`, `ndc_products`,
    `ndc_packages`, `applicable_payers` and `applicable_plans`.

    Raises AuditError (2) for a table of the plan's that cannot be used.
    """
    _load_row(connection, settings, period, is_assumed_in_force)
    _load_rules(connection, rules)
    review_only = select_rules(_known_rules(settings), settings.review_only) if settings.review_only else []
    create_table(connection, "review_only_rules", {"rule": pa.string()}, [{"rule": rule.name} for rule in review_only])
    _load_overrides(connection, settings)
    _load_windows(connection, settings)
    known = [rule.name for rule in _known_rules(settings)]
    load_lookback_limits(connection, read_lookback_limits(settings.lookback_limits, known))
    load_ndc_directory(connection, settings.ndc_directory)
    _load_applicable(connection, settings)


def _load_row(
    connection: duckdb.DuckDBPyConnection, settings: Settings, period: Period, is_assumed_in_force: bool
) -> None:
    factors = settings.contract_factors
    connection.execute(
        """
        create table settings as select
            $literal::boolean as is_literal_supply_range, $assumed::boolean as is_assumed_in_force,
            $from::date as period_from, $to::date as period_to, $by::varchar as period_by,
            $minimum::decimal(18, 2) as minimum_amount, $sh::decimal(5, 4) as sh_factor, $sj::decimal(5, 4) as sj_factor
        """,
        {
            "literal": settings.literal_supply_range,
            "assumed": is_assumed_in_force,
            "from": period.first,
            "to": period.last,
            "by": period.by,
            "minimum": settings.minimum_amount,
            "sh": factors.SH if factors else None,
            "sj": factors.SJ if factors else None,
        },
    )


def _load_applicable(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Create `applicable_payers` and `applicable_plans`, in lower case; empty where the policy applies to all."""
    applies_to = settings.policy_applies_to or Applicability()
    for name, values in (("payer", applies_to.payer), ("plan", applies_to.plan)):
        distinct = sorted({_lowered(connection, value.strip()) for value in values})
        create_table(connection, f"applicable_{name}s", {name: pa.string()}, [{name: value} for value in distinct])


def _lowered(connection: duckdb.DuckDBPyConnection, text: str) -> str:
    """Return text in lower case as the SQL that compares it has it: Python has some letters otherwise."""
    return str(connection.execute("select lower($text)", {"text": text}).fetchall()[0][0])


def load_providers(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Create `providers`: the names that reports show. Raises AuditError (2) for a table that cannot be used."""
    create_table(connection, "providers", {name: pa.string() for name in Provider.model_fields}, _providers(path))


def _providers(path: Path) -> list[dict[str, Any]]:
    """Return the rows of the table with identifiers as claims have them; two for one provider would count it twice."""
    rows = [row.model_dump() for row in read_table(path, Provider)]
    first: dict[str, int] = {}
    problems = []
    for number, row in enumerate(rows, start=1):
        row["provider_id"] = provider_key(row["provider_id"])
        place = first.setdefault(row["provider_id"], number)
        if place != number:
            problems.append(f"row {number} is for the same provider as row {place}; each provider has one row")
    refuse_rows(path, problems)
    return rows


def _load_rules(connection: duckdb.DuckDBPyConnection, rules: list[Rule]) -> None:
    types = {
        "rule": pa.string(),
        "number": pa.int64(),
        "version": pa.int64(),
        "group_code": pa.string(),
        "policy_section": pa.string(),
        "is_contingent_on_per_diem": pa.bool_(),
        "is_dependent_on_line": pa.bool_(),
    }
    rows = [
        {
            "rule": rule.name,
            "number": rule.metadata.number,
            "version": rule.metadata.version,
            "group_code": rule.metadata.group,
            "policy_section": rule.metadata.policy.section,
            "is_contingent_on_per_diem": rule.metadata.is_contingent_on_per_diem,
            "is_dependent_on_line": rule.metadata.is_dependent_on_line,
        }
        for rule in rules
    ]
    create_table(connection, "rules", types, rows)


def _known_rules(settings: Settings) -> list[Rule]:
    """Return every rule that a setting may name: also those that the plan retired, so that its tables stay valid."""
    return load_rules() + read_local(settings.local).rules


def check_settings(settings: Settings) -> None:
    """Read every file that the settings name before any claim is read. Raises AuditError (2) for one that is wrong."""
    select_rules(_known_rules(settings), settings.review_only)
    _overrides(settings)
    _windows(settings)
    read_lookback_limits(settings.lookback_limits, [rule.name for rule in _known_rules(settings)])
    if settings.providers:
        _providers(settings.providers)
    read_ndc_directory(settings.ndc_directory)
    if settings.pseudonym_key_file:
        read_key(settings.pseudonym_key_file)


def _overrides(settings: Settings) -> list[dict[str, Any]]:
    if settings.overrides is None:
        return []
    rows = [row.model_dump() for row in read_table(settings.overrides, Override)]
    known = [rule.name for rule in _known_rules(settings)]
    unknown = [(number, row["rule"]) for number, row in enumerate(rows, start=1) if row["rule"] not in known]
    refuse_rows(
        settings.overrides,
        [with_nearest(f"row {number}: there is no rule {name!r}", name, known) for number, name in unknown],
    )
    return rows


def _windows(settings: Settings) -> list[dict[str, Any]]:
    if settings.policy_windows is None:
        return []
    rows = [row.model_dump() for row in read_table(settings.policy_windows, PolicyWindow)]
    known = sorted({rule.metadata.group for rule in _known_rules(settings)})
    problems = [
        f"row {number}: no rule is of group {row['group']!r}; the groups are {', '.join(known)}"
        for number, row in enumerate(rows, start=1)
        if row["group"] not in known
    ]
    groups = [row["group"] for row in rows]
    problems += [
        f"group {group!r} has more than one row" for group in sorted({g for g in groups if groups.count(g) > 1})
    ]
    refuse_rows(settings.policy_windows, problems)
    return rows


def _load_overrides(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    rows = _overrides(settings)
    types = {
        "override_row": pa.int64(),
        "provider_id": pa.string(),
        "rule": pa.string(),
        "hcpcs_code": pa.string(),
        "date_from": pa.date32(),
        "date_to": pa.date32(),
        "action": pa.string(),
        "note": pa.string(),
        "approved_by": pa.string(),
    }
    values = [
        {
            **row,
            "override_row": number,
            "provider_id": provider_key(row["provider_id"]),
        }
        for number, row in enumerate(rows, start=1)
    ]
    create_table(connection, "overrides", types, values)


def _load_windows(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Replace the shipped in-force windows by the plan's own, group by group, and the texts that they name."""
    for row in _windows(settings):
        text = row["policy_text"] or f"the text in force from {row['overpayment_from']} by the plan's own windows"
        connection.execute(
            """
            update policy_windows set
                not_in_force_before = $not_in_force_before, overpayment_from = $overpayment_from,
                policy_text = $policy_text, earlier_policy_text = coalesce($earlier_policy_text, earlier_policy_text)
            where group_code = $group
            """,
            {**row, "policy_text": text, "earlier_policy_text": row["earlier_policy_text"] or None},
        )
