"""Settings of a run: the YAML file that `--config` names, and the tables that it points to."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, cast, get_args

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.config import JsonDict

from audit_lib.errors import USAGE, AuditError, plain_problem, refusal
from audit_lib.names import with_nearest
from audit_lib.resources import TwiceError, from_yaml, page, why_unread

_PYTHON_MEGABYTES = 300


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
            f"The settings file {path} cannot be read: {why_unread(error)}. Check the path after --config, or correct "
            "the file.",
        ) from error
    if not isinstance(values, dict):
        raise AuditError(USAGE, f"The settings file {path} must hold `key: value` lines; see {page('settings.md')}.")
    problems = _unknown_keys(values)
    try:
        settings = Settings.model_validate({k: v for k, v in values.items() if k in Settings.model_fields})
    except ValidationError as error:
        problems += dict.fromkeys(_problem(found) for found in error.errors())
    if problems:
        raise refusal(f"The settings file {path} cannot be used", problems)
    return _with_absolute_paths(settings, path.parent)


def _unknown_keys(values: dict[Any, Any]) -> list[str]:
    known = list(Settings.model_fields)
    return [with_nearest(f"{key} is no setting", key, known) for key in map(str, values) if key not in known]


# What a setting takes, where its parts one by one would not say it.
_TAKEN = {
    "ndc_directory": "must be a list of two files, [product.txt, package.txt]",
    "memory_limit": "must be a size such as 4GB or 500MB",
}
_PARTS: dict[str, type[BaseModel]] = {"contract_factors": ContractFactors, "policy_applies_to": Applicability}


def _problem(found: Any) -> str:
    """Say one problem: the key where it stands, what is allowed there, the nearest key where one is unknown."""
    first, *below = (str(part) for part in found["loc"])
    key = ".".join([first, *below])
    if first in _TAKEN and found["type"] != "value_error":
        return f"{first} {_TAKEN[first]}"
    if first in _PARTS and found["type"] in ("extra_forbidden", "missing", "model_type"):
        known = list(_PARTS[first].model_fields)
        problem = {"extra_forbidden": "is no setting", "missing": "is missing"}.get(found["type"], "holds no keys")
        return with_nearest(f"{key} {problem}, {first} takes {' and '.join(known)}", below[-1] if below else "", known)
    return f"{key} {plain_problem(found['msg'])}"


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
