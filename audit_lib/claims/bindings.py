"""Bindings: every column of the contract as an expression over the columns that a claims file has."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlglot
from sqlglot import exp

from audit_lib.claims.layouts import (
    ALLOWED_FUNCTIONS,
    Layout,
    contract_columns,
    read_layout,
    shipped_layouts,
    unique_names,
)
from audit_lib.errors import BAD_CLAIMS, AuditError, sentence
from audit_lib.names import with_nearest
from audit_lib.resources import page
from audit_lib.words import count

Binding = dict[str, exp.Expr | None]
_PLAIN = (
    exp.Column, exp.Identifier, exp.Literal, exp.Paren, exp.Neg, exp.Not, exp.Binary, exp.Null, exp.Boolean, exp.In,
    exp.Between, exp.DataType, exp.DataTypeParam, exp.Case, exp.If, exp.Is, exp.Var, exp.Interval,
)  # fmt: skip
_SHOWN_FILES = 3


def bind(layout: Layout, headers: dict[str, list[str]]) -> Binding:
    """Map every contract column to an expression over the columns of all files, None where it is absent.

    `headers` holds the column names of each file by the file's name. All problems of all files are gathered into one
    AuditError (11): unknown names, forbidden SQL, missing required columns.
    """
    problems = {}
    for label, header in headers.items():
        if found := _bound(layout, header)[1]:
            problems[label] = found
    if problems:
        raise AuditError(BAD_CLAIMS, _message(layout, headers, problems))
    every = list(dict.fromkeys(name for header in headers.values() for name in unique_names(header)))
    return _bound(layout, every)[0]


def _bound(layout: Layout, header: list[str]) -> tuple[Binding, list[str]]:
    """Return what each contract column is bound to, and everything that is wrong."""
    known = [column.name for column in contract_columns()]
    named = _Names(header, is_header=_is_header(layout, header))
    problems: list[str] = []
    bound: Binding = dict.fromkeys(known)
    if layout.takes_same:
        same = [name for name in known if name in header and name not in {**layout.columns, **layout.fallbacks}]
        bound.update({name: exp.column(name, quoted=True) for name in same})
        problems += [problem for name in same if (problem := named.twice(name))]
    for is_strict, expressions in ((False, layout.fallbacks), (True, layout.columns)):
        for name, text in expressions.items():
            if name not in known:
                problem = f"the layout fills {name!r}, which is no column of the contract"
                problems.append(sentence(with_nearest(problem, name, known)))
                continue
            try:
                bound[name] = _parse(text, named, is_strict)
            except ValueError as error:
                problems.append(f"the layout's {name}: {error}")
    filled = {**layout.columns, **layout.fallbacks} if not layout.takes_same else layout.columns
    return bound, problems + _missing_required(bound, named, set(filled) if problems else set())


class _Names:
    """The columns of one file. What may be a row instead of a header is not quoted: it would show a row's values."""

    def __init__(self, header: list[str], is_header: bool) -> None:
        self.header, self.is_header = header, is_header

    def with_near(self, problem: str, name: str) -> str:
        """Return the problem as a sentence, and the question for the nearest column of the file.

        Columns that are named as the contract names them are taken already.
        """
        taken = {column.name for column in contract_columns()}
        free = [one for one in self.header if one not in taken] if self.is_header else []
        return sentence(with_nearest(problem, name, free))

    def twice(self, name: str) -> str:
        """Say that a column that is needed stands in the file more than once."""
        places = [str(i) for i, other in enumerate(self.header, start=1) if other == name]
        if len(places) < 2:
            return ""
        return f"there is more than one column named {name} (columns {' and '.join(places)}); rename or remove one."


def _is_header(layout: Layout, header: list[str]) -> bool:
    """Tell whether a first line names columns: one that the layout knows is among them, or all look like names.

    No row of claims looks so: its line number begins with a digit.
    """
    texts = [*layout.columns.values(), *layout.fallbacks.values()]
    known = {c.name for c in contract_columns()} | {w.lower() for text in texts for w in re.findall(r"\w+", text)}
    return bool(known & set(header)) or all(re.fullmatch(r"[a-z][a-z0-9_ ]*", name) for name in header)


