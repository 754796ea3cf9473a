"""What DuckDB's functions of text mean, written so that Spark answers the same on every text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

# Two letters of which Unicode's full rules, Spark's, make something else than its simple ones, DuckDB's.
_LETTERS, _LOWERED = "\u0130\u03a3", "i\u03c3"
# What DuckDB takes away around a text: every space of Unicode's. Spark takes away the common one.
_SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
# No text holds it, so that a backslash in a pattern is a backslash.
_NO_ESCAPE = "\uffff"

# What means the same to DuckDB's expressions (RE2) and to Spark's (Java): letters, classes, groups, counts.
_PLAIN_PATTERN = re.compile(
    r"(?:[A-Za-z0-9 ,;:%_/@=<>!#~'\"-]|\((?!\?)|\)|\||\^|\$|[*?]|\+(?!\+)|\{\d+(?:,\d*)?\}(?!\+)"
    r"|\[\^?[^\[\]\\^&]+\])*"
)
_CLASS_OF_OTHERS = re.compile(r"\[\^[ -~]+\]")


def with_duckdbs_meaning(tree: exp.Expr) -> exp.Expr:
    """Return a select of DuckDB's so rewritten that its translation gives DuckDB's answers on Spark."""
    tree = tree.copy()
    for node in list(tree.walk()):
        _rewrite(node)
    return tree


def _rewrite(node: exp.Expr) -> None:
    if isinstance(node, exp.Lower):
        node.set("this", exp.func("translate", node.this, *map(exp.Literal.string, (_LETTERS, _LOWERED))))
    elif isinstance(node, exp.Trim) and not node.expression:
        node.set("expression", exp.Literal.string(_SPACES))
    elif isinstance(node, exp.RegexpLike | exp.RegexpReplace):
        node.set("expression", exp.Literal.string(_ended(node.expression.name)))
    elif isinstance(node, exp.Like) and _may_escape(node.expression):
        escape = exp.Escape(expression=exp.Literal.string(_NO_ESCAPE))
        node.replace(escape)
        escape.set("this", node)
    elif isinstance(node, exp.ArgMin):  # DuckDB passes over rows that have nothing to give
        is_there = exp.Not(this=exp.Is(this=node.this.copy(), expression=exp.Null()))
        node.set("expression", exp.Case(ifs=[exp.If(this=is_there, true=node.expression)]))


def _may_escape(pattern: exp.Expr) -> bool:
    return not isinstance(pattern, exp.Literal) or "\\" in pattern.name


def _ended(pattern: str) -> str:
    r"""Let $ mean the end of the text alone: to Java it is also the place before a last line end."""
    parts = re.split(r"(\[[^\]]*\])", pattern)
    return "".join(part if part.startswith("[") else part.replace("$", r"\z") for part in parts)


def text_losses(node: exp.Expr) -> Iterator[str]:
    """Give what of a call on text may mean something else on Spark, as the ends of sentences about it."""
    if isinstance(node, exp.RegexpLike | exp.RegexpReplace):
        yield from _pattern_losses(node.expression)
    if isinstance(node, exp.RegexpLike) and node.args.get("flag"):
        yield "has regexp_matches with an option"
    if isinstance(node, exp.RegexpReplace):
        yield from _replacement_losses(node)
    if isinstance(node, exp.Upper) and not _is_of_plain_letters(node):
        yield "has upper of text that may hold other letters than A to Z (compare by lower)"
    if isinstance(node, exp.Left | exp.Right | exp.Substring) and not all(map(_counts, _places(node))):
        yield "takes a part of a text by places that are not written out, from 1 on"


def _pattern_losses(pattern: exp.Expr) -> Iterator[str]:
    if not isinstance(pattern, exp.Literal):
        yield "has a regular expression that is not written out"
    elif not _PLAIN_PATTERN.fullmatch(pattern.name):
        yield "has a regular expression of more than letters, classes such as [0-9.], groups and counts"


def _replacement_losses(node: exp.RegexpReplace) -> Iterator[str]:
    replacement = node.args.get("replacement")
    if node.text("modifiers") != "g":
        yield "has regexp_replace without 'g' alone"
    if not isinstance(replacement, exp.Literal) or set(replacement.name) & set("\\$"):
        yield "has regexp_replace by more than plain text"
    if _PLAIN_PATTERN.fullmatch(node.expression.name) and re.search(node.expression.name, ""):
        yield "has regexp_replace of what may be empty"


def _is_of_plain_letters(node: exp.Upper) -> bool:
    """Tell whether upper() is asked of text from which all but some ASCII was replaced; other letters may differ."""
    inner = node.this
    if not isinstance(inner, exp.RegexpReplace) or not _CLASS_OF_OTHERS.fullmatch(inner.expression.name):
        return False
    return str(inner.args["replacement"].name).isascii()


def _places(node: exp.Func) -> list[exp.Expr]:
    """Return the places and lengths by which a part of a text is taken."""
    return [node.args[name] for name in ("expression", "start", "length") if node.args.get(name)]


def _counts(place: exp.Expr) -> bool:
    return isinstance(place, exp.Literal) and place.is_int and int(place.name) > 0
