"""The days of a finding as a figure: a bar per line from its first to its last day, the counted days marked."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from audit_lib.evidence.model import Evidence, EvidenceLine
from audit_lib.reports.figures.spans import Span, add_spans, lay_days
from audit_lib.reports.figures.style import COLOURS, ROW, finished, layout, plain
from audit_lib.words import count, money, verb

_NAMES = {
    "finding": "The finding",
    "proof": "The line that shows it",
    "counted": "Counts a day",
    "claim": "Same claim",
    "beside": "Other lines of these days",
    "earlier": "Drugs of the weeks before",
    "later": "Drugs of the weeks after",
}
_COLOURS = {
    "proof": "#1b2733", "counted": "#6b7680", "claim": "#b3bdc6", "beside": "#d8dfe5", "earlier": "#d8dfe5",
    "later": "#d8dfe5",
}  # fmt: skip
# Of a counted day by whether it is in question and whether it is in order in part only: its name and its mark.
_IN_ORDER = "rgba(0, 158, 115, 0.18)"
_DAYS = {
    (True, False): ("Days in question", {"color": "rgba(213, 94, 0, 0.16)", "line": {"width": 0}}),
    (False, False): ("Days in order", {"color": _IN_ORDER, "line": {"width": 0}}),
    (False, True): (
        "Days in order in part",
        {"color": _IN_ORDER, "line": {"color": COLOURS["overpayment"], "width": 1.5}},
    ),
}
_MOST_LINES = 16


def timeline(evidence: Evidence, *, is_shared: bool = False) -> go.Figure:
    """Draw the lines of a finding over their days; the title says how many days count."""
    lines = evidence.lines[:_MOST_LINES]
    figure = go.Figure(layout=layout(_title(evidence), 136 + ROW * len(lines)))
    for role, name in _NAMES.items():
        colour = COLOURS[evidence.finding["outcome"]] if role == "finding" else _COLOURS[role]
        spans = [_span(place, line) for place, line in enumerate(lines) if line.role == role]
        add_spans(figure, spans, name, colour)
    _mark_days(figure, evidence)
    first = min(line.claim_line_start_date for line in lines)
    last = max(line.claim_line_end_date for line in lines)
    lay_days(figure, [_label(line) for line in lines], first, last)
    figure.update_layout(shapes=_shapes(evidence))
    table = pd.DataFrame([asdict(line) for line in evidence.lines])
    table.attrs |= {"name": f"lines_of_{evidence.finding_id}", "is_shared": is_shared}
    says = "A bar for each claim line from its first to its last day; the days that the amount counts are shaded."
    return finished(figure, table, says)


def _span(place: int, line: EvidenceLine) -> Span:
    first, last = line.claim_line_start_date, line.claim_line_end_date
    hover = f"{plain(_code(line))}, {first} to {last}<br>paid {plain(money(line.paid_amount))}"
    return Span(place, first, last, hover)


def _mark_days(figure: go.Figure, evidence: Evidence) -> None:
    """Name the marks of the days in the legend, where there are such days."""
    drawn = {(moment.is_in_question, moment.is_in_part) for moment in evidence.days}
    for name, mark in (_DAYS[kind] for kind in _DAYS if kind in drawn):
        figure.add_bar(name=name, x=[None], y=[0], marker=mark, orientation="h", hoverinfo="skip")


def _shapes(evidence: Evidence) -> list[dict[str, Any]]:
    return [
        {
            "type": "rect", "layer": "below", "yref": "paper", "y0": 0, "y1": 1,
            "x0": str(moment.service_date), "x1": str(moment.service_date + timedelta(days=1)),
            "fillcolor": mark["color"], "line": mark["line"],
        }
        for moment in evidence.days
        for _, mark in [_DAYS[moment.is_in_question, moment.is_in_part]]
    ]  # fmt: skip


def _title(evidence: Evidence) -> str:
    finding = evidence.finding
    line = next(line for line in evidence.lines if line.role == "finding")
    amount, whole = money(finding["amount"]), count(line.day_count, "day")
    in_question = len({moment.service_date for moment in evidence.days if moment.is_in_question})
    if in_question:
        are = verb(in_question, "is", "are")
        return f"{in_question} of {whole} of {_code(line)} {are} in question: {amount} of {money(line.paid_amount)}"
    return f"{_code(line)}, {whole}: {amount} of {money(line.paid_amount)} in question"


def _code(line: EvidenceLine) -> str:
    return line.hcpcs_code or f"revenue code {line.revenue_center_code or 'none'}"


def _label(line: EvidenceLine) -> str:
    whose = ", another provider" if line.is_other_provider else ""
    text = f"{_code(line)} {line.code_label or ''}, claim {line.claim_id} line {line.claim_line_number}{whose}"
    return " ".join(text.split()).replace(" ,", ",")
