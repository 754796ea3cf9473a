"""The pages beside the runs: one style with the reports, self-contained, no script, nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from audit_lib.page_templates import fill

_TEMPLATES = Path(__file__).parent / "page_templates"


def render_page(template: str, **values: Any) -> str:
    """Fill a page's template; every value is escaped."""
    css = (_TEMPLATES / "page.css").read_text("utf-8")
    return fill(_TEMPLATES, template, css=css, **values)
