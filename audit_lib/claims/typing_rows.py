"""From the source's columns to the contract's types: one query, composed from the layout and `kinds.yml`."""

from __future__ import annotations

from typing import Any

import duckdb
from sqlglot import exp

from audit_lib.claims.delivered_types import delivered_types
from audit_lib.claims.layouts import Column, Reading, contract_columns, kinds
from audit_lib.claims.meant_values import meant, was_there
from audit_lib.claims.plain_columns import is_plain
from audit_lib.claims.quick_tests import (
    answer,
    cleaned,
    filled,
    quick_columns,
    unless_quick,
    with_tests,
)
from audit_lib.claims.rejections import SOURCE_TEXT, TEXT_KEPT, is_null, with_rejections
from audit_lib.claims.value_texts import FLOATS, as_text, call, is_marked, unmarked
from audit_lib.errors import BAD_CLAIMS, AuditError

# Names of our own beside the source's columns; no claims file has a column so named.
FILE_COLUMN, ROW_COLUMN = "audit source file", "audit source row"
INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT",
             "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")  # fmt: skip
_NUMBERS = (*FLOATS, *INTEGERS, "DECIMAL")
# What may compare with a number.
_COMPARING = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Nullif, exp.In, exp.Between)
# What cannot fail on any value; an expression of anything else is tried row by row.
_SAFE = (
    exp.Column, exp.Identifier, exp.Literal, exp.Coalesce, exp.Case, exp.If, exp.Nullif, exp.Is, exp.Null, exp.Paren,
    exp.Not, exp.And, exp.Or, exp.EQ, exp.NEQ, exp.Upper, exp.Lower, exp.Trim, exp.DPipe, exp.TryCast, exp.DataType,
)  # fmt: skip


def typed_query(
    connection: duckdb.DuckDBPyConnection,
    source: exp.Select,
    bound: dict[str, exp.Expr | None],
    reading: Reading,
    plain: frozenset[str] = frozenset(),
    is_flat: bool = False,
) -> exp.Select:
    """Compose the query that gives each source row its typed columns, and what could not be read in it.

    `plain` names the columns of which every value is known to need no cleaning. `is_flat`: the source is text out of a
    CSV file, so that every value is tested by itself, and the text of rejected rows goes along.

    Result columns: source_file, source_row, every contract column, is_rejected, rejected_columns, rejection_reason,
    unreadable_columns (the rejected ones that were not empty), `<name>_text` of `TEXT_KEPT`, and source_text where
    `is_flat`. Raises AuditError (11) where an expression does not fit its columns' types.
    """
    columns = contract_columns()
    source_types = delivered_types(connection, source)
    tried = [c.name for c in columns if _may_fail(bound[c.name])]
    kept = [SOURCE_TEXT] if is_flat else []
    mapped = exp.select(
        exp.alias_(exp.column(FILE_COLUMN, quoted=True), "source_file"),
        exp.alias_(exp.column(ROW_COLUMN, quoted=True), "source_row"),
        *[exp.alias_(_mapped(bound[c.name], source_types, reading), c.name, quoted=True) for c in columns],
        *[exp.alias_(record_of(source), name, quoted=True) for name in kept],
    ).from_(source.subquery("source"))
    unpacked = _passed_on(mapped, "mapped", kept).select(
        *[exp.alias_(_unpacked(c.name, c.name in tried), c.name, quoted=True) for c in columns],
        *[exp.alias_(is_null(name), f"failed_{name}", quoted=True) for name in tried],
        copy=False,
    )
    kept = [*kept, *(f"failed_{name}" for name in tried)]
    types = _bound_types(connection, unpacked, source, bound, source_types, reading)
    quick = quick_columns(columns, types) if is_flat else []
    tested, marks = with_tests(unpacked, quick, reading)
    trimmed = _passed_on(tested, "unpacked", [*kept, *marks]).select(
        *[exp.alias_(_cleaned(c, types[c.name], reading, plain, quick), c.name, quoted=True) for c in columns],
        copy=False,
    )
    fallible = [
        c for c in columns if bound[c.name] is not None and c.name not in plain and _can_be_unreadable(c, types[c.name])
    ]
    read = _passed_on(trimmed, "cleaned", kept).select(
        *[exp.alias_(_read(c, types[c.name], reading, plain, quick), c.name, quoted=True) for c in columns],
        *[exp.alias_(_must_be_read(c, types[c.name], quick), f"was_{c.name}", quoted=True) for c in fallible],
        *[exp.alias_(exp.cast(exp.column(name, quoted=True), "varchar"), f"{name}_text") for name in TEXT_KEPT],
        copy=False,
    )
    kept = [*kept, *(f"{name}_text" for name in TEXT_KEPT)]
    typed = _passed_on(read, "read_values", kept).select(
        *[exp.alias_(meant(c, plain), c.name, quoted=True) for c in columns],
        *[exp.alias_(was_there(c), f"was_{c.name}", quoted=True) for c in fallible],
        copy=False,
    )
    return with_rejections(typed, columns, fallible, tried, has_text=is_flat)


