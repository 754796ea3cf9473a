"""The one error that a user is meant to read, and the exit codes of the command."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from pathlib import Path

FAULT = 1
USAGE = 2
BAD_RULE = 10
BAD_CLAIMS = 11
QUALITY_GATE = 12
RULE_FAILED = 13
OUTPUT = 14
LOCKED = 15
NOT_REPRODUCED = 16
INTERRUPTED = 130


class AuditError(Exception):
    """Something the user can put right: one plain paragraph and the exit code it ends the command with.

    The message names files, columns, rules and row numbers; it never quotes a value from a claims row.
    """

    def __init__(self, exit_code: int, message: str) -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.message = message

    def _render_traceback_(self) -> list[str]:
        """Return what JupyterLab shows of it: the paragraph, without the lines of this program that raised it."""
        return [self.message]


class NotYetError(AuditError):
    """The claims of the period that was asked for have not come (11): nothing is wrong, and a later try may do."""

    def __init__(self, message: str) -> None:
        super().__init__(BAD_CLAIMS, message)


def fault_place(error: BaseException) -> str:
    """Say what kind of fault it is and in which line of this program; what it is about may quote a row."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(Path(__file__).parent)]
    place = (own or frames)[-1]
    return f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"


def refusal(beginning: str, problems: Iterable[str], ending: str = "Correct it.", exit_code: int = USAGE) -> AuditError:
    """Return the error that names everything wrong at once."""
    text = "; ".join(problem.rstrip(".") for problem in problems)
    return AuditError(exit_code, f"{beginning}: {sentence(text)} {ending}")


def sentence(text: str) -> str:
    """Close a sentence that does not close itself."""
    return text if text.endswith(("?", ".")) else f"{text}."


def system_reason(error: OSError) -> str:
    """Say why the system refused a file, as the system says it."""
    return error.strerror or "the system refused it"


# How a validator begins what it says, and what is said instead.
_PLAIN = {
    "Field required": "is missing",
    "Extra inputs are not permitted": "is no key that there is",
    "Input should be a valid string": "should be text",
    "Input should be a valid integer": "should be a whole number",
    "Input should be a valid decimal": "should be a number",
    "Input should be a valid number": "should be a number",
    "Input should be a valid boolean": "should be yes or no",
    "Input should be a valid list": "should be a list",
    "Input should be a valid tuple": "should be a list",
    "Input is not a valid path": "should be a path",
    "Input should be a valid dictionary": "should hold `key: value` lines",
    "Input should be an object": "should hold `key: value` lines",
}


def plain_problem(message: str) -> str:
    """Make what a validator says continue a sentence that begins with the key."""
    plain = next((said for beginning, said in _PLAIN.items() if message.startswith(beginning)), None)
    if plain:
        return plain
    text = (
        message.removeprefix("Value error, ")
        .removeprefix("Input ")
        .removeprefix("String ")
        .removeprefix("Decimal input ")
    )
    return text[:1].lower() + text[1:]


# How DuckDB begins and words what the disk did; others of its errors, and paths, may hold such words by chance.
_OF_FILES = ("IO Error", "TransactionContext Error", "FATAL Error")
_REFUSED = (
    "Could not write", "Failed to write", "write failed", "Could not fsync", "truncate file", "No space left",
    "File too large", "Disk quota exceeded", "Read-only file system",
)  # fmt: skip


def is_write_failure(error: Exception) -> bool:
    """Tell whether a database error means that a file could not be written: a full disk, a quota, a size limit."""
    text = str(error)
    return text.startswith(_OF_FILES) and any(words in text for words in _REFUSED)


# What DuckDB says of these is about SQL; what it says of all others may quote a value from a claims row.
_OF_SQL = ("BinderException", "CatalogException", "ParserException")


def speaks_of_sql(error: Exception) -> bool:
    """Tell whether a database error may be quoted: it is about the SQL, and holds no value of a row."""
    return type(error).__name__ in _OF_SQL


def no_room(reason: str = "the disk is full or refuses more") -> AuditError:
    """Return the error for work that outgrew the disk, whichever command it is for."""
    return AuditError(
        OUTPUT,
        f"What this call works with cannot be written: {reason}. Make room where its output goes (--out) and for "
        "temporary files (TMPDIR), then try again; nothing was left behind.",
    )


def cannot_read(name: str, error: OSError) -> AuditError:
    """Return the error for a claims file that the system does not give."""
    return AuditError(
        BAD_CLAIMS,
        f"The file {name} cannot be read: {system_reason(error)}. Check that it is there and that you may read it.",
    )


def cannot_write(place: object, reason: str, what: str = "run") -> AuditError:
    """Return the error for a folder that cannot be written."""
    return AuditError(
        OUTPUT,
        f"The {what} cannot be written under {place}: {reason}. "
        "Make room or grant write access there, or name another --out; nothing was left behind.",
    )
