"""The waterfall figure of the money walk."""

import pandas as pd
import plotly.graph_objects as go

from audit_lib.reports.blocks import Block, note
from audit_lib.reports.figures.style import COLOURS, COMPACT, finished, height_of, layout, plain, rank_axes, row_labels
from audit_lib.words import money


def money_walk(table: pd.DataFrame) -> go.Figure | Block:
    """Draw the totals and the steps that took something, one below the other, from gross to recoverable.

    `table` is `recovery_tables.overpayment_walk`.
    """
    rows = table[(table["kind"] == "total") | ((table["kind"] == "step") & (table["step_amount"] != 0))]
    rows = rows.reset_index(drop=True)
    records = rows.to_dict("records")
    amounts = dict(zip(table["step"], table["step_amount"], strict=True))
    if not amounts["gross"]:
        return note("No rule decided an overpayment, so there is no walk to draw.")
    title = (
        f"In the whole run {money(amounts['recoverable'])} is still in time and {money(-amounts['unknown'])} may be, "
        f"of {money(amounts['gross'])} that the rules decided before gates"
    )
    if "outstanding" in amounts:
        title += f"; {money(-amounts['recovered'])} was recovered, {money(-amounts['given_up'])} given up"
    figure = go.Figure(layout=layout(title, height_of(len(rows))))
    figure.add_waterfall(
        orientation="h",
        y=list(range(len(rows))),
        x=[float(amount) for amount in rows["step_amount"]],
        measure=_measures(rows),
        width=0.4,
        offset=-0.05,
        customdata=[[plain(row["title"]), money(row["step_amount"]), money(row["balance_amount"])] for row in records],
        hovertemplate="%{customdata[0]}: %{customdata[1]}<br>Left: %{customdata[2]}<extra></extra>",
        decreasing={"marker": {"color": COLOURS["not_evaluable"]}},
        increasing={"marker": {"color": COLOURS["not_evaluable"]}},
        totals={"marker": {"color": COLOURS["overpayment"]}},
        connector={"line": {"color": COLOURS["not_in_force"], "width": 1}},
        showlegend=False,
    )
    labels = [f"{money(row['step_amount'])}  {row['title']}" for row in records]  # what a telephone cuts off is words
    figure.update_layout(annotations=row_labels(labels))
    figure.update_xaxes(range=[0, float(amounts["gross"]) * 1.03], tickprefix="$", **COMPACT, nticks=6)
    rank_axes(figure, len(rows))
    says = "A waterfall from the gross dollars of all rules, step by step, to what is still in time."
    return finished(figure, table, says)


def _measures(rows: pd.DataFrame) -> list[str]:
    """Let the walk begin with the first total; the others restate what is left."""
    return ["absolute", *("total" if kind == "total" else "relative" for kind in rows["kind"][1:])]
