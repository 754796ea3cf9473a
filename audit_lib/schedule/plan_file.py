"""The file `reports.yml`: its keys, checked, and the plan that is made of them."""

from __future__ import annotations

import glob
import re
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self
from zoneinfo import available_timezones

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from audit_lib.choices import PeriodBy
from audit_lib.claims.addresses import names_a_server
from audit_lib.claims.layouts import shipped_layouts
from audit_lib.errors import USAGE, AuditError, plain_problem, refusal
from audit_lib.names import with_nearest
from audit_lib.resources import TwiceError, folder, from_yaml, page, why_unread
from audit_lib.schedule.keeping import Keeping, parse_keeping
from audit_lib.schedule.occasions import Due
from audit_lib.schedule.periods import PeriodRule, parse_period
from audit_lib.schedule.plan import Deliver, Plan, Report, fill_dates

_NAME = r"[a-z0-9][a-z0-9_-]{0,59}"
Command = Annotated[list[str], Field(min_length=1)]
Period = Annotated[PeriodRule, BeforeValidator(parse_period)]
Retention = Annotated[Keeping | None, BeforeValidator(parse_keeping)]


class _DeliverKeys(BaseModel):
    """The keys of `deliver`."""

    model_config = ConfigDict(extra="forbid")
    folder: Path
    group: str | None = None
    form: Literal["shared", "full"] = "shared"


class _ReportKeys(BaseModel):
    """The keys of one report."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    title: str = ""
    claims: str = Field(min_length=1)
    table: str = ""
    query: str = ""
    layout: str = "canonical"
    period: Period = PeriodRule()
    period_by: PeriodBy = "service"
    settings: Path | None = None
    rules: list[str] = []
    assume_in_force: bool = False
    ledger: bool = True
    notebooks: list[str] = Field(default=["03_overpayment_exposure"], min_length=1)
    due: Due | None = None
    start: date | None = None
    settled_minutes: int = Field(default=10, ge=0, le=24 * 60)
    grace_hours: int = Field(default=12, ge=0, le=24 * 60)
    catch_up: Literal["all", "latest"] = "all"
    retention: Retention = None
    out: Path | None = None
    deliver: _DeliverKeys | None = None
    on_success: Command | None = None
    on_failure: Command | None = None

    @field_validator("claims")
    @classmethod
    def _files(cls, claims: str) -> str:
        if names_a_server(claims):  # its address may hold a password, which messages would show
            raise ValueError("must be files: a plan reaches no server. Export the rows to Parquet and name that")
        return claims

    @field_validator("layout")
    @classmethod
    def _known_layout(cls, name: str, info: ValidationInfo) -> str:
        root: Path = (info.context or {}).get("root", Path())
        if name in shipped_layouts() or not (root / name).is_file():
            _refuse_unknown([name], shipped_layouts(), "layout, neither a shipped one nor a file")
            return name
        return str(root / name)

    @field_validator("notebooks")
    @classmethod
    def _known_notebooks(cls, names: list[str]) -> list[str]:
        stems = [name.removesuffix(".ipynb") for name in names]
        _refuse_unknown(stems, [path.stem for path in folder("notebooks").glob("*.ipynb")], "shipped notebook")
        return stems

    @model_validator(mode="after")
    def _keys_fit_together(self) -> Self:
        if self.start and not self.due:
            raise ValueError("start says from when a report is due; it needs the key due beside it")
        if self.table and self.query:
            raise ValueError("may hold table or query, not both")
        fill_dates(self.claims, date(2000, 1, 1), self.period.on(date(2000, 1, 1)))
        if self.settings is None:  # a plan's own rules come by its settings; the run itself checks those
            _refuse_unknown(self.rules, [path.stem for path in (folder("sql") / "rules").rglob("*.yml")], "rule")
        return self


def _refuse_unknown(names: list[str], known: list[str], what: str) -> None:
    unknown = [with_nearest(f"{name} is no {what}", name, sorted(known)) for name in names if name not in known]
    if unknown:
        raise ValueError("must be known: " + "; ".join(unknown))


class _PlanKeys(BaseModel):
    """The keys of `reports.yml`; what a report leaves out it takes from here."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    time_zone: str = "UTC"
    out: Path = Path("runs")
    command_timeout_seconds: int = Field(default=60, ge=1, le=3600)
    on_success: Command | None = None
    on_failure: Command | None = None
    reports: dict[Annotated[str, Field(pattern=f"^{_NAME}$")], _ReportKeys] = Field(min_length=1)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in _zones():
            raise ValueError(with_nearest("must be a time zone such as America/Denver or UTC", name, _zones()))
        return name


