"""Rules 13, 14, 15 and 18: per diems billed twice, for too many days, or without a drug."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from tests.independent.lines import INFUSIONS, NOT_EVALUABLE, PASS, Decision, Key, Line, Member, covered, first_of
from tests.independent.lists import TPN, by_code, codes_in
from tests.independent.products import is_flush_product
from tests.independent.pump_units import PUMP
from tests.independent.units import counted, paid_for

# An outcome, the days that it is about and the line that proves it; no days where a line passes.
Found = tuple[str, frozenset[date], Key | None]
_PAIRS = by_code("drug_per_diem_pairs")
_LISTED = frozenset(by_code("per_diem_codes"))
_RARE = frozenset({"7d", "7-14d", "7-28d", "28-56d"})
_UNDER_THE_SKIN = frozenset(
    code
    for code, row in by_code("injectable_drugs").items()
    if not {"SC", "SC_infusion"}.isdisjoint(row["route"].split(";"))
)
_NEVER_INFUSED = frozenset(
    code
    for code, row in by_code("route_exclusions").items()
    if row["route"] in {"oral", "inhaled", "topical", "osteoarthritis"}
)
_NO_DRUGS = frozenset({"J1642", "A4216", "A4217", "A4218"}) | _NEVER_INFUSED
_OF_ANY_THERAPY = frozenset({"J3490", "J3590", "J7799", "J7999", "J9999", "C9399"})


def slot(line: Line) -> str:
    """Return which of a day's therapies a line says to be: SH the second, SJ a further one."""
    return next((modifier for modifier in ("SH", "SJ") if modifier in line.modifiers), "")


def per_diem_duplicate_day(member: Member) -> dict[Line, Decision]:
    """Rule 13: a therapy is paid once a day; what another provider billed before is a lead only."""
    return {
        line: Decision(outcome, line.share(days), proof) for line, (outcome, days, proof) in duplicated(member).items()
    }


def duplicated(member: Member) -> dict[Line, Found]:
    """Return what rule 13 says of each per diem, and of which days."""
    return {line: _duplicated(member, line) for line in member.per_diems if line.code != PUMP}


def _duplicated(member: Member, line: Line) -> Found:
    """The rule's decisions say which line to name: the earliest that covers any of the days."""
    earlier = [other for other in member.beside(line, {line.code}, is_of_any_provider=True) if other.order < line.order]
    alike = [other for other in earlier if slot(other) == slot(line)]
    own = [other for other in alike if other.provider_id == line.provider_id]
    if own:
        return "overpayment", covered(line, own), first_of(own)
    return ("review" if alike else "pass"), covered(line, alike), first_of(alike)


def per_diem_units_exceed_days(member: Member) -> dict[Line, Decision]:
    """Rule 14: a per diem has no more units than days."""
    return {line: _units_exceed_days(member, line) for line in member.per_diems if line.code != PUMP}


def _units_exceed_days(member: Member, line: Line) -> Decision:
    units, days = counted(line), len(line.days)
    if units is None:
        return NOT_EVALUABLE
    if units <= days:
        return PASS
    billed_too = _on_following_days(member, line, units) if days == 1 else []
    outcome = "review" if days == 1 and not billed_too else "overpayment"
    return Decision(outcome, paid_for(line, units - days), first_of(billed_too))


def _on_following_days(member: Member, line: Line, units: Decimal) -> list[Line]:
    """A span may be billed on its first day, unless its other days are billed too; odd numbers may mean anything.

    Which of several lines on these days to name the text leaves open; the audit takes the first in the order of lines.
    """
    if units % 1 or units > 31:
        return []
    following = {line.first_day + timedelta(n) for n in range(1, int(units))}
    return [
        other
        for other in member.per_diems
        if other is not line
        and (other.provider_id, other.code) == (line.provider_id, line.code)
        and not other.days.isdisjoint(following)
    ]


