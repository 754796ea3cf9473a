"""How far a report's filter reaches: the tables that stay as they are, whatever is filtered, and what they are of."""

import pandas as pd

# By the name of their query. Those whose captions say it of every run, and those of the data-quality report, whose head
# says it, are left out.
WHOLE = {
    "reported_gates": "the whole run",
    "carried_assumptions": "the whole run",
    "rejected_row_counts": "the whole run",
    "used_limits": "the whole run",
    "plan_overrides": "the whole run",
    "status_totals": "the whole ledger",
    "status_by_rule": "the whole ledger",
    "recovery_funnel_by_rule": "the whole ledger",
    "recovery_funnel_by_provider": "the whole ledger",
    "rule_precision": "the whole ledger",
}


def unreached(table: pd.DataFrame) -> str:
    """Say what a table is of where the report's filter does not reach it; nothing where none is set, or it does."""
    whole = WHOLE.get(table.attrs["name"], "")
    return f". Of {whole}, whatever is filtered" if whole and table.attrs.get("is_filtered") else ""
