"""Whether the program has been asked to stop: a library that is interrupted may say so in words of its own."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

_stop = threading.Event()


def interrupt(*_: object) -> NoReturn:
    """Let every request to stop end the command as Ctrl-C does, with everything half-written taken away."""
    _stop.set()
    raise KeyboardInterrupt


def is_stopping() -> bool:
    """Tell whether somebody asked the program to stop."""
    return _stop.is_set()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let what takes half-written things away come to its end, however often somebody asks to stop meanwhile."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {request: signal.signal(request, signal.SIG_IGN) for request in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for request, handler in before.items():
            signal.signal(request, signal.SIG_DFL if handler is None else handler)
