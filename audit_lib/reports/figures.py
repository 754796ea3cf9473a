"""Plotly figures from the tidy tables of `audit_lib.reports.tables`. A figure's title says what it shows, in words.

Bars are dollars; the exact cents stand in the hover text. Where a table holds nothing to draw, a note says so
instead.
"""

from collections.abc import Sequence
from datetime import timedelta
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import plotly.io as pio

from audit_lib.reports.blocks import Block, note
from audit_lib.reports.words import money, percent

# Figures travel as data, not as HTML with a copy of plotly.js each.
pio.renderers.default = "plotly_mimetype"

COLOURS = {
    "overpayment": "#d55e00",
    "review": "#0072b2",
    "pass": "#009e73",
    "excepted": "#56b4e9",
    "not_evaluable": "#6b7680",
    "not_in_force": "#c3cad0",
}
NAMES = {
    "overpayment": "Overpayment",
    "review": "Review",
    "pass": "Pass",
    "excepted": "Excepted",
    "not_evaluable": "Not evaluable",
    "not_in_force": "Not in force",
}
_FIRM = "Potential overpayment"
_CONTINGENT = "Potential overpayment, contingent"
_REVIEW = "Needs review"
_OPEN = {"color": "#fbe3d3", "line": {"color": COLOURS["overpayment"], "width": 1}}
# Plotly offers to upload a figure with its data to its cloud: not with claims.
_NO_BUTTONS = ["sendChartToCloud", "sendDataToCloud", "editInChartStudio", "select2d", "lasso2d"]
_GRID = "#e3e8ec"
_FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
_ROW = 44  # pixels per row of a ranked figure
_BAR = 11 * 24 * 60 * 60 * 1000  # the width of a bar among months: 11 days in milliseconds
_NOTHING = "No finding, so there is nothing to draw."


def by_rule(table: pd.DataFrame) -> go.Figure | Block:
    """Draw the dollars that each rule is credited with, the largest first."""
    rows = _with_dollars(table)
    if rows.empty:
        return note(_NOTHING)
    rows = rows.sort_values(["net_overpaid_amount", "net_review_amount"], ascending=False, kind="stable")
    return _ranked(rows, _rule_labels(rows), _first(rows, "“" + rows["title"] + "”", table))


def by_provider(table: pd.DataFrame) -> go.Figure | Block:
    """Draw the dollars of the first 20 providers."""
    rows = _with_dollars(table[table["position"] <= 20])
    if rows.empty:
        return note(_NOTHING)
    shown = rows.head(5)
    total = _total(table, "net_overpaid_amount")
    part = list(shown["running_overpaid_amount"])[-1]
    title = (
        f"{len(shown)} of {int(_total(table, 'provider_count')):,} providers carry {percent(part, total)} "
        f"of potential overpayment ({money(part)} of {money(total)})"
        if total and _total(table, "provider_count") > len(shown)
        else _first(rows, rows["provider_name"], table)
    )
    return _ranked(rows, list(rows["provider_name"]), title)


def by_code(table: pd.DataFrame) -> go.Figure | Block:
    """Draw the dollars of the first 20 codes."""
    rows = _with_dollars(table[table["position"] <= 20])
    if rows.empty:
        return note(_NOTHING)
    labels = rows["hcpcs_code"].str.cat(rows["code_label"].fillna(""), sep="  ").str.strip()
    return _ranked(rows, list(labels), _first(rows, labels, table))


def by_month(table: pd.DataFrame) -> go.Figure | Block:
    """Draw the dollars of each month, potential overpayment beside needs review."""
    rows = _with_dollars(table)
    rows = rows[rows["period_month"].notna()]
    if rows.empty:
        return note(_NOTHING)
    names = pd.Series([f"{month:%B %Y}" for month in rows["period_month"]], index=rows.index)
    figure = go.Figure(layout=_layout(_first(rows, names, table), 360))
    for bar in _bars(rows, list(names)):
        offset = 0 if bar["name"] == _REVIEW else -_BAR
        figure.add_bar(x=list(rows["period_month"]), y=bar.pop("values"), width=_BAR, offset=offset, **bar)
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(tickformat="%b\n%Y", nticks=13, ticklabelstandoff=8, fixedrange=True, range=_month_range(rows))
    figure.update_yaxes(tickprefix="$", tickformat="~s", gridcolor=_GRID, fixedrange=True, automargin=True, nticks=6)
    return figure


def outcomes(table: pd.DataFrame) -> go.Figure | Block:
    """Draw what became of the lines that each rule considered, in percent of its lines."""
    rows = table[~table["is_total"] & (table["considered_line_count"] > 0)]
    if rows.empty:
        return note("No rule considered any line.")
    total = table[table["is_total"]].iloc[0]
    undecided = int(total["not_evaluable_line_count"])
    whole = int(total["considered_line_count"])
    share = f"{100 * undecided / whole:.1f} %"
    title = f"{undecided:,} of {whole:,} decisions ({share}) could not be made for want of a field"
    if not undecided:
        title = f"No field was wanting for any of {whole:,} decisions"
    labels = _rule_labels(rows)
    figure = go.Figure(layout=_layout(title, _height(len(rows))))
    for outcome, colour in COLOURS.items():
        counts = rows[f"{outcome}_line_count"]
        considered = rows["considered_line_count"]
        figure.add_bar(
            y=list(range(len(rows))),
            x=[100 * int(n) / int(of) for n, of in zip(counts, considered, strict=True)],
            orientation="h",
            name=NAMES[outcome],
            marker={"color": colour},
            customdata=[f"{n:,} of {of:,} lines" for n, of in zip(counts, considered, strict=True)],
            hovertemplate=f"{NAMES[outcome]}: %{{customdata}} (%{{x:.1f}} %)<extra></extra>",
            width=0.42,
            offset=-0.02,
        )
    figure.update_layout(barmode="stack", annotations=_row_labels(labels))
    figure.update_xaxes(range=[0, 100], ticksuffix=" %")
    _rank_axes(figure, len(rows))
    return figure


