"""What changes the answers of rules: windows, payer gates, overrides, shared claim ids, least amounts, periods."""

from __future__ import annotations

import pytest

from tests.hand_made import drawn, exposure

ONE = "claim_id | paid_amount\nA | 100.00"
NOTHING_LEFT = "more_was_taken_back_on_this_line_than_the_plan_paid"
NETS = "net_overpaid_amount, net_review_amount, overpaid_rule, review_rule, contingent_overpaid_amount, rules"

# The line's from date, group A or B, what was decided → outcome, amount, what changed it.
WINDOWS = {
    ("2019-03-07", "r1", "overpayment"): "not_in_force 0.00 window",
    ("2019-03-07", "r1", "pass"): "not_in_force 0.00 window",
    ("2019-03-07", "r1", "not_in_force"): "not_in_force 0.00 -",
    ("2019-03-08", "r1", "overpayment"): "review 5.00 window",
    ("2019-03-08", "r1", "review"): "review 5.00 -",
    ("2025-07-17", "r1", "overpayment"): "review 5.00 window",
    ("2025-07-17", "r1", "excepted"): "excepted 0.00 -",
    ("2025-07-18", "r1", "overpayment"): "overpayment 5.00 -",
    ("2025-04-10", "r3", "review"): "not_in_force 0.00 window",
    ("2025-04-11", "r3", "overpayment"): "review 5.00 window",
    ("2025-07-18", "r3", "overpayment"): "overpayment 5.00 -",
}
REASONS = {
    "2019-03-07": "the_service_came_before_the_provision",
    "2019-03-08": "why;_the_policy_text_then_in_force_is_not_on_file",
    "2025-07-18": "why",
}


@pytest.mark.parametrize("case", WINDOWS, ids=" ".join)
def test_in_force_windows(case: tuple[str, str, str]) -> None:
    day, rule, outcome = case
    lines, answers = f"claim_line_start_date\n{day}", f"rule | outcome | amount\n{rule} | {outcome} | 5.00"
    connection = exposure(lines, answers)
    assert drawn(connection, "line_outcomes", "outcome, amount, changed_by") == [WINDOWS[case]]
    assumed = exposure(lines, answers, is_assumed_in_force="true")
    amount = "5.00" if outcome in ("overpayment", "review") else "0.00"
    assert drawn(assumed, "line_outcomes", "outcome, amount, changed_by") == [f"{outcome} {amount} -"]


@pytest.mark.parametrize("day", REASONS)
def test_the_reason_says_which_window_decided(day: str) -> None:
    connection = exposure(f"claim_line_start_date\n{day}", "amount\n5.00", wanted=["line_outcomes"])
    assert drawn(connection, "line_outcomes", "reason") == [REASONS[day]]


