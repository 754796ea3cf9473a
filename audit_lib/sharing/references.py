"""The list of findings by reference: pseudonyms, and the rule where enough members share all that is shown of one."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from audit_lib.pseudonyms import Pseudonyms
from audit_lib.sharing.suppression import LEAST_MEMBERS

Pattern = tuple[str, ...]
LISTED = 2_000
WITHHELD = "withheld"


def references(
    findings: pd.DataFrame, withheld_rules: set[tuple[str, str]], pseudonyms: Pseudonyms
) -> list[dict[str, str]]:
    """Return at most 2,000 findings in the order of their references: finding, claim, member, rule, outcome.

    `findings` are those that dollars are credited to (`sql/sharing/finding_patterns.sql`).

    Rule and outcome are shown where at least 11 members have that pattern of rules and outcomes; otherwise, and for
    `withheld_rules` (rule, outcome), they are withheld.
    """
    shown = shown_patterns(_patterns(findings), withheld_rules)
    rows = []
    for row in findings.to_dict("records"):
        is_shown = tuple(row["pattern"]) in shown
        rows.append(
            {
                "finding": pseudonyms.finding(str(row["rule"]), str(row["claim_id"]), int(row["claim_line_number"])),
                "claim": pseudonyms.claim(str(row["claim_id"])),
                "member": pseudonyms.member(str(row["member_id"])),
                "rule": str(row["rule"]) if is_shown else WITHHELD,
                "outcome": str(row["outcome"]) if is_shown else WITHHELD,
            }
        )
    return sorted(rows, key=lambda row: row["finding"])[:LISTED]


def _patterns(findings: pd.DataFrame) -> dict[Pattern, int]:
    """Return how many members have each pattern."""
    members = findings.drop_duplicates("member_id")
    return Counter(tuple(pattern) for pattern in members["pattern"])


def shown_patterns(patterns: dict[Pattern, int], withheld_rules: set[tuple[str, str]]) -> set[Pattern]:
    """Return the patterns that may be shown: of 11 members or more, and so that 1 to 10 members never remain.

    Whoever knows how many members a rule has could subtract those that are shown; so, for every rule and outcome and
    for all together, the members that are not shown are none or at least 11.
    """
    hidden = {f"{rule}|{outcome}" for rule, outcome in withheld_rules}
    shown = {p for p, count in patterns.items() if count >= LEAST_MEMBERS and not hidden & set(p)}
    parts: list[str | None] = [None, *sorted({part for pattern in patterns for part in pattern})]
    while True:
        for part in parts:
            of_part = {p: n for p, n in patterns.items() if part is None or part in p}
            remaining = sum(count for pattern, count in of_part.items() if pattern not in shown)
            if 0 < remaining < LEAST_MEMBERS and (candidates := sorted(shown & set(of_part))):
                shown.remove(min(candidates, key=lambda pattern: patterns[pattern]))
                break
        else:
            return shown
