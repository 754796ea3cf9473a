"""From the source's columns to the contract's types: one query, composed from the layout and `kinds.yml`."""

from __future__ import annotations

import re
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

from audit_lib.claims.layouts import Column, Reading, contract_columns, kinds
from audit_lib.claims.plain_columns import is_plain
from audit_lib.errors import BAD_CLAIMS, AuditError

# Names of our own beside the source's columns; no claims file has a column so named.
FILE_COLUMN, ROW_COLUMN = "audit source file", "audit source row"
BLANKS = " \t\r\n\v\f\u00a0\ufeff"
NULL_MARKS = ("NULL", "null", "\\N", "NaN", "nan", "None", "N/A", "n/a", "#N/A", "<NA>")
_FLOATS = ("FLOAT", "DOUBLE")
_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT",
             "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")  # fmt: skip
_NUMBERS = (*_FLOATS, *_INTEGERS, "DECIMAL")
# Columns whose text as delivered is kept beside the value: the data-quality gate asks in how many ways it is written.
TEXT_KEPT = ("billing_tin",)
_EXACT_IN_A_FLOAT = 9_007_199_254_740_992
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
) -> exp.Select:
    """Compose the query that gives each source row its typed columns, and what could not be read in it.

    `plain` names the columns of which every value is known to need no cleaning.

    Result columns: source_file, source_row, every contract column, is_rejected, rejected_columns, rejection_reason,
    unreadable_columns (the rejected ones that were not empty) and `<name>_text` of `TEXT_KEPT`. Raises AuditError (11)
    where an expression does not fit its columns' types, or they are nested.
    """
    columns = contract_columns()
    source_types = _types(connection, source)
    tried = [c.name for c in columns if _may_fail(bound[c.name])]
    mapped = exp.select(
        exp.alias_(exp.column(FILE_COLUMN, quoted=True), "source_file"),
        exp.alias_(exp.column(ROW_COLUMN, quoted=True), "source_row"),
        *[exp.alias_(_mapped(bound[c.name], source_types), c.name, quoted=True) for c in columns],
    ).from_(source.subquery("source"))
    unpacked = _passed_on(mapped, "mapped").select(
        *[exp.alias_(_unpacked(c.name, c.name in tried), c.name, quoted=True) for c in columns],
        *[exp.alias_(_is_null(name), f"failed_{name}", quoted=True) for name in tried],
    )
    types = _bound_types(connection, unpacked, source, bound, source_types)
    cleaned = _passed_on(unpacked, "unpacked").select(
        *[exp.alias_(_cleaned(c, types[c.name], reading, plain), c.name, quoted=True) for c in columns],
        *[exp.column(f"failed_{name}", quoted=True) for name in tried],
    )
    fallible = [
        c for c in columns if bound[c.name] is not None and c.name not in plain and _can_be_unreadable(c, types[c.name])
    ]
    typed = _passed_on(cleaned, "cleaned").select(
        *[exp.alias_(_typed(c, types[c.name], reading, plain), c.name, quoted=True) for c in columns],
        *[exp.alias_(_must_be_read(c, types[c.name]), f"was_{c.name}", quoted=True) for c in fallible],
        *[exp.alias_(exp.cast(exp.column(name, quoted=True), "varchar"), f"{name}_text") for name in TEXT_KEPT],
        *[exp.column(f"failed_{name}", quoted=True) for name in tried],
    )
    return _with_rejections(typed, columns, fallible, tried)


def _types(connection: duckdb.DuckDBPyConnection, query: exp.Select) -> dict[str, str]:
    return {str(row[0]): str(row[1]) for row in connection.execute(f"describe {query.sql('duckdb')}").fetchall()}


def _bound_types(
    connection: duckdb.DuckDBPyConnection,
    query: exp.Select,
    source: exp.Select,
    bound: dict[str, exp.Expr | None],
    source_types: dict[str, str],
) -> dict[str, str]:
    """Return the types that the layout's expressions give; name every column whose expression does not fit."""
    try:
        types = _types(connection, query)
    except duckdb.BinderException as error:
        wrong = [name for name in bound if not _binds(connection, source, _mapped(bound[name], source_types))]
        raise AuditError(
            BAD_CLAIMS,
            f"The layout does not fit this file: its expression for {', '.join(wrong)} uses a column as a type that it "
            "is not. Write a cast there, such as cast(column as decimal(18, 2)) or cast(column as varchar), or correct "
            "the expression (docs/layouts.md).",
        ) from error
    nested = [
        name for name, of in types.items() if of.endswith("]") or of.startswith(("STRUCT", "MAP", "UNION", "VARIANT"))
    ]
    if nested:
        raise AuditError(
            BAD_CLAIMS,
            f"The claims hold lists or structures where single values belong: {', '.join(nested)}. "
            "Have these columns exported as plain ones, or leave them out in a layout.",
        )
    return types


