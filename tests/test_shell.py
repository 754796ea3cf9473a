"""SQL over a finished run: which tables a select names, what is said where it has no answer, and the commands."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from audit_lib import Audit
from audit_lib.cli import main
from audit_lib.errors import AuditError
from audit_lib.run import Run
from tests.conftest import ROOT
from tests.fake_run import build_run
from tests.page_blocks import blocks


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_run(tmp_path_factory.mktemp("shell") / "run")


@pytest.mark.parametrize(
    "query",
    [
        "select * from findings join claim_lines using (claim_id)",
        "select count(*) from findings natural join claim_lines",
        "from findings positional join claim_lines",
        "select * from FINDINGS as f where exists (from main.claim_lines as l where l.claim_id = f.claim_id)",
        "unpivot (select amount, paid_amount from findings) on amount, paid_amount",
        "with findings as (from findings) select * from findings",
        "with recursive n as (select 1 as i union all select i + 1 from n where i < 3) from n, findings",
        "with exposed_lines as (select 1 as one) from exposed_lines",
        "summarize exposed_lines",
    ],
)
def test_a_select_may_join_in_every_way(run_folder: Path, query: str) -> None:
    assert len(Audit.load(run_folder).sql(query))


def test_only_what_a_select_names_is_made(run_folder: Path) -> None:
    run = Run.open(run_folder)
    run.sql("with line_exposure as (select 1 as one) from line_exposure, findings")
    views = run.sql("select view_name from duckdb_views() where not internal")["view_name"]
    assert list(views) == ["findings"]


def test_the_selects_that_the_page_for_analysts_shows_are_answered(
    run_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(run_folder)
    (block,) = blocks(ROOT / "docs" / "for_analysts.md", "sql")
    queries = [query for query in block.split(";") if "select" in query]
    finding_id = Audit.load(run_folder).sql("select min(finding_id) as id from findings")["id"].iloc[0]
    for query in queries:
        asked = query.replace("…", finding_id)
        Audit.load(run_folder).sql(asked)
        assert main(["shell", str(run_folder), "-c", asked]) == 0
    asked = queries[0].replace("…", finding_id)
    assert len(Audit.load(run_folder).sql(asked.replace("'findings.parquet'", "findings"))) == 1


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("from findngs", "there is no table findngs. Did you mean findings?"),
        ("from exposed_line", "there is no table exposed_line. Did you mean exposed_lines?"),
        ("select * from findings, nothing_like_it", "there is no table nothing_like_it; .tables in the shell"),
        ("from '/etc/passwd.csv'", "files cannot be read here"),
        ("from read_csv('/etc/passwd')", "files cannot be read here"),
        ("from read_text('../*')", "files cannot be read here"),
        ("select " + "+".join(["1"] * 950), "nests too deeply"),
    ],
)
def test_a_select_that_has_no_answer_says_why(run_folder: Path, query: str, says: str) -> None:
    with pytest.raises(AuditError) as error:
        Audit.load(run_folder).sql(query)
    assert error.value.exit_code == 2
    assert says in error.value.message
    assert "Permission" not in error.value.message


def test_tables_lists_files_report_queries_and_code_lists_apart(
    run_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["shell", str(run_folder), "-c", ".tables"]) == 0
    files, queries, lists = capsys.readouterr().out.split("\n\n")
    assert files.splitlines() == ["Tables:", *(f"  {name}" for name in Run.open(run_folder).files())]
    assert queries.startswith("Report queries:\n")
    assert "exposed_lines" in queries
    assert lists.startswith("Code lists:\n")
    assert "pump_codes" in lists


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (".columns nope", "There is no table nope; .tables in the shell lists them."),
        (".columns findngs", "There is no table findngs. Did you mean findings?"),
        (".columns", ".columns NAME"),
        (".table", "There is no command .table. Did you mean .tables?"),
    ],
)
def test_what_begins_with_a_point_and_is_not_known_is_named(
    run_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, says: str
) -> None:
    assert main(["shell", str(run_folder), "-c", command]) == 2
    assert says in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{command}\n.quit\n"))
    assert main(["shell", str(run_folder)]) == 0
    assert says in capsys.readouterr().out


def test_columns_are_told_of_every_table(run_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, column in (("findings", "finding_id"), ("exposed_lines", "claim_id"), ("pump_codes", "code")):
        assert main(["shell", str(run_folder), "-c", f".columns {name}"]) == 0
        assert f"{column}  VARCHAR\n" in capsys.readouterr().out
