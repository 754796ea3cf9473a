"""The audit and the independent reading of the rules' text give the same answers, to the cent, on random claims.

INFUSION_AUDIT_SEED and INFUSION_AUDIT_SCENARIOS name other claims, and more of them.
"""

from __future__ import annotations

import csv
import os
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from audit_lib.audit import run_audit
from audit_lib.progress import Progress
from audit_lib.run_options import RunOptions
from tests.independent import administration, bundled, catheter, coding, drugs, per_diem_codes, per_diems, pumps, tpn
from tests.independent import settings as places
from tests.independent.lines import Decision, Line, Member, line_of
from tests.independent.money import RULES, Net, after_gates, is_in_scope, net_of
from tests.independent.scenarios import COLUMNS, claim_rows

pytestmark = pytest.mark.property
SEED = int(os.environ.get("INFUSION_AUDIT_SEED", "27"))
SCENARIOS = int(os.environ.get("INFUSION_AUDIT_SCENARIOS", "5000"))

Answers = dict[tuple[str, int, str], tuple[Decision, Decision]]
Nets = dict[tuple[str, int], Net]
_ROOMS = (bundled, tpn, pumps, per_diems, per_diem_codes, catheter, drugs, places, administration, coding)
DECIDE: dict[str, Callable[[Member], dict[Line, Decision]]] = {
    rule: getattr(room, rule) for rule in RULES for room in _ROOMS if hasattr(room, rule)
}


def expected(rows: list[dict[str, str]]) -> tuple[Answers, Nets]:
    """Return what the text says of every line: each rule's answer before and after the gates, and the line's net."""
    lines = [line_of(row) for row in rows]
    suppliers = frozenset(line.provider_id for line in lines if line.is_per_diem)
    members: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        members[line.member_id].append(line)
    answers: Answers = {}
    nets: Nets = {}
    for of_member in members.values():
        member = Member(tuple(of_member), suppliers)
        decided: dict[Line, dict[str, Decision]] = defaultdict(dict)
        for rule, decide in DECIDE.items():
            for line, decision in decide(member).items():
                if is_in_scope(line):
                    decided[line][rule] = after_gates(line, rule, decision)
                    answers[line.claim_id, line.claim_line_number, rule] = (decision, decided[line][rule])
        found = {line: net_of(decisions) for line, decisions in decided.items()}
        nets |= {(line.claim_id, line.claim_line_number): net for line, net in found.items() if net}
    return answers, nets


def audited(rows: list[dict[str, str]], place: Path) -> tuple[Answers, Nets]:
    """Return what the audit says of them."""
    claims = place / "claims.csv"
    with claims.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    options = RunOptions(
        str(claims), place / "runs", rules=list(RULES), run_id="r", with_reports=False, with_quality=False
    )
    run = run_audit(options, Progress(is_quiet=True)).path
    answers = _table(
        run,
        "line_outcomes",
        "claim_id, claim_line_number, rule, decided_outcome, decided_amount, outcome, amount",
    )
    nets = _table(
        run,
        "line_exposure",
        "claim_id, claim_line_number, net_overpaid_amount, net_review_amount, overpaid_rule, review_rule",
    )
    return (
        {(claim, line, rule): (Decision(*said[:2]), Decision(*said[2:])) for claim, line, rule, *said in answers},
        {(claim, line): Net(*said) for claim, line, *said in nets},
    )


def _table(run: Path, name: str, columns: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.read_parquet(str(run / f"{name}.parquet")).project(columns).fetchall()


def differences(said: dict[Any, Any], wanted: dict[Any, Any]) -> list[str]:
    """Return a sentence for each line on which two readings differ; the claims are random, so values may be shown."""
    keys = sorted(said.keys() | wanted.keys())
    return [
        f"{key}: the audit says {said.get(key)}, the text {wanted.get(key)}"
        for key in keys
        if said.get(key) != wanted.get(key)
    ]


@pytest.fixture(scope="module")
def both(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[tuple[Answers, Nets], tuple[Answers, Nets]]:
    rows = list(claim_rows(SEED, SCENARIOS))
    return audited(rows, tmp_path_factory.mktemp("independent")), expected(rows)


Both = tuple[tuple[Answers, Nets], tuple[Answers, Nets]]


def test_every_rule_is_read_from_the_text() -> None:
    assert list(DECIDE) == list(RULES)


def test_each_answer_of_each_rule_is_that_of_the_text(both: Both) -> None:
    (said, _), (wanted, _) = both
    found = differences(said, wanted)
    assert not found, f"{len(found)} of {len(wanted)} answers differ, the first: " + "\n".join(found[:10])


def test_each_line_is_credited_with_the_dollars_of_the_text(both: Both) -> None:
    (_, said), (_, wanted) = both
    found = differences(said, wanted)
    assert not found, f"{len(found)} of {len(wanted)} lines differ, the first: " + "\n".join(found[:10])


def test_the_random_claims_reach_what_every_rule_can_say(both: Both) -> None:
    """A comparison of nothing would agree: each rule finds something, passes something, and most outcomes occur."""
    _, (wanted, nets) = both
    outcomes = Counter((rule, decision.outcome) for (_, _, rule), (decision, _) in wanted.items())
    for rule in RULES:
        assert outcomes[rule, "overpayment"] + outcomes[rule, "review"] >= 5, (rule, outcomes)
        assert sum(number for (name, _), number in outcomes.items() if name == rule) >= 20, (rule, outcomes)
    after = Counter(gated.outcome for _, gated in wanted.values())
    assert set(after) == {"overpayment", "review", "pass", "excepted", "not_evaluable", "not_in_force"}
    assert len(nets) > SCENARIOS // 4


def test_one_cent_on_one_line_is_noticed(both: Both) -> None:
    (said, _), _ = both
    key = random.Random(SEED).choice(sorted(said))
    decision, gated = said[key]
    changed = said | {key: (decision, Decision(gated.outcome, gated.amount + 1))}
    assert len(differences(said, changed)) == 1
