"""What a ledger says of each month of a story, and what it refuses."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from audit_lib.errors import AuditError
from audit_lib.holds import holds, is_on_hold
from audit_lib.ledger.dispositions import Imported, import_dispositions
from audit_lib.ledger.recording import record_run
from audit_lib.ledger.store import open_ledger
from audit_lib.reports import ledger_tables
from audit_lib.resources import folder, from_yaml
from audit_lib.rules import load_rules
from audit_lib.run import Run
from tests.ledger_story import audit, claim, tell_story, write_claims


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three months: a place with runs one, two and three."""
    return tell_story(tmp_path_factory.mktemp("story"))


def _statuses(run: Path) -> dict[str, tuple[str, str]]:
    rows = duckdb.sql(
        f"select claim_id, status, status_reason from read_parquet('{run}/finding_status.parquet') order by claim_id"
    ).fetchall()
    return {str(name): (str(status), str(reason)) for name, status, reason in rows}


def test_the_second_month(story: Path) -> None:
    found = _statuses(story / "runs" / "two")
    assert {name: status for name, (status, _) in found.items()} == {
        "A": "closed", "B": "closed", "C": "superseded", "C2": "changed", "D": "gone", "E": "open", "F": "open",
        "G": "open", "H": "new", "K": "closed",
    }  # fmt: skip
    assert found["C2"][1] == "the amount changed"
    assert found["D"][1].startswith("now excepted: ")


def test_every_status_of_the_third_month(story: Path) -> None:
    assert _statuses(story / "runs" / "three") == {
        "A": ("closed", "closed: recovered"),
        "B": ("changed", "closed before; the amount changed; the rule has another version"),
        "C": ("superseded", "its claim was replaced; the finding on the new claim goes on with it"),
        "C2": ("open", "as before"),
        "D": ("gone", _statuses(story / "runs" / "two")["D"][1]),
        "E": ("superseded", "its claim was voided"),
        "F": ("not_seen", "its line is outside the audited period"),
        "G": ("changed", "the amount changed; the rule has another version"),
        "H": ("open", "as before"),
        "K": ("closed", "closed: written off"),
    }


def test_a_replacement_inherits_the_history(story: Path) -> None:
    row = duckdb.sql(
        f"""select first_seen_run_id, first_amount, amount, last_disposition, case_number, is_noticed
        from read_parquet('{story}/runs/three/finding_status.parquet') where claim_id = 'C2'"""
    ).fetchall()[0]
    assert row == ("one", Decimal("30.00"), Decimal("20.00"), "noticed", "C-C", True)


def test_every_figure_of_the_third_funnel(story: Path) -> None:
    table = ledger_tables.funnel_by_rule(Run.open(story / "runs" / "three"))
    row = table[table["is_total"]].iloc[0].to_dict()
    figures = {name: str(row[f"{name}_amount"]) for name in (
        "identified", "noticed", "disputed", "upheld", "recovered", "overturned", "written_off", "fell_away",
        "outstanding", "time_barred",
    )}  # fmt: skip
    assert figures == {
        # A 40, B 33, C2 20, D 25, E 15, F 12, G 45, H 60, K 22; C goes on as C2
        "identified": "272.00",
        "noticed": "60.00",  # A, and C2 by inheritance
        "disputed": "33.00",  # B
        "upheld": "40.00",  # A
        "recovered": "50.00",  # A 40 and G 10
        "overturned": "0.00",  # B was, and is raised again at another amount
        "written_off": "22.00",  # K
        "fell_away": "40.00",  # D by contract, E voided
        "outstanding": "160.00",  # B 33, C2 20, F 12, G 35, H 60
        "time_barred": "148.00",  # all of them but F, which this run did not see
    }
    parts = ["recovered", "overturned", "written_off", "fell_away", "outstanding"]
    assert sum(Decimal(figures[part]) for part in parts) == Decimal(figures["identified"])
    titles = {rule.name: rule.metadata.title for rule in load_rules()}
    assert [row.title for row in table.itertuples()] == [
        "All rules" if row.is_total else titles[row.rule] for row in table.itertuples()
    ]
    by_provider = ledger_tables.funnel_by_provider(Run.open(story / "runs" / "three"))
    providers = by_provider[~by_provider["is_total"]].set_index("provider_id")
    assert providers.loc["742000002", "fell_away_amount"] == Decimal("25.00")
    assert by_provider[by_provider["is_total"]]["identified_amount"].iloc[0] == Decimal("272.00")


def test_reviewers_verdicts_are_counted_in_whole_numbers(story: Path) -> None:
    standing = pq.read_schema(story / "runs" / "three" / "rule_standing.parquet")
    counts = [name for name in standing.names if name.endswith("_count")]
    assert len(counts) == 8
    assert {str(standing.field(name).type) for name in counts} == {"int64"}


def test_a_claim_that_was_replaced_and_not_looked_at_again_does_not_fall_away(tmp_path: Path) -> None:
    """Its replacement stands in the file, outside the audited period; once it is audited it proves to be in order."""
    old = [claim("A", "40.00"), claim("B", "35.00")]
    audit(tmp_path, "one", write_claims(tmp_path / "one.csv", *old), "2025-09-05")
    new = [*old, claim("A2", "0.00", frequency="7", original="A"), claim("BV", "35.00", frequency="8", original="B")]
    claims = write_claims(tmp_path / "two.csv", *new)
    for name, words in {
        "service": {"period_from": date(2025, 9, 1)},
        "paid": {"period_from": date(2025, 9, 1), "period_by": "paid"},
        "whole": {},
        "later": {"period_from": date(2025, 9, 1)},
    }.items():
        found = _statuses(audit(tmp_path, name, claims, "2025-10-05", **words))
        assert found["B"] == ("superseded", "its claim was voided")
        assert found["A"] == (
            ("superseded", "its claim was replaced, and the new claim has no such finding")
            if name in ("whole", "later")
            else ("not_seen", "its claim was replaced, and the new claim lies outside what was audited")
        )


