"""Packed claims that hold far more than they should, and text that needs more room than there is."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from audit_lib.audit import RunOptions, run_audit
from audit_lib.claims import text_files
from audit_lib.claims.row_counts import RowCounts
from audit_lib.errors import AuditError
from audit_lib.progress import Progress
from tests.claims_text import HEADER, line, read

BLANKS = b"\n" * 5_000_000
BOMBS = {
    "one line": f"{HEADER}\n".encode() + b"0" * 5_000_000,
    "many lines": f"{HEADER}\n{line('A')}\n".encode() * 100_000,
    "blank lines before the header": BLANKS + f"{HEADER}\n{line('A')}\n".encode(),
    "nothing but blank lines": BLANKS,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    path = tmp_path / "c.csv.gz"
    path.write_bytes(gzip.compress(BOMBS[name]))
    monkeypatch.setattr(text_files, "UNPACKED_BYTES", 1_000_000)
    options = RunOptions(claims=str(path), out=tmp_path / "runs", with_reports=False, with_quality=False)
    with pytest.raises(AuditError, match=r"c\.csv\.gz unpacks to more than 200 times its size") as caught:
        run_audit(options, Progress(is_quiet=True))
    assert caught.value.exit_code == 11
    assert "\n" not in caught.value.message
    assert [child.name for child in tmp_path.iterdir()] == ["c.csv.gz"]


def test_packed_parts_are_counted_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "c.csv.gz").write_bytes(gzip.compress(BLANKS[:600_000]) * 3)
    monkeypatch.setattr(text_files, "UNPACKED_BYTES", 1_000_000)
    with pytest.raises(AuditError, match="unpacks to more"):
        read(tmp_path / "c.csv.gz")


def test_what_claims_shrink_to_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the size, within the ratio: long files of like lines are claims."""
    lines = [HEADER, *[line(f"{number:x}{hash(number * 7919) % 10**9}") for number in range(20_000)], ""]
    (tmp_path / "c.csv.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    monkeypatch.setattr(text_files, "UNPACKED_BYTES", 1_000)
    assert read(tmp_path / "c.csv.gz")[1] == RowCounts(20_000, 20_000, 0)


def test_text_that_needs_more_room_than_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "c.csv").write_text(f"{HEADER}\n{line('A')}\n", "utf-16")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10))
    with pytest.raises(AuditError, match=r"the claims take \d+ bytes as plain text, and less is free") as caught:
        read(tmp_path / "c.csv")
    assert caught.value.exit_code == 14
