"""What must hold for every claim history, tried on random ones."""

from __future__ import annotations

import csv
import random
import tempfile
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit_lib.rules import load_rules
from audit_lib.settings import Settings
from audit_lib.settings_tables import Period
from tests.histories import Line, audit, histories, own

pytestmark = pytest.mark.property
few = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


@few
@given(histories())
def test_each_dollar_once_and_each_line_once_per_rule(history: list[Line]) -> None:
    result = audit([history])
    for line in result["line_exposure"]:
        assert line["net_overpaid_amount"] >= 0
        assert line["net_review_amount"] >= 0
        assert line["net_overpaid_amount"] + line["net_review_amount"] <= line["paid_amount"]
        assert 0 <= line["contingent_overpaid_amount"] <= line["net_overpaid_amount"]
    for outcome in result["line_outcomes"]:
        assert 0 <= outcome["amount"] <= max(outcome["paid_amount"], Decimal(0))
    considered = Counter((o["rule"], o["claim_id"], o["claim_line_number"]) for o in result["line_outcomes"])
    assert max(considered.values(), default=1) == 1


@few
@given(histories(), st.randoms(use_true_random=False))
def test_neither_order_nor_files_of_the_rows_matter(history: list[Line], chance: random.Random) -> None:
    shuffled = chance.sample(history, len(history))
    cut = chance.randint(1, len(history) - 1)
    expected = audit([history])
    assert audit([shuffled]) == expected
    assert audit([shuffled[:cut], shuffled[cut:]]) == expected


@few
@given(histories(), histories())
def test_a_members_findings_do_not_depend_on_other_members(history: list[Line], others: list[Line]) -> None:
    """Providers are nobody else's here: whether a provider is a supplier is the one thing that members share."""
    strangers = [_moved(line) for line in others]
    alone, together = audit([history]), audit([history + strangers + strangers])
    members = {line["member_id"] for line in history}
    for table in alone:
        assert [row for row in together[table] if row["member_id"] in members] == alone[table]


def _moved(line: Line) -> Line:
    member = f"m{int(line['member_id'][1:]) + 100}"
    return own({**line, "provider": line["billing_tin"][-1]}, member)


@few
@given(histories(), st.data())
def test_an_exempting_override_never_adds_a_dollar(history: list[Line], data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from([rule.name for rule in load_rules()]))
    provider = data.draw(st.sampled_from(sorted({line["billing_tin"] for line in history})))
    before = audit([history])
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["provider_id", "rule", "action", "note", "approved_by"])
        writer.writerow([provider, rule, "exempt", "contract", "counsel"])
        file.flush()
        after = audit([history], Settings(overrides=Path(file.name)))
    assert _dollars(after) <= _dollars(before)
    overpaid = {_key(line): line["net_overpaid_amount"] for line in before["line_exposure"]}
    assert all(line["net_overpaid_amount"] <= overpaid[_key(line)] for line in after["line_exposure"])


def _dollars(result: dict[str, list[dict[str, Any]]]) -> Decimal:
    return sum(
        (line["net_overpaid_amount"] + line["net_review_amount"] for line in result["line_exposure"]), Decimal(0)
    )


def _key(line: dict[str, Any]) -> tuple[str, int]:
    return line["claim_id"], line["claim_line_number"]


@few
@given(histories(), st.randoms(use_true_random=False), st.sampled_from(["service", "paid"]))
def test_files_far_from_the_period_may_be_read_in_part(history: list[Line], chance: random.Random, by: str) -> None:
    """Claims months and years apart, in a file per month of service: as from one file, which is read whole."""
    moved = [_later(line, chance.choice((0, 0, -200, -420, 300))) for line in history]
    months = sorted({line["claim_line_start_date"][:7] for line in moved})
    files = [[line for line in moved if line["claim_line_start_date"].startswith(month)] for month in months]
    period = Period(date(2025, 7, 1), date(2025, 9, 30), by)
    assert audit(files, period=period) == audit([moved], period=period)


def _later(line: Line, days: int) -> Line:
    names = ("claim_line_start_date", "claim_line_end_date")
    return line | {name: (date.fromisoformat(line[name]) + timedelta(days)).isoformat() for name in names}
