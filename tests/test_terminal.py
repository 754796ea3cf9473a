"""What a person at a terminal sees while a command works: the display, what it waits for, and the cursor afterwards."""

from __future__ import annotations

import os
import pty
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from filelock import FileLock

from audit_lib.cli import main
from audit_lib.ledger.store import open_ledger
from audit_lib.progress import Progress

HIDDEN, SHOWN = "\x1b[?25l", "\x1b[?25h"


class Terminal:
    """A terminal that standard error is; `text` is all that was written to it."""

    def __init__(self) -> None:
        self._master, slave = pty.openpty()
        self.stream = os.fdopen(slave, "w", encoding="utf-8")
        self._parts: list[bytes] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        with suppress(OSError):  # Linux says so where the other side is closed
            while part := os.read(self._master, 65536):
                self._parts.append(part)

    @property
    def so_far(self) -> str:
        return b"".join(self._parts).decode("utf-8", "replace")

    def text(self) -> str:
        """Close it and return everything."""
        self.stream.close()
        self._reader.join(10)
        return self.so_far


def opened(patch: pytest.MonkeyPatch) -> Terminal:
    """Make standard error a terminal; pytest sets its own when a test begins, so this is called within one."""
    terminal = Terminal()
    patch.setenv("TERM", "xterm")
    patch.setattr(sys, "stderr", terminal.stream)
    return terminal


def is_cursor_left(text: str) -> bool:
    return text.count(HIDDEN) == text.count(SHOWN) and text.rfind(HIDDEN) <= text.rfind(SHOWN)


def filled(place: Path) -> list[str]:
    """A file that says nothing of any finding, and the ledger that it is for."""
    with open_ledger(place / "ledger.duckdb"):
        pass
    (place / "d.csv").write_text("finding_id,disposition,disposition_date,reason,user\nnone,,,,\n", "utf-8")
    return [str(place / "d.csv"), "--ledger", str(place / "ledger.duckdb")]


def test_a_display_stands_while_work_is_done_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = opened(monkeypatch)
    with Progress() as progress, progress.step("reading_claims"):
        time.sleep(0.2)
    text = terminal.text()
    assert "reading claims" in text and HIDDEN in text and is_cursor_left(text)


def test_what_is_said_is_seen_above_the_display_word_for_word(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = opened(monkeypatch)
    line = "waiting for another process to finish with the ledger /audits [bold]2025[/bold] 0x1/:smile:/ledger.duckdb"
    with Progress() as progress:
        progress.say(line)
    text = terminal.text()
    assert f"infusion-audit: {line}" in text.replace("\r\n", "\n")
    assert is_cursor_left(text)


def test_an_error_leaves_the_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = opened(monkeypatch)
    with pytest.raises(ValueError, match="no"), Progress() as progress, progress.step("reading"):
        raise ValueError("no")
    text = terminal.text()
    assert HIDDEN in text and is_cursor_left(text)


def test_who_wants_no_progress_sees_none(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = opened(monkeypatch)
    with Progress(is_quiet=True) as progress, progress.step("reading"):
        progress.say("waiting")
    assert terminal.text() == ""


def test_elsewhere_progress_is_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress() as progress, progress.step("reading"):
        progress.say("waiting")
    assert capsys.readouterr().err == "infusion-audit: waiting\n"


def test_a_disposition_that_waits_for_the_ledger_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = opened(monkeypatch)
    given = filled(tmp_path)
    is_held = threading.Event()

    def another() -> None:
        with FileLock(tmp_path / ".lock-ledger.duckdb"):
            is_held.set()
            until = time.monotonic() + 60
            while "waiting for another" not in terminal.so_far and time.monotonic() < until:
                time.sleep(0.05)

    holding = threading.Thread(target=another)
    holding.start()
    assert is_held.wait(60)
    assert main(["disposition", *given]) == 2
    holding.join()
    text = terminal.text()
    assert "waiting for another process to finish with the ledger" in text
    assert HIDDEN in text and is_cursor_left(text)
    # The answer comes when the display is gone.
    assert text.rfind(SHOWN) < text.index("holds no row with a disposition")


def test_a_disposition_that_is_refused_leaves_the_cursor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = opened(monkeypatch)
    given = filled(tmp_path)
    (tmp_path / "ledger.duckdb").unlink()
    assert main(["disposition", *given]) == 2
    text = terminal.text()
    assert "There is no ledger" in text and is_cursor_left(text)
