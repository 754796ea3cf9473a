"""The audit and the independent reading of the rules' text give the same answers, to the cent, on random claims.

Compared with an answer is the line that it names as its proof, whatever the answer is. Which of several lines that is
the text of the rules says, or the cases made by hand; where neither does the reading follows the audit and says so.

INFUSION_AUDIT_SEED and INFUSION_AUDIT_SCENARIOS name other claims, and more of them.
"""

from __future__ import annotations

import csv
import os
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from audit_lib.audit import run_audit
from audit_lib.progress import Progress
from audit_lib.run_options import RunOptions
from audit_lib.settings import read_settings
from tests.independent import administration, bundled, catheter, coding, drugs, per_diem_codes, per_diems, pumps, tpn
from tests.independent import settings as places
from tests.independent.adjustments import claim_rows
from tests.independent.final_action import standing_rows
from tests.independent.lines import Decision, Key, Line, Member, line_of
from tests.independent.money import RULES, Net, after_gates, believed, is_in_scope, net_of
from tests.independent.plan import Plan, drawn_plan, written
from tests.independent.scenarios import COLUMNS, SHARED_PROVIDERS

pytestmark = pytest.mark.property
SEED = int(os.environ.get("INFUSION_AUDIT_SEED", "27"))
SCENARIOS = int(os.environ.get("INFUSION_AUDIT_SCENARIOS", "5000"))

# What a line came to: paid, allowed, units.
Sums = tuple[Decimal, Decimal | None, Decimal | None]
_ROOMS = (bundled, tpn, pumps, per_diems, per_diem_codes, catheter, drugs, places, administration, coding)
DECIDE: dict[str, Callable[[Member], dict[Line, Decision]]] = {
    rule: getattr(room, rule) for rule in RULES for room in _ROOMS if hasattr(room, rule)
}
# Rules whose findings rest on their own line alone, or on lines that are not there.
_NAMELESS = {
    "incidental_injection_per_diem",
    "implanted_pump_daily_billing",
    "implanted_pump_outside_home",
    "per_diem_place_of_service",
    "invalid_code_on_service_date",
}
PLANS = {"as shipped": Plan(), "a plan's own settings": drawn_plan(SEED, RULES, SHARED_PROVIDERS)}


class Reading(NamedTuple):
    """What a reading of the rules says: each rule's answer before and after the gates, each line's net and its sums."""

    answers: dict[tuple[str, int, str], tuple[Decision, Decision]]
    nets: dict[Key, Net]
    sums: dict[Key, Sums]


def expected(rows: list[dict[str, str]], plan: Plan) -> Reading:
    """Return what the text says of every line."""
    lines = [line_of(row) for row in standing_rows(rows)]
    suppliers = frozenset(line.provider_id for line in lines if line.is_per_diem)
    members: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        members[line.member_id].append(line)
    read = Reading({}, {}, {line.key: (line.paid, line.allowed, line.units) for line in lines})
    for of_member in members.values():
        decided: dict[Line, dict[str, Decision]] = defaultdict(dict)
        for rule, decide in DECIDE.items():
            for line, answer in decide(Member(tuple(of_member), suppliers, plan)).items():
                if is_in_scope(line):
                    decision = believed(line, answer)
                    decided[line][rule] = after_gates(line, rule, decision, plan)
                    read.answers[*line.key, rule] = (decision, decided[line][rule])
        found = {line: net_of(decisions) for line, decisions in decided.items()}
        read.nets.update((line.key, net) for line, net in found.items() if net)
    return read


def audited(rows: list[dict[str, str]], plan: Plan, place: Path) -> Reading:
    """Return what the audit says of them."""
    claims = place / "claims.csv"
    with claims.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    options = RunOptions(
        str(claims),
        place / "runs",
        rules=list(RULES),
        settings=read_settings(written(plan, place)),
        run_id="r",
        with_reports=False,
        with_quality=False,
    )
    run = run_audit(options, Progress(is_quiet=True)).path
    answers = _table(
        run,
        "line_outcomes",
        "rule, decided_outcome, decided_amount, outcome, amount, related_claim_id, related_claim_line_number",
    )
    nets = _table(run, "line_exposure", "net_overpaid_amount, net_review_amount, overpaid_rule, review_rule")
    sums = _table(run, "claim_lines", "paid_amount, allowed_amount, service_unit_quantity")
    return Reading(
        {
            (*key, rule): (Decision(*said[:2], _proof(*said[4:])), Decision(*said[2:4], _proof(*said[4:])))
            for key, (rule, *said) in answers
        },
        {key: Net(*said) for key, said in nets},
        dict(sums),
    )


def _proof(claim_id: str | None, line_number: int | None) -> Key | None:
    """Return the line that an answer names; one without its claim or its number would be no line."""
    return None if claim_id is None and line_number is None else (str(claim_id), int(line_number or 0))


