"""The figure of the road from identified to recovered."""

import pandas as pd
import plotly.graph_objects as go

from audit_lib.reports.blocks import Block, note
from audit_lib.reports.figures.style import COLOURS, finished, ranked_bars
from audit_lib.words import money

_STAGES = {
    "identified": "Identified",
    "noticed": "Noticed to the provider",
    "disputed": "Disputed",
    "upheld": "Upheld",
    "recovered": "Recovered",
    "outstanding": "Outstanding",
}


def funnel(table: pd.DataFrame) -> go.Figure | Block:
    """Draw how far potential overpayment came, all rules together. `table` is `ledger_tables.funnel_by_rule`."""
    if table.empty or not (table["measure"] == "overpayment").any():
        return note("The ledger holds no potential overpayment, so there is no road to draw.")
    total = table[table["is_total"] & (table["measure"] == "overpayment")].iloc[0]
    amounts = {name: total[f"{name}_amount"] for name in _STAGES}
    if not any(amount > 0 for amount in amounts.values()):
        return note("The potential overpayment that the ledger holds is $0.00 net, so there is no road to draw.")
    series = {
        "name": "Potential overpayment",
        "values": list(amounts.values()),
        "written": [money(amount) for amount in amounts.values()],
        "colour": COLOURS["overpayment"],
    }
    title = f"{money(amounts['recovered'])} recovered of {money(amounts['identified'])} identified"
    figure = ranked_bars(list(_STAGES.values()), [series], title)
    return finished(figure, table, f"Bars of potential overpayment for {len(_STAGES)} stages, from identified on.")
