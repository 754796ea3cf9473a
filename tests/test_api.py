"""The audit from Python, the notebook command's parameters, and the shell: over one small run."""

import html
import io
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from audit_lib import Audit
from audit_lib.cli import main
from audit_lib.errors import AuditError
from audit_lib.reports.filters import Filters
from audit_lib.reports.parameters import checked_parameters, notebook_names
from audit_lib.reports.scope import provider_scope
from audit_lib.resources import folder
from audit_lib.run import Run
from tests.small_claims import CLAIMS


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    folder = tmp_path_factory.mktemp("api")
    (folder / "claims.csv").write_text(CLAIMS)
    return Audit.open(folder / "claims.csv", out=folder / "runs").run(quality=False)


def test_findings_are_a_frame_with_exact_amounts(audit: Audit) -> None:
    found = audit.findings()
    assert isinstance(found, pd.DataFrame)
    pumps = found[found["rule"] == "supply_with_per_diem"]
    assert list(pumps["outcome"]) == ["overpayment", "review"]
    assert list(pumps["amount"]) == [Decimal("80.00"), Decimal("60.00")]


def test_findings_come_with_the_largest_first(audit: Audit) -> None:
    found = audit.findings()
    order = [(-amount, finding_id) for amount, finding_id in zip(found["amount"], found["finding_id"], strict=True)]
    assert order == sorted(order)
    assert len(order) > 1


def test_of_a_provider_that_is_not_there_no_filter_is_printed(audit: Audit) -> None:
    run = Run.open(audit.folder, Filters(outcome="review"), provider="999999999")
    own = run.of_provider()
    assert own.filters.sql() == ""
    assert not len(own.table("finding_list"))
    assert "none profiled" not in provider_scope(run, "lead").html


def test_filters_choose_findings(audit: Audit) -> None:
    assert set(audit.findings(provider="12-3456789")["claim_id"]) == {"A"}
    assert set(audit.findings(outcome="review", rule="supply_with_per_diem")["claim_id"]) == {"B"}


@pytest.mark.parametrize("by", ["rule", "provider", "code", "month"])
def test_exposure_adds_up_by_everything(audit: Audit, by: str) -> None:
    table = audit.exposure(by=by)
    parts = table[~table["is_total"]]["net_overpaid_amount"].sum()
    assert parts == table[table["is_total"]]["net_overpaid_amount"].iloc[0]
    assert parts == Decimal(audit.manifest["totals"]["net_overpaid_amount"])


def test_exposure_names_every_provider_and_code_where_reports_sum_up_those_beyond_the_twentieth(tmp_path: Path) -> None:
    header, per_diem, pump, *_ = CLAIMS.splitlines()
    supplies = duckdb.read_csv(str(folder("sql") / "code_sets" / "supply_codes.csv"))
    codes = [code for (code,) in supplies.project("code").distinct().order("code").limit(99).fetchall()]
    rows = [
        line.replace("A,", f"A{n},")
        .replace("M1", f"M{n}")
        .replace("123456789", f"1234560{n:02}")
        .replace("E0781", code)
        for n, code in enumerate(codes)
        for line in (per_diem, pump)
    ]
    (tmp_path / "claims.csv").write_text("\n".join([header, *rows]) + "\n")
    audit = Audit.open(tmp_path / "claims.csv", out=tmp_path / "runs").run(quality=False)
    found = audit.findings()
    assert found["provider_id"].nunique() == found["hcpcs_code"].nunique() > 20
    for by, column in (("provider", "provider_id"), ("code", "hcpcs_code")):
        table = audit.exposure(by=by)
        assert sorted(table[~table["is_total"]][column]) == sorted(found[column].unique())
        assert list(table["position"].dropna()) == list(range(1, found[column].nunique() + 1))
        assert len(audit.figures.exposure(by).data[0].y) <= 21


