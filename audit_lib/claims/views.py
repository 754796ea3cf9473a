"""The statement that makes a view of a query which Python builds."""

from __future__ import annotations

from sqlglot import exp


def view(name: str, query: exp.Select, *, replace: bool = False) -> str:
    """Return the statement that makes `query` the view `name`, in DuckDB's SQL."""
    return exp.Create(this=exp.to_table(name), kind="VIEW", expression=query, replace=replace).sql("duckdb", copy=False)
