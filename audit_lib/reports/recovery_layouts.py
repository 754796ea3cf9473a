"""What the tables of `audit_lib.reports.recovery_tables` say above themselves and call their columns."""

_TIMES = {
    "net_overpaid_amount": "Potential overpayment",
    "recoverable_amount": "Recoverable",
    "within_30_days_amount": "of which expires in 30 days",
    "within_60_days_amount": "in 31 to 60 days",
    "within_90_days_amount": "in 61 to 90 days",
    "unknown_amount": "Unknown",
    "time_barred_amount": "Time-barred",
}

_WALKED = "of the whole run. Each step says what it took, the balance what is left"
# The two walks of `money_walk`, each with a table of its own.
WALK_CAPTIONS = {
    "overpayment": f"The money walk from what the rules decided to what is still in time, {_WALKED}",
    "paid": f"The money walk from the paid total of the file to the potential overpayment, {_WALKED}",
}

RECOVERY_LAYOUTS: dict[str, tuple[str, dict[str, str]]] = {
    "recovery_totals": (
        "Net dollars by what the plan's lookback limits say on the day of the run",
        {
            "recovery_status": "Status",
            "net_overpaid_amount": "Potential overpayment",
            "contingent_overpaid_amount": "of which contingent",
            "overpaid_line_count": "Lines",
            "net_review_amount": "Needs review",
            "review_line_count": "Lines",
        },
    ),
    "expiring": (
        "What is recoverable, by the time that is left to demand it",
        {
            "expires": "Expires",
            "net_overpaid_amount": "Potential overpayment",
            "overpaid_line_count": "Lines",
            "net_review_amount": "Needs review",
            "review_line_count": "Lines",
        },
    ),
    "rule_recovery": (
        "Rules credited with potential overpayment. Every dollar is recoverable, unknown or time-barred",
        {"rule_number": "No.", "title": "Rule", **_TIMES},
    ),
    "provider_recovery": (
        "The 20 providers with the most recoverable dollars, then all others",
        {"provider_name": "Provider", "provider_id": "TIN, else NPI", **_TIMES},
    ),
    "used_limits": (
        "The plan's lookback limits and the findings whose time each decided. A limit without findings may be misspelt",
        {
            "limit_row": "Row",
            "line_of_business": "Line of business",
            "state": "State",
            "months": "Months",
            "counted_from": "Counted from",
            "exempt_rules": "Exempt rules",
            "citation": "Citation",
            "finding_count": "Findings",
        },
    ),
    "money_walk": (
        "Steps of the money walk, of the whole run. Each step says what it took, the balance what is left",
        {"title": "Step", "line_count": "Lines", "step_amount": "Dollars", "balance_amount": "Balance"},
    ),
    "member_shares": (
        "Members' shares on the lines with net overpaid dollars, as delivered: the whole share of each line",
        {
            "share": "Share",
            "supplied_line_count": "Lines that state it",
            "missing_line_count": "Lines that do not",
            "share_line_count": "Lines with a share",
            "member_amount": "Members' share",
        },
    ),
    "plan_overrides": (
        "The plan's overrides. Dollars are what the rule had decided on the lines, before netting",
        {
            "override_row": "Row",
            "rule": "Rule",
            "hcpcs_code": "Code",
            "days": "Days of service",
            "action": "Action",
            "note": "Note",
            "approved_by": "Approved by",
            "use": "Use",
            "line_count": "Lines changed",
            "decided_amount": "Dollars changed",
        },
    ),
    "policy_texts": (
        "The policy texts that findings rest on. A line stands with the text of the finding that is credited with it",
        {
            "policy_text": "Text",
            "net_overpaid_amount": "Potential overpayment",
            "overpaid_line_count": "Lines",
            "net_review_amount": "Needs review",
            "review_line_count": "Lines",
        },
    ),
    "used_windows": (
        "In-force windows of this run. Between the two days an overpayment is shown as a review",
        {
            "window_group": "Group",
            "not_in_force_before": "Not in force before",
            "overpayment_from": "Overpayment from",
            "policy_text": "Text from then on",
            "earlier_policy_text": "Text before",
        },
    ),
}
