"""Layouts: how the columns of somebody's claims file become the contract's columns."""

from __future__ import annotations

import codecs
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, field_validator

from audit_lib.errors import BAD_CLAIMS, AuditError, plain_problem, refusal, sentence, system_reason
from audit_lib.names import with_nearest
from audit_lib.resources import TwiceError, folder, from_yaml, page

# A layout describes columns. Whatever could read a file, look at other rows or run for ever is not in this list.
ALLOWED_FUNCTIONS = {
    "abs", "and", "case", "cast", "ceil", "coalesce", "concat", "concat_ws", "date", "date_from_parts", "date_trunc",
    "floor", "greatest", "if", "ifnull", "least", "left", "length", "lower", "lpad", "ltrim", "make_date", "nullif",
    "or", "pad", "regexp_extract", "regexp_full_match", "regexp_like", "regexp_matches", "regexp_replace", "replace",
    "right", "round", "rpad", "rtrim", "split_part", "str_to_date", "str_to_time", "strptime", "substr", "substring",
    "timestamp", "timestamp_trunc", "trim", "try_cast", "try_strptime", "upper",
}  # fmt: skip
_DATE_FORMAT = r"(%-?[aAbBdHIjmMpSyYzZfgGwnuUVWcxX%]|[^%])+"


def _as_texts(values: object) -> object:
    """Take a single value for a list of one, and what YAML makes of 2099-12-31 or 99 for its text."""
    listed = values if isinstance(values, list) else [values]
    return [str(v) if v is not None and not isinstance(v, dict | list) else v for v in listed]


class Reading(BaseModel):
    """How the bytes of a text file are read; empty means found out from the file."""

    model_config = ConfigDict(extra="forbid")
    delimiter: str | None = None
    encoding: str | None = None
    quote: str = '"'
    date_format: Annotated[list[str], BeforeValidator(_as_texts)] = []
    null_values: Annotated[list[str], BeforeValidator(_as_texts)] = []

    @field_validator("delimiter")
    @classmethod
    def _short_delimiter(cls, mark: str | None) -> str | None:
        if mark is not None and not re.fullmatch(r'[^\r\n"]{1,4}', mark):
            raise ValueError("must be one to four characters, none of them a quotation mark or a line end")
        return mark

    @field_validator("quote")
    @classmethod
    def _one_quote(cls, mark: str) -> str:
        if not re.fullmatch("[!-~]?", mark):
            raise ValueError("must be one plain character, or '' where quotation marks mean nothing")
        return mark

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, name: str | None) -> str | None:
        try:
            "".encode(name or "utf-8")
            return codecs.lookup(name).name if name else None
        except LookupError as error:
            raise ValueError("must be an encoding of text, such as utf-8, utf-16, latin-1 or cp1252") from error

    @field_validator("date_format")
    @classmethod
    def _whole_dates(cls, formats: list[str]) -> list[str]:
        for text in formats:
            parts = re.findall("%-?(.)", text)
            if not re.fullmatch(_DATE_FORMAT, text) or not all(set(parts) & set(of) for of in ("yY", "mbB", "d")):
                raise ValueError("must name day, month and year as in %m/%d/%Y or %d-%b-%Y")
        return formats


class LayoutFile(BaseModel):
    """What a layout file may say."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    title: str = ""
    based_on: str | None = None
    reading: Reading = Reading()
    columns: Literal["same"] | dict[str, str] = {}
    fallbacks: dict[str, str] = {}


@dataclass(frozen=True)
class Layout:
    """Contract column ← SQL expression over the source's columns.

    Names in `columns` must be there; `fallbacks` read absent ones as null. `takes_same`: a column of the contract that
    neither of them fills is the source's column of that name.
    """

    name: str
    reading: Reading
    columns: dict[str, str]
    fallbacks: dict[str, str]
    takes_same: bool


@dataclass(frozen=True)
class Column:
    """One column of the contract, as `sql/layouts/columns.yml` declares it."""

    name: str
    kind: str
    required: str = ""
    one_of: str = ""
    meaning: str = ""


@cache
def contract_columns() -> list[Column]:
    """Return the contract's columns in its order."""
    declared = from_yaml((folder("sql") / "layouts" / "columns.yml").read_text("utf-8"))["columns"]
    return [Column(name=name, **attributes) for name, attributes in declared.items()]


@cache
def derived_columns() -> dict[str, str]:
    """Return the SQL of what a row says in several of the contract's columns together, by name."""
    declared: dict[str, str] = from_yaml((folder("sql") / "layouts" / "columns.yml").read_text("utf-8"))["derived"]
    return declared


