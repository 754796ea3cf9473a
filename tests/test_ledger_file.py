"""The ledger's file: killed at any step it has lost nothing; two at once leave it whole; newer ones are refused."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
import sqlglot
from filelock import FileLock

from audit_lib.cli import main
from audit_lib.errors import AuditError
from audit_lib.ledger.recording import status_files
from audit_lib.ledger.store import open_ledger, scratch_folder
from audit_lib.resources import folder
from tests.command_line import HEADER

ROWS = ["A,1,m,2025-08-01,S9500,1,90.00,741", "A,2,m,2025-08-01,A4222,1,40.00,741"]
# Where a run is killed: at which call of what, before or after it, and whether its folder is whole by then.
STAGES = {
    "before it is weighed": ("audit_lib.ledger.recording._weigh", 1, "before", False),
    "before it is announced": ("audit_lib.ledger.recording.Visit.announce", 1, "before", False),
    "before its folder has its name": ("pathlib.Path.rename", 1, "before", False),
    "when its folder has its name": ("pathlib.Path.rename", 1, "after", True),
    "amid its transaction": ("audit_lib.ledger.store.Ledger.relative", 2, "before", True),
    "when it is recorded": ("audit_lib.ledger.recording._record", 1, "after", True),
}
KILLER = """
import os, signal, sys
from importlib import import_module
from audit_lib.cli import main
stage, call, when, *words = sys.argv[1:]
calls = 0
parts = stage.split(".")
for length in range(len(parts) - 1, 0, -1):
    try:
        owner = import_module(".".join(parts[:length]))
        break
    except ModuleNotFoundError:
        continue
for name in parts[length:-1]:
    owner = getattr(owner, name)
plain = getattr(owner, parts[-1])
def killed(*args, **kwargs):
    global calls
    calls += 1
    if calls == int(call) and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = plain(*args, **kwargs)
    if calls == int(call):
        os.kill(os.getpid(), signal.SIGKILL)
    return result
setattr(owner, parts[-1], killed)
main(words)
"""


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    path = tmp_path / "claims.csv"
    path.write_text("\n".join([HEADER, *ROWS]) + "\n", "utf-8")
    return path


def _words(claims: Path, name: str) -> list[str]:
    words = ["run", "--claims", str(claims), "--out", str(claims.parent / "runs"), "--run-id", name]
    return [*words, "--rules", "supply_with_per_diem", "--no-reports", "--no-quality"]


def _runs(ledger: Path) -> list[str]:
    with open_ledger(ledger) as opened:
        assert opened.rows("from ledger.pending_runs") == []
        runs = [str(row[0]) for row in opened.rows("select run_id from ledger.runs order by run_number")]
        sighted = opened.rows("select run_number, count(*) from ledger.sightings group by all order by all")
        assert sighted == [(number, 1) for number in range(1, len(runs) + 1)]
    return runs


@pytest.fixture(scope="module")
def one_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with claims and one recorded run."""
    place = tmp_path_factory.mktemp("ledger")
    (place / "claims.csv").write_text("\n".join([HEADER, *ROWS]) + "\n", "utf-8")
    assert main(_words(place / "claims.csv", "r1")) == 0
    return place


@pytest.mark.parametrize("stage", STAGES)
def test_killed_at_any_step_it_has_lost_nothing(one_run: Path, tmp_path: Path, stage: str) -> None:
    place = tmp_path / "place"
    shutil.copytree(one_run, place)
    step, call, when, is_whole = STAGES[stage]
    words = [step, str(call), when, *_words(place / "claims.csv", "r2")]
    killed = subprocess.run([sys.executable, "-c", KILLER, *words])
    assert killed.returncode == -signal.SIGKILL
    assert (place / "runs" / "r2").is_dir() == is_whole
    for _ in range(2):  # opening it catches up, once
        assert _runs(place / "runs" / "ledger.duckdb") == (["r1", "r2"] if is_whole else ["r1"])
    assert [p.name for p in (place / "runs").iterdir() if p.name.startswith(".ledger-scratch")] == []


