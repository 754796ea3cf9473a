"""What the front page says about time: what can still be demanded, and what expires next."""

from typing import Any

import pandas as pd

from audit_lib.reports import recovery_tables
from audit_lib.run import Run
from audit_lib.words import count, day, money


def recovery_facts(run: Run) -> list[tuple[str, str]]:
    """Return the potential overpayment by status and by the days left, named and written."""
    totals = _rows(recovery_tables.by_status(run), "recovery_status")
    facts = []
    for status, name in (
        ("recoverable", f"Recoverable on {day(run.manifest['as_of'])}"),
        ("unknown", "Unknown whether in time"),
        ("time_barred", "Time-barred"),
    ):
        facts.append((name, _written(totals[status])))
    if totals["recoverable"]["net_overpaid_amount"]:
        periods = _rows(recovery_tables.expiring(run), "expires")
        facts += [
            (f"of it, expires {period}", _written(periods[period]))
            for period in ("within 30 days", "in 31 to 60 days", "in 61 to 90 days")
        ]
    return facts


def recovery_cautions(run: Run) -> list[str]:
    """Say where nobody has set limits, and how much is time-barred or unknown."""
    if not run.manifest["lookback_limits"]:
        return [
            "No lookback limits are set (setting lookback_limits), so for no finding is it known whether its money can "
            "still be demanded. Counsel must fill the table."
        ]
    totals = _rows(recovery_tables.by_status(run), "recovery_status")
    barred, unknown = (totals[status]["net_overpaid_amount"] for status in ("time_barred", "unknown"))
    found = []
    if barred:
        found.append(f"{money(barred)} of the potential overpayment is time-barred by the plan's lookback limits.")
    if unknown:
        found.append(f"For {money(unknown)} of it the lookback limits cannot tell whether it is still in time.")
    return found


def _rows(table: pd.DataFrame, key: str) -> dict[str, dict[Any, Any]]:
    return {row[key]: row for row in table.to_dict("records")}


def _written(row: dict[Any, Any]) -> str:
    return f"{money(row['net_overpaid_amount'])} on {count(row['overpaid_line_count'], 'line')}"
