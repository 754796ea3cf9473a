"""How the steps of an amount read: days named one by one or as spans, a line whole, and nothing said twice."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from audit_lib.evidence.arithmetic import arithmetic
from audit_lib.evidence.verdicts import Verdict
from audit_lib.rules import AmountSteps

PAID = Decimal("96.65")
SAYS = "days that per diems cover"
# Of a line from 25 Jan 2026: days in question, in order, and in order in part, counted from its first → what is said.
LISTED = {
    "one": ([0], [], [], "Days that per diems cover: 1. It is 25 Jan 2026."),
    "one that is counted twice": ([0, 0], [], [], "Days that per diems cover: 1. It is 25 Jan 2026."),
    "two": ([0, 1], [], [], "Days that per diems cover: 2. They are: 25 Jan 2026 to 26 Jan 2026."),
    "two apart": ([0, 2], [], [], "Days that per diems cover: 2. They are: 25 Jan 2026, 27 Jan 2026."),
    "one in order": ([0, 1], [2], [], "They are: 25 Jan 2026 to 26 Jan 2026. In order is 27 Jan 2026."),
    "two in order": ([2], [0, 1], [], "It is 27 Jan 2026. In order are: 25 Jan 2026 to 26 Jan 2026."),
    "one in order, one in part": ([], [0], [1], "In order is 25 Jan 2026. In order in part is 26 Jan 2026."),
}


def _said(steps: AmountSteps, part: int, days: list[tuple[int, bool, bool]]) -> str:
    verdict = Verdict("overpayment", PAID, {}, [], steps, part, 3)
    shown = [
        {"service_date": date(2026, 1, 25) + timedelta(n), "is_in_question": is_asked, "is_in_part": is_in_part}
        for n, is_asked, is_in_part in days
    ]
    return " ".join(arithmetic({"paid_amount": PAID, "decided_amount": PAID}, verdict, shown))


@pytest.mark.parametrize("name", LISTED)
def test_the_days_of_an_amount_are_named(name: str) -> None:
    asked, in_order, in_part, expected = LISTED[name]
    steps = AmountSteps(measure="days", part="a", whole="b", says=SAYS)
    days = [
        *((n, True, False) for n in asked), *((n, False, False) for n in in_order), *((n, False, True) for n in in_part)
    ]  # fmt: skip
    assert expected in _said(steps, len(set(asked)), days)


def test_of_a_whole_line_its_payment_is_said() -> None:
    assert _said(AmountSteps(measure="line"), 1, []) == "The whole payment of the line: $96.65."
