"""A run takes no more room than it needs: large tables stand on disk, and what nobody reads any more goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from audit_lib.claims.layouts import read_layout
from audit_lib.claims.reading import read_claims
from audit_lib.claims.sources import find_files, scan_bytes
from audit_lib.database import open_locked
from audit_lib.engines import DuckDBEngine
from audit_lib.performing import RESULTS, audit_tables
from audit_lib.pipeline import LARGE_TABLES, Step, load_steps, spent_after, tables_named
from audit_lib.progress import Progress
from audit_lib.resources import folder
from audit_lib.rules import load_rules
from audit_lib.run_options import RunOptions
from audit_lib.settings import Settings
from tests import rule_cases

ROOT = Path(__file__).parent.parent
LINES = "-- Large: numbers.\nselect i as line_number, i % 7 as code from given"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(open_locked(Settings(), [], tmp_path, tmp_path)) as opened:
        opened.execute("create table given as select i from range(100000) as numbers(i)")
        yield opened


def _steps(**sql: str) -> list[Step]:
    return [Step(name, text, tables_named(name, text)) for name, text in sql.items()]


def _names(spent: dict[str, list[Step]]) -> dict[str, list[str]]:
    return {reader: [step.name for step in steps] for reader, steps in spent.items()}


def _stored(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return sorted(connection.execute("select database_name, table_name from duckdb_tables()").fetchall())


def test_a_table_can_go_after_the_last_step_that_reads_it() -> None:
    steps = _steps(a="select 1 as x", b="select x from a", c="select a.x from a cross join b", d="select x from c")
    assert _names(spent_after(steps, {"d"})) == {"c": ["a", "b"], "d": ["c"]}


def test_a_table_is_read_whenever_a_view_of_it_is() -> None:
    view, of_view = "-- View: of a.\nselect x from a", "-- View: of a view.\nselect x from seen"
    steps = _steps(a="select 1 as x", seen=view, again=of_view, b="select x from again", c="select x from b")
    assert _names(spent_after(steps, {"c"})) == {"b": ["a"], "c": ["b"]}
    assert _names(spent_after(steps, {"c", "again"})) == {"c": ["b"]}


def test_what_no_step_reads_stays() -> None:
    assert spent_after(_steps(a="select 1 as x", b="select 2 as y"), set()) == {}


def test_a_large_table_stands_on_disk_and_is_read_by_its_own_name(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    steps = _steps(lines=LINES, totals="select code, count(*) as n from lines group by code")
    engine = DuckDBEngine(connection, Progress(is_quiet=True))
    engine.run(steps)
    assert engine.columns("lines") == ["line_number", "code"]
    assert _stored(connection) == [(LARGE_TABLES, "lines"), ("memory", "given"), ("memory", "totals")]
    assert connection.table("totals").sum("n").fetchall() == [(100_000,)]
    assert [path.stem for path in tmp_path.glob("*.duckdb")] == [LARGE_TABLES]


def test_only_a_sparing_engine_drops_tables(connection: duckdb.DuckDBPyConnection) -> None:
    steps = _steps(lines=LINES, few="select line_number from lines where code = 1", n="select count(*) as n from few")
    for is_sparing, left in ((True, {"given", "n"}), (False, {"given", "n", "lines", "few"})):
        engine = DuckDBEngine(connection, Progress(is_quiet=True), is_sparing)
        engine.expect(steps, {"n"})
        engine.run(steps)
        assert {name for _, name in _stored(connection)} == left
        assert connection.table("n").fetchall() == [(14_286,)]
        connection.execute("drop table n")


@pytest.mark.parametrize("with_quality", [False, True])
def test_a_run_ends_with_its_results_and_what_data_quality_reads(with_quality: bool, tmp_path: Path) -> None:
    sample = ROOT / "data" / "sample" / "claims.csv"
    options = RunOptions(**{**vars(rule_cases.options_of({})), "with_quality": with_quality})
    with closing(open_locked(Settings(), [sample], tmp_path, tmp_path)) as opened:
        files = find_files(str(sample))
        scan_bytes(files[0])
        read_claims(opened, files, read_layout("canonical"), tmp_path)
        engine = DuckDBEngine(opened, Progress(is_quiet=True), is_sparing=True)
        audit_tables(opened, load_rules(), options, Progress(is_quiet=True), engine=engine)
        left = {name for _, name in _stored(opened)}
        assert opened.table("findings").count("*").fetchall() != [(0,)]
    staging, facts = (set(load_steps(folder("sql") / part)) for part in ("staging", "facts"))
    assert set(RESULTS) <= left
    assert not left & {rule.name for rule in load_rules()}
    assert not left & facts
    assert ("claim_lines" in left) is with_quality
    assert with_quality or not left & staging - {"claims_totals", "header_repeats"}