def _table(run: Path, name: str, columns: str) -> list[tuple[Key, Any]]:
    with duckdb.connect() as connection:
        table = connection.read_parquet(str(run / f"{name}.parquet"))
        return [(row[:2], row[2:]) for row in table.project(f"claim_id, claim_line_number, {columns}").fetchall()]


def differences(said: dict[Any, Any], wanted: dict[Any, Any]) -> list[str]:
    """Return a sentence for each line on which two readings differ; the claims are random, so values may be shown."""
    keys = sorted(said.keys() | wanted.keys())
    return [
        f"{key}: the audit says {said.get(key)}, the text {wanted.get(key)}"
        for key in keys
        if said.get(key) != wanted.get(key)
    ]


Both = tuple[Reading, Reading]


@pytest.fixture(scope="module", params=PLANS)
def both(request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Both:
    rows = list(claim_rows(SEED, SCENARIOS))
    plan = PLANS[request.param]
    return audited(rows, plan, tmp_path_factory.mktemp("independent")), expected(rows, plan)


def test_every_rule_is_read_from_the_text() -> None:
    assert list(DECIDE) == list(RULES)


def test_each_line_is_summed_as_the_text_has_it(both: Both) -> None:
    """The audit keeps the lines of claims that some rule can use, of members with a finding."""
    said, wanted = both
    claims = {claim_id for claim_id, _ in said.sums}
    assert wanted.nets.keys() <= said.sums.keys()
    found = differences(said.sums, {key: sums for key, sums in wanted.sums.items() if key[0] in claims})
    assert not found, f"{len(found)} of {len(said.sums)} lines differ, the first: " + "\n".join(found[:10])


def test_each_answer_of_each_rule_is_that_of_the_text(both: Both) -> None:
    said, wanted = both
    found = differences(said.answers, wanted.answers)
    assert not found, f"{len(found)} of {len(wanted.answers)} answers differ, the first: " + "\n".join(found[:10])


def test_each_line_is_credited_with_the_dollars_of_the_text(both: Both) -> None:
    said, wanted = both
    found = differences(said.nets, wanted.nets)
    assert not found, f"{len(found)} of {len(wanted.nets)} lines differ, the first: " + "\n".join(found[:10])


def test_the_random_claims_reach_what_every_rule_can_say(both: Both) -> None:
    """A comparison of nothing would agree: each rule finds something, passes something, and most outcomes occur."""
    _, wanted = both
    outcomes = Counter((rule, decision.outcome) for (_, _, rule), (decision, _) in wanted.answers.items())
    for rule in RULES:
        assert outcomes[rule, "overpayment"] + outcomes[rule, "review"] >= 5, (rule, outcomes)
        assert sum(number for (name, _), number in outcomes.items() if name == rule) >= 20, (rule, outcomes)
    named = Counter(
        rule
        for (_, _, rule), (decision, _) in wanted.answers.items()
        if decision.proof and decision.outcome in ("overpayment", "review")
    )
    assert {rule for rule in RULES if named[rule] < 5} == _NAMELESS == set(RULES) - set(named), named
    assert outcomes["per_diem_during_inpatient_stay", "not_evaluable"] >= 5  # stays whose type of bill is missing
    after = Counter(gated.outcome for _, gated in wanted.answers.values())
    assert set(after) == {"overpayment", "review", "pass", "excepted", "not_evaluable", "not_in_force"}
    assert len(wanted.nets) > SCENARIOS // 4


def test_the_random_claims_are_adjusted_in_every_way(both: Both) -> None:
    """Nor would it tell anything of final action where nothing was replaced, voided or taken back."""
    rows = list(claim_rows(SEED, SCENARIOS))
    _, wanted = both
    standing = {claim_id for claim_id, _ in wanted.sums}
    rows_said = Counter((row["claim_frequency_code"], row["claim_id"] in standing) for row in rows)
    assert min(rows_said[said] for said in (("7", True), ("7", False), ("8", True), ("8", False), ("1", False))) > 20
    lines = {(row["claim_id"], row["claim_line_number"]) for row in rows if row["claim_id"] in standing}
    assert len(lines - wanted.sums.keys()) > 20  # taken back in full
    assert sum(paid < 0 for paid, *_ in wanted.sums.values()) > 20  # and more than in full


def test_one_cent_on_one_line_is_noticed_and_so_is_another_line_that_is_named(both: Both) -> None:
    said, _ = both
    key, other_key = random.Random(SEED).sample(sorted(said.answers), 2)
    (decision, gated), (other_decision, other_gated) = said.answers[key], said.answers[other_key]
    changed = said.answers | {
        key: (decision, gated._replace(amount=gated.amount + 1)),
        other_key: (other_decision._replace(proof=("elsewhere", 1)), other_gated),
    }
    assert len(differences(said.answers, changed)) == 2
