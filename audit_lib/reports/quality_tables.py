"""The tables of the data-quality report: counts and dollars of a finished run's `quality.json`, one function each.

Columns that end in `_count` are whole numbers, in `_percent` percents, in `_amount` exact US dollars. All are empty for
a run that left the gate out.
"""

import pandas as pd

from audit_lib.run import Run


def suites(run: Run) -> pd.DataFrame:
    """Return the suites.

    Columns: suite, expectation_count, met_count; not met: critical_count, warning_count, info_count; error_count
    (could not be evaluated).
    """
    return run.table("quality_suites")


def unmet(run: Run) -> pd.DataFrame:
    """Return the expectations that are not met or could not be evaluated, the gravest first.

    Columns: suite, expectation, sentence, severity, status (FAIL, ERROR), unexpected_count of element_count,
    unexpected_percent (of those with a value), allowed_percent, paid_amount (where measured), consequence.
    """
    return run.table("quality_unmet")


def profiles(run: Run) -> pd.DataFrame:
    """Return what real extracts do, and how far this one does.

    Columns: sentence, found, line_count of looked_at_count (of the profiles of months: months), line_percent,
    paid_amount (none for months), consequence.
    """
    return run.table("quality_profiles")


def missing_values(run: Run) -> pd.DataFrame:
    """Return the columns with empty values. Columns: column_name, missing_count of row_count, missing_percent."""
    return run.table("quality_missing")


def months(run: Run) -> pd.DataFrame:
    """Return the whole file by month of service. Columns: period_month, line_count, claim_count, paid_amount."""
    return run.table("quality_months")


def stopped_rules(run: Run) -> pd.DataFrame:
    """Return the rules that the gate stopped. Columns: rule, reason, line_count and paid_amount (considered)."""
    return run.table("quality_stopped_rules")
