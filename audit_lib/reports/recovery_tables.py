"""The tables of a report on recovery, the money walk, overrides and policy texts; see `audit_lib.reports.tables`.

The clock is the run's `--as-of` day and the plan's own lookback limits; without limits everything is unknown.
Dollars are net of overlap unless said; amounts are exact US dollars (Decimal).
"""

import pandas as pd

from audit_lib.reports.recovery_layouts import WALK_CAPTIONS
from audit_lib.run import Run


def by_status(run: Run) -> pd.DataFrame:
    """Return what is recoverable, unknown and time-barred, and the total.

    Columns: recovery_status, overpaid_line_count, net_overpaid_amount, contingent_overpaid_amount,
    review_line_count, net_review_amount, is_total.
    """
    return run.table("recovery_totals")


def expiring(run: Run) -> pd.DataFrame:
    """Return what is recoverable by when it ceases to be, and the total.

    Columns: expires (within 30 days, in 31 to 60, in 61 to 90, later, no last day), overpaid_line_count
    (a line stands in each part that its dollars fall into), net_overpaid_amount, review_line_count,
    net_review_amount, is_total.
    """
    return run.table("expiring")


def by_rule(run: Run) -> pd.DataFrame:
    """Return the rules credited with net overpaid dollars, and the total.

    Columns: rule_number, rule, title, net_overpaid_amount, recoverable_amount, within_30_days_amount,
    within_60_days_amount (31 to 60), within_90_days_amount (61 to 90), unknown_amount, time_barred_amount, is_total.
    """
    return run.table("rule_recovery")


def by_provider(run: Run) -> pd.DataFrame:
    """Return the 20 providers with the most recoverable dollars, the others as one, and the total.

    Columns: position (21: the others), provider_id, provider_name, and the amounts of `by_rule`, is_total.
    """
    return run.table("provider_recovery")


def paid_walk(run: Run) -> pd.DataFrame:
    """Return the steps from the paid total of the file to the net overpaid dollars, of the whole run.

    Columns: those of `overpayment_walk`.
    """
    return _walk(run, "paid")


def overpayment_walk(run: Run) -> pd.DataFrame:
    """Return the steps from what each rule decided to what can be recovered, of the whole run.

    What reviewers recovered, overturned or wrote off are steps of their own where the run knows of any.

    Columns: walk, position, step, kind (part: a share of the total beside it, step, total), title, step_amount
    (signed), balance_amount (what is left after the row; missing for parts), line_count.
    """
    return _walk(run, "overpayment")


def member_shares(run: Run) -> pd.DataFrame:
    """Return what members owed on the lines with net overpaid dollars: each line's whole share.

    Columns: share, supplied_line_count, missing_line_count, share_line_count (lines with a share), member_amount,
    is_total.
    """
    return run.table("member_shares")


def overrides(run: Run) -> pd.DataFrame:
    """Return every override of the plan with what it changed, also the unused ones.

    Columns: override_row (of the file), rule, hcpcs_code, days, action, note, approved_by, line_count,
    decided_amount (what the rule had decided on these lines, before netting), use (used, unused).
    """
    return run.table("plan_overrides")


def policy_texts(run: Run) -> pd.DataFrame:
    """Return the texts that the findings rest on, and the total.

    Columns: policy_text, overpaid_line_count, net_overpaid_amount, review_line_count, net_review_amount, is_total.
    """
    return run.table("policy_texts")


def windows(run: Run) -> pd.DataFrame:
    """Return the in-force windows that the run judged by.

    Columns: window_group, not_in_force_before, overpayment_from, policy_text, earlier_policy_text.
    """
    return run.table("used_windows")


def limits(run: Run) -> pd.DataFrame:
    """Return the plan's lookback limits with the findings that each decided, also the unused ones.

    Columns: limit_row (of the file), line_of_business, state, months, counted_from, exempt_rules, citation,
    finding_count.
    """
    return run.table("used_limits")


def _walk(run: Run, walk: str) -> pd.DataFrame:
    table = run.table("money_walk")
    table.attrs["caption"] = WALK_CAPTIONS[walk]
    return table[table["walk"] == walk].reset_index(drop=True)
