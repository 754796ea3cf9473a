"""The evidence of a finding in sentences, section by section, for readers who have never seen the code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from audit_lib.evidence.arithmetic import arithmetic
from audit_lib.evidence.doubts import against
from audit_lib.evidence.verdicts import Verdict
from audit_lib.manifest_keys import Manifest
from audit_lib.rules import Rule
from audit_lib.words import count, day, money, units

_OUTCOMES = {
    "overpayment": "Potential overpayment",
    "review": "Lead to review",
    "pass": "in order",
    "excepted": "freed by an exception",
    "not_evaluable": "could not be told",
    "not_in_force": "before the provision was in force",
}
_MEANINGS = {
    "overpayment": "A potential overpayment is a breach of the policy that the claim lines themselves prove.",
    "review": "A lead proves nothing yet: records, a contract or an older policy text must settle it. "
    "It is never added to the overpayments.",
}
_CHANGES = {
    "window": "The policy text that was in force on the day of service is not on file, so what would be an "
    "overpayment by today's text is a lead.",
    "self_funded": "The plan is self-funded, FEP or BlueCard: its own plan document decides, so the overpayment "
    "became a lead.",
    "secondary_payer": "Another payer paid first: how the two payments go together must be settled, so the overpayment "
    "became a lead.",
    "review_only": "The plan has set this rule to review only, so the overpayment became a lead.",
}


@dataclass(frozen=True)
class Source:
    """All that the sentences of one finding are made of."""

    manifest: Manifest
    finding: dict[str, Any]
    rule: Rule | None
    verdict: Verdict | None
    tables: dict[str, list[dict[str, Any]]]
    labels: dict[str, dict[str, str]]
    windows: dict[str, Any]

    @property
    def line(self) -> dict[str, Any]:
        """Return the finding's own line."""
        return next(row for row in self.tables["lines"] if row["role"] == "finding")

    def title_of(self, rule: str) -> str:
        """Return the title of a rule of the run, in quotes."""
        titles = {entry["rule"]: entry["title"] for entry in self.manifest["rules"]}
        return f"“{titles.get(rule, rule)}”"


def sections(source: Source) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield the sections in their order, each with its sentences; those that may be of other providers are left out."""
    yield "finding", _finding(source)
    yield "rule", _rule(source)
    yield "in_force", _in_force(source)
    if source.verdict:
        yield "arithmetic", arithmetic(source.finding, source.verdict, source.tables["days"])
        yield "tried", ()
    yield "others", _others(source)
    if source.rule:
        yield "settled_by", [_sentence(text) for text in source.rule.metadata.settled_by]
    yield "against", against(source)


def caution(source: Source, difference: str, verdict: Verdict | None, is_same: bool) -> Iterator[str]:
    """Yield what a reader must know before believing the rest."""
    if difference:
        yield (
            f"This installation differs from the one that made the finding: {difference}. So the steps of the amount "
            "and the exceptions are left out here; what the run itself recorded is shown. Explain the finding with the "
            "version that made the run."
        )
    elif verdict is None:
        yield "The rule does not say how its evidence is to be read, so its steps and exceptions are left out."
    elif not is_same:
        yield (
            "Performed again over the lines that the run kept, the rule does not come to the same answer. So its steps "
            "and exceptions are left out; treat the finding with caution and run `infusion-audit verify`."
        )
    if source.manifest["parameters"]["assume_in_force"]:
        yield "This run treats today's policy text as if it had been in force on every day of service: a what-if."


def _finding(source: Source) -> Iterator[str]:
    finding, line = source.finding, source.line
    label = f" ({line['code_label']})" if line["code_label"] else ""
    paid_on = f" on {day(line['paid_date'])}" if line["paid_date"] else ""
    yield (
        f"Claim {finding['claim_id']}, line {finding['claim_line_number']}, of member {finding['member_id']} by "
        f"provider {finding['provider_id']}: code {finding['hcpcs_code'] or 'none'}{label}, {span(line)}, "
        f"{_stated_units(line['service_unit_quantity'])}, {place(source)}. "
        f"The plan paid {money(finding['paid_amount'])}{paid_on}."
    )
    reason = str(finding["reason"])
    yield f"{_OUTCOMES[finding['outcome']]} of {money(finding['amount'])}: {reason}."
    yield _MEANINGS[finding["outcome"]]


def proof(source: Source) -> Iterator[tuple[str, bool]]:
    """Yield the sentence that names the line which shows the finding, and whether it is another provider's."""
    for row in source.tables["lines"]:
        if row["role"] == "proof":
            whose = ", of another provider" if row["is_other_provider"] else ""
            text = f"The line that shows it: claim {row['claim_id']}, line {row['claim_line_number']}{whose}."
            yield text, row["is_other_provider"]


def _rule(source: Source) -> Iterator[str]:
    finding = source.finding
    entries = [entry for entry in source.manifest["rules"] if entry["rule"] == finding["rule"]]
    entry: Mapping[str, object] = entries[0] if entries else {}
    yield f"{entry.get('title', finding['rule'])}."
    if source.rule:
        yield " ".join(source.rule.metadata.why.split())
        yield f"What is asked back: {' '.join(source.rule.metadata.recover.split())}."
    yield (
        f"Rule {entry.get('number', '')}, {source.finding['rule']}, version {source.finding['rule_version']}. "
        f"Policy: {entry.get('policy_section', source.finding['policy_section'])}."
    )


