"""What a plan's own folder does to the code lists: rows added, rows closed, lists of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from audit_lib.code_schema import CodeList, Column, Schema, read_schema, refusal
from audit_lib.code_sets import LAST_DAY, CodeSets, Row, read_code_sets, read_list, window
from audit_lib.names import with_nearest

_ANSWER = ("reason", "approved_by")
# What a row that closes another need not repeat: the words about it, and its days.
_FREE = {"label", "source", "valid_from", "valid_to", *_ANSWER}


@dataclass(frozen=True)
class ListChange:
    """One row of a shipped list that the plan adds or closes."""

    list_name: str
    key: str
    is_closed: bool
    reason: str
    approved_by: str


def extend_code_sets(shipped: CodeSets, folder: Path) -> tuple[CodeSets, list[ListChange]]:
    """Return the shipped lists as the plan's `code_sets` folder changes them, its own lists, and the changes.

    Raises AuditError (10) naming every file and row that cannot be used.
    """
    if not folder.is_dir():
        return shipped, []
    own = _own_lists(shipped, folder)
    rows = {name: [dict(row) for row in kept] for name, kept in shipped.rows.items()}
    changes: list[ListChange] = []
    problems: list[str] = []
    for path in sorted(folder.glob("*.csv")):
        if path.stem in shipped.schema.lists:
            found, wrong = _change_list(path, shipped.schema, rows[path.stem])
            changes += found
            problems += wrong
        elif path.stem not in own.schema.lists:
            unknown = f"{path.name} is no shipped list and not declared in a schema.yml of that folder"
            problems.append(with_nearest(unknown, path.stem, shipped.schema.lists))
    if problems:
        raise refusal(folder, problems, is_plans=True)
    schema = shipped.schema.model_copy(
        update={
            "lists": shipped.schema.lists | own.schema.lists,
            "patterns": own.schema.patterns | shipped.schema.patterns,
        }
    )
    return CodeSets(schema, rows | own.rows), changes


def _own_lists(shipped: CodeSets, folder: Path) -> CodeSets:
    """Read the lists that the folder's `schema.yml` declares; patterns of the shipped schema need not be repeated."""
    if not (folder / "schema.yml").is_file():
        return CodeSets(shipped.schema.model_copy(update={"lists": {}}), {})
    schema = read_schema(folder, shipped.schema)
    taken = [f"schema.yml, list {name}: a shipped list has this name" for name in schema.lists if name in shipped.rows]
    if taken:
        raise refusal(folder, taken, is_plans=True)
    return read_code_sets(folder, schema, ignored=set(shipped.schema.lists))


def _change_list(path: Path, schema: Schema, kept: list[Row]) -> tuple[list[ListChange], list[str]]:
    """Add and close rows of one list in place; say what is wrong with the plan's file."""
    declared = schema.lists[path.stem]
    answer = {name: Column(type="text") for name in _ANSWER}
    widened = CodeList(purpose=declared.purpose, key=declared.key, columns=declared.columns | answer)
    numbered, problems = read_list(path, schema.model_copy(update={"lists": {path.stem: widened}}))
    changes = []
    for number, row in numbered:
        is_closed, problem = _apply(row, kept, declared.key)
        if problem:
            problems.append(f"{path.name} row {number}: {problem}")
            continue
        key = ", ".join(str(row[name]) for name in declared.key)
        changes.append(ListChange(path.stem, key, is_closed, str(row["reason"]), str(row["approved_by"])))
    return changes, problems


def _apply(row: Row, kept: list[Row], key: list[str]) -> tuple[bool, str]:
    """Add a row, or close the one with its key; return whether it closed one, and what is wrong."""
    first, last = window(row)
    same = [other for other in kept if all(other[name] == row[name] for name in key) and _meet(other, row)]
    if not same:
        kept.append({name: value for name, value in row.items() if name not in _ANSWER})
        return False, ""
    (other, *more) = same
    if more or last == LAST_DAY or not _begins_with(other, first):
        return False, "the list has its key on some of these days; close that row first, with a valid_to"
    differing = [name for name in other if name not in _FREE and other[name] != row[name]]
    if differing:
        return True, f"it closes a row, but gives another {', '.join(differing)}; copy the row and fill valid_to only"
    if last >= window(other)[1]:
        return True, "it closes a row that ends that day or earlier"
    other["valid_to"] = last
    return True, ""


def _meet(one: Row, other: Row) -> bool:
    return window(one)[0] <= window(other)[1] and window(other)[0] <= window(one)[1]


def _begins_with(row: Row, first: date) -> bool:
    """Say whether a closing row leaves valid_from empty or repeats it."""
    return first in (window(row)[0], date(1, 1, 1))
