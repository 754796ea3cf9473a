"""What a run is asked to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

from audit_lib.choices import EngineName, PeriodBy
from audit_lib.errors import refusal
from audit_lib.settings import Settings
from audit_lib.settings_tables import Period

# Those that tell of a whole run; 07_claim_evidence tells of one finding and is asked for by its id.
DEFAULT_NOTEBOOKS = (
    "01_data_quality",
    "02_rule_findings",
    "03_overpayment_exposure",
    "04_provider_profile",
    "05_therapy_and_code_mix",
    "06_review_worklist",
)


@dataclass(frozen=True)
class RunOptions:
    """What a run is asked to do; the command's options by name.

    Raises AuditError (2) naming everything that cannot be asked, before anything is read.
    """

    claims: str
    out: Path
    table: str = ""
    query: str = ""
    layout: str = "canonical"
    period_from: date | None = None
    period_to: date | None = None
    period_by: PeriodBy = "service"
    rules: Sequence[str] = ()
    settings: Settings = field(default_factory=Settings)
    is_assumed_in_force: bool = False
    as_of: date = field(default_factory=lambda: datetime.now(UTC).date())
    run_id: str = ""
    with_reports: bool = True
    with_quality: bool = True
    with_shared_reports: bool = False
    ledger: Path | None = None
    notebooks: Sequence[str] = DEFAULT_NOTEBOOKS
    engine: EngineName = "duckdb"
    spark_master: str = ""
    needs_lines_in_period: bool = False

    def __post_init__(self) -> None:
        if problems := list(self._problems()):
            raise refusal("The run cannot be asked for in this way", problems)

    @property
    def period(self) -> Period:
        """Return the dates that findings are reported on."""
        return Period(self.period_from, self.period_to, self.period_by)

    def _problems(self) -> Iterator[str]:
        if self.period_from and self.period_to and self.period_from > self.period_to:
            yield f"the period ends before it begins, from {self.period_from} to {self.period_to}"
        if self.period_by not in get_args(PeriodBy):
            yield f"a period is chosen by {' or '.join(get_args(PeriodBy))}, not by {self.period_by!r}"
        if self.engine not in get_args(EngineName):
            yield f"the engine is {' or '.join(get_args(EngineName))}, not {self.engine!r}"
        if self.spark_master and self.engine != "spark":
            yield "a Spark master is named without the engine spark that runs there (--engine spark)"
        for name in ("rules", "notebooks"):
            if isinstance(getattr(self, name), str):
                yield f"{name} must be a list of names, not one text"
