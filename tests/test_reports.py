"""The overpayment report: figures against the Parquet files, words where there is no finding, HTML."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

import audit_lib
from audit_lib.errors import AuditError
from audit_lib.reports import figures
from audit_lib.reports import tables as report_tables
from audit_lib.reports.blocks import Block, show
from audit_lib.reports.front import front_page
from audit_lib.reports.render import render_reports
from audit_lib.reports.words import compact_money, money
from audit_lib.resources import folder
from audit_lib.run import TABLES, Run
from tests.fake_run import build_run

NAME = "03_overpayment_exposure"
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_run(tmp_path_factory.mktemp("runs") / "some")


@pytest.fixture(scope="module")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_run(tmp_path_factory.mktemp("runs") / "none", findings=False)


@pytest.fixture(scope="module")
def run(run_folder: Path) -> Run:
    return Run.open(run_folder)


@pytest.fixture(scope="module")
def empty_run(empty_folder: Path) -> Run:
    return Run.open(empty_folder)


@pytest.fixture(scope="module")
def page(run_folder: Path) -> str:
    (path,) = render_reports(run_folder, [NAME])
    return path.read_text(encoding="utf-8")


def ask(run_folder: Path, query: str) -> tuple[object, ...]:
    """Ask the Parquet files themselves, on no road that the report takes."""
    connection = duckdb.connect()
    for file in run_folder.glob("*.parquet"):
        connection.read_parquet(str(file)).create_view(file.stem)
    return connection.execute(query).fetchone() or ()


def test_headlines_are_the_sums_of_the_files(run: Run, run_folder: Path) -> None:
    expected = ask(
        run_folder,
        """select count(distinct claim_id), count(distinct member_id),
            count(distinct provider_id) filter (where provider_id not like 'claim %'),
            sum(net_overpaid_amount), sum(contingent_overpaid_amount)
            from line_exposure where overpaid_rule is not null""",
    )
    row = report_tables.headline(run).set_index("measure").loc["overpayment"]
    columns = ["claim_count", "member_count", "provider_count", "net_amount", "contingent_amount"]
    assert tuple(row[columns]) == expected
    assert row["without_contingent_amount"] == row["net_amount"] - row["contingent_amount"]
    expected = ask(
        run_folder,
        """select count(distinct claim_id), count(distinct member_id), sum(net_review_amount)
            from line_exposure where review_rule is not null""",
    )
    row = report_tables.headline(run).set_index("measure").loc["review"]
    assert tuple(row[["claim_count", "member_count", "net_amount"]]) == expected


def test_headlines_agree_with_the_findings(run: Run, run_folder: Path) -> None:
    expected = ask(
        run_folder,
        """select sum(largest) from (select max(amount) as largest from findings
            where outcome = 'overpayment' group by claim_id, claim_line_number)""",
    )
    assert (report_tables.headline(run).set_index("measure").at["overpayment", "net_amount"],) == expected


def test_front_page_shows_the_sums_and_never_their_sum(run: Run) -> None:
    html = front_page(run).html
    rows = report_tables.headline(run).set_index("measure")
    overpaid, review = (rows.at[measure, "net_amount"] for measure in ("overpayment", "review"))
    assert money(overpaid) in html
    assert money(review) in html
    assert money(rows.at["overpayment", "without_contingent_amount"]) in html
    assert money(overpaid + review) not in html
    assert f"({money(overpaid)} of {money(run.amount('home_infusion', 'paid_amount'))})" in html


def test_every_percentage_has_numerator_and_denominator(page: str) -> None:
    text = re.sub(r"<[^>]+>", "", page.split("<script", 1)[0])
    bare = [match for match in re.finditer(r"\d+\.\d %(.{0,60})", text) if not re.search(r"of", match[1])]
    assert not bare


@pytest.mark.parametrize("name", ["by_rule", "by_month", "by_provider", "by_code"])
def test_tables_add_up_to_the_headlines(run: Run, name: str) -> None:
    table = getattr(report_tables, name)(run)
    rows = report_tables.headline(run).set_index("measure")
    for column, measure in (("net_overpaid_amount", "overpayment"), ("net_review_amount", "review")):
        parts = sum(table.loc[~table["is_total"], column], Decimal("0.00"))
        assert parts == table.loc[table["is_total"], column].item() == rows.at[measure, "net_amount"]


def test_outcome_counts_by_rule_are_those_of_the_lines(run: Run, run_folder: Path) -> None:
    table = report_tables.by_rule(run).set_index("rule")
    for rule, outcome in (("supply_with_per_diem", "review"), ("self_administered_drug", "not_evaluable")):
        (expected,) = ask(
            run_folder, f"select count(*) from line_outcomes where rule = '{rule}' and outcome = '{outcome}'"
        )
        assert table.at[rule, f"{outcome}_line_count"] == expected


def test_report_queries_share_no_name_with_other_tables() -> None:
    others = {path.stem for path in folder("sql").rglob("*.*") if path.parent.name != "reports"}
    names = {path.stem for path in (folder("sql") / "reports").glob("*.sql")}
    assert not names & (others | set(TABLES) | {"manifest", "providers"})


def test_a_rule_without_lines_is_shown(tmp_path: Path) -> None:
    folder_ = build_run(tmp_path / "run")
    manifest = json.loads((folder_ / "manifest.json").read_text())
    manifest["rules"].append({"rule": "quiet", "number": 100, "title": "Quiet", "version": 1})
    (folder_ / "manifest.json").write_text(json.dumps(manifest))
    row = report_tables.by_rule(Run.open(folder_)).set_index("rule").loc["quiet"]
    assert row["considered_line_count"] == 0
    assert row["net_overpaid_amount"] == Decimal("0.00")


def test_providers_are_named_and_those_without_id_stand_together(run: Run, run_folder: Path) -> None:
    table = report_tables.by_provider(run)
    assert table["provider_name"].str.startswith("Invented").any()
    nameless = table[table["provider_id"].notna() & ~table["provider_name"].str.startswith("Invented")]
    assert (nameless["provider_name"] == nameless["provider_id"]).all()
    everyone = run.sql("select distinct provider_name from exposed_lines where is_without_provider")
    assert list(everyone["provider_name"]) == ["Claims without TIN or NPI"]
    assert len(table) == 22


def test_months_follow_the_date_that_chooses_the_period(tmp_path: Path, run: Run) -> None:
    parameters = run.manifest["parameters"] | {"period_by": "paid"}
    paid = report_tables.by_month(Run.open(build_run(tmp_path / "run", parameters=parameters)))
    assert max(paid["period_month"].dropna()) > max(report_tables.by_month(run)["period_month"].dropna())


def test_a_difference_between_roads_is_said_first(tmp_path: Path) -> None:
    folder_ = build_run(tmp_path / "run")
    path = folder_ / "line_exposure.parquet"
    lines = duckdb.sql(f"select * replace (paid_amount as net_overpaid_amount) from '{path}'")
    lines.write_parquet(str(tmp_path / "changed.parquet"))
    shutil.move(tmp_path / "changed.parquet", path)
    assert "do not reconcile" in front_page(Run.open(folder_)).html


def test_what_a_reader_must_know_is_said(run: Run, tmp_path: Path) -> None:
    html = front_page(run).html
    assert "Nobody has confirmed that this policy applies" in html
    assert "$812,400.00 as delivered, $61,230.00 counted once per claim" in html
    assert "7 source rows of 240,007 could not be read" in html
    assert "$35,123.20" in html
    parameters = run.manifest["parameters"] | {"assume_in_force": True}
    quiet = build_run(tmp_path / "run", findings=False, policy_applies_confirmed=True, parameters=parameters)
    html = front_page(Run.open(quiet)).html
    assert "What if" in html
    assert "Nobody has confirmed" not in html


def test_a_run_without_findings_says_so(empty_run: Run) -> None:
    assert "The rules found nothing" in front_page(empty_run).html
    for name in ("by_rule", "by_month", "by_provider", "by_code"):
        drawn = getattr(figures, name)(getattr(report_tables, name)(empty_run))
        assert isinstance(drawn, Block)
        assert drawn.text.startswith("No finding")
    assert show(report_tables.by_month(empty_run), empty="No month.").text == "No month."


def test_figures_keep_data_and_dollar_signs_to_themselves(run: Run) -> None:
    for name in ("by_rule", "by_month", "by_provider", "by_code"):
        figure = getattr(figures, name)(getattr(report_tables, name)(run))
        assert "sendChartToCloud" in figure.layout.modebar.remove  # a button that uploads the data
        assert "$" not in figure.layout.title.text  # two of them are TeX where MathJax is loaded, as in JupyterLab
    for block in (front_page(run), show(report_tables.by_rule(run))):
        assert "tex2jax_ignore mathjax_ignore" in block.html


def test_a_table_carries_the_query_behind_it(run: Run) -> None:
    table = report_tables.by_code(run)
    assert "from placed_lines" in show(table).html
    assert run.sql(table.attrs["query"]).equals(table)


def test_values_from_the_run_are_escaped(tmp_path: Path) -> None:
    html = front_page(Run.open(build_run(tmp_path / "run", run_id="<script>x</script>"))).html
    assert "<script>" not in html


@pytest.mark.parametrize(
    ("amount", "written"),
    [("0", "$0.00"), ("9999.99", "$9,999.99"), ("63790.46", "$63,790"), ("1234567.89", "$1.23 million")],
)
def test_headline_money(amount: str, written: str) -> None:
    assert compact_money(Decimal(amount)) == written


def test_the_newest_finished_run_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_run(tmp_path / "runs" / "a", run_id="newest", created_at="2026-03-01T00:00:00Z")
    build_run(tmp_path / "runs" / "b", run_id="older", created_at="2026-02-01T00:00:00Z")
    build_run(tmp_path / "runs" / ".partial-c", run_id="unfinished", created_at="2026-04-01T00:00:00Z")
    (tmp_path / "notebooks").mkdir()
    for place in (tmp_path, tmp_path / "notebooks"):
        monkeypatch.chdir(place)
        assert Run.open().manifest["run_id"] == "newest"


def test_what_is_no_run_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AuditError, match="No finished run") as error:
        Run.open()
    assert error.value.exit_code == 2
    with pytest.raises(AuditError, match=r"manifest\.json, findings\.parquet"):
        Run.open(tmp_path)


@pytest.mark.parametrize(
    "query",
    [
        "copy findings to 'elsewhere.csv'",
        "create table mine as select 1",
        "select 1; drop view findings",
        "set enable_external_access = true",
    ],
)
def test_a_run_is_read_only(run: Run, query: str) -> None:
    with pytest.raises(AuditError, match="exactly one select"):
        run.sql(query)


def test_a_run_reads_nothing_but_itself(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a\n1\n")
    with pytest.raises(duckdb.Error, match="disabled"):
        run.sql(f"select * from read_csv('{tmp_path / 'other.csv'}')")


def test_names_that_do_not_exist_are_refused_with_the_nearest(run_folder: Path) -> None:
    with pytest.raises(AuditError, match=f"Did you mean {NAME}") as error:
        render_reports(run_folder, ["03_overpayment_exposur"])
    assert error.value.exit_code == 2
    with pytest.raises(AuditError, match="no notebook asked for has a parameter 'runs'"):
        render_reports(run_folder, [NAME], {"runs": "x"})


@pytest.mark.notebook
class TestRendered:
    def test_files_are_the_owners_own(self, page: str, run_folder: Path) -> None:
        for name in (f"{NAME}.html", f"{NAME}.ipynb"):
            assert (run_folder / "reports" / name).stat().st_mode & 0o777 == 0o600

    def test_one_page_needs_nothing_from_elsewhere(self, page: str) -> None:
        assert len(page.encode()) < 8 * MEGABYTE
        assert page.count("* plotly.js v") == 1
        own = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
        assert not re.findall(r"""(?:src|href)=["'](?!#|data:)""", own)
        assert "default-src 'none'" in page
        assert len(re.findall(r"[>\n]<script>", page)) == len(re.findall(r"'sha256-", page)) == 3

    def test_figures_say_what_they_show(self, page: str) -> None:
        assert page.count('<figure class="audit-figure">') == 6
        assert page.count('role="img"') == 6
        assert not re.search(r'role="img" aria-label=""', page)

    def test_code_is_folded_and_warnings_are_absent(self, page: str, run_folder: Path) -> None:
        assert '<details class="page-code">' in page
        assert '<details class="page-code" open' not in page
        notebook = (run_folder / "reports" / f"{NAME}.ipynb").read_text()
        assert '"stderr"' not in notebook

    def test_nothing_personal_is_stored(self, page: str, run_folder: Path) -> None:
        notebook = (run_folder / "reports" / f"{NAME}.ipynb").read_text()
        for text in (page, notebook):
            assert str(run_folder) not in text
            assert str(Path(audit_lib.__file__).parent) not in text

    def test_no_findings_in_words(self, empty_folder: Path) -> None:
        (path,) = render_reports(empty_folder, [NAME])
        html = path.read_text(encoding="utf-8")
        assert "The rules found nothing" in html
        assert html.count('<figure class="audit-figure">') == 1  # what became of the lines considered

    def test_the_stored_notebook_runs_again_from_its_place(self, page: str, run_folder: Path) -> None:
        papermill(run_folder / "reports" / f"{NAME}.ipynb", run_folder / "again.ipynb", run_folder / "reports")

    def test_the_plain_command_runs_it(self, run_folder: Path, tmp_path: Path) -> None:
        target = tmp_path / "out.ipynb"
        papermill(folder("notebooks") / f"{NAME}.ipynb", target, tmp_path, "-p", "run", str(run_folder))
        assert "application/vnd.plotly.v1+json" in target.read_text()

    def test_a_failing_notebook_is_reported_without_values(self, tmp_path: Path) -> None:
        broken = build_run(tmp_path / "run")
        (broken / "line_exposure.parquet").write_bytes(b"no parquet")
        with pytest.raises(AuditError, match=r"cell \d+ failed with") as error:
            render_reports(broken, [NAME])
        assert error.value.exit_code == 14


@pytest.fixture(autouse=True)
def package_on_path(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let kernels find the package, installed or not."""
    paths = [str(Path(audit_lib.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    yield


def papermill(source: Path, target: Path, cwd: Path, *options: str) -> None:
    command = [sys.executable, "-m", "papermill", str(source), str(target), "--no-progress-bar", *options]
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-2000:]
