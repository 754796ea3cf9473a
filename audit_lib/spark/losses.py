"""What of a select may mean something else on Spark: all but what is shown to mean the same."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

import sqlglot
from sqlglot import exp

# What a select may be made of. The cases of the rules ask both engines for nearly all of it, the tests for the rest.
PROVEN = frozenset({
    "Add", "Alias", "And", "ArgMin", "Between", "Boolean", "Case", "Cast", "Coalesce", "Column", "ConcatWs", "Count",
    "CTE", "DataType", "DataTypeParam", "DateDiff", "DateFromParts", "Day", "Distinct", "DPipe", "EQ", "Except",
    "Exists", "Explode", "Filter", "FirstValue", "From", "GenerateSeries", "Greatest", "Group", "GroupConcat", "GT",
    "GTE", "Having", "Identifier", "If", "In", "IntDiv", "Intersect", "Interval", "Is", "Join", "Lag", "LastDay",
    "Least", "Left", "Length", "Like", "Literal", "LogicalAnd", "LogicalOr", "Lower", "LT", "LTE", "Max", "Min", "Mod",
    "Month", "Mul", "Neg", "NEQ", "Not", "Null", "NullSafeEQ", "NullSafeNEQ", "Or", "Order", "Ordered", "Pad", "Paren",
    "Qualify", "Rank", "RegexpLike", "RegexpReplace", "Replace", "Right", "RowNumber", "Select", "SHA2", "SplitPart",
    "Star", "Sub", "Subquery", "Substring", "Sum", "Table", "TableAlias", "TimestampTrunc", "Trim", "Tuple", "Union",
    "Upper", "Values", "Var", "Where", "Window", "WindowSpec", "With", "Year",
})  # fmt: skip
_UNPROVEN_PARTS = {
    "Distinct": ("on",),
    "Join": ("method",),
    "RegexpLike": ("flag",),
    "Star": ("rename", "replace"),
    "Union": ("by_name",),
}
_LONGEST_QUOTE = 60

# What means the same to DuckDB's expressions (RE2) and to Spark's (Java): letters, classes, groups, counts.
_PLAIN_PATTERN = re.compile(
    r"(?:[A-Za-z0-9 ,;:%_/@=<>!#~'\"-]|\((?!\?)|\)|\||\^|\$|[*?]|\+(?!\+)|\{\d+(?:,\d*)?\}(?!\+)"
    r"|\[\^?[^\[\]\\^&]+\])*"
)
_CLASS_OF_OTHERS = re.compile(r"\[\^[ -~]+\]")


def losses(tree: exp.Expr) -> list[str]:
    """Return what of a select may mean something else on Spark, as the ends of sentences about it."""
    generator = sqlglot.Dialect.get_or_raise("spark").generator(unsupported_level=sqlglot.ErrorLevel.IGNORE)
    generator.generate(tree)
    untranslated = [f"is not wholly translated ({message})" for message in generator.unsupported_messages]
    found = [loss for node in tree.walk(prune=lambda node: not _is_proven(node)) for loss in _losses_at(node)]
    return sorted({*untranslated, *found})


def _is_proven(node: exp.Expr) -> bool:
    kind = type(node).__name__
    return kind in PROVEN and not any(node.args.get(part) for part in _UNPROVEN_PARTS.get(kind, ()))


def _losses_at(node: exp.Expr) -> Iterator[str]:
    if not _is_proven(node):
        quoted = node.sql("duckdb", comments=False, normalize_functions=False).strip()
        yield f'has "{textwrap.shorten(quoted, _LONGEST_QUOTE, placeholder=" …")}"'
    elif isinstance(node, exp.DateDiff) and node.text("unit").lower() != "day":
        yield "counts months, weeks or years between dates"
    elif isinstance(node, exp.GroupConcat) and not node.find(exp.Order):
        yield "joins texts in no order"
    elif isinstance(node, exp.Order) and not isinstance(node.parent, exp.Query | exp.Window | exp.GroupConcat):
        yield "has an ordered aggregate"
    elif isinstance(node, exp.DataType) and (node.this in exp.DataType.FLOAT_TYPES or node.args.get("nested")):
        yield "has a floating or nested type"
    elif isinstance(node, exp.Literal) and not node.is_string and "e" in node.name.lower():
        yield "has a floating number"
    elif isinstance(node, exp.RegexpLike | exp.RegexpReplace):
        yield from _losses_of_pattern(node)
    elif isinstance(node, exp.Upper) and not _is_of_plain_letters(node):
        yield "has upper of text that may hold other letters than A to Z (compare by lower)"
    elif isinstance(node, exp.Left | exp.Right | exp.Substring) and not all(map(_counts, _places(node))):
        yield "takes a part of a text by places that are not written out, from 1 on"


def _losses_of_pattern(node: exp.RegexpLike | exp.RegexpReplace) -> Iterator[str]:
    pattern, replacement = node.expression, node.args.get("replacement")
    if not isinstance(pattern, exp.Literal):
        yield "has a regular expression that is not written out"
    elif not _PLAIN_PATTERN.fullmatch(pattern.name):
        yield "has a regular expression of more than letters, classes such as [0-9.], groups and counts"
    elif isinstance(node, exp.RegexpReplace) and re.search(pattern.name, ""):
        yield "has regexp_replace of what may be empty"
    if isinstance(node, exp.RegexpLike):
        return
    if node.text("modifiers") != "g":
        yield "has regexp_replace without 'g' alone"
    if not isinstance(replacement, exp.Literal) or set(replacement.name) & set("\\$"):
        yield "has regexp_replace by more than plain text"


def _is_of_plain_letters(node: exp.Upper) -> bool:
    """Tell whether upper() is asked of text from which all but some ASCII was replaced; other letters may differ."""
    inner = node.this
    if not isinstance(inner, exp.RegexpReplace) or not _CLASS_OF_OTHERS.fullmatch(inner.expression.name):
        return False
    return inner.text("replacement").isascii()


def _places(node: exp.Func) -> list[exp.Expr]:
    """Return the places and lengths by which a part of a text is taken."""
    return [node.args[name] for name in ("expression", "start", "length") if node.args.get(name)]


def _counts(place: exp.Expr) -> bool:
    return isinstance(place, exp.Literal) and place.is_int and int(place.name) > 0
