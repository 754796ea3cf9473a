"""Figures of dollars: by rule, month, provider and code, and what became of the lines considered."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from audit_lib.reports.blocks import Block, note
from audit_lib.reports.figures.style import (
    COLOURS,
    COMPACT,
    GRID,
    NAMES,
    NOTHING,
    OPEN,
    OPEN_REVIEW,
    finished,
    height_of,
    layout,
    month_axis,
    plain,
    rank_axes,
    ranked_bars,
    records,
    row_labels,
)
from audit_lib.words import count, money, percent, percents, verb

_FIRM = "Potential overpayment"
_CONTINGENT = "Potential overpayment, contingent"
_REVIEW = "Needs review"
_DOMAINS = ((0.57, 0.94), (0.0, 0.37))  # of the two parts of the trend, each with its name above it
_BAR = 11 * 24 * 60 * 60 * 1000  # the width of a bar among months: 11 days in milliseconds


def by_rule(table: pd.DataFrame) -> go.Figure | Block:
    """Draw the dollars that each rule is credited with, the largest first."""
    rows = _with_dollars(table)
    if rows.empty:
        return note(NOTHING)
    rows = rows.sort_values(["net_overpaid_amount", "net_review_amount"], ascending=False, kind="stable")
    figure = _ranked(rows, _rule_labels(rows), _first(rows, "“" + rows["title"] + "”", table))
    return finished(figure, table, f"Bars of net dollars for {count(len(rows), 'rule')}, the largest first.")


def gross_and_net(table: pd.DataFrame) -> go.Figure | Block:
    """Draw what each rule finds for itself (gross) beside what it is credited with (net), the largest first."""
    rows = table[~table["is_total"] & ((table["gross_overpayment_amount"] > 0) | (table["gross_review_amount"] > 0))]
    if rows.empty:
        return note(NOTHING)
    rows = rows.sort_values(["gross_overpayment_amount", "gross_review_amount"], ascending=False, kind="stable")
    series = [
        _amounts("Overpayment, gross", rows["gross_overpayment_amount"], OPEN),
        _amounts("Overpayment, net", rows["net_overpaid_amount"], {"color": COLOURS["overpayment"]}),
        _amounts("Review, gross", rows["gross_review_amount"], OPEN_REVIEW),
        _amounts("Review, net", rows["net_review_amount"], {"color": COLOURS["review"]}),
    ]
    gross, net = (_total(table, column) for column in ("gross_overpayment_amount", "net_overpaid_amount"))
    title = (
        f"{percent(gross - net, gross)} of the rules' gross overpayment names dollars that another rule is credited "
        f"with ({money(gross - net)} of {money(gross)})"
        if gross > net
        else f"No two rules claim the same dollar: gross and net overpayment are both {money(net)}"
    )
    figure = ranked_bars(_rule_labels(rows), series, title)
    return finished(
        figure, table, f"Four bars for each of {count(len(rows), 'rule')}: gross and net, overpayment and review."
    )


def by_provider(table: pd.DataFrame) -> go.Figure | Block:
    """Draw the dollars of the first 20 providers."""
    rows = _with_dollars(table[table["position"] <= 20])
    if rows.empty:
        return note(NOTHING)
    largest = rows[rows["provider_id"].notna() & (rows["net_overpaid_amount"] > 0)].head(5)
    total, provider_count = (_total(table, column) for column in ("net_overpaid_amount", "overpaid_provider_count"))
    part = sum(largest["net_overpaid_amount"])
    title = (
        f"{len(largest)} of {int(provider_count):,} providers {verb(len(largest), 'carries', 'carry')} "
        f"{percent(part, total)} of potential overpayment ({money(part)} of {money(total)})"
        if total and provider_count > len(largest)
        else _first(rows, rows["provider_name"], table)
    ) + _drawn(table, "providers")
    figure = _ranked(rows, list(rows["provider_name"]), title)
    return finished(figure, table, f"Bars of net dollars for {count(len(rows), 'provider')}, the largest first.")


def by_code(table: pd.DataFrame) -> go.Figure | Block:
    """Draw the dollars of the first 20 codes."""
    rows = _with_dollars(table[table["position"] <= 20])
    if rows.empty:
        return note(NOTHING)
    labels = rows["hcpcs_code"].str.cat(rows["code_label"].fillna(""), sep="  ").str.strip()
    figure = _ranked(rows, list(labels), _first(rows, labels, table) + _drawn(table, "codes"))
    return finished(figure, table, f"Bars of net dollars for {count(len(rows), 'code')}, the largest first.")


def by_month(table: pd.DataFrame) -> go.Figure | Block:
    """Draw the dollars of each month, potential overpayment beside needs review."""
    rows = _with_dollars(table)
    rows = rows[rows["period_month"].notna()]
    if rows.empty:
        return note(NOTHING)
    names = pd.Series([f"{month:%B %Y}" for month in rows["period_month"]], index=rows.index)
    figure = go.Figure(layout=layout(_first(rows, names, table), 360))
    for bar in _bars(rows, list(names)):
        offset = 0 if bar["name"] == _REVIEW else -_BAR
        figure.add_bar(x=list(rows["period_month"]), y=bar.pop("values"), width=_BAR, offset=offset, **bar)
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(**month_axis(rows))
    figure.update_yaxes(tickprefix="$", **COMPACT, gridcolor=GRID, fixedrange=True, automargin=True, nticks=6)
    return finished(figure, table, f"Bars of net dollars for {count(len(rows), 'month')}, in their order.")


def trend(table: pd.DataFrame) -> go.Figure | Block:
    """Draw net dollars by month of service, and below by month of payment, on one scale."""
    rows = table[
        table["period_month"].notna() & ((table["net_overpaid_amount"] > 0) | (table["net_review_amount"] > 0))
    ]
    if rows.empty:
        return note(NOTHING)
    figure = make_subplots(rows=2)
    for place, kind in enumerate(("service", "paid"), start=1):
        part = rows[rows["date_kind"] == kind]
        for name, column, colour, offset in (
            (_FIRM, "net_overpaid_amount", "overpayment", -_BAR),
            (_REVIEW, "net_review_amount", "review", 0),
        ):
            bar = _bar(
                name, part[column], [f"{month:%B %Y}" for month in part["period_month"]], {"color": COLOURS[colour]}
            )
            bar |= {"x": list(part["period_month"]), "y": bar.pop("values"), "width": _BAR, "offset": offset}
            figure.add_bar(**bar, legendgroup=name, showlegend=place == 1, row=place, col=1)
    figure.update_layout(layout(_trend_title(rows), 480), barmode="overlay")
    for place, words in enumerate(("By month of service", "By month of payment"), start=1):
        figure.add_annotation(
            text=words, x=0, xref="paper", xanchor="left", y=_DOMAINS[place - 1][1] + 0.01, yref="paper",
            yanchor="bottom", showarrow=False, font={"size": 12},
        )  # fmt: skip
    figure.update_xaxes(**month_axis(rows))
    figure.update_yaxes(tickprefix="$", **COMPACT, gridcolor=GRID, fixedrange=True, automargin=True, nticks=4)
    figure.update_layout(yaxis={"domain": _DOMAINS[0]}, yaxis2={"domain": _DOMAINS[1], "matches": "y"})
    return finished(figure, table, "Bars of net dollars by month of service, and the same by month of payment.")


def _trend_title(rows: pd.DataFrame) -> str:
    """Say in words in which month the most was paid that is in question."""
    column = "net_overpaid_amount" if rows["net_overpaid_amount"].max() else "net_review_amount"
    words = "potential overpayment" if column == "net_overpaid_amount" else "to review"
    peaks = {}
    for kind in ("service", "paid"):
        part = rows[rows["date_kind"] == kind]
        if not part.empty:
            peaks[kind] = max(zip(part[column], part["period_month"], strict=True), key=lambda pair: pair[0])
    said = [
        f"{f'{month:%B %Y}'} by {'service' if kind == 'service' else 'payment'} ({money(amount)})"
        for kind, (amount, month) in peaks.items()
    ]
    return f"The month with the most {words}: {', '.join(said)}"


def _amounts(name: str, amounts: "pd.Series[Any]", marker: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "values": list(amounts), "written": [money(amount) for amount in amounts], "marker": marker}


def outcomes(table: pd.DataFrame) -> go.Figure | Block:
    """Draw what became of the lines that each rule considered, in percent of its lines."""
    rows = table[~table["is_total"] & (table["considered_line_count"] > 0)]
    if rows.empty:
        return note("No rule considered any line.")
    total = table[table["is_total"]].iloc[0]
    undecided = int(total["not_evaluable_line_count"])
    whole = int(total["considered_line_count"])
    early = int(total["not_in_force_line_count"])
    title = (
        f"Of {count(whole, 'decision')} {undecided:,} ({percents(100 * undecided / whole)}) could not be made from "
        f"what the claims say, and {early:,} ({percents(100 * early / whole)}) are on services before the provision"
    )
    labels = _rule_labels(rows)
    figure = go.Figure(layout=layout(title, height_of(len(rows))))
    for outcome, colour in COLOURS.items():
        counts = rows[f"{outcome}_line_count"]
        considered = rows["considered_line_count"]
        figure.add_bar(
            y=list(range(len(rows))),
            x=[100 * int(n) / int(of) for n, of in zip(counts, considered, strict=True)],
            orientation="h",
            name=NAMES[outcome],
            marker={"color": colour},
            customdata=[
                f"{n:,} of {count(of, 'line')} ({percents(100 * int(n) / int(of))})"
                for n, of in zip(counts, considered, strict=True)
            ],
            hovertemplate=f"{NAMES[outcome]}: %{{customdata}}<extra></extra>",
            width=0.42,
            offset=-0.02,
        )
    figure.update_layout(barmode="stack", annotations=row_labels(labels))
    figure.update_xaxes(range=[0, 100], ticksuffix=" %")
    rank_axes(figure, len(rows))
    return finished(figure, table, f"Stacked bars in percent of the lines considered, for {count(len(rows), 'rule')}.")


def _ranked(rows: pd.DataFrame, labels: Sequence[str], title: str) -> go.Figure:
    """Draw one row per label: the label, below it potential overpayment, below that needs review."""
    figure = go.Figure(layout=layout(title, height_of(len(rows))))
    for bar in _bars(rows, labels):
        offset = 0.19 if bar["name"] == _REVIEW else -0.07
        positions = list(range(len(rows)))
        figure.add_bar(y=positions, x=bar.pop("values"), orientation="h", width=0.25, offset=offset, **bar)
    largest = float(rows[["net_overpaid_amount", "net_review_amount"]].max().max())
    figure.update_layout(barmode="overlay", annotations=row_labels(labels))
    figure.update_xaxes(range=[0, largest * 1.03], tickprefix="$", **COMPACT, nticks=6)
    rank_axes(figure, len(rows))
    return figure


def _bars(rows: pd.DataFrame, labels: Sequence[str]) -> list[dict[str, Any]]:
    """Return the three series: what stands by itself, what is contingent on a per diem, what needs review."""
    contingent = rows["contingent_overpaid_amount"]
    firm = rows["net_overpaid_amount"] - contingent
    bars = [
        _bar(_FIRM, firm, labels, {"color": COLOURS["overpayment"]}),
        _bar(_CONTINGENT, contingent, labels, OPEN) | {"base": [float(amount) for amount in firm]},
        _bar(_REVIEW, rows["net_review_amount"], labels, {"color": COLOURS["review"]}),
    ]
    return [bar for bar in bars if any(bar["values"])]


def _bar(name: str, amounts: "pd.Series[Any]", labels: Sequence[str], marker: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "values": [float(amount) if amount else None for amount in amounts],
        "customdata": [[plain(label), money(amount)] for label, amount in zip(labels, amounts, strict=True)],
        "hovertemplate": f"%{{customdata[0]}}<br>{name}: %{{customdata[1]}}<extra></extra>",
        "marker": marker,
    }


def _rule_labels(rows: pd.DataFrame) -> list[str]:
    return [f"{row.rule_number} {row.title}" for row in records(rows)]


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


def _drawn(table: pd.DataFrame, nouns: str) -> str:
    """Say that only the first 20 are drawn where the table adds up the others in a row of their own."""
    return f". Drawn are the first 20 {nouns}" if (table["position"] > 20).any() else ""


def _total(table: pd.DataFrame, column: str) -> Any:
    return table.loc[table["is_total"], column].iloc[0]
