"""The money walk adds up to the cent: on the sample, on the Tuva demo, on random histories, gate after gate."""

from __future__ import annotations

import csv
import tempfile
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from audit_lib.audit import RunOptions, run_audit
from audit_lib.progress import Progress
from audit_lib.reports import recovery_block, recovery_tables, tables, walk_figures
from audit_lib.reports.blocks import Block
from audit_lib.reports.filters import Filters
from audit_lib.reports.front import front_page
from audit_lib.rules import load_rules
from audit_lib.run import Run
from audit_lib.settings import Settings
from tests.fake_run import build_run
from tests.histories import Line, histories
from tests.staged_claims import kept_claims

SAMPLE = Path(__file__).parent.parent / "data" / "sample" / "claims.csv"
GATES = [
    "not_in_force", "shared_claim_id", "earlier_text", "self_funded", "secondary_payer", "review_only", "override",
    "below_minimum", "time_barred", "unknown",
]  # fmt: skip
ZERO = Decimal("0.00")


def audit(place: Path, claims: Path, given_settings: Settings, **options: Any) -> Run:
    run = run_audit(
        RunOptions(str(claims), place, settings=given_settings, run_id="run", with_reports=False, with_quality=False,
                   **options),
        Progress(is_quiet=True),
    )  # fmt: skip
    return Run.open(run.path)


def plan_settings(place: Path, overrides: str, limits: str, **others: Any) -> Settings:
    (place / "overrides.csv").write_text(f"provider_id,rule,action,note,approved_by\n{overrides}", "utf-8")
    (place / "limits.csv").write_text(
        f"line_of_business,state,months,counted_from,exempt_rules,citation\n{limits}", "utf-8"
    )
    return Settings(overrides=place / "overrides.csv", lookback_limits=place / "limits.csv", **others)


def check_walks(run: Run) -> dict[str, Decimal]:
    """Add both walks up and tie them to the headline; return the steps of the walk of overpayments."""
    headline = tables.headline(run).set_index("measure")["net_amount"]
    paid, overpaid = recovery_tables.paid_walk(run), recovery_tables.overpayment_walk(run)
    for walk in (paid, overpaid):
        balance = None
        for row in walk[walk["kind"] != "part"].itertuples():
            if row.kind == "total":
                assert balance in {None, row.step_amount}, row.step
                balance = row.step_amount
            else:
                balance += row.step_amount
            assert row.balance_amount == balance
    steps = dict(zip(overpaid["step"], overpaid["step_amount"], strict=True))
    paid_steps = dict(zip(paid["step"], paid["step_amount"], strict=True))
    assert steps["net_overpaid"] == paid_steps["net_overpaid"] == headline["overpayment"]
    assert paid_steps["review"] == -headline["review"]
    assert paid_steps["file"] == run.amount("claims", "paid_amount")
    rules = overpaid[(overpaid["kind"] == "part") & ~overpaid["step"].str.endswith("_contingent")]
    assert sum(rules["step_amount"], ZERO) == steps["gross"]
    assert all(steps[gate] <= 0 for gate in ["overlap", *GATES])
    check_recovery(run, steps, headline)
    return steps


