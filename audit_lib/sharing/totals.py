"""Totals of the whole page set against each other: which of them may stand beside the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit_lib.sharing.suppression import LEAST_MEMBERS


@dataclass(frozen=True)
class ShownTotals:
    """Which totals may be shown; what is not is withheld, so that no difference of two is on 1 to 10 members."""

    has_references: bool
    has_member_counts: bool
    has_claim_counts: bool
    has_file_counts: bool


def shown_totals(overlaps: Mapping[Any, Any], told: Mapping[str, bool], file_member_count: int) -> ShownTotals:
    """Return which totals may be shown, given `sql/sharing/shared_overlaps.sql`.

    `told` says of overpayment and review whether the total is shown, where there are such lines at all. The list of
    references counts all findings, members and claims. So it goes where a measure is withheld, which could be computed
    from it; the counts of members and of claims go where what they leave of it is on few.
    """
    found = int(overlaps["found_member_count"])
    without_findings = file_member_count - found
    has_references = found == 0 or (found >= LEAST_MEMBERS and all(told.values()))
    # Without the list nobody knows how many have findings, unless everybody in the file has.
    is_found_known = has_references or without_findings == 0
    return ShownTotals(
        has_references=has_references,
        has_member_counts=not is_found_known or _is_safe(overlaps, told, "member_count"),
        has_claim_counts=not is_found_known or _is_safe(overlaps, told, "claim_member_count"),
        has_file_counts=without_findings >= LEAST_MEMBERS
        or (without_findings == 0 and found >= LEAST_MEMBERS and _has_clean_ones(overlaps)),
    )


def _is_safe(overlaps: Mapping[Any, Any], told: Mapping[str, bool], of: str) -> bool:
    """Tell whether the counts that are shown leave none or at least 11 members of those with findings."""
    shown = [name for name, is_told in told.items() if is_told]
    left = [int(overlaps[f"without_{name}_{of}"]) for name in shown]
    if len(shown) > 1:
        left.append(int(overlaps[f"both_{of}"]))
    return all(count == 0 or count >= LEAST_MEMBERS for count in left)


def _has_clean_ones(overlaps: Mapping[Any, Any]) -> bool:
    """Tell whether enough members have a claim and a line without finding, where every member has a finding."""
    counts = int(overlaps["clean_line_member_count"]), int(overlaps["clean_claim_member_count"])
    return min(counts) >= LEAST_MEMBERS
