"""Every notebook rendered over one audit: the sample, claims without any finding, the demo claims of Tuva."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from audit_lib.audit import RunOptions, run_audit
from audit_lib.progress import Progress
from audit_lib.reports.parameters import notebook_names
from audit_lib.reports.render import render_reports

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
CLAIMS = {
    "sample": (SAMPLE / "claims.csv", "canonical"),
    "clean": (SAMPLE / "clean_claims.csv", "canonical"),
    "tuva": (Path("realdata", "tuva_demo", "medical_claim.csv"), "tuva"),
}


@dataclass(frozen=True)
class Rendered:
    """A finished run, and the page of each notebook over it."""

    name: str
    run: Path
    pages: dict[str, Path]


def rendered_over(name: str, place: Path, claims_of_others: Path) -> Rendered:
    """Audit the claims of this name and render every notebook into `place`."""
    claims, layout = CLAIMS[name]
    options = RunOptions(str(claims_of_others / claims), place, layout=layout, run_id="run", with_reports=False)
    run = run_audit(options, Progress(is_quiet=True)).path
    pages = render_reports(run, notebook_names(), {}, place / "pages")
    return Rendered(name, run, {page.stem: page for page in pages})