UNCHANGED = ["overpayment -", "review -", "pass -"]
EXEMPT = ["excepted override:1", "excepted override:1", "pass -"]
Override = dict[str, str]
# The line, overrides, review-only rules → outcome and what changed it, for an overpayment, a review, a pass.
CHANGES: dict[str, tuple[str, list[Override], list[str], list[str]]] = {
    "self-funded": ("is_self_funded\ntrue", [], [], ["review self_funded", "review -", "pass -"]),
    "another payer": ("has_other_payer\ntrue", [], [], ["review secondary_payer", "review -", "pass -"]),
    "both": ("is_self_funded | has_other_payer\ntrue | true", [], [], ["review self_funded", "review -", "pass -"]),
    "review only": (ONE, [], ["r1"], ["review review_only", "review -", "pass -"]),
    "another rule is review only": (ONE, [], ["r2"], UNCHANGED),
    "exempt": (ONE, [{}], [], EXEMPT),
    "to review": (ONE, [{"action": "review"}], [], ["review override:1", "review -", "pass -"]),
    "exempt before review": (
        ONE, [{"action": "review"}, {}], [], ["excepted override:2", "excepted override:2", "pass -"],
    ),
    "the first of equals": (ONE, [{}, {}], [], EXEMPT),
    "exempt after a payer gate": ("is_self_funded\ntrue", [{}], [], EXEMPT),
    "to review after a payer gate": (
        "is_self_funded\ntrue", [{"action": "review"}], [], ["review self_funded", "review -", "pass -"],
    ),
    "another provider": (ONE, [{"provider_id": "q"}], [], UNCHANGED),
    "another rule": (ONE, [{"rule": "r2"}], [], UNCHANGED),
    "its code": (ONE, [{"hcpcs_code": "A4222"}], [], EXEMPT),
    "another code": (ONE, [{"hcpcs_code": "A4223"}], [], UNCHANGED),
    "its first and last day": (ONE, [{"date_from": "2025-08-01", "date_to": "2025-08-01"}], [], EXEMPT),
    "a day too late": (ONE, [{"date_from": "2025-08-02"}], [], UNCHANGED),
    "a day too early": (ONE, [{"date_to": "2025-07-31"}], [], UNCHANGED),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_what_changes_a_decision(name: str) -> None:
    line, overrides, review_only, expected = CHANGES[name]
    for outcome, answer in zip(("overpayment", "review", "pass"), expected, strict=True):
        connection = exposure(line, f"outcome | amount\n{outcome} | 5.00", overrides, review_only, ["line_outcomes"])
        assert drawn(connection, "line_outcomes", "outcome, changed_by, decided_outcome") == [f"{answer} {outcome}"]


def test_each_rule_of_a_line_has_the_override_of_its_own() -> None:
    answers = "rule | outcome | amount\nr1 | overpayment | 5.00\nr3 | overpayment | 7.00"
    connection = exposure(ONE, answers, [{}, {"rule": "r3"}], wanted=["line_outcomes"])
    found = drawn(connection, "line_outcomes", "rule, outcome, changed_by")
    assert found == ["r1 excepted override:1", "r3 excepted override:2"]


UNTOLD = "claim_id:_one_of_the_member's_stands_for_paid_claims_of_another_member_too"
# The line's day → what becomes of an overpayment, a review, a pass of the claim that two members share and of another.
SHARED = {
    "2025-08-01": ("not_evaluable shared_claim_id", ["not_evaluable shared_claim_id"] * 2 + ["pass -"]),
    "2025-07-17": ("not_evaluable shared_claim_id", ["not_evaluable shared_claim_id"] * 2 + ["pass -"]),
    "2019-03-07": ("not_in_force window", ["not_in_force window"] * 3),
}


@pytest.mark.parametrize("day", SHARED)
def test_nothing_is_found_on_or_by_a_claim_id_that_two_members_share(day: str) -> None:
    """What any of its members is told to owe may rest on it; an exemption has nothing left to free."""
    own, others = SHARED[day]
    drawn_lines = [f"A | m | {day}", f"B | m | {day}", f"C | n | {day}", "D | o | 2025-08-01"]
    lines = "\n".join(["claim_id | member_id | claim_line_start_date", *drawn_lines])
    for outcome, other in zip(("overpayment", "review", "pass"), others, strict=True):
        answers = "\n".join(["claim_id | outcome | amount", *(f"{claim} | {outcome} | 5.00" for claim in "ABCD")])
        connection = exposure(lines, answers, [{}], wanted=["line_outcomes"], shared=[("A", "m"), ("A", "n")])
        assert drawn(connection, "line_outcomes", "outcome, changed_by, decided_outcome", "claim_id") == [
            f"{own} {outcome}", f"{other} {outcome}", f"{other} {outcome}",
            f"{EXEMPT[('overpayment', 'review', 'pass').index(outcome)]} {outcome}",
        ]  # fmt: skip
        if day != "2019-03-07":
            assert drawn(connection, "line_outcomes where claim_id = 'A'", "amount, reason") == [f"0.00 {UNTOLD}"]


def test_what_a_rule_could_not_tell_itself_is_not_untold_for_the_shared_claim_id() -> None:
    lines = "claim_id | member_id\nA | m"
    connection = exposure(lines, "outcome\nnot_evaluable", wanted=["line_outcomes"], shared=[("A", "m"), ("A", "n")])
    assert drawn(connection, "line_outcomes", "outcome, changed_by, reason") == ["not_evaluable - why"]


def test_a_member_of_two_shared_claim_ids_is_answered_once_for_each_line() -> None:
    shared = [(claim, member) for claim in "AB" for member in "mn"]
    lines, answers = "claim_id\nA\nB\nC", "claim_id | amount\nA | 5.00\nB | 5.00\nC | 5.00"
    connection = exposure(lines, answers, wanted=["line_outcomes"], shared=shared)
    assert drawn(connection, "line_outcomes", "claim_id, outcome") == [f"{claim} not_evaluable" for claim in "ABC"]


def test_least_amounts_are_counted_but_not_reported() -> None:
    answers = "rule | outcome | amount\nr1 | overpayment | 9.99\nr2 | review | 10.00\nr3 | overpayment | 10.00"
    connection = exposure(ONE, answers, minimum_amount="cast(10 as decimal(18, 2))")
    assert drawn(connection, "findings", "rule, amount") == ["r2 10.00", "r3 10.00"]
    assert drawn(connection, "rule_outcomes", "rule, outcome, line_count, amount") == [
        "r1 overpayment 1 9.99",
        "r2 review 1 10.00",
        "r3 overpayment 1 10.00",
    ]
    assert drawn(connection, "line_exposure", NETS) == ["10.00 0.00 r3 r2 0.00 r2,r3"]


# What was paid and a rule's answer, where less than nothing is left of what was paid → what becomes of it.
BELOW_NOTHING = {
    "a line that was paid": ("0.01", "overpayment | 0.01", "overpayment 0.01 why"),
    "paid by the member alone: a finding of 0.00": ("0.00", "overpayment | 0.00", "overpayment 0.00 why"),
    "an overpayment": ("-0.01", "overpayment | 0.00", f"excepted 0.00 {NOTHING_LEFT}"),
    "a lead": ("-40.00", "review | 0.00", f"excepted 0.00 {NOTHING_LEFT}"),
    "in order before": ("-40.00", "pass | 0.00", "pass 0.00 why"),
    "could not tell before": ("-40.00", "not_evaluable | 0.00", "not_evaluable 0.00 why"),
}


@pytest.mark.parametrize("name", BELOW_NOTHING)
def test_a_line_of_which_more_was_taken_back_than_paid_is_no_finding(name: str) -> None:
    paid, answer, expected = BELOW_NOTHING[name]
    lines = f"claim_id | paid_amount | allowed_amount\nA | {paid} | 100.00"
    connection = exposure(lines, f"outcome | amount\n{answer}")
    assert drawn(connection, "line_outcomes", "outcome, amount, reason") == [expected]
    is_finding = expected.startswith("overpayment")
    assert len(drawn(connection, "findings", "claim_id")) == len(drawn(connection, "line_exposure", "1")) == is_finding


def test_less_than_nothing_paid_does_not_decide_before_windows_and_stopped_rules() -> None:
    lines = "claim_id | paid_amount | claim_line_start_date\nA | -1.00 | 2019-03-07\nB | -1.00 | 2025-08-01"
    answers = "rule | claim_id\nr1 | A\nr2 | B"
    connection = exposure(lines, answers, stopped=[{"rule": "r2", "reason": "stopped"}])
    assert drawn(connection, "line_outcomes", "claim_id, outcome") == ["A not_in_force", "B not_evaluable"]


def test_no_dollars_are_told_of_what_a_stopped_rule_decided() -> None:
    connection = exposure(ONE, "outcome | amount\noverpayment | 5.00", stopped=[{"rule": "r1", "reason": "stopped"}])
    found = drawn(connection, "line_outcomes", "outcome, amount, decided_outcome, decided_amount, reason")
    assert found == ["not_evaluable 0.00 not_evaluable 0.00 stopped"]


def test_lines_out_of_scope_or_period_are_no_outcomes() -> None:
    lines = "claim_id | is_in_scope | is_in_period\nA | true | true\nB | false | true\nC | true | false"
    connection = exposure(lines, "claim_id | amount\nA | 1.00\nB | 1.00\nC | 1.00")
    assert drawn(connection, "line_outcomes", "claim_id") == ["A"]
