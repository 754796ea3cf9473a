"""Rule 19: catheter care on days of an infusion."""

from __future__ import annotations

from tests.independent.context import decided
from tests.independent.lines import INFUSIONS, PASS, Decision, Line, Member, first_of

_CARE = frozenset({"S5497", "S5498", "S5501", "S5502"})
_SUPPLIES = frozenset({"S5517", "S5518", "S5520", "S5521"})


def catheter_care_with_infusion(member: Member) -> dict[Line, Decision]:
    """Claim back care of an idle port on infusion days, and question other catheter care and supplies there."""
    return {line: _catheter(member, line) for line in member.allowed if line.code in _CARE | _SUPPLIES}


def _catheter(member: Member, line: Line) -> Decision:
    """Which of several infusions to name the text leaves open; the audit takes the first in the order of lines."""
    infusions = member.beside(line, INFUSIONS)
    if not infusions:
        return PASS
    if line.code in _SUPPLIES:
        return Decision("review", line.whole, first_of(infusions))
    outcome = "overpayment" if line.code == "S5502" else "review"
    return decided(outcome, line, infusions)._replace(proof=first_of(infusions))
