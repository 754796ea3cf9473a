"""Rules 9 to 12: implanted pumps billed by the day, away from home, off the day of a refill, or by a clinic too."""

from __future__ import annotations

from collections.abc import Sequence

from tests.independent.lines import NOT_EVALUABLE, PASS, Decision, Line, Member, first_of
from tests.independent.pump_units import REFILLS, Run, events_on, pump_lines, pump_runs
from tests.independent.units import counted, paid_for

_PUMPS_BY_THE_DAY = frozenset({"S9326", "S9328", "S9330"})
_CHARGES = frozenset({
    "J2278", "J0475", "J2274", "J0735", "J2270", "J1170", "J1171", "J3010", "A4220", "E0779", "E0780", "E0781",
    "E0791", "K0455",
})  # fmt: skip


def implanted_pump_daily_billing(member: Member) -> dict[Line, Decision]:
    """Rule 9: a run has as many units as days that show work on the pump, one if none does."""
    return {line: _daily_billing(line, run) for run in pump_runs(member) for line in run.lines}


def _daily_billing(line: Line, run: Run) -> Decision:
    units = counted(line)
    if units is None:
        return NOT_EVALUABLE
    kept = run.kept_of(line)
    excess = units - sum(kept.values())
    if excess > 0:
        return Decision("overpayment", paid_for(line, excess))
    # With no event at all every event day is weak, too.
    is_refill_evidenced = run.weak_days.isdisjoint(kept) and not run.weak_days.issuperset(run.event_days)
    return PASS if is_refill_evidenced else Decision("review", line.whole)


def implanted_pump_outside_home(member: Member) -> dict[Line, Decision]:
    """Rule 10: an implanted pump is cared for at home, and nowhere else."""
    return {line: _outside_home(line) for line in pump_lines(member)}


def _outside_home(line: Line) -> Decision:
    if line.is_at("missing"):
        return NOT_EVALUABLE
    return PASS if line.is_at("home") else Decision("overpayment", line.whole)


def pump_charges_off_refill_day(member: Member) -> dict[Line, Decision]:
    """Rule 11: drug, kit and pump belong to days with work on the pump, or with a unit that rule 9 keeps."""
    return {
        line: _off_refill_day(member, line)
        for line in member.allowed
        if line.code in _CHARGES and any(_is_beside(line, pump) for pump in pump_lines(member))
    }


def _is_beside(line: Line, pump: Line) -> bool:
    is_in_run = pump.provider_id == line.provider_id and pump.overlaps(line)
    return pump.claim_id == line.claim_id or is_in_run


def _off_refill_day(member: Member, line: Line) -> Decision:
    """A case names the pump of the line's own claim before one paid earlier; of several the text leaves it open.

    The audit then takes the first in the order of lines.
    """
    beside = [pump for pump in pump_lines(member) if _is_beside(line, pump)]
    proof = first_of(pump for pump in beside if pump.claim_id == line.claim_id) or first_of(beside)
    kept = {
        day
        for run in pump_runs(member)
        for pump in run.lines
        if pump.provider_id == line.provider_id
        for day in run.kept_of(pump)
    }
    days = {day for day in line.days - kept if not events_on(member, day)}
    return Decision("review", line.share(days), proof) if days else Decision("pass", proof=proof)


def clinic_refill_billed_twice(member: Member) -> dict[Line, Decision]:
    """Rule 12: a clinic's refill is paid on one claim, and a supplier's pump of that day is doubtful."""
    refills = [line for line in member.allowed if line.code in REFILLS and line.is_at("11", "19", "22", "suite")]
    return {line: _billed_once(line, refills, member) for line in refills} | _filled_by_others(member, refills)


def _billed_once(line: Line, refills: Sequence[Line], member: Member) -> Decision:
    """Of a day's refills of one type of claim stays that of the clinic, then the dearest, then the first."""
    kept = min(
        (other for other in refills if (other.first_day, other.claim_type) == (line.first_day, line.claim_type)),
        key=lambda other: (other.provider_id in member.suppliers, -other.paid, other.order),
    )
    return PASS if kept.claim_id == line.claim_id else Decision("overpayment", line.whole, kept.key)


def _filled_by_others(member: Member, refills: Sequence[Line]) -> dict[Line, Decision]:
    """Of several refills on its days a case names the first in the order of lines."""
    decisions = {}
    for line in member.per_diems:
        # Whoever bills one of these per diems is a supplier by that alone.
        strange = [
            refill for refill in refills if refill.provider_id != line.provider_id and refill.first_day in line.days
        ]
        if line.code in _PUMPS_BY_THE_DAY and strange:
            days = {refill.first_day for refill in strange}
            decisions[line] = Decision("review", line.share(days), first_of(strange))
    return decisions
