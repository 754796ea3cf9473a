"""What a run is asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

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
    """What a run is asked to do; the command's options by name."""

    claims: str
    out: Path
    table: str = ""
    query: str = ""
    layout: str = "canonical"
    period_from: date | None = None
    period_to: date | None = None
    period_by: str = "service"
    rules: list[str] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)
    is_assumed_in_force: bool = False
    as_of: date = field(default_factory=lambda: datetime.now(UTC).date())
    run_id: str = ""
    with_reports: bool = True
    with_quality: bool = True
    with_shared_reports: bool = False
    ledger: Path | None = None
    notebooks: tuple[str, ...] = DEFAULT_NOTEBOOKS
    engine: str = "duckdb"
    spark_master: str = ""

    @property
    def period(self) -> Period:
        """Return the dates that findings are reported on."""
        return Period(self.period_from, self.period_to, self.period_by)