def test_what_is_new_and_what_was_decided(story: Path) -> None:
    totals = ledger_tables.since_last_run(Run.open(story / "runs" / "three")).set_index("status")
    assert dict(totals["finding_count"]) == {
        "new": 0, "changed": 2, "open": 2, "closed": 2, "gone": 1, "superseded": 2, "not_seen": 1,
    }  # fmt: skip
    assert totals.loc["changed", "raised_again_count"] == 1
    row = ledger_tables.precision(Run.open(story / "runs" / "three")).iloc[0]
    assert (row["upheld_count"], row["overturned_count"], row["precision_share"]) == (1, 1, 0.5)
    assert (round(row["precision_low"], 3), round(row["precision_high"], 3)) == (0.095, 0.905)  # Wilson, 1 of 2


def test_a_rule_is_accepted_until_its_version_changes(story: Path) -> None:
    said = [
        ledger_tables.precision(Run.open(story / "runs" / name)).iloc[0]["validation"]
        for name in ("one", "two", "three")
    ]
    assert said == ["not yet validated here", "accepted", "not yet validated here"]


def test_a_run_recorded_twice_changes_nothing_and_a_disposition_holds_its_run(story: Path) -> None:
    with open_ledger(story / "runs" / "ledger.duckdb") as ledger:
        counts = [ledger.rows(f"select count(*) from ledger.{name}") for name in ("runs", "sightings", "statuses")]
        record_run(ledger, story / "runs" / "three")
        assert counts == [
            ledger.rows(f"select count(*) from ledger.{name}") for name in ("runs", "sightings", "statuses")
        ]
    assert [(hold.run, hold.is_automatic) for hold in holds(story / "runs") if hold.run == "one"] == [("one", True)]
    assert not is_on_hold(story / "runs" / "three")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"disposition": "refunded"}, "row 1, disposition should be 'records_requested'"),
        ({"disposition_date": "08/09/2025"}, "row 1, disposition_date must be a date"),
        ({"disposition_date": "2026-09-08"}, "row 1, disposition_date must not be later than"),
        (
            {"disposition_date": "2006-11-01"},
            "row 1, disposition_date must not be earlier than the first day",
        ),
        ({"finding_id": "0" * 16}, "row 1, finding_id is none that this ledger has seen"),
        ({"disposition": "recovered"}, "row 1, recovered_amount must be given"),
        ({"disposition": "recovered", "recovered_amount": "600.00"}, "row 1, recovered_amount makes more than"),
        ({"disposition": "recovered", "recovered_amount": "-600.00"}, "row 1, recovered_amount takes back more"),
        ({"recovered_amount": "5.00"}, "row 1, recovered_amount must be empty"),
        ({"user": ""}, "row 1, user"),
    ],
)
def test_one_wrong_row_records_nothing(story: Path, tmp_path: Path, change: dict[str, str], said: str) -> None:
    (finding,) = duckdb.sql(
        f"select finding_id from read_parquet('{story}/runs/three/findings.parquet') where claim_id = 'H'"
    ).fetchall()[0]
    row = {
        "finding_id": finding, "disposition": "upheld", "disposition_date": "2025-11-01", "case_number": "",
        "recovered_amount": "", "reason": "why", "user": "ann",
    }  # fmt: skip
    path = tmp_path / "d.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerows([{**row, **change}, row])
    with open_ledger(story / "runs" / "ledger.duckdb") as ledger:
        before = ledger.rows("select count(*) from ledger.dispositions")
        with pytest.raises(AuditError) as caught:
            import_dispositions(ledger, path, date(2025, 11, 5))
        assert ledger.rows("select count(*) from ledger.dispositions") == before
    assert said in caught.value.message
    assert caught.value.exit_code == 2


def test_a_list_of_findings_can_be_filled_in_but_its_own_reason_is_no_reviewers(story: Path, tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        listed = connection.read_parquet(str(story / "runs" / "three" / "findings.parquet")).filter("claim_id = 'H'")
        row = dict(zip(listed.columns, map(str, listed.fetchall()[0]), strict=True))
    cases = from_yaml((folder("sql") / "cases" / "cases.yml").read_text("utf-8"))
    row |= dict.fromkeys({*cases["findings"]["columns"]} - {*row}, "")
    row |= {"disposition": "upheld", "disposition_date": "2025-11-01", "recovered_amount": "", "user": "ann"}
    path = tmp_path / "findings.csv"

    def imported(filled: dict[str, str]) -> Imported:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(filled))
            writer.writeheader()
            writer.writerow(filled)
        with open_ledger(tmp_path / "ledger.duckdb") as ledger:
            return import_dispositions(ledger, path, date(2025, 11, 5))

    shutil.copy(story / "runs" / "ledger.duckdb", tmp_path)
    shutil.copytree(story / "runs" / "three", tmp_path / "three")
    with pytest.raises(AuditError, match="row 1, reason is the finding's own"):
        imported(row)
    assert imported({**row, "reason": "the contract says so"}).recorded_count == 1