def record_of(source: exp.Select) -> exp.Expr:
    """Return the row of a source as it stands, all its columns in one value."""
    names = [name for name in source.named_selects if name not in (FILE_COLUMN, ROW_COLUMN)]
    fields = [
        exp.PropertyEQ(
            this=exp.to_identifier(name, quoted=True), expression=exp.column(name, table="source", quoted=True)
        )
        for name in names
    ]
    return exp.Anonymous(this="struct_pack", expressions=fields)


def _bound_types(
    connection: duckdb.DuckDBPyConnection,
    query: exp.Select,
    source: exp.Select,
    bound: dict[str, exp.Expr | None],
    source_types: dict[str, str],
    reading: Reading,
) -> dict[str, str]:
    """Return the types that the layout's expressions give; name every column whose expression does not fit."""
    try:
        return delivered_types(connection, query)
    except duckdb.BinderException as error:
        wrong = [name for name in bound if not _binds(connection, source, _mapped(bound[name], source_types, reading))]
        raise AuditError(
            BAD_CLAIMS,
            f"The layout does not fit this file: its expression for {', '.join(wrong)} uses a column as a type that it "
            "is not. Write a cast there, such as cast(column as decimal(18, 2)) or cast(column as varchar), or correct "
            "the expression (docs/layouts.md).",
        ) from error


def _binds(connection: duckdb.DuckDBPyConnection, source: exp.Select, mapping: exp.Expr) -> bool:
    try:
        delivered_types(connection, exp.select(exp.alias_(mapping, "value")).from_(source.subquery("source")))
    except duckdb.BinderException:
        return False
    return True


def _may_fail(mapping: exp.Expr | None) -> bool:
    """Tell whether an expression can end in an error: a cast, a date that does not exist, an overflow."""
    return mapping is not None and not all(isinstance(node, _SAFE) and not _has_number(node) for node in mapping.walk())


def _has_number(node: exp.Expr) -> bool:
    """Tell whether something is compared with a number, which text may not be."""
    return isinstance(node, _COMPARING) and any(
        isinstance(part, exp.Literal) and not part.is_string for part in node.iter_expressions()
    )


def _mapped(mapping: exp.Expr | None, source_types: dict[str, str], reading: Reading) -> exp.Expr:
    """Let columns of several types stand in one expression: as text, which its kind reads again.

    A text is nothing to coalesce() and `is null` where it is a mark for nothing, and a number where it is compared with
    one. What may fail is packed, so that null for "failed" differs from null as the expression's answer.
    """
    if mapping is None:
        return exp.Null()
    may_fail = _may_fail(mapping)
    mapping = mapping.copy()
    for column in [one for one in mapping.find_all(exp.Column) if source_types.get(one.name) == "VARCHAR"]:
        if isinstance(column.parent, exp.Coalesce | exp.Is):
            column.replace(unmarked(column.copy(), reading))
        elif column.parent and _has_number(column.parent):
            column.replace(exp.cast(column.copy(), "decimal(38, 10)"))
    families = {_family(source_types.get(column.name, "")) for column in mapping.find_all(exp.Column)}
    if len(families) > 1:
        mapping = mapping.transform(lambda node: exp.cast(node, "varchar") if isinstance(node, exp.Column) else node)
    return _packed(mapping) if may_fail else mapping


def _family(source_type: str) -> str:
    base = _base(source_type)
    return "number" if base in _NUMBERS else "time" if base.startswith(("DATE", "TIME")) else base


def _base(source_type: str) -> str:
    return source_type.split("(", maxsplit=1)[0]


