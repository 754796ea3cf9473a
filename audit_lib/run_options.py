"""What a run is asked to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from os import PathLike
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

_CANNOT = "The run cannot be asked for in this way"
# Fields that are days, and the names that Python gives them; those that are text.
_DAYS = {"period_from": "date_from", "period_to": "date_to", "as_of": "as_of"}
_TEXTS = ("table", "query", "layout", "run_id", "spark_master")
_LENGTH = len("YYYY-MM-DD")


def today() -> date:
    """Return the day that it is where the program runs; its clock's time zone decides."""
    return datetime.now().astimezone().date()


@dataclass(frozen=True)
class RunOptions:
    """What a run is asked to do; the command's options by name. A day may come as text, YYYY-MM-DD, or as midnight.

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
    as_of: date = field(default_factory=today)
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
        for name in _DAYS:
            object.__setattr__(self, name, _as_day(getattr(self, name)))
        if problems := list(self._problems()):
            raise refusal(_CANNOT, problems)

    @property
    def period(self) -> Period:
        """Return the dates that findings are reported on."""
        return Period(self.period_from, self.period_to, self.period_by)

    def _problems(self) -> Iterator[str]:
        no_days = [said for name, said in _DAYS.items() if not _is_day(getattr(self, name), name)]
        yield from (f"{said} must be a date of the calendar, or text as YYYY-MM-DD" for said in no_days)
        if not no_days and self.period_from and self.period_to and self.period_from > self.period_to:
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
            elif not _is_list_of_names(getattr(self, name)):
                yield f"{name} must be a list of names"
        yield from (f"{name} must be text" for name in _TEXTS if not isinstance(getattr(self, name), str))
        if not isinstance(self.is_assumed_in_force, bool):
            yield "assume_in_force must be True or False"


def _as_day(value: object) -> object:
    """Return the day that is meant where only one can be: of text in ISO form, or of a midnight without a zone."""
    with suppress(ValueError):  # of a text that is none, and of pandas' missing time
        if isinstance(value, str):
            return date.fromisoformat(value) if len(value) == _LENGTH else value or None
        if isinstance(value, datetime) and value.tzinfo is None and value.time() == time():
            return value.date()
    return value


def _is_day(value: object, name: str) -> bool:
    may_be_absent = value is None and name != "as_of"
    return may_be_absent or (isinstance(value, date) and not isinstance(value, datetime))


def _is_list_of_names(value: object) -> bool:
    return isinstance(value, Sequence) and all(isinstance(name, str) for name in value)


def refuse_no_paths(**given: object) -> None:
    """Refuse what names no file or folder where one is needed, by the name of the option. Raises AuditError (2)."""
    problems = []
    for name, value in given.items():
        if not isinstance(value, str | PathLike):
            problems.append(f"{name} must be a path, not of the kind {type(value).__name__}")
        elif not str(value) and name != "claims":  # that is refused where claims are looked for
            problems.append(f"{name}: the path is empty")
    if problems:
        raise refusal(_CANNOT, problems)
