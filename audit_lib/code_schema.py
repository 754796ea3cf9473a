"""What code lists may hold: `schema.yml` of a folder of them, read and checked, and the error that names mistakes."""

import re
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from audit_lib.errors import BAD_RULE, AuditError, plain_problem, sentence
from audit_lib.names import with_nearest
from audit_lib.resources import TwiceError, from_yaml, page, why_unread
from audit_lib.resources import folder as sql_root
from audit_lib.words import count

_SHOWN = 10


class Column(BaseModel):
    """What a column may hold."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["text", "code", "date", "integer", "yes_no"]
    required: bool = True
    pattern: str | None = None
    values: list[str | int] | None = None


class CodeList(BaseModel):
    """One list: what it is for, what makes a row unique, and the columns besides the common ones."""

    model_config = ConfigDict(extra="forbid")

    purpose: str
    key: list[str]
    columns: dict[str, Column]


class Schema(BaseModel):
    """The whole of `schema.yml`."""

    model_config = ConfigDict(extra="forbid")

    patterns: dict[str, str]
    common_columns: dict[str, Column]
    lists: dict[str, CodeList]

    def columns(self, name: str) -> dict[str, Column]:
        """Return all columns of a list, its own and the common ones."""
        return self.lists[name].columns | self.common_columns


def read_schema(folder: Path, base: Schema | None = None) -> Schema:
    """Read the folder's `schema.yml`; on a base it needs to say only what is its own.

    Raises AuditError (10) where it cannot be read, or a declaration in it points nowhere.
    """
    path = folder / "schema.yml"
    try:
        declared = from_yaml(path.read_text(encoding="utf-8"))
        schema = Schema.model_validate(_on_base(declared, base) if base else declared)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        why = str(error) if isinstance(error, TwiceError) else why_unread(error)
        raise refusal(folder, [f"schema.yml cannot be read: {why}"], bool(base)) from error
    except ValidationError as error:
        found = {_schema_problem(part) for part in error.errors()}
        raise refusal(folder, [f"schema.yml, {problem}" for problem in sorted(found)], bool(base)) from error
    problems = [problem for name in schema.lists for problem in _schema_problems(name, schema)]
    if problems:
        raise refusal(folder, problems, bool(base))
    return schema


def _schema_problem(found: Any) -> str:
    """Say one thing that is wrong with `schema.yml`, and which key was probably meant."""
    place = [str(part) for part in found["loc"]]
    key = ".".join(place) or "the file"
    if found["type"] != "extra_forbidden":
        return f"{key} {plain_problem(found['msg'])}"
    model = Schema if len(place) == 1 else CodeList if len(place) == 3 and place[0] == "lists" else Column
    known = list(model.model_fields)
    return with_nearest(f"{key} is no key, allowed are {listed(known)}", place[-1], known)


def _on_base(declared: Any, base: Schema) -> Any:
    """Give a schema the common columns of another one, and those of its patterns that it does not set itself."""
    if not isinstance(declared, dict):
        return declared
    inherited = base.model_dump(include={"patterns", "common_columns"})
    return {**inherited, **declared, "patterns": inherited["patterns"] | (declared.get("patterns") or {})}


def _schema_problems(name: str, schema: Schema) -> list[str]:
    """Say what in a list's declaration points nowhere."""
    columns = schema.columns(name)
    where = f"schema.yml, list {name}"
    problems = [
        f"{where}: the key names {key}, which is no column" for key in schema.lists[name].key if key not in columns
    ]
    for column, spec in columns.items():
        if spec.type == "code" and spec.pattern not in schema.patterns:
            problems.append(f"{where}: column {column} needs a pattern out of {listed(schema.patterns)}")
    if not re.fullmatch("[a-z][a-z0-9_]*", name):
        problems.append(f"{where}: a list's name is lower case letters, digits and _")
    return problems


def listed(names: object) -> str:
    """Join names for a sentence."""
    return ", ".join(map(str, names)) if isinstance(names, (list, dict)) else str(names)


def refusal(folder: Path, problems: list[str], is_plans: bool = False) -> AuditError:
    """Put all problems with the lists of a folder, ours or a plan's, into the one paragraph that the user reads."""
    shown = "; ".join(problems[:_SHOWN])
    more = f"; and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
    where = (
        f"schema.yml in {sql_root('sql') / 'code_sets'} and {page('plan_rules.md')} say"
        if is_plans
        else ("schema.yml in that folder says")
    )
    return AuditError(
        BAD_RULE,
        f"The code lists in {folder} cannot be used, {count(len(problems), 'problem')}: "
        f"{sentence(shown + more)} {where} what each list may hold. Correct the files and rows named here, row 1 being "
        "the first below the header, and run again.",
    )
