"""What speaks against a finding, the weightiest first."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from audit_lib.words import count, units

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
    "hcpcs_modifier_1": "which modifiers the lines carry",
}
# Every doubt in words, by its kind in sql/evidence/doubts.sql, or by kind and detail.
_WORDS = {
    "authorization, line": (
        "The line carries a prior authorization number: the plan may have agreed to pay it. Look the authorization up "
        "before anything else."
    ),
    "authorization, claim": (
        "Another line of the claim carries a prior authorization number: the plan may have agreed to pay it. Look the "
        "authorization up before anything else."
    ),
    "contingent": (
        "The per diem that this finding rests on is itself found overpaid in full ({title}). Whoever takes back the "
        "per diem can hardly also take back what it included: pursue one of the two."
    ),
    "repeated amount": (
        "Every line of this institutional claim has the same paid amount, though charges or services differ: it may "
        "be the claim's total, repeated. What the plan paid for this line alone is then not known."
    ),
    "unnamed original, claim": (
        "The claim says that it replaces another and names none that the file holds: what it replaces may still stand "
        "in the file under another id."
    ),
    "unnamed original, related": (
        "The claim of the line that shows it says that it replaces another and names none that the file holds: what it "
        "replaces may still stand in the file under another id."
    ),
    "unnamed original, each other": (
        "The claim and that of the line which shows it name one another as original, without a frequency by which one "
        "replaces the other: it may be a correction, whose predecessor is to be taken back, and no second bill."
    ),
    "several days": (
        "The line spans several days, and all its units are counted on its first day: they may lie on different days."
    ),
    "units of several rows": (
        "The line's units are what its {detail} rows of the claims file come to: a row that adjusts another may repeat "
        "its units, which were then counted twice. Look at the rows before you count."
    ),
    "units below days": (
        "The line bills {units} for {days}: it may leave out days that are in question here, so that they were not "
        "paid."
    ),
    "units within days": (
        "The lines that bill these days have together no more units than days: where the units leave days of a span "
        "out, as where it ends on the day of the next delivery, no day was paid twice."
    ),
    "rental on one day": (
        "The line is a rental dated on a single day. Rentals are billed by the month: it may pay for more days than "
        "this one, and not all of them may be in question."
    ),
    "newborn stay": (
        "A stay on these days is a newborn's by its revenue code or a diagnosis: it may be that of a child billed "
        "under its mother's member id."
    ),
    "per diem below days": (
        "The per diem that shows it bills fewer units than it has days: it may leave out days that are in question "
        "here."
    ),
    "stay beyond its claims": (
        "Days in question lie outside the days of every claim of the stay: they rest on its date of admission or "
        "discharge alone, which may be mistyped. Look the stay up before anything else."
    ),
    "place from the bill type": (
        "No place of service was billed: the place is taken from the bill type. A facility may bill so what it gives "
        "at the member's home, or what is in order there, as dialysis in a dialysis clinic."
    ),
    "other payer, claim": (
        "Another payer paid first on another line of this claim: it may have paid on this line too, and how the two "
        "payments go together must be settled."
    ),
    "other payer, related": (
        "Another payer paid first on the earlier line: the plan may have paid the rest alone, and how the "
        "payments go together must be settled."
    ),
    "another plan": (
        "The line that shows it is of another payer, plan or line of business: the two may not have been paid under "
        "one contract."
    ),
    "unpaid earlier line": (
        "The plan paid nothing for the earlier line, which it allowed: look up who paid for these days before."
    ),
    "drug on other days": (
        "A drug stands on the claim on other days: it may have been dispensed for these days too, or given on them."
    ),
    "earlier drug": (
        "The provider billed a drug that fits on another claim up to 35 days before: it may have been dispensed for "
        "these days too."
    ),
    "pharmacy line": (
        "A pharmacy's line by revenue code, without a code that names a drug, stands on the claim: it may be the drug."
    ),
    "same NPI": (
        "What is missed here was billed for these days under the same NPI and another provider id: it may be one "
        "provider, whose TIN the file gives on some lines only. Look it up before anything else."
    ),
    "denied visit": (
        "A registered nurse's visit on these days was billed and not allowed: the nurse may have come all the same."
    ),
    "unnamed visit": (
        "A home visit on these days was paid, of a kind that does not say whether a registered nurse came: she may "
        "have."
    ),
    "staff service, injection": (
        "An injection was billed as given by staff on these days: it may have been this drug, and a registered nurse "
        "may have given it."
    ),
    "staff service, visit": (
        "A visit at an office or at home was billed on these days, which does not say whether a registered nurse was "
        "there: she may have been."
    ),
    "days without visits": (
        "Some days of the line have no infusion visit of the provider: its hours on those days may be visits of their "
        "own."
    ),
    "denied first hours": (
        "The first hours of a visit (99601) were billed for these days and not allowed: the nurse may have come all "
        "the same. Look up why they were denied."
    ),
    "visit by another code": (
        "A nurse's visit of the provider on these days was paid by another code: the first hours may have been billed "
        "by it."
    ),
    "visit taken back": (
        "The visit that this line repeats is itself found overpaid in full ({title}). With both taken back nothing of "
        "the visit stays paid: pursue one of the two."
    ),
    "denied pump service": (
        "A refill, reprogramming or repair of the pump on these days was billed and not allowed: it may have taken "
        "place all the same."
    ),
    "borrowed date": (
        "For a line that shows the finding, or that its days are counted from, the file does not say the days of the "
        "service: those of its whole claim were taken."
    ),
}
_TAKEN_BACK = {
    "negative_line": (
        "takes back the same amount for the same code, provider and days: the payment may have been taken back "
        "already. The finding stays, because a reversal counts only for the claim id and line number that it carries. "
        "Look it up before anything else."
    ),
    "void": (
        "voids a claim that it does not name or that is not in the file, of the same member, provider and days: the "
        "payment may have been taken back already. Look it up before anything else."
    ),
    "somebodys_negative_line": (
        "of which the file does not tell whether its provider is the same takes back the same amount for the same code "
        "and days: the payment may have been taken back already. reversed_findings.parquet of the run names the claim. "
        "Look it up before anything else."
    ),
    "somebodys_void": (
        "of which the file does not tell whether its provider is the same voids a claim that it does not name or that "
        "is not in the file, of the same code and days: the payment may have been taken back already. "
        "reversed_findings.parquet of the run names the claim. Look it up before anything else."
    ),
}


def against(source: Source) -> Iterator[str]:
    """Yield the doubts: authorization, contingency, the claims' own words, assumptions, what a provider may say."""
    for row in source.tables["doubts"]:
        if row["doubt"] != "assumption":
            yield _doubt(source, row)
    yield from _assumptions([row for row in source.tables["doubts"] if row["doubt"] == "assumption"])
    if source.finding["changed_by"]:
        yield "It is a lead for a reason outside the claim lines: see which text was in force, and what changed it."
    if not source.manifest.get("policy_applies_confirmed"):
        yield (
            "Nobody has confirmed for this run that the policy applies to the member's plan "
            "(setting policy_applies_to); a contract or plan document outranks it."
        )
    for defence in source.rule.metadata.defences if source.rule else []:
        yield f"A provider may say: {defence}."


def _doubt(source: Source, row: dict[str, Any]) -> str:
    kind, detail = row["doubt"], row["detail"]
    if kind == "taken back":
        return _taken_back(str(detail))
    words = _WORDS.get(f"{kind}, {detail}") or _WORDS.get(kind)
    if words is None:
        raise LookupError(f"a doubt of the kind {kind!r} has no words in {__name__}")
    line = source.line
    return words.format(
        title=source.title_of(str(detail)),
        units=units(line["service_unit_quantity"] or Decimal(0)),
        days=count(line["day_count"], "day"),
        detail=detail,
    )


def _taken_back(detail: str) -> str:
    """Say what may have taken the payment back; the detail names which line's, of what kind, and the claim."""
    kind, _, claim = detail.partition(": ")
    reversed_line, kind = kind.split()
    which = "" if reversed_line == "line" else "Of the line that shows it: "
    return f"{which}{claim[:1].upper()}{claim[1:]} {_TAKEN_BACK[kind]}"


def _assumptions(rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        column, _, assumed = str(row["detail"]).partition(": ")
        yield f"The claims file does not say {_FIELDS.get(column, column)} ({column}); assumed here: {assumed}."
