"""The result in a sentence: what the rules found, what they could not decide, which of them were not run."""

from __future__ import annotations

from typing import Any

from audit_lib.reports import tables
from audit_lib.run import Run
from audit_lib.words import compact_money, count, undecided, undecided_lines, verb

_NAMED = 3  # rules of a partial run that are named; more are counted


def lead_sentence(run: Run) -> str:
    """Return the result in a sentence."""
    overpayment, review = (headline_of(run, measure) for measure in ("overpayment", "review"))
    if not overpayment["line_count"] and not review["line_count"]:
        return _without_findings(run)
    asked = _asked(run)
    if asked == {"review"}:
        return f"{compact_money(review['net_amount'])} on {count(review['claim_count'], 'claim')} needs review."
    first = _overpaid(overpayment) if overpayment["line_count"] else (
        f"{_rules_of(run)} found no overpayment that the claim lines prove."
    )  # fmt: skip
    return first if asked == {"overpayment"} else f"{first} {_left_to_review(review)}"


def headline_of(run: Run, measure: str) -> dict[str, Any]:
    """Return the row of `headline` for overpayment or review."""
    table = tables.headline(run)
    return dict(table[table["measure"] == measure].iloc[0])


def partial_cautions(run: Run) -> list[str]:
    """Say that rules were left out, where the run was told which ones to run."""
    parameters, titles = run.manifest["parameters"], [str(rule["title"]) for rule in run.manifest["rules"]]
    in_use = parameters["rules_in_use_count"]
    if not parameters["selected_rules"] or in_use == len(titles):
        return []
    number = f"{len(titles)} of {count(in_use, 'rule')}"
    named = f": {', '.join(f'“{title}”' for title in titles)}" if len(titles) <= _NAMED else ""
    return [
        f"Only {number} {verb(len(titles), 'was', 'were')} run{named}; "
        "what the others would find is not in these figures."
    ]


def undecided_cautions(run: Run) -> list[str]:
    """Say how many decisions could not be made, and on what dollars."""
    said = undecided(_totals(run))
    where = "the report 01_data_quality" if (run.folder / "reports").is_dir() else "the run's line_outcomes.parquet"
    return [f"{said}; {where} says why."] if said else []


def _without_findings(run: Run) -> str:
    totals = _totals(run)
    not_made = _not_made(totals)
    if totals["finding_count"]:
        return (
            f"No finding is in this report: {count(totals['finding_count'], 'answer')} of the rules would be one, "
            "but for the least amount or the outcome that it is limited to."
        )
    if not totals["decision_count"] and not run.filters.is_empty:
        return (
            f"No claim line that {_rules_of(run).lower()} considered meets the filter of this report, so nothing was "
            "decided: look whether its values are written as in the claims."
        )
    if not totals["decision_count"]:
        return f"{_rules_of(run)} considered no claim line, so nothing was decided."
    if not totals["in_order_count"]:
        return f"No rule could be decided on any claim line: {not_made}. That is not the same as finding nothing."
    found = (
        f"{_rules_of(run)} found nothing: no potential overpayment and nothing to review "
        f"in {count(totals['in_order_count'], 'decision')} on claim lines."
    )
    return f"{found} Apart from these, {not_made}." if not_made else found


def _not_made(totals: dict[str, Any]) -> str:
    """Say which decisions were not made, in words that stand after a colon or after others; '' where all were made."""
    said = []
    more = "more decision" if totals["in_order_count"] else "decision"
    if number := totals["not_evaluable_count"]:
        said.append(f"{count(number, more)} could not be made from what the claims say, on {undecided_lines(totals)}")
    if number := totals["not_in_force_count"]:
        are = verb(number, "is", "are")
        said.append(f"{count(number, more)} {are} on services before the provision was in force")
    return ", and ".join(said)


def _overpaid(overpayment: dict[str, Any]) -> str:
    if not overpayment["net_amount"]:
        lines = overpayment["line_count"]
        breach, whose = verb(lines, "breaches", "breach"), verb(lines, "its", "their")
        return f"{count(lines, 'line')} {breach} the policy, but {whose} potential overpayment is $0.00 net."
    return (
        f"The plan may have overpaid {compact_money(overpayment['net_amount'])} "
        f"on {count(overpayment['claim_count'], 'claim')} of {count(overpayment['provider_count'], 'provider')}."
    )


def _left_to_review(review: dict[str, Any]) -> str:
    if not review["line_count"]:
        return "Nothing is left to review."
    amount, claims = compact_money(review["net_amount"]), count(review["claim_count"], "claim")
    return f"Apart from that, {amount} on {claims} needs review."


def _rules_of(run: Run) -> str:
    """Name who found or did not: all rules, or those that the run was told to run."""
    if not partial_cautions(run):
        return "The rules"
    return f"The {verb(len(run.manifest['rules']), 'rule', 'rules')} run"


def _asked(run: Run) -> set[str]:
    """Return the outcomes that the report is limited to; none where it is not."""
    outcomes = {name.strip().lower() for name in run.filters.outcome.split(",") if name.strip()}
    return outcomes | {run.filters.within} if run.filters.within else outcomes


def _totals(run: Run) -> dict[str, Any]:
    return dict(tables.decisions(run).iloc[0])
