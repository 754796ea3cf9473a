"""Which rows of a database are the claims, how its tables are named, and what is said where they cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from audit_lib.errors import BAD_CLAIMS, USAGE, AuditError, sentence
from audit_lib.names import nearest, with_nearest
from audit_lib.words import some

_SHOWN = 20
_USUAL_NAMES = ("medical_claim", "claim_lines", "claims")
_DEFAULT_SCHEMAS = ("main", "public")


@dataclass(frozen=True)
class TableName:
    """A table or view of a database; only a plain table has an order of its own."""

    schema: str
    name: str
    is_plain: bool = True

    @property
    def full(self) -> str:
        """Return the name with its schema."""
        return f"{self.schema}.{self.name}"

    @property
    def asked(self) -> str:
        """Return the shortest name that means this table and no other."""
        return self.name if self.schema in _DEFAULT_SCHEMAS and "." not in self.name else self.full


@dataclass(frozen=True)
class Selection:
    """The rows of a database that are the claims: those of a table, or those that a query gives.

    `kind` is duckdb, sqlite or postgres. `place` is the database's file, or the words that reach a server: they may
    hold a password and are never shown.
    """

    kind: str
    place: str = field(repr=False)
    database: str
    table: str = ""
    query: str = ""

    @property
    def label(self) -> str:
        """Return what rows are said to come from."""
        return f"{self.database} {f'table {shown(self.table)}' if self.table else 'query'}"

    @property
    def what(self) -> str:
        """Return the words for what is read, for errors."""
        return f"The table {shown(self.table)} of {self.database}" if self.table else f"The query over {self.database}"


def shown(name: str) -> str:
    """Return a name for messages: somebody else's file gave it, so nothing in it may move the cursor or fill a page."""
    text = "".join(letter if letter.isprintable() else "?" for letter in name)
    return text if len(text) <= 100 else f"{text[:99]}…"


def choose_table(tables: Sequence[TableName], asked: str, selection: Selection) -> TableName:
    """Return the table of this name, with or without its schema. Raises AuditError: 2 where none is named, else 11."""
    if not asked:
        near = next((near for name in _USUAL_NAMES if (near := nearest(name, _asked(tables)))), None)
        usual = f" Did you mean {near}?" if near else ""
        raise AuditError(
            USAGE,
            f"Say which rows of {selection.database} are the claims, with --table NAME or --query "
            f'"select ...". {_listed(tables)}{usual}',
        )
    for is_meant in _meanings(asked):
        found = [table for table in tables if is_meant(table)]
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(shown(table.full) for table in found)
            raise AuditError(
                BAD_CLAIMS,
                f"{selection.database} has several tables that --table {shown(asked)} may mean: {names}. "
                "Name one with its schema, or read it with --query.",
            )
    known = [*_asked(tables), *(shown(table.full) for table in tables)]
    problem = with_nearest(f"{selection.database} has no table {shown(asked)}", asked, known)
    raise AuditError(BAD_CLAIMS, f"{sentence(problem)} {_listed(tables)}")


def _meanings(asked: str) -> list[Callable[[TableName], bool]]:
    """Return what a name may mean, the plainest first."""
    small = asked.lower()
    return [
        lambda table: table.full == asked,
        lambda table: table.name == asked and table.schema in _DEFAULT_SCHEMAS,
        lambda table: table.name == asked,
        lambda table: small in (table.full.lower(), table.name.lower()),
    ]


def _asked(tables: Sequence[TableName]) -> list[str]:
    return [shown(table.asked) for table in tables]


def _listed(tables: Sequence[TableName]) -> str:
    if not tables:
        return "It holds no table at all."
    return f"It holds {some(_asked(tables), _SHOWN)}."


def not_one_select(selection: Selection) -> AuditError:
    """Return the error for a query that is no query, or more than one."""
    return AuditError(
        USAGE,
        f"--query must be exactly one select over the tables of {selection.database}; it changes nothing, reads no "
        "other file and holds no second statement.",
    )


def failed(selection: Selection, reason: str) -> AuditError:
    """Return the error for rows that the database does not give; `reason` holds no value of a row."""
    if selection.query:
        return AuditError(BAD_CLAIMS, f"{selection.what} cannot be run: {reason}. Correct it and run again.")
    remedy = "Name the columns that an audit needs in a --query, or have the table delivered again"
    return AuditError(BAD_CLAIMS, f"{selection.what} cannot be read: {reason}. {remedy}.")


def damaged(database: str) -> AuditError:
    """Return the error for a file that is no database which can be read."""
    return AuditError(
        BAD_CLAIMS,
        f"{database} cannot be read as a database: it is encrypted, damaged, written by a newer version of its "
        "program, or not what its name says. Open it with its own program to see, and have it delivered again.",
    )


def not_closed(database: str, log: Path) -> AuditError:
    """Return the error for a database with changes beside it: its hash would not tell what was read."""
    return in_use(database, f"changes that are not in the file yet stand beside it in {log.name}")


def in_use(database: str, reason: str) -> AuditError:
    """Return the error for a database that somebody is writing to, or that was not closed."""
    return AuditError(
        BAD_CLAIMS,
        f"{database} is in use or was not closed: {reason}. Close the programs that have it open (a notebook that "
        "holds a connection to it counts) or copy it after they have closed it, and run again.",
    )
