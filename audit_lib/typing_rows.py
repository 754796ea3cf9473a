"""From the source's columns to the contract's types: one query, composed from the layout and `kinds.yml`."""

from __future__ import annotations

from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

from audit_lib.layouts import Column, Reading, contract_columns, kinds

BLANKS = " \t\r\n\v\f\u00a0\ufeff"
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
            "FLOAT", "DOUBLE", "DECIMAL")  # fmt: skip


def typed_query(
    connection: duckdb.DuckDBPyConnection,
    source: exp.Select,
    bound: dict[str, exp.Expression | None],
    reading: Reading,
    with_source_text: bool = False,
) -> exp.Select:
    """Compose the query that gives each source row its typed columns, and what could not be read in it.

    Result columns: source_file, source_row, every contract column, rejected_columns and rejection_reason (null
    where the row is readable) and, if asked for, source_text (the rejected row as JSON).
    """
    columns = contract_columns()
    source_types = _types(connection, source)
    record = [exp.alias_(source_record(list(source_types)), "source_record")] if with_source_text else []
    mapped = exp.select("source_file", "source_row", *record).from_(source.subquery("source"))
    mapped = mapped.select(
        *[exp.alias_(_of_one_type(bound[c.name], source_types), c.name, quoted=True) for c in columns]
    )
    types = _types(connection, mapped)
    cleaned = _passed_on(mapped, "mapped", with_source_text).select(
        *[exp.alias_(_cleaned(c.name, types[c.name], reading), c.name, quoted=True) for c in columns]
    )
    typed = _passed_on(cleaned, "cleaned", with_source_text)
    fallible = [c for c in columns if bound[c.name] is not None and _can_fail(c, types[c.name])]
    for column in columns:
        typed = typed.select(
            exp.alias_(_typed(column, types[column.name], reading), column.name, quoted=True)
        )
    typed = typed.select(*[exp.alias_(_is_there(c.name), f"was_{c.name}", quoted=True) for c in fallible])
    return _with_rejections(typed, columns, fallible, with_source_text)


def _types(connection: duckdb.DuckDBPyConnection, query: exp.Select) -> dict[str, str]:
    return {
        str(row[0]): str(row[1]) for row in connection.execute(f"describe {query.sql('duckdb')}").fetchall()
    }


def source_record(names: list[str]) -> exp.Expression:
    """Return the whole source row as one value: what a rejected row is kept as."""
    fields = [
        exp.PropertyEQ(this=exp.to_identifier(name, quoted=True), expression=exp.column(name, quoted=True))
        for name in names
        if name not in ("source_file", "source_row")
    ]
    return exp.Anonymous(this="struct_pack", expressions=fields)


def _of_one_type(mapping: exp.Expression | None, source_types: dict[str, str]) -> exp.Expression:
    """Let columns of several types stand in one expression: as text, which its kind reads again."""
    if mapping is None:
        return exp.Null()
    types = {source_types.get(column.name, "") for column in mapping.find_all(exp.Column)}
    if isinstance(mapping, exp.Column) or len(types) == 1:
        return mapping
    return mapping.transform(lambda node: exp.cast(node, "varchar") if isinstance(node, exp.Column) else node)


def _passed_on(query: exp.Select, name: str, with_source_text: bool) -> exp.Select:
    carried = ["source_file", "source_row", *(["source_record"] if with_source_text else [])]
    return exp.select(*carried).from_(query.subquery(name))


def _cleaned(name: str, source_type: str, reading: Reading) -> exp.Expression:
    """Text without blanks around it, null where nothing is left; not-a-number is a missing number."""
    column = exp.column(name, quoted=True)
    if source_type == "VARCHAR":
        trimmed: exp.Expression = exp.func(
            "nullif", exp.func("trim", column, exp.Literal.string(BLANKS)), exp.Literal.string("")
        )
        for word in reading.null_values:
            trimmed = exp.func("nullif", trimmed, exp.Literal.string(word))
        return trimmed
    if source_type in ("FLOAT", "DOUBLE"):
        return exp.Case(
            ifs=[exp.If(this=exp.Anonymous(this="isnan", expressions=[column]), true=exp.Null())],
            default=column,
        )
    return column


def _typed(column: Column, source_type: str, reading: Reading) -> exp.Expression:
    """The value in its type, null where it cannot be read."""
    kind = kinds()[column.kind]
    value = exp.column(column.name, quoted=True)
    return exp.TryCast(
        this=_read_expression(kind, value, source_type, reading),
        to=exp.DataType.build(kind["type"], "duckdb"),
    )


def _read_expression(
    kind: dict[str, Any], value: exp.Expression, source_type: str, reading: Reading
) -> exp.Expression:
    base = source_type.split("(", maxsplit=1)[0]
    if source_type == '"NULL"':
        return exp.Null()
    if base in _NUMBERS and "number" in kind:
        return _filled(kind["number"], value)
    if kind["type"] == "date" and base.startswith(("DATE", "TIMESTAMP")):
        return _filled(kind["moment"], value)
    text = value if base == "VARCHAR" else _as_text(value, base)
    read = _filled(kind["text"], text)
    formats = [reading.date_format] if isinstance(reading.date_format, str) else reading.date_format
    if kind["type"] == "date" and formats:
        options = exp.Array(expressions=[exp.Literal.string(f) for f in formats])
        parsed = exp.cast(exp.Anonymous(this="try_strptime", expressions=[text.copy(), options]), "date")
        return exp.func("coalesce", read, parsed)
    return read


