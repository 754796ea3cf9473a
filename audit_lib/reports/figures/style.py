"""What all figures share: colours of outcomes, fonts, axes, and what a figure carries for its readers."""

from collections.abc import Sequence
from datetime import timedelta
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import plotly.io as pio

from audit_lib.reports.copies import bound, csv_copy

# Figures travel as data, not as HTML with a copy of plotly.js each.
pio.renderers.default = "plotly_mimetype"

# Okabe and Ito's palette, which colour-blind readers tell apart; greys for what was not decided.
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
OPEN = {"color": "#fbe3d3", "line": {"color": COLOURS["overpayment"], "width": 1}}
OPEN_REVIEW = {"color": "#d4e6f3", "line": {"color": COLOURS["review"], "width": 1}}
# Plotly offers to upload a figure with its data to its cloud: not with claims.
_NO_BUTTONS = ["sendChartToCloud", "sendDataToCloud", "editInChartStudio", "select2d", "lasso2d"]
GRID = "#e3e8ec"
SOFT = "#6b7680"
FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
# Compact amounts and counts: 5k, 1.5M, 2B.
COMPACT = {"exponentformat": "B", "minexponent": 2}
ROW = 44  # pixels per row of a ranked figure
NOTHING = "No finding, so there is nothing to draw."


def ranked_bars(
    labels: Sequence[str], series: Sequence[dict[str, Any]], title: str, *, is_money: bool = True
) -> go.Figure:
    """Draw one row per label with a bar for each series (name, values, written, colour), the label above them."""
    figure = go.Figure(layout=layout(title, height_of(len(labels))))
    width = 0.5 / len(series)
    for number, one in enumerate(series):
        figure.add_bar(
            y=list(range(len(labels))),
            x=[float(value) if value else None for value in one["values"]],
            orientation="h",
            name=one["name"],
            marker=one.get("marker") or {"color": one["colour"]},
            width=width,
            offset=-0.07 + number * width,
            customdata=[[plain(label), written] for label, written in zip(labels, one["written"], strict=True)],
            hovertemplate=f"%{{customdata[0]}}<br>{one['name']}: %{{customdata[1]}}<extra></extra>",
        )
    largest = max((float(value) for one in series for value in one["values"]), default=1.0)
    figure.update_layout(barmode="overlay", annotations=row_labels(labels))
    figure.update_xaxes(range=[0, largest * 1.03], **COMPACT, nticks=6, tickprefix="$" if is_money else "")
    rank_axes(figure, len(labels))
    return figure


def finished(figure: go.Figure, table: pd.DataFrame, says: str) -> go.Figure:
    """Give a figure its words for readers who cannot see it and, unless it is shared, a copy of its data."""
    meta = {
        "alt": f"{says} The table or the copy of the data holds every value.",
        "name": table.attrs.get("name", "data"),
        "csv": csv_copy(table),
        "bound": bound(table),
    }
    figure.update_layout(meta=meta)
    return figure


def records(table: pd.DataFrame) -> list[Any]:
    """Return the rows, each with its columns as attributes; pandas' types do not know which columns a table has."""
    return list(table.itertuples())


def layout(title: str, height: int) -> dict[str, Any]:
    """Return the layout that all figures share."""
    return {
        "template": "none",
        "title": {
            "text": plain(title),
            "x": 0,
            "xanchor": "left",
            "font": {"size": 16},
            "yref": "container",
            "y": 0.98,
        },
        "font": {"family": FONT, "size": 13, "color": "#1b2733"},
        "height": height,
        "margin": {"l": 18, "r": 26, "t": 76, "b": 40},
        "legend": {"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        "hoverlabel": {"align": "left"},
        "modebar": {"remove": _NO_BUTTONS},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
    }


def plain(text: str) -> str:
    """Return text that Plotly takes as it is: no tags, no dollar signs that a MathJax nearby reads as TeX."""
    return escape(text).replace("$", "&#36;")


def height_of(row_count: int) -> int:
    """Return the height of a ranked figure, in pixels."""
    return 116 + ROW * row_count


def row_labels(labels: Sequence[str]) -> list[dict[str, Any]]:
    """Write each label above its bars, where it has the whole width, on a telephone too."""
    return [
        {
            "text": plain(label),
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "y": position - 0.28,
            "showarrow": False,
            "font": {"size": 12},
        }
        for position, label in enumerate(labels)
    ]


def rank_axes(figure: go.Figure, row_count: int) -> None:
    """Lay rows from the top down, without an axis of their own."""
    figure.update_xaxes(gridcolor=GRID, fixedrange=True, zeroline=False)
    figure.update_yaxes(range=[row_count - 0.45, -0.55], visible=False, fixedrange=True)


def count_axis(title: str) -> dict[str, Any]:
    """Return an axis of whole numbers; the title keeps clear of the numbers, and they of the points at zero."""
    return {
        "title": {"text": title, "standoff": 18, "font": {"size": 13}},
        "gridcolor": GRID,
        "fixedrange": True,
        "tickformat": ",d",
        "ticklabelstandoff": 8,
    }


def month_axis(rows: pd.DataFrame) -> dict[str, Any]:
    """Return an axis of half a year or more: from half a month before the first month to as much after the last.

    More than 11 ticks on half a year would be half-months, each month named twice.
    """
    first, last = min(rows["period_month"]), max(rows["period_month"])
    ends = [str(first - timedelta(days=16)), str(max(last, first + timedelta(days=150)) + timedelta(days=16))]
    return {"tickformat": "%b\n%Y", "nticks": 11, "ticklabelstandoff": 8, "fixedrange": True, "range": ends}
