"""Text from claims, made safe for spreadsheets and for names of files."""

from __future__ import annotations

import hashlib
import re
from typing import Any

# A spreadsheet takes a cell that begins so for a formula; the wide forms are taken for the narrow ones by some.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_LONGEST_CELL = 32_767
_LONGEST_NAME = 60


def begins_like_formula(text: str) -> bool:
    """Tell whether a spreadsheet could take the text for a formula: also behind blanks, which some programs drop."""
    return text.startswith(_STARTS) or text.lstrip().startswith(_STARTS)


def csv_text(text: str) -> str:
    """Return the text as a CSV file may hold it: an apostrophe before what a spreadsheet could take for a formula."""
    return f"'{text}" if begins_like_formula(text) else text


def csv_value(value: Any) -> Any:
    """Return a value as a CSV file may hold it: numbers and dates as they are, negative ones too."""
    return csv_text(value) if isinstance(value, str) else value


def cell_text(text: str) -> str:
    """Return the text as a workbook's cell may hold it; what no cell can hold is cut and says so."""
    return text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 6]} (cut)"


def file_stem(provider_id: str) -> str:
    """Return a file name for a provider that is safe on every system; two providers never share one."""
    plain = re.sub(r"[^A-Za-z0-9]+", "_", provider_id)[:_LONGEST_NAME]
    if plain == provider_id.lower():
        return f"provider_{plain}"
    return f"provider_{plain}-{hashlib.sha256(provider_id.encode()).hexdigest()[:8]}"
