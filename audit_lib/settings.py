"""Settings of a run: the YAML file that `--config` names, and the tables that it points to."""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast, get_args

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic.config import JsonDict

from audit_lib.errors import USAGE, AuditError, plain_problem, refusal
from audit_lib.names import nearest, with_nearest
from audit_lib.resources import TwiceError, from_yaml, page

_SHOWN = 20
_PYTHON_MEGABYTES = 300
_SCIENTIFIC = re.compile(r"([0-9][.][0-9]+[eE][+]?|[0-9]+[eE][+])[0-9]+")
_FIRST_DAY, _LAST_DAY = date(1, 1, 1), date(9999, 12, 31)


def _decimal(value: object) -> object:
    """Take a number of the YAML file by its digits: a float would not be the amount that was written."""
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


Factor = Annotated[Decimal, BeforeValidator(_decimal), Field(ge=0, le=1, max_digits=5, decimal_places=4)]
Amount = Annotated[Decimal, BeforeValidator(_decimal), Field(ge=0, max_digits=18, decimal_places=2)]


class ContractFactors(BaseModel):
    """The share of a per diem that the contract still pays for a second (SH) and a third or later therapy (SJ)."""

    model_config = ConfigDict(extra="forbid")
    SH: Factor
    SJ: Factor


class Applicability(BaseModel):
    """Payers and plans that the policy applies to; empty lists mean all."""

    model_config = ConfigDict(extra="forbid")
    payer: list[str] = []
    plan: list[str] = []


def _a_name(path: Path) -> Path:
    if "\0" in str(path):
        raise ValueError("must be a path, which holds no null character")
    return path


NamedPath = Annotated[Path, AfterValidator(_a_name)]


# What a setting never changes: no result at all; or no finding, only whether a run goes on, what its reports say, what
# time is left, which further lines stand beside the findings.
_NO_RESULT: JsonDict = {"never_changes": ["results", "findings"]}
_NO_FINDING: JsonDict = {"never_changes": ["findings"]}


class Settings(BaseModel):
    """The keys of the settings file; every one is optional.

    A setting may change findings unless it is marked.
    """

    model_config = ConfigDict(extra="forbid")
    literal_supply_range: bool = False
    contract_factors: ContractFactors | None = None
    overrides: NamedPath | None = None
    policy_windows: NamedPath | None = None
    lookback_limits: NamedPath | None = Field(default=None, json_schema_extra=_NO_FINDING)
    providers: NamedPath | None = Field(default=None, json_schema_extra=_NO_FINDING)
    ndc_directory: tuple[NamedPath, NamedPath] | None = None
    policy_applies_to: Applicability | None = None
    review_only: list[str] = []
    minimum_amount: Amount = Decimal("0.00")
    pseudonym_key_file: NamedPath | None = Field(default=None, json_schema_extra=_NO_RESULT)
    local: NamedPath | None = None
    continue_on_quality_failure: bool = Field(default=False, json_schema_extra=_NO_FINDING)
    evidence_margin_days: int | None = Field(default=90, ge=90, le=36_500, json_schema_extra=_NO_FINDING)
    memory_limit: str = Field(default="4GB", pattern=r"^\d+(\.\d+)?\s?(MB|GB|MiB|GiB)$", json_schema_extra=_NO_RESULT)
    threads: int = Field(default=2, ge=1, le=256, json_schema_extra=_NO_RESULT)

    @classmethod
    def path_fields(cls) -> list[str]:
        """Return the settings that are paths, or several."""
        return [name for name, field in cls.model_fields.items() if _holds_paths(field.annotation)]

    @classmethod
    def without_effect_on(cls, what: Literal["results", "findings"]) -> set[str]:
        """Return the settings that change no file of a repetition, or those that change no finding."""
        extras = {name: field.json_schema_extra for name, field in cls.model_fields.items()}
        return {
            name
            for name, extra in extras.items()
            if isinstance(extra, dict) and what in cast(list[str], extra["never_changes"])
        }

    @property
    def is_applicability_confirmed(self) -> bool:
        """Tell whether somebody said to whom the policy applies; lists that name nobody say nothing."""
        return self.policy_applies_to is not None and bool(self.policy_applies_to.payer or self.policy_applies_to.plan)


def query_memory(memory_limit: str) -> str:
    """Return what queries may use of a limit on the whole process: Python and its libraries take their share."""
    number, unit = re.fullmatch(r"([\d.]+)\s?(\w+)", memory_limit).groups()  # type: ignore[union-attr]
    size = {"MB": 10**6, "GB": 10**9, "MiB": 2**20, "GiB": 2**30}[unit]
    megabytes = float(number) * size / 10**6
    return f"{max(megabytes - _PYTHON_MEGABYTES, megabytes / 2):.0f}MB"


def read_settings(path: Path | None) -> Settings:
    """Read the settings file; its relative paths are taken from its own folder.

    Raises AuditError (2) naming every unknown key and wrong value at once, with the nearest known key.
    """
    if path is None:
        return Settings()
    try:
        values = from_yaml(path.read_text("utf-8")) or {}
    except TwiceError as error:
        raise AuditError(USAGE, f"The settings file {path} cannot be used: {error}.") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise AuditError(
            USAGE,
            f"The settings file {path} cannot be read: it is missing or no YAML text. Check the path after --config.",
        ) from error
    if not isinstance(values, dict):
        raise AuditError(USAGE, f"The settings file {path} must hold `key: value` lines; see {page('settings.md')}.")
    problems = _unknown_keys(values)
    try:
        settings = Settings.model_validate({k: v for k, v in values.items() if k in Settings.model_fields})
    except ValidationError as error:
        problems += [f"{'.'.join(map(str, e['loc']))} {plain_problem(e['msg'])}" for e in error.errors()]
    if problems:
        raise refusal(f"The settings file {path} cannot be used", problems)
    return _with_absolute_paths(settings, path.parent)


