"""The figure of the road from identified to recovered."""

import pandas as pd
import plotly.graph_objects as go

from audit_lib.reports.blocks import Block, note
from audit_lib.reports.figures.style import COLOURS, finished, ranked_bars
from audit_lib.reports.reach import unreached
from audit_lib.words import money

# How far dollars came: each of these is a share of the first, and they overlap.
_STAGES = {
    "identified": "Identified",
    "noticed": "of it noticed to the provider",
    "disputed": "of it disputed",
    "upheld": "of it upheld",
}
# What became of them: these add up to what was identified.
_FATES = {
    "recovered": "Recovered",
    "overturned": "Overturned",
    "written_off": "Written off",
    "fell_away": "Fell away",
    "outstanding": "Outstanding",
}
_COLOURS = {**dict.fromkeys(_STAGES, COLOURS["not_evaluable"]), **dict.fromkeys(_FATES, COLOURS["overpayment"])}


def funnel(table: pd.DataFrame) -> go.Figure | Block:
    """Draw how far potential overpayment came and what became of it, all rules together.

    `table` is `ledger_tables.funnel_by_rule`.
    """
    if not len(table.columns):
        return note("No ledger stands behind this report, so there is no road to draw.")
    if table.empty or not (table["measure"] == "overpayment").any():
        return note("The ledger holds no potential overpayment, so there is no road to draw.")
    total = table[table["is_total"] & (table["measure"] == "overpayment")].iloc[0]
    stages = {**_STAGES, **_FATES}
    amounts = {name: total[f"{name}_amount"] for name in stages}
    if not any(amount > 0 for amount in amounts.values()):
        return note("The potential overpayment that the ledger holds is $0.00 net, so there is no road to draw.")
    series = {
        "name": "Potential overpayment",
        "values": list(amounts.values()),
        "written": [money(amount) for amount in amounts.values()],
        "marker": {"color": [_COLOURS[name] for name in stages]},
    }
    title = (
        f"{money(amounts['recovered'])} recovered of {money(amounts['identified'])} identified. "
        f"The orange bars add up to what was identified{unreached(table)}"
    )
    figure = ranked_bars([f"{money(amounts[name])}  {words}" for name, words in stages.items()], [series], title)
    figure.update_traces(showlegend=False)
    says = (
        f"Bars of potential overpayment for {len(_STAGES)} stages that it reached and {len(_FATES)} ends that it took."
    )
    return finished(figure, table, says)
