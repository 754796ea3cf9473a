"""Checks of what rules say about reading their evidence, against their SQL."""

from __future__ import annotations

from collections.abc import Iterator

from audit_lib.catalogue.contents import Catalogue, of_rule
from audit_lib.claims.sql_values import case_labels
from audit_lib.rules import EvidenceView, Rule


def evidence_fits_the_sql(catalogue: Catalogue) -> Iterator[str]:
    """Every rule says how its evidence is read: named selections and situations that its SQL has, in its order."""
    for rule in catalogue.rules:
        if not rule.metadata.evidence:
            yield of_rule(rule, "evidence is empty")
        selections = {cte.alias for cte in catalogue.queries[rule.name].ctes}
        for view in rule.metadata.evidence:
            unknown = sorted(set(view.rows) - selections)
            yield from (of_rule(rule, f"evidence reads {name}, no named selection of its SQL") for name in unknown)
            yield from _situations(rule, view)


def _situations(rule: Rule, view: EvidenceView) -> Iterator[str]:
    labels = case_labels(rule.sql, "situation")
    named = [question.case for question in view.tried if question.case is not None]
    for label in named:
        if label not in labels:
            yield of_rule(rule, f"evidence names the situation {label}, which its SQL does not give")
    known = [label for label in named if label in labels]
    if known != sorted(known, key=labels.index):
        yield of_rule(rule, "evidence names situations in another order than its SQL asks for them")