def _binds(connection: duckdb.DuckDBPyConnection, source: exp.Select, mapping: exp.Expr) -> bool:
    try:
        _types(connection, exp.select(exp.alias_(mapping, "value")).from_(source.subquery("source")))
    except duckdb.BinderException:
        return False
    return True


def _may_fail(mapping: exp.Expr | None) -> bool:
    """Tell whether an expression can end in an error: a cast, a date that does not exist, an overflow."""
    return mapping is not None and not all(isinstance(node, _SAFE) for node in mapping.walk())


def _mapped(mapping: exp.Expr | None, source_types: dict[str, str]) -> exp.Expr:
    """Let columns of several types stand in one expression: as text, which its kind reads again.

    What may fail is packed, so that null for "failed" differs from null as the expression's answer.
    """
    if mapping is None:
        return exp.Null()
    families = {_family(source_types.get(column.name, "")) for column in mapping.find_all(exp.Column)}
    if len(families) > 1:
        mapping = mapping.transform(lambda node: exp.cast(node, "varchar") if isinstance(node, exp.Column) else node)
    return _packed(mapping) if _may_fail(mapping) else mapping


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


def _passed_on(query: exp.Select, name: str) -> exp.Select:
    return exp.select("source_file", "source_row").from_(query.subquery(name))


def _cleaned(column: Column, source_type: str, reading: Reading, plain: frozenset[str]) -> exp.Expr:
    """Take the blanks around text away; null where nothing or a mark for nothing is left, and for not-a-number."""
    value = exp.column(column.name, quoted=True)
    if column.name in plain:
        return value
    if source_type == "VARCHAR":
        marks = "|".join(re.escape(mark) for mark in dict.fromkeys((*NULL_MARKS, *reading.null_values)))
        unmarked = _call("regexp_replace", _call("trim", value, BLANKS), f"^({marks})$", "")
        trimmed = exp.func("nullif", unmarked, exp.Literal.string(""))
        if "plain" not in kinds()[column.kind] or reading.null_values:
            return trimmed
        # Plain functions run once per entry of a dictionary; where nearly every value is another, a test comes cheaper.
        return exp.Case(ifs=[exp.If(this=is_plain(column), true=value.copy())], default=trimmed)
    if source_type in _FLOATS:
        return exp.Case(ifs=[exp.If(this=_call("isnan", value), true=exp.Null())], default=value.copy())
    return value


def _call(name: str, value: exp.Expr, *constants: str) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=[value, *[exp.Literal.string(text) for text in constants]])


def _typed(column: Column, source_type: str, reading: Reading, plain: frozenset[str]) -> exp.Expr:
    """Return the value in its type, null where it cannot be read."""
    kind = kinds()[column.kind]
    value = exp.column(column.name, quoted=True)
    if column.name in plain:
        return value
    if source_type == kind["type"].upper().replace(" ", "") and "least" not in kind and kind["type"] != "varchar":
        return value
    read: exp.Expr = _read_expression(kind, value, source_type, reading)
    read = exp.TryCast(this=read, to=exp.DataType.build(kind["type"], "duckdb"))
    if "least" not in kind:
        return read
    bounds = [exp.cast(exp.Literal.string(kind[key]), kind["type"]) for key in ("least", "most")]
    is_within = exp.Between(this=read.copy(), low=bounds[0], high=bounds[1])
    return exp.Case(ifs=[exp.If(this=is_within, true=read)])


def _read_expression(kind: dict[str, Any], value: exp.Expr, source_type: str, reading: Reading) -> exp.Expr:
    base = _base(source_type)
    if source_type == '"NULL"':
        return exp.Null()
    if kind["type"] == "date" and base == "DATE":
        return value
    if kind["type"] == "date" and base.startswith("TIMESTAMP"):
        return _filled(kind["moment"], value)
    text = value if base == "VARCHAR" else _as_text(value, base)
    is_number = base in _NUMBERS and "number" in kind
    read = _filled(kind["number"], value) if is_number else _filled(kind["text"], text)
    if kind["type"] == "date" and reading.date_format:
        formats = exp.Array(expressions=[exp.Literal.string(f) for f in reading.date_format])
        parsed = exp.cast(exp.Anonymous(this="try_strptime", expressions=[text.copy(), formats]), "date")
        return exp.func("coalesce", parsed, read)
    return read