def _parse(text: str, names: _Names, is_strict: bool) -> exp.Expr | None:
    """Parse one expression of a layout; None where not one of the columns that it names is in the source."""
    try:
        trees = sqlglot.parse(text, read="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise ValueError("it is not one SQL expression over the source's columns.") from error
    tree = trees[0] if len(trees) == 1 else None
    if tree is None:
        raise ValueError("it is not one SQL expression over the source's columns.")
    for node in tree.walk():
        _refuse_unless_scalar(node)
    used = sorted({column.name.lower() for column in tree.find_all(exp.Column)})
    unknown = [name for name in used if name not in names.header]
    problems = [problem for name in used if (problem := names.twice(name))]
    if is_strict:
        problems += [names.with_near(f"it names {name!r}, which the source does not have", name) for name in unknown]
    if problems:
        raise ValueError(" ".join(problems))
    if used and len(unknown) == len(used):
        return None
    return _only_alternative(tree.transform(lambda node: _bound_node(node, unknown)))


def _only_alternative(tree: exp.Expr) -> exp.Expr:
    """Take the one column that is there of several that could stand for another, so that it counts as delivered."""
    if not isinstance(tree, exp.Coalesce):
        return tree
    there = [node for node in (tree.this, *tree.expressions) if not isinstance(node, exp.Null)]
    return there[0] if len(there) == 1 else tree


def _refuse_unless_scalar(node: exp.Expr) -> None:
    """Refuse anything that is not a plain scalar expression over columns."""
    if isinstance(node, exp.Func) and not isinstance(node, exp.Case | exp.If | exp.And | exp.Or):
        name = (node.name if isinstance(node, exp.Anonymous) else node.sql_name()).lower()
        if name not in ALLOWED_FUNCTIONS:
            raise ValueError(f"it uses the function {name!r}, which a layout may not.")
    elif not isinstance(node, _PLAIN):
        raise ValueError(
            "it may hold columns, constants, operators and simple functions only (no query, no aggregate)."
        )
    if isinstance(node, exp.Column) and node.table:
        raise ValueError("it names a table; only the source's columns can be used.")


def _bound_node(node: exp.Expr, unknown: list[str]) -> exp.Expr:
    """Write columns as the source query names them; absent ones read as null."""
    if isinstance(node, exp.Column):
        name = node.name.lower()
        return exp.Null() if name in unknown else exp.column(name, quoted=True)
    return node


def _missing_required(bound: Binding, names: _Names, refused: set[str]) -> list[str]:
    """Name the required columns that nothing fills, with the nearest name that the source has."""
    missing = [c.name for c in contract_columns() if c.required and bound[c.name] is None and c.name not in refused]
    problems = [names.with_near(f"there is no column {name}", name) for name in missing]
    groups: dict[str, list[str]] = {}
    for column in contract_columns():
        if column.one_of:
            groups.setdefault(column.one_of, []).append(column.name)
    for group in groups.values():
        if all(bound[name] is None for name in group) and not refused & set(group):
            problems.append(names.with_near(f"there is neither {' nor '.join(group)}", group[0]))
    return problems


def _message(layout: Layout, headers: dict[str, list[str]], problems: dict[str, list[str]]) -> str:
    """Say everything that is wrong at once, and which shipped layout would fit."""
    parts = [f"{' Also, '.join(found)}" for found in problems.values()]
    labels = list(problems)
    text = f"The claims in {labels[0]} cannot be read with the layout {layout.name}: {parts[0]}"
    for label, part in list(zip(labels, parts, strict=True))[1:_SHOWN_FILES]:
        text += f" In {label} {'the same.' if part == parts[0] else part}"
    if len(labels) > _SHOWN_FILES:
        text += f" And so on in {count(len(labels) - _SHOWN_FILES, 'more file')}."
    return " ".join([text, *_hints(layout, headers[labels[0]])])


def _hints(layout: Layout, header: list[str]) -> Iterator[str]:
    if len(header) == 1:
        yield "Its first line was not cut into columns: a layout can name the delimiter (reading: delimiter)."
    elif not _is_header(layout, header):
        yield "Its first line does not look like names of columns: the file must begin with them."
    fitting = [name for name in shipped_layouts() if name != layout.name and _fits(name, header)]
    if fitting:
        yield f"The layout {fitting[0]} fits this file: try --layout {fitting[0]}."
    which = f"which of its columns they are ({page('layouts.md')})"
    yield f"Give the file these columns, or write a layout that says {which}."


def _fits(name: str, header: list[str]) -> bool:
    """Tell whether a shipped layout would read a source with these columns."""
    return not _bound(read_layout(name), header)[1]
