"""Figures that compare providers: who carries the dollars, who is found more often than chance explains."""

from decimal import Decimal
from math import sqrt

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
from audit_lib.words import count, money, percent, percents, verb

_SHOWN = 40  # providers drawn as bars of the Pareto figure
_MOST_POINTS = 2_000  # of the funnel, so that a page stays small
_TOO_FEW = "too few lines"
_LIMITS = ((1.96, "95 % limit", "dot"), (3.09, "99.8 % limit", "dash"))


def pareto(table: pd.DataFrame) -> go.Figure | Block:
    """Draw providers by net potential overpayment, the largest first, with their running share of the whole."""
    rows = table[table["net_overpaid_amount"] > 0].reset_index(drop=True)
    if rows.empty:
        return note("No potential overpayment, so there is no order of providers to draw.")
    whole, running = sum(rows["net_overpaid_amount"]), rows["net_overpaid_amount"].cumsum()
    shown = rows.head(_SHOWN)
    drawn = f". Drawn are the first {_SHOWN}" if len(rows) > _SHOWN else ""
    figure = go.Figure(layout=layout(f"{_pareto_title(running, whole)}{drawn}", 420))
    _add_shares(figure, shown, running.head(_SHOWN), whole)
    figure.update_xaxes(
        title={"text": "Providers, the largest first", "standoff": 10, "font": {"size": 13}},
        fixedrange=True,
        nticks=10,
        tickformat="d",
        range=[0.4, len(shown) + 0.6],
    )
    says = f"Bars of net dollars for the first {count(len(shown), 'provider')} and a line of their running share."
    return finished(figure, table, says)


def funnel(table: pd.DataFrame, marked: str = "") -> go.Figure | Block:
    """Draw each provider's rate of overpaid lines against its volume, with control limits; `marked` is a provider_id.

    Source: D. J. Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24 (2005).
    """
    rows = table[table["standing"] != _TOO_FEW].head(_MOST_POINTS)
    if rows.empty:
        return note("No provider has the least number of lines considered, so there is nothing to compare.")
    if not rows["overpaid_line_count"].sum():
        return note("No line was overpaid, so no provider's rate differs from another's.")
    high = rows[rows["standing"].str.startswith("above 99.8")]
    figure = go.Figure(layout=layout(_funnel_title(len(high), len(rows)), 460))
    largest, pooled = int(rows["considered_line_count"].max()), float(rows["pooled_percent"].iloc[0])
    _add_limits(figure, int(rows["considered_line_count"].min()), largest, pooled)
    for name, part, colour, symbol in (
        ("Within the 99.8 % limits", rows[~rows["standing"].str.contains("99.8")], SOFT, "circle"),
        ("Above the 99.8 % limit", high, COLOURS["overpayment"], "diamond"),
        ("Below the 99.8 % limit", rows[rows["standing"].str.startswith("below 99.8")], COLOURS["pass"], "square"),
        ("This provider", rows[rows["provider_id"] == marked], "#1b2733", "star"),
    ):
        _add_providers(figure, part, name, {"color": colour, "size": 14 if symbol == "star" else 8, "symbol": symbol})
    figure.update_xaxes(**count_axis("Lines that rules considered"), range=[0, largest * 1.06])
    top = max(float(rows["overpaid_percent"].max()) * 1.1, pooled * 2.5, 1.0)
    figure.update_yaxes(ticksuffix=" %", gridcolor=GRID, fixedrange=True, range=[0, min(top, 104)], automargin=True)
    says = "Each point is a provider: overpaid lines in percent of the lines considered, against their number."
    return finished(figure, table, says)


def rule_rates(table: pd.DataFrame) -> go.Figure | Block:
    """Draw the profiled provider's rate of overpaid lines beside that of its peers, rule by rule."""
    rows = table[(table["overpaid_line_count"] > 0) & table["peers_overpaid_percent"].notna()]
    if rows.empty:
        return note(
            "No rule with an overpayment has peers with the least number of lines, so there is no rate to compare."
        )
    widest = max(records(rows), key=lambda row: row.overpaid_percent - row.peers_overpaid_percent)
    is_above = widest.overpaid_percent > widest.peers_overpaid_percent
    title = (
        f"{'Furthest above its peers' if is_above else 'Nowhere above its peers; nearest'} at “{widest.title}”: "
        f"{percents(widest.overpaid_percent)} of {count(widest.considered_line_count, 'line')} overpaid, against "
        f"{percents(widest.peers_overpaid_percent)} at {count(widest.peer_count, 'peer')}"
    )
    series = [
        {
            "name": name, "values": list(rows[column]), "colour": colour,
            "written": [percents(value) for value in rows[column]],
        }
        for name, column, colour in (
            ("This provider", "overpaid_percent", COLOURS["overpayment"]),
            ("Peers together", "peers_overpaid_percent", SOFT),
        )
    ]  # fmt: skip
    labels = [f"{row.rule_number} {row.title}" for row in records(rows)]
    figure = ranked_bars(labels, series, title, is_money=False)
    figure.update_xaxes(ticksuffix=" %", exponentformat="none")
    return finished(
        figure, table, "Two bars for each rule: this provider's percentage of overpaid lines and its peers'."
    )


