"""The command `infusion-audit`."""

from __future__ import annotations

import argparse
import os
import sys
from typing import NoReturn

from audit_lib.commands import diff, new_rule, rules, run
from audit_lib.errors import INTERRUPTED, OUTPUT, USAGE, AuditError

_COMMANDS = (run, diff, rules, new_rule)


class _Parser(argparse.ArgumentParser):
    """Says usage errors in one paragraph, like every other error."""

    def error(self, message: str) -> NoReturn:
        print(f"infusion-audit: {message}. See {self.prog} --help.", file=sys.stderr)
        raise SystemExit(USAGE)


def parser() -> argparse.ArgumentParser:
    """Return the command's parser."""
    main_parser = _Parser(
        prog="infusion-audit", description="Audit paid claims against an infusion payment policy.", allow_abbrev=False
    )
    commands = main_parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    for command in _COMMANDS:
        command.add_parser(commands)
    return main_parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    try:
        return int(options.execute(options))
    except AuditError as error:
        print(f"infusion-audit: {error.message}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("infusion-audit: interrupted; nothing was left behind.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OUTPUT


if __name__ == "__main__":
    raise SystemExit(main())
