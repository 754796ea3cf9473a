"""A step's SQL for Spark. What does not surely mean the same there is refused, not translated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sqlglot
from sqlglot import exp

from audit_lib.errors import BAD_RULE, AuditError
from audit_lib.pipeline import Step
from audit_lib.resources import page
from audit_lib.spark.meanings import text_losses, with_duckdbs_meaning

# What the SQL of the project calls, and the cases of the rules show to give the same answers on both engines.
PROVEN = frozenset({
    "And", "Or", "Case", "If", "Cast", "Coalesce", "Exists", "Count", "Sum", "Min", "Max", "ArgMin",
    "LogicalOr", "LogicalAnd", "GroupConcat", "RowNumber", "Rank", "Lag", "FirstValue", "Greatest", "Least", "Left",
    "Right", "Substring", "Length", "Upper", "Lower", "Trim", "Pad", "Replace", "SplitPart", "ConcatWs", "RegexpLike",
    "RegexpReplace", "SHA2", "DateDiff", "DateFromParts", "Day", "Month", "Year", "LastDay", "TimestampTrunc",
    "Explode", "GenerateSeries",
})  # fmt: skip
_LOST = {
    exp.Div: "divides with /",
    exp.Limit: "has a limit, which keeps any rows",
    exp.TableSample: "has a sample",
    exp.Pivot: "has a pivot",
    exp.Escape: "has like with an escape",
    exp.ILike: "has ilike (write lower(...) like)",
    exp.Glob: "has glob",
    exp.SimilarTo: "has similar to",
    exp.Bracket: "has a part in brackets",
    exp.AtTimeZone: "has a time zone",
    exp.Array: "has a list",
    exp.Struct: "has a struct",
    exp.Parameter: "has a bound parameter",
    exp.Placeholder: "has a bound parameter",
}


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
        alias = exp.TableAlias(this=exp.to_identifier("step"))
        tree = exp.select(*columns).from_(exp.Subquery(this=tree, alias=alias))
    return tree.sql("spark", identify=True, comments=False)


def losses(tree: exp.Expr) -> list[str]:
    """Return what of a select may mean something else on Spark, as the ends of sentences about it."""
    generator = sqlglot.Dialect.get_or_raise("spark").generator(unsupported_level=sqlglot.ErrorLevel.IGNORE)
    generator.generate(tree)
    untranslated = [f"is not wholly translated ({message})" for message in generator.unsupported_messages]
    return sorted({*untranslated, *(loss for node in tree.walk() for loss in _losses_at(node))})


def _losses_at(node: exp.Expr) -> Iterator[str]:
    yield from (words for kind, words in _LOST.items() if isinstance(node, kind))
    if isinstance(node, exp.Func) and type(node).__name__ not in PROVEN:
        yield f"calls {node.name if isinstance(node, exp.Anonymous) else node.sql_name()}".lower()
    if isinstance(node, exp.DateDiff) and node.text("unit").lower() != "day":
        yield "counts months, weeks or years between dates"
    if isinstance(node, exp.GroupConcat) and not node.find(exp.Order):
        yield "joins texts in no order"
    if isinstance(node, exp.Order) and not isinstance(node.parent, exp.Query | exp.Window | exp.GroupConcat):
        yield "has an ordered aggregate"
    yield from text_losses(node)
    if isinstance(node, exp.Distinct) and node.args.get("on"):
        yield "has distinct on, which keeps any row"
    if isinstance(node, exp.SetOperation) and node.args.get("by_name"):
        yield "has a union by name"
    if isinstance(node, exp.Star) and node.args.get("replace"):
        yield "replaces columns of *"
    if isinstance(node, exp.Join) and node.method:
        yield f"has a join of another kind ({node.method.lower()})"
    if isinstance(node, exp.DataType) and (node.this in exp.DataType.FLOAT_TYPES or node.args.get("nested")):
        yield "has a floating or nested type"
