"""Blocks of a report: tables, notes and numbers written for reading. A block shows itself in a notebook."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from audit_lib.page_templates import fill
from audit_lib.reports.copies import bound, csv_copy, whole_count
from audit_lib.reports.reach import unreached
from audit_lib.reports.recovery_layouts import RECOVERY_LAYOUTS
from audit_lib.resources import from_yaml
from audit_lib.words import money, percents, policy, therapy

TEMPLATES = Path(__file__).parent / "report_template"

_WORDS = {
    "overpayment": "Potential overpayment",
    "review": "Needs review",
    "not_evaluable": "Not evaluable",
    "not_in_force": "Not in force",
    "recoverable": "Recoverable",
    "unknown": "Unknown",
    "time_barred": "Time-barred",
    "all": "All",
    "pass": "Pass",
    "excepted": "Excepted",
    "no finding": "",
    "service": "service",
    "paid": "payment",
}
# Of an expectation; a finding's are words already.
_STATUSES = {"FAIL": "not met", "ERROR": "not evaluated"}
_TITLES = Path(__file__).parent / "table_titles.yml"


@dataclass(frozen=True)
class Block:
    """A piece of a report: HTML for people, plain text where there is no HTML."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


def note(text: str) -> Block:
    """Say in words what would otherwise be an empty table or chart."""
    return Block(render("note.html.j2", text=text), text)


def show(table: pd.DataFrame, empty: str = "Nothing to list.", most_rows: int = 500) -> Block:
    """Show a table of `audit_lib.reports.tables` with its caption, total, the SQL behind it and a copy to download.

    A shared table has no copy, since a copy holds columns that are not shown. A column `whole_count` says how many
    rows there are where the table holds the first of them; rows beyond `most_rows` stand in the copy alone. An empty
    table is `empty` in words; nothing where a block beside it has said so.
    """
    if table.empty:
        return note(empty) if empty else Block("", "")
    name = table.attrs["name"]
    titles = _titles(table, table_titles()[name]["columns"])
    caption = table.attrs.get("caption", table_titles()[name]["caption"]) + unreached(table) + _cut(table, most_rows)
    is_total = table["is_total"] if "is_total" in table else pd.Series(False, index=table.index)
    html = render(
        "table.html.j2",
        name=name,
        caption=caption,
        titles=[(title, _style(column)) for column, title in titles.items()],
        rows=_keyed(list(_rows(table[~is_total].head(most_rows), titles, "No date"))),
        totals=list(_rows(table[is_total], titles, "All months")),
        query=table.attrs["query"],
        csv=csv_copy(table),
        bound=bound(table),
    )
    return Block(html, f"{caption}\n{table[list(titles)].head(most_rows).to_string(index=False)}")


@cache
def table_titles() -> dict[str, Any]:
    """Return what tables say above themselves and call their columns, by the name of their query."""
    titles: dict[str, Any] = from_yaml(_TITLES.read_text(encoding="utf-8"))
    recovery = {name: {"caption": caption, "columns": columns} for name, (caption, columns) in RECOVERY_LAYOUTS.items()}
    return titles | recovery


def _titles(table: pd.DataFrame, titles: dict[str, str]) -> dict[str, str]:
    """Return the columns to show; one for providers and their numbers where no row has a name beside its number."""
    if not {"provider_name", "provider_id"} <= titles.keys():
        return titles
    numbers = table["provider_id"].fillna(table["provider_name"])
    if not (table["provider_name"].fillna("") == numbers.fillna("")).all():
        return titles
    one = titles | {"provider_name": "Provider (TIN, else NPI)"}
    return {column: title for column, title in one.items() if column != "provider_id"}


def _cut(table: pd.DataFrame, most_rows: int) -> str:
    """Say how many rows there are where only the first are listed."""
    listed, whole = min(len(table), most_rows), whole_count(table)
    return f". The first {listed:,} of {whole:,}" if whole > listed else ""


def render(template: str, **values: Any) -> str:
    """Fill one of the report's templates; every value is escaped."""
    return fill(TEMPLATES / "blocks", template, **values)


# How a column, or every column with this ending, is written.
_WRITERS: dict[str, Callable[[Any], str]] = {
    "_amount": money,
    "_count": "{:,}".format,
    "_percent": percents,
    "_quantity": lambda value: f"{value.normalize():,f}",
    "_day": "{:.2f}".format,
    "is_beside_per_diem": lambda value: "yes" if value else "no",
    "date_kind": lambda value: _WORDS[value],
    "line_outcome": lambda value: _WORDS[value],
    "therapy_family": therapy,
    "policy": policy,
    "status": lambda value: _STATUSES.get(value, value),
    "consequence": lambda value: str(value).replace("`", ""),  # of Markdown, for the pages of docs
    "found_by": lambda value: {"ndc_code": "NDC", "hcpcs_code": "code"}.get(value, str(value).replace("_", " ")),
    "period_month": "{:%b %Y}".format,
    "sql_sha256": lambda value: str(value)[:12],
    "is_equal": lambda value: "yes" if value else "NO",
    "measure": lambda value: _WORDS[value],
    "outcome": lambda value: _WORDS[value],
    "recovery_status": lambda value: _WORDS[value],
}


def _rows(table: pd.DataFrame, titles: Iterable[str], no_month: str) -> Iterable[list[tuple[str, str, str]]]:
    """Yield each row as (written value, class of its column, value to sort by)."""
    columns = list(titles)
    for row in table[columns].itertuples(index=False):
        yield [
            (_written(column, value, no_month), _style(column), "" if pd.isna(value) else str(value))
            for column, value in zip(columns, row, strict=True)
        ]


def _keyed(rows: list[list[tuple[str, str, str]]]) -> list[list[tuple[str, str, str | None]]]:
    """Keep what to sort by where a column is written otherwise in any row: a table sorts by all of it or by none."""
    differing = {place for row in rows for place, (value, _, key) in enumerate(row) if key != value}
    return [
        [(value, style, key if place in differing else None) for place, (value, style, key) in enumerate(row)]
        for row in rows
    ]


def _style(column: str) -> str:
    is_number = column.endswith(("_amount", "_count", "_percent", "_quantity", "_per_day", "_number", "_rank"))
    return "audit-number" if is_number else f"audit-{column.replace('_', '-')}"


def _written(column: str, value: Any, no_month: str) -> str:
    if pd.isna(value):
        return no_month if column == "period_month" else ""
    return _WRITERS.get(column, _WRITERS.get(f"_{column.rpartition('_')[2]}", str))(value)
