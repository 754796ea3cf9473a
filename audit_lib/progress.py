"""Progress on standard error: a display on a terminal, plain lines elsewhere; step names and counts, never values."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

LONG_STEP_SECONDS = 2.0


class Progress:
    """Says which step runs and remembers how long each took; on a terminal it shows it within its `with`."""

    def __init__(self, is_quiet: bool = False) -> None:
        self.timings: dict[str, float] = {}
        self._is_quiet = is_quiet
        self._display: Any = None

    def __enter__(self) -> Self:
        if not self._is_quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.status import Status

            self._display = Status("starting", console=Console(stderr=True))
            self._display.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._display is not None:
            self._display.stop()  # it hid the cursor
            self._display = None

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
            if seconds >= LONG_STEP_SECONDS and self._display is None:
                self.say(f"{name.replace('_', ' ')}: {seconds:.1f} s")

    def say(self, line: str) -> None:
        """Print one plain line to standard error, above the display where one stands."""
        if self._is_quiet:
            return
        said = f"infusion-audit: {line}"
        if self._display is None:
            print(said, file=sys.stderr, flush=True)
        else:
            self._display.console.print(said, markup=False, emoji=False, highlight=False, soft_wrap=True)
