"""Where the SQL, expectations and notebooks lie (inside the installed wheel, else in the checkout), and their YAML."""

from pathlib import Path
from typing import Any

import yaml

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """Return the folder `sql`, `expectations` or `notebooks` that ships with this installation."""
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def from_yaml(text: str) -> Any:
    """Read YAML, with libyaml where PyYAML was built with it: ten times as fast. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
