"""The pages beside the runs: one style with the reports, self-contained, no script, nothing from elsewhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jinja2

_TEMPLATES = Path(__file__).parent / "page_templates"


def render_page(template: str, **values: Any) -> str:
    """Fill a page's template; every value is escaped."""
    css = (_TEMPLATES / "page.css").read_text("utf-8")
    return _environment().get_template(template).render(css=css, **values)


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
