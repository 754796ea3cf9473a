"""Rules 23 and 24: home infusion where the member is not at home."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from tests.independent.lines import NOT_EVALUABLE, PASS, PER_DIEMS, Decision, Key, Line, Member
from tests.independent.pump_units import PUMP

_HOME_VISITS = frozenset({"99601", "99602", "G0068", "G0069", "G0070", "G0088", "G0089", "G0090"})
# Places outside the home at which a family of per diems is in order.
_ALSO_AT = {"dialysis": ("65",), "enteral": ("31", "32", "54")}
_NEVER_AT = ("19", "21", "22", "23", "24", "31", "34", "51", "61", "65")
# Revenue codes of nurses who come home.
_NURSES = ("0551", "0552", "0641", "0642", "0643", "0644")
Stay = tuple[date, date]


def per_diem_place_of_service(member: Member) -> dict[Line, Decision]:
    """Rule 23: per diems and home visits belong to the home or the suite."""
    per_diems = {line: _place_of_per_diem(line) for line in member.per_diems if line.code != PUMP}
    return per_diems | {line: _place_of_visit(line) for line in member.allowed if line.code in _HOME_VISITS}


def _place_of_per_diem(line: Line) -> Decision:
    if line.is_at("missing"):
        return NOT_EVALUABLE
    if line.is_at("home", "suite", *_ALSO_AT.get(PER_DIEMS[line.code]["family"], ())):
        return PASS
    return Decision("overpayment" if line.is_at(*_NEVER_AT) else "review", line.whole)


def _place_of_visit(line: Line) -> Decision:
    if line.is_at("missing"):
        return NOT_EVALUABLE
    return PASS if line.is_at("home", "suite") else Decision("review", line.whole)


def per_diem_during_inpatient_stay(member: Member) -> dict[Line, Decision]:
    """Rule 24: no per diem for days inside a stay; those of admission and discharge may be days at home.

    A claim that does not tell its type may be a stay: days that only it would make days inside one cannot be judged.
    """
    claims = [member.claim_of(line) for line in member.allowed]
    inpatient = [claim for claim in claims if _is_inpatient(claim)]
    untold = [claim for claim in claims if _is_perhaps_inpatient(claim)]
    told, possible = _stays(inpatient), _stays(inpatient + untold)
    decisions = {}
    for line in member.per_diems:
        days, open_days = _inside(line, told), _inside(line, possible)
        decisions[line] = PASS
        if days:
            decisions[line] = Decision("overpayment", line.share(days), _claim_of_stay(line, told, inpatient))
        elif open_days:
            decisions[line] = Decision("not_evaluable", proof=_untold_claim(open_days, untold))
    return decisions


def _inside(line: Line, stays: Sequence[Stay]) -> set[date]:
    return {day for day in line.days if any(admission < day < discharge for admission, discharge in stays)}


def _claim_of_stay(line: Line, stays: Sequence[Stay], claims: Sequence[Sequence[Line]]) -> Key:
    """Return what shows that days lie in a stay: of the stay that holds most of them, the claim that holds the first.

    Cases say so; of stays that hold as many the first, of claims that hold the day the one that began first. Where the
    text is silent the audit goes on with that which ends last, then with the claim id.
    """
    stay = max(sorted(stays), key=lambda stay: len(_inside(line, [stay])))
    first_day = min(_inside(line, [stay]))
    holding = [claim for claim in claims if _stay(claim)[0] <= first_day <= _stay(claim)[1]]
    return _first_allowed(min(holding, key=lambda claim: (_stay(claim)[0], -_stay(claim)[1].toordinal(), claim[0].key)))


def _untold_claim(days: Collection[date], claims: Sequence[Sequence[Line]]) -> Key:
    """Return the claim that may be a stay over some days, of several the one that began first, then by claim id.

    One of a single day puts no day inside a stay.
    """
    stays = {_first_allowed(claim): _stay(claim) for claim in claims}
    holding = [
        (admission, key)
        for key, (admission, discharge) in stays.items()
        if admission < discharge and any(admission <= day <= discharge for day in days)
    ]
    return min(holding)[1]


def _first_allowed(claim: Sequence[Line]) -> Key:
    """A stay's claim is named by its lowest line that was allowed, rather no per diem, which would show itself."""
    return min((line.is_per_diem, line.key) for line in claim if line.is_allowed)[1]


def _stays(claims: Sequence[Sequence[Line]]) -> list[Stay]:
    """Stays that share a day are one: the member was transferred."""
    stays: list[Stay] = []
    for admission, discharge in sorted(_stay(claim) for claim in claims):
        if stays and admission <= stays[-1][1]:
            begun, ended = stays.pop()
            stays.append((begun, max(ended, discharge)))
        else:
            stays.append((admission, discharge))
    return stays


def _is_inpatient(claim: Sequence[Line]) -> bool:
    return any(line.bill_type.startswith(("11", "18", "21")) for line in claim)


def _is_perhaps_inpatient(claim: Sequence[Line]) -> bool:
    """Without a type of bill: by a room that it bills, or an admission, unless to care at home or at another place."""
    if any(line.bill_type for line in claim):
        return False
    if any("0100" <= line.revenue_code <= "0219" and line.revenue_code[:3] != "018" for line in claim):
        return True
    is_elsewhere = any(line.place not in ("", "21", "31") or line.revenue_code in _NURSES for line in claim)
    return not is_elsewhere and any(line.claim_type == "institutional" and line.stay_days[0] for line in claim)


def _stay(claim: Sequence[Line]) -> Stay:
    """Its own days, else those of the claim, else those of its lines; the widest of what the lines say."""
    admissions = _first_known(
        [line.stay_days[0] for line in claim],
        [line.claim_days[0] for line in claim],
        [line.first_day for line in claim],
    )
    discharges = _first_known(
        [line.stay_days[1] for line in claim],
        [line.claim_days[1] for line in claim],
        [line.last_day for line in claim],
    )
    return min(admissions), max(discharges)


def _first_known(*sources: Sequence[date | None]) -> list[date]:
    return next(known for source in sources if (known := [day for day in source if day]))
