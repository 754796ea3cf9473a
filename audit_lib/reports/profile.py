"""The head of a provider's profile: who it is, its dollars, how it stands against all providers."""

from audit_lib.reports import tables
from audit_lib.reports.blocks import Block
from audit_lib.reports.scope import provider_scope
from audit_lib.run import Run
from audit_lib.words import compact_money, count, percents


def profile_front(run: Run) -> Block:
    """Return the provider in a sentence, the run, the filter used, what to know first."""
    profiled = tables.profiled_provider(run)
    if profiled.empty:
        return provider_scope(run, "No rule considered a line of this provider: there is nothing to profile.")
    row = profiled.iloc[0]
    name = row["provider_name"] if row["provider_name"] == row["provider_id"] else (
        f"{row['provider_name']} ({row['provider_id']})"
    )  # fmt: skip
    dollars = (
        f"{compact_money(row['net_overpaid_amount'])} of potential overpayment on "
        f"{count(row['overpaid_line_count'], 'line')}; apart from that, {compact_money(row['net_review_amount'])} "
        f"needs review"
    )
    rate = (
        f"{row['overpaid_line_count']:,} of {count(row['considered_line_count'], 'line')} considered were overpaid "
        f"({percents(row['overpaid_percent'])}, all providers {percents(row['pooled_percent'])}): {row['standing']}"
    )
    return provider_scope(run, f"{name}: {dollars}. {rate}.")