def _ranked(rows: pd.DataFrame, labels: Sequence[str], title: str) -> go.Figure:
    """Draw one row per label: the label, below it potential overpayment, below that needs review."""
    figure = go.Figure(layout=_layout(title, _height(len(rows))))
    for bar in _bars(rows, labels):
        offset = 0.19 if bar["name"] == _REVIEW else -0.07
        positions = list(range(len(rows)))
        figure.add_bar(y=positions, x=bar.pop("values"), orientation="h", width=0.25, offset=offset, **bar)
    largest = float(rows[["net_overpaid_amount", "net_review_amount"]].max().max())
    figure.update_layout(barmode="overlay", annotations=_row_labels(labels))
    figure.update_xaxes(range=[0, largest * 1.03], tickprefix="$", tickformat="~s", nticks=6)
    _rank_axes(figure, len(rows))
    return figure


def _bars(rows: pd.DataFrame, labels: Sequence[str]) -> list[dict[str, Any]]:
    """Return the three series: what stands by itself, what is contingent on a per diem, what needs review."""
    contingent = rows["contingent_overpaid_amount"]
    firm = rows["net_overpaid_amount"] - contingent
    bars = [
        _bar(_FIRM, firm, labels, {"color": COLOURS["overpayment"]}),
        _bar(_CONTINGENT, contingent, labels, _OPEN) | {"base": [float(amount) for amount in firm]},
        _bar(_REVIEW, rows["net_review_amount"], labels, {"color": COLOURS["review"]}),
    ]
    return [bar for bar in bars if any(bar["values"])]


def _bar(name: str, amounts: "pd.Series[Any]", labels: Sequence[str], marker: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "values": [float(amount) if amount else None for amount in amounts],
        "customdata": [[_plain(label), money(amount)] for label, amount in zip(labels, amounts, strict=True)],
        "hovertemplate": f"%{{customdata[0]}}<br>{name}: %{{customdata[1]}}<extra></extra>",
        "marker": marker,
    }


def _rule_labels(rows: pd.DataFrame) -> list[str]:
    return [f"{row.rule_number} {row.title}" for row in rows.itertuples()]


def _with_dollars(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that have something to draw, without the total."""
    return table[~table["is_total"] & ((table["net_overpaid_amount"] > 0) | (table["net_review_amount"] > 0))]


def _first(rows: pd.DataFrame, names: "pd.Series[Any]", table: pd.DataFrame) -> str:
    """Say in words which row carries the most, of potential overpayment or else of needs review."""
    column, words = "net_overpaid_amount", "potential overpayment"
    if not rows[column].max():
        column, words = "net_review_amount", "what needs review"
    part, name = max(zip(rows[column], names, strict=True), key=lambda pair: pair[0])
    whole = _total(table, column)
    return f"{name} leads with {percent(part, whole)} of {words} ({money(part)} of {money(whole)})"


def _total(table: pd.DataFrame, column: str) -> Any:
    return table.loc[table["is_total"], column].iloc[0]


def _layout(title: str, height: int) -> dict[str, Any]:
    return {
        "template": "none",
        "title": {
            "text": _plain(title),
            "x": 0,
            "xanchor": "left",
            "font": {"size": 16},
            "yref": "container",
            "y": 0.98,
        },
        "font": {"family": _FONT, "size": 13, "color": "#1b2733"},
        "height": height,
        "margin": {"l": 18, "r": 26, "t": 76, "b": 40},
        "legend": {"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        "hoverlabel": {"align": "left"},
        "modebar": {"remove": _NO_BUTTONS},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
    }


def _plain(text: str) -> str:
    """Return text that Plotly takes as it is: no tags, no dollar signs that a MathJax nearby reads as TeX."""
    return escape(text).replace("$", "&#36;")


def _height(row_count: int) -> int:
    return 116 + _ROW * row_count


def _row_labels(labels: Sequence[str]) -> list[dict[str, Any]]:
    """Write each label above its bars, where it has the whole width, on a telephone too."""
    return [
        {
            "text": _plain(label),
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "y": position - 0.28,
            "showarrow": False,
            "font": {"size": 12},
        }
        for position, label in enumerate(labels)
    ]


def _rank_axes(figure: go.Figure, row_count: int) -> None:
    figure.update_xaxes(gridcolor=_GRID, fixedrange=True, zeroline=False)
    figure.update_yaxes(range=[row_count - 0.45, -0.55], visible=False, fixedrange=True)


def _month_range(rows: pd.DataFrame) -> list[str]:
    """Return the axis from half a month before the first month to half a month after the last."""
    first, last = min(rows["period_month"]), max(rows["period_month"])
    return [str(first - timedelta(days=16)), str(max(last, first + timedelta(days=150)) + timedelta(days=16))]
