"""One dollar of a line is claimed once and recovered once, over runs, rules and replacements of its claim."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from audit_lib.errors import AuditError
from audit_lib.ledger.store import open_ledger
from audit_lib.resources import folder
from tests.ledger_rows import Found, dispose, tell


def test_a_rule_that_takes_over_a_line_takes_over_its_dollars(tmp_path: Path) -> None:
    tell(tmp_path, "one", Found("x", "A", "10.00"), Found("x", "B", "10.00"))
    dispose(tmp_path, ("x A 2", "recovered", "7.00"))
    told = tell(tmp_path, "two", Found("y", "A", "6.00"), rules="y")
    assert told.statuses == {"x A 2": "not_seen", "y A 2": "closed", "x B 2": "not_seen"}
    assert told.road == {
        "y A 2": {"identified": "6.00", "recovered": "6.00"},  # seen first: it has the line's first recovered dollars
        "x A 2": {"identified": "4.00", "recovered": "1.00", "outstanding": "3.00"},
        "x B 2": {"identified": "10.00", "outstanding": "10.00"},
    }


def test_what_fell_away_under_one_rule_is_not_what_another_claims_now(tmp_path: Path) -> None:
    tell(tmp_path, "one", Found("x", "A", "10.00"), Found("y", "A", "6.00"))
    told = tell(tmp_path, "two", Found("y", "A", "6.00"), others=(("x", "A", 2, "pass", "in order"),))
    assert told.road == {
        "x A 2": {"identified": "4.00", "fell_away": "4.00"},
        "y A 2": {"identified": "6.00", "outstanding": "6.00"},
    }


def test_findings_that_were_not_seen_again_share_a_line_too(tmp_path: Path) -> None:
    tell(tmp_path, "one", Found("x", "A", "10.00"), rules="x")
    tell(tmp_path, "two", Found("y", "A", "12.00"), rules="y")
    told = tell(tmp_path, "three", rules="z")
    assert told.road == {"x A 2": {}, "y A 2": {"identified": "12.00", "outstanding": "12.00"}}
    told = tell(tmp_path, "four", rules="y", others=(("y", "A", 2, "pass", "in order"),))
    # Nobody refuted x: its dollars are not in order because another rule's finding fell away.
    assert told.road == {
        "x A 2": {"identified": "10.00", "outstanding": "10.00"},
        "y A 2": {"identified": "2.00", "fell_away": "2.00"},
    }


def test_two_recoveries_in_part_that_cover_a_line_close_its_findings(tmp_path: Path) -> None:
    lines = (Found("x", "A", "40.00"), Found("y", "A", "40.00"), Found("x", "B", "40.00"), Found("y", "B", "40.00"))
    tell(tmp_path, "one", *lines)
    dispose(
        tmp_path,
        ("x A 2", "recovered", "10.00"), ("y A 2", "recovered", "30.00"),
        ("x B 2", "recovered", "10.00"), ("y B 2", "recovered", "29.99"),
    )  # fmt: skip
    told = tell(tmp_path, "two", *lines)
    assert told.statuses == {"x A 2": "closed", "y A 2": "closed", "x B 2": "open", "y B 2": "open"}
    assert told.reasons["x A 2"] == "closed: its line was recovered in full, in part under another rule or claim"
    assert (told.total("recovered"), told.total("identified")) == (Decimal("79.99"), Decimal("80.00"))
    assert told.total("outstanding") == Decimal("0.01")


def test_a_recovery_taken_back_in_part_leaves_the_line_open(tmp_path: Path) -> None:
    lines = (Found("x", "A", "40.00"), Found("y", "A", "40.00"))
    tell(tmp_path, "one", *lines)
    dispose(tmp_path, ("x A 2", "recovered", "10.00"), ("y A 2", "recovered", "30.00"))
    dispose(tmp_path, ("x A 2", "recovered", "-10.00"))
    told = tell(tmp_path, "two", *lines)
    assert set(told.statuses.values()) == {"open"}
    assert (told.total("recovered"), told.total("outstanding")) == (Decimal("30.00"), Decimal("10.00"))


def test_a_recovered_line_is_demanded_again_only_beyond_what_was_recovered(tmp_path: Path) -> None:
    tell(tmp_path, "one", Found("x", "A", "40.00"), Found("x", "B", "40.00"))
    dispose(tmp_path, ("x A 2", "recovered", "40.00"), ("x B 2", "recovered", "40.00"))
    told = tell(tmp_path, "two", Found("x", "A", "30.00"), Found("x", "B", "50.00"))
    assert told.statuses == {"x A 2": "closed", "x B 2": "changed"}
    assert [row["is_raised_again"] for row in told.rows] == [False, True]
    assert told.road["x B 2"] == {"identified": "50.00", "recovered": "40.00", "outstanding": "10.00"}
    told = tell(tmp_path, "three", rules="y")  # what was raised again is still so where nobody looks
    assert told.statuses == {"x A 2": "closed", "x B 2": "not_seen"}
    assert told.road["x B 2"] == {"identified": "50.00", "recovered": "40.00", "outstanding": "10.00"}


def test_a_line_that_the_member_alone_paid_is_not_recovered_because_nothing_was(tmp_path: Path) -> None:
    tell(tmp_path, "one", Found("x", "A", "0.00"))
    assert tell(tmp_path, "two", Found("x", "A", "0.00")).statuses == {"x A 2": "open"}


def test_leads_of_a_recovered_line_are_recovered_with_it(tmp_path: Path) -> None:
    lines = (Found("x", "A", "30.00"), Found("y", "A", "40.00", outcome="review"))
    tell(tmp_path, "one", *lines)
    dispose(tmp_path, ("x A 2", "recovered", "30.00"), ("y A 2", "recovered", "10.00"))
    told = tell(tmp_path, "two", *lines)
    assert told.road == {
        "x A 2": {"identified": "30.00", "recovered": "30.00"},
        "y A 2": {"identified": "10.00", "recovered": "10.00"},
    }


@pytest.mark.parametrize(
    ("run", "status", "reason"),
    [
        # Audited: the rule ran, and the new claim lies in the period.
        ({"others": (("x", "A2", 2, "pass", "in order"),), "is_in_period": True},
         "superseded", "its claim was replaced, and the new claim has no such finding"),
        ({"is_in_period": True}, "superseded", "its claim was replaced, and the new claim has no such finding"),
        ({"is_voided": True}, "superseded", "its claim was voided"),
        ({"is_voided": True, "rules": "y"}, "superseded", "its claim was voided"),
        # Not audited: nobody can tell.
        ({"is_in_period": True, "rules": "y"}, "not_seen", "its claim was replaced, and its rule was not run"),
        ({"period": ("2025-09-01", "2025-09-30")},
         "not_seen", "its claim was replaced, and the new claim lies outside what was audited"),
        ({"period": ("2025-09-01", "2025-09-30"), "is_in_period": True},  # other lines of it are inside
         "not_seen", "its claim was replaced, and the new claim lies outside what was audited"),
        ({"period": ("2025-08-01", "2025-08-31"), "by": "paid"},  # paid again in October
         "not_seen", "its claim was replaced, and the new claim lies outside what was audited"),
        ({"period": ("2025-10-01", "2025-10-31"), "by": "paid", "is_in_period": True},
         "superseded", "its claim was replaced, and the new claim has no such finding"),
        ({"others": (("x", "A2", 2, "not_evaluable", "place is missing"),), "is_in_period": True}, "not_seen",
         "its claim was replaced, and the rule could not be evaluated on the new claim: place is missing"),
        ({"others": (("x", "A2", 2, "overpayment", "why"),), "is_in_period": True}, "not_seen",
         "its claim was replaced, and the new claim is below the least amount that is reported"),
        ({"others": (("x", "A2", 2, "review", "why"),), "is_in_period": True}, "not_seen",
         "its claim was replaced, and the new claim is below the least amount that is reported"),
        # The day was corrected into the period.
        ({"others": (("x", "A2", 2, "pass", "in order"),), "period": ("2025-09-01", "2025-09-30"),
          "is_in_period": True}, "superseded", "its claim was replaced, and the new claim has no such finding"),
    ],
)  # fmt: skip
def test_a_replaced_claim_falls_away_only_where_its_replacement_was_audited(
    tmp_path: Path, run: dict[str, object], status: str, reason: str
) -> None:
    tell(tmp_path, "one", Found("x", "A", "10.00"))
    link = ("A", "A2", run.pop("is_voided", False), run.pop("is_in_period", False))
    told = tell(tmp_path, "two", replaced=(link,), **run)  # type: ignore[arg-type]
    assert (told.statuses["x A 2"], told.reasons["x A 2"]) == (status, reason)
    part = "fell_away" if status == "superseded" else "outstanding"
    assert told.road["x A 2"] == {"identified": "10.00", part: "10.00"}


def test_what_was_superseded_stays_so_and_what_could_not_be_told_is_told_later(tmp_path: Path) -> None:
    tell(tmp_path, "one", Found("x", "A", "10.00"))
    month = {"period": ("2025-09-01", "2025-09-30")}
    link = (("A", "A2", False, False),)
    assert tell(tmp_path, "two", replaced=link, **month).statuses["x A 2"] == "not_seen"  # type: ignore[arg-type]
    assert tell(tmp_path, "three", replaced=(("A", "A2", False, True),)).statuses["x A 2"] == "superseded"
    told = tell(tmp_path, "four", replaced=link, rules="y", **month)  # type: ignore[arg-type]
    assert (told.statuses["x A 2"], told.reasons["x A 2"]) == (
        "superseded", "its claim was replaced, and the new claim has no such finding",
    )  # fmt: skip


def test_what_was_gone_before_its_claim_was_replaced_stays_gone(tmp_path: Path) -> None:
    tell(tmp_path, "one", Found("x", "A", "10.00"))
    tell(tmp_path, "two", others=(("x", "A", 2, "pass", "in order"),))
    told = tell(tmp_path, "three", replaced=(("A", "A2", False, False),), rules="y")
    assert (told.statuses["x A 2"], told.reasons["x A 2"]) == ("gone", "now pass: in order")


def test_a_recovery_on_the_old_claim_is_recovered_on_the_new_one_under_any_rule(tmp_path: Path) -> None:
    """The rule that named the line passes on the new claim and another one names it there."""
    other_line = {"amount": "25.00", "line": 3, "code": "A4221"}
    old = (Found("x", "A", "10.00"), Found("x", "B", "10.00"), Found("x", "B", **other_line))  # type: ignore[arg-type]
    tell(tmp_path, "one", *old)
    dispose(tmp_path, ("x A 2", "recovered", "10.00"), ("x B 2", "recovered", "4.00"))
    links = (("A", "A2", False, True), ("B", "B2", False, True))
    told = tell(
        tmp_path, "two", Found("y", "A2", "10.00"), Found("y", "B2", "10.00"),
        Found("x", "B2", **other_line),  # type: ignore[arg-type]
        others=(("x", "A2", 2, "pass", "in order"), ("x", "B2", 2, "pass", "in order")), replaced=links,
    )  # fmt: skip
    assert told.statuses == {
        "x A 2": "closed", "y A2 2": "closed", "x B 2": "superseded", "y B2 2": "new", "x B 3": "superseded",
        "x B2 3": "open",
    }  # fmt: skip
    assert told.reasons["y A2 2"] == "closed: the dollars of its line were recovered under another rule or claim"
    assert told.road == {
        "x A 2": {}, "y A2 2": {"identified": "10.00", "recovered": "10.00"},
        "x B 2": {}, "y B2 2": {"identified": "10.00", "recovered": "4.00", "outstanding": "6.00"},
        "x B2 3": {"identified": "25.00", "outstanding": "25.00"},  # another line of the claim: nothing came back
    }  # fmt: skip


def test_a_recovery_on_the_new_claim_holds_for_the_old_one_seen_again(tmp_path: Path) -> None:
    tell(tmp_path, "one", Found("x", "A", "10.00"))
    tell(tmp_path, "two", Found("x", "A2", "10.00"), replaced=(("A", "A2", False, True),))
    dispose(tmp_path, ("x A2 2", "recovered", "10.00"))
    told = tell(tmp_path, "three", Found("x", "A", "10.00"))  # a file that lacks the replacement
    assert told.statuses == {"x A 2": "closed", "x A2 2": "closed"}
    assert (told.total("identified"), told.total("recovered")) == (Decimal("10.00"), Decimal("10.00"))


def test_a_chain_of_replacements_recovers_its_dollars_once(tmp_path: Path) -> None:
    """The second version has another code, so that the third goes on with the first and the second with it by line."""
    tell(tmp_path, "one", Found("x", "A", "10.00"))
    dispose(tmp_path, ("x A 2", "recovered", "10.00"))
    tell(tmp_path, "two", Found("x", "B", "10.00", code="A4223"), replaced=(("A", "B", False, True),))
    links = (("A", "B", False, True), ("B", "C", False, True))
    told = tell(tmp_path, "three", Found("x", "C", "10.00", line=4), replaced=links)
    assert (told.total("identified"), told.total("recovered")) == (Decimal("10.00"), Decimal("10.00"))
    assert told.statuses["x C 4"] == "closed"


def test_two_lines_of_a_claim_keep_their_recoveries_apart(tmp_path: Path) -> None:
    old = (Found("x", "A", "10.00", line=2), Found("x", "A", "10.00", line=3), Found("y", "A", "10.00", line=3))
    tell(tmp_path, "one", *old)
    dispose(tmp_path, ("y A 3", "recovered", "10.00"))
    new = (Found("x", "B", "10.00", line=2), Found("x", "B", "10.00", line=3))
    told = tell(tmp_path, "two", *new, replaced=(("A", "B", False, True),))
    assert (told.statuses["x B 2"], told.statuses["x B 3"]) == ("open", "closed")
    assert (told.total("identified"), told.total("recovered")) == (Decimal("20.00"), Decimal("10.00"))


def test_a_link_that_comes_back_is_recorded_again(tmp_path: Path) -> None:
    tell(tmp_path, "zero", Found("x", "A", "10.00"))
    for run, claim in (("one", "B"), ("two", "C"), ("three", "B"), ("four", "B")):
        tell(tmp_path, run, Found("x", claim, "10.00"), replaced=(("A", claim, False, True),))
    with open_ledger(tmp_path / "ledger.duckdb") as ledger:
        links = ledger.rows("select replaced_by_claim_id from ledger.claim_replacements order by run_number")
    assert links == [("B",), ("C",), ("B",)]


def test_no_more_is_recovered_over_a_replacement_than_was_in_question(tmp_path: Path) -> None:
    tell(tmp_path, "one", Found("x", "A", "10.00"))
    tell(tmp_path, "two", Found("x", "A2", "12.00"), replaced=(("A", "A2", False, True),))
    dispose(tmp_path, ("x A 2", "recovered", "10.00"))
    with pytest.raises(AuditError, match="makes more than was ever in question"):
        dispose(tmp_path, ("x A2 2", "recovered", "10.00"))
    dispose(tmp_path, ("x A2 2", "recovered", "2.00"))
    dispose(tmp_path, ("x A2 2", "recovered", "-12.00"))  # taken back on the claim that stands
    with pytest.raises(AuditError, match="takes back more"):
        dispose(tmp_path, ("x A 2", "recovered", "-1.00"))


def test_a_case_gives_up_what_another_rule_claims_on_the_replacement() -> None:
    """A is not looked at again; its replacement is, by another rule: no dollar stands in two cases."""
    with duckdb.connect() as files:
        files.execute("""
            create table exported_rows as
            select 'f' || claim_id as finding_id, true as is_open, claim_id, 2 as claim_line_number,
                10.00 as net_overpaid_amount, 10.00 as contingent_overpaid_amount, 0.00 as net_review_amount,
                'x' as row_sha256, 10.00 as seen_net_overpaid_amount, 0.00 as seen_net_review_amount
            from (values ('A'), ('B')) as claims (claim_id);
            create table finding_status as
            select finding_id, 'not_seen' as status, '' as status_reason, 'A2' as standing_claim_id,
                3 as standing_claim_line_number
            from exported_rows where claim_id = 'A';
            create table findings (finding_id varchar);
            create table line_exposure as
            select 'A2' as claim_id, 3 as claim_line_number, 6.00 as net_overpaid_amount, 0.00 as net_review_amount;
        """)
        files.sql((folder("sql") / "cases" / "unseen_rows.sql").read_text("utf-8")).create("unseen_rows")
        rows = files.sql(
            "select claim_id, is_open, is_changed, net_overpaid_amount, contingent_overpaid_amount from unseen_rows "
            "order by claim_id"
        ).fetchall()
    assert rows == [
        ("A", True, True, Decimal("4.00"), Decimal("4.00")), ("B", True, False, Decimal("10.00"), Decimal("10.00")),
    ]  # fmt: skip


def test_the_status_file_has_the_same_bytes_every_time(tmp_path: Path) -> None:
    for place in (tmp_path / "a", tmp_path / "b"):
        tell(place, "one", Found("x", "A", "10.00"), Found("y", "A", "10.00"), Found("x", "A", "5.00", line=3))
        dispose(place, ("x A 2", "recovered", "4.00"))
        links = (("A", "B", False, True),)
        tell(place, "two", Found("y", "B", "10.00"), Found("y", "B", "5.00", line=3), replaced=links)
    files = [(tmp_path / name / "two" / "finding_status.parquet").read_bytes() for name in "ab"]
    assert files[0] == files[1]


@pytest.mark.parametrize(
    ("period", "by", "reason"),
    [
        ((None, None), "paid", "its line was not among those that the rule considered"),
        (("2025-10-01", None), "paid", "its line has no paid date, and the period is one of paid dates"),
        (("2025-10-01", None), "service", "its line is outside the audited period"),
    ],
)
def test_a_finding_without_a_paid_date_is_outside_no_period_that_was_not_asked(
    tmp_path: Path, period: tuple[str | None, str | None], by: str, reason: str
) -> None:
    tell(tmp_path, "one", Found("x", "A", "10.00", paid=None), period=(None, None), by=by)
    told = tell(tmp_path, "two", period=period, by=by)
    assert (told.statuses["x A 2"], told.reasons["x A 2"]) == ("not_seen", reason)


@pytest.mark.parametrize("outcome", ["pass", "excepted", "not_in_force"])
def test_what_its_rule_answers_otherwise_falls_away(tmp_path: Path, outcome: str) -> None:
    tell(tmp_path, "one", Found("x", "A", "10.00"))
    told = tell(tmp_path, "two", others=(("x", "A", 2, outcome, "why"),))
    assert (told.statuses["x A 2"], told.reasons["x A 2"]) == ("gone", f"now {outcome.replace('_', ' ')}: why")
    assert told.road == {"x A 2": {"identified": "10.00", "fell_away": "10.00"}}
