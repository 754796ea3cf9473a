"""What the front page says about time: what can still be demanded, and what expires next."""

from typing import Any

import pandas as pd

from audit_lib.reports import recovery_tables
from audit_lib.reports.blocks import Block, note
from audit_lib.reports.ledger_tables import settled_words
from audit_lib.run import Run
from audit_lib.words import count, day, money

_NO_LIMITS = (
    "No lookback limits are set (setting lookback_limits), so for no finding is it known whether its money can "
    "still be demanded. Counsel must fill the table."
)


def recovery_facts(run: Run) -> list[tuple[str, str]]:
    """Return the potential overpayment by status and by the days left, named and written."""
    totals = _rows(recovery_tables.by_status(run), "recovery_status")
    if not run.manifest["lookback_limits"]:
        return [("Unknown whether in time", _written(totals["unknown"]))]
    facts, settled = [], settled_words(run)
    for status, name in (
        ("recoverable", f"Recoverable on {day(run.manifest['as_of'])}"),
        ("unknown", "Unknown whether in time"),
        ("time_barred", "Time-barred"),
    ):
        before = settled if totals[status]["net_overpaid_amount"] else ""
        facts.append((name, f"{_written(totals[status])}{before}"))
    if totals["recoverable"]["net_overpaid_amount"]:
        periods = _rows(recovery_tables.expiring(run), "expires")
        facts += [
            (f"Of what is recoverable, expires {period}", _written(periods[period]))
            for period in ("within 30 days", "in 31 to 60 days", "in 61 to 90 days")
        ]
    return facts


def recovery_remark(run: Run, row_count: int) -> str:
    """Say how the rows of `recovery_facts` add up."""
    if not run.manifest["lookback_limits"]:
        return "All of the potential overpayment: no lookback limits are set."
    rows = "the first three rows" if row_count > 3 else "the three rows"
    return f"Potential overpayment by the plan's own lookback limits; every dollar stands in one of {rows}."


def time_left(run: Run) -> Block:
    """Say first that no limits are set; nothing where they are, and the tables below say more."""
    return Block("", "") if run.manifest["lookback_limits"] else note(f"{_NO_LIMITS} Tables by time left are left out.")


def limited(run: Run, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table by the time left; without its rows where no limits are set and all of it would be unknown."""
    return table if run.manifest["lookback_limits"] else table.head(0)


def nothing_expires(run: Run) -> str:
    """Say why no rule has dollars that expire; nothing where limits are not set, which is said already."""
    return "No potential overpayment, so nothing can expire." if run.manifest["lookback_limits"] else ""


def recovery_cautions(run: Run) -> list[str]:
    """Say where nobody has set limits, and how much is time-barred or unknown."""
    if not run.manifest["lookback_limits"]:
        return [_NO_LIMITS]
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
