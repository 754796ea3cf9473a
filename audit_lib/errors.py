"""The one error that a user is meant to read, and the exit codes of the command."""

USAGE = 2
BAD_RULE = 10
BAD_CLAIMS = 11
QUALITY_GATE = 12
RULE_FAILED = 13
OUTPUT = 14
LOCKED = 15
INTERRUPTED = 130


class AuditError(Exception):
    """Something the user can put right: one plain paragraph and the exit code it ends the command with.

    The message names files, columns, rules and row numbers; it never quotes a value from a claims row.
    """

    def __init__(self, exit_code: int, message: str) -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.message = message
