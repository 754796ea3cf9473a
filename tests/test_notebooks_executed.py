"""Every notebook executes over the sample, over claims without any finding, and over the demo claims of Tuva."""

import json
import re
from pathlib import Path

import pytest

from audit_lib.audit import RunOptions, run_audit
from audit_lib.progress import Progress
from audit_lib.reports.parameters import notebook_names
from audit_lib.reports.render import render_reports

pytestmark = pytest.mark.notebook

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
TUVA = Path("realdata", "tuva_demo", "medical_claim.csv")
MOST_BYTES = 8_000_000
FIGURE = re.compile(r'<script type="application/json">(.*?)</script>', re.DOTALL)
VALUES = ("x", "y", "z")


@pytest.fixture(params=["sample", "clean", "tuva"])
def pages(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """The reports of all notebooks over one audit, by the notebook's name."""
    claims, layout = SAMPLE / "claims.csv", "canonical"
    if request.param == "clean":
        claims = SAMPLE / "clean_claims.csv"
    if request.param == "tuva":
        claims, layout = request.getfixturevalue("shared") / TUVA, "tuva"
    options = RunOptions(str(claims), tmp_path, layout=layout, run_id="run", with_reports=False)
    run = run_audit(options, Progress(is_quiet=True)).path
    written = render_reports(run, notebook_names(), {}, tmp_path / "pages")
    return {page.stem: page.read_text("utf-8") for page in written}


def _drawn(page: str) -> list[bool]:
    """Return of each figure whether a trace of it holds a value."""
    return [
        any(
            value is not None for trace in json.loads(text)["data"] for axis in VALUES for value in _listed(trace, axis)
        )
        for text in FIGURE.findall(page)
    ]


def _listed(trace: dict[str, object], axis: str) -> list[object]:
    """Return the values of an axis; Plotly packs long numeric ones as base64."""
    values = trace.get(axis) or []
    return values if isinstance(values, list) else [values]


def test_every_notebook_executes_and_shows_no_broken_figure_or_cell(pages: dict[str, str]) -> None:
    assert sorted(pages) == notebook_names()
    empty = {name: _drawn(page) for name, page in pages.items() if not all(_drawn(page))}
    assert empty == {}
    too_large = {name: len(page.encode()) for name, page in pages.items() if len(page.encode()) > MOST_BYTES}
    assert too_large == {}
    missing = r">(?:nan|NaN|NaT|None|&lt;NA&gt;)<"
    as_a_program_says = {name: re.findall(missing, page.split("<script")[0]) for name, page in pages.items()}
    assert {name: found for name, found in as_a_program_says.items() if found} == {}