def test_a_loaded_run_answers_the_same(audit: Audit) -> None:
    loaded = Audit.load(audit.folder)
    assert loaded.sql("select count(*) as n from findings")["n"].iloc[0] == len(audit.findings())
    with pytest.raises(AuditError, match="loaded from a finished run"):
        loaded.run()


def test_a_finding_is_explained_as_by_the_command(audit: Audit, capsys: pytest.CaptureFixture[str]) -> None:
    finding_id = str(audit.findings(rule="supply_with_per_diem")["finding_id"].iloc[0])
    evidence = audit.explain(finding_id[:12])
    assert evidence.finding_id == finding_id
    assert evidence.is_reperformed
    assert main(["explain", finding_id, "--run", str(audit.folder)]) == 0
    assert capsys.readouterr().out == f"{evidence}"
    assert repr(evidence).startswith(f"Finding {finding_id}\n")


def test_two_runs_are_compared_as_by_the_command(
    audit: Audit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cheaper = CLAIMS.replace("E0781,1,80.00,80.00", "E0781,1,70.00,70.00")
    (tmp_path / "claims.csv").write_text(cheaper)
    later = Audit.open(tmp_path / "claims.csv", out=tmp_path / "runs").run(quality=False)
    diff = audit.diff(later)
    changes = diff.changes()
    assert changes[["change", "cause", "claim_id"]].to_numpy().tolist() == [["changed", "data", "A"]]
    assert (changes["amount_a"].iloc[0], changes["amount_b"].iloc[0]) == (Decimal("80.00"), Decimal("70.00"))
    assert diff.total("changed").net_overpaid == Decimal("-10.00")
    assert main(["diff", str(audit.folder), str(later.folder), "--out", str(tmp_path / "changes.csv")]) == 0
    assert capsys.readouterr().out.startswith(f"{diff}\n")
    assert (tmp_path / "changes.csv").read_text().splitlines()[0].split(",") == list(changes.columns)
    assert audit.diff(str(later.folder)).totals == diff.totals


def test_figures_are_drawn(audit: Audit) -> None:
    assert audit.figures.exposure(by="rule").data
    for name in (
        "gross_and_net",
        "trend",
        "pareto",
        "provider_funnel",
        "outcomes",
        "money_walk",
        "pump_calendar",
        "course",
    ):
        assert getattr(audit.figures, name)() is not None


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda audit: audit.exposure(by="providers"), "Did you mean provider"),
        (lambda audit: audit.findings(providr="1"), "There is no filter 'providr'. Did you mean provider"),
        (lambda audit: audit.findings(outcome="paid"), "there is no outcome 'paid'"),
        (lambda _: Audit.open("x.csv", period_by="month"), "service or paid"),
        (lambda _: Audit.open("x.csv").findings(), "has not run yet"),
        (lambda _: Audit.open("x.csv").explain("a"), "has not run yet"),
        (lambda audit: audit.explain("zzzz"), "has no finding 'zzzz'"),
        (lambda audit: audit.diff(Audit.open("x.csv")), "has not run yet"),
        (lambda audit: audit.diff("nowhere"), "nowhere is not a finished run"),
        (lambda audit: audit.sql("select nothing from findings"), "cannot be answered"),
        (
            lambda audit: audit.sql("select claim_id::int as n from findings"),
            "a value does not fit",
        ),
    ],
)
def test_what_does_not_exist_is_refused(audit: Audit, call, says: str) -> None:
    with pytest.raises(AuditError, match=says) as error:
        call(audit)
    assert error.value.exit_code == 2


