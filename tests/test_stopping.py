"""Whoever asks the program to stop is obeyed, and what was half-written is taken away to the end."""

from __future__ import annotations

import shutil
import signal
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from audit_lib import stopping
from audit_lib.quality import engine
from audit_lib.quality.suites import read_suite
from audit_lib.run_folder import whole_or_absent


class _Stopped:
    """A table that is stopped while it is counted; Great Expectations makes a failure of that, or a result."""

    def __init__(self, does_raise: bool) -> None:
        self.does_raise = does_raise

    def validate(self, *_: Any, **__: Any) -> Any:
        stopping._stop.set()
        if self.does_raise:
            raise RuntimeError("interrupted")
        return SimpleNamespace(results=[])


@pytest.mark.parametrize("does_raise", [True, False])
def test_who_stops_the_quality_gate_is_not_told_of_bad_data(monkeypatch: pytest.MonkeyPatch, does_raise: bool) -> None:
    monkeypatch.setattr(stopping, "_stop", threading.Event())
    monkeypatch.setattr(engine, "_great_expectations", lambda: None)
    monkeypatch.setattr(engine, "_load", lambda *_: None)
    monkeypatch.setattr(engine, "_batch", lambda *_: _Stopped(does_raise))
    suite = read_suite("code_lists")
    with duckdb.connect() as connection, pytest.raises(KeyboardInterrupt):
        engine.validate(connection, suite)


def test_a_second_request_to_stop_does_not_end_the_cleaning_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remove, before = shutil.rmtree, signal.getsignal(signal.SIGINT)

    def asked_again(path: Path, **options: Any) -> None:
        signal.raise_signal(signal.SIGINT)
        remove(path, **options)

    with pytest.raises(KeyboardInterrupt), whole_or_absent(tmp_path / "r") as partial:
        (partial / "findings.parquet").write_text("x", "utf-8")
        monkeypatch.setattr(shutil, "rmtree", asked_again)
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
    assert signal.getsignal(signal.SIGINT) is before
