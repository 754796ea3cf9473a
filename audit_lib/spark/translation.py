"""A step's SQL for Spark, so written that it means there what it means to DuckDB; else it is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping

import sqlglot
from sqlglot import exp

from audit_lib.errors import BAD_RULE, AuditError
from audit_lib.pipeline import Step
from audit_lib.resources import page
from audit_lib.spark.losses import losses

# Two letters of which Unicode's full rules, Spark's, make something else than its simple ones, DuckDB's.
_LETTERS, _LOWERED = "\u0130\u03a3", "i\u03c3"
# What DuckDB takes away around a text: every space of Unicode's. Spark takes away the common one.
_SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
# No text holds it, so that a backslash in a pattern is a backslash.
_NO_ESCAPE = "\uffff"


def to_spark(step: Step, types: Mapping[str, str] | None = None) -> str:
    """Return the step's select in Spark's SQL, each column cast to the type of Spark's that `types` gives it.

    Raises AuditError (10) where the translation could mean something else.
    """
    tree = sqlglot.parse_one(step.sql, read="duckdb")
    if found := losses(tree):
        raise AuditError(
            BAD_RULE,
            f"{step.name}.sql cannot run on Spark, since nobody has shown that it gives the same answer there: it "
            f"{' and '.join(found)}. Write it otherwise ({page('adding_a_rule.md')}), or run with --engine duckdb.",
        )
    tree = with_duckdbs_meaning(tree)
    if types:
        columns = [exp.alias_(exp.cast(exp.column(n, quoted=True), t, dialect="spark"), n) for n, t in types.items()]
        tree = exp.select(*columns).from_(exp.Subquery(this=tree, alias=exp.TableAlias(this=exp.to_identifier("step"))))
    return tree.sql("spark", identify=True, comments=False)


def with_duckdbs_meaning(tree: exp.Expr) -> exp.Expr:
    """Return a select of DuckDB's so rewritten that its translation gives DuckDB's answers on Spark."""
    tree = tree.copy()
    for node in list(tree.walk()):
        _rewrite(node)
    return tree


def _rewrite(node: exp.Expr) -> None:
    if _is_cast_to_integer(node):  # DuckDB rounds, Spark cuts off
        node.set("this", exp.Round(this=node.this, decimals=exp.Literal.number(0)))
    elif isinstance(node, exp.Lower):
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
        node.set("expression", exp.case().when(node.this.is_(exp.null()).not_(), node.expression))


def _is_cast_to_integer(node: exp.Expr) -> bool:
    return (
        isinstance(node, exp.Cast)
        and node.to.this in exp.DataType.INTEGER_TYPES
        and not isinstance(node.this, exp.Null | exp.Literal)
    )


def _may_escape(pattern: exp.Expr) -> bool:
    return not pattern.is_string or "\\" in pattern.name


def _ended(pattern: str) -> str:
    r"""Let $ mean the end of the text alone: to Java it is also the place before a last line end."""
    parts = re.split(r"(\[[^\]]*\])", pattern)
    return "".join(part if part.startswith("[") else part.replace("$", r"\z") for part in parts)
