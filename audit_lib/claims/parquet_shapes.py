"""Shapes of Parquet files: their own columns and types, and the columns that the folders of their path name.

Files of one delivery rarely differ, and are then read in one scan. Where they do, in ways in which a joint scan would
lose or refuse values (a number of 16 digits as a float, a date beside a number), the files of one shape are scanned
together and the columns that differ are read as text, which their kind reads as it does in a file by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

import duckdb
import pyarrow.parquet as pq
from sqlglot import exp

from audit_lib.claims.csv_reading import table_function
from audit_lib.claims.delivered_types import delivered_types
from audit_lib.claims.sources import SourceFile
from audit_lib.errors import BAD_CLAIMS, AuditError
from audit_lib.words import count

# What Hive writes where a partition's value is missing.
_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
_FOLDER = re.compile(r"([^/=]+)=([^/]*)")
# The most digits that a whole number of each type has.
_DIGITS = {
    "TINYINT": 3, "SMALLINT": 5, "INTEGER": 10, "BIGINT": 19,
    "UTINYINT": 3, "USMALLINT": 5, "UINTEGER": 10, "UBIGINT": 20,
}  # fmt: skip
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_MOST_DIGITS = 38
_NESTED = ("STRUCT", "MAP", "UNION", "VARIANT")


@dataclass(frozen=True)
class Shape:
    """A file's own columns with their types, as DuckDB reads them, and the names that folders of its path give.

    A column of its own goes before a folder's value. `header` names both as layouts do, repetitions and all.
    """

    columns: dict[str, str]
    folders: tuple[str, ...]
    header: tuple[str, ...]


def refuse_nested(files: Sequence[SourceFile], shapes: Sequence[Shape], bound: dict[str, exp.Expr | None]) -> None:
    """Refuse lists and structures where the layout takes single values; it may ask for them, or cast them to text.

    Raises AuditError (11) that names the file and its columns.
    """
    used = {
        column.name
        for mapping in bound.values()
        if mapping is not None
        for column in mapping.find_all(exp.Column)
        if not isinstance(column.parent, exp.Is | exp.Cast)
    }
    found: dict[str, list[str]] = {}
    for file, shape in zip(files, shapes, strict=True):
        nested = {plain_name(name) for name, of_type in shape.columns.items() if _is_nested(of_type)}
        if wrong := sorted(nested & used):
            found[file.label] = wrong
    if found:
        label, columns = next(iter(found.items()))
        others = f" The same holds of {count(len(found) - 1, 'more file')}." if len(found) > 1 else ""
        raise AuditError(
            BAD_CLAIMS,
            f"The claims file {label} holds lists or structures where single values belong: {', '.join(columns)}."
            f"{others} Text, numbers, dates and decimals are allowed there. Have these columns exported as plain ones, "
            "or leave them out in a layout.",
        )


def _is_nested(of_type: str) -> bool:
    return of_type.endswith("]") or of_type.startswith(_NESTED)


def plain_name(name: str) -> str:
    """Return a column's name without blanks around it, in lower case."""
    return name.strip().lower()


def shape_of(connection: duckdb.DuckDBPyConnection, file: SourceFile) -> Shape:
    """Return what columns a Parquet file has. Raises AuditError (11) where one has a name that the reader needs."""
    options: dict[str, exp.Expr] = {"hive_partitioning": exp.false()}
    scan = exp.select("*").from_(table_function("read_parquet", exp.Literal.string(str(file.path)), options))
    columns = delivered_types(connection, scan)
    own = list(map(plain_name, pq.read_schema(file.path).names))
    if "file_row_number" in own:
        raise AuditError(
            BAD_CLAIMS,
            f"The claims file {file.label} has a column file_row_number, a name that the reader keeps for itself. "
            "Rename or drop that column.",
        )
    folders = tuple(name for name in _names_in(f"{file.given_in}/{file.label}") if name not in own)
    return Shape(columns, folders, (*own, *folders))


def _names_in(path: str) -> dict[str, str]:
    """Return what the folders of a path name, by the names in lower case; the last folder of a name counts."""
    found = [_FOLDER.fullmatch(part) for part in path.split("/")[:-1]]
    return {plain_name(one[1]): one[2] for one in found if one}


def folder_value(name: str, files: Sequence[SourceFile], label: exp.Expr) -> exp.Expr:
    """Return the value that folders give a column: those below the folder that was given, else those of its path."""
    below = exp.Anonymous(
        this="regexp_extract",
        expressions=[label, exp.Literal.string(f"^(?:.*/)?(?i:{re.escape(name)})=([^/]*)/"), exp.Literal.number(1)],
    )
    given = exp.func("nullif", below, exp.Literal.string(""))
    decoded = exp.Anonymous(this="try", expressions=[exp.Anonymous(this="url_decode", expressions=[given.copy()])])
    value = exp.func("coalesce", decoded, given)
    above = _names_in(f"{files[0].given_in}/x").get(name)
    if above:
        value = exp.func("coalesce", value, exp.Literal.string(_decoded(above)))
    return exp.func("nullif", value, exp.Literal.string(_NO_VALUE))


def _decoded(text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text


def differing(shapes: Sequence[Shape], codes: frozenset[str]) -> frozenset[str]:
    """Return the columns that are not read in one scan: of types that do not fit, or with other blanks around them.

    `codes` are the columns that are read as text, of which a float would lose digits.
    """
    types: dict[str, set[str]] = {}
    names: dict[str, set[str]] = {}
    for shape in shapes:
        for name, of_type in shape.columns.items():
            types.setdefault(plain_name(name), set()).add(of_type)
            names.setdefault(plain_name(name), set()).add(name.lower())
    return frozenset(name for name in types if len(names[name]) > 1 or not _fit(types[name], name in codes))


def _fit(types: set[str], is_code: bool) -> bool:
    """Tell whether values of these types keep what they say in the type that holds them all."""
    bases = {one.split("(", maxsplit=1)[0] for one in types if one != '"NULL"'}
    if any(map(_is_nested, types)):
        return len(types - {'"NULL"'}) < 2
    if bases <= {*_DIGITS, "DECIMAL"}:
        return _exact_digits(types) <= _MOST_DIGITS
    is_time = all(base.startswith(("DATE", "TIMESTAMP")) for base in bases) and "TIMESTAMP_NS" not in bases
    return len(bases) < 2 or is_time or (not is_code and bases <= {*_DIGITS, "DECIMAL", "DOUBLE"})


def _exact_digits(types: set[str]) -> int:
    """Return how many digits a decimal has that holds all values of these exact types."""
    decimals = [(int(found[1]), int(found[2])) for one in types if (found := _DECIMAL.fullmatch(one))]
    before = [width - scale for width, scale in decimals] + [_DIGITS[one] for one in types if one in _DIGITS]
    return max(before, default=0) + max((scale for _, scale in decimals), default=0)


def grouped(shapes: Sequence[Shape], apart: frozenset[str]) -> list[list[int]]:
    """Return the places of the shapes that are alike in the columns `apart`, group by group."""
    groups: dict[frozenset[tuple[str, str]], list[int]] = {}
    for place, shape in enumerate(shapes):
        key = frozenset((name, of_type) for name, of_type in shape.columns.items() if plain_name(name) in apart)
        groups.setdefault(key, []).append(place)
    return list(groups.values())
