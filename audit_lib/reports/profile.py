"""The head of a provider's profile: who it is, its dollars, how it stands against all providers."""

from audit_lib.reports import tables
from audit_lib.reports.blocks import Block
from audit_lib.reports.scope import provider_scope
from audit_lib.run import Run
from audit_lib.words import count, money, percents

# What the standings of `provider_rates` mean in a sentence.
_STANDINGS = {
    "above 99.8 % limit": "above the upper limit of 99.8 %, more than chance explains",
    "above 95 % limit": "above the upper limit of 95 %, more than chance often explains",
    "within limits": "within the limits of what chance explains",
    "below 95 % limit": "below the lower limit of 95 %, less than chance often explains",
    "below 99.8 % limit": "below the lower limit of 99.8 %, less than chance explains",
    "too few lines": "too few lines to tell this from chance",
}


def profile_front(run: Run) -> Block:
    """Return the provider in a sentence, the run, the filter used, what to know first."""
    profiled = tables.profiled_provider(run)
    if profiled.empty:
        return provider_scope(
            run,
            "No rule considered a line of this provider: there is nothing to profile. A profile is of one provider, "
            "named by its TIN, by its NPI only where no TIN is billed.",
        )
    row = profiled.iloc[0]
    name = row["provider_name"] if row["provider_name"] == row["provider_id"] else (
        f"{row['provider_name']} ({row['provider_id']})"
    )  # fmt: skip
    dollars = (
        f"{money(row['net_overpaid_amount'])} of potential overpayment on "
        f"{count(row['overpaid_line_count'], 'line')}; apart from that, {money(row['net_review_amount'])} "
        f"needs review"
    )
    rate = (
        f"{row['overpaid_line_count']:,} of {count(row['considered_line_count'], 'line')} considered were overpaid "
        f"({percents(row['overpaid_percent'])}, all providers {percents(row['pooled_percent'])}): "
        f"{_STANDINGS[row['standing']]}"
    )
    return provider_scope(run, f"{name}: {dollars}. {rate}.")
