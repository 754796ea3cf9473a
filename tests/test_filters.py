"""The filters of a report: what they keep adds up, what they print is what they used, no value is read as SQL."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from audit_lib.errors import AuditError
from audit_lib.reports import tables
from audit_lib.reports.filters import Filters
from audit_lib.run import Run
from tests.fake_run import build_run


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_run(tmp_path_factory.mktemp("runs") / "some")


def nets(run: Run) -> tuple[Decimal, Decimal]:
    rows = tables.headline(run).set_index("measure")["net_amount"]
    return rows["overpayment"], rows["review"]


@pytest.mark.parametrize("name", ["rule", "outcome", "provider", "code"])
def test_what_the_values_of_a_filter_keep_adds_up_to_the_whole(run_folder: Path, name: str) -> None:
    whole = Run.open(run_folder)
    column = {"rule": "rule", "outcome": "outcome", "provider": "provider_id", "code": "hcpcs_code"}[name]
    values = whole.sql(f"select distinct {column} as value from findings where {column} is not null")["value"]
    parts = [nets(Run.open(run_folder, Filters(**{name: value}))) for value in values]
    rest = whole.sql(
        "select coalesce(sum(net_overpaid_amount), 0.00) as overpaid, coalesce(sum(net_review_amount), 0.00) as review "
        f"from line_exposure where {'hcpcs_code' if name == 'code' else 'claim_id'} is null"
    ).iloc[0]
    overpaid, review = nets(whole)
    assert sum(part[0] for part in parts) + rest["overpaid"] == overpaid
    assert sum(part[1] for part in parts) + rest["review"] == review


def test_dates_and_least_amount(run_folder: Path) -> None:
    chosen = Filters(date_from="2025-02-01", date_to="2025-02-28", least_amount="100")
    run = Run.open(run_folder, chosen)
    found = run.sql(
        "select count(*) as n, min(amount) as least, min(claim_line_start_date) as first, "
        "max(claim_line_start_date) as last from selected_findings"
    ).iloc[0]
    assert found["n"] > 0
    assert found["least"] >= 100
    assert (str(found["first"])[:7], str(found["last"])[:7]) == ("2025-02", "2025-02")


def test_the_printed_filter_is_the_one_used(run_folder: Path) -> None:
    rule = "supply_with_per_diem"
    chosen = Filters(rule=rule, outcome="review", least_amount="25.50", date_to="2025-09-30")
    run = Run.open(run_folder, chosen)
    printed = run.sql(f"select finding_id from findings where {chosen.sql()} order by all")
    used = run.sql("select finding_id from selected_findings order by all")
    assert len(used)
    assert printed["finding_id"].equals(used["finding_id"])


def test_a_number_that_lost_a_tins_zeros_is_refused() -> None:
    provider: Any = 1000013  # what papermill -p makes of 001000013
    with pytest.raises(AuditError, match="papermill -r"):
        Filters(provider=provider)


@pytest.mark.parametrize("text", ["x'; drop table findings; --", "') or true --", "a\\' or 1=1"])
@pytest.mark.parametrize("name", ["provider", "code", "line_of_business"])
def test_a_value_is_never_read_as_sql(run_folder: Path, name: str, text: str) -> None:
    chosen = Filters(**{name: text})
    run = Run.open(run_folder, chosen)
    assert nets(run) == (Decimal("0.00"), Decimal("0.00"))
    assert run.sql(f"select count(*) as n from findings where {chosen.sql()}").at[0, "n"] == 0
    assert run.sql("select count(*) as n from findings").at[0, "n"] > 0


@pytest.mark.parametrize("written", ["Commercial PPO", "commercial_ppo", " COMMERCIAL - PPO "])
def test_a_line_of_business_is_found_in_any_writing(written: str) -> None:
    assert Filters(line_of_business=f"hmo, {written}").sql().endswith("IN ('hmo', 'commercial_ppo'))")


def test_missing_line_of_business_counts_as_commercial(run_folder: Path, tmp_path: Path) -> None:
    import duckdb

    folder = build_run(tmp_path / "run")
    path = folder / "findings.parquet"
    rows = duckdb.sql(f"select * replace (cast(null as varchar) as line_of_business) from '{path}'")
    rows.write_parquet(str(tmp_path / "findings.parquet"))
    (tmp_path / "findings.parquet").replace(path)
    assert nets(Run.open(folder, Filters(line_of_business="Commercial"))) == nets(Run.open(run_folder))


def test_filtered_reports_reconcile(run_folder: Path) -> None:
    run = Run.open(run_folder, Filters(rule="supply_with_per_diem", outcome="review"))
    table = tables.reconciliation(run)
    assert table["is_equal"].all()
    assert "Totals that the run itself printed" not in set(table["road"])
    assert "Totals that the run itself printed" in set(tables.reconciliation(Run.open(run_folder))["road"])


def test_counts_of_lines_considered_follow_the_line_not_the_outcome(run_folder: Path) -> None:
    whole = tables.by_rule(Run.open(run_folder)).query("is_total").iloc[0]
    reviews = tables.by_rule(Run.open(run_folder, Filters(outcome="review"))).query("is_total").iloc[0]
    assert reviews["considered_line_count"] == whole["considered_line_count"]
    assert reviews["net_overpaid_amount"] == 0
    code = tables.by_rule(Run.open(run_folder, Filters(code="s9500"))).query("is_total").iloc[0]
    assert 0 < code["considered_line_count"] < whole["considered_line_count"]


def test_all_problems_at_once() -> None:
    with pytest.raises(AuditError) as error:
        Filters(outcome="revue", date_from="2025-02-30", date_to="1 May", least_amount="-3")
    assert error.value.exit_code == 2
    for name in ("outcome", "date_from", "date_to", "least_amount"):
        assert name in error.value.message
    with pytest.raises(AuditError, match="later than date_to"):
        Filters(date_from="2025-03-01", date_to="2025-02-01")


def test_an_unknown_rule_is_refused_with_the_nearest(run_folder: Path) -> None:
    with pytest.raises(AuditError, match="Did you mean supply_with_per_diem"):
        Run.open(run_folder, Filters(rule="suply_with_per_diem"))


def test_numbers_that_papermill_made_of_digits_are_taken() -> None:
    assert "'99601'" in Filters(code=99601).sql()  # type: ignore[arg-type]
    assert "'012345678'" in Filters(provider=12345678).sql()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"minimum_lines": "many"}, "minimum_lines must be a whole number of lines, such as 30"),
        ({"minimum_lines": 2.5}, "minimum_lines must be a whole number of lines, such as 30"),
        ({"minimum_lines": -1}, "minimum_lines must be a whole number of lines, such as 30"),
        ({"provider": None}, "provider must be text, such as provider=a,b"),
        ({"provider": 12345}, "provider is a number of fewer digits than a TIN has"),
    ],
)
def test_what_a_profile_cannot_use_is_said_in_words(run_folder: Path, given: dict[str, Any], said: str) -> None:
    with pytest.raises(AuditError, match=said) as error:
        Run.open(run_folder, **given)
    assert error.value.exit_code == 2


def test_a_wrong_parameter_is_one_plain_paragraph_in_a_notebook() -> None:
    """As IPython, which runs the cells of JupyterLab, shows it: no line of this program, no arrow."""
    cell = "from audit_lib.reports.filters import Filters\nFilters(outcome='reviews')"
    command = [sys.executable, "-m", "IPython", "--no-banner", "--colors=NoColor", "-c", cell]
    shown = subprocess.run(command, capture_output=True, text=True, check=False)
    assert shown.stdout.strip() == (
        "The parameters cannot be used: outcome: there is no outcome 'reviews'; it is overpayment, review or empty. "
        "Correct them."
    )
