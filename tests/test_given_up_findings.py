"""What reviewers gave up under one rule and another still asks for on the same line is not told as closed."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from audit_lib.resources import folder
from tests.ledger_rows import Found, Told, dispose, tell


def _after(place: Path, findings: tuple[Found, ...], *dispositions: tuple[str, str, str]) -> Told:
    """Tell a run, what became of its findings, and the same run once more."""
    tell(place, "one", *findings)
    dispose(place, *dispositions)
    return tell(place, "two", *findings)


@pytest.mark.parametrize("given_up", ["overturned", "written_off"])
def test_another_rule_of_the_line_keeps_what_it_asks_for(tmp_path: Path, given_up: str) -> None:
    told = _after(tmp_path, (Found("x", "A", "100.00"), Found("y", "A", "80.00")), ("x A 2", given_up, ""))
    assert told.road == {
        "x A 2": {"identified": "20.00", given_up: "20.00"},
        "y A 2": {"identified": "80.00", "outstanding": "80.00"},
    }


def test_a_rule_without_dollars_of_its_own_takes_nothing_along(tmp_path: Path) -> None:
    told = _after(tmp_path, (Found("x", "A", "100.00"), Found("y", "A", "80.00")), ("y A 2", "overturned", ""))
    assert told.road == {"x A 2": {"identified": "100.00", "outstanding": "100.00"}, "y A 2": {}}


def test_of_two_that_still_stand_the_larger_then_the_first_rule_has_the_dollars(tmp_path: Path) -> None:
    larger = (Found("x", "A", "100.00"), Found("y", "A", "60.00"), Found("w", "A", "80.00"))
    equal = (Found("x", "B", "100.00"), Found("y", "B", "80.00"), Found("w", "B", "80.00"))
    place = [tmp_path / "larger", tmp_path / "equal"]
    for where, findings in zip(place, (larger, equal), strict=True):
        tell(where, "one", *findings, rules="x y w")
    dispose(place[0], ("x A 2", "overturned", ""))
    dispose(place[1], ("x B 2", "overturned", ""))
    assert tell(place[0], "two", *larger, rules="x y w").road == {
        "x A 2": {"identified": "20.00", "overturned": "20.00"},
        "y A 2": {},
        "w A 2": {"identified": "80.00", "outstanding": "80.00"},
    }
    assert tell(place[1], "two", *equal, rules="x y w").road == {
        "x B 2": {"identified": "20.00", "overturned": "20.00"},
        "y B 2": {"identified": "80.00", "outstanding": "80.00"},
        "w B 2": {},
    }


def test_a_line_of_which_every_finding_was_given_up_is_closed(tmp_path: Path) -> None:
    told = _after(
        tmp_path, (Found("x", "A", "100.00"), Found("y", "A", "80.00")),
        ("x A 2", "overturned", ""), ("y A 2", "written_off", ""),
    )  # fmt: skip
    assert told.road == {"x A 2": {"identified": "100.00", "overturned": "100.00"}, "y A 2": {}}


def test_what_was_recovered_is_not_asked_for_again_under_another_rule(tmp_path: Path) -> None:
    told = _after(tmp_path, (Found("x", "A", "100.00"), Found("y", "A", "80.00")), ("x A 2", "recovered", "100.00"))
    assert told.road == {"x A 2": {"identified": "100.00", "recovered": "100.00"}, "y A 2": {}}
    assert told.statuses["y A 2"] == "closed"


def test_what_was_recovered_in_part_before_the_rest_was_given_up_comes_off(tmp_path: Path) -> None:
    told = _after(
        tmp_path, (Found("x", "A", "100.00"), Found("y", "A", "80.00")),
        ("x A 2", "recovered", "50.00"), ("x A 2", "overturned", ""),
    )  # fmt: skip
    assert told.road == {
        "x A 2": {"identified": "20.00", "overturned": "20.00"},
        "y A 2": {"identified": "80.00", "recovered": "50.00", "outstanding": "30.00"},
    }


def test_a_lead_is_no_overpayment_and_does_not_take_over_its_dollars(tmp_path: Path) -> None:
    told = _after(
        tmp_path, (Found("x", "A", "100.00"), Found("y", "A", "100.00", outcome="review")), ("x A 2", "overturned", "")
    )
    assert told.road == {"x A 2": {"identified": "100.00", "overturned": "100.00"}, "y A 2": {}}


def test_a_larger_lead_does_not_stand_before_an_overpayment(tmp_path: Path) -> None:
    findings = (
        Found("x", "A", "100.00"), Found("y", "A", "80.00"), Found("w", "A", "110.00", outcome="review"),
    )  # fmt: skip
    told = _after(tmp_path, findings, ("x A 2", "overturned", ""))
    assert told.road == {
        "x A 2": {"identified": "20.00", "overturned": "20.00"},
        "y A 2": {"identified": "80.00", "outstanding": "80.00"},
        "w A 2": {"identified": "10.00", "outstanding": "10.00"},
    }


def test_dollars_stay_on_their_line_and_their_claim(tmp_path: Path) -> None:
    findings = (
        Found("x", "A", "100.00"), Found("y", "A", "80.00"), Found("y", "A", "90.00", line=3), Found("y", "B", "95.00"),
    )  # fmt: skip
    told = _after(tmp_path, findings, ("x A 2", "overturned", ""))
    assert told.road == {
        "x A 2": {"identified": "20.00", "overturned": "20.00"},
        "y A 2": {"identified": "80.00", "outstanding": "80.00"},
        "y A 3": {"identified": "90.00", "outstanding": "90.00"},
        "y B 2": {"identified": "95.00", "outstanding": "95.00"},
    }


def test_a_lead_takes_over_what_another_lead_added_to_the_overpayment(tmp_path: Path) -> None:
    """Of 100 under review 30 were overpaid already: y adds 40 of its 70 to them, or nothing of its 20."""
    findings = tuple(
        Found(rule, claim, amount, outcome=outcome)
        for claim, lead in (("A", "70.00"), ("B", "20.00"))
        for rule, amount, outcome in (("w", "30.00", "overpayment"), ("x", "100.00", "review"), ("y", lead, "review"))
    )
    told = _after(tmp_path, findings, ("x A 2", "overturned", ""), ("x B 2", "overturned", ""))
    assert {name: parts for name, parts in told.road.items() if not name.startswith("w")} == {
        "x A 2": {"identified": "30.00", "overturned": "30.00"},
        "y A 2": {"identified": "40.00", "outstanding": "40.00"},
        "x B 2": {"identified": "70.00", "overturned": "70.00"},
        "y B 2": {},
    }


def test_a_later_run_that_looks_at_neither_says_the_same(tmp_path: Path) -> None:
    _after(tmp_path, (Found("x", "A", "100.00"), Found("y", "A", "80.00")), ("x A 2", "overturned", ""))
    told = tell(tmp_path, "three", rules="z")
    assert told.road == {
        "x A 2": {"identified": "20.00", "overturned": "20.00"},
        "y A 2": {"identified": "80.00", "outstanding": "80.00"},
    }


@pytest.mark.parametrize("outcome", ["overpayment", "review"])
def test_an_earlier_finding_gives_up_all_that_this_run_has_on_the_line(tmp_path: Path, outcome: str) -> None:
    """Not 120 less 80, which the larger of the two asks for, but less the 100 of both."""
    tell(tmp_path, "zero", Found("z", "A", "120.00", outcome=outcome), rules="z")
    findings = (Found("x", "A", "100.00", outcome=outcome), Found("y", "A", "80.00", outcome=outcome))
    told = _after(tmp_path, findings, ("x A 2", "overturned", ""))
    assert told.road == {
        "x A 2": {"identified": "20.00", "overturned": "20.00"},
        "y A 2": {"identified": "80.00", "outstanding": "80.00"},
        "z A 2": {"identified": "20.00", "outstanding": "20.00"},
    }


@pytest.mark.parametrize("outcome", ["overpayment", "review"])
def test_of_findings_of_earlier_runs_each_gives_up_what_the_others_have(tmp_path: Path, outcome: str) -> None:
    for name, rule, amount in (("one", "x", "70.00"), ("two", "y", "80.00"), ("three", "z", "100.00")):
        tell(tmp_path, name, Found(rule, "A", amount, outcome=outcome), rules=rule)
    assert tell(tmp_path, "four", rules="w").road == {
        "z A 2": {"identified": "100.00", "outstanding": "100.00"},
        "y A 2": {},
        "x A 2": {},
    }


def test_recovered_dollars_stand_with_what_was_recovered_then_with_what_is_still_asked_for(tmp_path: Path) -> None:
    told = _after(
        tmp_path,
        (Found("x", "A", "100.00"), Found("y", "A", "30.00"), Found("x", "B", "100.00"), Found("y", "B", "30.00")),
        ("x A 2", "overturned", ""), ("y A 2", "recovered", "30.00"),
        ("x B 2", "written_off", ""), ("y B 2", "recovered", "10.00"),
    )  # fmt: skip
    assert told.road == {
        "x A 2": {"identified": "70.00", "overturned": "70.00"},
        "y A 2": {"identified": "30.00", "recovered": "30.00"},
        "x B 2": {"identified": "70.00", "written_off": "70.00"},
        "y B 2": {"identified": "30.00", "recovered": "10.00", "outstanding": "20.00"},
    }


def test_recovered_dollars_stand_with_an_overpayment_before_a_lead(tmp_path: Path) -> None:
    told = _after(
        tmp_path, (Found("x", "A", "100.00", outcome="review"), Found("y", "A", "30.00")),
        ("y A 2", "recovered", "30.00"), ("y A 2", "written_off", ""),
    )  # fmt: skip
    assert told.road == {
        "x A 2": {"identified": "70.00", "outstanding": "70.00"},
        "y A 2": {"identified": "30.00", "recovered": "30.00"},
    }


def test_a_finding_that_is_raised_again_has_its_dollars_again(tmp_path: Path) -> None:
    _after(tmp_path, (Found("x", "A", "100.00"), Found("y", "A", "80.00")), ("x A 2", "overturned", ""))
    told = tell(tmp_path, "three", Found("x", "A", "120.00"), Found("y", "A", "80.00"))
    assert told.statuses["x A 2"] == "changed"
    assert told.road == {"x A 2": {"identified": "120.00", "outstanding": "120.00"}, "y A 2": {}}


def test_a_disposition_of_a_later_day_stands_whichever_comes_in_first(tmp_path: Path) -> None:
    findings = (Found("x", "A", "10.00"), Found("x", "B", "10.00"))
    tell(tmp_path, "one", *findings)
    dispose(tmp_path, ("x A 2", "overturned", ""), ("x B 2", "noticed", ""), day="2025-10-05")
    dispose(tmp_path, ("x A 2", "noticed", ""), ("x B 2", "overturned", ""), day="2025-10-02")
    assert tell(tmp_path, "two", *findings).road == {
        "x A 2": {"identified": "10.00", "overturned": "10.00"},
        "x B 2": {"identified": "10.00", "outstanding": "10.00"},
    }


def test_a_lead_that_was_given_up_and_is_proven_now_is_raised_again(tmp_path: Path) -> None:
    tell(tmp_path, "one", Found("x", "A", "10.00", outcome="review"))
    dispose(tmp_path, ("x A 2", "overturned", ""))
    told = tell(tmp_path, "two", Found("x", "A", "10.00"))
    assert (told.statuses["x A 2"], told.reasons["x A 2"]) == ("changed", "closed before; the outcome changed")
    assert told.road == {"x A 2": {"identified": "10.00", "outstanding": "10.00"}}


# Dispositions of a finding in the order in which they came in, each with its day → the last verdict, the last of all.
DECIDED = {
    "a later day, whichever comes in first": (["05 overturned", "02 upheld"], ("overturned", "overturned")),
    "of a day what came in later": (["02 overturned", "02 upheld"], ("upheld", "upheld")),
    "no verdict ends another": (["02 upheld", "05 disputed"], ("upheld", "disputed")),
    "no verdict": (["05 noticed"], (None, "noticed")),
    "of a day the answer, not the dispute that led to it": (
        ["05 overturned", "05 disputed"],
        ("overturned", "overturned"),
    ),
    "and so if it came in last": (["05 disputed", "05 overturned"], ("overturned", "overturned")),
    "a dispute of a later day": (["05 upheld", "06 disputed"], ("upheld", "disputed")),
}


@pytest.mark.parametrize("name", DECIDED)
def test_the_verdict_of_a_finding_is_its_last(name: str) -> None:
    rows, expected = DECIDED[name]
    with duckdb.connect() as tables:
        tables.execute(
            """
            create table lineages as select 'A' as finding_id, 'A' as ancestor_id;
            create table dispositions (
                finding_id varchar, disposition_number bigint, disposition varchar, disposition_date date,
                recovered_amount decimal(18, 2), rule_version_then bigint, case_number varchar, outcome_then varchar,
                amount_then decimal(18, 2)
            )
            """
        )
        for number, (day, disposition) in enumerate(map(str.split, rows)):
            row = [number, disposition, f"2025-10-{day}"]
            tables.execute("insert into dispositions values ('A', ?, ?, ?, null, 1, '', 'overpayment', 9.00)", row)
        decided = tables.sql((folder("sql") / "ledger" / "finding_dispositions.sql").read_text("utf-8"))
        found = decided.project("verdict, last_disposition, recovered_amount").fetchall()
    assert [(verdict, last, str(amount)) for verdict, last, amount in found] == [(*expected, "0.00")]
