"""Every database is opened in one place, and what its queries spill lies where only its owner can read."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest

import audit_lib
from audit_lib import database
from audit_lib.cli import main
from audit_lib.database import open_connection
from audit_lib.evidence.scratch import Scratch
from audit_lib.handout.tables import handout_tables
from audit_lib.ledger.store import open_ledger
from audit_lib.run import Run
from audit_lib.run_diff import RunDiff
from audit_lib.settings import Settings
from tests.fake_run import build_run

PACKAGE = Path(audit_lib.__file__).parent
# The claims' own database is opened where it lies, read-only, with the same options.
OPENERS = {"database.py", "claims/duckdb_rows.py"}
MANY = "create table sorted as select hash(i)::varchar as s from range(1500000) t(i) order by s"
LARGE = "select s, row_number() over (order by s) as n from (select hash(i)::varchar as s from range(1500000) t(i))"
CLAIMS = """\
claim_id,claim_line_number,member_id,claim_line_start_date,hcpcs_code,service_unit_quantity,paid_amount,billing_tin
QZA,1,QZM1,2025-08-01,S9500,1,90.00,741
QZA,2,QZM1,2025-08-01,A4222,1,40.00,741
"""
SAFE = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
    "TimeZone": "UTC",
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty current folder, and beside it the folder for temporary files, in a process that has spilled nothing."""
    for name in ("here", "temporary"):
        (tmp_path / name).mkdir(mode=0o755)
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", None)
    database._own_folder.cache_clear()
    yield tmp_path / "here"
    database._own_folder.cache_clear()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A finished run of two lines with two findings."""
    place = tmp_path_factory.mktemp("audited")
    (place / "claims.csv").write_text(CLAIMS, "utf-8")
    words = ["--claims", str(place / "claims.csv"), "--out", str(place / "runs"), "--run-id", "r", "--no-ledger"]
    assert main(["run", *words, "--no-reports", "--no-quality"]) == 0
    return Run.open(place / "runs" / "r")


def test_a_database_is_opened_in_one_place() -> None:
    calls = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"duckdb.connect", "duckdb.sql", "duckdb.query"}
    }
    assert calls == OPENERS


def test_what_does_not_fit_lies_where_only_its_owner_can_read(here: Path) -> None:
    with closing(open_connection(Settings(memory_limit="100MB"))) as connection:
        connection.execute(MANY)
        (own,) = (here.parent / "temporary").iterdir()
        assert own.stat().st_mode & 0o777 == 0o700
        spilled = [path for path in own.rglob("*") if path.is_file() and path.stat().st_size]
        assert spilled
        assert connection.execute("select count(distinct s) from sorted").fetchall() == [(1_500_000,)]
    assert list(own.iterdir()) == []
    assert list(here.iterdir()) == []


def test_two_connections_do_not_share_what_they_spill(here: Path) -> None:
    first, second = (open_connection(Settings(memory_limit="100MB")) for _ in range(2))
    with closing(first), closing(second):
        for connection in (first, second):
            connection.execute(MANY)
        (own,) = (here.parent / "temporary").iterdir()
        assert len(list(own.iterdir())) == 2
        first.close()
        assert second.execute("select count(distinct s) from sorted").fetchall() == [(1_500_000,)]


def test_a_folder_that_is_named_takes_what_is_spilled(here: Path, tmp_path: Path) -> None:
    spill = tmp_path / "spill"
    spill.mkdir(mode=0o700)
    with closing(open_connection(Settings(memory_limit="100MB"), spill)) as connection:
        connection.execute(MANY)
        assert list(spill.iterdir())
    assert list((tmp_path / "temporary").iterdir()) == []


def test_queries_leave_python_its_share_of_the_memory() -> None:
    with closing(open_connection(Settings(memory_limit="2GB", threads=3))) as connection:
        assert connection.execute("select current_setting('memory_limit')").fetchall() == [("1.5 GiB",)]
        assert connection.execute("select current_setting('threads')").fetchall() == [(3,)]


def test_a_large_question_to_a_finished_run_leaves_nothing_behind(here: Path, tmp_path: Path) -> None:
    run = Run.open(
        build_run(tmp_path / "run", parameters={"period_by": "service", "settings": {"memory_limit": "150MB"}})
    )
    assert int(run.sql(f"select count(*) as n from ({LARGE})")["n"].iloc[0]) == 1_500_000
    said = run.sql("select current_setting('temp_directory') as place, current_setting('memory_limit') as memory")
    assert said["memory"].iloc[0] == "71.5 MiB"
    assert Path(said["place"].iloc[0]).is_relative_to(tmp_path / "temporary")
    assert list(here.iterdir()) == []


def test_a_file_of_a_run_may_be_a_link(run: Run, tmp_path: Path) -> None:
    """As where an archive keeps content apart from names; what is no Parquet file of the run is not followed."""
    linked = tmp_path / "linked"
    shutil.copytree(run.folder, linked)
    for name in ("findings.parquet", "secret.csv"):
        (tmp_path / name).write_bytes((linked / name).read_bytes() if name != "secret.csv" else b"a\n1\n")
        (linked / name).unlink(missing_ok=True)
        (linked / name).symlink_to(tmp_path / name)
    assert len(Run.open(linked).sql("from findings")) == 2
    assert RunDiff(run.folder, linked).totals == []
    with pytest.raises(duckdb.PermissionException):
        Run.open(linked).sql(f"from read_text('{linked}/secret.csv')")


def _of_run(run: Run) -> Iterator[duckdb.DuckDBPyConnection]:
    yield run._connection


def _of_comparison(run: Run) -> Iterator[duckdb.DuckDBPyConnection]:
    yield RunDiff(run.folder, run.folder)._connection


def _of_evidence(run: Run) -> Iterator[duckdb.DuckDBPyConnection]:
    yield Scratch(run, []).connection


def _of_hand_out(run: Run) -> Iterator[duckdb.DuckDBPyConnection]:
    with (
        TemporaryDirectory() as spill,
        handout_tables(run, date(2026, 1, 31), Path(spill), ["line_demands"]) as connection,
    ):
        yield connection


def _of_ledger(run: Run) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_ledger(run.folder.parent / "ledger.duckdb") as ledger:
        yield ledger.connection


Door = Callable[[Run], Iterator[duckdb.DuckDBPyConnection]]
CLOSED: list[Door] = [_of_run, _of_comparison, _of_evidence, _of_hand_out]


@pytest.mark.parametrize("door", [*CLOSED, _of_ledger])
def test_every_door_has_the_same_options(door: Door, run: Run) -> None:
    for connection in door(run):
        found = {name: connection.execute(f"select current_setting('{name}')").fetchall() for name in SAFE}
        assert found == {name: [(value,)] for name, value in SAFE.items()}


@pytest.mark.parametrize("door", CLOSED)
@pytest.mark.parametrize(
    "sql",
    ["select * from read_text('/etc/passwd')", "set allowed_directories = ['/']", "copy (select 1) to '{place}/x.csv'"],
)
def test_what_reads_a_finished_run_reaches_nothing_else(door: Door, sql: str, run: Run, here: Path) -> None:
    for connection in door(run):
        with pytest.raises(duckdb.Error, match=r"disabled|Cannot change"):
            connection.execute(sql.format(place=here))
