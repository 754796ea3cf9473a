"""The run's database reads the claims and its own folder; no SQL, a plan's or a layout's, gets it to anything else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit_lib.database import open_locked
from audit_lib.errors import AuditError
from audit_lib.pipeline import functions_read, load_steps, run_steps
from audit_lib.progress import Progress
from audit_lib.settings import Settings
from tests.own_rules import RULE_SQL, audit, write_local

CLAIMS = "[1] a*b?'s.parquet"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "own" / "spill").mkdir(parents=True)
    for name in (CLAIMS, "other.parquet", "real.parquet"):
        pq.write_table(pa.table({"x": [1]}), tmp_path / name)
    (tmp_path / "link.parquet").symlink_to(tmp_path / "real.parquet")
    (tmp_path / "own" / "out.parquet").symlink_to(tmp_path / "other.parquet")
    return tmp_path


@pytest.fixture
def database(place: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    inputs = [place / CLAIMS, place / "link.parquet"]
    connection = open_locked(Settings(memory_limit="100MB"), inputs, place / "own", place / "own" / "spill")
    yield connection
    connection.close()


def test_claims_and_the_runs_own_folder_are_open(place: Path, database: duckdb.DuckDBPyConnection) -> None:
    for name in (CLAIMS, "link.parquet"):
        assert database.read_parquet(str(place / name)).fetchall() == [(1,)]
    database.sql("select 2 as y").write_parquet(str(place / "own" / "y.parquet"))
    assert database.read_parquet(str(place / "own" / "y.parquet")).fetchall() == [(2,)]


def test_what_does_not_fit_still_spills(place: Path, database: duckdb.DuckDBPyConnection) -> None:
    database.execute("create table sorted as select hash(i)::varchar as s from range(1500000) t(i) order by s")
    assert list((place / "own" / "spill").iterdir())
    assert database.execute("select count(distinct s) from sorted").fetchall() == [(1_500_000,)]


FORBIDDEN = [
    "select * from read_parquet('{place}/other.parquet')",
    "select * from read_parquet('{place}/own/../other.parquet')",
    "select * from read_parquet('{place}/own/out.parquet')",
    "select * from '{place}/other.parquet'",
    "select * from glob('{place}/*')",
    "select * from read_text('/etc/passwd')",
    "select * from read_csv('https://example.org/x.csv')",
    "attach '{place}/new.db'",
    "attach '{place}/new.db' as stolen (type sqlite)",
    "copy (select 1 as x) to '{place}/new.csv'",
    "copy (select 1 as x) to '{place}/own/../new.csv'",
    "export database '{place}/new'",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "set allowed_directories = ['/']",
    "set lock_configuration = false",
    "set temp_directory = '/tmp'",
    "reset allowed_paths",
]


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_everything_else_is_closed(place: Path, database: duckdb.DuckDBPyConnection, sql: str) -> None:
    before = sorted(place.iterdir())
    with pytest.raises(duckdb.Error, match=r"disabled|Cannot change|locked"):
        database.execute(sql.replace("{place}", str(place))).fetchall()
    assert sorted(place.iterdir()) == before


def test_tables_of_python_are_seen_only_when_registered(database: duckdb.DuckDBPyConnection) -> None:
    secret = pa.table({"x": [1]})
    with pytest.raises(duckdb.CatalogException):
        database.execute("select * from secret")
    database.register("shown", secret)
    assert database.execute("select * from shown").fetchall() == [(1,)]


READS = {
    "select * from read_text('/etc/passwd')": ["read_text()"],
    "select * from read_csv('x.csv') as t": ["read_csv()"],
    "from parquet_scan('x')": ["parquet_scan()"],
    "select * from a join lateral (select * from read_parquet('x')) on true": ["read_parquet()"],
    "select (select content from glob('*'))": ["glob()"],
    "select * from query('select 1'), duckdb_settings()": ["duckdb_settings()", "query()"],
    "select * from range(5), generate_series(1, 3), unnest([1])": [],
}


@pytest.mark.parametrize("sql", READS)
def test_functions_that_read_are_found(sql: str) -> None:
    assert functions_read(sql) == READS[sql]


def test_a_plans_rule_that_reads_a_file_is_refused_by_name(tmp_path: Path) -> None:
    sql = RULE_SQL + "cross join read_text('/etc/passwd')\n"
    local = write_local(tmp_path, **{"rules/bundled/handling_with_per_diem.sql": sql})
    with pytest.raises(AuditError, match=r"handling_with_per_diem\.sql .* names read_text\(\)") as caught:
        audit(tmp_path, local)
    assert caught.value.exit_code == 10


def test_a_step_that_reads_a_file_all_the_same_fails(place: Path, database: duckdb.DuckDBPyConnection) -> None:
    (place / "steps").mkdir()
    (place / "steps" / "thief.sql").write_text("select * from read_text('/etc/passwd')", "utf-8")
    with pytest.raises(AuditError, match="step thief failed to run") as caught:
        run_steps(database, [load_steps(place / "steps")["thief"]], Progress(is_quiet=True))
    assert caught.value.exit_code == 13
    assert "root:" not in caught.value.message
