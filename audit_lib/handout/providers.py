"""Which providers a hand-out is written for, and what stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from audit_lib.errors import USAGE, AuditError
from audit_lib.settings_rows import provider_key
from audit_lib.small_tables import as_dicts
from audit_lib.words import count

Totals = Mapping[str, Any]


@dataclass(frozen=True)
class Choice:
    """What an export is asked for beside the demands."""

    providers: list[str]
    with_review: bool = False
    with_records_request: bool = False

    @property
    def keys(self) -> list[str]:
        """Return the providers as claims identify them: digits only, a TIN with its leading zero."""
        return [provider_key(name) for name in self.providers]

    def has_notice(self, totals: Totals) -> bool:
        """Tell whether the provider gets a notice: something is demanded, or leads are asked for and there are any."""
        return bool(totals["demanded_amount"] > 0 or (self.with_review and totals["review_line_count"]))

    def has_request(self, totals: Totals) -> bool:
        """Tell whether the provider gets a records request."""
        return bool(self.with_records_request and totals["document_count"])


def all_totals(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return every provider's totals, the rows of `handout_providers`, in the order of identifiers."""
    return as_dicts(connection.table("handout_providers").order("provider_id"))


def chosen_totals(totals: list[dict[str, Any]], choice: Choice) -> list[dict[str, Any]]:
    """Return the totals of the providers that something is written for.

    Raises AuditError (2) for a provider that is not in the run, and where nothing would be written.
    """
    wanted = choice.keys
    known = [row["provider_id"] for row in totals]
    if unknown := [name for name in wanted if name not in known]:
        # None is offered in its place: it would quote the claims, and a demand would go to somebody else.
        hints = " ".join(f"No provider {name!r} has a finding in this run." for name in unknown)
        raise AuditError(
            USAGE,
            f"{hints} Name the TIN (the NPI only where no TIN is billed) as it stands in findings.parquet, column "
            "provider_id.",
        )
    asked = [row for row in totals if not wanted or row["provider_id"] in wanted]
    found = [row for row in asked if choice.has_notice(row) or choice.has_request(row)]
    if not found:
        raise AuditError(USAGE, _nothing(asked, choice))
    return found


def _nothing(asked: list[dict[str, Any]], choice: Choice) -> str:
    leads = sum(row["review_line_count"] for row in asked)
    hint = (
        f" They have {count(leads, 'line')} under review: add --with-review."
        if leads and not choice.with_review
        else ""
    )
    whom = "the providers named" if choice.providers else "the providers of this run"
    closed = sum(row["closed_line_count"] + row["recovered_line_count"] for row in asked)
    why = " What the run found is closed by reviewers, recovered, or left out for another reason." if closed else ""
    return f"Nothing was exported: none of {whom} has an overpayment that can be demanded.{why}{hint}"


def sums(totals: list[dict[str, Any]]) -> dict[str, Any]:
    """Return counts and amounts over providers; reviews keep a place of their own."""
    names = [name for name in (totals[0] if totals else {}) if name.endswith(("_count", "_amount"))]
    return {
        name: sum((row[name] for row in totals), Decimal("0.00") if name.endswith("_amount") else 0) for name in names
    }
