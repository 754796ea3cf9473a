"""The figure of a benchmark: everything that was measured as a multiple of the floor, and its memory, in one file."""

from __future__ import annotations

from pathlib import Path

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from audit_lib.reports.figures.style import COLOURS, GRID, layout
from benchmarks.measuring import Data
from benchmarks.results import (
    CHECKSUMS,
    ENGINE,
    FLOOR,
    IN_2_GB,
    KEEPING,
    PANDAS,
    POLARS,
    THREE_RULES,
    THREE_RULES_IN_700_MB,
    WITH_QUALITY,
    Results,
)

_SHOWN = {
    FLOOR: ("floor", COLOURS["not_in_force"]),
    KEEPING: ("floor, kept", COLOURS["not_in_force"]),
    CHECKSUMS: ("checksums", COLOURS["not_in_force"]),
    ENGINE: ("audit", COLOURS["review"]),
    WITH_QUALITY: ("with quality gate", COLOURS["review"]),
    IN_2_GB: ("in 2 GB", COLOURS["review"]),
    THREE_RULES: ("3 rules: audit", COLOURS["pass"]),
    THREE_RULES_IN_700_MB: ("3 rules: in 700 MB", COLOURS["pass"]),
    POLARS: ("3 rules: Polars", COLOURS["overpayment"]),
    PANDAS: ("3 rules: pandas", COLOURS["overpayment"]),
}
_ROW = 22  # pixels
_TITLE = "What an audit costs beside reading the file"
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body style="margin: 0">{figure}</body>
</html>
"""


def write_figure(results: Results, path: Path) -> None:
    """Write the figure with all that it needs in one file."""
    config = {"displaylogo": False, "responsive": True}
    drawn = figure(results).to_html(include_plotlyjs=True, full_html=False, config=config)
    path.write_text(_PAGE.format(title=_TITLE, figure=drawn), "utf-8")


def figure(results: Results) -> go.Figure:
    """Draw a row per measurement below the name of its file: times the floor above, gigabytes beneath."""
    rows: list[tuple[Data, str | None]] = []
    for data in results.data():
        rows += [(data, None), *((data, label) for label in _SHOWN if results.has(label, data))]
    there = [(place, data, label) for place, (data, label) in enumerate(rows) if label is not None]
    times = [results.ratio(label, data) for _, data, label in there]
    memory = [results.peak_bytes(label, data) / 1e9 for _, data, label in there]
    written = [
        f"{one:.1f} ({results.seconds(label, data):.2f} s)" for one, (_, data, label) in zip(times, there, strict=True)
    ]
    drawn = make_subplots(rows=2, cols=1, vertical_spacing=0.05)
    for panel, values, texts in ((1, times, written), (2, memory, [f"{one:.2f}" for one in memory])):
        drawn.add_bar(
            y=[place for place, _, _ in there], x=values, text=texts, textposition="outside", cliponaxis=False,
            orientation="h", marker={"color": [_SHOWN[label][1] for _, _, label in there]}, hoverinfo="skip",
            row=panel, col=1,
        )  # fmt: skip
        drawn.update_xaxes(
            range=[0, max(values) * 2.3], side="top", gridcolor=GRID, zeroline=False, nticks=5, row=panel, col=1,
            title={"text": ("Times the floor", "Peak memory, GB")[panel - 1], "standoff": 6},
        )  # fmt: skip
        drawn.update_yaxes(
            tickvals=list(range(len(rows))), range=[len(rows) - 0.3, -0.7], automargin=True, showgrid=False,
            zeroline=False, ticktext=[_SHOWN[label][0] if label else f"<b>{_file(data)}</b>" for data, label in rows],
            row=panel, col=1,
        )  # fmt: skip
    shared = layout(_TITLE, 2 * _ROW * len(rows) + 220)
    drawn.update_layout({**shared, "showlegend": False, "bargap": 0.2, "margin": {"l": 18, "r": 18, "t": 110, "b": 20}})
    return drawn


def _file(data: Data) -> str:
    return f"{data.lines:,} lines, {data.percent} %{', CSV' if data.format == 'csv' else ''}"
