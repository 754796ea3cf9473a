"""Hand-outs per provider: what is demanded ties out, and what is left out is said."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from audit_lib.resources import folder
from audit_lib.run import Run
from tests.handout.reading import Export, all_text, csv_rows, manifest, opened, table, with_recovery

pytestmark = pytest.mark.usefixtures("evidence_once")


def test_every_workbook_ties_out_to_the_cent_and_all_of_them_with_the_run(sample: Path, plain: Path) -> None:
    found = manifest(plain)
    total = Decimal(0)
    for provider in found["providers"]:
        book = plain / provider["files"][0]["path"]
        lines = [Decimal(str(row["Demanded"])) for row in table(book, "Lines")]
        summary = opened(book)["Summary"]
        rules = {
            row[0]: row for row in summary.iter_rows(min_row=1, values_only=True) if isinstance(row[4], int | float)
        }
        in_all = rules.pop("Total demanded")
        by_rule = [row for name, row in rules.items() if not name.startswith(("Not demanded", "Open"))]
        assert Decimal(str(in_all[4])) == sum(lines) == Decimal(provider["demanded_amount"])
        assert sum(Decimal(str(row[4])) for row in by_rule) == sum(lines)
        assert in_all[2] == len(lines) == sum(row[2] for row in by_rule)
        assert opened(book)["Lines"]["J2"].value == float(sum(lines))
        total += sum(lines)
    run = Run.open(sample)
    net = run.amount("totals", "net_overpaid_amount") - run.amount("totals", "contingent_overpaid_amount")
    dependent = Decimal(found["totals"]["dependent_amount"])
    assert total == net - dependent == Decimal(found["totals"]["demanded_amount"]) > 0 and dependent > 0


def test_no_line_is_demanded_twice_and_none_that_is_only_a_lead(sample: Path, with_leads: Path) -> None:
    paths = with_leads.glob("providers/*/lines.csv")
    keys = [(r["claim_id"], r["claim_line_number"]) for p in paths for r in csv_rows(p)]
    overpaid = duckdb.sql(
        f"""
        select distinct found.claim_id, cast(found.claim_line_number as varchar)
        from '{sample / "findings.parquet"}' as found
        left join (from '{sample / "line_exposure.parquet"}' where is_overpaid_in_full) as shown_by
            on found.related_claim_id = shown_by.claim_id
            and found.related_claim_line_number = shown_by.claim_line_number
        where found.outcome = 'overpayment' and found.amount > 0 and shown_by.claim_id is null
        """
    ).fetchall()
    assert sorted(keys) == sorted(overpaid)


def test_the_three_formats_hold_the_same(sample: Path, export: Export) -> None:
    outs = {name: export(sample, "--format", name, "--provider", "001000015") for name in ("xlsx", "csv", "parquet")}
    stem = "provider_001000015"
    for sheet, title, column, heading in (
        ("lines", "Lines", "demanded_amount", "Demanded"), ("evidence", "Evidence", "answer", "What it says"),
        ("method", "Method", "answer", "What it says"),
    ):  # fmt: skip
        book = [row[heading] for row in table(outs["xlsx"] / "providers" / f"{stem}.xlsx", title)]
        comma = [row[column] for row in csv_rows(outs["csv"] / "providers" / stem / f"{sheet}.csv")]
        parquet = pq.read_table(outs["parquet"] / "providers" / stem / f"{sheet}.parquet")[column].to_pylist()
        assert [str(value) for value in parquet][-len(book) :] == comma[-len(book) :]
        assert (
            [Decimal(str(value)) for value in book] == parquet
            if column == "demanded_amount"
            else [str(value) for value in book] == [str(value) for value in parquet][-len(book) :]
        )


def test_several_rules_on_a_line_are_named_and_its_dollars_counted_once(
    audit: Callable[..., Path], export: Export
) -> None:
    run = audit(["A 1 m S9500 90.00 111111111 2025-08-04 22"])  # no drug, and a hospital is no home
    rules = duckdb.sql(
        f"select rule, amount from '{run / 'findings.parquet'}' where outcome = 'overpayment'"
    ).fetchall()
    assert len(rules) == 2, rules
    row = csv_rows(export(run, "--format", "csv") / "providers" / "provider_111111111" / "lines.csv")[0]
    assert (row["demanded_amount"], row["rule_title"]) == ("90.00", "Per diem without its drug")
    assert row["other_rules"] == "Per diem or home visit at a place that is no home"


# What is left out


def test_of_a_contingent_pair_only_the_per_diem_is_demanded(contingent: Path, export: Export) -> None:
    out = export(contingent, "--format", "csv") / "providers" / "provider_111111111"
    assert [(r["claim_id"], r["claim_line_number"], r["demanded_amount"]) for r in csv_rows(out / "lines.csv")] == [
        ("A", "1", "90.00"), ("B", "1", "7.00"),
    ]  # fmt: skip
    (left_out,) = csv_rows(out / "not_demanded.csv")
    assert (left_out["claim_line_number"], left_out["not_demanded_amount"]) == ("2", "200.00")
    assert "both cannot be taken back" in left_out["not_demanded_reason"]
    totals = Run.open(contingent)
    assert totals.amount("totals", "contingent_overpaid_amount") == Decimal("200.00")


def test_the_evidence_writes_the_days_of_another_line_as_its_sentences_do(contingent: Path, export: Export) -> None:
    rows = csv_rows(export(contingent, "--format", "csv") / "providers" / "provider_111111111" / "evidence.csv")
    shown = {row["claim_id"]: row["answer"] for row in rows if row["point"] == "Shown by"}
    assert shown["B"] == "claim B, line 2, S9500, 4 Aug 2025"


def test_what_is_past_its_last_day_is_left_out_and_counted(
    contingent: Path, export: Export, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = with_recovery(contingent, tmp_path / "barred", {
        "supply_with_per_diem": ("time_barred", "2026-01-01"), "per_diem_without_drug": ("recoverable", "2026-05-01"),
    })  # fmt: skip
    out = export(run, "--format", "csv")
    folder = out / "providers" / "provider_111111111"
    assert [r["demanded_amount"] for r in csv_rows(folder / "lines.csv")] == ["90.00"]
    left_out = csv_rows(folder / "not_demanded.csv")
    assert [(r["not_demanded_amount"], r["not_demanded_reason"][:40]) for r in left_out] == [
        ("200.00", "not demanded because the per diem that i"), ("7.00", "not demanded because the last day to rec"),
    ]  # fmt: skip
    totals = manifest(out)["totals"]
    assert (totals["time_barred_line_count"], totals["time_barred_amount"]) == (1, "7.00")
    assert totals["deadline_unknown_line_count"] == 0
    assert "$7.00 past its recovery deadline" in capsys.readouterr().out


# The recovery status of the per diem that is demanded and of the supply → whether the method may speak of deadlines.
DEADLINES = {
    "no limits were set": ({}, False),
    "of one of two lines nobody knows": ({"per_diem_without_drug": ("recoverable", "2026-05-01")}, False),
    "a limit was applied to both lines": (
        {"per_diem_without_drug": ("recoverable", "2026-05-01"), "supply_with_per_diem": ("recoverable", None)}, True,
    ),
    "of what is not demanded it does not matter": (
        {"per_diem_without_drug": ("time_barred", "2026-01-01"), "supply_with_per_diem": ("unknown", None)}, False,
    ),
    "what is past its day is left out": (
        {"per_diem_without_drug": ("recoverable", None), "supply_with_per_diem": ("time_barred", "2026-01-01")}, True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DEADLINES)
def test_the_method_speaks_of_deadlines_only_where_limits_were_applied(
    contingent: Path, export: Export, tmp_path: Path, name: str
) -> None:
    statuses, is_said = DEADLINES[name]
    known = {"per_diem_without_drug": ("unknown", None), **statuses}
    out = export(with_recovery(contingent, tmp_path / "known", known), "--format", "csv")
    text = (out / "providers" / "provider_111111111" / "method.csv").read_text("utf-8-sig")
    assert ("last day of recovery had passed" in text) == is_said and "recovery deadline" not in text
    topics = [row["topic"] for row in csv_rows(out / "providers" / "provider_111111111" / "method.csv")]
    assert ("What is left out for its age" in topics) == is_said


def test_the_method_says_what_the_claims_state_and_no_more(plain: Path) -> None:
    for book in plain.glob("providers/*.xlsx"):
        (told,) = [row["What it says"] for row in table(book, "Method") if row["Topic"] == "What is left out"]
        assert "lines on which the claims state that another payer paid first" in told
        assert told.startswith("Lines that the claims state to be of Medicare or Medicaid")
        assert "deadline" not in told


def test_a_last_day_that_passed_since_the_run_counts(contingent: Path, export: Export, tmp_path: Path) -> None:
    run = with_recovery(contingent, tmp_path / "late", {
        "supply_with_per_diem": ("recoverable", "2026-05-01"), "per_diem_without_drug": ("recoverable", "2026-06-01"),
    })  # fmt: skip
    outs = [export(run, as_of=day) for day in ("2026-05-01", "2026-05-02")]
    on_the_day, after = (manifest(out)["totals"] for out in outs)
    assert on_the_day["demanded_amount"] == "97.00"
    assert (after["demanded_amount"], after["time_barred_amount"]) == ("90.00", "7.00")
    # The overview names the first day by which something of what is demanded must be recovered.
    days = [row["first_recover_by_date"] for out in outs for row in csv_rows(out / "overview.csv")]
    assert days == ["2026-05-01", "2026-06-01"]


def test_an_unknown_deadline_is_told_to_the_sender_and_not_to_the_provider(
    sample: Path, plain: Path, export: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    out = export(sample, "--provider", "001000015")
    said = capsys.readouterr().out
    assert f"deadline of ${Decimal(manifest(out)['totals']['demanded_amount']):,.2f} is not known" in said
    assert "Nobody has confirmed that this policy applies" in said
    texts = [all_text(book) for book in plain.glob("providers/*.xlsx")]
    assert texts and not any("is not known" in text for text in texts)


def test_leads_stand_apart_and_add_nothing(sample: Path, plain: Path, with_leads: Path) -> None:
    a, b = manifest(plain)["totals"], manifest(with_leads)["totals"]
    assert a["demanded_amount"] == b["demanded_amount"]
    review = Run.open(sample).amount("totals", "net_review_amount")
    leads = [row for path in with_leads.glob("providers/*/leads.csv") for row in csv_rows(path)]
    assert sum(Decimal(row["review_amount"]) for row in leads) == Decimal(b["review_amount"]) == review > 0
    sheets = [opened(path).sheetnames for path in plain.glob("providers/*.xlsx")]
    assert sheets and not any("Needs review" in names for names in sheets)


def test_leads_have_a_sheet_of_their_own(sample: Path, export: Export) -> None:
    out = export(sample, "--with-review", "--records-request", "--provider", "001000015")
    book = opened(out / "providers" / "provider_001000015.xlsx")
    assert book.sheetnames == ["Summary", "Lines", "Not demanded", "Evidence", "Needs review", "Method"]
    assert "Nothing here is demanded" in book["Needs review"]["A1"].value
    request = opened(out / "providers" / "provider_001000015_records_request.xlsx")
    assert request.sheetnames == ["Records request", "Method"]


# Findings of one line, each `rule number, amount, what holds of it`, what was recovered on the line, and under which of
# them → the parts of the line's net, each with its dollars and the rule that it is credited to.
PARTS = {
    "one finding": (["1 90.00"], "0.00", 0, ["demanded 90.00 1"]),
    "the larger of two": (["1 60.00", "3 90.00"], "0.00", 0, ["demanded 90.00 3"]),
    "of equals the first rule": (["3 90.00", "1 90.00"], "0.00", 0, ["demanded 90.00 1"]),
    "nothing was paid": (["1 0.00"], "0.00", 0, ["nothing_paid 0.00 1"]),
    "what was recovered stands with the rule that it was recorded under": (
        ["1 90.00", "3 90.00"], "20.00", 3, ["demanded 70.00 1", "recovered 20.00 3"],
    ),
    "less is left in question than was recovered": (["1 8.00"], "10.00", 1, ["recovered 8.00 1"]),
    "a last day that passed after something was recovered": (
        ["1 10.00 is_time_barred"], "4.00", 1, ["recovered 4.00 1", "time_barred 6.00 1"],
    ),
    "more was recovered than is certain": (
        ["2 40.00 is_contingent", "3 15.00"], "20.00", 3, ["contingent 20.00 2", "recovered 20.00 3"],
    ),
    "contingent, and past its last day": (["2 40.00 is_contingent is_time_barred"], "0.00", 0, ["contingent 40.00 2"]),
    "contingent, past its last day, and closed": (
        ["2 40.00 is_contingent is_time_barred is_closed"], "0.00", 0, ["closed 40.00 2"],
    ),
    "shown by a line that is demanded, and past its last day": (
        ["3 40.00 is_dependent is_time_barred"], "0.00", 0, ["dependent 40.00 3"],
    ),
    "more than another line that is demanded shows": (
        ["1 90.00 is_dependent", "3 15.00"], "0.00", 0, ["demanded 15.00 3", "dependent 75.00 1"],
    ),
    "contingent beyond what another line shows, and closed beyond that": (
        ["1 50.00 is_closed", "2 40.00 is_contingent", "3 15.00 is_dependent"], "10.00", 0,
        ["closed 10.00 1", "contingent 25.00 2", "dependent 5.00 3", "recovered 10.00 1"],
    ),
    "a part of it past its last day": (
        ["1 10.00", "3 25.00 is_time_barred"], "0.00", 0, ["demanded 10.00 1", "time_barred 15.00 3"],
    ),
    "what was closed is neither certain nor timely": (
        ["1 90.00 is_closed", "2 40.00 is_contingent"], "0.00", 0, ["closed 50.00 1", "contingent 40.00 2"],
    ),
    "recovered under a rule that finds nothing any more": (
        ["1 90.00"], "20.00", 0, ["demanded 70.00 1", "recovered 20.00 1"],
    ),
}  # fmt: skip


# A finding of line 1 or 2 of a claim: what holds of it beside its rule, its amount and what was recovered.
FLAGS = ("is_closed", "is_contingent", "is_dependent", "is_time_barred")
DEMAND_FINDINGS = f"""
    create table demand_findings (
        claim_id varchar, claim_line_number bigint, provider_id varchar, rule_number bigint,
        amount decimal(18, 2), recovered_amount decimal(18, 2), line_recovered_amount decimal(18, 2),
        {", ".join(f"{flag} boolean" for flag in FLAGS)}
    )