def check_recovery(run: Run, steps: dict[str, Decimal], headline: pd.Series[Any]) -> None:
    """Tie what is recoverable, unknown and time-barred to the walk and to the headlines, whichever way it is cut."""
    statuses = recovery_tables.by_status(run).set_index("recovery_status")
    overpaid = statuses["net_overpaid_amount"]
    assert overpaid["recoverable"] == steps["recoverable"]
    assert (overpaid["unknown"], overpaid["time_barred"]) == (-steps["unknown"], -steps["time_barred"])
    assert overpaid["all"] == headline["overpayment"]
    assert statuses.at["all", "net_review_amount"] == headline["review"]
    assert statuses.at["all", "contingent_overpaid_amount"] == steps["net_overpaid_contingent"]
    assert statuses.at["recoverable", "contingent_overpaid_amount"] == steps["recoverable_contingent"]
    periods = recovery_tables.expiring(run).set_index("expires")
    assert periods.at["all recoverable", "net_overpaid_amount"] == overpaid["recoverable"]
    assert periods.at["all recoverable", "net_review_amount"] == statuses.at["recoverable", "net_review_amount"]
    for table in (recovery_tables.by_rule(run), recovery_tables.by_provider(run)):
        rows = table[~table["is_total"]]
        for column, status in (
            ("recoverable_amount", "recoverable"), ("unknown_amount", "unknown"), ("time_barred_amount", "time_barred"),
        ):  # fmt: skip
            assert sum(rows[column], ZERO) == overpaid[status]
        for period in (30, 60, 90):
            expires = list(periods["net_overpaid_amount"])[period // 30 - 1]
            assert sum(rows[f"within_{period}_days_amount"], ZERO) == expires


def netted_in_python(run: Run) -> dict[str, Decimal]:
    """Walk the gates one after the other, on another road: after each, the largest amount that is left of a line."""
    decisions = run.sql("select * from line_outcomes where decided_outcome = 'overpayment'").to_dict("records")
    found = {(f["rule"], f["claim_id"], f["claim_line_number"]): f["finding_id"] for f in
             run.sql("select * from findings").to_dict("records")}  # fmt: skip
    status = dict(run.sql("select finding_id, recovery_status from recovery").itertuples(index=False))

    def stopped(row: dict[str, Any]) -> str:
        finding = found.get((row["rule"], row["claim_id"], row["claim_line_number"]))
        if row["gated_by"] == "window":
            return "not_in_force" if row["outcome"] == "not_in_force" else "earlier_text"
        if isinstance(row["gated_by"], str):
            return str(row["gated_by"])
        if row["outcome"] != "overpayment":
            return "override"
        return "below_minimum" if finding is None else status[finding]

    left = [(stopped(row), (row["claim_id"], row["claim_line_number"]), row["decided_amount"]) for row in decisions]
    steps = {"gross": sum((amount for *_, amount in left), ZERO)}
    before = _largest(left)
    steps["overlap"] = before - steps["gross"]
    for gate in GATES:
        left = [row for row in left if row[0] != gate]
        steps[gate] = _largest(left) - before
        before = _largest(left)
    return {**steps, "recoverable": before}


def _largest(left: list[tuple[str, Any, Decimal]]) -> Decimal:
    lines: dict[Any, Decimal] = defaultdict(lambda: ZERO)
    for _, line, amount in left:
        lines[line] = max(lines[line], amount)
    return sum(lines.values(), ZERO)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The sample with overrides, a review-only rule, a least amount and limits, so that every gate takes something."""
    place = tmp_path_factory.mktemp("walk")
    given_settings = plan_settings(
        place,
        "00-1000013,tpn_base_product,exempt,contract,counsel\n00-1000005,supply_with_per_diem,review,contract,counsel\n",
        ",NM,9,paid,,a\n,TX,6,service,implanted_pump_daily_billing,b\n,IL,12,paid,,c\n",
        review_only=["flush_with_home_infusion"],
        minimum_amount=Decimal("20.00"),
    )
    return audit(place, SAMPLE, given_settings, as_of=date(2026, 6, 1))


def test_the_walk_adds_up_on_the_sample(run: Run) -> None:
    steps = check_walks(run)
    assert [gate for gate in ["overlap", *GATES] if not steps[gate]] == ["shared_claim_id"]
    walked = netted_in_python(run)
    assert {name: steps[name] for name in walked} == walked


def test_what_the_rules_cannot_use_is_the_dollars_of_the_other_claims_in_the_file(run: Run, tmp_path: Path) -> None:
    """Sum anew, from the file itself, what stands on claims that staging did not keep: a dollar lost there shows."""
    kept = kept_claims(SAMPLE, tmp_path)
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = [(row["claim_id"], Decimal(row["paid_amount"] or 0)) for row in csv.DictReader(file)]
    walk = recovery_tables.paid_walk(run).set_index("step")
    assert walk.at["file", "step_amount"] == sum((paid for _, paid in rows), ZERO)
    assert walk.at["file", "line_count"] == len(rows)
    assert -walk.at["other_care", "step_amount"] == sum((paid for claim, paid in rows if claim not in kept), ZERO) > 0


def test_the_front_page_says_what_is_in_time(run: Run) -> None:
    html = front_page(run).html
    totals = recovery_tables.by_status(run).set_index("recovery_status")["net_overpaid_amount"]
    for status in ("recoverable", "unknown", "time_barred"):
        assert f"${totals[status]:,.2f} on" in html
    assert "Recoverable on 1 Jun 2026" in html
    assert "is time-barred by the plan" in html
    assert "No lookback limits are set" not in html


def test_the_figure_draws_what_took_something(run: Run) -> None:
    figure = walk_figures.money_walk(recovery_tables.overpayment_walk(run))
    assert isinstance(figure, go.Figure)
    (trace,) = figure.data
    assert list(trace.measure).count("relative") == len(GATES)  # no two members of the sample share a claim id
    steps = recovery_tables.overpayment_walk(run).set_index("step")["step_amount"]
    assert f"&#36;{steps['recoverable']:,.2f} is still in time" in figure.layout.title.text


def test_members_shares_are_the_whole_lines(run: Run) -> None:
    table = recovery_tables.member_shares(run).set_index("share")
    keys = run.sql("select claim_id, claim_line_number from line_exposure where net_overpaid_amount > 0")
    lines = {(claim, str(line)) for claim, line in keys.itertuples(index=False)}
    expected = ZERO
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (row["claim_id"], row["claim_line_number"]) in lines:
                expected += Decimal(row["coinsurance_amount"] or 0)
    assert table.at["Coinsurance", "member_amount"] == expected > 0
    assert table.at["Coinsurance", "supplied_line_count"] == len(lines)


def test_overrides_and_texts_are_shown_with_what_they_did(run: Run) -> None:
    overrides = recovery_tables.overrides(run)
    assert list(overrides["approved_by"]) == ["counsel", "counsel"]
    gate = tables.gates(run).set_index("gate").loc["override"]
    assert sum(overrides["decided_amount"], ZERO) == gate["paid_amount"] > 0
    headline = tables.headline(run).set_index("measure")["net_amount"]
    texts = recovery_tables.policy_texts(run)
    for column, measure in (("net_overpaid_amount", "overpayment"), ("net_review_amount", "review")):
        assert sum(texts.loc[~texts["is_total"], column], ZERO) == headline[measure]
    assert set(texts.loc[~texts["is_total"], "policy_text"]) == {
        "CPCP019 v2.0, effective 2025-07-18",
        "an earlier text of CPCP019, not on file",
    }
    assert list(recovery_tables.windows(run)["window_group"]) == ["A", "B"]
    assert sum(recovery_tables.limits(run)["finding_count"]) > 0


def test_filters_keep_whole_dollars(run: Run) -> None:
    whole = recovery_tables.by_status(run).set_index("recovery_status")["net_overpaid_amount"]
    rules = [rule for rule in recovery_tables.by_rule(run)["rule"] if isinstance(rule, str)]
    parts = [
        recovery_tables.by_status(Run.open(run.folder, Filters(rule=names))).set_index("recovery_status")
        for names in (rules[0], ",".join(rules[1:]))
    ]
    for status in ("recoverable", "unknown", "time_barred", "all"):
        assert sum((part.at[status, "net_overpaid_amount"] for part in parts), ZERO) == whole[status]


def test_without_limits_nothing_is_known_of_the_time_left(tmp_path: Path) -> None:
    old = Run.open(build_run(tmp_path / "run"))
    totals = recovery_tables.by_status(old).set_index("recovery_status")["net_overpaid_amount"]
    assert totals["unknown"] == totals["all"] > 0
    assert recovery_tables.overpayment_walk(old).set_index("step").at["recoverable", "step_amount"] == 0
    assert recovery_tables.overrides(old).empty
    assert "No lookback limits are set" in front_page(old).html
    assert "first three rows" not in front_page(old).html
    assert recovery_block.time_left(old).text.startswith("No lookback limits are set")
    assert recovery_block.limited(old, recovery_tables.by_rule(old)).empty
    none = Run.open(build_run(tmp_path / "none", findings=False))
    assert isinstance(walk_figures.money_walk(recovery_tables.overpayment_walk(none)), Block)
    assert recovery_tables.by_rule(none).empty and recovery_tables.member_shares(none).empty


def test_the_walk_adds_up_on_the_tuva_demo(shared: Path, tmp_path: Path) -> None:
    claims = shared / "realdata" / "tuva_demo" / "medical_claim.csv"
    check_walks(audit(tmp_path, claims, Settings(), layout="tuva", is_assumed_in_force=True))


@pytest.mark.property
@settings(
    max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip
@given(histories(), st.data())
def test_the_walk_adds_up_on_random_histories(history: list[Line], data: st.DataObject) -> None:
    rules = [rule.name for rule in load_rules()]
    providers = sorted({line["billing_tin"] for line in history})
    pairs = data.draw(st.lists(st.tuples(*map(st.sampled_from, (providers, rules, ["exempt", "review"]))), max_size=9))
    exempt = ";".join(data.draw(st.lists(st.sampled_from(rules), max_size=5)))
    month = data.draw(st.integers(1, 3))
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        with (place / "claims.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, sorted(history[0]))
            writer.writeheader()
            writer.writerows(history)
        overrides = "".join(f"{','.join(pair)},contract,counsel\n" for pair in pairs)
        given_settings = plan_settings(
            place, overrides, f",,{month},{data.draw(st.sampled_from(['paid', 'service']))},{exempt},law\n",
            review_only=sorted(data.draw(st.sets(st.sampled_from(rules), max_size=3))),
            minimum_amount=Decimal(data.draw(st.sampled_from(["0.00", "100.00"]))),
        )  # fmt: skip
        run = audit(place, place / "claims.csv", given_settings, as_of=date(2025, 10, data.draw(st.integers(1, 28))))
        steps, walked = check_walks(run), netted_in_python(run)
        assert {step: steps[step] for step in walked} == walked
