"""Whether the program has been asked to stop: a library that is interrupted may say so in words of its own."""

from __future__ import annotations

import threading
from typing import NoReturn

_stop = threading.Event()


def interrupt(*_: object) -> NoReturn:
    """Let every request to stop end the command as Ctrl-C does, with everything half-written taken away."""
    _stop.set()
    raise KeyboardInterrupt


def is_stopping() -> bool:
    """Tell whether somebody asked the program to stop."""
    return _stop.is_set()
