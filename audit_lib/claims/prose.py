"""Prose: texts that people write beside claims, told from claims whose name ends the same."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from audit_lib.claims.text_files import is_gzip

_TEXT = (".txt", ".txt.gz")
_LOOKED_AT = 1 << 16
# No layout makes claims of fewer columns: claim, member, day, code, amount and provider.
_FEWEST_COLUMNS = 6
# Lines of text before the header, or a value that goes over lines, leave claims what they are.
_CUT_LINES_OF = 4


def is_prose(path: Path) -> bool:
    """Tell whether a .txt file holds no claims: no mark cuts a fair part of its lines into enough columns.

    What cannot be read, and what is empty, is no prose: nobody can tell what it should have held.
    """
    if not path.name.lower().endswith(_TEXT):
        return False
    lines = _first_lines(path)
    cut = sum(map(_is_cut, lines))
    return bool(lines) and cut * _CUT_LINES_OF < len(lines)


def _first_lines(path: Path) -> list[str]:
    """Return the lines of the file's beginning that hold something; the letters may be others than were meant."""
    try:
        with gzip.open(path) if is_gzip(path) else path.open("rb") as file:
            start = file.read(_LOOKED_AT)
    except (OSError, EOFError, zlib.error):
        return []
    text = start.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\0", b"").decode("latin-1")
    return [line for line in text.splitlines() if line.strip()]


def _is_cut(line: str) -> bool:
    """Tell whether some mark, whichever a layout may name, cuts a line into as many values as claims have columns."""
    marks = {mark for mark in line if mark == "\t" or not (mark.isalnum() or mark.isspace())}
    return any(sum(bool(value.strip()) for value in line.split(mark)) >= _FEWEST_COLUMNS for mark in marks)