def test_importing_the_package_imports_nothing_heavy() -> None:
    import subprocess

    code = "import sys, audit_lib; sys.exit(any(m in sys.modules for m in ('pandas', 'duckdb', 'plotly')))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_all_problems_of_parameters_are_told_at_once(audit: Audit) -> None:
    given = {"provder": "1", "minimum_lines": "many", "is_shared": "perhaps", "date_from": "2025-09-01",
             "date_to": "2025-08-01", "outcome": "paid"}  # fmt: skip
    with pytest.raises(AuditError) as error:
        checked_parameters(notebook_names(), given, audit.folder)
    for part in ("'provder'", "Did you mean provider", "minimum_lines must be a whole number",
                 "is_shared must be true or false", "date_from is later", "no outcome 'paid'"):  # fmt: skip
        assert part in error.value.message
    assert error.value.exit_code == 2


def test_notebooks_parameters_and_the_run_are_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["notebook", "02_rule_finding", "06_review_work", "--run", "nowhere", "-p", "rule", "-p", "outcom=review"]
    assert main([*words, "-p", "date_from=2025-02-30"]) == 2
    said = capsys.readouterr().err
    for part in ("Did you mean 02_rule_findings", "Did you mean 06_review_worklist", "nowhere is not a finished run",
                 "-p takes NAME=VALUE, not rule", "Did you mean outcome", "date_from must be a date"):  # fmt: skip
        assert part in said


def test_parameters_are_held_against_the_run(audit: Audit) -> None:
    with pytest.raises(AuditError, match="Did you mean supply_with_per_diem"):
        checked_parameters(["02_rule_findings"], {"rule": "supply_with_per_dim"}, audit.folder)
    with pytest.raises(AuditError):
        checked_parameters(["07_claim_evidence"], {"finding": "zzzz"}, audit.folder)
    _, values = checked_parameters(["04_provider_profile"], {"minimum_lines": "5", "is_shared": "yes"}, audit.folder)
    assert [*values.values()] == [{"minimum_lines": 5, "is_shared": True}]


def test_the_command_refuses_before_anything_runs(audit: Audit, capsys: pytest.CaptureFixture[str]) -> None:
    run = str(audit.folder)
    assert main(["notebook", "02_rule_finding", "--run", run]) == 2
    assert "Did you mean 02_rule_findings" in capsys.readouterr().err
    assert main(["notebook", "02_rule_findings", "--run", run, "-p", "rule"]) == 2
    assert main(["notebook", "02_rule_findings", "--run", run, "--out", f"{run}/reports"]) == 2
    assert main(["notebook", "02_rule_findings", "--run", "nowhere"]) == 2


@pytest.mark.notebook
def test_the_command_writes_reports_beside_the_run(audit: Audit, tmp_path: Path) -> None:
    before = sorted(audit.folder.rglob("*"))
    out = tmp_path / "reports"
    assert (
        main(["notebook", "02_rule_findings", "--run", str(audit.folder), "--out", str(out), "-p", "outcome=review"])
        == 0
    )
    page = (out / "02_rule_findings.html").read_text("utf-8")
    assert Filters(outcome="review").sql() in html.unescape(page)
    assert sorted(audit.folder.rglob("*")) == before


def test_the_shell_answers_one_select(audit: Audit, capsys: pytest.CaptureFixture[str]) -> None:
    query = "select claim_id, amount from findings where rule = 'supply_with_per_diem' order by claim_id"
    assert main(["shell", str(audit.folder), "--csv", "-c", query]) == 0
    assert capsys.readouterr().out == "claim_id,amount\nA,80.00\nB,60.00\n"
    assert main(["shell", str(audit.folder), "-c", "drop view findings"]) == 2
    assert main(["shell", str(audit.folder), "-c", "select nothing from findings"]) == 2
    assert "cannot be answered" in capsys.readouterr().err


def test_the_shell_converses(audit: Audit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    said = ".tables\n.columns findings\n.help\nselect count(*) as how_many\nfrom claim_lines;\nselect wrong;\n.quit\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(said))
    assert main(["shell", str(audit.folder)]) == 0
    out = capsys.readouterr().out
    assert "line_exposure" in out
    assert "finding_id" in out
    assert "how_many" in out
    assert "wrong" in out
