"""The overpayment report: its tables against the Parquet files, its figures, words where there is no finding."""

import json
import re
import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from audit_lib.errors import AuditError
from audit_lib.reports import figures
from audit_lib.reports import tables as report_tables
from audit_lib.reports.blocks import Block, show
from audit_lib.reports.cautions import cautions
from audit_lib.reports.front import front_page
from audit_lib.resources import folder
from audit_lib.run import TABLES, Run
from audit_lib.words import compact_money, money, setting_text
from tests.fake_run import build_run


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
    whole = money(run.amount("home_infusion", "paid_amount"))
    for amount in (overpaid, review):
        assert f"<span>of what was paid on claims with a per diem ({money(amount)} of {whole})</span>" in html


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


def test_a_provider_without_a_name_is_shown_once(run: Run) -> None:
    table = report_tables.by_provider(run)
    assert '">TIN, else NPI</th>' in show(table).html
    numbers = table["provider_id"].fillna(table["provider_name"])
    html = show(table.assign(provider_name=numbers)).html
    assert "TIN, else NPI</th>" not in html.replace("Provider (TIN, else NPI)</th>", "") and "Provider (TIN" in html


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
    assert "$812,400.00 as delivered, to $61,230.00 counted once per claim" in html
    assert "7 source rows of 240,007 could not be read" in html
    assert "$35,123.20" in html
    parameters = run.manifest["parameters"] | {"assume_in_force": True}
    quiet = build_run(tmp_path / "run", findings=False, policy_applies_confirmed=True, parameters=parameters)
    html = front_page(Run.open(quiet)).html
    assert "What if" in html
    assert "Nobody has confirmed" not in html


def test_what_if_names_the_day_of_the_text_where_it_is_one_day(run: Run, tmp_path: Path) -> None:
    parameters = run.manifest["parameters"] | {"assume_in_force": True}
    for place, windows, said in (
        ("one", ["2025-07-18", "2025-07-18"], "on every service date. Before 18 Jul 2025 it was not."),
        ("plan", ["2024-01-01"], "on every service date. Before 1 Jan 2024 it was not."),
        ("two", ["2025-07-18", "2024-01-01"], "on every service date."),
    ):
        own = [{"overpayment_from": window} for window in windows]
        folder = build_run(tmp_path / place, findings=False, parameters=parameters, policy_windows=own)
        (caution,) = [text for text in cautions(Run.open(folder)) if text.startswith("What if")]
        assert caution.endswith(said)


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
    assert "from code_places" in show(table).html
    assert run.sql(table.attrs["query"]).equals(table)


def test_listed_findings_name_the_text_that_they_rest_on(run: Run) -> None:
    listed = report_tables.findings(run)
    assert set(listed["policy_text"]) == {"current"}
    assert "Policy text" in show(listed).html


def test_values_from_the_run_are_escaped(tmp_path: Path) -> None:
    html = front_page(Run.open(build_run(tmp_path / "run", run_id="<script>x</script>"))).html
    assert "<script>" not in html


@pytest.mark.parametrize(
    ("amount", "written"),
    [("0", "$0.00"), ("9999.99", "$9,999.99"), ("63790.46", "$63,790"), ("1234567.89", "$1.23 million")],
)
def test_headline_money(amount: str, written: str) -> None:
    assert compact_money(Decimal(amount)) == written


def test_a_column_is_sorted_by_all_its_keys_or_by_none(run: Run) -> None:
    """The table library looks at the first row alone to learn whether a column has keys."""
    rows = re.findall(r"<tr>(.*?)</tr>", show(report_tables.by_code(run)).html.split("<tfoot>")[0], re.DOTALL)[1:]
    cells = [["data-order" in cell for cell in re.findall(r"<td[^>]*>", row)] for row in rows]
    assert len(rows) > 12 and all(row == cells[0] for row in cells)
    assert True in cells[0] and False in cells[0]


@pytest.mark.parametrize("version", [None, 1, 99])
def test_a_run_of_another_version_is_refused_in_one_paragraph(tmp_path: Path, version: int | None) -> None:
    with pytest.raises(AuditError, match=r"^\S+ was written by another version .* Audit the claims again\.$") as caught:
        Run.open(build_run(tmp_path / "run", schema_version=version))
    assert caught.value.exit_code == 2


def test_evidence_to_ask_for_settles_each_lead_once(run: Run) -> None:
    kinds = report_tables.evidence_kinds(run)
    review = report_tables.headline(run).set_index("measure").loc["review"]
    assert sum(kinds["line_count"]) == review["line_count"]
    assert sum(kinds["net_review_amount"], Decimal("0.00")) == review["net_amount"] > 0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "none"), ([], "none"), ({}, "none"), (True, "true"), (False, "false"), (90, "90"), ("4GB", "4GB"),
        (["a", "b"], "a, b"), ({"SH": "0.50", "SJ": "0.00"}, "SH: 0.50; SJ: 0.00"),
        ({"payer": ["One", "Two"], "plan": []}, "payer: One, Two; plan: none"),
    ],
)  # fmt: skip
def test_settings_are_written_as_people_write_them(value: object, text: str) -> None:
    assert setting_text(value) == text
