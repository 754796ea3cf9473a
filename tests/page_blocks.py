"""The blocks of code that a page of the documents holds."""

from __future__ import annotations

import re
from pathlib import Path


def blocks(page: Path, language: str) -> list[str]:
    """Return the blocks of a page that are written in a language ('' for commands)."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return [block for written_in, block in found if written_in == language]