def _pareto_title(running: pd.Series, whole: Decimal) -> str:
    """Say how few providers carry 80 % of the whole; `running`: the dollars of the first, the first two, and so on."""
    enough = next(number for number, amount in enumerate(running, start=1) if amount * 5 >= whole * 4)
    carry = verb(enough, "carries", "carry")
    return f"{enough} of {count(len(running), 'provider')} {carry} 80 % of potential overpayment"


def _add_shares(figure: go.Figure, rows: pd.DataFrame, running: pd.Series, whole: Decimal) -> None:
    """Draw each provider's dollars, and against an axis of its own the share of the whole up to that provider."""
    hover = [
        [plain(name), money(amount), percent(part, whole)]
        for name, amount, part in zip(rows["provider_name"], rows["net_overpaid_amount"], running, strict=True)
    ]
    places = list(range(1, len(rows) + 1))
    figure.add_bar(
        x=places, y=[float(amount) for amount in rows["net_overpaid_amount"]], name="Potential overpayment",
        marker={"color": COLOURS["overpayment"]}, customdata=hover,
        hovertemplate="%{customdata[0]}: %{customdata[1]}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=places, y=[float(100 * part / whole) for part in running], yaxis="y2", name="Running share",
        mode="lines+markers", line={"color": "#1b2733", "width": 2}, marker={"color": "#1b2733", "size": 5},
        customdata=hover, hovertemplate="Up to %{customdata[0]}: %{customdata[2]}<extra></extra>",
    )  # fmt: skip
    figure.update_layout(
        margin={"r": 52},
        yaxis={"tickprefix": "$", **COMPACT, "gridcolor": GRID, "fixedrange": True, "automargin": True},
        yaxis2={
            "overlaying": "y", "side": "right", "range": [0, 104], "showgrid": False, "fixedrange": True,
            "tickvals": [0, 20, 40, 60, 80, 100], "ticktext": ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"],
        },
    )  # fmt: skip


def _funnel_title(high_count: int, provider_count: int) -> str:
    providers = count(provider_count, "provider")
    if not high_count:
        return f"None of {providers} lies above the 99.8 % limit: chance can explain their rates"
    lie = verb(high_count, "lies", "lie")
    return f"{high_count} of {providers} {lie} above the 99.8 % limit: chance alone hardly explains their rates"


def _add_limits(figure: go.Figure, smallest: int, largest: int, pooled: float) -> None:
    """Draw the rate of all providers and the limits around it, by the number of lines."""
    counts = sorted({max(round(smallest + (largest * 1.05 - smallest) * step / 60), 1) for step in range(61)})
    rate = pooled / 100
    figure.add_scatter(
        x=[counts[0], counts[-1]], y=[pooled, pooled], mode="lines", name="All providers", hoverinfo="skip",
        line={"color": "#1b2733", "width": 1}, marker={"color": "#1b2733"},
    )  # fmt: skip
    for z, name, dash in _LIMITS:
        for sign in (1, -1):
            figure.add_scatter(
                x=counts, y=[max(100 * (rate + sign * z * sqrt(rate * (1 - rate) / n)), 0) for n in counts],
                mode="lines", name=name, showlegend=sign == 1, hoverinfo="skip",
                line={"color": COLOURS["review"], "width": 1, "dash": dash}, marker={"color": COLOURS["review"]},
            )  # fmt: skip


def _add_providers(figure: go.Figure, part: pd.DataFrame, name: str, marker: dict[str, object]) -> None:
    if part.empty:
        return
    hover = [
        [
            plain(row.provider_name),
            f"{row.overpaid_line_count:,} of {count(row.considered_line_count, 'line')} overpaid "
            f"({percents(row.overpaid_percent)})",
            money(row.net_overpaid_amount),
        ]
        for row in records(part)
    ]
    figure.add_scatter(
        x=list(part["considered_line_count"]), y=[float(value) for value in part["overpaid_percent"]], mode="markers",
        name=name, marker=marker, customdata=hover,
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
    )  # fmt: skip
