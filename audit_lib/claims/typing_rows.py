"""From the source's columns to the contract's types: one query, composed from the layout and `kinds.yml`."""

from __future__ import annotations

import duckdb
import sqlglot
from sqlglot import exp

from audit_lib.claims.column_values import NUMBERS, Values, base_type
from audit_lib.claims.delivered_types import delivered_types
from audit_lib.claims.layouts import Column, Reading, contract_columns, derived_columns
from audit_lib.claims.meant_values import meant, was_there
from audit_lib.claims.quick_tests import quick_columns, with_tests
from audit_lib.claims.rejections import SOURCE_TEXT, TEXT_KEPT, is_null, with_rejections
from audit_lib.claims.value_texts import unmarked
from audit_lib.errors import BAD_CLAIMS, AuditError
from audit_lib.resources import page

# Names of our own beside the source's columns; no claims file has a column so named.
FILE_COLUMN, ROW_COLUMN = "audit source file", "audit source row"
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
    mapped = _mapped_rows(source, {c.name: _mapped(bound[c.name], source_types, reading) for c in columns}, kept)
    unpacked = _unpacked_rows(mapped, columns, tried, kept)
    kept += [f"failed_{name}" for name in tried]
    types = _bound_types(connection, unpacked, source, bound, source_types, reading)
    values = Values(types, reading, plain, quick_columns(columns, types) if is_flat else [])
    fallible = [c for c in columns if bound[c.name] is not None and values.may_be_unreadable(c)]
    tested, marks = with_tests(unpacked, values.quick, reading)
    cleaned = _passed_on(tested, "unpacked", [*kept, *marks]).select(
        *_named({c.name: values.cleaned(c) for c in columns}), copy=False
    )
    read = _read_rows(cleaned, columns, fallible, values, kept)
    kept += [f"{name}_text" for name in TEXT_KEPT]
    typed = _passed_on(read, "read_values", kept).select(
        *_named({c.name: meant(c, plain) for c in columns}),
        *_named({f"was_{c.name}": was_there(c) for c in fallible}),
        copy=False,
    )
    return with_rejections(typed, columns, fallible, tried, has_text=is_flat)


def with_derived(rows: exp.Select) -> exp.Select:
    """Add what rows in the contract's types say in several columns together."""
    derived = [exp.alias_(sqlglot.parse_one(sql, read="duckdb"), name) for name, sql in derived_columns().items()]
    return exp.select("*", *derived).from_(rows.subquery("readable_rows"))


def _mapped_rows(source: exp.Select, mapped: dict[str, exp.Expr], kept: list[str]) -> exp.Select:
    """Give each row its place and what the layout makes of its columns."""
    return exp.select(
        exp.alias_(exp.column(FILE_COLUMN, quoted=True), "source_file"),
        exp.alias_(exp.column(ROW_COLUMN, quoted=True), "source_row"),
        *_named(mapped),
        *_named({name: record_of(source) for name in kept}),
    ).from_(source.subquery("source"))


def _unpacked_rows(mapped: exp.Select, columns: list[Column], tried: list[str], kept: list[str]) -> exp.Select:
    """Take the answers of expressions that may fail out of their packing, and note which failed."""
    return _passed_on(mapped, "mapped", kept).select(
        *_named({c.name: _unpacked(c.name, c.name in tried) for c in columns}),
        *_named({f"failed_{name}": is_null(name) for name in tried}),
        copy=False,
    )


def _read_rows(
    cleaned: exp.Select, columns: list[Column], fallible: list[Column], values: Values, kept: list[str]
) -> exp.Select:
    """Read every value in its type, note which must not be lost, and keep the text of some columns."""
    return _passed_on(cleaned, "cleaned", kept).select(
        *_named({c.name: values.read(c) for c in columns}),
        *_named({f"was_{c.name}": values.must_be_read(c) for c in fallible}),
        *_named({f"{name}_text": exp.cast(exp.column(name, quoted=True), "varchar") for name in TEXT_KEPT}),
        copy=False,
    )


def _named(expressions: dict[str, exp.Expr]) -> list[exp.Expr]:
    return [exp.alias_(expression, name, quoted=True, copy=False) for name, expression in expressions.items()]


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
            f"the expression ({page('layouts.md')}).",
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
    base = base_type(source_type)
    return "number" if base in NUMBERS else "time" if base.startswith(("DATE", "TIME")) else base


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
