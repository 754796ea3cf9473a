"""Files for their owner alone: the one place that sets the umask, which is of the whole process."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_guard = threading.Lock()
_inside = 0
_before = 0


@contextmanager
def for_owner_only() -> Iterator[None]:
    """Set the umask to 077 until the last thread that asked for it is done; what it was before comes back then."""
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    global _inside, _before  # noqa: PLW0603 - the umask is the process's
    with _guard:
        if _inside == 0:
            _before = os.umask(0o077)
        _inside += 1


def _leave() -> None:
    global _inside  # noqa: PLW0603 - the umask is the process's
    with _guard:
        _inside -= 1
        if _inside == 0:
            os.umask(_before)
