"""Small files stand whole or not at all, whoever writes them: what a full disk refuses leaves what was there before."""

from __future__ import annotations

import csv
import errno
import os
import resource
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from audit_lib import holds, sharing, whole_files
from audit_lib.errors import AuditError
from audit_lib.ledger import review_sample
from audit_lib.run import Run
from audit_lib.run_diff import RunDiff
from tests.handout.reading import CONTINGENT, audited


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


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return audited(tmp_path_factory.mktemp("finished"), CONTINGENT)


def _sample(run: Path, place: Path) -> None:
    review_sample.write_sample(Run.open(run), 1, 1, place / "sample.xlsx")


def _difference(run: Path, place: Path) -> None:
    RunDiff(run, run).write(place / "changes.csv")


ENDS = {
    "a full disk": OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
    "a fault": RuntimeError("of its own"),
    "an interruption": KeyboardInterrupt(),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("write", [_sample, _difference])
def test_a_new_file_is_whole_or_is_not_there(
    write: Callable[[Path, Path], None], end: str, finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> NoReturn:
        raise ENDS[end]

    with monkeypatch.context() as patched:
        patched.setattr(csv, "writer", stop)
        patched.setattr(review_sample, "close_workbook", stop)
        with pytest.raises(AuditError if end == "a full disk" else type(ENDS[end])) as caught:
            write(finished, tmp_path)
    assert getattr(caught.value, "exit_code", 14) == 14
    assert list(tmp_path.iterdir()) == []
    write(finished, tmp_path)
    (new,) = tmp_path.iterdir()
    assert new.stat().st_mode & 0o777 == 0o600 and new.stat().st_size > 0
    with pytest.raises(AuditError, match="is there already") as again:
        write(finished, tmp_path)
    assert again.value.exit_code == 2


def test_a_workbook_that_a_disk_refuses_is_not_there(finished: Path, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(AuditError) as caught:
            _sample(finished, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.exit_code == 14
    assert list(tmp_path.iterdir()) == []


def test_two_that_write_one_file_at_once_do_not_write_into_each_other(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    with whole_files._partial_file(page) as first:
        first.write_text("half", "utf-8")
        whole_files.write_whole(page, "whole")
        assert page.read_text("utf-8") == "whole"
        assert first.read_text("utf-8") == "half"
