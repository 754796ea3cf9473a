"""Figures of the data-quality report: whether a month is missing, and which columns are empty."""

import pandas as pd
import plotly.graph_objects as go

from audit_lib.reports.blocks import Block, note
from audit_lib.reports.figures.style import COLOURS, COMPACT, GRID, finished, layout, month_axis, ranked_bars, records
from audit_lib.words import count, money, percents, verb

_MOST_COLUMNS = 20
_BAR = 20 * 24 * 60 * 60 * 1000  # the width of a bar among months: 20 days in milliseconds


def volume_by_month(table: pd.DataFrame) -> go.Figure | Block:
    """Draw the lines of each month of service: a month that is missing or thin stands out."""
    if table.empty:
        return note("The months of this run were not measured.")
    figure = go.Figure(layout=layout(_volume_title(table), 320))
    figure.add_bar(
        x=list(table["period_month"]),
        y=[int(lines) for lines in table["line_count"]],
        width=_BAR,
        name="Lines",
        marker={"color": COLOURS["review"]},
        customdata=[
            [
                f"{row.period_month:%B %Y}",
                count(row.line_count, "line"),
                count(row.claim_count, "claim"),
                money(row.paid_amount),
            ]
            for row in records(table)
        ],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}, %{customdata[2]}<br>%{customdata[3]} paid<extra></extra>",
    )
    figure.update_xaxes(**month_axis(table))
    figure.update_yaxes(**COMPACT, gridcolor=GRID, fixedrange=True, automargin=True, nticks=6)
    return finished(figure, table, f"Bars of claim lines for {count(len(table), 'month')} of service, in their order.")


def missing_values(table: pd.DataFrame) -> go.Figure | Block:
    """Draw the share of rows without a value, for the columns that lack some but not all."""
    rows = table[table["missing_count"] < table["row_count"]].head(_MOST_COLUMNS) if len(table) else table
    if rows.empty:
        return note("No column that was delivered lacks a value in only some rows.")
    bars = {
        "name": "Rows without",
        "values": list(rows["missing_percent"]),
        "written": [
            f"{row.missing_count:,} of {count(row.row_count, 'row')} ({percents(row.missing_percent)})"
            for row in records(rows)
        ],
        "colour": COLOURS["not_evaluable"],
    }
    first = rows.iloc[0]
    title = (
        f"{first['column_name']} is the emptiest column that was delivered: {percents(first['missing_percent'])} of "
        f"the rows lack it ({first['missing_count']:,} of {first['row_count']:,})"
    )
    figure = ranked_bars(list(rows["column_name"]), [bars], title, is_money=False)
    figure.update_xaxes(range=[0, 100], ticksuffix=" %")
    return finished(figure, table, f"Bars of the share of rows without a value for {count(len(rows), 'column')}.")


def _volume_title(table: pd.DataFrame) -> str:
    usual = int(table.loc[table["line_count"] > 0, "line_count"].median())
    inner = table.iloc[1:-1]
    thin = inner[inner["line_count"] * 2 < usual]
    if thin.empty:
        return f"The usual month has {usual:,} lines; none between the first and the last has less than half of that"
    months = ", ".join(f"{month:%b %Y}" for month in list(thin["period_month"])[:4])
    have = verb(len(thin), "has", "have")
    return f"{len(thin)} of {len(table)} months {have} less than half the usual {usual:,} lines: {months}"
