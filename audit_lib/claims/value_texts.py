"""What values say as text: without blanks and marks for nothing, and as it was before a tool made numbers of it."""

from __future__ import annotations

import re

from sqlglot import exp

from audit_lib.claims.layouts import Reading
from audit_lib.claims.quick_tests import NULL_MARKS, filled

BLANKS = " \t\r\n\v\f\u00a0\ufeff\0"  # null bytes, since tools of fixed columns fill them up with these
FLOATS = ("FLOAT", "DOUBLE")
# The whole numbers up to which a float tells each from the next.
_EXACT = {"FLOAT": 16_777_216, "DOUBLE": 9_007_199_254_740_992}


def unmarked(value: exp.Expr, reading: Reading) -> exp.Expr:
    """Return a text without the blanks around it; null where nothing, or a mark for nothing, is left.

    Of ="00123", as tools write it to keep a spreadsheet from making a number of it, 00123 is the text.
    """
    marks = "|".join(re.escape(mark) for mark in dict.fromkeys((*NULL_MARKS, *reading.null_values)))
    bare = call("regexp_replace", call("trim", value, BLANKS), f'^({marks}|="([^"]*)")$', r"\2")
    return exp.func("nullif", bare, exp.Literal.string(""))


def is_marked(value: exp.Expr, source_type: str, reading: Reading) -> exp.Expr:
    """Tell of a value that is no text whether it is one of a layout's marks for nothing; a timestamp's day counts."""
    texts = [as_text(value, source_type)]
    if source_type.startswith("TIMESTAMP"):
        day = exp.TryCast(this=value.copy(), to=exp.DataType.build("date"))
        texts.append(exp.cast(day, "varchar"))
    marks = [exp.Literal.string(mark) for mark in reading.null_values]
    return exp.or_(*[exp.In(this=text, expressions=[mark.copy() for mark in marks]) for text in texts])


def as_text(value: exp.Expr, source_type: str) -> exp.Expr:
    """Write a value of a type as text; a number as the code that it was before a tool made a number of it."""
    base = source_type.split("(", maxsplit=1)[0]
    if base in FLOATS:
        whole = exp.cast(exp.TryCast(this=value.copy(), to=exp.DataType.build("bigint")), "varchar")
        is_whole = filled(f"value = floor(value) and abs(value) < {_EXACT[base]}", value)
        in_full = filled("format('{:e}', value)", value)
        is_large = filled(f"abs(value) >= {_EXACT[base]}", value)
        is_dust = filled("abs(value) < 0.0001", value)
        return exp.Case(
            ifs=[
                exp.If(this=is_whole, true=whole), exp.If(this=is_large, true=in_full),
                exp.If(this=is_dust, true=filled("format('{:.17f}', value)", value)),
            ],
            default=exp.cast(value.copy(), "varchar"),
        )  # fmt: skip
    if base == "DECIMAL":
        return call("regexp_replace", exp.cast(value.copy(), "varchar"), "[.]0+$", "")
    return exp.cast(value.copy(), "varchar")


def call(name: str, value: exp.Expr, *constants: str) -> exp.Expr:
    """Return a call of a function on a value and constant texts."""
    return exp.Anonymous(this=name, expressions=[value, *[exp.Literal.string(text) for text in constants]])