def _as_text(value: exp.Expression, base: str) -> exp.Expression:
    """A number as the code that it was before a tool made a number of it."""
    if base in ("FLOAT", "DOUBLE"):
        whole = exp.cast(exp.TryCast(this=value.copy(), to=exp.DataType.build("bigint")), "varchar")
        is_whole = sqlglot.parse_one("value = floor(value) and abs(value) < 1e15", read="duckdb")
        return exp.Case(
            ifs=[exp.If(this=_replaced(is_whole, value), true=whole)],
            default=exp.cast(value.copy(), "varchar"),
        )
    return exp.cast(value.copy(), "varchar")


def _filled(text: str, value: exp.Expression) -> exp.Expression:
    return _replaced(sqlglot.parse_one(text, read="duckdb"), value)


def _replaced(tree: exp.Expression, value: exp.Expression) -> exp.Expression:
    return tree.transform(
        lambda node: (
            value.copy() if isinstance(node, exp.Column) and node.name == "value" and not node.table else node
        )
    )


def _can_fail(column: Column, source_type: str) -> bool:
    """Tell whether a value of this source type may be unreadable: a date in a date column never is."""
    kind = kinds()[column.kind]
    if "reason" not in kind or source_type == '"NULL"':
        return False
    return not (kind["type"] == "date" and source_type == "DATE") and source_type != kind[
        "type"
    ].upper().replace(" ", "")


def _is_there(name: str) -> exp.Expression:
    return exp.Not(this=exp.Is(this=exp.column(name, quoted=True), expression=exp.Null()))


def _with_rejections(
    typed: exp.Select, columns: list[Column], fallible: list[Column], with_source_text: bool
) -> exp.Select:
    """Add which columns of a row could not be read and why."""
    problems: list[tuple[exp.Expression, str, str]] = []
    for column in columns:
        if column.required == "value" and column not in fallible:
            problems.append((_is_missing(column.name), column.name, f"{column.name} is missing"))
        if column in fallible:
            failed = exp.and_(exp.column(f"was_{column.name}", quoted=True), _is_missing(column.name))
            problems.append((failed, column.name, f"{column.name} {kinds()[column.kind]['reason']}"))
            if column.required == "value":
                absent = exp.and_(
                    exp.not_(exp.column(f"was_{column.name}", quoted=True)), _is_missing(column.name)
                )
                problems.append((absent, column.name, f"{column.name} is missing"))
    is_rejected = exp.or_(*[condition.copy() for condition, _, _ in problems])
    checked = exp.select("source_file", "source_row", *[exp.column(c.name, quoted=True) for c in columns])
    checked = checked.select(
        exp.alias_(is_rejected, "is_rejected"),
        exp.alias_(_joined([(condition, name) for condition, name, _ in problems], ", "), "rejected_columns"),
        exp.alias_(
            _joined([(condition, reason) for condition, _, reason in problems], "; "), "rejection_reason"
        ),
    )
    if with_source_text:
        as_json = exp.cast(
            exp.Anonymous(this="to_json", expressions=[exp.column("source_record")]), "varchar"
        )
        text = exp.Case(ifs=[exp.If(this=is_rejected.copy(), true=as_json)])
        checked = checked.select(exp.alias_(text, "source_text"))
    return checked.from_(typed.subquery("typed"))


def _is_missing(name: str) -> exp.Expression:
    return exp.Is(this=exp.column(name, quoted=True), expression=exp.Null())


def _joined(parts: list[tuple[exp.Expression, str]], separator: str) -> exp.Expression:
    cases = [
        exp.Case(ifs=[exp.If(this=condition.copy(), true=exp.Literal.string(text))])
        for condition, text in parts
    ]
    return exp.Anonymous(this="concat_ws", expressions=[exp.Literal.string(separator), *cases])


def create_typed_view(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `typed_rows`: the readable rows of `checked_rows`."""
    names = ", ".join(["source_file", "source_row", *[c.name for c in contract_columns()]])
    connection.execute(f"create view typed_rows as select {names} from checked_rows where not is_rejected")


def empty_rejected_rows() -> str:
    """Return the statement that creates `rejected_rows` without a row in it."""
    return (
        "create table rejected_rows (source_file varchar, source_row bigint, column_name varchar, "
        "reason varchar, source_text varchar)"
    )


def rejected_from_checked() -> exp.Insert:
    """Return the statement that moves rejected rows of a text file, with their text, to `rejected_rows`."""
    rows = sqlglot.parse_one(
        "select source_file, source_row, rejected_columns, rejection_reason, source_text from checked_rows where is_rejected",
        read="duckdb",
    )
    return exp.Insert(this=exp.to_table("rejected_rows"), expression=rows)


def rejected_query(source: exp.Select, names: list[str]) -> exp.Create:
    """Return the statement that creates `rejected_rows` from a Parquet source; the rows' text is fetched for them alone."""
    rejected = sqlglot.parse_one(
        "select source_file, source_row, rejected_columns, rejection_reason from checked_rows where is_rejected",
        read="duckdb",
    )
    record = exp.Anonymous(this="to_json", expressions=[source_record(names)])
    query = (
        exp.select(
            "rejected.source_file", "rejected.source_row", "rejected.rejected_columns as column_name",
            "rejected.rejection_reason as reason", exp.alias_(exp.cast(record, "varchar"), "source_text"),
        )
        .from_(exp.Subquery(this=rejected, alias=exp.TableAlias(this=exp.to_identifier("rejected"))))
        .join(source.subquery("source"), using=["source_file", "source_row"])
    )  # fmt: skip
    return exp.Create(this=exp.to_table("rejected_rows"), kind="TABLE", expression=query)
