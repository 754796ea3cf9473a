"""A disk that refuses more while the ledger is made or written, and how it is told from other errors."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from audit_lib.cli import main
from audit_lib.errors import AuditError, is_write_failure
from audit_lib.ledger import recording
from audit_lib.ledger.store import open_ledger
from tests.command_line import HEADER

ROWS = ["A,1,m,2025-08-01,S9500,1,90.00,741", "A,2,m,2025-08-01,A4222,1,40.00,741"]
ERRORS = {
    'IO Error: Could not write file "/runs/ledger.duckdb": No space left on device': True,
    'TransactionContext Error: Failed to commit: Could not write file "/a/large.duckdb.wal": File too large': True,
    "IO Error: Async write failed for range [offset=4, size=9]: No space left on device": True,
    "FATAL Error: Failed: database has been invalidated. Could not write file: Disk quota exceeded": True,
    'IO Error: Cannot open file "/runs/x.parquet": Read-only file system': True,
    'IO Error: Cannot open file "/writeoffs/claims.parquet": Permission denied': False,
    "TransactionContext Error: Catalog write-write conflict on create with x": False,
    "Conversion Error: Could not convert string 'No space left' to INT32": False,
    'IO Error: The file "/a/b.duckdb" exists, but it is not a valid DuckDB database file!': False,
}


@contextmanager
def _no_room() -> Iterator[None]:
    """Have the system refuse to write more than a few bytes to any file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    (tmp_path / "claims.csv").write_text("\n".join([HEADER, *ROWS]) + "\n", "utf-8")
    words = ["run", "--claims", str(tmp_path / "claims.csv"), "--out", str(tmp_path / "runs")]
    return [*words, "--rules", "supply_with_per_diem", "--no-reports", "--no-quality", "--run-id"]


@pytest.mark.parametrize("text", ERRORS)
def test_what_the_disk_refused(text: str) -> None:
    assert is_write_failure(duckdb.Error(text)) == ERRORS[text]


@pytest.mark.parametrize("is_empty", [False, True])
def test_a_ledger_that_cannot_be_made_is_not_left(tmp_path: Path, is_empty: bool) -> None:
    ledger = tmp_path / "ledger.duckdb"
    if is_empty:
        ledger.touch()
    with _no_room(), pytest.raises(AuditError) as caught, open_ledger(ledger):
        pass
    assert caught.value.exit_code == 14
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("ledger")] == []
    with open_ledger(ledger) as opened:
        assert opened.rows("select count(*) from ledger.runs") == [(0,)]


def test_an_empty_file_is_no_ledger_yet(tmp_path: Path, words: list[str]) -> None:
    """What earlier versions left on a full disk, also where a link leads to it."""
    (tmp_path / "real.duckdb").touch()
    (tmp_path / "link.duckdb").symlink_to(tmp_path / "real.duckdb")
    assert main([*words, "a", "--ledger", str(tmp_path / "link.duckdb")]) == 0
    assert (tmp_path / "link.duckdb").is_symlink()
    with open_ledger(tmp_path / "real.duckdb") as opened:
        assert opened.rows("select run_id from ledger.runs") == [("a",)]


def test_a_file_that_is_no_ledger_stays(tmp_path: Path) -> None:
    (tmp_path / "ledger.duckdb").write_text("mine", "utf-8")
    with _no_room(), pytest.raises(AuditError) as caught, open_ledger(tmp_path / "ledger.duckdb"):
        pass
    assert caught.value.exit_code == 2
    assert (tmp_path / "ledger.duckdb").read_text("utf-8") == "mine"


def test_no_room_for_the_status_of_findings(
    tmp_path: Path, words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a ledger already there: nothing of the run is left, and the ledger is as it was."""
    assert main([*words, "a"]) == 0
    with _full_after(monkeypatch, "_weigh"):
        assert main([*words, "b"]) == 14
    assert "cannot be written" in capsys.readouterr().err
    assert not (tmp_path / "runs" / "b").exists()
    with open_ledger(tmp_path / "runs" / "ledger.duckdb") as opened:
        assert opened.rows("select run_id from ledger.runs") == [("a",)]


def test_no_room_to_record_a_run_that_is_whole(
    tmp_path: Path, words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with _full_after(monkeypatch, "Visit.announce"):
        assert main([*words, "a"]) == 14
    assert "is whole, but the ledger" in capsys.readouterr().err
    with open_ledger(tmp_path / "runs" / "ledger.duckdb") as opened:
        assert opened.rows("select run_id from ledger.runs") == [("a",)]


@contextmanager
def _full_after(monkeypatch: pytest.MonkeyPatch, name: str) -> Iterator[None]:
    """Have the disk refuse more from the moment that a function of `recording` is done."""
    *parents, last = name.split(".")
    owner = getattr(recording, parents[0]) if parents else recording
    do: Callable[..., object] = getattr(owner, last)

    def do_and_fill(*given: object) -> object:
        result = do(*given)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        return result

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with monkeypatch.context() as patched:
        patched.setattr(owner, last, do_and_fill)
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
