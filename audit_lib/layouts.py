"""Layouts: how the columns of somebody's claims file become the contract's columns."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import sqlglot
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlglot import exp

from audit_lib.errors import BAD_CLAIMS, AuditError
from audit_lib.resources import folder

# A layout describes columns. Whatever could read a file, look at other rows or run for ever is not in this list.
ALLOWED_FUNCTIONS = {
    "abs", "cast", "case", "ceil", "coalesce", "concat", "concat_ws", "date", "date_trunc", "dpipe", "floor",
    "greatest", "if", "ifnull", "least", "left", "length", "lower", "lpad", "ltrim", "make_date", "nullif", "regexp_extract",
    "regexp_replace", "regexp_matches", "regexp_full_match", "replace", "right", "round", "rpad", "rtrim", "strptime", "str_to_time",
    "split_part", "substr", "substring", "trim", "try_cast", "try_strptime", "upper", "pad", "str_to_date",
    "regexp_like", "timestamp", "and", "or",
}  # fmt: skip


class Reading(BaseModel):
    """How the bytes of a text file are read; empty means found out from the file."""

    model_config = ConfigDict(extra="forbid")
    delimiter: str | None = Field(default=None, min_length=1, max_length=4)
    encoding: Literal["utf-8", "latin-1", "utf-16"] | None = None
    quote: str = Field(default='"', max_length=1)
    date_format: str | list[str] = []
    null_values: list[str] = []


class Layout(BaseModel):
    """A layout file: contract column ← SQL expression over the source's columns."""

    model_config = ConfigDict(extra="forbid")
    title: str = ""
    based_on: str | None = None
    reading: Reading = Reading()
    columns: Literal["same"] | dict[str, str] = {}
    fallbacks: dict[str, str] = {}
    name: str = ""


@dataclass(frozen=True)
class Column:
    """One column of the contract, as `sql/layouts/columns.yml` declares it."""

    name: str
    kind: str
    required: str = ""
    one_of: str = ""


def contract_columns() -> list[Column]:
    """Return the contract's columns in its order."""
    declared = yaml.safe_load((folder("sql") / "layouts" / "columns.yml").read_text("utf-8"))["columns"]
    return [Column(name=name, **attributes) for name, attributes in declared.items()]


def kinds() -> dict[str, dict[str, Any]]:
    """Return the kinds of value: their type, how text and numbers are read, and why a value cannot be."""
    declared: dict[str, dict[str, Any]] = yaml.safe_load(
        (folder("sql") / "layouts" / "kinds.yml").read_text("utf-8")
    )
    return declared


def shipped_layouts() -> list[str]:
    """Return the names of the layouts that ship with the project."""
    named = (path.stem for path in (folder("sql") / "layouts").glob("*.yml"))
    return sorted(name for name in named if name not in {"columns", "kinds"})


def read_layout(name_or_file: str) -> Layout:
    """Read a shipped layout by name, or a user's own YAML file.

    Raises AuditError (11) where there is no such layout or it is not one.
    """
    if name_or_file in shipped_layouts():
        path = folder("sql") / "layouts" / f"{name_or_file}.yml"
    else:
        path = Path(name_or_file)
        if not path.is_file():
            raise AuditError(
                BAD_CLAIMS,
                f"There is no layout {name_or_file!r}: it is neither a file nor one of {', '.join(shipped_layouts())}."
                f"{suggestion(name_or_file, shipped_layouts())} Name a shipped layout or the path of a YAML file.",
            )
    layout = _parse_layout(path)
    layout.name = path.stem if path.parent == folder("sql") / "layouts" else path.name
    return _merged_with_base(layout)


def _parse_layout(path: Path) -> Layout:
    """Read one layout file and check its keys."""
    try:
        return Layout.model_validate(yaml.safe_load(path.read_text("utf-8")) or {})
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise AuditError(
            BAD_CLAIMS, f"The layout {path.name} is not a YAML text file; mend it and try again."
        ) from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise AuditError(
            BAD_CLAIMS,
            f"The layout {path.name} cannot be used: {problems}. Allowed keys are "
            f"{', '.join(key for key in Layout.model_fields if key != 'name')}; see docs/layouts.md.",
        ) from error


def _merged_with_base(layout: Layout) -> Layout:
    """Put the columns of a layout over those of the layout that it is based on."""
    if layout.based_on is None:
        return layout
    base = read_layout(layout.based_on)
    own = layout.columns if isinstance(layout.columns, dict) else {}
    if base.columns == "same":
        return layout.model_copy(
            update={"columns": "same", "fallbacks": {**base.fallbacks, **layout.fallbacks, **own}}
        )
    merged = {**(base.columns if isinstance(base.columns, dict) else {}), **own}
    return layout.model_copy(update={"columns": merged, "fallbacks": {**base.fallbacks, **layout.fallbacks}})


def suggestion(name: str, known: list[str]) -> str:
    """Return ` Did you mean …?` for the nearest known name, or nothing."""
    near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    return f" Did you mean {near[0]}?" if near else ""


