"""Rule 27: codes that were never issued, or not yet, or no more."""

from __future__ import annotations

from tests.conftest import SHARED
from tests.independent.lines import PASS, Decision, Line, Member
from tests.independent.lists import by_code, codes_in, rows

_ISSUED = by_code("../realdata/cms/hcpcs_level2_2026_01")
_LISTED = frozenset(row["code"] for file in (SHARED / "reference").glob("*.csv") for row in rows(file.stem))
# The lists and the file hold modifiers too, of two characters: these are no codes of a line.
_TESTED = frozenset(code for code in _LISTED if code in _ISSUED and len(code) == 5)
_GAPS = codes_in("S5497-S5523;S9325-S9379;S9490-S9590") - by_code("per_diem_codes").keys()


def invalid_code_on_service_date(member: Member) -> dict[Line, Decision]:
    """Question lines whose code nobody issued, or that was not in use on the line's first day."""
    return {line: _code(line) for line in member.allowed if line.code in _GAPS | _TESTED}


def _code(line: Line) -> Decision:
    is_invalid = line.code in _GAPS or not _is_in_use(line)
    return Decision("review", line.whole) if is_invalid else PASS


def _is_in_use(line: Line) -> bool:
    day, issued = line.first_day.isoformat(), _ISSUED[line.code]
    return issued["added"] <= day and (not issued["terminated"] or day <= issued["terminated"])
