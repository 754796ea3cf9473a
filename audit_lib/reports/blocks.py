"""Blocks of a report: tables, notes and numbers written for reading. A block shows itself in a notebook."""

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from audit_lib.reports.recovery_layouts import RECOVERY_LAYOUTS
from audit_lib.reports.words import money

TEMPLATES = Path(__file__).parent / "report_template"

# What each table says above itself and calls its columns; columns not named here stay in the CSV copy only.
LAYOUTS: dict[str, tuple[str, dict[str, str]]] = {
    "reported_gates": (
        "Lines that a gate took out or changed",
        {"title": "Gate", "line_count": "Lines", "paid_amount": "Paid"},
    ),
    "rule_totals": (
        "Rules in their order. Counts are lines; dollars are net: a line hit by several rules counts once, "
        "with the rule credited with it",
        {
            "rule_number": "No.",
            "title": "Rule",
            "considered_line_count": "Lines considered",
            "overpayment_line_count": "Overpayment",
            "review_line_count": "Review",
            "pass_line_count": "Pass",
            "excepted_line_count": "Excepted",
            "not_evaluable_line_count": "Not evaluable",
            "not_in_force_line_count": "Not in force",
            "net_overpaid_amount": "Potential overpayment",
            "net_review_amount": "Needs review",
        },
    ),
    "month_totals": (
        "Months with a finding. Claims and lines stand behind the dollars that they belong to",
        {
            "period_month": "Month",
            "net_overpaid_amount": "Potential overpayment",
            "contingent_overpaid_amount": "of which contingent",
            "overpaid_claim_count": "Claims",
            "overpaid_line_count": "Lines",
            "net_review_amount": "Needs review",
            "review_claim_count": "Claims",
            "review_line_count": "Lines",
        },
    ),
    "provider_totals": (
        "The 20 providers with the most potential overpayment, then all others. Claims and members stand "
        "behind the dollars that they belong to",
        {
            "provider_name": "Provider",
            "provider_id": "TIN or NPI",
            "net_overpaid_amount": "Potential overpayment",
            "contingent_overpaid_amount": "of which contingent",
            "running_overpaid_amount": "Running total",
            "overpaid_claim_count": "Claims",
            "overpaid_member_count": "Members",
            "net_review_amount": "Needs review",
            "review_claim_count": "Claims",
        },
    ),
    "code_totals": (
        "The 20 codes with the most potential overpayment, then all others. Claims and lines stand "
        "behind the dollars that they belong to",
        {
            "hcpcs_code": "Code",
            "code_label": "What it is",
            "net_overpaid_amount": "Potential overpayment",
            "contingent_overpaid_amount": "of which contingent",
            "overpaid_claim_count": "Claims",
            "overpaid_line_count": "Lines",
            "net_review_amount": "Needs review",
            "review_line_count": "Lines",
        },
    ),
    "undecided_lines": (
        "Lines considered and not decided",
        {
            "rule_number": "No.",
            "title": "Rule",
            "outcome": "Outcome",
            "reason": "Reason",
            "line_count": "Lines",
            "paid_amount": "Paid on these lines",
        },
    ),
    "carried_assumptions": (
        "Fields that a gate needs and the claims lack",
        {
            "column_name": "Field",
            "assumed": "Assumed",
            "line_count": "Lines without it",
            "paid_amount": "Paid on them",
            "overpayment_line_count": "Overpaid lines that rest on it",
            "overpayment_amount": "Potential overpayment that rests on it",
        },
    ),
    "rejected_row_counts": (
        "Source rows that could not be read",
        {"column_name": "Column", "reason": "Reason", "row_count": "Rows"},
    ),
    "reconciliation": (
        "The headlines and their recomputation",
        {
            "road": "Recomputed from",
            "measure": "Headline",
            "headline_line_count": "Lines, headline",
            "recomputed_line_count": "Lines, recomputed",
            "headline_amount": "Dollars, headline",
            "recomputed_amount": "Dollars, recomputed",
            "is_equal": "Equal",
        },
    ),
    "audited_rules": (
        "Rules of this run",
        {
            "rule_number": "No.",
            "rule": "Rule",
            "window_group": "In-force group",
            "rule_version": "Version",
            "policy_section": "Policy section",
            "sql_sha256": "SQL, SHA-256 begins",
        },
    ),
    **RECOVERY_LAYOUTS,
}
_WORDS = {
    "overpayment": "Potential overpayment",
    "review": "Needs review",
    "not_evaluable": "Not evaluable",
    "not_in_force": "Not in force",
    "recoverable": "Recoverable",
    "unknown": "Unknown",
    "time_barred": "Time-barred",
    "all": "All",
}


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


def show(table: pd.DataFrame, empty: str = "Nothing to list.") -> Block:
    """Show a table of `audit_lib.reports.tables` with its caption, total, the SQL behind it and a copy to download."""
    if table.empty:
        return note(empty)
    name = table.attrs["name"]
    caption, titles = LAYOUTS[name]
    is_total = table["is_total"] if "is_total" in table else pd.Series(False, index=table.index)
    html = render(
        "table.html.j2",
        name=name,
        caption=caption,
        titles=[(title, _style(column)) for column, title in titles.items()],
        rows=list(_rows(table[~is_total], titles, "No date")),
        totals=list(_rows(table[is_total], titles, "All months")),
        query=table.attrs["query"],
        csv=base64.b64encode(table.to_csv(index=False).encode()).decode(),
    )
    return Block(html, f"{caption}\n{table[list(titles)].to_string(index=False)}")


def render(template: str, **values: Any) -> str:
    """Fill one of the report's templates; every value is escaped."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES / "blocks"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


# How a column, or every column with this ending, is written.
_WRITERS: dict[str, Callable[[Any], str]] = {
    "_amount": money,
    "_count": "{:,}".format,
    "period_month": "{:%b %Y}".format,
    "sql_sha256": lambda value: str(value)[:12],
    "is_equal": lambda value: "yes" if value else "NO",
    "measure": lambda value: _WORDS[value],
    "outcome": lambda value: _WORDS[value],
    "recovery_status": lambda value: _WORDS[value],
}


def _rows(table: pd.DataFrame, titles: Iterable[str], no_month: str) -> Iterable[list[tuple[str, str]]]:
    """Yield each row as (written value, class of its column)."""
    columns = list(titles)
    for row in table[columns].itertuples(index=False):
        yield [(_written(column, value, no_month), _style(column)) for column, value in zip(columns, row, strict=True)]


def _style(column: str) -> str:
    return "audit-number" if column.endswith(("_amount", "_count")) else f"audit-{column.replace('_', '-')}"


def _written(column: str, value: Any, no_month: str) -> str:
    if pd.isna(value):
        return no_month if column == "period_month" else ""
    return _WRITERS.get(column, _WRITERS.get(f"_{column.rpartition('_')[2]}", str))(value)
