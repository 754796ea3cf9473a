"""The one way in which HTML is filled from a template: every value is escaped, and a missing one is an error."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jinja2


def fill(folder: Path, template: str, /, **values: Any) -> str:
    """Fill one of a folder's templates."""
    return _environment(folder).get_template(template).render(**values)


@cache
def _environment(folder: Path) -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
