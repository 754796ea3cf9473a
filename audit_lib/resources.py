"""Where the SQL, expectations, notebooks and documents lie (in the installed wheel, else in the checkout), and YAML."""

from pathlib import Path
from typing import Any

import yaml

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """Return the folder `sql`, `expectations` or `notebooks` that ships with this installation."""
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def page(name: str) -> str:
    """Return where a page of `docs` is read: its path in an installed package, which brings it; else its usual name."""
    installed = _PACKAGE / "_data" / "docs" / name
    return str(installed) if installed.is_file() else f"docs/{name}"


class _UniqueKeys(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # libyaml, where it is there
    """Safe YAML in which a key that stands twice is refused: of two, one would be lost in silence."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [str(key.value) for key, _ in node.value]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise TwiceError(f"{', '.join(twice)} stands there twice")
        return dict(super().construct_mapping(node, deep))


class _DatesAsText(_UniqueKeys):
    """The same, but a date stays text: it is checked where it is wanted."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as the base class has it
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


class TwiceError(yaml.YAMLError):
    """A key stands twice; the message says which."""


def from_yaml(text: str, are_dates_text: bool = False) -> Any:
    """Read YAML, with libyaml where PyYAML was built with it: ten times as fast.

    Raises yaml.YAMLError, and its kind TwiceError where a key stands twice.
    """
    return yaml.load(text, Loader=_DatesAsText if are_dates_text else _UniqueKeys)  # noqa: S506 - safe loaders


# The narrower kinds first.
_WHY_UNREAD: dict[type[Exception], str] = {
    FileNotFoundError: "it is not there",
    IsADirectoryError: "it is a folder",
    NotADirectoryError: "it lies below a file",
    PermissionError: "you may not read it",
    OSError: "the system cannot open it",
    UnicodeDecodeError: "it is no text in UTF-8",
}


def why_unread(error: Exception) -> str:
    """Say why a file of the user's could not be read, without a word of what it holds."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return f"it is no YAML, by what stands at line {error.problem_mark.line + 1} or just before"
    return next((reason for kind, reason in _WHY_UNREAD.items() if isinstance(error, kind)), "it is no YAML text")
