"""The sheets of a hand-out as `sql/handout/sheets.yml` declares them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import duckdb

from audit_lib.resources import folder, from_yaml

Kind = Literal["text", "date", "amount", "count", "units", "position"]
_BATCH = 10_000


@dataclass(frozen=True)
class Column:
    """A column: its name in CSV and Parquet, its heading, kind and width (in characters) in a workbook."""

    name: str
    heading: str
    kind: Kind
    width: int


@dataclass(frozen=True)
class Sheet:
    """A sheet's declaration; `total` names the column that is summed above the table."""

    name: str
    title: str
    caption: str
    columns: tuple[Column, ...]
    table: str = ""
    order: tuple[str, ...] = ()
    total: str = ""
    printed_through: str = ""

    def rows(self, connection: duckdb.DuckDBPyConnection, provider_id: str) -> Iterator[tuple[Any, ...]]:
        """Yield one provider's rows in the sheet's order."""
        found = self.relation(connection, provider_id).to_arrow_table()
        for batch in found.to_batches(_BATCH):
            yield from zip(*batch.to_pydict().values(), strict=True)

    def relation(self, connection: duckdb.DuckDBPyConnection, provider_id: str) -> duckdb.DuckDBPyRelation:
        """Return one provider's rows, with the sheet's columns only."""
        rows = of_provider(connection, self.table, provider_id).order(", ".join(self.order))
        return rows.project(", ".join(column.name for column in self.columns))


@dataclass(frozen=True)
class FilledSheet:
    """A sheet with one provider's rows."""

    sheet: Sheet
    rows: list[tuple[Any, ...]]


def of_provider(connection: duckdb.DuckDBPyConnection, table: str, provider_id: str) -> duckdb.DuckDBPyRelation:
    """Return one provider's rows of a table, in no order."""
    is_of_provider = duckdb.ColumnExpression("provider_id") == duckdb.ConstantExpression(provider_id)
    return connection.table(table).filter(is_of_provider)


@cache
def sheets() -> dict[str, Sheet]:
    """Return every sheet by its name."""
    declared: dict[str, dict[str, Any]] = from_yaml((folder("sql") / "handout" / "sheets.yml").read_text("utf-8"))
    return {name: _sheet(name, values) for name, values in declared.items()}


def _sheet(name: str, values: dict[str, Any]) -> Sheet:
    columns = tuple(Column(column, *facts) for column, facts in values["columns"].items())
    return Sheet(
        name, values["title"], values["caption"], columns, values.get("table", ""), tuple(values["order"]),
        values.get("total", ""), values.get("printed_through", columns[-1].name),
    )  # fmt: skip
