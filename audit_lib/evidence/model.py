"""What the evidence of a finding is made of: the one data model of the command, the notebook and the hand-out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class EvidenceLine:
    """A claim line that the evidence shows.

    `role`: finding, proof (the related line), counted (counts a day of the amount), claim (another line of the claim),
    beside (another line of the member on these days, the day before or after), earlier or later (a drug of the
    weeks before or after, where one is missed). Amounts in US dollars.
    """

    role: str
    claim_id: str
    claim_line_number: int
    provider_id: str
    is_other_provider: bool
    claim_line_start_date: date
    claim_line_end_date: date
    day_count: int
    paid_date: date | None
    hcpcs_code: str | None
    revenue_center_code: str | None
    code_label: str | None
    modifiers: str
    service_unit_quantity: Decimal | None
    paid_amount: Decimal
    allowed_amount: Decimal | None
    place_of_service_code: str | None
    authorization_number: str | None
    is_denied: bool
    source_file: str
    source_row: int


@dataclass(frozen=True)
class CountedDay:
    """A day that the amount is counted by; not in question where the line was in order on it, whole or in part."""

    service_date: date
    is_in_question: bool
    is_in_part: bool = False


@dataclass(frozen=True)
class Statement:
    """One sentence of the evidence; `section` is a key of `SECTIONS`.

    `names_other_provider`: it names a claim of another provider than the finding's, or says how one compares; only the
    plan may read it.
    """

    section: str
    text: str
    names_other_provider: bool = False


@dataclass(frozen=True)
class Doubt:
    """What the claims themselves say against the finding; `detail` parts what one kind of doubt can be."""

    doubt: str
    detail: str | None


SECTIONS = {
    "finding": "The finding",
    "rule": "What the rule says",
    "in_force": "Which text was in force",
    "arithmetic": "The amount, step by step",
    "tried": "What was asked, and what the claims answer",
    "others": "What else the audit says of this line",
    "settled_by": "Documents that would settle it",
    "against": "What speaks against this finding",
    "cautions": "Read this first",
}


@dataclass(frozen=True, repr=False)
class Evidence:
    """Everything that a finding rests on, from a finished run alone.

    `finding` holds the columns of findings.parquet and the net amounts of its line. `is_reperformed` says whether this
    installation came to the run's own outcome and amount again, to the cent; where it did not, `tried` and the steps of
    the amount are left out and `cautions` says why. `cautions` also says what the data-quality gate makes of the run.
    """

    finding: dict[str, Any]
    title: str
    lines: tuple[EvidenceLine, ...]
    days: tuple[CountedDay, ...]
    statements: tuple[Statement, ...]
    doubts: tuple[Doubt, ...]
    is_reperformed: bool
    recomputed_amount: Decimal | None

    def __repr__(self) -> str:
        """Return the evidence as text, as the command prints it and JupyterLab shows it."""
        from audit_lib.evidence.text import as_text

        return as_text(self)

    @property
    def finding_id(self) -> str:
        """Return the finding's id."""
        return str(self.finding["finding_id"])

    def texts(self, section: str) -> list[str]:
        """Return the sentences of one section, in their order."""
        return [statement.text for statement in self.statements if statement.section == section]
