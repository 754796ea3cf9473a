"""The evidence of a finding as blocks of a report; where the run has no finding every block says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit_lib.evidence.gathering import evidence_of, largest_overpayment
from audit_lib.evidence.model import SECTIONS, Evidence
from audit_lib.evidence.text import COLUMNS, line_cells
from audit_lib.reports import tables
from audit_lib.reports.blocks import TEMPLATES, Block, note, render
from audit_lib.reports.scope import filtered
from audit_lib.run import Run
from audit_lib.words import money

if TYPE_CHECKING:
    import plotly.graph_objects as go

_NONE = "There is no finding to explain: the run has none, or the filter keeps none."
_KINDS = {"overpayment": "Potential overpayment", "review": "Lead to review"}


def chosen(run: Run, finding: str) -> Evidence | None:
    """Return the evidence of a finding; of the largest overpayment where no id is given; None without any finding.

    Raises AuditError (2) where the run has no finding of that id.
    """
    finding_id = finding or largest_overpayment(run)
    return evidence_of(run, finding_id) if finding_id else None


def head(evidence: Evidence | None) -> Block:
    """Return the top of the page: the finding in a sentence, its dollars, what to know before reading on."""
    if evidence is None:
        return note(_NONE)
    finding = evidence.finding
    lead = f"{_KINDS[finding['outcome']]} of {money(finding['amount'])}: {finding['reason']}."
    css = (TEMPLATES / "blocks.css").read_text(encoding="utf-8")
    html = render(
        "evidence_head.html.j2", css=css, kind=finding["outcome"], title=evidence.title, lead=lead,
        finding_id=evidence.finding_id, cautions=evidence.texts("cautions"),
    )  # fmt: skip
    return Block(html, lead)


def filter_used(run: Run) -> Block:
    """Return the filter that was used, and whether the finding that is explained meets it."""
    explained = tables.explained_finding(run)
    is_outside = len(explained) and not explained["is_kept"].iloc[0]
    said = ["The finding that is explained here was named, and does not meet the filter."] if is_outside else []
    return filtered(run, "evidence", said)


def section(evidence: Evidence | None, *names: str) -> Block:
    """Return the sentences of one section or several."""
    texts = [text for name in names for text in (evidence.texts(name) if evidence else [])]
    if not texts:
        missing = ", ".join(SECTIONS[name].lower() for name in names)
        return note(_NONE if evidence is None else f"Nothing to say here ({missing}); the top of the page says why.")
    return Block(render("evidence_section.html.j2", texts=texts), "\n".join(texts))


def lines(evidence: Evidence | None) -> Block:
    """Return the table of the lines that the finding rests on."""
    if evidence is None:
        return note(_NONE)
    rows = [line_cells(line) for line in evidence.lines]
    caption = "The line of the finding first, then what shows it, then the other lines of its claim and of these days"
    html = render(
        "evidence_lines.html.j2", caption=caption, columns=[column.capitalize() for column in COLUMNS], rows=rows
    )
    return Block(html, "\n".join("  ".join(row) for row in [COLUMNS, *rows]))


def timeline(evidence: Evidence | None, *, is_shared: bool = False) -> go.Figure | Block:
    """Return the days of the finding as a figure; without a copy of its data where it is shared."""
    if evidence is None:
        return note(_NONE)
    from audit_lib.evidence.timeline import timeline as drawn

    return drawn(evidence, is_shared=is_shared)
