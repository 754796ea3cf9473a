"""What a plan settles for itself: the literal range of supplies, what contracts pay, what outranks the policy."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

_COLUMNS = ("provider_id", "rule", "hcpcs_code", "date_from", "date_to", "action", "note", "approved_by")
# Frequent codes, and '' for all.
_CODES = ("",) * 8 + ("S9500", "S9328", "S9338", "S9365", "J1642", "E0781", "99602")
_FACTORS = ("0.00", "0.50", "0.75", "0.333", "1.00")
_ACTIONS = ("exempt", "review", "review")
_ALWAYS = (date.min, date.max)
_DAYS = (_ALWAYS, _ALWAYS, (date(2025, 8, 2), date.max), (date.min, date(2025, 8, 1)), (date(2025, 8, 1),) * 2)


@dataclass(frozen=True)
class Override:
    """A provider's contract: what a rule finds on its lines is exempt, or a lead only."""

    provider_id: str
    rule: str
    code: str
    first_day: date
    last_day: date
    action: str


@dataclass(frozen=True)
class Plan:
    """A plan's settings; as shipped where nothing is said."""

    is_supply_range_literal: bool = False
    contract_factors: Mapping[str, Decimal] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()


def drawn_plan(seed: int, rules: Sequence[str], providers: Sequence[str]) -> Plan:
    """Return random settings, the same for the same seed; of a provider's rule may be several overrides."""
    source = random.Random(seed)
    is_literal = source.random() < 0.7
    factors = dict(zip(("SH", "SJ"), map(Decimal, source.sample(_FACTORS, 2)), strict=True))
    overrides = [
        Override(provider_id, rule, source.choice(_CODES), *source.choice(_DAYS), source.choice(_ACTIONS))
        for provider_id in providers
        for rule in source.choices(rules, k=len(rules))
    ]
    return Plan(is_literal, factors, tuple(overrides))


def written(plan: Plan, folder: Path) -> Path:
    """Write a plan's settings as a file with its overrides beside it."""
    with (folder / "overrides.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows(_row(override) for override in plan.overrides)
    factors = ", ".join(f"{modifier}: {factor}" for modifier, factor in plan.contract_factors.items())
    keys = [f"literal_supply_range: {str(plan.is_supply_range_literal).lower()}", "overrides: overrides.csv"]
    keys += [f"contract_factors: {{{factors}}}"] if factors else []
    (folder / "settings.yml").write_text("\n".join(keys), "utf-8")
    return folder / "settings.yml"


def _row(override: Override) -> tuple[str, ...]:
    first_day = "" if override.first_day == date.min else override.first_day.isoformat()
    last_day = "" if override.last_day == date.max else override.last_day.isoformat()
    return (
        override.provider_id, override.rule, override.code, first_day, last_day, override.action, "contract", "counsel",
    )  # fmt: skip
