"""The claims as read, rejected rows among them, with a column that says of each value whether it could be read."""

from __future__ import annotations

import duckdb
from sqlglot import exp

from audit_lib.claims.layouts import contract_columns
from audit_lib.claims.rejections import is_null
from audit_lib.claims.views import view

_GROUPS = {"hcpcs_modifiers": "hcpcs_modifier_", "diagnosis_codes": "diagnosis_code_"}


def create_claims_as_read(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the view `claims_as_read` over `checked_rows`.

    Beside every column stands `unreadable_<column>`: true where a value is given that cannot be read, false where it
    can, null where none is given; modifiers and diagnoses are each taken together. `unreadable_npi_without_tin` is
    that of the NPI on rows without a TIN.
    """
    single = [c.name for c in contract_columns() if not c.name.startswith(tuple(_GROUPS.values()))]
    marks = [exp.alias_(_is_unreadable(name), f"unreadable_{name}") for name in single]
    without_tin = exp.and_(is_null("billing_tin"), exp.not_(_is_listed("billing_tin")))
    npi = exp.Case(ifs=[exp.If(this=without_tin, true=_is_unreadable("billing_npi"))])
    groups = [exp.alias_(_is_any_unreadable(prefix), f"unreadable_{name}") for name, prefix in _GROUPS.items()]
    own = exp.alias_(npi, "unreadable_npi_without_tin")
    query = exp.select("*", *marks, *groups, own).from_("checked_rows")
    connection.execute(view("claims_as_read", query))


def _is_unreadable(name: str) -> exp.Expr:
    is_there = exp.not_(is_null(name))
    return exp.Case(ifs=[exp.If(this=is_there, true=exp.false()), exp.If(this=_is_listed(name), true=exp.true())])


def _is_any_unreadable(prefix: str) -> exp.Expr:
    names = [column.name for column in contract_columns() if column.name.startswith(prefix)]
    is_any_listed = exp.or_(*map(_is_listed, names))
    is_any_there = exp.or_(*[exp.not_(is_null(name)) for name in names])
    return exp.Case(ifs=[exp.If(this=is_any_listed, true=exp.true()), exp.If(this=is_any_there, true=exp.false())])


def _is_listed(name: str) -> exp.Expr:
    """Tell whether a row's list of unreadable columns names this one; most rows have none."""
    listed = exp.column("unreadable_columns")
    split = exp.Anonymous(this="string_split", expressions=[listed, exp.Literal.string(", ")])
    contains = exp.Anonymous(this="list_contains", expressions=[split, exp.Literal.string(name)])
    return exp.and_(exp.NEQ(this=listed.copy(), expression=exp.Literal.string("")), contains)
