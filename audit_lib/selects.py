"""A select over a finished run: the tables that it reads, found without binding it, its answer, or why it has none."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from audit_lib.errors import USAGE, AuditError, speaks_of_sql
from audit_lib.names import nearest


def tables_read(connection: duckdb.DuckDBPyConnection, select: str) -> set[str]:
    """Return the tables that one select names, in lower case, its own CTEs left out; it may use any kind of join.

    The text is parsed, not bound: a table need not be there. Raises AuditError (2) where it nests too deeply.
    """
    answer = connection.execute("select json_serialize_sql($select::varchar)", {"select": select}).fetchall()
    try:
        return set(_named(json.loads(answer[0][0]).get("statements", []), frozenset()))
    except RecursionError as error:
        raise AuditError(USAGE, "The select cannot be answered: it nests too deeply. Split it with CTEs.") from error


def _named(node: Any, own: frozenset[str]) -> Iterator[str]:
    """Give the tables below a node of the parsed select; `own` are the CTEs that it sees."""
    if isinstance(node, list):
        for part in node:
            yield from _named(part, own)
    elif isinstance(node, dict):
        if node.get("type") == "BASE_TABLE" and "table_name" in node:
            name = node["table_name"].lower()
            if node.get("schema_name") or name not in own:
                yield name
        if "cte_name" in node:  # a recursive one, which reads itself
            own |= {node["cte_name"].lower()}
        for cte in (node.get("cte_map") or {}).get("map", []):
            yield from _named(cte["value"], own)
            own |= {cte["key"].lower()}
        yield from _named([value for key, value in node.items() if key != "cte_map"], own)


def as_frame(table: pa.Table) -> pd.DataFrame:
    """Turn an Arrow table into a data frame without losing cents, or whole numbers where some are missing."""
    whole_numbers = {pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int32Dtype()}
    frame: pd.DataFrame = table.to_pandas(types_mapper=whole_numbers.get)
    return frame


def no_table(name: str, known: Iterable[str]) -> str:
    """Say that there is no table of that name, and which was probably meant."""
    near = nearest(name, known)
    return f"there is no table {name}{f'. Did you mean {near}?' if near else '; .tables in the shell lists them.'}"


def unanswered(error: duckdb.Error, known: Iterable[str] = ()) -> AuditError:
    """Say why a select has no answer, where the tables `known` are there to be read.

    Errors that come of values may quote one, so they are named by their kind.
    """
    text = str(error).splitlines()[0]
    why = f"a value does not fit what is asked of it ({type(error).__name__.removesuffix('Exception')})"
    absent = re.search(r"Table with name (.+) does not exist", text)
    if absent and isinstance(error, duckdb.CatalogException):
        why = no_table(absent[1], known)
    elif speaks_of_sql(error):
        why = text
    elif isinstance(error, duckdb.PermissionException) or "No files found" in text:
        why = "files cannot be read here; a run answers from its own tables, which .tables in the shell lists."
    return AuditError(USAGE, f"The select cannot be answered: {why}")
