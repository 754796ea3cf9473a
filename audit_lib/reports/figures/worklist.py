"""Figures of what is left to review: how many dollars how little evidence settles."""

import pandas as pd
import plotly.graph_objects as go

from audit_lib.reports.blocks import Block, note
from audit_lib.reports.figures.style import (
    COLOURS,
    COMPACT,
    GRID,
    SOFT,
    count_axis,
    finished,
    layout,
    plain,
    ranked_bars,
    records,
)
from audit_lib.words import count, money, percent, verb

_NOTHING = "Nothing needs review, so there is no evidence to ask for."


def evidence_curve(table: pd.DataFrame) -> go.Figure | Block:
    """Draw the dollars that are settled by the first pieces of evidence, the one that settles the most first."""
    if table.empty or not table["whole_review_amount"].iloc[0]:
        return note(_NOTHING)
    whole, running = table["whole_review_amount"].iloc[0], list(table["running_review_amount"])
    pieces = int(table["whole_count"].iloc[0])
    first = min(10, len(running))
    title = (
        f"The first {first} of {count(pieces, 'piece')} of evidence {verb(first, 'settles', 'settle')} "
        f"{percent(running[first - 1], whole)} of what needs review ({money(running[first - 1])} of {money(whole)})"
    )
    figure = go.Figure(layout=layout(title, 380))
    hover = [
        [
            plain(f"{row.request_rank}. {row.evidence}: {row.provider_name}"),
            money(row.net_review_amount),
            money(row.running_review_amount),
        ]
        for row in records(table)
    ]
    figure.add_scatter(
        x=[0, *table["request_rank"]], y=[0.0, *map(float, running)], mode="lines+markers",
        name="Needs review, running total",
        line={"color": COLOURS["review"], "width": 2, "shape": "hv"}, marker={"color": COLOURS["review"], "size": 4},
        customdata=[["Nothing asked for", "$0.00", "$0.00"], *hover],
        hovertemplate="%{customdata[0]}<br>settles %{customdata[1]}<br>together %{customdata[2]}<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(**count_axis("Pieces of evidence"), rangemode="tozero")
    top = float(whole) * 1.05
    figure.update_yaxes(tickprefix="$", **COMPACT, gridcolor=GRID, fixedrange=True, automargin=True, range=[0, top])
    return finished(figure, table, "A rising line: pieces of evidence against the dollars that they settle together.")


def evidence_kinds(table: pd.DataFrame) -> go.Figure | Block:
    """Draw the dollars that each kind of evidence settles: per piece, and together."""
    rows = table[table["net_review_amount"] > 0]
    if rows.empty:
        return note(_NOTHING)
    labels = [f"{row.evidence} ({count(row.request_count, 'piece')})" for row in records(rows)]
    best = rows.iloc[0]
    average = money(best["per_request_amount"])
    title = f"One piece of “{best['evidence']}” settles {average} on average, the most of any kind"
    series = [
        {
            "name": name,
            "values": list(rows[column]),
            "written": [money(amount) for amount in rows[column]],
            "colour": colour,
        }
        for name, column, colour in (
            ("Together", "net_review_amount", COLOURS["review"]),
            ("Per piece, on average", "per_request_amount", SOFT),
        )
    ]
    return finished(ranked_bars(labels, series, title), table, f"Two bars for each of {len(rows)} kinds of evidence.")
