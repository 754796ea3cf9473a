"""The gate on the code lists: an empty list finds nothing, and nobody may take that for good order."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from audit_lib import local_rules
from audit_lib.audit import RunOptions, run_audit
from audit_lib.code_schema import read_schema
from audit_lib.code_sets import CodeSets
from audit_lib.errors import AuditError
from audit_lib.local_rules import Local, load_all_code_sets
from audit_lib.progress import Progress
from audit_lib.quality.engine import validate
from audit_lib.quality.results import Result
from audit_lib.quality.suites import read_suite
from audit_lib.resources import folder
from audit_lib.settings import Settings
from tests.own_rules import SCHEMA, write_local

LISTS = read_schema(folder("sql") / "code_sets").lists
CHECKED = ("code_lists", "code_sets")
# A code that ended in 2021, paid in 2025: rule 27 asks to look at it, while its list is whole.
CLAIMS = (
    "claim_id,claim_line_number,member_id,claim_line_start_date,hcpcs_code,service_unit_quantity,paid_amount,"
    "billing_tin,place_of_service_code\nA,1,M,2025-08-01,A4397,1,150.00,741000000,12\n"
)
OWN_LIST = "code,label,valid_from,valid_to,source\n"


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Code lists of an installation's own copy."""
    for name in ("sql", "expectations"):
        shutil.copytree(folder(name), tmp_path / "copy" / name)
    monkeypatch.setattr("audit_lib.resources._PACKAGE", tmp_path / "copy" / "audit_lib")
    local_rules._shipped_code_sets.cache_clear()
    yield tmp_path / "copy" / "sql" / "code_sets"
    local_rules._shipped_code_sets.cache_clear()


def cut(path: Path) -> None:
    """Leave the header alone."""
    path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")


def audit(place: Path, settings: Settings) -> Path:
    (place / "claims.csv").write_text(CLAIMS, "utf-8")
    options = RunOptions(
        str(place / "claims.csv"), place / "runs", run_id="r", settings=settings, with_reports=False,
        rules=["invalid_code_on_service_date"],
    )  # fmt: skip
    return run_audit(options, Progress(is_quiet=True)).path


def answers(connection: duckdb.DuckDBPyConnection) -> dict[str, Result]:
    return {result.id: result for name in CHECKED for result in validate(connection, read_suite(name))}


def test_a_list_cut_to_its_header_stops_the_run_and_is_named(tmp_path: Path, copied: Path) -> None:
    cut(copied / "hcpcs_validity.csv")
    with pytest.raises(AuditError, match="hcpcs_validity") as caught:
        audit(tmp_path, Settings())
    assert caught.value.exit_code == 12
    assert (
        "every_list_filled" in caught.value.message
        and f"1 of {len([*copied.glob('*.csv')])} rows" in caught.value.message
    )
    assert "Restore the code lists (sql/code_sets" in caught.value.message and "extract" not in caught.value.message
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_run_told_to_go_on_says_which_list_is_empty(tmp_path: Path, copied: Path) -> None:
    cut(copied / "us_states.csv")
    cut(copied / "hcpcs_validity.csv")
    run = audit(tmp_path, Settings(continue_on_quality_failure=True))
    document = json.loads((run / "quality.json").read_text("utf-8"))
    assert document["gate"]["critical_failures"] == ["every_list_filled"]
    (told,) = [one for one in document["expectations"] if one["id"] == "every_list_filled"]
    assert told["unexpected_count"] == 2
    assert told["sentence"] == "Every code list holds a row; without one: hcpcs_validity, us_states."


def test_whole_lists_stop_nothing(tmp_path: Path) -> None:
    findings = audit(tmp_path, Settings()) / "findings.parquet"
    query = "select outcome, decided_amount::varchar from read_parquet($path)"
    assert duckdb.execute(query, {"path": str(findings)}).fetchall() == [("review", "150.00")]


def test_every_list_of_the_schema_is_looked_at_and_every_row_of_it() -> None:
    with duckdb.connect() as connection:
        load_all_code_sets(connection, Local())
        counted = dict(connection.execute("from code_lists").fetchall())
        assert set(counted) == set(LISTS) == {path.stem for path in (folder("sql") / "code_sets").glob("*.csv")}
        assert counted == {name: connection.table(name).count("*").fetchall()[0][0] for name in LISTS}
        rows = dict(connection.execute("select list_name, count(*) from code_set_rows group by list_name").fetchall())
        assert rows == counted
        assert {result.status for result in answers(connection).values()} == {"PASS"}


def test_no_list_can_be_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = local_rules._shipped_code_sets().schema
    monkeypatch.setattr(local_rules, "_shipped_code_sets", lambda: CodeSets(schema, {name: [] for name in LISTS}))
    with duckdb.connect() as connection:
        load_all_code_sets(connection, Local())
        (found,) = validate(connection, read_suite("code_lists"))
    assert (found.status, found.severity, found.stops) == ("FAIL", "critical", "run")
    assert (found.element_count, found.unexpected_count) == (len(LISTS), len(LISTS))


def test_lists_of_a_plans_own_are_looked_at_too(tmp_path: Path) -> None:
    written = write_local(tmp_path)
    with duckdb.connect() as connection:
        load_all_code_sets(connection, Local(written))
        assert {result.status for result in answers(connection).values()} == {"PASS"}
        assert ("handling_codes", 1) in connection.execute("from code_lists").fetchall()
        # One row closed and one added: both are rows still.
        assert connection.execute("select row_count from code_lists where list_name = 'supply_codes'").fetchall() == [
            (connection.table("supply_codes").count("*").fetchall()[0][0],)
        ]
    (written / "code_sets" / "handling_codes.csv").write_text(OWN_LIST, "utf-8")
    with duckdb.connect() as connection:
        load_all_code_sets(connection, Local(written))
        found = answers(connection)
        assert (found["every_list_filled"].status, found["every_list_filled"].unexpected_count) == ("FAIL", 1)
        assert [name for name, result in found.items() if result.status != "PASS"] == ["every_list_filled"]


@pytest.mark.parametrize("name", ["code_lists", "code_set_rows", "local_codes", "claim_lines"])
def test_a_plans_list_cannot_have_the_name_of_a_table_of_the_audit(tmp_path: Path, name: str) -> None:
    local = write_local(tmp_path, **{
        "code_sets/schema.yml": SCHEMA.replace("handling_codes", name),
        "code_sets/handling_codes.csv": None,
        f"code_sets/{name}.csv": OWN_LIST + "99070,handling,,,plan\n",
    })  # fmt: skip
    with pytest.raises(AuditError, match=name) as caught:
        local_rules.read_local(local)
    assert caught.value.exit_code == 10