def per_diem_exceeds_infusion_days(member: Member) -> dict[Line, Decision]:
    """Rule 15: beside drugs that are infused once a week or less often, only the days of infusion count.

    Every dose shows the answer, whatever it is; a case names the first in the order of lines.
    """
    decisions = {}
    for line in member.per_diems:
        drugs = _paired_beside(member, line)
        if line.code in INFUSIONS and drugs and all(_is_infused_once(drug) for drug in drugs):
            decisions[line] = _infused_on(line, len(covered(line, drugs)))._replace(proof=first_of(drugs))
    return decisions


def _paired_beside(member: Member, line: Line) -> list[Line]:
    return [
        drug
        for drug in member.allowed
        if drug.overlaps(line)
        and drug.provider_id == line.provider_id
        and drug.code not in _UNDER_THE_SKIN
        and _is_listed_with(drug, line.code)
    ]


def _is_infused_once(drug: Line) -> bool:
    return _PAIRS[drug.code]["typical_interval"] in _RARE and len(drug.days) == 1


def _infused_on(line: Line, day_count: int) -> Decision:
    units = counted(line)
    if units is None:
        return NOT_EVALUABLE
    return Decision("review", paid_for(line, units - day_count)) if units > day_count else PASS


def per_diem_without_drug(member: Member) -> dict[Line, Decision]:
    """Rule 18: an infusion per diem needs a drug, best on its own claim and one of its therapy."""
    return {line: _without_drug(member, line) for line in member.per_diems if line.code in INFUSIONS - TPN - {PUMP}}


def _without_drug(member: Member, line: Line) -> Decision:
    """What decides it is named; of other providers' drugs a listed one before one that fits all, says the rule.

    Of several drugs that decide alike the text leaves it open; the audit takes the first in the order of lines.
    """
    days = line.days | {line.first_day - timedelta(1), line.last_day + timedelta(1)}
    drugs = [drug for drug in member.lines if is_drug(drug) and not drug.days.isdisjoint(days)]
    on_claim = [drug for drug in drugs if drug.claim_id == line.claim_id]
    fitting = [drug for drug in on_claim or drugs if _is_paired(drug, line.code)]
    if on_claim:
        other_therapies = Decision("review", line.whole, first_of(on_claim))
        return Decision("pass", proof=first_of(fitting)) if fitting else other_therapies
    own = [drug for drug in drugs if drug.provider_id == line.provider_id]
    if own:
        return Decision("review", proof=first_of(own))
    if fitting:
        listed = [drug for drug in fitting if _is_listed_with(drug, line.code)]
        return Decision("review", line.whole, first_of(listed or fitting))
    return Decision("overpayment", line.whole)


def _is_paired(drug: Line, code: str) -> bool:
    """Drugs without a code of their own, drugs that the list does not know and therapies not classified fit all."""
    is_open = code == "S9379" or drug.code in _OF_ANY_THERAPY or drug.code not in _PAIRS
    return is_open or _is_listed_with(drug, code)


def _is_listed_with(drug: Line, code: str) -> bool:
    return code in codes_in(_PAIRS.get(drug.code, {}).get("per_diem", ""))


def is_drug(line: Line) -> bool:
    """Tell whether a line, paid or denied, shows that a drug was given: by its code or else by an NDC."""
    if line.code in _NO_DRUGS or is_flush_product(line):
        return False
    return line.code in _PAIRS or _is_drug_code(line.code) or (line.code not in _LISTED and _has_ndc(line))


def _is_drug_code(code: str) -> bool:
    is_product = code.startswith(("J", "Q", "S00", "C9", "P9"))
    return is_product or "B4164" <= code <= "B5200" or "90281" <= code <= "90399"


def _has_ndc(line: Line) -> bool:
    digits = re.sub(r"\D", "", line.ndc)
    return len(digits) in (10, 11) and set(digits) not in ({"0"}, {"9"})
