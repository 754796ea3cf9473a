"""The stays in hospital that a finding rests on: their dates, and each claim that they are made of."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from audit_lib.words import count, day

if TYPE_CHECKING:
    from audit_lib.evidence.sentences import Source

Rows = list[dict[str, Any]]


def stays(source: Source) -> Iterator[tuple[str, bool]]:
    """Yield what each stay rests on, and whether it says more of another provider's claims than that there are some."""
    for (admission, discharge), rows in groupby(
        source.tables["stays"], key=lambda row: (row["admission_date"], row["discharge_date"])
    ):
        claims = list(rows)
        has_other = any(row["is_other_provider"] for row in claims)
        yield _billed_on(claims), False
        yield f"It lasts from admission on {day(admission)} to discharge on {day(discharge)}.", has_other
        for row in claims:
            whose = " of another provider" if row["is_other_provider"] else ""
            days = f"{day(row['first_date'])} to {day(row['last_date'])}"
            yield f"Claim {row['claim_id']}{whose}: {days}.", row["is_other_provider"]


def _billed_on(claims: Rows) -> str:
    """Say on how many of the provider's own claims a stay is billed; of others no more than that there are some."""
    own = sum(not row["is_other_provider"] for row in claims)
    if not own:
        return "The stay is not billed by this provider."
    others = " of this provider, and by another provider" if own < len(claims) else ""
    return f"The stay is billed on {count(own, 'claim')}{others}."
