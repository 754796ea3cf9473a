"""Databases that cannot be read or are in use: plain words, the right exit code, no value, nothing touched."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from unittest.mock import Mock

import duckdb
import pytest

from audit_lib.claims.inputs import find_inputs, store_rows
from audit_lib.claims.sources import check_unchanged
from audit_lib.cli import main
from audit_lib.errors import AuditError
from audit_lib.settings import Settings
from tests.claims_text import COLUMNS, GOOD
from tests.database_files import KINDS, SECRET, column, copied, make, refusal, small


@pytest.mark.parametrize("kind", KINDS)
def test_tables_are_named_where_none_is_chosen(tmp_path: Path, kind: str) -> None:
    more = [f"create table t{number:02} (a integer)" for number in range(30)]
    code, message = refusal(small(tmp_path / f"c.{kind}", *more, table="medical_claims"), "")
    assert code == 2
    assert "Did you mean medical_claims?" in message
    assert re.search(r"It holds medical_claims, t00, .*, t18 and 11 more\.", message)
    code, message = refusal(tmp_path / f"c.{kind}", "medical_clams")
    assert code == 11
    assert f"c.{kind} has no table medical_clams. Did you mean medical_claims?" in message
    empty = make(tmp_path / f"empty.{kind}", "x", ["a"], [], "drop table x")
    assert "It holds no table at all" in refusal(empty, "")[1]


NO_SELECT = [
    "select 1; select 2", "drop table claims", "delete from claims", "insert into claims select * from claims",
    "update claims set claim_id = 'x'", "explain select 1", "attach 'other' as other", "vacuum", "pragma user_version",
    "create table x as select 1", "with n as (select 1) delete from claims", "begin",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("query", NO_SELECT)
def test_a_query_is_one_select(tmp_path: Path, kind: str, query: str) -> None:
    path = small(tmp_path / f"c.{kind}")
    before = path.read_bytes()
    code, message = refusal(path, query=query)
    assert (code, message.startswith("--query must be exactly one select")) == (2, True), message
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


FAILING: dict[str, tuple[str, str]] = {
    "select nope from claims": ("Referenced column", "no such column: nope"),
    "select * from clams": ("clams does not exist", "no such table: clams"),
    "selec 1": ("syntax error", "syntax error"),
    f"select json('{{{SECRET}') from claims": ("InvalidInput", "a row cannot be computed"),
    f"select json_extract(claim_id, '{SECRET}') from claims": ("", "a row cannot be computed"),
}


@pytest.mark.parametrize("query", FAILING)
def test_a_query_that_fails_says_why_without_a_value(tmp_path: Path, query: str) -> None:
    for kind, words in zip(KINDS, FAILING[query], strict=True):
        if words:
            code, message = refusal(small(tmp_path / f"c.{kind}", claim_id=SECRET), query=query)
            assert (code, words in message) == (11, True), message
            assert f"The query over c.{kind} cannot be run: " in message
            assert str(tmp_path) not in message


def test_values_that_cannot_be_read_are_not_quoted(tmp_path: Path) -> None:
    path = small(
        tmp_path / "c.duckdb", "create view bad as select cast(claim_id as integer) from claims", claim_id=SECRET
    )
    assert "ConversionException" in refusal(path, "bad")[1]
    path = small(tmp_path / "blob.sqlite", claim_id=SECRET.encode())
    assert "the column claim_id holds bytes (blobs)" in refusal(path)[1]
    path = small(tmp_path / "text.sqlite", f"update claims set member_id = cast(x'{SECRET.encode().hex()}ff' as text)")
    assert "the column member_id holds text that is not UTF-8" in refusal(path)[1]
    others = ", ".join(column for column in COLUMNS if column != "member_id")
    assert len(column(copied(path, query=f"select 'm' as member_id, {others} from claims"))) == 1


def test_a_database_reaches_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text(f"claim_id\n{SECRET}\n", "utf-8")
    view = f"create view outside as from read_csv('{tmp_path}/other.csv')"
    path = small(tmp_path / "c.duckdb", view)
    for table, query in [
        ("outside", ""),
        ("", f"from read_csv('{tmp_path}/other.csv')"),
        ("", f"from '{tmp_path}/other.csv'"),
    ]:
        code, message = refusal(path, table, query)
        assert (code, "outside the database" in message) == (11, True)
    lite = small(tmp_path / "c.sqlite", "create view seen as select load_extension('x') from claims")
    for asked, said in [
        (("seen", ""), "unsafe use of load_extension()"),
        (("", "select load_extension('x') from claims"), "not authorized"),
    ]:
        with pytest.raises(AuditError) as caught:
            copied(lite, *asked)
        assert (caught.value.exit_code, str(caught.value.__cause__)) == (11, said)


def test_options_that_do_not_fit(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("claim_id\n", "utf-8")
    small(tmp_path / "c.duckdb")
    code, message = refusal(tmp_path / "c.csv")
    assert (code, "c.csv is no database" in message) == (2, True)
    assert refusal(tmp_path / "d.csv")[0] == 11
    with pytest.raises(AuditError, match="not with both") as caught:
        find_inputs(str(tmp_path / "c.duckdb"), "claims", "select 1")
    assert caught.value.exit_code == 2
    assert "Did you mean c.duckdb?" in refusal(tmp_path / "c.duckdbb")[1]
    with pytest.raises(SystemExit, match="2"):
        main(["check", str(tmp_path / "c.duckdb"), "--table", "x", "--query", "y"])


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _scribble(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)


def _scramble(path: Path) -> None:
    path.write_bytes(bytes(byte ^ 0x5A for byte in path.read_bytes()))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("damage", [_cut, _scribble, _scramble])
def test_damaged_databases(tmp_path: Path, kind: str, damage: Callable[[Path], None]) -> None:
    path = make(tmp_path / f"c.{kind}", "claims", COLUMNS, [list(GOOD.values())] * 500)
    damage(path)
    code, message = refusal(path)
    assert (code, "encrypted, damaged" in message) == (11, True), message


@pytest.mark.parametrize("kind", KINDS)
def test_a_database_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    path = small(tmp_path / f"c.{kind}")
    monkeypatch.setattr(Path, "open", Mock(side_effect=PermissionError(13, "Permission denied")))
    code, message = refusal(path)
    assert (code, message.startswith(f"The file c.{kind} cannot be read: Permission denied.")) == (11, True)


def test_encrypted_and_empty_databases(tmp_path: Path) -> None:
    path = tmp_path / "c.duckdb"
    with closing(duckdb.connect()) as connection:
        connection.execute("set force_mbedtls_unsafe = 'true'")
        connection.execute(f"attach '{path}' as closed (encryption_key 'key'); create table closed.claims (a int)")
    assert "encrypted" in refusal(path)[1]
    for name in ("c.sqlite", "d.db"):
        (tmp_path / name).touch()
        assert f"{name} is empty (0 bytes)" in refusal(tmp_path / name)[1]


# ------------------------------------------------------------------------------------------ In use


def test_a_duckdb_file_in_use(tmp_path: Path) -> None:
    path = small(tmp_path / "c.duckdb")
    holding = f"import duckdb, sys; c = duckdb.connect({str(path)!r}); print(flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", holding], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        other.stdout.readline()
        assert "c.duckdb is in use" in refusal(path)[1]
        other.communicate(b"")
    assert len(column(copied(path))) == 1
    with closing(duckdb.connect(str(path))):
        assert "a notebook that holds a connection to it counts" in refusal(path)[1]


@pytest.mark.parametrize(
    ("name", "log"), [("c.duckdb", "c.duckdb.wal"), ("c.sqlite", "c.sqlite-wal"), ("c.db", "c.db-journal")]
)
def test_changes_that_are_not_in_the_file_yet(tmp_path: Path, name: str, log: str) -> None:
    path = small(tmp_path / name)
    (tmp_path / log).write_bytes(b"changes that wait")
    code, message = refusal(path)
    assert (code, f"stand beside it in {log}" in message) == (11, True)
    (tmp_path / log).write_bytes(b"")
    assert len(column(copied(path))) == 1


def test_sqlite_in_its_newer_mode_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma journal_mode = wal")
    small(path)
    before = path.read_bytes()
    with closing(sqlite3.connect(path)) as other:
        other.execute("select count(*) from claims")
        other.execute("insert into claims select * from claims")
        other.commit()
        assert "c.sqlite-wal" in refusal(path)[1]
    assert len(column(copied(path))) == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == [".scratch", "c.sqlite"]
    assert path.read_bytes() != before


@pytest.mark.parametrize("kind", KINDS)
def test_a_database_that_changes_while_it_is_read(tmp_path: Path, kind: str) -> None:
    path = small(tmp_path / f"c.{kind}")
    files = find_inputs(str(path), "claims")
    (tmp_path / ".scratch").mkdir()
    store_rows(files, tmp_path / ".scratch", Settings(threads=1))
    check_unchanged(files, str(path))
    with path.open("r+b") as file:
        file.write(b"X")
    with pytest.raises(AuditError, match=r"table claims was changed or removed while it was read"):
        check_unchanged(files, str(path))


def test_a_long_query_can_be_interrupted(tmp_path: Path) -> None:
    """Not by a real SIGINT, which a process that runs in the background may ignore."""
    path = small(tmp_path / "c.sqlite")
    query = (
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 100000000) select max(i) as i from n"
    )

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(KeyboardInterrupt):
            copied(path, query=query)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