def _in_force(source: Source) -> Iterator[str]:
    finding = source.finding
    yield f"The service of {day(finding['claim_line_start_date'])} is judged by {finding['policy_text']}."
    if source.manifest["parameters"]["settings"].get("policy_windows"):
        yield "From when a text counts is taken from the plan's own table (setting policy_windows)."
    elif source.windows:
        yield (
            f"What the rule enforces is not in force before {day(source.windows['not_in_force_before'])}, and is an "
            f"overpayment only from {day(source.windows['overpayment_from'])}, the one stated effective date."
        )
    changed_by = finding["changed_by"]
    if not changed_by:
        return
    yield (
        f"The rule itself decided: {_OUTCOMES[finding['decided_outcome']].lower()} of "
        f"{money(finding['decided_amount'])}. {_change(changed_by)}"
    )
    if changed_by == "window" and finding["decided_outcome"] == "overpayment":
        yield from _what_keeps_it_a_lead(source)


def _what_keeps_it_a_lead(source: Source) -> Iterator[str]:
    """Yield the gates that a lead for want of an older text would meet next (sql/exposure/gated_outcomes.sql)."""
    if source.line["is_self_funded"]:
        yield (
            "With that text at hand it still stays a lead: the plan is self-funded, FEP or BlueCard, and its own plan "
            "document decides."
        )
    if source.line["has_other_payer"]:
        yield "With that text at hand it still stays a lead: another payer paid first."
    if source.finding["rule"] in source.manifest["parameters"]["settings"].get("review_only", []):
        yield "With that text at hand it still stays a lead: the plan has set this rule to review only."


def _change(changed_by: str) -> str:
    if changed_by.startswith("override:"):
        row = changed_by.removeprefix("override:")
        return f"Row {row} of the plan's overrides (a contract or plan document outranks the policy) changed it."
    return _CHANGES.get(changed_by, f"It was changed by {changed_by}.")


def tried(source: Source) -> Iterator[tuple[str, bool]]:
    """Yield what the rule asked of the line, and whether it compares the line with another provider's."""
    if source.verdict is None:
        return
    values = {name: _value(name, value) for name, value in source.verdict.row.items()}
    values |= {
        "place": place(source),
        "days": span(source.line),
        "first_day": day(source.line["claim_line_start_date"]),
        **_contract_shares(source),
    }
    has_other = any(is_other for _, is_other in proof(source))
    for question, is_true in source.verdict.tried:
        if text := question.holds if is_true else question.fails:
            yield _sentence(text.format_map(values)), question.compares and has_other
    yield from ((text, False) for text in _add_ons(source))


def _contract_shares(source: Source) -> dict[str, str]:
    """Return what the run's contract factors say is paid of a therapy with a modifier, in per cent."""
    factors = source.manifest["parameters"]["settings"].get("contract_factors") or {}
    return {f"contract_{modifier}": f"{(Decimal(part) * 100).normalize():f}%" for modifier, part in factors.items()}


def _add_ons(source: Source) -> Iterator[str]:
    if source.finding["rule"] != "multiple_initial_services":
        return
    codes = {row["add_on_code"]: row["label"] for row in source.tables["add_ons"]}
    if codes:
        listed = ", ".join(f"{code} ({label})" for code, label in sorted(codes.items()))
        yield (
            f"Add-on codes that may have been payable instead, for further drugs, hours or sites: {listed}. Where the "
            "records support one, only the difference to its payment can be recovered."
        )
    else:
        yield "The list of add-on codes names none for the codes of the day."


def _others(source: Source) -> Iterator[str]:
    finding = source.finding
    for row in source.tables["others"]:
        dollars = f" of {money(row['amount'])}" if row["outcome"] in ("overpayment", "review") else ""
        yield f"{source.title_of(row['rule'])}: {_OUTCOMES[row['outcome']].lower()}{dollars} ({row['reason']})."
    if not source.tables["others"]:
        yield "No other rule looked at this line."
    net = finding["net_overpaid_amount"]
    if net is not None and finding["overpaid_rule"]:
        yield (
            f"Of the line, {money(net)} is counted as potential overpayment, once, and credited to "
            f"{source.title_of(finding['overpaid_rule'])}."
        )
    if finding["net_review_amount"]:
        yield (
            f"{'Beyond that' if finding['overpaid_rule'] else 'Of the line'}, {money(finding['net_review_amount'])} "
            f"is counted as needing review, once, and credited to {source.title_of(finding['review_rule'])}."
        )


def place(source: Source) -> str:
    """Write where the service took place, and where a bill type stands in for the place."""
    billed, row = source.finding["place_of_service_code"], source.verdict.row if source.verdict else {}
    code = billed or row.get("place_code")
    if not code:
        return "no place of service stated"
    text = f"place of service {_labelled(code, source.labels['place'].get(code))}"
    bill_type = row.get("bill_type_code")
    if billed or not bill_type:
        return text
    stands_in = _labelled(bill_type, source.labels["bill_type"].get(bill_type[:2]))
    return f"{text}, taken from bill type {stands_in} since no place was billed"


def _labelled(code: str, label: str | None) -> str:
    return f"{code} ({label})" if label else code


def span(line: dict[str, Any]) -> str:
    """Write the days of a line."""
    first, last = line["claim_line_start_date"], line["claim_line_end_date"]
    return f"on {day(first)}" if first == last else f"from {day(first)} to {day(last)}"


def _stated_units(quantity: Decimal | None) -> str:
    return "units not stated" if quantity is None else units(quantity)


def _value(name: str, value: Any) -> Any:
    """Write a value of the row that judged the line, as sentences name it."""
    if name.endswith("_days") and isinstance(value, int):
        return count(value, "day")
    return day(value) if isinstance(value, date) else value


def _sentence(text: str) -> str:
    text = text.strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."