"""


def _credited(files: duckdb.DuckDBPyConnection, rows: list[list[object]]) -> list[tuple[int, str, Decimal, int]]:
    """Return line, part, its dollars and the rule they are credited to, of rows of demand_findings."""
    files.execute(DEMAND_FINDINGS)
    for row in rows:
        files.execute(f"insert into demand_findings values ({', '.join('?' * len(row))})", row)
    for step in ("line_demands", "credited_demands"):
        files.sql((folder("sql") / "handout" / f"{step}.sql").read_text("utf-8")).create(step)
    columns = "claim_line_number, part, part_amount, rule_number"
    return files.sql(f"select {columns} from credited_demands order by all").fetchall()


@pytest.mark.parametrize("name", PARTS)
def test_the_parts_of_a_line_add_up_to_its_net(name: str) -> None:
    findings, recovered, under, expected = PARTS[name]
    rows = []
    for words in map(str.split, findings):
        own = recovered if int(words[0]) == under else "0.00"
        rows.append(["A", 1, "p", words[0], words[1], own, recovered, *(flag in words for flag in FLAGS)])
    with duckdb.connect() as files:
        parts = _credited(files, rows)
        net = files.sql("select max(amount) from demand_findings").fetchall()[0][0]
        (line,) = files.sql("from line_demands").to_arrow_table().to_pylist()
    assert [" ".join(map(str, part)) for _, *part in parts] == expected
    amounts = {part: amount for _, part, amount, _ in parts}
    assert sum(amounts.values()) == net
    for part in ("demanded", "contingent", "dependent", "time_barred", "closed", "recovered"):
        assert line[f"{part}_amount"] == amounts.get(part, 0), part


def test_each_line_of_a_claim_has_the_parts_of_its_own() -> None:
    flags = [False] * len(FLAGS)
    rows: list[list[object]] = [
        ["A", 1, "p", 1, "90.00", "0.00", "0.00", *flags], ["A", 2, "p", 3, "60.00", "20.00", "20.00", *flags],
    ]  # fmt: skip
    with duckdb.connect() as files:
        parts = [" ".join(map(str, part)) for part in _credited(files, rows)]
    assert parts == ["1 demanded 90.00 1", "2 demanded 40.00 3", "2 recovered 20.00 3"]
