"""The name that was probably meant, where one was given that nobody knows."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most like this one, however either is capitalized; None where none is near."""
    spelled = {one.lower(): one for one in known}
    near = difflib.get_close_matches(name.lower(), list(spelled), n=1, cutoff=0.6)
    return spelled[near[0]] if near else None


def with_nearest(problem: str, name: str, known: Iterable[str]) -> str:
    """Return the problem, which has no full stop, and after it the question for the nearest known name."""
    near = nearest(name, known)
    return f"{problem}. Did you mean {near}?" if near else problem
