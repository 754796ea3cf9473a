"""Killed at changes to files and between steps: the run is absent or whole, claims as they were, the next clears up."""

from __future__ import annotations

import hashlib
import json
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
import pytest

from audit_lib.audit import run_audit
from audit_lib.database import open_locked
from audit_lib.ledger.store import open_ledger
from audit_lib.progress import Progress
from audit_lib.run import Run
from audit_lib.run_folder import whole_or_absent
from audit_lib.settings import Settings
from tests.command_line import GOOD, HEADER
from tests.conftest import ROOT
from tests.fake_run import build_run
from tests.killed_runs import RECORDING, options

# Where a run that is killed stands already: it was renamed, and is whole.
RENAMED = {"os.remove .lock-r", RECORDING}
CHAINS = 2


def _claims(folder: Path) -> Path:
    path = folder / "claims.csv"
    path.write_text(f"{HEADER}\n{GOOD}\n", "utf-8")
    return path


def _names(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir())


@pytest.fixture(scope="module")
def chains(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, list[dict[str, Any]]]]:
    """Runs killed one after another in one folder each: the folder, and what stood after each kill."""
    folders = [tmp_path_factory.mktemp("killed") for _ in range(CHAINS)]
    words = [[str(_claims(folder)), str(folder), str(n), str(CHAINS)] for n, folder in enumerate(folders)]
    programs = [
        subprocess.Popen([sys.executable, "-m", "tests.killed_runs", *of], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for of in words
    ]
    said = [program.communicate(timeout=300)[0] for program in programs]
    assert [program.returncode for program in programs] == [0] * CHAINS
    return [(folder, list(map(json.loads, text.splitlines()))) for folder, text in zip(folders, said, strict=True)]


def test_every_change_to_a_file_and_steps_of_every_kind_are_places_to_be_killed(chains: list[Any]) -> None:
    found = {kill["place"]: kill["ended"] for _, kills in chains for kill in kills}
    wanted = {"scanning_files", "reading", "supply_with_per_diem", "findings", "writing", "ledger", *RENAMED}
    wanted |= {"os.mkdir .partial-r", "open quality.json", "open manifest.json", "os.rename .partial-r"}
    assert wanted <= set(found)
    assert len(found) > 40 and set(found.values()) == {signal.SIGKILL.value}


def test_a_killed_run_is_absent_or_whole_and_hides_what_is_its_own(chains: list[Any]) -> None:
    """Nothing is left of the run before it, nobody else may read what it left, and the claims are as they were."""
    for folder, kills in chains:
        claims = folder / "claims.csv"
        before = hashlib.sha256(claims.read_bytes()).hexdigest() + str(claims.stat().st_mtime_ns)
        whole: list[str] = []
        for kill in kills:
            whole += [kill["run_id"]] * (kill["place"] in RENAMED)
            assert kill["runs"] == sorted(whole), kill["place"]
            assert set(kill["hidden"]) <= {f".partial-{kill['run_id']}"}, kill["place"]
            assert (kill["open"], kill["claims"]) == ([], before), kill["place"]
    assert sum(len(kills) for _, kills in chains) > 40


@pytest.mark.parametrize("chain", range(CHAINS))
def test_the_next_run_is_whole_and_the_ledger_knows_all_that_are(chains: list[Any], chain: int) -> None:
    folder, _ = chains[chain]
    place = folder / "runs"
    killed = [path.name for path in place.glob("r*")]
    run_audit(options(folder / "claims.csv", place, "last"), Progress(is_quiet=True))
    for name in [*killed, "last"]:
        assert len(Run.open(place / name).sql("select * from claim_lines")) == 0
        assert Run.open(place / name).manifest["rows"]["read"] == 1
    assert not [name for name in _names(place) if name.startswith((".partial", ".ledger"))]
    with open_ledger(place / "ledger.duckdb") as ledger:
        assert {row[0] for row in ledger.rows("select run_id from ledger.runs")} == {*killed, "last"}


RENDERING = """
import sys
from pathlib import Path
from audit_lib.reports import parameters, render
from audit_lib.run_folder import whole_or_absent
place = Path(sys.argv[1])
parameters.folder = place.joinpath
with whole_or_absent(place / "runs" / "r") as partial:
    render.render_reports(place / "whole", ["waits"], target=partial / "reports")
"""


@pytest.mark.notebook
def test_a_run_killed_over_its_reports_takes_their_processes_along(tmp_path: Path) -> None:
    """What executes a notebook would else go on to write rows of claims into the folder that the next run clears."""
    notebook = nbformat.v4.new_notebook()
    parameters = nbformat.v4.new_code_cell('# Parameters\nrun: str = ""', metadata={"tags": ["parameters"]})
    waits = "import os, pathlib, time\npathlib.Path('pids').write_text(f'{os.getpid()} {os.getppid()} .')"
    notebook.cells = [parameters, nbformat.v4.new_code_cell(f"{waits}\ntime.sleep(120)")]
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    build_run(tmp_path / "whole")
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook, tmp_path / "notebooks" / "waits.ipynb")
    program = subprocess.Popen([sys.executable, "-c", RENDERING, tmp_path], cwd=ROOT)
    pids = tmp_path / "runs" / ".partial-r" / "reports" / "pids"
    _wait_until(lambda: pids.is_file() and pids.read_text().endswith("."))
    of_kernel, of_papermill = pids.read_text().split()[:2]
    assert _runs(of_kernel) and _runs(of_papermill)
    program.kill()
    assert program.wait() == -signal.SIGKILL
    _wait_until(lambda: not _runs(of_papermill) and not _runs(of_kernel), seconds=20)
    with whole_or_absent(tmp_path / "runs" / "r") as partial:
        (partial / "findings.parquet").write_text("x", "utf-8")
    assert _names(tmp_path / "runs") == ["r"] and _names(tmp_path / "runs" / "r") == ["findings.parquet"]


def _wait_until(is_so: Any, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def _runs(pid: str) -> bool:
    try:
        return Path("/proc", pid, "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


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
