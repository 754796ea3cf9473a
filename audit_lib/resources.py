"""Where the SQL, expectations and notebooks lie: inside the installed wheel, else in the checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """Return the folder `sql`, `expectations` or `notebooks` that ships with this installation."""
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