def bind(layout: Layout, source_columns: list[str], source: str) -> dict[str, exp.Expression | None]:
    """Map every contract column to an expression over the source's columns, None where it is absent.

    All problems are gathered into one AuditError (11): unknown names, forbidden SQL, missing required columns.
    """
    known = [column.name for column in contract_columns()]
    problems: list[str] = []
    bound: dict[str, exp.Expression | None] = dict.fromkeys(known)
    if layout.columns == "same":
        bound.update({name: exp.column(name, quoted=True) for name in known if name in source_columns})
    strict = layout.columns if isinstance(layout.columns, dict) else {}
    for is_strict, expressions in ((True, strict), (False, layout.fallbacks)):
        for name, text in expressions.items():
            if name not in known:
                problems.append(
                    f"the layout fills {name!r}, which is no column of the contract.{suggestion(name, known)}"
                )
                continue
            try:
                bound[name] = _parse_expression(text, source_columns, is_strict)
            except ValueError as error:
                problems.append(f"the layout's {name}: {error}")
    problems += _missing_required(bound, source_columns)
    if problems:
        raise AuditError(BAD_CLAIMS, _binding_message(layout, source_columns, source, problems))
    return bound


def _parse_expression(text: str, source_columns: list[str], is_strict: bool) -> exp.Expression | None:
    """Parse one expression of a layout; None where not one of the columns that it names is in the source."""
    try:
        tree: exp.Expression = sqlglot.parse_one(str(text), read="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise ValueError("is not one SQL expression over the source's columns") from error
    for node in tree.walk():
        _refuse_unless_scalar(node)
    columns = list(tree.find_all(exp.Column))
    unknown = sorted({c.name for c in columns if c.name.lower() not in source_columns})
    if unknown and is_strict:
        hints = "".join(
            f" It names {c!r}, which the source does not have.{suggestion(c, source_columns)}"
            for c in unknown
        )
        raise ValueError(hints.strip())
    if columns and len(unknown) == len({c.name for c in columns}):
        return None
    return tree.transform(lambda node: _bound_node(node, unknown))


def _refuse_unless_scalar(node: exp.Expression) -> None:
    """Refuse anything that is not a plain scalar expression over columns."""
    plain = (exp.Column, exp.Identifier, exp.Literal, exp.Paren, exp.Neg, exp.Not, exp.Binary, exp.Null, exp.Boolean,
             exp.In, exp.Between, exp.DataType, exp.DataTypeParam, exp.Case, exp.If, exp.Is, exp.Var, exp.Interval)  # fmt: skip
    if isinstance(node, exp.Func) and not isinstance(node, exp.Case | exp.If | exp.And | exp.Or):
        name = node.name if isinstance(node, exp.Anonymous) else node.sql_name()
        if name.lower() not in ALLOWED_FUNCTIONS:
            raise ValueError(f"uses the function {name.lower()!r}, which a layout may not.")
    elif not isinstance(node, plain):
        raise ValueError(
            "may hold columns, constants, operators and simple functions only (no query, no aggregate)."
        )
    if isinstance(node, exp.Column) and node.table:
        raise ValueError("names a table; only the source's columns can be used.")


def _bound_node(node: exp.Expression, unknown: list[str]) -> exp.Expression:
    """Absent columns read as null; a cast that fails gives null, so that the row is rejected and not the file."""
    if isinstance(node, exp.Column):
        return exp.Null() if node.name in unknown else exp.column(node.name.lower(), quoted=True)
    if isinstance(node, exp.Cast) and not isinstance(node, exp.TryCast):
        return exp.TryCast(this=node.this, to=node.to)
    return node


def _missing_required(bound: dict[str, exp.Expression | None], source_columns: list[str]) -> list[str]:
    """Name the required columns that nothing fills, with the nearest name that the source has."""
    problems = []
    groups: dict[str, list[str]] = {}
    for column in contract_columns():
        if column.required and bound[column.name] is None:
            problems.append(f"there is no column {column.name}.{suggestion(column.name, source_columns)}")
        if column.one_of:
            groups.setdefault(column.one_of, []).append(column.name)
    for names in groups.values():
        if all(bound[name] is None for name in names):
            problems.append(f"there is neither {' nor '.join(names)}.{suggestion(names[0], source_columns)}")
    return problems


def _binding_message(layout: Layout, source_columns: list[str], source: str, problems: list[str]) -> str:
    """Say everything that is wrong at once, and which shipped layout would fit."""
    fitting = [name for name in shipped_layouts() if name != layout.name and _fits(name, source_columns)]
    hint = f" The layout {fitting[0]} fits this file: try --layout {fitting[0]}." if fitting else ""
    return (
        f"The claims in {source} cannot be read with the layout {layout.name}: {' Also, '.join(problems)}{hint} "
        "Give the file these columns, or write a layout that says which of its columns they are (docs/layouts.md)."
    )


def _fits(name: str, source_columns: list[str]) -> bool:
    """Tell whether a shipped layout would read a source with these columns."""
    layout = read_layout(name)
    bound: dict[str, exp.Expression | None] = {
        c.name: exp.Null() for c in contract_columns() if c.name in source_columns
    }
    bound = {**dict.fromkeys(c.name for c in contract_columns()), **bound}
    for column, text in layout.fallbacks.items():
        bound[column] = _parse_expression(text, source_columns, is_strict=False)
    return not _missing_required(bound, source_columns)
