"""Claim lines as bars over their days: what the timeline of a course and that of a finding share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import plotly.graph_objects as go

from audit_lib.reports.figures.style import rank_axes, row_labels

_DAY = 24 * 60 * 60 * 1000  # in milliseconds, the unit of a bar's length on an axis of dates


@dataclass(frozen=True)
class Span:
    """A bar from the first to the last day, in the row `place`; `hover` is what it says of itself."""

    place: int
    first: date
    last: date
    hover: str


def add_spans(figure: go.Figure, spans: Sequence[Span], name: str, colour: str) -> None:
    """Draw spans that mean the same in one colour; a white edge parts those that follow upon each other."""
    if not spans:
        return
    figure.add_bar(
        name=name,
        orientation="h",
        y=[span.place for span in spans],
        base=[str(span.first) for span in spans],
        x=[((span.last - span.first).days + 1) * _DAY for span in spans],
        width=0.32,
        offset=-0.05,
        marker={"color": colour, "line": {"color": "#fff", "width": 1}},
        customdata=[span.hover for span in spans],
        hovertemplate="%{customdata}<extra></extra>",
    )


def lay_days(figure: go.Figure, labels: Sequence[str], first: date, last: date) -> None:
    """Name the rows, and lay the days from the one before the first to the one after the last."""
    figure.update_layout(barmode="overlay", annotations=row_labels(labels), margin={"b": 48})  # dates take two lines
    rank_axes(figure, len(labels))
    figure.update_xaxes(
        type="date", range=[str(first - timedelta(days=1)), str(last + timedelta(days=2))], nticks=8,
        tickformat="%-d %b\n%Y",
    )  # fmt: skip