def read_plan(path: Path) -> Plan:
    """Read and check `reports.yml`; its relative paths are taken from its own folder.

    Raises AuditError (2) naming every unknown key and wrong value at once, with the nearest known name.
    """
    values = _load(path)
    root = path.absolute().parent
    try:
        keys = _PlanKeys.model_validate(values, context={"root": root})
    except ValidationError as error:
        raise refusal(
            f"The plan {path} cannot be used",
            dict.fromkeys(_problem(found) for found in error.errors()),
            f"Correct it; {page('scheduling.md')} lists every key. No report was made.",
        ) from error
    reports = {name: _report(name, report, keys, root) for name, report in keys.reports.items()}
    return Plan(path, keys.time_zone, keys.command_timeout_seconds, MappingProxyType(reports))


def _load(path: Path) -> dict[str, Any]:
    try:
        values = from_yaml(path.read_text("utf-8"), are_dates_text=True)
    except TwiceError as error:
        raise AuditError(USAGE, f"The plan {path} cannot be used: {error}. Correct it.") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise AuditError(
            USAGE,
            f"The plan {path} cannot be read: {why_unread(error)}. Name another with --config or correct it, or "
            f"begin with the example in {page('scheduling.md')}.",
        ) from error
    if not isinstance(values, dict):
        raise AuditError(USAGE, f"The plan {path} must hold `key: value` lines; see {page('scheduling.md')}.")
    return {str(key): value for key, value in values.items()}


_KEYS_WITHIN: dict[str, type[BaseModel]] = {"due": Due, "deliver": _DeliverKeys}


def _problem(found: Any) -> str:
    """Say one problem with the place where it stands, and the nearest key or name where one is unknown."""
    place = [str(part) for part in found["loc"] if part != "[key]"]
    where = ".".join(place)
    if found["type"] == "extra_forbidden":
        model = _PlanKeys if len(place) == 1 else _KEYS_WITHIN.get(place[-2], _ReportKeys)
        return with_nearest(f"{where} is no key", place[-1], model.model_fields)
    if found["loc"][-1:] == ("[key]",):
        return f"{where} is no name of a report: small letters, digits, _ and -, at most 60"
    if found["type"] in {"too_short", "string_too_short"}:
        return f"{where} must not be empty"
    if found["type"] == "missing":
        return f"{where} is missing"
    problem = f"{where} {plain_problem(found['msg'])}".strip()
    if found["type"] == "literal_error":
        return with_nearest(problem, str(found["input"]), re.findall("'([^']+)'", found["ctx"]["expected"]))
    return problem


def _report(name: str, keys: _ReportKeys, plan: _PlanKeys, root: Path) -> Report:
    """Return the report with absolute paths and with what it takes from the plan."""
    to = keys.deliver
    return Report(
        name=name,
        title=keys.title or re.sub("[_-]", " ", name).capitalize(),
        claims=_absolute_pattern(keys.claims, root),
        table=keys.table,
        query=keys.query,
        layout=keys.layout,
        period=keys.period,
        period_by=keys.period_by,
        settings=root / keys.settings if keys.settings else None,
        rules=tuple(keys.rules),
        assume_in_force=keys.assume_in_force,
        ledger=keys.ledger,
        notebooks=tuple(keys.notebooks),
        due=keys.due,
        start=keys.start,
        settled_minutes=keys.settled_minutes,
        grace_hours=keys.grace_hours,
        catch_up=keys.catch_up,
        retention=keys.retention,
        place=root / (keys.out or plan.out),
        deliver=Deliver(root / to.folder, to.group, to.form) if to else None,
        on_success=_command(keys.on_success or plan.on_success),
        on_failure=_command(keys.on_failure or plan.on_failure),
    )


def _command(words: list[str] | None) -> tuple[str, ...] | None:
    return tuple(words) if words else None


def _absolute_pattern(claims: str, root: Path) -> str:
    if Path(claims).is_absolute():
        return claims
    place = glob.escape(str(root)) if re.search(r"[*?\[]", claims) else str(root)
    return f"{place.replace('{', '{{').replace('}', '}}')}/{claims}"


@cache
def _zones() -> set[str]:
    return available_timezones()