@cache
def kinds() -> dict[str, dict[str, Any]]:
    """Return the kinds of value: their type, how text and numbers are read, and why a value cannot be."""
    declared: dict[str, dict[str, Any]] = from_yaml((folder("sql") / "layouts" / "kinds.yml").read_text("utf-8"))
    return declared


def shipped_layouts() -> list[str]:
    """Return the names of the layouts that ship with the project."""
    named = (path.stem for path in (folder("sql") / "layouts").glob("*.yml"))
    return sorted(name for name in named if name not in {"columns", "kinds"})


def read_layout(name_or_file: str) -> Layout:
    """Read a shipped layout by name, or a user's own YAML file.

    Raises AuditError (11) where there is no such layout or it is not one.
    """
    shipped = name_or_file in shipped_layouts()
    path = folder("sql") / "layouts" / f"{name_or_file}.yml" if shipped else Path(name_or_file)
    if not os.path.isfile(path):  # noqa: PTH113 - does not fail where the name is too long
        known = ", ".join(shipped_layouts())
        problem = f"There is no layout {name_or_file!r}: it is neither a file nor one of {known}"
        problem = sentence(with_nearest(problem, name_or_file, shipped_layouts()))
        raise AuditError(BAD_CLAIMS, f"{problem} Name a shipped layout or the path of a YAML file.")
    layout = _parse_layout(path)
    columns = layout.columns if isinstance(layout.columns, dict) else {}
    takes_same, fallbacks = layout.columns == "same", layout.fallbacks
    if layout.based_on is not None:
        base = _base_of(path.name, layout.based_on)
        columns = {**base.columns, **columns}
        if "claim_line_start_date" in {*layout.columns, *fallbacks}:  # then the base's word on its own dates is void
            base.fallbacks.pop("is_date_from_claim", None)
        fallbacks = {name: text for name, text in {**base.fallbacks, **fallbacks}.items() if name not in columns}
        takes_same = takes_same or base.takes_same
    return Layout(name_or_file if shipped else path.name, layout.reading, columns, fallbacks, takes_same)


def _base_of(name: str, base: str) -> Layout:
    if base not in shipped_layouts():
        known = shipped_layouts()
        problem = f"The layout {name} is based on {base!r}, which is none of the shipped layouts {', '.join(known)}"
        raise AuditError(BAD_CLAIMS, sentence(with_nearest(problem, base, known)))
    return read_layout(base)


def _parse_layout(path: Path) -> LayoutFile:
    """Read one layout file and check its keys."""
    try:
        values = from_yaml(path.read_text("utf-8-sig"))
    except OSError as error:
        raise AuditError(
            BAD_CLAIMS, f"The layout {path} cannot be read: {system_reason(error)}. Check --layout."
        ) from error
    except TwiceError as error:
        raise AuditError(
            BAD_CLAIMS, f"The layout {path.name} cannot be used: {error}. Mend it and try again."
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise AuditError(
            BAD_CLAIMS, f"The layout {path.name} is not a YAML text file; mend it and try again."
        ) from error
    try:
        return LayoutFile.model_validate({} if values is None else values)
    except ValidationError as error:
        allowed = f"Allowed keys are {', '.join(LayoutFile.model_fields)}; see {page('layouts.md')}."
        beginning = f"The layout {path.name} cannot be used"
        raise refusal(beginning, _layout_problems(error), allowed, BAD_CLAIMS) from error


def _layout_problems(error: ValidationError) -> list[str]:
    """Say each problem of a layout file once, with the nearest key for one that is unknown."""
    problems: dict[str, str] = {}
    for found in error.errors():
        place = [str(part) for part in found["loc"]]
        key = ".".join(place)
        if found["type"] == "extra_forbidden":
            known = list(Reading.model_fields if place[0] == "reading" else LayoutFile.model_fields)
            problems[key] = with_nearest(f"{key} is no key of a layout", place[-1], known)
        elif not place:
            problems[key] = "it must hold `key: value` lines"
        elif place[0] in ("columns", "fallbacks"):
            problems[place[0]] = f"{place[0]} must be `same` or lines `column: expression`"
        else:
            problems[key] = f"{key} {plain_problem(found['msg'])}"
    return list(problems.values())


def unique_names(header: list[str]) -> list[str]:
    """Give every column of a header a name of its own; nameless ones and repetitions get their number."""
    names: list[str] = []
    for number, name in enumerate(header, start=1):
        unique = name or f"column_{number}"
        while unique in names or (unique != name and unique in header):
            unique = f"{unique} ({number})"
        names.append(unique)
    return names
