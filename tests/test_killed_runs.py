"""Killed at each step: the run is absent or whole, the next run clears up, the claims are as they were."""

from __future__ import annotations

import hashlib
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from audit_lib.audit import run_audit
from audit_lib.database import open_locked
from audit_lib.progress import Progress
from audit_lib.run import Run
from audit_lib.run_folder import whole_or_absent
from audit_lib.settings import Settings
from tests.killed_runs import RECORDING, Watched, options
from tests.test_command import GOOD, HEADER

# Steps that write files, after which other files stand there than before; the others are looked at in one run below.
KILLED = ["reading", "writing", "ledger", RECORDING]


def _claims(folder: Path) -> Path:
    path = folder / "claims.csv"
    path.write_text(f"{HEADER}\n{GOOD}\n", "utf-8")
    return path


def _state(path: Path) -> tuple[str, int]:
    return hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns


def _names(place: Path) -> list[str]:
    """Return what stands in a folder beside the ledger, which clears up after itself when it is opened next."""
    names = sorted(path.name for path in place.iterdir()) if place.is_dir() else []
    return [name for name in names if not name.startswith(("ledger", ".ledger", ".lock-ledger"))]


def _next_run(place: Path) -> None:
    with whole_or_absent(place / "next") as partial:
        (partial / "findings.parquet").write_text("x", "utf-8")


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed")
    claims = _claims(folder)
    before = _state(claims)
    words = [sys.executable, "-m", "tests.killed_runs", str(claims), str(folder), *KILLED]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent)
    assert done.stdout.split("\n")[:-1] == [f"{step} {signal.SIGKILL.value}" for step in KILLED], done.stderr
    assert _state(claims) == before
    return folder


@pytest.mark.parametrize("step", KILLED)
def test_a_killed_run_is_absent_or_whole(killed: Path, step: str) -> None:
    place = killed / step
    stands = ["r"] if step == RECORDING else []
    assert [name for name in _names(place) if not name.startswith(".")] == stands
    place.mkdir(exist_ok=True)
    _next_run(place)
    assert _names(place) == ["next", *stands]
    if stands:
        assert len(Run.open(place / "r").sql("select * from findings")) == 0


def test_the_ledger_of_a_killed_run_serves_the_next(killed: Path, tmp_path: Path) -> None:
    shutil.copytree(killed / RECORDING, tmp_path / "runs", ignore=shutil.ignore_patterns("r", "next"))
    result = run_audit(options(killed / "claims.csv", tmp_path / "runs"), Progress(is_quiet=True))
    assert _names(tmp_path / "runs") == ["r"]
    assert not list((tmp_path / "runs").glob(".ledger*"))
    assert result.path == tmp_path / "runs" / "r"


def test_what_stands_at_every_step_is_hidden_and_the_owners(tmp_path: Path) -> None:
    """What a kill at a step would leave: looked at as each begins, and cleared up from a copy of it."""
    out, looked_at = tmp_path / "runs", []

    def look(step: str) -> None:
        looked_at.append(step)
        assert [name for name in _names(out) if not name.startswith(".")] == []
        for path in out.rglob("*"):
            allowed = 0o700 if path.is_dir() else 0o600
            assert stat.S_IMODE(path.stat().st_mode) == allowed, (step, path.name)
        copy = tmp_path / "copy"
        if out.is_dir():
            shutil.copytree(out, copy)
            _next_run(copy)
            assert _names(copy) == ["next"]
            shutil.rmtree(copy)

    run_audit(options(_claims(tmp_path), out), Watched(look))
    assert {"scanning_files", "reading", "supply_with_per_diem", "findings", "writing", "ledger"} <= set(looked_at)
    assert len(looked_at) > 60


def test_what_is_spilled_is_the_owners(tmp_path: Path) -> None:
    with whole_or_absent(tmp_path / "r") as partial:
        spill = partial / "spill"
        spill.mkdir()
        connection = open_locked(Settings(memory_limit="100MB"), [], partial, spill)
        connection.execute(
            "create table wide as select i, md5(i::varchar) || md5((i + 1)::varchar) as t from range(2000000) r(i)"
        )
        files = list(spill.rglob("*"))
        assert any(path.is_file() and path.stat().st_size for path in files)
        for path in files:
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
        connection.close()
