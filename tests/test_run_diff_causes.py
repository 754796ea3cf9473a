"""Why a finding differs between two runs, case by case: lines, answers and what else differs, as they are drawn."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from audit_lib.pipeline import load_steps, ordered, run_steps
from audit_lib.progress import Progress
from audit_lib.resources import folder
from tests.ledger_rows import EXPOSURE

# All that a run is asked whether it is delivered otherwise; what a case does not draw is the same in both runs.
_DELIVERED = [
    "member_id", "provider_id", "claim_type", "claim_line_start_date", "claim_line_end_date", "hcpcs_code",
    "service_unit_quantity", "paid_amount", "allowed_amount", "place_of_service_code", "bill_type_code",
    "revenue_center_code", "modifiers", "diagnosis_codes", "ndc_code", "paid_date", "claim_start_date",
    "claim_end_date", "admission_date", "discharge_date", "line_of_business", "funding", "other_payer_paid_amount",
    "payer", "plan", "claim_line_status", "drug_name", "drug_name_source",
]  # fmt: skip
_DATES = {name: pa.date32() for name in _DELIVERED if name.endswith("date")}
IN_BOTH = date(2025, 8, 15)  # whatever period is asked
_AMOUNTS = {"paid_amount": "decimal(18, 2)", "amount": "decimal(18, 2)", "decided_amount": "decimal(18, 2)"}
# A run's lines, each `claim[/line] member amount day of August [drug, who named it]`, and after a colon what rules
# answered: `rule outcome amount`, where the plan changed an answer `rule decided>outcome amount`. What else differs
# between the runs. What is told.
Case = tuple[list[str], list[str], str, list[str]]
SAME = "B m 9.00 15: x overpayment 9.00"  # keeps the member's lines in both runs
CASES: dict[str, Case] = {
    "nothing differs": ([SAME], [SAME], "data settings shared", []),
    "nothing tells why": (["A m 40.00 15: x overpayment 40.00"], [], "", ["lost unexplained x A 40.00 - 40.00 0.00"]),
    # The dollars of a line, once
    "other findings of the line give up dollars or take none over": (
        ["A m 200.00 15: x overpayment 40.00, w overpayment 10.00, y review 100.00, z review 50.00"],
        ["A m 200.00 15: x overpayment 60.00, w overpayment 10.00, y review 100.00, z review 50.00"],
        "settings rule:x",
        ["changed rule version x A 40.00 60.00 20.00 0.00", "changed rule version y A 100.00 100.00 0.00 -20.00"],
    ),
    "another finding takes the dollars over": (
        ["A m 200.00 15: x overpayment 40.00, w overpayment 30.00"],
        ["A m 200.00 15: x pass 0.00, w overpayment 30.00"],
        "settings rule:x",
        ["lost rule version x A 40.00 - 40.00 0.00", "changed rule version w A 30.00 30.00 30.00 0.00"],
    ),
    "an outcome that moves no dollar": (
        ["A m 100.00 15: w overpayment 100.00, x overpayment 40.00"],
        ["A m 100.00 15: w overpayment 100.00, x overpayment>review 40.00"],
        "settings", ["changed settings x A 40.00 40.00 0.00 0.00"],
    ),
    "an amount that moves no dollar": (
        ["A m 100.00 15: w overpayment 100.00, x overpayment 40.00"],
        ["A m 100.00 15: w overpayment 100.00, x overpayment 50.00"],
        "rule:x", ["changed rule version x A 40.00 50.00 0.00 0.00"],
    ),
    "a lead is gone": (
        ["A m 100.00 15: y review 40.00"], ["A m 100.00 15: y pass 0.00"], "settings",
        ["lost settings y A 40.00 - 0.00 40.00"],
    ),
    # What else differs
    "decided alike, and the settings differ": (
        ["A m 40.00 15: x overpayment 40.00"], ["A m 40.00 15: x overpayment>excepted 40.00"], "data settings rule:x",
        ["lost settings x A 40.00 - 40.00 0.00"],
    ),
    "decided alike, and only a code list differs": (
        ["A m 40.00 15: x overpayment 40.00"], ["A m 40.00 15: x overpayment>review 40.00"], "shared",
        ["changed rule version x A 40.00 40.00 -40.00 40.00"],
    ),
    "the rule differs, and another line of the member": (
        ["A m 40.00 15: x overpayment 40.00", "C m 90.00 15"], ["A m 40.00 15: x overpayment 30.00", "C m 80.00 15"],
        "data settings rule:x", ["changed rule version x A 40.00 30.00 -10.00 0.00"],
    ),
    "another line of the member differs, and the settings": (
        ["A m 40.00 15: x overpayment 40.00", "C m 90.00 15"], ["A m 40.00 15: x overpayment 30.00", "C m 80.00 15"],
        "data settings", ["changed data x A 40.00 30.00 -10.00 0.00"],
    ),
    "another line of the member names another drug": (
        ["A m 40.00 15: x overpayment 40.00", "C m 90.00 15 Cefazolin claim"],
        ["A m 40.00 15: x overpayment 30.00", "C m 90.00 15 Ceftriaxone claim"],
        "data settings", ["changed data x A 40.00 30.00 -10.00 0.00"],
    ),
    "a directory names another drug, which is no claim's word": (
        ["A m 40.00 15: x overpayment 40.00", "C m 90.00 15 Cefazolin ndc_directory"],
        ["A m 40.00 15: x overpayment 30.00", "C m 90.00 15 Ceftriaxone ndc_directory"],
        "data settings", ["changed settings x A 40.00 30.00 -10.00 0.00"],
    ),
    "other lines of the file differ, and a code list": (
        ["A m 40.00 15: x overpayment 40.00"], ["A m 40.00 15: x overpayment 30.00"], "data shared",
        ["changed data x A 40.00 30.00 -10.00 0.00"],
    ),
    "other lines of the file differ, and the settings": (
        ["A m 40.00 15: x overpayment 40.00"], ["A m 40.00 15: x overpayment 30.00"], "data settings",
        ["changed settings x A 40.00 30.00 -10.00 0.00"],
    ),
    "only the period differs, which holds the line in both runs": (
        ["A m 40.00 15: x overpayment 40.00"], ["A m 40.00 15: x overpayment 30.00"], "period",
        ["changed period x A 40.00 30.00 -10.00 0.00"],
    ),
    # The period: of run A up to the 20th, of run B from the 10th on
    "the earlier period alone holds the line": (
        ["A m 40.00 05: x overpayment 40.00"], [], "data settings period", ["lost period x A 40.00 - 40.00 0.00"],
    ),
    "the later period alone holds a new line of a member": (
        [SAME], [SAME, "A m 40.00 25: x overpayment 40.00"], "data settings period",
        ["gained period x A - 40.00 40.00 0.00"],
    ),
    "both periods hold a new line of a member": (
        [SAME], [SAME, "A m 40.00 15: x overpayment 40.00"], "data settings period rule:x",
        ["gained data x A - 40.00 40.00 0.00"],
    ),
    "a line was moved to another day, which the later period alone holds": (
        [SAME, "A m 40.00 15: x overpayment 40.00"], [SAME, "A m 40.00 25: x overpayment 30.00"], "data period",
        ["changed data x A 40.00 30.00 -10.00 0.00"],
    ),
    "by payment, the earlier period alone holds the line": (
        ["A m 40.00 05: x overpayment 40.00"], [], "data settings period paid", ["lost period x A 40.00 - 40.00 0.00"],
    ),
    "by payment, a line without a paid date, and the earlier run has no period": (
        ["A m 40.00 -: x overpayment 40.00"], [], "data settings later paid", ["lost period x A 40.00 - 40.00 0.00"],
    ),
    # Lines that a run did not keep, since their member has no finding there
    "what was paid on a line differs": (
        ["A m 40.00 15: x overpayment 40.00"], ["A m 30.00 15: x pass 0.00"], "data settings",
        ["lost data x A 40.00 - 40.00 0.00"],
    ),
    "the rules considered the line as before": (
        ["A m 40.00 15: x overpayment 40.00"], ["A m 40.00 15: x pass 0.00"], "data settings",
        ["lost settings x A 40.00 - 40.00 0.00"],
    ),
    "a line that no rule considers may be there still": (
        ["A m 40.00 15: x overpayment 40.00", "C m 90.00 15"], ["A m 40.00 15: x pass 0.00", "C m 90.00 15"],
        "data settings", ["lost settings x A 40.00 - 40.00 0.00"],
    ),
    "the line is gone": (
        ["A m 40.00 15: x overpayment 40.00"], [], "data settings", ["lost data x A 40.00 - 40.00 0.00"],
    ),
    "the line may be left out by other payers or rules that were asked": (
        ["A m 40.00 15: x overpayment 40.00"], [], "data settings scope", ["lost settings x A 40.00 - 40.00 0.00"],
    ),
    "the line is gone, whatever was asked, since the member's others are there": (
        [SAME, "A m 40.00 15: x overpayment 40.00"], [SAME], "data settings scope",
        ["lost data x A 40.00 - 40.00 0.00"],
    ),
    "decided otherwise for as many dollars": (
        ["A m 40.00 15: x overpayment 40.00"], ["A m 40.00 15: x review 40.00"], "settings rule:x",
        ["changed rule version x A 40.00 40.00 -40.00 40.00"],
    ),
    "by payment, a line without a paid date is in neither period": (
        ["A m 40.00 -: x overpayment 40.00"], ["A m 40.00 -: x overpayment 30.00"], "period paid rule:x",
        ["changed rule version x A 40.00 30.00 -10.00 0.00"],
    ),
    # Lines of one claim are told apart
    "another line of the claim is delivered otherwise, and the rule differs": (
        ["A m 40.00 15: x overpayment 40.00", "A/2 m 9.00 15"], ["A m 40.00 15: x overpayment 30.00", "A/2 m 8.00 15"],
        "data rule:x", ["changed rule version x A 40.00 30.00 -10.00 0.00"],
    ),
    "another line of the claim is found as before": (
        ["A m 40.00 15: x overpayment 40.00", "A/2 m 90.00 15: x overpayment 90.00"],
        ["A m 40.00 15: x overpayment 30.00", "A/2 m 90.00 15: x overpayment 90.00"],
        "data rule:x", ["changed rule version x A 40.00 30.00 -10.00 0.00"],
    ),
    "the earlier period alone holds one of two lines": (
        ["A m 40.00 05: x overpayment 40.00", "A/2 m 90.00 15: x overpayment 90.00"],
        ["A m 40.00 05", "A/2 m 90.00 15: x overpayment 80.00"], "period rule:x",
        ["lost period x A 40.00 - 40.00 0.00", "changed rule version x A 90.00 80.00 -10.00 0.00"],
    ),
    "more was paid on another line that was not kept": (
        ["A m 40.00 15: x overpayment 40.00", "A/2 m 80.00 15: x overpayment 80.00"],
        ["A m 40.00 15: x pass 0.00", "A/2 m 90.00 15: x pass 0.00"], "data rule:x",
        ["lost rule version x A 40.00 - 40.00 0.00", "lost data x A 80.00 - 80.00 0.00"],
    ),
    "dollars that move on one line are not told for what differs on another": (
        ["A m 200.00 15: x overpayment 40.00, y review 100.00", "A/2 m 90.00 15: z overpayment 50.00"],
        ["A m 200.00 15: x overpayment 60.00, y review 100.00", "A/2 m 90.00 15: z overpayment 40.00"],
        "settings rule:x",
        ["changed rule version x A 40.00 60.00 20.00 0.00", "changed rule version y A 100.00 100.00 0.00 -20.00",
         "changed settings z A 50.00 40.00 -10.00 0.00"],
    ),
}  # fmt: skip


def _load(connection: duckdb.DuckDBPyConnection, run: str, lines: list[str], by: str) -> None:
    kept, answers = [], []
    found = {line.split()[1] for line in lines if " overpayment " in line or "review " in line}
    for line in lines:
        head, _, told = line.partition(":")
        name, member, paid, day, *drug = head.split()
        claim, _, number = name.partition("/")
        drug_name, source = drug or (None, None)
        on = None if day == "-" else date(2025, 8, int(day))
        kept.append({
            **dict.fromkeys(_DELIVERED, "same"), **dict.fromkeys(_DATES, IN_BOTH), by: on,
            "claim_id": claim, "claim_line_number": int(number or 1),
            "member_id": member, "paid_amount": paid, "drug_name": drug_name, "drug_name_source": source,
        })  # fmt: skip
        for rule, outcome, amount in (answer.split() for answer in told.split(",") if answer):
            decided, _, changed = outcome.partition(">")
            key = {"rule": rule, "claim_id": claim, "claim_line_number": int(number or 1), "paid_amount": paid}
            answers.append({
                **key, "member_id": member, "provider_id": "p", "hcpcs_code": "A4222", "outcome": changed or decided,
                "amount": amount, "decided_outcome": decided, "decided_amount": amount,
            })  # fmt: skip
    texts = {name: pa.string() for name in _DELIVERED} | _DATES
    columns = {"claim_id": pa.string(), "claim_line_number": pa.int64()}
    _table(connection, f"claim_lines_{run}", [row for row in kept if row["member_id"] in found], columns | texts)
    columns |= dict.fromkeys(
        ("rule", "paid_amount", "member_id", "provider_id", "hcpcs_code", "outcome", "amount", "decided_outcome",
         "decided_amount"), pa.string(),
    )  # fmt: skip
    _table(connection, f"line_outcomes_{run}", answers, columns)
    is_finding = "outcome in ('overpayment', 'review')"
    connection.sql(f"select * from line_outcomes_{run} where {is_finding}").create(f"findings_{run}")
    connection.sql(EXPOSURE.format(findings=f"findings_{run}")).create(f"line_exposure_{run}")


def _table(
    connection: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]], columns: dict[str, Any]
) -> None:
    table = connection.from_arrow(pa.Table.from_pylist(rows, schema=pa.schema(list(columns.items()))))
    amounts = ", ".join(f"{column}::{of} as {column}" for column, of in _AMOUNTS.items() if column in columns)
    table.select(f"* replace ({amounts})" if amounts else "*").create(name)


def _compared(name: str) -> duckdb.DuckDBPyConnection:
    lines_a, lines_b, words, _ = CASES[name]
    differs = words.split()
    connection = duckdb.connect()
    for run, lines in (("a", lines_a), ("b", lines_b)):
        _load(connection, run, lines, "paid_date" if "paid" in differs else "claim_line_start_date")
    is_later = "later" in differs
    flags = {
        "has_data_changed": "data" in differs, "has_settings_changed": "settings" in differs,
        "has_period_changed": "period" in differs or is_later, "has_shared_sql_changed": "shared" in differs,
        "has_scope_changed": bool({"scope", "period", "later"} & set(differs)),
    }  # fmt: skip
    values = ", ".join(f"{value} as {flag}" for flag, value in flags.items())
    connection.execute(f"create table run_changes as select {values}")
    by = "paid" if "paid" in differs else "service"
    until = date(2025, 8, 20) if "period" in differs else None
    since = date(2025, 8, 10) if "period" in differs or is_later else None
    connection.execute(
        """
        create table run_periods as
        select null::date as period_from_a, ?::date as period_to_a, ? as period_by_a,
            ?::date as period_from_b, null::date as period_to_b, ? as period_by_b
        """,
        [until, "service" if is_later else by, since, by],
    )
    rules = [{"rule": word.removeprefix("rule:")} for word in differs if word.startswith("rule:")]
    _table(connection, "changed_rules", rules, {"rule": pa.string()})
    steps = ordered(load_steps(Path(folder("sql")) / "diff"), ["diff_totals"])
    run_steps(connection, steps, Progress(is_quiet=True))
    return connection


@pytest.mark.parametrize("name", CASES)
def test_each_difference_has_its_cause(name: str) -> None:
    """Told: change, cause, rule, claim, amount in A and in B, then the net dollars of both measures that it moves."""
    with _compared(name) as connection:
        rows = connection.sql(
            """
            select change, cause, rule, claim_id, amount_a, amount_b,
                case when change = 'lost' then net_overpaid_a else net_overpaid_b - net_overpaid_a end,
                case when change = 'lost' then net_review_a else net_review_b - net_review_a end
            from finding_causes order by change desc, rule desc
            """
        ).fetchall()
        whose = connection.sql("select distinct member_id, provider_id, hcpcs_code from finding_causes").fetchall()
    told = [" ".join("-" if value is None else str(value) for value in row) for row in rows]
    assert sorted(told) == sorted(CASES[name][3])
    assert whose == [("m", "p", "A4222")] * bool(told)


@pytest.mark.parametrize("name", CASES)
def test_what_is_gained_lost_and_changed_is_the_difference_of_the_runs(name: str) -> None:
    with _compared(name) as connection:
        ((*moved, count),) = connection.sql(
            """
            select
                coalesce(sum(case when change = 'lost' then -1 else 1 end * net_overpaid_amount), 0),
                coalesce(sum(case when change = 'lost' then -1 else 1 end * net_review_amount), 0),
                coalesce(sum(finding_count), 0)
            from diff_totals
            """
        ).fetchall()
        nets = "coalesce(sum(net_overpaid_amount), 0), coalesce(sum(net_review_amount), 0)"
        a, b = (connection.sql(f"select {nets} from line_exposure_{run}").fetchall()[0] for run in "ab")
    assert (moved, count) == ([after - before for before, after in zip(a, b, strict=True)], len(CASES[name][3]))
