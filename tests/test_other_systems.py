"""Calls that other systems than Linux lack or refuse are not needed; no test runs on one of them."""

from __future__ import annotations

import errno
import fcntl
import json
import os
from pathlib import Path

import pytest

from audit_lib.run_folder import _sync
from audit_lib.schedule.journal import _write_whole


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sync as a system does that refuses what is open for reading alone, and has no call that reads at a place."""
    files: list[int] = []

    def sync(descriptor: int) -> None:
        if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        files.append(os.fstat(descriptor).st_ino)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.delattr(os, "pread")
    return files


def test_every_file_of_a_run_is_synced_and_stays_as_it_is(synced: list[int], tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    files = {tmp_path / "findings.parquet": b"PAR1", tmp_path / "reports" / "front.html": b"<p>", tmp_path / "no": b""}
    for path, content in files.items():
        path.write_bytes(content)
    _sync(tmp_path)
    assert sorted(synced) == sorted(path.stat().st_ino for path in files)
    assert {path: path.read_bytes() for path in files} == files


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b'{"a": 1}\n'),
        (b'{"b": 2}\n', b'{"b": 2}\n{"a": 1}\n'),
        (b'{"torn": ', b'{"torn": \n{"a": 1}\n'),  # a crash tore this line; the next one is whole all the same
    ],
)
def test_a_line_of_the_journal_is_added_at_its_end(
    synced: list[int], tmp_path: Path, before: bytes, after: bytes
) -> None:
    journal = tmp_path / "report_journal.jsonl"
    journal.write_bytes(before)
    _write_whole(journal, json.dumps({"a": 1}).encode() + b"\n")
    assert journal.read_bytes() == after
    assert synced == [journal.stat().st_ino]
