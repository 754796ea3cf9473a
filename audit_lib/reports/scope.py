"""What a notebook is about: its head, and the filter that was used, in SQL and in words."""

from __future__ import annotations

from collections.abc import Sequence

from audit_lib.reports.blocks import TEMPLATES, Block, render
from audit_lib.reports.cautions import cautions
from audit_lib.reports.front import subject
from audit_lib.reports.lead import lead_sentence
from audit_lib.run import Run

_COUNTED = (
    "Counts of lines that rules considered follow it too, but for outcome and least amount. Sums by month follow dates "
    "by whole months."
)
# What of a notebook the filter reaches, and what it does not.
_REACH = {
    "findings": _COUNTED,
    "exposure": f"{_COUNTED} What was audited, gates, lookback limits, overrides, rejected rows, assumptions, the "
    "money walk and what the ledger knows stay whole; where that is a table, its caption says so.",
    "quality": "It applies to what rules could not decide (but for outcome and least amount) and to what the findings "
    "lack. Everything else here was measured of the whole file and stays as it is, whatever is filtered.",
    "leads": "A worklist is of leads alone, whatever outcome is asked for: with the outcome overpayment nothing is "
    "left in it, and 02_rule_findings lists the overpayments. A lead that reviewers closed comes back only when its "
    "outcome or amount changes.",
    "evidence": "Without a finding's id the largest one that the filter keeps is explained; one that is named is "
    "explained whatever the filter says. The findings listed at the end follow it.",
    "provider": "The profiled provider is no filter here: its peers stay in. Counts of lines that rules considered "
    "follow the filter, but for outcome and least amount. Sums by month follow dates by whole months.",
    "therapies": "Sums of what was paid follow provider, code, line of business and dates (by whole months); rule, "
    "outcome and least amount choose findings, and so the course and the pumps that are drawn.",
}


def scope(run: Run, about: str = "findings") -> Block:
    """Return what a notebook is about: its dollars in a sentence, the run, the filter used, what to know first."""
    return _scope(run, about, lead_sentence(run), subject(run), cautions(run))


def provider_scope(run: Run, lead: str) -> Block:
    """Return the head of a provider's profile: its own sentence, and the filter of the part that is of it alone."""
    own = run.of_provider().filters.sql(run.period_by)
    return _scope(run, "provider", lead, subject(run), cautions(run), own)


def filtered(run: Run, about: str, known: Sequence[str] = ()) -> Block:
    """Return the filter that was used, for a notebook that has a head of its own; `known`: what to say of it first.

    It names the run and its day, but where a front page above has done so.
    """
    return _scope(run, about, "", "" if about == "exposure" else subject(run), list(known))


def _scope(run: Run, about: str, lead: str, said_of_run: str, known: list[str], own: str = "") -> Block:
    """Write a head; `own`: the filter of the last part where that is of one provider, and what stands before is not."""
    condition = run.filters.sql(run.period_by)
    html = render(
        "scope.html.j2",
        css=(TEMPLATES / "blocks.css").read_text(encoding="utf-8"),
        lead=lead,
        subject=said_of_run,
        condition=condition,
        reach=_REACH[about],
        own=own,
        cautions=known,
    )
    last_part = f"\nFilter of the provider's own part: {own}" if own else ""
    return Block(html, f"{lead}\nFilter: {condition or 'none'}{last_part}".strip())
