"""The catalogue as its checks see it: rules, steps as SQL trees, code lists."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import sqlglot
from sqlglot import exp

from audit_lib.claims.layouts import contract_columns
from audit_lib.claims.sql_values import Tables
from audit_lib.code_schema import Schema, read_schema
from audit_lib.pipeline import tables_named
from audit_lib.resources import folder
from audit_lib.rules import Rule, load_rules


@dataclass(frozen=True)
class Catalogue:
    """The rules and all that they rest on."""

    root: Path
    rules: list[Rule]
    lists: Schema

    @cached_property
    def paths(self) -> dict[str, Path]:
        """Return the file of every step, rules among them, by the table that it becomes."""
        parts = ("staging", "facts", "rules", "exposure")
        return {path.stem: path for part in parts for path in sorted((self.root / part).rglob("*.sql"))}

    @cached_property
    def queries(self) -> dict[str, exp.Query]:
        """Return every step's SQL as a tree. Raises AuditError (10) where one is no single select."""
        queries: dict[str, exp.Query] = {}
        for name, path in self.paths.items():
            text = path.read_text("utf-8")
            tables_named(path.name, text)
            tree = sqlglot.parse_one(text, read="duckdb")
            assert isinstance(tree, exp.Query)
            queries[name] = tree
        return queries

    @cached_property
    def facts(self) -> set[str]:
        """Return the names of the facts."""
        return {name for name, path in self.paths.items() if path.parent == self.root / "facts"}

    @cached_property
    def tables(self) -> Tables:
        """Return the tables whose columns' possible values can be asked for."""
        return Tables(self.queries, self._list_values)

    def _list_values(self, name: str, column: str) -> list[str] | None:
        columns = self.lists.columns(name) if name in self.lists.lists else {}
        values = columns[column].values if column in columns else None
        return None if values is None else [str(value) for value in values]

    def list_rows(self, name: str) -> list[dict[str, str]]:
        """Return a code list's rows as text."""
        with (self.root / "code_sets" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def reads(self, name: str) -> set[str]:
        """Return the tables that a step names itself."""
        own = {cte.alias for cte in self.queries[name].find_all(exp.CTE)}
        return {table.name for table in self.queries[name].find_all(exp.Table) if table.name} - own

    def rests_on(self, name: str) -> set[str]:
        """Return the step and the facts below it, at any depth."""
        reached: set[str] = set()
        open_names = [name]
        while open_names:
            step = open_names.pop()
            if step not in reached:
                reached.add(step)
                open_names += self.reads(step) & self.facts
        return reached

    def outcomes(self, rule: Rule) -> set[str]:
        """Return the outcomes that the rule's SQL can give, as far as it spells them out."""
        return {value for value in self.tables.values(rule.name, "outcome") if value is not None}

    def reasons(self, rule: Rule) -> list[tuple[str, str]]:
        """Return the reasons that the SQL spells out: the column that is missing, or nothing, and the words."""
        texts = sorted(text for text in self.tables.values(rule.name, "reason") if text is not None)
        return [_column_and_words(text) for text in texts]


@cache
def _contract_names() -> frozenset[str]:
    return frozenset(column.name for column in contract_columns())


def _column_and_words(reason: str) -> tuple[str, str]:
    column, _, words = reason.partition(": ")
    return (column, words) if column in _contract_names() else ("", reason)


def load_catalogue(root: Path | None = None) -> Catalogue:
    """Read the rules, the steps and the code lists' schema below a folder laid out like `sql/`."""
    root = root or folder("sql")
    return Catalogue(root, load_rules(root / "rules"), read_schema(root / "code_sets"))


def of_rule(rule: Rule, what: str) -> str:
    """Write a failure of a rule."""
    return f"{rule.name} - {rule.metadata.title} -> {what}"


def of_step(catalogue: Catalogue, name: str, what: str) -> str:
    """Write a failure of a step, which may be a rule."""
    titles = {rule.name: rule.metadata.title for rule in catalogue.rules}
    return f"{name} - {titles.get(name) or catalogue.paths[name].relative_to(catalogue.root)} -> {what}"
