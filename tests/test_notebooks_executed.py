"""Every notebook executes over the sample, over claims without any finding, and over the demo claims of Tuva."""

import json
import re

import pytest

from audit_lib.reports.parameters import notebook_names
from tests.rendered import CLAIMS, Rendered

pytestmark = pytest.mark.rendered

MOST_BYTES = 8_000_000
FIGURE = re.compile(r'<script type="application/json">(.*?)</script>', re.DOTALL)
VALUES = ("x", "y", "z")


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


@pytest.mark.parametrize("rendered", CLAIMS, indirect=True)
def test_every_notebook_executes_and_shows_no_broken_figure_or_cell(rendered: Rendered) -> None:
    pages = {name: path.read_text("utf-8") for name, path in rendered.pages.items()}
    assert sorted(pages) == notebook_names()
    empty = {name: _drawn(page) for name, page in pages.items() if not all(_drawn(page))}
    assert empty == {}
    too_large = {name: len(page.encode()) for name, page in pages.items() if len(page.encode()) > MOST_BYTES}
    assert too_large == {}
    missing = r">(?:nan|NaN|NaT|None|&lt;NA&gt;)<"
    own = {name: re.sub(r"<script[ >].*?</script>", "", page, flags=re.DOTALL) for name, page in pages.items()}
    as_a_program_says = {name: re.findall(missing, page) for name, page in own.items()}
    assert {name: found for name, found in as_a_program_says.items() if found} == {}


@pytest.mark.parametrize("rendered", CLAIMS, indirect=True)
def test_every_report_hides_its_code_has_contents_and_copies_of_its_data(rendered: Rendered) -> None:
    for name, path in rendered.pages.items():
        page = path.read_text("utf-8")
        own = re.sub(r"<script[ >].*?</script>", "", page, flags=re.DOTALL)
        assert '<details class="page-code">' in own and '<details class="page-code" open' not in own, name
        assert own.count("<li><a href=") >= 4, name
        figures = own.count('<figure class="audit-figure">')
        assert figures or rendered.name != "sample", name
        assert own.count('class="audit-copy" download=') == figures, name
        assert own.count('role="img"') == figures and 'aria-label=""' not in own, name
        assert not re.findall(r"""(?:src|href)=["'](?!#|data:)""", own), name
        assert "every finding of the run." in own or "this filter, which is the one that was used" in own


@pytest.mark.parametrize("rendered", ["clean"], indirect=True)
def test_without_findings_the_reports_say_so_in_words(rendered: Rendered) -> None:
    said = {
        "02_rule_findings": "No finding, so there is nothing to draw.",
        "03_overpayment_exposure": "The rules found nothing",
        "04_provider_profile": "No potential overpayment, so there is no order of providers to draw.",
        "05_therapy_and_code_mix": "No finding on a per diem line, so there is no course to draw.",
        "06_review_worklist": "Nothing needs review, so there is no evidence to ask for.",
        "07_claim_evidence": "There is no finding to explain: the run has none, or the filter keeps none.",
    }
    assert [name for name, words in said.items() if words not in rendered.pages[name].read_text("utf-8")] == []
