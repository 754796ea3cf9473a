"""The command `infusion-audit`."""

from __future__ import annotations

import argparse
import errno
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from audit_lib.commands import (
    check,
    diff,
    disposition,
    explain,
    export,
    hold,
    new_rule,
    notebook,
    report,
    rules,
    run,
    share,
    shell,
    validate,
    verify,
)
from audit_lib.errors import FAULT, INTERRUPTED, OUTPUT, USAGE, AuditError, fault_place, sentence
from audit_lib.names import nearest
from audit_lib.stopping import interrupt, is_stopping

_COMMANDS = (
    run,
    check,
    report,
    notebook,
    shell,
    share,
    diff,
    explain,
    verify,
    export,
    hold,
    disposition,
    validate,
    rules,
    new_rule,
)

_TOO_LONG = (
    "A path or name that was given is longer than this system allows; nothing was written. Most systems allow 255 "
    "bytes from one slash to the next and 4,096 in all. Name a shorter one."
)

_REFUSED = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_ROOM = (
    "What it was to write or print could not be written: the disk is full or refuses more. Make room and try again; "
    "nothing half-made was left, and a result that is there is whole."
)


class _Once(argparse.Action):
    """Takes an option that has one value; given twice, the first would be lost in silence."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        given = f"is_{self.dest}_given"
        if option_string and getattr(namespace, given, False):
            parser.error(f"{option_string} was given twice; it takes one value")
        setattr(namespace, given, True)
        setattr(namespace, self.dest, values)


def _path(text: str) -> Path:
    """Read a path; an empty one would be the current folder, which nobody named."""
    if not text:
        raise argparse.ArgumentTypeError("the path is empty")
    return Path(text)


class _Commands(argparse._SubParsersAction):  # type: ignore[type-arg]  # it takes no argument when it runs
    """Lets the help of a command begin as the list of commands tells of it, where it has no more to say."""

    def add_parser(self, name: str, **options: Any) -> _Parser:
        listed = str(options["help"])
        said = sentence(listed[0].upper() + listed[1:])
        parser: _Parser = super().add_parser(name, **{"description": said, **options})
        return parser


class _Parser(argparse.ArgumentParser):
    """Says usage errors in one paragraph, like every other error; takes options whole, and those of one value once."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"allow_abbrev": False, **options})
        self.register("action", "parsers", _Commands)
        self.register("action", None, _Once)
        self.register("type", Path, _path)

    def error(self, message: str) -> NoReturn:
        print(f"infusion-audit: {sentence(message)} See {self.prog} --help.", file=sys.stderr)
        raise SystemExit(USAGE)

    def refuse_unknown(self, given: list[str]) -> NoReturn:
        """End with what nobody knows, and for an option the nearest one of this command."""
        option = given[0].partition("=")[0]
        known = [name for action in self._actions for name in action.option_strings]
        near = nearest(option, known) if option.startswith("-") else None
        self.error(f"unrecognized arguments: {' '.join(given)}" + (f". Did you mean {near}?" if near else ""))


def parser() -> argparse.ArgumentParser:
    """Return the command's parser."""
    return _parsers()[0]


def _parsers() -> tuple[_Parser, dict[str, _Parser]]:
    """Return the command's parser, and that of each of its commands by name."""
    main_parser = _Parser(prog="infusion-audit", description="Audit paid claims against an infusion payment policy.")
    commands = main_parser.add_subparsers(dest="called", required=True, metavar="COMMAND", parser_class=_Parser)
    for command in _COMMANDS:
        command.add_parser(commands)
    return main_parser, dict(commands.choices)


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    whole, of_commands = _parsers()
    options, unknown = whole.parse_known_args(arguments)
    if unknown:
        of_commands[options.called].refuse_unknown(unknown)
    if threading.current_thread() is threading.main_thread():
        for request in (signal.SIGINT, signal.SIGTERM):
            signal.signal(request, interrupt)
    try:
        code = int(options.execute(options))
        sys.stdout.flush()
        return code
    except AuditError as error:
        return _tell(error.message, error.exit_code)
    except KeyboardInterrupt:
        return _interrupted()
    except Exception as error:
        return _ended_by(error)


def _tell(message: str, code: int) -> int:
    print(f"infusion-audit: {message}", file=sys.stderr)
    return code


def _interrupted() -> int:
    return _tell("interrupted; nothing half-made was left behind.", INTERRUPTED)


def _ended_by(error: Exception) -> int:
    """Say what an unexpected error means; whatever it says itself may quote a row, where it happened does not."""
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EPIPE:  # whoever read the output has heard enough
        _silence_output()
        return OUTPUT
    if number in _REFUSED:
        _silence_output()
        return _tell(_NO_ROOM, OUTPUT)
    if number == errno.ENAMETOOLONG:
        return _tell(_TOO_LONG, USAGE)
    if is_stopping():  # a query that was running says so in words of its own
        return _interrupted()
    return _tell(
        f"stopped by a fault of its own: {fault_place(error)}. Nothing half-made was left: a result that is there is "
        "whole. Please report this line; it holds nothing of the claims.",
        FAULT,
    )


def _silence_output() -> None:
    """Send what could not be printed nowhere; else Python tries once more as it ends, and changes the exit code."""
    with suppress(OSError, ValueError):  # no file stands behind an output that a caller replaced
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    raise SystemExit(main())
