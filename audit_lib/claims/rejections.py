"""Rejections: which columns of a typed row could not be read, and why."""

from __future__ import annotations

from sqlglot import exp

from audit_lib.claims.layouts import Column, kinds

# Columns whose text as delivered is kept beside the value: the data-quality gate asks in how many ways it is written.
TEXT_KEPT = ("billing_tin",)
SOURCE_TEXT = "source_text"


def with_rejections(
    typed: exp.Select, columns: list[Column], fallible: list[Column], tried: list[str], has_text: bool
) -> exp.Select:
    """Add which columns of a row could not be read and why; of rejected rows alone also their text, where it is there.

    What is said of a row costs more than to find that nothing is to be said, so it is put together for those alone.
    """
    problems: list[tuple[exp.Expr, str, str]] = []
    unreadable: list[tuple[exp.Expr, str]] = []
    for column in columns:
        name = column.name
        missing = [is_null(name)]
        if name in tried:
            failed = exp.column(f"failed_{name}", quoted=True)
            problems.append((failed, name, f"{name} could not be computed by the layout's expression"))
            unreadable.append((failed, name))
            missing.append(exp.not_(failed.copy()))
        if column in fallible:
            was_there = exp.column(f"was_{name}", quoted=True)
            problems.append((exp.and_(was_there, is_null(name)), name, f"{name} {kinds()[column.kind]['reason']}"))
            unreadable.append((exp.and_(was_there, is_null(name)), name))
            missing.append(exp.not_(was_there.copy()))
        if column.required == "value":
            problems.append((exp.and_(*missing), name, f"{name} is missing"))
    is_rejected = exp.func("coalesce", exp.or_(*[condition.copy() for condition, _, _ in problems]), exp.false())
    decided = exp.select("*", exp.alias_(is_rejected, "is_rejected")).from_(typed.subquery("typed", copy=False))
    record = exp.cast(exp.Anonymous(this="to_json", expressions=[exp.column(SOURCE_TEXT)]), "varchar")
    return exp.select(
        "source_file",
        "source_row",
        *[exp.column(c.name, quoted=True) for c in columns],
        "is_rejected",
        exp.alias_(_if_rejected(_joined([(is_so, name) for is_so, name, _ in problems], ", ")), "rejected_columns"),
        exp.alias_(_if_rejected(_joined([(is_so, why) for is_so, _, why in problems], "; ")), "rejection_reason"),
        exp.alias_(_if_rejected(_joined(unreadable, ", ")), "unreadable_columns"),
        *[f"{name}_text" for name in TEXT_KEPT],
        *([exp.alias_(_if_rejected(record), SOURCE_TEXT)] if has_text else []),
    ).from_(decided.subquery("decided", copy=False))


def _if_rejected(words: exp.Expr) -> exp.Expr:
    return exp.Case(ifs=[exp.If(this=exp.column("is_rejected"), true=words)])


def is_null(name: str) -> exp.Expr:
    """Return the test of whether a column is null."""
    return exp.Is(this=exp.column(name, quoted=True), expression=exp.Null())


def _joined(parts: list[tuple[exp.Expr, str]], separator: str) -> exp.Expr:
    cases = [exp.Case(ifs=[exp.If(this=condition.copy(), true=exp.Literal.string(text))]) for condition, text in parts]
    return exp.Anonymous(this="concat_ws", expressions=[exp.Literal.string(separator), *cases])
