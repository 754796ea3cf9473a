"""`infusion-audit shell`: SQL over a finished run, read-only."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from audit_lib.commands import Commands
    from audit_lib.run import Run

_HELP = """\
One select, ended by a semicolon. Tables: .tables; columns of one: .columns NAME; leave: .quit.
Nothing can be changed here: the run is read only, and no other file can be read."""
_DOTTED = (".tables", ".columns", ".help", ".quit", ".exit")
_ROWS = 40


def add_parser(commands: Commands) -> None:
    """Declare the command and its options."""
    shell = commands.add_parser(
        "shell",
        help="ask a finished run in SQL",
        description="Open a finished run read-only: each of its tables, code lists and report queries is a view.",
    )
    shell.add_argument(
        "run", nargs="?", default="", metavar="RUN", help="run folder (default: the newest under ./runs or ../runs)"
    )
    shell.add_argument("-c", "--command", metavar="SQL", help="answer one select, .tables or .columns NAME, and leave")
    shell.add_argument("--csv", action="store_true", help="with -c: print every row as CSV")
    shell.set_defaults(execute=execute)


def execute(options: argparse.Namespace) -> int:
    """Answer one select, or read them from the keyboard."""
    from audit_lib.commands import chosen_run
    from audit_lib.run import Run

    run = Run.open(chosen_run(options.run))
    if (options.command or "").strip().startswith("."):
        _dotted(run, options.command.strip())
        return 0
    if options.command:
        return _once(run, options.command, options.csv)
    if sys.stdin.isatty():
        _with_history()
        print(f"{run.folder.name}, read only. {_HELP}")
    return _converse(run)


def _once(run: Run, query: str, is_csv: bool) -> int:
    """Print the answer to one select. Raises AuditError (2) where the database does not understand it."""
    import duckdb

    from audit_lib.selects import unanswered

    try:
        if is_csv:
            print(run.sql(query).to_csv(index=False), end="")
        else:
            run.relation(query).show(max_rows=_ROWS)
    except duckdb.Error as error:
        raise unanswered(error, run.tables()) from error
    return 0


def _converse(run: Run) -> int:
    """Read selects to the end of the input; one that fails does not end the conversation."""
    waiting: list[str] = []
    while (line := _line("   ...> " if waiting else "audit> ")) is not None:
        if not waiting and line.strip().startswith("."):
            if line.strip() in (".quit", ".exit"):
                return 0
            _said(partial(_dotted, run, line.strip()))
            continue
        waiting.append(line)
        if line.rstrip().endswith(";"):
            _said(partial(_once, run, "\n".join(waiting), is_csv=False))
            waiting = []
    if any(part.strip() for part in waiting):
        _said(partial(_once, run, "\n".join(waiting), is_csv=False))
    return 0


def _line(prompt: str) -> str | None:
    try:
        return input(prompt if sys.stdin.isatty() else "")
    except EOFError:
        return None


def _dotted(run: Run, line: str) -> None:
    """Answer what begins with a point. Raises AuditError (2) for a command or a table that there is not."""
    from audit_lib.errors import USAGE, AuditError, sentence
    from audit_lib.names import with_nearest
    from audit_lib.selects import no_table

    command, _, name = line.partition(" ")
    name = name.strip().rstrip(";")
    if command not in _DOTTED:
        unknown = with_nearest(f"There is no command {command}", command, _DOTTED)
        raise AuditError(USAGE, f"{sentence(unknown)} {_HELP}")
    if command == ".tables":
        print(_tables(run))
    elif command == ".columns" and name:
        if name.lower() not in run.tables():
            raise AuditError(USAGE, f"T{no_table(name, run.tables())[1:]}")
        shown = run.relation(f'from "{name}"')
        print("\n".join(f"{column}  {kind}" for column, kind in zip(shown.columns, shown.types, strict=True)))
    elif command == ".columns":
        raise AuditError(USAGE, ".columns needs the name of a table: .columns NAME.")
    else:
        print(_HELP)


def _tables(run: Run) -> str:
    """List the files of the run, one a line, and below them, closer set, what can be asked by name besides."""
    import textwrap

    parts = ["\n".join(["Tables:", *(f"  {name}" for name in run.files())])]
    for heading, names in (("Report queries", run.queries()), ("Code lists", run.code_lists())):
        indented = textwrap.fill("  ".join(names), 100, initial_indent="  ", subsequent_indent="  ")
        parts.append(f"{heading}:\n{indented}")
    return "\n\n".join(parts)


def _said(answer: Callable[[], object]) -> None:
    """Have something answered; in a conversation an error is said and does not end it."""
    from audit_lib.errors import AuditError

    try:
        answer()
    except AuditError as error:
        print(error.message)


def _with_history() -> None:
    """Let arrows and editing work where the system has them."""
    import contextlib

    with contextlib.suppress(ImportError):
        import readline  # noqa: F401
