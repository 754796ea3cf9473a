"""Copies of a report's data for download: CSV inside the page, bounded so that a page stays small."""

import base64

import pandas as pd

from audit_lib.safe_text import csv_value

MOST_ROWS = 2_000


def csv_copy(table: pd.DataFrame) -> str:
    """Return the first rows of a table as CSV in base64, text never a formula; nothing for a shared table."""
    if table.attrs.get("is_shared"):
        return ""
    first = table.head(MOST_ROWS)
    texts = first.select_dtypes(["object", "string", "category"]).columns
    safe = first.assign(**{name: first[name].astype(object).map(csv_value) for name in texts}).rename(columns=csv_value)
    return base64.b64encode(safe.to_csv(index=False).encode()).decode()


def whole_count(table: pd.DataFrame) -> int:
    """Return how many rows there are: a query that kept the first of them says so in its column `whole_count`."""
    return int(table["whole_count"].iloc[0]) if "whole_count" in table and len(table) else len(table)


def bound(table: pd.DataFrame) -> str:
    """Say what a copy leaves out; nothing where it holds every row."""
    copied, whole = min(len(table), MOST_ROWS), whole_count(table)
    return f", the first {copied:,} of {whole:,} rows" if whole > copied else ""