def _unknown_keys(values: dict[Any, Any]) -> list[str]:
    known = list(Settings.model_fields)
    return [with_nearest(f"{key} is no setting", key, known) for key in map(str, values) if key not in known]


def _with_absolute_paths(settings: Settings, folder: Path) -> Settings:
    root = folder.absolute()
    given = {name: getattr(settings, name) for name in settings.path_fields()}
    absolute = {
        name: tuple(root / path for path in value) if isinstance(value, tuple) else root / value
        for name, value in given.items()
        if value is not None
    }
    return settings.model_copy(update=absolute)


def _holds_paths(annotation: Any) -> bool:
    return annotation is Path or any(_holds_paths(part) for part in get_args(annotation))


def _written_day(value: object) -> object:
    """Take a date as it is written: a bare number is no count of seconds."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("must be a date written as YYYY-MM-DD")
    return value


def _code(value: object) -> object:
    return re.sub(r"\s", "", value).upper() if isinstance(value, str) else value


def _whole_identifier(text: str) -> str:
    if _SCIENTIFIC.fullmatch(text):
        raise ValueError("is in scientific notation, so that its last digits are lost")
    return text


Day = Annotated[date, BeforeValidator(_written_day)]
ProviderId = Annotated[str, Field(min_length=1), AfterValidator(_whole_identifier)]


class Override(BaseModel):
    """One row of the overrides table: a contract or plan document that outranks the policy."""

    model_config = ConfigDict(extra="forbid")
    provider_id: ProviderId
    rule: str = Field(min_length=1)
    hcpcs_code: Annotated[str | None, BeforeValidator(_code)] = None
    date_from: Day = _FIRST_DAY
    date_to: Day = _LAST_DAY
    action: Literal["exempt", "review"]
    note: str = Field(min_length=1)
    approved_by: str = Field(min_length=1)

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.date_from > self.date_to:
            raise ValueError("date_from must not be later than date_to")
        return self


class PolicyWindow(BaseModel):
    """When a group of rules came into force, and from when a breach is an overpayment."""

    model_config = ConfigDict(extra="forbid")
    group: str = Field(min_length=1)
    not_in_force_before: Day
    overpayment_from: Day
    policy_text: str = ""
    earlier_policy_text: str = ""

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.not_in_force_before > self.overpayment_from:
            raise ValueError("not_in_force_before must not be later than overpayment_from")
        return self


class Provider(BaseModel):
    """A provider's name for reports."""

    model_config = ConfigDict(extra="forbid")
    provider_id: ProviderId
    name: str = ""
    specialty: str = ""
    state: str = ""
    network_status: str = ""
    contract_id: str = ""


def provider_key(text: str) -> str:
    """Write a TIN or an NPI as the claims' provider_id: digits only, a TIN with its leading zero.

    The same as `tin` in sql/layouts/kinds.yml: `.0` is of a tool that took it for a number. What lost its last digits
    stays as it is.
    """
    text = text.strip()
    digits = re.sub(r"[^0-9]", "", re.sub(r"[.]0+$", "", text))
    if not digits or text.startswith("claim ") or _SCIENTIFIC.fullmatch(text):
        return text
    return digits.zfill(9) if len(digits) == 8 else digits


def read_table(path: Path, row_type: type[BaseModel]) -> list[BaseModel]:
    """Read a CSV that a setting names, one model per row; row 1 is the first after the header.

    Raises AuditError (2) naming every wrong row.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            records = [record for record in csv.reader(file, strict=True) if record]
    except (OSError, ValueError, csv.Error) as error:
        raise AuditError(
            USAGE,
            f"The file {path} that the settings name cannot be read as a CSV file in UTF-8. "
            "Put it there, or name a settings file with its right path after --config.",
        ) from error
    header = [name.strip() for name in records[0]] if records else []
    known = list(row_type.model_fields)
    required = [name for name, info in row_type.model_fields.items() if info.is_required()]
    wrong = {
        "missing": [name for name in required if name not in header],
        "unknown": [_or_meant(name, known) for name in header if name not in known],
        "more than once": sorted({name for name in header if header.count(name) > 1}),
    }
    if any(wrong.values()):
        found = "; ".join(f"{word}: {', '.join(names)}" for word, names in wrong.items() if names)
        raise AuditError(USAGE, f"The header of {path} must be {','.join(known)}. It is not: {found}.")
    return _parsed_rows(path, row_type, header, records[1:])


def _or_meant(name: str, known: list[str]) -> str:
    near = nearest(name, known)
    return f"{name} (did you mean {near}?)" if near else name


def _parsed_rows(path: Path, row_type: type[BaseModel], header: list[str], rows: list[list[str]]) -> list[BaseModel]:
    parsed, problems = [], []
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            problems.append(f"row {number} has {len(row)} values, the header {len(header)} names")
            continue
        values = {name: value.strip() for name, value in zip(header, row, strict=True) if value.strip()}
        try:
            parsed.append(row_type.model_validate(values))
        except ValidationError as error:
            problems += [f"row {number}, {_place(found)}{plain_problem(found['msg'])}" for found in error.errors()]
    refuse_rows(path, problems)
    return parsed


def _place(found: Any) -> str:
    return f"{found['loc'][0]} " if found["loc"] else ""


def refuse_rows(path: Path, problems: list[str]) -> None:
    """Raise AuditError (2) where rows of a table that the settings name are wrong."""
    if problems:
        more = [f"and {len(problems) - _SHOWN} more"] if len(problems) > _SHOWN else []
        raise refusal(f"The file {path} cannot be used", problems[:_SHOWN] + more)
