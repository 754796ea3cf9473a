"""The tables of a report, one function each: tidy data frames computed in SQL from the files of a run.

Columns that end in `_amount` are exact US dollars (Decimal), those that end in `_count` whole numbers. Net
means that a claim line counts once, however many rules hit it. Where there is a column `is_total`, that row
stands for all the others. Potential overpayment and needs review have columns of their own and are never
added together.
"""

import pandas as pd

from audit_lib.run import Run


def headline(run: Run) -> pd.DataFrame:
    """Return potential overpayment and needs review, a row each.

    Columns: measure (overpayment, review), line_count, claim_count, member_count, provider_count,
    claim_without_provider_count, zero_dollar_line_count, net_amount, contingent_amount (rests on a per
    diem that is itself overpaid in full), without_contingent_amount, home_infusion_paid_amount (shares
    divide by it).
    """
    return run.table("headline")


def gates(run: Run) -> pd.DataFrame:
    """Return the gates in their order.

    Columns: position, gate, title, line_count, paid_amount (lines and dollars taken out or changed).
    """
    return run.table("reported_gates")


def by_rule(run: Run) -> pd.DataFrame:
    """Return the rules in their order, also those that considered nothing, and their total.

    Columns: rule_number, rule, title, considered_line_count, overpayment_line_count, review_line_count,
    pass_line_count, excepted_line_count, not_evaluable_line_count, not_in_force_line_count,
    gross_overpayment_amount and gross_review_amount (each rule for itself), net_overpaid_amount,
    contingent_overpaid_amount and net_review_amount (credited to one rule a line), is_total.
    """
    return run.table("rule_totals")


def by_month(run: Run) -> pd.DataFrame:
    """Return the months with a finding and their total, by the date that chooses the period.

    Columns: period_month (its first day), overpaid_line_count, overpaid_claim_count, net_overpaid_amount,
    contingent_overpaid_amount, review_line_count, review_claim_count, net_review_amount, is_total.
    """
    return run.table("month_totals")


def by_provider(run: Run) -> pd.DataFrame:
    """Return the 20 providers with the most potential overpayment, the others as one, and the total.

    Columns: position (21: the others), provider_id (TIN or NPI; missing where several), provider_name,
    provider_count, overpaid_claim_count, overpaid_member_count, net_overpaid_amount,
    contingent_overpaid_amount, running_overpaid_amount (with the providers above), review_claim_count,
    net_review_amount, is_total.
    """
    return run.table("provider_totals")


def by_code(run: Run) -> pd.DataFrame:
    """Return the 20 procedure codes with the most potential overpayment, the others as one, and the total.

    Columns: position (21: the others), hcpcs_code, code_label, code_count, overpaid_line_count,
    overpaid_claim_count, net_overpaid_amount, contingent_overpaid_amount, review_line_count,
    net_review_amount, is_total.
    """
    return run.table("code_totals")


def undecided(run: Run) -> pd.DataFrame:
    """Return the lines that a rule considered but could not decide, by rule and reason.

    Columns: rule_number, rule, title, outcome (not_evaluable, not_in_force), reason, line_count,
    paid_amount.
    """
    return run.table("undecided_lines")


def assumptions(run: Run) -> pd.DataFrame:
    """Return the columns that a gate needs and the claims lack.

    Columns: column_name, assumed, line_count and paid_amount (lines without the field),
    overpayment_line_count and overpayment_amount (potential overpayment on these lines).
    """
    return run.table("carried_assumptions")


def rejected_rows(run: Run) -> pd.DataFrame:
    """Return the source rows that could not be read. Columns: column_name, reason, row_count."""
    return run.table("rejected_row_counts")


def reconciliation(run: Run) -> pd.DataFrame:
    """Return each headline, computed anew on other roads.

    Columns: road, measure, headline_line_count, recomputed_line_count (missing where a road has none),
    headline_amount, recomputed_amount, is_equal.
    """
    return run.table("reconciliation")


def rules(run: Run) -> pd.DataFrame:
    """Return the rules of the run.

    Columns: rule_number, rule, title, family, window_group, rule_version, policy_section, sql_sha256.
    """
    return run.table("audited_rules")
