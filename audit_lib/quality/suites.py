"""The suites in `expectations/`: what each expects of which table, how grave a failure is and what it stops."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from audit_lib.errors import BAD_RULE, AuditError, refusal
from audit_lib.names import with_nearest
from audit_lib.resources import folder

SUITES = ("claims_as_read", "infusion_lines", "code_lists", "code_sets", "profiles", "findings")


class Meaning(BaseModel):
    """What we say of an expectation beside what Great Expectations reads: its `meta`.

    `stops`: what a critical failure stops: the `run`, or the `rules` that need one of `columns`.
    `tolerated_count`: so many rows fail in silence whatever their share: a small file is not stopped by a single row.
    `consequence`: what it would do to findings.
    """

    model_config = ConfigDict(extra="forbid")
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    sentence: str = Field(min_length=10)
    columns: list[str] = []
    rules: list[str] | Literal["all"] = []
    stops: Literal["run", "rules"] | None = None
    tolerated_count: int = Field(default=0, ge=0)
    consequence: str = ""
    profile: str = ""


class Expectation(BaseModel):
    """One expectation as its JSON declares it."""

    model_config = ConfigDict(extra="forbid")
    type: str
    kwargs: dict[str, Any]
    severity: Literal["critical", "warning", "info"]
    meta: Meaning

    @model_validator(mode="after")
    def _critical_stops(self) -> Expectation:
        if (self.severity == "critical") != (self.meta.stops is not None):
            raise ValueError(f"{self.meta.id}: exactly the critical expectations say what they stop")
        return self

    def as_declared(self) -> dict[str, Any]:
        """Return what Great Expectations reads; our id goes with it, since results come back in another order."""
        return {
            "type": self.type,
            "kwargs": self.kwargs,
            "severity": self.severity,
            "meta": {"id": self.meta.id},
        }


class SuiteMeaning(BaseModel):
    """The table that a suite checks, and what it is."""

    model_config = ConfigDict(extra="forbid")
    table: str
    title: str
    what: str


class Suite(BaseModel):
    """One suite of expectations on one table."""

    model_config = ConfigDict(extra="forbid")
    name: str
    meta: SuiteMeaning
    expectations: list[Expectation]


@cache
def read_suite(name: str) -> Suite:
    """Read a suite by its name. Raises AuditError (10) where its file is not one."""
    path = folder("expectations") / f"{name}.json"
    return parse_suite(path.name, _read(path))


def parse_suite(file_name: str, text: str) -> Suite:
    """Read a suite's text. Raises AuditError (10) naming the file and every problem."""
    try:
        suite = Suite.model_validate(json.loads(text))
    except ValidationError as error:
        found = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise _bad_suite(file_name, found) from error
    except json.JSONDecodeError as error:
        raise _bad_suite(file_name, f"it is no JSON, line {error.lineno}") from error
    ids = [expectation.meta.id for expectation in suite.expectations]
    if repeated := sorted({one for one in ids if ids.count(one) > 1}):
        raise _bad_suite(file_name, f"the id {repeated[0]} stands there twice")
    return suite


def refuse_unknown_types(suite: Suite, known: list[str]) -> None:
    """Refuse types that Great Expectations would drop in silence. Raises AuditError (10)."""
    for expectation in suite.expectations:
        if expectation.type not in known:
            problem = f"{expectation.meta.id}: there is no expectation type {expectation.type}"
            raise _bad_suite(f"{suite.name}.json", with_nearest(problem, expectation.type, known))


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise _bad_suite(path.name, error.strerror or "it cannot be read") from error


def _bad_suite(file_name: str, problem: str) -> AuditError:
    beginning = f"The suite of expectations {file_name} cannot be used"
    return refusal(beginning, [problem], "Correct it (expectations/README.md).", BAD_RULE)