def _as_text(value: exp.Expr, base: str) -> exp.Expr:
    """Write a number as the code that it was before a tool made a number of it."""
    if base in _FLOATS:
        whole = exp.cast(exp.TryCast(this=value.copy(), to=exp.DataType.build("bigint")), "varchar")
        is_whole = _filled(f"value = floor(value) and abs(value) < {_EXACT_IN_A_FLOAT}", value)
        in_full = _filled("format('{:e}', value)", value)
        is_large = _filled(f"abs(value) >= {_EXACT_IN_A_FLOAT}", value)
        return exp.Case(
            ifs=[exp.If(this=is_whole, true=whole), exp.If(this=is_large, true=in_full)],
            default=exp.cast(value.copy(), "varchar"),
        )
    return exp.cast(value.copy(), "varchar")


def _filled(text: str, value: exp.Expr) -> exp.Expr:
    return sqlglot.parse_one(text, read="duckdb").transform(
        lambda node: value.copy() if isinstance(node, exp.Column) and node.name == "value" and not node.table else node
    )


def _can_be_unreadable(column: Column, source_type: str) -> bool:
    """Tell whether a value of this source type may be unreadable: an amount in a column of amounts never is."""
    kind = kinds()[column.kind]
    if "reason" not in kind or source_type == '"NULL"':
        return False
    is_text = kind["type"] == "varchar"
    if is_text and _base(source_type) not in ("VARCHAR", *_FLOATS):
        return False
    return is_text or "least" in kind or source_type != kind["type"].upper().replace(" ", "")


def _must_be_read(column: Column, source_type: str) -> exp.Expr:
    """Return whether a value is there that must not turn out as nothing."""
    kind = kinds()[column.kind]
    value = exp.column(column.name, quoted=True)
    if "refused" in kind:
        return _filled(kind["refused"], value if source_type == "VARCHAR" else _as_text(value, _base(source_type)))
    return exp.not_(_is_null(column.name))


def _with_rejections(typed: exp.Select, columns: list[Column], fallible: list[Column], tried: list[str]) -> exp.Select:
    """Add which columns of a row could not be read and why."""
    problems: list[tuple[exp.Expr, str, str]] = []
    unreadable: list[tuple[exp.Expr, str]] = []
    for column in columns:
        name = column.name
        missing = [_is_null(name)]
        if name in tried:
            failed = exp.column(f"failed_{name}", quoted=True)
            problems.append((failed, name, f"{name} could not be computed by the layout's expression"))
            unreadable.append((failed, name))
            missing.append(exp.not_(failed.copy()))
        if column in fallible:
            was_there = exp.column(f"was_{name}", quoted=True)
            problems.append((exp.and_(was_there, _is_null(name)), name, f"{name} {kinds()[column.kind]['reason']}"))
            unreadable.append((exp.and_(was_there, _is_null(name)), name))
            missing.append(exp.not_(was_there.copy()))
        if column.required == "value":
            problems.append((exp.and_(*missing), name, f"{name} is missing"))
    is_rejected = exp.func("coalesce", exp.or_(*[condition.copy() for condition, _, _ in problems]), exp.false())
    return exp.select(
        "source_file",
        "source_row",
        *[exp.column(c.name, quoted=True) for c in columns],
        exp.alias_(is_rejected, "is_rejected"),
        exp.alias_(_joined([(condition, name) for condition, name, _ in problems], ", "), "rejected_columns"),
        exp.alias_(_joined([(condition, reason) for condition, _, reason in problems], "; "), "rejection_reason"),
        exp.alias_(_joined(unreadable, ", "), "unreadable_columns"),
        *[f"{name}_text" for name in TEXT_KEPT],
    ).from_(typed.subquery("typed"))


def _is_null(name: str) -> exp.Expr:
    return exp.Is(this=exp.column(name, quoted=True), expression=exp.Null())


def _joined(parts: list[tuple[exp.Expr, str]], separator: str) -> exp.Expr:
    cases = [exp.Case(ifs=[exp.If(this=condition.copy(), true=exp.Literal.string(text))]) for condition, text in parts]
    return exp.Anonymous(this="concat_ws", expressions=[exp.Literal.string(separator), *cases])
