"""Claims in a database: the findings of the CSV file, the database untouched, every refusal in plain words."""

from __future__ import annotations

import csv
import json
import re
import shutil
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from audit_lib import Audit, run_diff
from audit_lib.audit import RunOptions, run_audit
from audit_lib.claims import sqlite_rows
from audit_lib.claims.inputs import find_inputs
from audit_lib.claims.row_counts import RowCounts
from audit_lib.cli import main
from audit_lib.errors import AuditError
from audit_lib.progress import Progress
from audit_lib.reports.front import provenance
from audit_lib.reproduction.verify import verify_run
from audit_lib.run import Run
from audit_lib.run_diff import RunDiff
from tests.claims_text import COLUMNS, GOOD, rows
from tests.conftest import ROOT
from tests.database_files import KINDS, SECRET, column, copied, make, read, refusal, small

SAMPLE_ROWS = 3000
IN_ORDER = "select * from medical_claim order by rowid"


# ------------------------------------------------------------------------------------------ The same findings


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample's first lines as CSV, DuckDB and SQLite, and a run of each."""
    place = tmp_path_factory.mktemp("databases")
    with (ROOT / "data" / "sample" / "claims.csv").open(encoding="utf-8", newline="") as file:
        names, *lines = list(csv.reader(file))[: SAMPLE_ROWS + 1]
    with (place / "claims.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([names, *lines])
    with closing(duckdb.connect(str(place / "claims.duckdb"))) as connection:
        table = connection.read_csv(str(place / "claims.csv"), all_varchar=True)
        table.create("medical_claim")
    make(place / "claims.sqlite", "medical_claim", [f'"{name}"' for name in names], lines)
    run(place, "claims.csv", "csv")
    run(place, "claims.duckdb", "duckdb", table="medical_claim")
    run(place, "claims.sqlite", "sqlite", query=IN_ORDER)
    return place


def run(place: Path, claims: str, run_id: str, table: str = "", query: str = "") -> None:
    options = RunOptions(
        claims=str(place / claims),
        out=place / "runs",
        run_id=run_id,
        rules=["supply_with_per_diem", "implanted_pump_daily_billing"],
        with_reports=False,
        with_quality=False,
        table=table,
        query=query,
    )
    before = _state(place)
    run_audit(options, Progress(is_quiet=True))
    assert _state(place) == before, "the source was touched, or something was left beside it"


def _state(place: Path) -> dict[str, tuple[bytes, int]]:
    return {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in place.iterdir() if p.is_file()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_database_gives_the_findings_of_the_csv_file(place: Path, kind: str) -> None:
    names = sorted(path.stem for path in (place / "runs" / "csv").glob("*.parquet"))
    assert sorted(path.stem for path in (place / "runs" / kind).glob("*.parquet")) == names
    for name in names:
        left, right = (duckdb.read_parquet(str(place / "runs" / run / f"{name}.parquet")) for run in ("csv", kind))
        columns = ", ".join(column for column in left.columns if column != "source_file")
        assert right.project(columns).fetchall() == left.project(columns).fetchall(), name
    assert duckdb.read_parquet(str(place / "runs/csv/findings.parquet")).count("*").fetchall()[0][0] > 10


@pytest.mark.parametrize("kind", KINDS)
def test_a_folder_of_the_run_gives_the_rows_no_column(place: Path, tmp_path: Path, kind: str) -> None:
    claims = RunOptions(
        claims=str(place / f"claims.{kind}"), table="medical_claim", out=tmp_path / "line_of_business=medicare",
        run_id="plan=other", with_reports=False, with_quality=False, rules=["supply_with_per_diem"],
    )  # fmt: skip
    lines = duckdb.read_parquet(str(run_audit(claims, Progress(is_quiet=True)).path / "claim_lines.parquet"))
    assert lines.filter("line_of_business = 'medicare' or plan = 'other'").fetchall() == []
    assert lines.count("*").fetchall()[0][0] > 10


def test_the_manifest_says_which_rows_were_read(place: Path) -> None:
    table, query = (json.loads((place / "runs" / kind / "manifest.json").read_text("utf-8")) for kind in KINDS)
    (first,), (second,) = table["inputs"], query["inputs"]
    assert (first["path"], first["table"], first["row_count"]) == ("claims.duckdb", "medical_claim", SAMPLE_ROWS)
    assert first["bytes"] == (place / "claims.duckdb").stat().st_size
    assert (second["path"], second["query"]) == ("claims.sqlite", IN_ORDER)
    assert str(place) not in json.dumps([first, second])
    for kind, label in zip(KINDS, ["claims.duckdb table medical_claim", "claims.sqlite query"], strict=True):
        lines = duckdb.read_parquet(str(place / "runs" / kind / "claim_lines.parquet"))
        assert lines.project("source_file").distinct().fetchall() == [(label,)]


def test_reports_name_the_rows(place: Path) -> None:
    for kind, words in (("duckdb", "claims.duckdb table medical_claim, "), ("sqlite", f"Query: {IN_ORDER}")):
        assert words in provenance(Run.open(place / "runs" / kind)).text


def test_a_run_of_a_database_can_be_repeated(place: Path) -> None:
    verified = verify_run(place / "runs" / "sqlite", str(place / "claims.sqlite"), Progress(is_quiet=True))
    assert verified.is_reproduced


@pytest.mark.parametrize("kind", KINDS)
def test_runs_of_a_table_are_compared_as_others_are(place: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    runs = place / "runs"
    assert main(["diff", str(runs / "csv"), str(runs / kind)]) == 0
    said = capsys.readouterr().out
    assert "B - A" in said and not re.search(
        r"^(gained|lost|changed) +(data|settings|rule version)", said, re.MULTILINE
    )
    assert RunDiff(runs / kind, runs / kind).net_a.overpaid > 0


def test_a_table_that_changed_is_the_cause_of_what_changed(place: Path, tmp_path: Path) -> None:
    shutil.copytree(place, tmp_path, dirs_exist_ok=True)
    changed = "update medical_claim set paid_amount = '0', allowed_amount = '0' where hcpcs_code like 'S%'"
    with closing(duckdb.connect(str(tmp_path / "claims.duckdb"))) as connection:
        connection.execute(changed)
    run(tmp_path, "claims.duckdb", "later", table="medical_claim")
    diff = RunDiff(tmp_path / "runs" / "duckdb", tmp_path / "runs" / "later")
    assert diff.total("lost").finding_count > 5
    assert {total.cause for total in diff.totals} == {"data"}


def test_rows_of_a_server_may_be_others_each_time(place: Path) -> None:
    manifest = json.loads((place / "runs" / "duckdb" / "manifest.json").read_text("utf-8"))
    for sha256, has_changed in ((manifest["inputs"][0]["sha256"], False), ("", True)):
        manifest["inputs"][0]["sha256"] = sha256
        with duckdb.connect() as connection:
            run_diff._load_changes(connection, manifest, manifest)
            assert rows(connection, "select has_data_changed from run_changes") == [(has_changed,)]


# ------------------------------------------------------------------------------------------ What values are


def test_sqlite_values_are_read_as_csv_values_are(tmp_path: Path) -> None:
    """Value as SQLite holds it, and the amount that is read: None is no amount, MISSING is a rejected row."""
    values = {
        10: "10.00", -3: "-3.00", 12.5: "12.50", 0.1 + 0.2: "0.30", "$1,000.5": "1000.50", None: None, "": None,
        sum([0.1, 0.2, -0.3]): "0.00", 1e17: "rejected", float("inf"): "rejected", 10.005: "rejected",
        2**60: "rejected", "x": "rejected",
    }  # fmt: skip
    lines = [[*list(GOOD.values())[:1], number, *list(GOOD.values())[2:]] for number in range(len(values))]
    for line, value in zip(lines, values, strict=True):
        line[COLUMNS.index("paid_amount")] = value
    path = make(tmp_path / "c.sqlite", "claims", COLUMNS, lines)
    connection, counts = read(path)
    found = rows(connection, "select claim_line_number, cast(paid_amount as varchar) from typed_rows order by all")
    assert found == [(n, amount) for n, amount in enumerate(values.values()) if amount != "rejected"]
    assert counts.source == len(values)


def test_sqlite_numbers_are_codes_in_full(tmp_path: Path) -> None:
    path = small(tmp_path / "c.sqlite", claim_id=12345678901234567, hcpcs_code=99213, billing_tin=12345678.0)
    connection, _ = read(path)
    assert rows(connection, "select claim_id, hcpcs_code, billing_tin from typed_rows") == [
        ("12345678901234567", "99213", "012345678")
    ]
    path = small(tmp_path / "float.sqlite", claim_id=9007199254740994.0)
    with pytest.raises(AuditError, match="digits"):
        read(path)


def test_duckdb_values_lose_no_digit(tmp_path: Path) -> None:
    table = """
        create table typed as select
            12345678901234567890123456789::hugeint as claim_id, 1::utinyint as claim_line_number, uuid() as member_id,
            timestamp '2025-08-01 23:59:00' as claim_line_start_date, 'a4222'::enum('a4222') as hcpcs_code,
            1::double as service_unit_quantity, 10.10::decimal(38, 10) as paid_amount, 12345678 as billing_tin,
            interval 1 day as "it's ""x"".y", [1] as list
    """
    connection, counts = read(small(tmp_path / "c.duckdb", table), "typed")
    assert counts == RowCounts(1, 1, 0)
    found = rows(connection, "select claim_id, cast(paid_amount as varchar), billing_tin, hcpcs_code from typed_rows")
    assert found == [("12345678901234567890123456789", "10.10", "012345678", "A4222")]


@pytest.mark.parametrize("kind", KINDS)
def test_rows_come_in_the_order_of_the_database(tmp_path: Path, kind: str) -> None:
    lines = [["C", number, "m", "2025-08-01", "A4222", 1, 1 + (number * 7) % 50, "123456789"] for number in range(50)]
    index = f"create index small on claims ({', '.join(reversed(COLUMNS))})"
    favoured = ["analyze", "update sqlite_stat1 set stat = stat || ' sz=1'"] if kind == "sqlite" else []
    path = make(tmp_path / f"c.{kind}", "claims", COLUMNS, lines, index, *favoured)
    assert column(copied(path), "claim_line_number") == [str(number) for number in range(50)]
    query = "select * from claims order by cast(paid_amount as integer) desc, claim_id -- the dearest first\n;"
    paid = [int(amount) for amount in column(copied(path, query=query), "paid_amount")]
    assert paid == sorted(paid, reverse=True)


def test_sqlite_rows_arrive_in_batches_and_none_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_rows, "_VALUES_AT_ONCE", 7 * len(COLUMNS))
    monkeypatch.setattr(sqlite_rows, "_FIRST_ROWS", 7)
    monkeypatch.setattr(sqlite_rows, "_ROWS_OF_A_GROUP", 20)
    path = make(tmp_path / "c.db", "claims", COLUMNS, [[n, *list(GOOD.values())[1:]] for n in range(100)])
    file = copied(path)
    assert column(file) == [str(number) for number in range(100)]
    assert pq.ParquetFile(file.path).num_row_groups == 5


# ------------------------------------------------------------------------------------------ Names and kinds


HOSTILE = ['it\'s "a"; drop table claims; --', "a.b", "ñ 日本", "select", "x\n\x1b[31m", " ", "%s {0} $1"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_table_of_any_name(tmp_path: Path, kind: str, name: str) -> None:
    path = small(tmp_path / f"c.{kind}", table=name)
    file = copied(path, name)
    assert column(file) == ["A"]
    assert file.label.isprintable()
    assert file.selection
    assert column(copied(path, file.selection.table)) == ["A"]
    assert refusal(path, "")[1].isprintable()


@pytest.mark.parametrize("name", ['it\'s "c".{}', "a?b#c%20d.{}", "héllo wörld 日本.{}", "a=b;--.{}", "-c.{}"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_database_of_any_name(tmp_path: Path, kind: str, name: str) -> None:
    path = small(tmp_path / name.format(kind))
    file = copied(path)
    assert (file.label, column(file)) == (f"{path.name} table claims", ["A"])


def test_schemas_and_views_of_duckdb(tmp_path: Path) -> None:
    other = 'create schema "of 2025"; create table "of 2025".claims as select * replace (\'B\' as claim_id) from claims'
    views = 'create view seen as from claims; create table "of 2025".lines as from claims'
    path = small(tmp_path / "c.duckdb", other, views)
    for table, claim in {"claims": "A", "main.claims": "A", "of 2025.claims": "B", "CLAIMS": "", "seen": "A"}.items():
        if claim:
            assert column(copied(path, table)) == [claim], table
        else:
            assert refusal(path, table)[1].count("of 2025.claims") == 1
    assert find_inputs(str(path), "LINES")[0].label == "c.duckdb table of 2025.lines"


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_bytes_say_what_a_file_is(tmp_path: Path, kind: str) -> None:
    for name in ("c.csv", f"c.{'duckdb' if kind == 'sqlite' else 'sqlite'}"):
        path = small(tmp_path / f"c.{kind}").rename(tmp_path / name)
        assert column(copied(path)) == ["A"]
        path.unlink()


# ------------------------------------------------------------------------------------------ Commands, Postgres


def test_commands_and_python_take_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = small(tmp_path / "c.duckdb")
    audit = Audit.open(path, table="claims", out=tmp_path / "runs", rules=["supply_with_per_diem"]).run(quality=False)
    assert audit.manifest["inputs"][0]["table"] == "claims"
    words = ["run", "--claims", str(path), "--out", str(tmp_path / "runs"), "--query", "drop table claims"]
    assert main([*words, "--no-reports"]) == 2
    assert "exactly one select" in capsys.readouterr().err


@pytest.mark.parametrize("claims", ["postgresql://ada:QZ-4711@host/dw", "postgres:service=dw password=QZ-4711"])
def test_postgres_without_its_extension(claims: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The extension cannot be had in tests; where it is, they would reach for a server that is not there."""
    assert main(["run", "--claims", claims, "--table", "dw.claims", "--out", str(tmp_path), "--no-reports"]) == 11
    said = capsys.readouterr().err
    assert "DuckDB's extension postgres, which is not installed" in said or "cannot be reached" in said
    assert SECRET not in said
    assert "ada" not in said.replace("downloaded", "")


@pytest.mark.parametrize(
    "claims",
    ["postgresql+psycopg2://ada:QZ-4711@host/dw", "POSTGRESQL://ada:QZ-4711@host/dw", " postgres://ada:QZ-4711@host/dw",
     "Postgres:service=dw password=QZ-4711", "mysql://ada:QZ-4711@host/dw"],
)  # fmt: skip
def test_an_address_that_is_not_understood_is_not_repeated(
    claims: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["run", "--claims", claims, "--out", str(tmp_path / "runs"), "--no-reports"]) == 11
    said = capsys.readouterr().err
    assert "only Postgres's are understood" in said and SECRET not in said and "ada" not in said
    assert not list(tmp_path.iterdir())
