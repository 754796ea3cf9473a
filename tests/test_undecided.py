"""What could not be decided is said wherever totals are: after a run, in the mail, on the shared page."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from audit_lib.cli import main
from audit_lib.ledger.dispositions import Imported
from audit_lib.ledger.store import open_ledger
from audit_lib.reports import figures, tables
from audit_lib.run import Run
from audit_lib.schedule import messages
from audit_lib.schedule.index_rows import run_rows
from audit_lib.schedule.journal import Journal, MadeRun
from audit_lib.schedule.making import succeed
from audit_lib.schedule.plan import Plan
from audit_lib.schedule.plan_file import read_plan
from audit_lib.sharing import share_reports
from tests.hand_made import drawn, exposure
from tests.reported_claims import CLEAN, COLUMNS, DRUG, UNKNOWN, breach

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def _run(place: Path, *lines: str) -> Path:
    rows = [line.replace(",1,c,insured", ",1,commercial,insured").format(claim=f"C{n}") for n, line in enumerate(lines)]
    (place / "claims.csv").write_text("\n".join([COLUMNS, *rows]) + "\n", "utf-8")
    out = ["--out", str(place), "--run-id", "r", "--no-reports", "--no-quality", "--no-ledger"]
    assert main(["run", "--claims", str(place / "claims.csv"), *out]) == 0
    return place / "r"


def _plan(place: Path) -> Plan:
    (place / "reports.yml").write_text(
        "reports:\n  weekly:\n    claims: claims.csv\n    period: last_week\n    due: {every: week}\n", "utf-8"
    )
    return read_plan(place / "reports.yml")


def _made(place: Path, run: Path) -> tuple[Plan, Journal, MadeRun]:
    """The run as a scheduled one, noted in the journal and read from it."""
    plan = _plan(place)
    journal = Journal(plan.reports["weekly"].place, lambda: NOW)
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    succeed(plan.reports["weekly"], date(2026, 1, 1), journal, manifest)
    return plan, journal, journal.states()["weekly", date(2026, 1, 1)].runs[-1]


def test_the_totals_of_what_could_not_be_decided_count_a_line_once() -> None:
    """Two rules give up on A; one finds B and one gives up on it; C is in order, D before the provision."""
    connection = exposure(
        "claim_id | paid_amount\nA | 100.00\nB | 40.00\nC | 7.00",
        """
        claim_id | rule | outcome       | amount
        A        | r1   | not_evaluable | 0.00
        A        | r2   | not_evaluable | 0.00
        B        | r1   | overpayment   | 40.00
        B        | r2   | not_evaluable | 0.00
        C        | r1   | pass          | 0.00
        """,
        wanted=["undecided_totals"],
    )
    assert drawn(connection, "undecided_totals", "*") == ["5 3 2 140.00"]


def test_after_a_run_it_says_what_could_not_be_decided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = _run(tmp_path, UNKNOWN, UNKNOWN, CLEAN, DRUG)
    totals = tables.decisions(Run.open(run)).iloc[0]
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    assert manifest["undecided"] == {
        "decision_count": totals["decision_count"], "not_evaluable_count": totals["not_evaluable_count"],
        "undecided_line_count": 2, "undecided_paid_amount": "200.00",
    }  # fmt: skip
    said = capsys.readouterr().out
    assert "Potential overpayment $0.00 on 0 lines" in said
    assert (
        f"Of {totals['decision_count']:,} decisions {totals['not_evaluable_count']:,} could not be made from "
        "what the claims say, on 2 lines paid $200.00. That is not the same as finding these lines in order.\n" in said
    )


def test_a_run_that_decided_everything_says_nothing_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = _run(tmp_path, CLEAN, DRUG)
    assert "could not be made" not in capsys.readouterr().out
    _, _, made = _made(tmp_path, run)
    assert messages.cautions("service", made, None) == []


def test_the_mail_and_the_list_of_runs_say_it(tmp_path: Path) -> None:
    run = _run(tmp_path, UNKNOWN, CLEAN, DRUG)
    plan, journal, made = _made(tmp_path, run)
    mail = messages.success(plan.reports["weekly"], made, None, "").text
    said = [line for line in mail.splitlines() if "could not be made from what the claims say" in line]
    assert len(said) == 1 and said[0].startswith("Caution: of ") and "on 1 line paid $100.00" in said[0]
    (row,) = [row for row in run_rows(plan, journal, journal.states()) if row.report == "weekly"]
    assert "on 1 line paid $100.00" in row.note


def _shared(run: Path, place: Path) -> str:
    return unescape(share_reports(run, place / "shared")[0].read_text("utf-8"))


def test_the_shared_page_does_not_say_none_alone_where_something_could_not_be_told(tmp_path: Path) -> None:
    """Whose the lines are is not kept where their members have no finding: the fact is told, the figures are not."""
    page = _shared(_run(tmp_path, UNKNOWN, CLEAN, DRUG), tmp_path)
    lead = page.split('<p class="audit-lead">')[1].split("</p>")[0]
    assert lead == (
        "Potential overpayment: none; needs review: none. Some decisions could not be made from what the "
        "claims say, which is not the same as finding lines in order; how many is withheld: fewer than 11 "
        "members are known to stand behind them."
    )
    assert "$100.00" not in page


def test_the_shared_page_says_how_many_where_enough_members_are_known(tmp_path: Path) -> None:
    """Twelve members with a finding each, and a line each that rules could not decide."""
    lines = [
        line
        for n in range(12)
        for line in (
            breach(f"B{n}", member=f"M{n}"),
            UNKNOWN.replace("{claim}", f"U{n}").replace("M2", f"M{n}"),
            UNKNOWN.replace("{claim},1", f"U{n},2").replace("M2", f"M{n}"),
        )
    ]
    run = _run(tmp_path, *lines, CLEAN, DRUG)
    undecided = Run.open(run).sql(
        "select count(*) as decisions, sum(paid_amount) as paid from line_outcomes where outcome = 'not_evaluable'"
    )
    decisions, paid = int(undecided["decisions"].iloc[0]), Decimal(undecided["paid"].iloc[0])
    assert decisions > 12 and paid > 1200
    page = _shared(run, tmp_path)
    lead = page.split('<p class="audit-lead">')[1].split("</p>")[0]
    assert "potential overpayment: none" not in lead.lower()
    assert f"{decisions} decisions could not be made from what the claims say" in lead and f"${paid:,.2f}" in lead
    assert "once for each rule" in lead
    section = page.split('<h2 id="not-evaluable">')[1].split("<h2")[0]
    assert "Each line counts once in a table" not in section and ">Decisions</th>" in section


def test_a_shared_page_of_a_run_that_decided_everything_has_no_such_words(tmp_path: Path) -> None:
    page = _shared(_run(tmp_path, CLEAN, DRUG), tmp_path)
    assert "could not be made" not in page


def test_little_and_one_are_written_as_such_in_figures(tmp_path: Path) -> None:
    """Of 4,000 answers of a rule one is a breach: a hover text of 0.0 % would say that there is none."""
    rules = pd.DataFrame(
        {
            "rule_number": [1, 0], "rule": ["r1", ""], "title": ["First", "All"], "is_total": [False, True],
            "considered_line_count": [4000, 4000], "overpayment_line_count": [1, 1], "review_line_count": [0, 0],
            "pass_line_count": [3999, 3999], "excepted_line_count": [0, 0], "not_evaluable_line_count": [0, 0],
            "not_in_force_line_count": [0, 0],
        }
    )  # fmt: skip
    drawn_outcomes: Any = figures.outcomes(rules)
    bars = {bar.name: bar for bar in drawn_outcomes.data}
    assert list(bars["Overpayment"].customdata) == ["1 of 4,000 lines (< 0.1 %)"]
    assert list(bars["Pass"].customdata) == ["3,999 of 4,000 lines (> 99.9 %)"]
    rates = tables.provider_rates(Run.open(_run(tmp_path, breach("A"), CLEAN, DRUG)))
    pareto: Any = figures.pareto(rates)
    funnel: Any = figures.funnel(rates)
    assert pareto.layout.title.text.startswith("1 of 1 provider carries 80 %")
    hovers = [text for trace in funnel.data for _, text, _ in trace.customdata or []]
    assert "1 of 1 line overpaid (100.0 %)" in hovers


def test_one_line_to_judge_and_one_row_not_filled_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run, ledger, sample = _run(tmp_path, breach("A")), tmp_path / "l.duckdb", tmp_path / "sample.xlsx"
    (tmp_path / "d.csv").write_text("finding_id,disposition,disposition_date,reason,user\n", "utf-8")
    with open_ledger(ledger):
        pass
    monkeypatch.setattr("audit_lib.ledger.review_sample.write_sample", lambda *_: 1)
    monkeypatch.setattr("audit_lib.ledger.dispositions.import_dispositions", lambda *_: Imported(1, 1, 1))
    capsys.readouterr()
    assert main(["validate", str(run), "--seed", "1", "--out", str(sample)]) == 0
    assert capsys.readouterr().out.startswith(f"1 line to judge: {sample}. Fill in ")
    assert main(["disposition", str(tmp_path / "d.csv"), "--ledger", str(ledger)]) == 0
    said = capsys.readouterr().out
    assert said == f"Recorded 1 disposition in {ledger}; 1 was there before, 1 row is not filled in.\n"