def _packed(mapping: exp.Expr) -> exp.Expr:
    packed = exp.Anonymous(
        this="struct_pack", expressions=[exp.PropertyEQ(this=exp.to_identifier("v"), expression=mapping)]
    )
    return exp.Anonymous(this="try", expressions=[packed])


def _unpacked(name: str, is_packed: bool) -> exp.Expr:
    column = exp.column(name, quoted=True)
    return exp.Anonymous(this="struct_extract", expressions=[column, exp.Literal.string("v")]) if is_packed else column


def _passed_on(query: exp.Select, name: str, kept: list[str]) -> exp.Select:
    others = [exp.column(other, quoted=True) for other in kept]
    return exp.select("source_file", "source_row", *others).from_(query.subquery(name, copy=False))


def _cleaned(
    column: Column, source_type: str, reading: Reading, plain: frozenset[str], quick: list[Column]
) -> exp.Expr:
    """Take the blanks around text away; null where nothing or a mark for nothing is left, and for not-a-number."""
    value: exp.Expr = exp.column(column.name, quoted=True)
    if column.name in plain:
        return value
    if source_type == "VARCHAR":
        trimmed = unmarked(value, reading)
        if column in quick:
            return cleaned(column, reading, trimmed)
        if "plain" not in kinds()[column.kind] or reading.null_values:
            return trimmed
        # Plain functions run once per entry of a dictionary; where nearly every value is another, a test comes cheaper.
        return exp.Case(ifs=[exp.If(this=is_plain(column), true=value.copy())], default=trimmed)
    if source_type in FLOATS:
        value = exp.Case(ifs=[exp.If(this=call("isnan", value), true=exp.Null())], default=value.copy())
    if not reading.null_values:
        return value
    is_nothing = is_marked(exp.column(column.name, quoted=True), source_type, reading)
    return exp.Case(ifs=[exp.If(this=is_nothing, true=exp.Null())], default=value)


def _read(column: Column, source_type: str, reading: Reading, plain: frozenset[str], quick: list[Column]) -> exp.Expr:
    """Return the value in its type, null where it cannot be read."""
    kind = kinds()[column.kind]
    value = exp.column(column.name, quoted=True)
    if column.name in plain:
        return value
    if source_type == kind["type"].upper().replace(" ", "") and kind["type"] != "varchar":
        return value
    read: exp.Expr = _read_expression(kind, value, source_type, reading)
    read = exp.TryCast(this=read, to=exp.DataType.build(kind["type"], "duckdb"))
    return answer(column, read) if column in quick else read


def _read_expression(kind: dict[str, Any], value: exp.Expr, source_type: str, reading: Reading) -> exp.Expr:
    base = _base(source_type)
    if source_type == '"NULL"':
        return exp.Null()
    if kind["type"] == "date" and base == "DATE":
        return value
    if kind["type"] == "date" and base.startswith("TIMESTAMP"):
        return filled(kind["moment"], value)
    text = value if base == "VARCHAR" else as_text(value, source_type)
    is_number = base in _NUMBERS and "number" in kind and not (base == "FLOAT" and kind["type"] == "date")
    read = filled(kind["number"], value) if is_number else filled(kind["text"], text)
    if kind["type"] == "date" and reading.date_format:
        formats = exp.Array(expressions=[exp.Literal.string(f) for f in reading.date_format])
        parsed = exp.cast(exp.Anonymous(this="try_strptime", expressions=[text.copy(), formats]), "date")
        return exp.func("coalesce", parsed, read)
    return read


def _can_be_unreadable(column: Column, source_type: str) -> bool:
    """Tell whether a value of this source type may be unreadable: an amount in a column of amounts never is."""
    kind = kinds()[column.kind]
    if "reason" not in kind or source_type == '"NULL"':
        return False
    is_text = kind["type"] == "varchar"
    if is_text and _base(source_type) not in ("VARCHAR", *FLOATS):
        return False
    return is_text or "least" in kind or source_type != kind["type"].upper().replace(" ", "")


def _must_be_read(column: Column, source_type: str, quick: list[Column]) -> exp.Expr:
    """Return whether a value is there that must not turn out as nothing."""
    kind = kinds()[column.kind]
    value = exp.column(column.name, quoted=True)
    if "refused" in kind:
        refused = filled(kind["refused"], value if source_type == "VARCHAR" else as_text(value, source_type))
        return unless_quick(column, refused) if column in quick else refused
    return exp.not_(is_null(column.name))
