"""What the ledger says of a run's findings, one function per table; empty where the run was made without a ledger.

Columns that end in `_amount` are exact US dollars (Decimal), those that end in `_count` whole numbers. Potential
overpayment and needs review have rows or columns of their own and are never added together. These tables stand for
the whole ledger, whatever a report is filtered by.
"""

import pandas as pd

from audit_lib.run import Run


def has_ledger(run: Run) -> bool:
    """Tell whether the run was recorded in a ledger that may be shown: never in a report that is shared."""
    return not run.is_shared and (run.folder / "finding_status.parquet").is_file()


def since_last_run(run: Run) -> pd.DataFrame:
    """Return the statuses in their order.

    Columns: position, status, meaning, finding_count, raised_again_count (closed before, and changed since),
    net_overpaid_amount, net_review_amount (as last seen).
    """
    return _table(run, "status_totals")


def settled_words(run: Run) -> str:
    """Say that dollars are counted before what reviewers settled of them; '' where they settled no overpayment kept."""
    if not has_ledger(run):
        return ""
    row = run.table("closed_dollars").iloc[0]
    return ", before what reviewers closed or recovered" if row["is_overpayment_settled"] else ""


def new_by_rule(run: Run) -> pd.DataFrame:
    """Return what is new or changed by rule.

    Columns: rule_number, rule, title, status, finding_count, net_overpaid_amount, net_review_amount.
    """
    return _table(run, "status_by_rule")


def funnel_by_rule(run: Run) -> pd.DataFrame:
    """Return the road from identified to recovered by measure and rule, with a total per measure.

    Columns: measure, rule_number, rule, title (the rule's id where this run does not have it), finding_count,
    identified_amount, noticed_amount, disputed_amount, upheld_amount (how much of it came that far), and its parts
    recovered_amount, overturned_amount, written_off_amount, fell_away_amount (gone, or its claim replaced) and
    outstanding_amount, of which time_barred_amount; is_total.
    """
    return _table(run, "recovery_funnel_by_rule")


def funnel_by_provider(run: Run) -> pd.DataFrame:
    """Return the road from identified to recovered by measure and provider: columns as in `funnel_by_rule`.

    Instead of the rule: position (21: all others), provider_name, provider_id.
    """
    return _table(run, "recovery_funnel_by_provider")


def precision(run: Run) -> pd.DataFrame:
    """Return how each rule stands with the reviewers.

    Columns: rule_number, rule, title, rule_version, decided_count, upheld_count, overturned_count,
    decided_at_this_version_count, precision_share, precision_low and precision_high (upheld of decided, Wilson's
    interval at 95 %; missing where nothing is decided), the same in percent (precision_percent, …),
    judged_finding_count, agreed_finding_count,
    judged_pass_count, agreed_pass_count, validation (accepted, not yet validated here).
    """
    return _table(run, "rule_precision")


def _table(run: Run, name: str) -> pd.DataFrame:
    return run.table(name) if has_ledger(run) else pd.DataFrame()
