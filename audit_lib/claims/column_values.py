"""What a column's value says: cleaned of blanks and marks for nothing, then in the type of its kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from audit_lib.claims.layouts import Column, Reading, kinds
from audit_lib.claims.plain_columns import is_plain
from audit_lib.claims.quick_tests import answer, cleaned, filled, unless_quick
from audit_lib.claims.rejections import is_null
from audit_lib.claims.value_texts import FLOATS, as_text, is_marked, unmarked

_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT",
             "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")  # fmt: skip
NUMBERS = (*FLOATS, *_INTEGERS, "DECIMAL")
# By what it looks like: where a file's statistics pass over it, as they should, DuckDB's `isnan` answers from them.
_NOT_A_NUMBER = "not isfinite(value) and cast(value as varchar) in ('nan', '-nan')"


def base_type(source_type: str) -> str:
    """Return a type of the source without its width."""
    return source_type.split("(", maxsplit=1)[0]


@dataclass(frozen=True)
class Values:
    """How the values of a source are taken.

    `types`: what each column is delivered as; `plain`: columns of which every value stands for itself; `quick`: columns
    of text with a cheap test of their own.
    """

    types: dict[str, str]
    reading: Reading
    plain: frozenset[str]
    quick: list[Column]

    def cleaned(self, column: Column) -> exp.Expr:
        """Take the blanks around text away; null where nothing or a mark for nothing is left, and for not-a-number."""
        value: exp.Expr = exp.column(column.name, quoted=True)
        if column.name in self.plain:
            return value
        source_type = self.types[column.name]
        if source_type == "VARCHAR":
            return self._cleaned_text(column, value)
        if source_type in FLOATS:
            value = exp.Case(ifs=[exp.If(this=filled(_NOT_A_NUMBER, value), true=exp.Null())], default=value.copy())
        if not self.reading.null_values:
            return value
        is_nothing = is_marked(exp.column(column.name, quoted=True), source_type, self.reading)
        return exp.Case(ifs=[exp.If(this=is_nothing, true=exp.Null())], default=value)

    def _cleaned_text(self, column: Column, value: exp.Expr) -> exp.Expr:
        trimmed = unmarked(value, self.reading)
        if column in self.quick:
            return cleaned(column, self.reading, trimmed)
        if "plain" not in kinds()[column.kind] or self.reading.null_values:
            return trimmed
        # Plain functions run once per entry of a dictionary; where nearly every value is another, a test comes cheaper.
        return exp.Case(ifs=[exp.If(this=is_plain(column), true=value.copy())], default=trimmed)

    def read(self, column: Column) -> exp.Expr:
        """Return the value in its type, null where it cannot be read."""
        kind, source_type = kinds()[column.kind], self.types[column.name]
        value = exp.column(column.name, quoted=True)
        if column.name in self.plain:
            return value
        if source_type == kind["type"].upper().replace(" ", "") and kind["type"] != "varchar":
            return value
        read = exp.TryCast(
            this=self._read_expression(kind, value, source_type), to=exp.DataType.build(kind["type"], "duckdb")
        )
        return answer(column, read) if column in self.quick else read

    def _read_expression(self, kind: dict[str, Any], value: exp.Expr, source_type: str) -> exp.Expr:
        base = base_type(source_type)
        if source_type == '"NULL"':
            return exp.Null()
        if kind["type"] == "date" and base == "DATE":
            return value
        if kind["type"] == "date" and base.startswith("TIMESTAMP"):
            return filled(kind["moment"], value)
        text = value if base == "VARCHAR" else as_text(value, source_type)
        is_number = base in NUMBERS and "number" in kind and not (base == "FLOAT" and kind["type"] == "date")
        read = filled(kind["number"], value) if is_number else filled(kind["text"], text)
        if kind["type"] == "date" and self.reading.date_format:
            formats = exp.Array(expressions=[exp.Literal.string(f) for f in self.reading.date_format])
            parsed = exp.cast(exp.Anonymous(this="try_strptime", expressions=[text.copy(), formats]), "date")
            return exp.func("coalesce", parsed, read)
        return read

    def may_be_unreadable(self, column: Column) -> bool:
        """Tell whether a value may be unreadable: an amount in a column of amounts never is."""
        kind, source_type = kinds()[column.kind], self.types[column.name]
        if column.name in self.plain or "reason" not in kind or source_type == '"NULL"':
            return False
        is_text = kind["type"] == "varchar"
        if is_text and base_type(source_type) not in ("VARCHAR", *FLOATS):
            return False
        return is_text or "least" in kind or source_type != kind["type"].upper().replace(" ", "")

    def must_be_read(self, column: Column) -> exp.Expr:
        """Return whether a value is there that must not turn out as nothing."""
        kind, source_type = kinds()[column.kind], self.types[column.name]
        value = exp.column(column.name, quoted=True)
        if "refused" in kind:
            refused = filled(kind["refused"], value if source_type == "VARCHAR" else as_text(value, source_type))
            return unless_quick(column, refused) if column in self.quick else refused
        return exp.not_(is_null(column.name))
