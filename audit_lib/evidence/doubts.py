"""What speaks against a finding, the weightiest first."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from audit_lib.doubt_kinds import DoubtKind, doubt_kinds
from audit_lib.words import count, day, money, units

if TYPE_CHECKING:
    from audit_lib.evidence.sentences import Source

_FIELDS = {
    "line_of_business": "the line of business",
    "funding": "how the plan is funded",
    "other_payer_paid_amount": "whether another payer paid",
    "claim_line_status": "whether the line was paid or denied",
    "claim_frequency_code": "whether the claim replaces or voids another",
    "paid_date": "when the line was paid",
    "place_of_service_code": "where the service took place",
    "billing_tin": "who billed",
    "claim_line_start_date": "on which days this service was given",
    "claim_line_end_date": "on which day the service ended",
    "hcpcs_modifier_1": "which modifiers the lines carry",
}


def against(source: Source) -> Iterator[str]:
    """Yield the doubts: authorization, contingency, the claims' own words, assumptions, what a provider may say."""
    for row in source.tables["doubts"]:
        yield _doubt(source, row)
    if source.finding["changed_by"]:
        yield "It is a lead for a reason outside the claim lines: see which text was in force, and what changed it."
    if not source.manifest["policy_applies_confirmed"]:
        yield (
            "Nobody has confirmed for this run that the policy applies to the member's plan "
            "(setting policy_applies_to); a contract or plan document outranks it."
        )
    for defence in source.rule.metadata.defences if source.rule else []:
        yield f"A provider may say: {defence}."


def _doubt(source: Source, row: dict[str, Any]) -> str:
    name, detail = row["doubt"], row["detail"]
    kind = doubt_kinds().get(name)
    if kind is None:
        raise LookupError(f"a doubt of the kind {name!r} has no words in sql/evidence/doubts.yml")
    if name == "taken back":
        return _taken_back(kind, detail)
    if name == "assumption":
        column, _, assumed = detail.partition(": ")
        return kind.words_of(None).format(field=_FIELDS.get(column, column), column=column, assumed=assumed)
    if name == "taken back in part":
        return _taken_back_in_part(kind, detail)
    line = source.line
    return kind.words_of(detail).format(
        title=source.title_of(detail),
        units=units(line["service_unit_quantity"] or Decimal(0)),
        days=count(line["day_count"], "day"),
        detail=detail,
    )


def _taken_back(kind: DoubtKind, detail: str) -> str:
    """Say what may have taken the payment back; the detail names which line's, of what kind, and the claim."""
    which, _, claim = detail.partition(": ")
    reversed_line, way = which.split()
    of_another = "" if reversed_line == "line" else "Of the line that shows it: "
    return kind.words_of(way).format(taker=f"{of_another}{claim[:1].upper()}{claim[1:]}")


def _taken_back_in_part(kind: DoubtKind, detail: str) -> str:
    """Say how much of the line its own rows took back; the detail: the amount, the rows, the last day if told."""
    amount, row_count, *days = detail.split()
    rows = "a row" if row_count == "1" else f"{row_count} rows"
    dated = "dated" if row_count == "1" else "the last dated"
    of_day = f", {dated} {day(days[0])}" if days else ""
    return kind.words_of(None).format(taken_back=money(Decimal(amount)), detail=f"{rows} of the line itself{of_day}")
