"""The evidence of a finding as plain text for a terminal or a letter's draft."""

from __future__ import annotations

import dataclasses
import json
import textwrap
from collections.abc import Iterable

from audit_lib.evidence.model import SECTIONS, Evidence, EvidenceLine
from audit_lib.words import aligned, count, money

_WIDTH = 100
_ROLES = {
    "finding": "the finding",
    "proof": "shows it",
    "counted": "counts a day",
    "claim": "same claim",
    "beside": "these days",
    "earlier": "weeks before",
    "later": "weeks after",
}
COLUMNS = ("what for", "claim", "line", "days", "code", "modifiers", "units", "paid", "provider", "note")
_MOST_LINES = 30


def as_text(evidence: Evidence) -> str:
    """Write the evidence: a heading a section, a sentence a paragraph, the lines as a table."""
    parts = [f"Finding {evidence.finding_id}", "=" * (8 + len(evidence.finding_id)), ""]
    for section, heading in _order():
        if section == "lines":
            parts += [heading, *_table(evidence.lines), ""]
        elif texts := evidence.texts(section):
            parts += [heading, *_sentences(texts), ""]
    return "\n".join(parts).rstrip() + "\n"


def _order() -> Iterable[tuple[str, str]]:
    headings = dict(SECTIONS)
    yield "cautions", headings.pop("cautions")
    for section, heading in headings.items():
        yield section, heading
        if section == "in_force":
            yield "lines", "The claim lines"


def _sentences(texts: list[str]) -> list[str]:
    return [
        line for text in texts
        for line in textwrap.wrap(text, _WIDTH, initial_indent="  * ", subsequent_indent="    ")
    ]  # fmt: skip


def _table(lines: tuple[EvidenceLine, ...]) -> list[str]:
    rows = aligned([COLUMNS, *(line_cells(line) for line in lines[:_MOST_LINES])])
    left = len(lines) - _MOST_LINES
    more = [f"… and {count(left, 'more line')} of these days"] if left > 0 else []
    return [f"  {row}" for row in [*rows, *more]]


def line_cells(line: EvidenceLine) -> tuple[str, ...]:
    """Write a line's row of the table, in the order of `COLUMNS`."""
    first, last = line.claim_line_start_date, line.claim_line_end_date
    quantity = line.service_unit_quantity
    return (
        _ROLES[line.role],
        line.claim_id,
        str(line.claim_line_number),
        f"{first}" if first == last else f"{first}..{last}",
        line.hcpcs_code or (f"rev {line.revenue_center_code}" if line.revenue_center_code else ""),
        line.modifiers,
        "" if quantity is None else f"{quantity.normalize():f}",
        money(line.paid_amount),
        line.provider_id,
        _note(line),
    )


def _note(line: EvidenceLine) -> str:
    notes = ["another provider"] if line.is_other_provider else []
    notes += ["denied"] if line.is_denied else []
    notes += ["prior authorization"] if line.authorization_number else []
    return ", ".join(notes)


def as_json(evidence: Evidence) -> str:
    """Write the evidence as JSON; amounts and dates as text, so that no cent is lost."""
    return json.dumps(dataclasses.asdict(evidence), indent=2, default=str, ensure_ascii=False) + "\n"
