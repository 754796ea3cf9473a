"""Which values a column of a select can hold, read from the SQL alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

Queries = dict[str, exp.Query]


@dataclass(frozen=True)
class Tables:
    """What the tables that a select names are made of: the selects of steps, the columns of code lists."""

    queries: Queries
    list_values: Callable[[str, str], list[str] | None]

    def values(self, table: str, column: str) -> set[str | None]:
        """Return every text that the column can hold; None stands for values that the SQL does not spell out."""
        return self._values(self.queries[table], column, {})

    def _values(self, query: exp.Expr, column: str, outer: Queries) -> set[str | None]:
        ctes = {**outer, **{cte.alias: cte.this for cte in getattr(query, "ctes", [])}}
        if isinstance(query, exp.Subquery):
            return self._values(query.this, column, ctes)
        if isinstance(query, exp.SetOperation):
            return self._values(query.left, column, ctes) | self._in_right_branch(query, column, ctes)
        assert isinstance(query, exp.Select)
        for projection in query.selects:
            if projection.alias_or_name == column and not projection.is_star:
                return self._leaves(projection.unalias(), query, ctes)
        return self._in_sources(query, column, "", ctes)

    def _in_right_branch(self, query: exp.SetOperation, column: str, ctes: Queries) -> set[str | None]:
        """Columns of a union's second branch go by their place, whatever they are called there."""
        if column not in query.left.named_selects or not isinstance(query.right, exp.Select):
            return self._values(query.right, column, ctes)
        place = query.left.named_selects.index(column)
        return self._leaves(query.right.selects[place].unalias(), query.right, ctes)

    def _leaves(self, value: exp.Expr, select: exp.Select, ctes: Queries) -> set[str | None]:
        """Return what an expression can come to: the branches of a case, never its conditions."""
        parts: list[exp.Expr | None]
        if isinstance(value, exp.Literal):
            return {value.name}
        if isinstance(value, exp.Null):
            return set()
        if isinstance(value, exp.Column):
            return self._in_sources(select, value.name, value.table, ctes)
        if isinstance(value, exp.Case):
            parts = [branch.args["true"] for branch in value.args["ifs"]] + [value.args.get("default")]
        elif isinstance(value, exp.Coalesce):
            parts = [value.this, *value.expressions]
        elif isinstance(value, exp.Paren | exp.Cast):
            parts = [value.this]
        else:
            return {None}
        return {leaf for part in parts if part is not None for leaf in self._leaves(part, select, ctes)}

    def _in_sources(self, select: exp.Select, column: str, table: str, ctes: Queries) -> set[str | None]:
        """Look a column up in the tables that a select reads, or in the one that it names."""
        found: list[set[str | None]] = []
        for source in [select.args["from_"], *select.args.get("joins", [])] if select.args.get("from_") else []:
            if (not table or source.this.alias_or_name == table) and self._has(source.this, column, ctes):
                found.append(self._of_source(source.this, column, ctes))
        return set().union(*found) if found else {None}

    def _of_source(self, source: exp.Expr, column: str, ctes: Queries) -> set[str | None]:
        if isinstance(source, exp.Subquery):
            return self._values(source.this, column, ctes)
        if source.name in ctes or source.name in self.queries:
            inner = ctes if source.name in ctes else {}
            return self._values(ctes.get(source.name) or self.queries[source.name], column, inner)
        values = self.list_values(source.name, column)
        return {None} if values is None else set(values)

    def _has(self, source: exp.Expr, column: str, ctes: Queries) -> bool:
        """Tell whether a source can hold a column; one with a star, or one that is no step, might."""
        known = self.queries | ctes
        query = source.this if isinstance(source, exp.Subquery) else known.get(source.name)
        return query is None or column in query.named_selects or query.is_star


def case_labels(sql: str, column: str) -> list[str]:
    """Return the labels that the `case` of a column can give, in the order in which the SQL asks for them."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    cases = (alias.this for alias in tree.find_all(exp.Alias) if alias.alias == column)
    return [label for case in cases if isinstance(case, exp.Case) for label in _labels(case)]


def _labels(case: exp.Case) -> list[str]:
    labels: list[str] = []
    for value in [*(branch.args["true"] for branch in case.args["ifs"]), case.args.get("default")]:
        if isinstance(value, exp.Case):
            labels += _labels(value)
        elif isinstance(value, exp.Literal):
            labels.append(value.name)
    return labels
