"""What a shared report says: the suppressed tables of one finished run, and the findings by reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pandas as pd

from audit_lib.pseudonyms import Pseudonyms
from audit_lib.resources import folder
from audit_lib.run import Run
from audit_lib.sharing.derivation import betrays_something, withhold_what_can_be_derived
from audit_lib.sharing.references import references
from audit_lib.sharing.suppression import (
    LEAST_MEMBERS,
    Cell,
    SharedTable,
    suppressed,
)
from audit_lib.sharing.totals import ShownTotals, shown_totals

DIMENSIONS = {
    "overpayment": ("rule", "month", "provider", "code"),
    "review": ("rule", "month", "provider", "code"),
    "not_evaluable": ("rule",),
    "not_in_force": ("rule",),
}


@dataclass
class Measure:
    """One measure of the run; `total` is missing where fewer than 11 members stand behind it, or none is known."""

    name: str
    is_empty: bool = False
    total: Cell | None = None
    claim_count: int = 0
    tables: list[SharedTable] = field(default_factory=list)


@dataclass
class Contents:
    """Everything that a shared report shows of members' lines."""

    measures: dict[str, Measure]
    contingent_amount: Decimal | None
    references: list[dict[str, str]]
    finding_count: int
    totals: ShownTotals


def contents(run: Run, pseudonyms: Pseudonyms) -> Contents:
    """Return the tables of a run with small cells withheld. Amounts are US dollars; a line counts once in a table."""
    cells = _query(run, "shared_cells")
    patterns = _query(run, "shared_patterns")
    measures = {name: _measure(name, cells, patterns) for name in DIMENSIONS}
    findings = _query(run, "finding_patterns")
    withheld = {
        (cell.category, name)
        for name in ("overpayment", "review")
        for cell in _withheld_rules(measures[name], set(findings["rule"]))
    }
    told = {name: m.total is not None for name in ("overpayment", "review") if not (m := measures[name]).is_empty}
    overlaps = _query(run, "shared_overlaps").iloc[0].to_dict()
    totals = shown_totals(overlaps, told, run.manifest["claims"]["member_count"])
    listed = references(findings, withheld, pseudonyms) if totals.has_references else []
    return Contents(measures, _contingent(run, measures["overpayment"]), listed, len(findings), totals)


def _query(run: Run, name: str) -> pd.DataFrame:
    return run.sql((folder("sql") / "sharing" / f"{name}.sql").read_text("utf-8"))


def _measure(name: str, cells: pd.DataFrame, patterns: pd.DataFrame) -> Measure:
    own = cells[cells["measure"] == name]
    by_dimension = {
        dimension: [_cell(row) for row in own[own["dimension"] == dimension].to_dict("records")]
        for dimension in ("all", *DIMENSIONS[name])
    }
    if not by_dimension["all"]:
        return Measure(name, is_empty=True)
    total = by_dimension.pop("all")[0]
    if total.is_small:
        return Measure(name)
    tables = [suppressed(dimension, found) for dimension, found in by_dimension.items()]
    if len(tables) > 1:
        withhold_what_can_be_derived(tables, patterns[patterns["measure"] == name])
    claims = int(own[own["dimension"] == "all"]["claim_count"].iloc[0])
    return Measure(name, total=total, claim_count=claims, tables=tables)


def _cell(row: Mapping[Any, Any]) -> Cell:
    return Cell(
        category=str(row["category"]),
        label=str(row["label"]),
        member_count=int(row["member_count"]),
        line_count=int(row["line_count"]),
        amount=row["amount"],
        small_members=_members(row["small_members"]),
        payer_count=int(row["payer_count"]),
        small_payers=_members(row["small_payers"]),
    )


def _members(listed: Any) -> frozenset[str]:
    return frozenset() if listed is None else frozenset(str(member) for member in listed)


def _withheld_rules(measure: Measure, rules: set[str]) -> list[Cell]:
    """Return the rules whose findings must not be told apart: those withheld, or all where the total is."""
    if measure.total is None:
        return [Cell(rule, rule, 0, 0, Decimal(0)) for rule in sorted(rules)]
    return measure.tables[0].withheld


def _contingent(run: Run, overpayment: Measure) -> Decimal | None:
    """Return the contingent part where enough members stand behind it and behind the rest; else nothing.

    Beside the tables it is one more table, of two categories: what these betray together with it withholds it.
    """
    row = _query(run, "shared_certainty").iloc[0]
    counts = {name: int(row[f"{name}_member_count"]) for name in ("contingent", "firm")}
    if overpayment.total is None or any(0 < count < LEAST_MEMBERS for count in counts.values()):
        return None
    if not counts["contingent"]:
        return Decimal("0.00")
    parts = [Cell(name, name, count, 0, row[f"{name}_amount"]) for name, count in counts.items() if count]
    tables = [*overpayment.tables, SharedTable("certainty", shown=parts)]
    return None if betrays_something(tables, _query(run, "shared_pieces")) else row["contingent_amount"]