def test_after_a_kill_the_next_run_goes_on(one_run: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    shutil.copytree(one_run, place)
    words = ["pathlib.Path.rename", "1", "after", *_words(place / "claims.csv", "r2")]
    subprocess.run([sys.executable, "-c", KILLER, *words])
    assert main(_words(place / "claims.csv", "r3")) == 0
    assert _runs(place / "runs" / "ledger.duckdb") == ["r1", "r2", "r3"]


def test_two_runs_at_once_are_both_recorded(claims: Path) -> None:
    commands = [[sys.executable, "-m", "audit_lib.cli", *_words(claims, name)] for name in ("a", "b")]
    processes = [subprocess.Popen(c, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for c in commands]
    assert [process.wait() for process in processes] == [0, 0]
    assert sorted(_runs(claims.parent / "runs" / "ledger.duckdb")) == ["a", "b"]


@pytest.mark.parametrize("stage", ["audit_lib.audit._report", "audit_lib.ledger.recording.Visit.announce"])
def test_a_first_run_that_is_interrupted_leaves_no_ledger(
    claims: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(stage, interrupted)
    assert main(_words(claims, "first")) == 130
    assert not list((claims.parent / "runs").iterdir())


def test_a_ledger_that_a_run_made_goes_with_it_unless_a_run_is_recorded_or_whole(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.duckdb"
    with pytest.raises(KeyboardInterrupt), open_ledger(ledger) as opened, opened.transaction():
        opened.connection.execute("insert into ledger.pending_runs values ('key', 'run')")
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "manifest.json").write_text("{}")
    with pytest.raises(KeyboardInterrupt), open_ledger(ledger) as opened:
        with opened.transaction():
            opened.connection.execute("insert into ledger.pending_runs values ('key', 'run')")
        raise KeyboardInterrupt
    assert ledger.is_file()
    with pytest.raises(KeyboardInterrupt), open_ledger(ledger):
        raise KeyboardInterrupt
    assert ledger.is_file()


def test_whoever_waits_too_long_is_told(tmp_path: Path) -> None:
    said: list[str] = []
    with (
        FileLock(tmp_path / ".lock-ledger.duckdb"),
        pytest.raises(AuditError) as caught,
        open_ledger(tmp_path / "ledger.duckdb", say=said.append, wait_seconds=0.2),
    ):
        pass
    assert caught.value.exit_code == 15
    assert "Another process has kept the ledger" in caught.value.message
    assert "waiting for another process" in said[0]


def test_it_is_for_its_owner_and_only_where_it_was_asked_for(claims: Path) -> None:
    assert main([*_words(claims, "r1"), "--no-ledger"]) == 0
    assert not (claims.parent / "runs" / "ledger.duckdb").exists()
    assert not (claims.parent / "runs" / "r1" / "finding_status.parquet").exists()
    assert main([*_words(claims, "what-if"), "--assume-in-force"]) == 0
    assert not (claims.parent / "runs" / "ledger.duckdb").exists()
    assert main([*_words(claims, "r2"), "--ledger", str(claims.parent / "other" / "l.duckdb")]) == 0
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (claims.parent / "other").iterdir()}
    assert modes == {0o600}


def test_a_ledger_of_another_version_and_other_files_are_refused_and_left(tmp_path: Path, claims: Path) -> None:
    versions = {version: tmp_path / f"version{version}.duckdb" for version in (1, 99)}
    for version, path in versions.items():
        with open_ledger(path) as ledger:
            ledger.connection.execute(f"update ledger.ledger_info set schema_version = {version}")
    other = tmp_path / "other.duckdb"
    duckdb.connect(str(other)).execute("create table mine as select 1 as one").close()
    text = tmp_path / "text.duckdb"
    text.write_text("no database", "utf-8")
    for path in (*versions.values(), other, text):
        before = path.read_bytes()
        assert main([*_words(claims, path.stem), "--ledger", str(path)]) == 2
        assert path.read_bytes() == before
        assert not (claims.parent / "runs" / path.stem).exists()


def test_findings_do_not_depend_on_the_ledger(claims: Path) -> None:
    for name, words in {"without": ["--no-ledger"], "first": [], "second": []}.items():
        assert main([*_words(claims, name), *words]) == 0
    files = [path.read_bytes() for path in (claims.parent / "runs").glob("*/findings.parquet")]
    assert len(files) == 3
    assert len(set(files)) == 1


def test_a_disposition_needs_a_ledger_and_an_interrupted_reader_releases_it(claims: Path, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("finding_id,disposition,disposition_date,reason,user\n", "utf-8")
    assert main(["disposition", str(tmp_path / "d.csv"), "--ledger", str(tmp_path / "none.duckdb")]) == 2
    code = "import sys, time; from pathlib import Path; from audit_lib.ledger.store import open_ledger\n"
    code += "with open_ledger(Path(sys.argv[1])): print('open', flush=True); time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "l.duckdb")], stdout=subprocess.PIPE)
    assert holder.stdout
    holder.stdout.readline()
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    started = time.monotonic()
    with open_ledger(tmp_path / "l.duckdb"):
        pass
    assert time.monotonic() - started < 5


def test_a_ledger_whose_folder_takes_no_scratch_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_ledger(tmp_path / "l.duckdb"):
        pass
    (tmp_path / "d.csv").write_text("finding_id,disposition,disposition_date,reason,user\n", "utf-8")

    mkdir = Path.mkdir

    def refused(path: Path, *args: Any, **kwargs: Any) -> None:
        if path == scratch_folder(tmp_path / "l.duckdb"):
            raise PermissionError(13, os.strerror(13))
        mkdir(path, *args, **kwargs)

    monkeypatch.setattr(Path, "mkdir", refused)
    assert main(["disposition", str(tmp_path / "d.csv"), "--ledger", str(tmp_path / "l.duckdb")]) == 14
    assert f"The ledger {tmp_path / 'l.duckdb'} cannot be written." in capsys.readouterr().err


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_a_damaged_workbook_of_reviewers_is_named(
    tmp_path: Path, part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_ledger(tmp_path / "l.duckdb"):
        pass
    book = openpyxl.Workbook()
    for _ in range(50):
        book.worksheets[0].append(["MARKERVALUE", "recovered"])
    book.save(tmp_path / "whole.xlsx")
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as whole, zipfile.ZipFile(tmp_path / "cut.xlsx", "w") as cut:
        for name in whole.namelist():
            content = whole.read(name)
            cut.writestr(name, content[: len(content) // 2] if name == part else content)
    assert main(["disposition", str(tmp_path / "cut.xlsx"), "--ledger", str(tmp_path / "l.duckdb")]) == 2
    said = capsys.readouterr().err
    assert "cut.xlsx cannot be read: it must be a CSV file in UTF-8 or a workbook" in said and "MARKER" not in said


def test_every_column_of_the_status_files_is_explained() -> None:
    for name, output in status_files().items():
        query = (folder("sql") / "ledger" / f"{name}.sql").read_text("utf-8")
        assert list(output["columns"]) == sqlglot.parse_one(query, read="duckdb").named_selects


def test_two_ledgers_of_one_folder_leave_each_other_s_scratch(tmp_path: Path) -> None:
    first, second = tmp_path / "ledger.duckdb", tmp_path / "whatif.duckdb"
    with open_ledger(first):
        (scratch_folder(first) / "outgrown").touch()
        with open_ledger(second):
            pass
        assert (scratch_folder(first) / "outgrown").exists() and not scratch_folder(second).exists()
    assert not scratch_folder(first).exists()
