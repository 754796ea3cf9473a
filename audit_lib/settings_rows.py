"""Rows of the tables that the settings name: overrides, windows of the policy, providers; read and checked."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from audit_lib.errors import USAGE, AuditError, plain_problem, refusal
from audit_lib.names import nearest
from audit_lib.resources import why_unread

_SHOWN = 20
_SCIENTIFIC = re.compile(r"([0-9][.][0-9]+[eE][+]?|[0-9]+[eE][+])[0-9]+")
_FIRST_DAY, _LAST_DAY = date(1, 1, 1), date(9999, 12, 31)


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


def word_key(text: str) -> str:
    """Write a line of business as the claims' is written: lower case, one underscore between words.

    The same as `word` in sql/layouts/kinds.yml.
    """
    return re.sub(r"[^a-z0-9]+", "_", text.lower())


def read_table(path: Path, row_type: type[BaseModel]) -> list[BaseModel]:
    """Read a CSV that a setting names, one model per row; row 1 is the first after the header.

    Raises AuditError (2) naming every wrong row.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            records = [record for record in csv.reader(file, strict=True) if record]
    except (OSError, ValueError, csv.Error) as error:
        why = "it is no CSV file" if isinstance(error, csv.Error) else why_unread(error)
        raise AuditError(
            USAGE,
            f"The file {path} that the settings name cannot be read: {why}. It must be a CSV file in UTF-8. "
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
