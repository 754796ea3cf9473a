"""Plotly figures from the tidy tables of `audit_lib.reports.tables`. A figure's title says what it shows, in words.

Bars are dollars; the exact cents stand in the hover text. Where a table holds nothing to draw, a note says so
instead.
"""

from audit_lib.reports.figures.exposure import by_code, by_month, by_provider, by_rule, gross_and_net, outcomes, trend
from audit_lib.reports.figures.providers import funnel, pareto, rule_rates
from audit_lib.reports.figures.style import COLOURS, NAMES
from audit_lib.reports.figures.therapies import (
    code_kinds,
    course_timeline,
    episode_units,
    pump_calendar,
    therapy_mix,
    tpn_products,
)
from audit_lib.reports.figures.worklist import evidence_curve, evidence_kinds

__all__ = [
    "COLOURS", "NAMES", "by_code", "by_month", "by_provider", "by_rule", "code_kinds", "course_timeline",
    "episode_units", "evidence_curve", "evidence_kinds", "funnel", "gross_and_net", "outcomes", "pareto",
    "pump_calendar", "rule_rates", "therapy_mix", "tpn_products", "trend",
]  # fmt: skip
