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
    diem that is itself overpaid in full), without_contingent_amount, home_infusion_paid_amount (of the whole
    run, on claims with a per diem).
    """
    return run.table("headline")


def decisions(run: Run) -> pd.DataFrame:
    """Return in one row what became of all decisions, a decision being a rule's answer on a line.

    Columns: decision_count, finding_count, in_order_count (passed or excepted), not_evaluable_count,
    not_in_force_count, undecided_line_count and undecided_paid_amount (lines with an answer not_evaluable, each once).
    """
    return run.table("decision_totals")


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
    contingent_overpaid_amount and net_review_amount (credited to one rule a line),
    validation (accepted, not yet validated here), is_total.
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

    Columns: position (21: the others), provider_id (TIN, else NPI; missing where several), provider_name,
    provider_count, overpaid_provider_count (with net dollars overpaid), overpaid_claim_count,
    overpaid_member_count, net_overpaid_amount, contingent_overpaid_amount, running_overpaid_amount (with the
    providers above), review_claim_count, net_review_amount, is_total.
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


def trend(run: Run) -> pd.DataFrame:
    """Return net dollars by month of service and by month of payment.

    Columns: date_kind (service, paid), period_month (its first day), line_count, net_overpaid_amount,
    net_review_amount.
    """
    return run.table("trend_months")


def findings(run: Run) -> pd.DataFrame:
    """Return the first 500 findings, those with the most dollars first.

    Columns: title (of the rule), outcome, provider_name, claim_id, claim_line_number, member_id,
    claim_line_start_date, hcpcs_code, code_label, paid_amount, gross_amount (this rule's own), reason, policy_text,
    finding_id, whole_count (findings in all).
    """
    return run.table("finding_list")


def reasons(run: Run) -> pd.DataFrame:
    """Return what rules answered, by outcome and reason, at most 300 rows.

    Columns: rule_number, title, outcome, reason, line_count, paid_amount, gross_amount, whole_count.
    """
    return run.table("reason_totals")


def provider_rates(run: Run) -> pd.DataFrame:
    """Return how often lines of each provider were overpaid, with the control limits of a funnel plot.

    Columns: provider_id, provider_name, considered_line_count, overpaid_line_count, review_line_count,
    overpaid_percent, pooled_percent (of all providers together), warning_percent and alarm_percent (upper 95 % and
    99.8 % limits at this number of lines), standing, net_overpaid_amount, net_review_amount, and of the provider's
    audited lines claim_count, member_count, per_diem_day_count, paid_amount.
    Source: D. J. Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24 (2005).
    """
    return run.table("provider_rates")


def profiled_provider(run: Run) -> pd.DataFrame:
    """Return the row of `provider_rates` of the provider that is profiled; none where it has no line considered."""
    return run.table("profiled_provider")


def profile_rules(run: Run) -> pd.DataFrame:
    """Return the profiled provider, rule by rule, against peers with at least the least number of lines.

    Columns: rule_number, rule, title, considered_line_count, overpaid_line_count, review_line_count,
    overpaid_percent, peers_overpaid_percent (peers together), median_overpaid_percent (of peers), peer_count,
    gross_overpaid_amount, gross_review_amount.
    """
    return run.table("profile_rules")


def profile_therapies(run: Run) -> pd.DataFrame:
    """Return the profiled provider's per diems by therapy against all other providers together.

    Columns: therapy_family, day_count, day_percent and peers_day_percent (share of all per diem days), units_per_day,
    peers_units_per_day, paid_per_day_amount and peers_paid_per_day_amount (averages), peer_count, paid_amount.
    """
    return run.table("profile_therapies")


def therapies(run: Run) -> pd.DataFrame:
    """Return the per diems of all providers by therapy, with findings or without.

    Columns: therapy_family, code_count, provider_count, line_count, day_count, unit_quantity, units_per_day,
    paid_amount.
    """
    return run.table("therapy_totals")


def code_kinds(run: Run) -> pd.DataFrame:
    """Return what the audited lines paid for. Columns: code_kind, code_count, line_count, paid_amount."""
    return run.table("code_kind_totals")


def code_mix(run: Run) -> pd.DataFrame:
    """Return the 300 codes that the most was paid for.

    Columns: hcpcs_code, code_label, code_kind, provider_count, line_count, unit_quantity, paid_amount,
    net_overpaid_amount, net_review_amount, whole_count.
    """
    return run.table("code_mix_totals")


def episodes(run: Run) -> pd.DataFrame:
    """Return courses of therapy by length: a member's per diems of one code and provider, at most 30 days apart.

    Columns: therapy_family, shortest_day_count, length_class, episode_count, episode_above_days_count (more units than
    days), day_count, unit_quantity, units_per_day, paid_amount.
    """
    return run.table("episode_lengths")


def pump_calendar(run: Run) -> pd.DataFrame:
    """Return the days with S9328 of the three members with the most units beyond their refills.

    Columns: member_rank, member_id, provider_name, service_date, unit_quantity, kept_unit_quantity, day_kind.
    """
    return run.table("pump_calendar")


def tpn_products(run: Run) -> pd.DataFrame:
    """Return the products behind TPN codes.

    Columns: product_name, policy (as in the code lists), found_by (ndc_code, drug_name, ndc_directory, hcpcs_code),
    is_beside_per_diem, line_count, paid_amount, whole_count.
    """
    return run.table("tpn_product_totals")


def course(run: Run) -> pd.DataFrame:
    """Return the lines of the course of therapy with the most net dollars in question, at most 60 (of `whole_count`).

    Columns: claim_line_start_date, claim_line_end_date, hcpcs_code, code_label, unit_quantity, paid_amount,
    net_overpaid_amount, net_review_amount, line_outcome, claim_id, claim_line_number, member_id, provider_name.
    """
    return run.table("course_lines")


def evidence_requests(run: Run) -> pd.DataFrame:
    """Return the first 500 pieces of evidence to ask for, the one that settles the most dollars first.

    Columns: request_rank, evidence, title (of the rule), provider_name, member_id, claim_id, line_count, claim_count,
    net_review_amount, running_review_amount, whole_review_amount, settled_by (documents), whole_count.
    """
    return run.table("evidence_requests")


def evidence_kinds(run: Run) -> pd.DataFrame:
    """Return the kinds of evidence.

    Columns: evidence, request_count (pieces), line_count, claim_count, net_review_amount, per_request_amount (average).
    """
    return run.table("evidence_kinds")


def rule_texts(run: Run) -> pd.DataFrame:
    """Return what the rules that considered a kept line decide.

    Columns: rule_number, title, why, recover, settled_by (documents), policy_section.
    """
    return run.table("rule_texts")


def explained_finding(run: Run) -> pd.DataFrame:
    """Return the finding that is explained, none where there is none.

    Columns: finding_id, rule, member_id, provider_id, is_kept (by the filters).
    """
    return run.table("explained_finding")


def related_findings(run: Run) -> pd.DataFrame:
    """Return the first 200 other findings of the explained one's member, or of its rule and provider.

    Columns: relation, title (of the rule), outcome, gross_amount (the rule's own), paid_amount, provider_name,
    member_id, claim_id, claim_line_number, claim_line_start_date, hcpcs_code, reason, finding_id, whole_count.
    """
    return run.table("related_findings")


def lead_reasons(run: Run) -> pd.DataFrame:
    """Return why lines need review.

    Columns: rule_number, title, reason, line_count, claim_count, paid_amount, gross_amount (the rule's own).
    """
    return run.table("lead_reasons")


def finding_gaps(run: Run) -> pd.DataFrame:
    """Return the fields that lines with a finding do not state.

    Columns: column_name, missing_count of row_count lines, net_overpaid_amount and net_review_amount on them.
    """
    return run.table("finding_gaps")
