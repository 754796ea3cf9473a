"""A story month by month: what happened to each claim explains every figure of the third month."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from audit_lib.audit import RunOptions, run_audit
from audit_lib.errors import AuditError
from audit_lib.holds import is_on_hold
from audit_lib.ledger.dispositions import import_dispositions
from audit_lib.ledger.recording import record_run
from audit_lib.ledger.review_sample import import_verdicts, write_sample
from audit_lib.ledger.store import open_ledger
from audit_lib.progress import Progress
from audit_lib.reports import ledger_tables
from audit_lib.rules import Rule, load_rules, select_rules
from audit_lib.run import Run
from audit_lib.settings import Settings

COLUMNS = [
    "claim_id", "claim_line_number", "member_id", "claim_line_start_date", "hcpcs_code", "service_unit_quantity",
    "paid_amount", "billing_tin", "place_of_service_code", "paid_date", "claim_frequency_code", "original_claim_id",
    "line_of_business",
]  # fmt: skip
SUPPLY = "supply_with_per_diem"


def claim(
    name: str, supply: str, day: str = "2025-08-10", tin: str = "741000001", frequency: str = "1", original: str = ""
) -> list[list[str]]:
    """Return a claim of one member: a per diem, and a supply paid beside it (in several rows: 50.00,-5.00)."""
    tail = [tin, "12", "2025-08-20", frequency, original, "commercial"]
    member = f"M{(original or name)[0]}"
    rows = [[name, "1", member, day, "S9500", "1", "90.00", *tail]]
    for units, paid in zip("10000", supply.split(","), strict=False):
        rows.append([name, "2", member, day, "A4222", units, paid, *tail])
    return rows


def _file(path: Path, *claims: list[list[str]]) -> str:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([COLUMNS, *(row for rows in claims for row in rows)])
    return str(path)


def _run(place: Path, name: str, claims: str, as_of: str, **options: Any) -> Path:
    settings = Settings.model_validate(options.pop("settings", {}))
    asked = RunOptions(
        claims, place / "runs", rules=[SUPPLY], settings=settings, run_id=name, with_reports=False,
        as_of=date.fromisoformat(as_of), ledger=place / "runs" / "ledger.duckdb", **options,
    )  # fmt: skip
    return run_audit(asked, Progress(is_quiet=True)).path


def _statuses(run: Path) -> dict[str, tuple[str, str]]:
    rows = duckdb.sql(
        f"select claim_id, status, status_reason from read_parquet('{run}/finding_status.parquet') order by claim_id"
    ).fetchall()
    return {str(name): (str(status), str(reason)) for name, status, reason in rows}


def _dispositions(place: Path, run: Path, name: str, *rows: tuple[str, str, str, str]) -> Path:
    """Write a file as reviewers fill it in; each row: claim, disposition, date, recovered amount."""
    ids = dict(duckdb.sql(f"select claim_id, finding_id from read_parquet('{run}/findings.parquet')").fetchall())
    path = place / name
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["finding_id", "disposition", "disposition_date", "case_number", "recovered_amount", "reason", "user"]
        )
        writer.writerows([ids[c], d, day, f"C-{c}", amount, "as reviewed", "ann"] for c, d, day, amount in rows)
    return path


def _import(place: Path, path: Path, as_of: str) -> Any:
    with open_ledger(place / "runs" / "ledger.duckdb") as ledger:
        return import_dispositions(ledger, path, date.fromisoformat(as_of))


def _judge_all(place: Path, run: Path) -> None:
    """Let a reviewer agree with every line of a sample."""
    from openpyxl import load_workbook

    write_sample(Run.open(run), 30, 7, place / "sample.xlsx")
    book = load_workbook(place / "sample.xlsx")
    sheet = book.active
    header = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        row[header.index("verdict")].value = "agree"
        row[header.index("verdict_date")].value = date(2025, 9, 10)
        row[header.index("user")].value = "bo"
    book.save(place / "filled.xlsx")
    with open_ledger(place / "runs" / "ledger.duckdb") as ledger:
        done = import_verdicts(ledger, place / "filled.xlsx", date(2025, 9, 11))
        again = import_verdicts(ledger, place / "filled.xlsx", date(2025, 9, 11))
    assert (done.recorded_count, again.recorded_count) == (sheet.max_row - 1, 0)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three months: a place with runs one, two and three."""
    place = tmp_path_factory.mktemp("story")
    base = {
        "A": claim("A", "40.00"), "B": claim("B", "35.00"), "C": claim("C", "30.00"),
        "D": claim("D", "25.00", tin="742000002"), "E": claim("E", "15.00"), "F": claim("F", "12.00", "2025-07-20"),
        "G": claim("G", "50.00"), "K": claim("K", "22.00"),
    }  # fmt: skip
    one = _run(place, "one", _file(place / "one.csv", *base.values()), "2025-09-05")
    _judge_all(place, one)
    first = _dispositions(
        place, one, "first.csv",
        ("A", "noticed", "2025-09-06", ""), ("A", "upheld", "2025-09-08", ""),
        ("A", "recovered", "2025-09-09", "40.00"),
        ("B", "disputed", "2025-09-08", ""), ("B", "overturned", "2025-09-09", ""),
        ("C", "noticed", "2025-09-06", ""), ("K", "written_off", "2025-09-09", ""),
        ("G", "recovered", "2025-09-09", "10.00"),
    )  # fmt: skip
    imported = _import(place, first, "2025-09-10")
    again = _import(place, first, "2025-09-10")
    assert (imported.recorded_count, again.recorded_count, again.known_count) == (8, 0, 8)
    # Month two: C is replaced and costs less, D is exempt by contract, H is new.
    (place / "overrides.csv").write_text(
        "provider_id,rule,hcpcs_code,date_from,date_to,action,note,approved_by\n"
        f"742000002,{SUPPLY},,2025-08-01,2025-08-31,exempt,contract 7,Ann\n",
        "utf-8",
    )
    base |= {"C2": claim("C2", "20.00", frequency="7", original="C"), "H": claim("H", "60.00")}
    settings: dict[str, Any] = {"overrides": str(place / "overrides.csv")}
    _run(place, "two", _file(place / "two.csv", *base.values()), "2025-10-05", settings=settings)
    # Month three: B's line is adjusted, E is voided, G is adjusted, F falls out of the window, a lookback passes, and
    # the rule has another version.
    base |= {
        "B": claim("B", "35.00,-2.00"), "EV": claim("EV", "15.00", frequency="8", original="E"),
        "G": claim("G", "50.00,-5.00"),
    }  # fmt: skip
    (place / "lookback.csv").write_text(
        "line_of_business,state,months,counted_from,exempt_rules,citation\ncommercial,,2,paid,,Agreement 4.2\n", "utf-8"
    )
    settings["lookback_limits"] = str(place / "lookback.csv")
    with pytest.MonkeyPatch.context() as patch:
        _raise_version(patch)
        _run(
            place, "three", _file(place / "three.csv", *base.values()), "2025-11-05",
            settings=settings, period_from=date(2025, 8, 1),
        )  # fmt: skip
    return place


def _raise_version(patch: pytest.MonkeyPatch) -> None:
    """Let the run find its rule with the next version."""

    def raised(*words: Any) -> list[Rule]:
        return [
            replace(rule, metadata=rule.metadata.model_copy(update={"version": rule.metadata.version + 1}))
            for rule in select_rules(*words)
        ]

    patch.setattr("audit_lib.audit.select_rules", raised)


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
    assert is_on_hold(story / "runs" / "one")
    assert not is_on_hold(story / "runs" / "three")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"disposition": "refunded"}, "row 1, disposition should be 'records_requested'"),
        ({"disposition_date": "08/09/2025"}, "row 1, disposition_date must be a date"),
        ({"disposition_date": "2026-09-08"}, "row 1, disposition_date must not be later than"),
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
