"""The run folder is whole or absent: killed, interrupted, on a full disk, in odd places, beside other runs."""

from __future__ import annotations

import os
import pty
import resource
import signal
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from audit_lib.errors import AuditError
from audit_lib.ledger.store import open_ledger
from audit_lib.run_folder import target_folder, whole_or_absent
from tests.command_line import GOOD, HEADER, MARK, SAMPLE

WORDS = [sys.executable, "-m", "audit_lib.cli", "run", "--no-reports", "--no-quality"]


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    path = tmp_path / "claims.csv"
    path.write_text(f"{HEADER}\n{GOOD}\n", "utf-8")
    return path


def _write(target: Path, content: str = "x") -> None:
    with whole_or_absent(target) as partial:
        assert not target.exists() or not any(target.iterdir())
        (partial / "findings.parquet").write_text(content, "utf-8")


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_appears_whole_and_for_its_owner(tmp_path: Path) -> None:
    _write(tmp_path / "new" / "below" / "r")
    assert _names(tmp_path / "new" / "below") == ["r"]
    for path in (tmp_path / "new", tmp_path / "new" / "below", tmp_path / "new" / "below" / "r"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "new/below/r/findings.parquet").stat().st_mode) == 0o600


def test_runs_in_threads_are_for_their_owner_and_give_the_umask_back(tmp_path: Path) -> None:
    first_is_in, second_is_in, first_is_out = threading.Event(), threading.Event(), threading.Event()

    def first() -> None:
        with whole_or_absent(tmp_path / "first"):
            first_is_in.set()
            assert second_is_in.wait(60)
        first_is_out.set()

    def second() -> None:
        assert first_is_in.wait(60)
        with whole_or_absent(tmp_path / "second") as partial, open_ledger(tmp_path / "ledger.duckdb"):
            second_is_in.set()
            assert first_is_out.wait(60)
            (partial / "findings.parquet").write_text("x", "utf-8")

    before = os.umask(0o022)
    try:
        with ThreadPoolExecutor(2) as threads:
            for done in [threads.submit(first), threads.submit(second)]:
                done.result()
        after = os.umask(0o022)
    finally:
        os.umask(before)
    assert after == 0o022
    for name in ("second/findings.parquet", "ledger.duckdb"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_an_error_or_an_interruption_leaves_nothing(tmp_path: Path) -> None:
    for error in (ValueError, KeyboardInterrupt, AuditError(13, "x"), SystemExit):
        with (
            pytest.raises(type(error) if isinstance(error, AuditError) else error),
            whole_or_absent(tmp_path / "r") as p,
        ):
            (p / "half").write_text("x", "utf-8")
            raise error
        assert _names(tmp_path) == []


@pytest.mark.parametrize("run_id", ["..", ".hidden", "a/b", "/a", "a/", "../a", "./a"])
def test_a_run_id_is_a_plain_name(tmp_path: Path, run_id: str) -> None:
    with pytest.raises(AuditError) as caught:
        target_folder(tmp_path, run_id)
    assert caught.value.exit_code == 2


def test_straight_into_the_folder_also_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    _write(target_folder(tmp_path / "link", "."))
    assert _names(tmp_path / "real") == ["findings.parquet"]
    assert (tmp_path / "link").is_symlink()
    _write(target_folder(tmp_path / "link" / "..", "r"))
    assert _names(tmp_path) == ["link", "r", "real"]


def test_a_taken_place_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / ".hidden").write_text("mine", "utf-8")
    (tmp_path / "empty").mkdir()
    for name in ("file", "folder"):
        with pytest.raises(AuditError, match="nothing is ever overwritten") as caught:
            _write(tmp_path / name)
        assert caught.value.exit_code == 2
    _write(tmp_path / "empty")
    assert _names(tmp_path) == ["empty", "file", "folder"]
    assert (tmp_path / "file").read_text("utf-8") == "mine"


def test_a_place_that_was_taken_meanwhile(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="nothing is ever overwritten"), whole_or_absent(tmp_path / "r") as partial:
        (partial / "findings.parquet").write_text("new", "utf-8")
        (tmp_path / "r").mkdir()
        (tmp_path / "r" / "mine").write_text("x", "utf-8")
    assert _names(tmp_path) == ["r"]
    assert _names(tmp_path / "r") == ["mine"]


@pytest.mark.parametrize("place", ["file/below", "x" * 300, "/proc/none", "/dev/null/x"])
def test_a_place_that_cannot_be_written(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(AuditError, match="cannot be written under") as caught:
        _write(target_folder(tmp_path / place, "r"))
    assert caught.value.exit_code == 14


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_access(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(AuditError, match="Permission denied") as caught:
        _write(tmp_path / "closed" / "r")
    assert caught.value.exit_code == 14


def test_what_killed_runs_left_is_taken_away_unless_one_still_runs(tmp_path: Path) -> None:
    for name in ("killed", "running"):
        (tmp_path / f".partial-{name}").mkdir()
        (tmp_path / f".partial-{name}" / "claims").write_text("x", "utf-8")
    with FileLock(tmp_path / ".lock-running"):
        _write(tmp_path / "r")
        assert _names(tmp_path) == [".lock-running", ".partial-running", "r"]
        with pytest.raises(AuditError) as caught:
            _write(tmp_path / "running")
        assert caught.value.exit_code == 15


def _start(claims: Path, out: Path, **options: object) -> subprocess.Popen[str]:
    words = [*WORDS, "--claims", str(claims), "--out", str(out)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("begun", [".partial-*", ".partial-*/*/claims/*"])
def test_a_stopped_run_is_absent_and_leaves_no_claims(tmp_path: Path, begun: str, stop: signal.Signals) -> None:
    out = tmp_path / "runs"
    process = _start(SAMPLE, out)
    while not list(out.glob(begun)) and process.poll() is None:
        time.sleep(0.005)
    process.send_signal(stop)
    _, said = process.communicate(timeout=60)
    assert [name for name in _names(out) if not name.startswith(".")] == []
    if stop != signal.SIGKILL:
        assert process.returncode == 130, said
        assert said.strip().splitlines()[-1] == "infusion-audit: interrupted; nothing half-made was left behind."
        assert "Traceback" not in said
        assert _names(out) == []
    _write(out / "next")
    assert _names(out) == ["next"]


@pytest.mark.parametrize("size", [30_000, 200_000, 400_000], ids=["claims", "lines", "outcomes"])
def test_a_disk_that_refuses_more(tmp_path: Path, size: int) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    process = _start(SAMPLE, tmp_path / "runs", preexec_fn=limited)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 14, said
    assert "cannot be written" in said and "Traceback" not in said
    assert _names(tmp_path / "runs") == []


def test_progress_on_a_terminal_and_in_a_log(claims: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    words = [*WORDS, "--claims", str(claims), "--out", str(tmp_path / "a"), "--run-id", "r"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:  # the terminal closes with the command
        pass
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"infusion-audit: reading 1 file" in shown and b"\x1b[" in shown
    _, said = _start(claims, tmp_path / "b").communicate(timeout=60)
    lines = said.strip().splitlines()
    assert all(line.startswith("infusion-audit: ") for line in lines) and "\x1b" not in said
    assert "1 row read, 0 rejected" in said
    assert MARK not in said + shown.decode("utf-8", "replace")
