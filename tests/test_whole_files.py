"""Small files stand whole or not at all, whoever writes them: what a full disk refuses leaves what was there before."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from audit_lib import holds, sharing
from audit_lib.errors import AuditError


def _hold(place: Path) -> None:
    holds.place_hold(place / "r", "a second reason")


def _share(place: Path) -> None:
    sharing._write(place, "<p>page</p>")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder of one run on hold."""
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "manifest.json").write_text("{}", "utf-8")
    holds.place_hold(tmp_path / "r", "a reason")
    return tmp_path


@pytest.mark.parametrize("write", [_hold, _share])
def test_what_a_disk_refuses_at_the_end_leaves_nothing_behind(
    write: Callable[[Path], None], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = {path: path.read_bytes() for path in place.iterdir() if path.is_file()}
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(AuditError, match="No space left") as caught:
        write(place)
    assert caught.value.exit_code == 14
    assert {path: path.read_bytes() for path in place.iterdir() if path.is_file()} == before


@pytest.mark.parametrize("write", [_hold, _share])
def test_what_is_written_is_on_the_disk_and_its_owners(
    write: Callable[[Path], None], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: written.append(os.fstat(descriptor).st_ino))
    write(place)
    (new,) = [path for path in place.iterdir() if path.is_file() and path.stat().st_ino in written]
    assert new.stat().st_mode & 0o777 == 0o600
    assert not new.name.startswith(".")


def test_a_shared_report_is_never_written_over_another(place: Path) -> None:
    _share(place)
    with pytest.raises(AuditError, match="is there already") as caught:
        _share(place)
    assert caught.value.exit_code == 2
