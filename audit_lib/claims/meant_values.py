"""Which values can be meant: within the bounds of their kind, and none that systems write where they have nothing."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from audit_lib.claims.layouts import Column, kinds


def meant(column: Column, plain: frozenset[str]) -> exp.Expr:
    """Return the value where it can be meant, within what its kind says is the least and the most."""
    kind = kinds()[column.kind]
    value = exp.column(column.name, quoted=True)
    if column.name in plain or "least" not in kind:
        return value
    least, most = _bounds(kind)
    is_meant: exp.Expr = exp.Between(this=value, low=least, high=most)
    if nothing := _nothing(column):
        is_meant = exp.and_(is_meant, exp.not_(exp.In(this=value.copy(), expressions=nothing)))
    return exp.Case(ifs=[exp.If(this=is_meant, true=value.copy())])


def was_there(column: Column) -> exp.Expr:
    """Return whether a value is there that must be readable: what systems write where they have none need not be."""
    has_text = exp.column(f"was_{column.name}", quoted=True)
    if not (nothing := _nothing(column)):
        return has_text
    is_nothing = exp.In(this=exp.column(column.name, quoted=True), expressions=nothing)
    return exp.and_(has_text, exp.not_(exp.func("coalesce", is_nothing, exp.false())))


def _nothing(column: Column) -> list[exp.Expr]:
    kind = kinds()[column.kind]
    return [exp.cast(exp.Literal.string(value), kind["type"]) for value in kind.get("nothing", ())]


def all_within(column: Column) -> exp.Expr:
    """Return the test of a whole column: nothing in it stands for nothing, or lies beyond what can be meant.

    Values that stand for nothing lie before, or after, all that are meant in earnest.
    """
    kind, value = kinds()[column.kind], exp.column(column.name, quoted=True)
    least, most = _bounds(kind)
    tests: list[exp.Expr] = [exp.Min(this=value) >= least, exp.Max(this=value.copy()) <= most]
    tests += [
        exp.or_(exp.Min(this=value.copy()) > one, exp.Max(this=value.copy()) < one.copy()) for one in _nothing(column)
    ]
    return exp.and_(*tests)


def _bounds(kind: dict[str, Any]) -> list[exp.Expr]:
    return [exp.cast(exp.Literal.string(kind[key]), kind["type"]) for key in ("least", "most")]
