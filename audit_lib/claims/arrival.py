"""Whether the claims of a period have come: a period without a line is no period without findings."""

from __future__ import annotations

import duckdb

from audit_lib.errors import NotYetError
from audit_lib.settings_tables import Period
from audit_lib.words import count, day

_LINES = """
    select
        count(*) filter (where period_date between $first::date and $last::date),
        count(*) filter (where period_date is null)
    from (
        select case when $by = 'paid' then paid_date else claim_line_start_date end as period_date from typed_rows
    ) as dated_rows
"""


def refuse_empty_period(connection: duckdb.DuckDBPyConnection, period: Period) -> None:
    """Raise NotYetError (11) where a period is asked for and not one line of `typed_rows` lies in it."""
    if period.first is None and period.last is None:
        return
    asked = {"first": period.first or "0001-01-01", "last": period.last or "9999-12-31", "by": period.by}
    ((found, undated),) = connection.execute(_LINES, asked).fetchall()
    if found:
        return
    dates = "paid date" if period.by == "paid" else "first day of service"
    without = f" {count(undated, 'line')} of them have no such date." if undated else ""
    raise NotYetError(
        f"No line of the claims has a {dates} {_words(period)}, so the claims of this period have not come.{without} "
        "Put them beside the others; the next call then makes the report. Where nothing is to come, "
        "`infusion-audit report NAME --as-of DATE --force` makes it without them."
    )


def _words(period: Period) -> str:
    if period.first and period.last:
        return f"from {day(period.first)} to {day(period.last)}"
    return f"from {day(period.first)} on" if period.first else f"up to {day(period.last)}"
