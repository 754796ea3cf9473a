"""Progress on standard error: a display on a terminal, plain lines elsewhere; step names and counts, never values."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LONG_STEP_SECONDS = 2.0


class Progress:
    """Says which step runs and remembers how long each took."""

    def __init__(self, is_quiet: bool = False) -> None:
        self.timings: dict[str, float] = {}
        self._is_quiet = is_quiet
        self._display: Any = None
        if not is_quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.status import Status

            self._display = Status("starting", console=Console(stderr=True))
            self._display.start()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step and show it while it runs."""
        started = time.monotonic()
        if self._display is not None:
            self._display.update(name.replace("_", " "))
        try:
            yield
        finally:
            seconds = time.monotonic() - started
            self.timings[name] = round(self.timings.get(name, 0.0) + seconds, 3)
            if seconds >= LONG_STEP_SECONDS:
                self.say(f"{name.replace('_', ' ')}: {seconds:.1f} s")

    def say(self, line: str) -> None:
        """Print one plain line to standard error, unless a terminal display stands there already."""
        if not self._is_quiet and self._display is None:
            print(f"infusion-audit: {line}", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Take the display away."""
        if self._display is not None:
            self._display.stop()
            self._display = None
