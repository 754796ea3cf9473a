"""A plan's own folder (setting `local`): rules of its own, shipped rules retired, and what the manifest says of it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from audit_lib.code_schema import read_schema
from audit_lib.code_sets import CodeSets, create_tables, read_code_sets
from audit_lib.errors import BAD_RULE, USAGE, AuditError
from audit_lib.local_code_sets import ListChange, extend_code_sets
from audit_lib.pipeline import Step, functions_read
from audit_lib.quality.code_lists import TABLES, create_code_lists
from audit_lib.resources import TwiceError, folder, from_yaml, page
from audit_lib.rules import LocalRuleMetadata, Rule, load_rules

# What `new-rule` leaves where somebody has to write.
TODO = "TODO"
_ENTRIES = ("rules", "facts", "code_sets", "tests", "retire.yml")


class Retirement(BaseModel):
    """One entry of `retire.yml`."""

    model_config = ConfigDict(extra="forbid")
    rule: str = Field(min_length=1)
    reason: str = Field(min_length=1)
    approved_by: str = Field(min_length=1)


@dataclass(frozen=True)
class Local:
    """What the plan's folder holds besides code lists; empty where the settings name none."""

    path: Path | None = None
    rules: list[Rule] = field(default_factory=list)
    retired: list[Retirement] = field(default_factory=list)

    @property
    def facts(self) -> list[Path]:
        """Return the folder of the plan's facts, where it has one."""
        return [self.path / "facts"] if self.path and (self.path / "facts").is_dir() else []


def read_local(path: Path | None) -> Local:
    """Read the plan's folder. Raises AuditError: 2 where it is missing, 10 naming the file that cannot be used."""
    if path is None:
        return Local()
    if not os.path.isdir(path):  # noqa: PTH112 - does not fail where the name is too long
        raise AuditError(
            USAGE, f"The setting local names {path}, which is no folder. Correct the path or leave it out."
        )
    strange = [
        entry.name for entry in sorted(path.iterdir())
        if entry.name not in _ENTRIES and not entry.name.startswith((".", "README"))
    ]  # fmt: skip
    if strange:
        raise AuditError(
            BAD_RULE,
            f"The folder {path} holds {', '.join(strange)}, which an audit does not read. It may hold "
            f"{', '.join(_ENTRIES)} and a README; rename or move the rest.",
        )
    shipped = load_rules()
    rules = load_rules(path / "rules", LocalRuleMetadata)
    _refuse_names_in_use(path, rules, shipped)
    return Local(path, rules, _read_retirements(path / "retire.yml", {rule.name for rule in shipped}))


def refuse_unfinished(local: Local) -> None:
    """Raise AuditError (10) where a rule of the plan still holds what `new-rule` left to fill in."""
    open_files = [
        path.name
        for rule in local.rules
        for path in (rule.path, rule.path.with_suffix(".sql"))
        if TODO in path.read_text("utf-8")
    ]
    if open_files:
        raise AuditError(
            BAD_RULE,
            f"In the folder {local.path} there is still a {TODO} to fill in: {', '.join(open_files)}. Nobody has "
            f"answered yet for what the rule decides. Fill it in ({page('adding_a_rule.md')}), or move the rule out of "
            "the folder until it is done.",
        )


def rules_in_use(local: Local) -> list[Rule]:
    """Return the shipped rules that the plan did not retire, then its own."""
    retired = {entry.rule for entry in local.retired}
    return [rule for rule in load_rules() if rule.name not in retired] + local.rules


def load_all_code_sets(connection: duckdb.DuckDBPyConnection, local: Local) -> list[ListChange]:
    """Make the tables of all code lists, as the plan changed them, and those about them; return the changes."""
    lists = _shipped_code_sets()
    changes: list[ListChange] = []
    shipped_names = set(lists.rows)
    if local.path:
        lists, changes = extend_code_sets(lists, local.path / "code_sets")
    create_tables(connection, lists)
    create_code_lists(connection, lists)
    codes = {
        str(row["code"]) for name in set(lists.rows) - shipped_names for row in lists.rows[name] if row.get("code")
    }
    connection.from_arrow(pa.table({"code": pa.array(sorted(codes), pa.string())})).create("local_codes")
    _refuse_groups_without_window(local, lists)
    return changes


@cache
def _shipped_code_sets() -> CodeSets:
    """Return the shipped lists, checked once: a process that audits a period after another need not read them again."""
    root = folder("sql") / "code_sets"
    return read_code_sets(root, read_schema(root))


def refuse_other_tables(local: Local, steps: dict[str, Step]) -> None:
    """Refuse SQL of the plan that names anything but `claim_lines`, `settings`, facts and code lists."""
    if local.path is None:
        return
    own_facts = [path.stem for root in local.facts for path in sorted(root.glob("*.sql"))]
    allowed = {"claim_lines", "settings", *own_facts}
    allowed |= {path.stem for path in (folder("sql") / "facts").glob("*.sql")}
    allowed |= {path.stem for root in (folder("sql"), local.path) for path in (root / "code_sets").glob("*.csv")}
    for name in [*own_facts, *(rule.name for rule in local.rules if rule.name in steps)]:
        if other := sorted(steps[name].reads - allowed) + functions_read(steps[name].sql):
            raise AuditError(
                BAD_RULE,
                f"{name}.sql in {local.path} names {', '.join(other)}. A rule or fact of a plan may name claim_lines, "
                "settings, facts and code lists, and reads no file; correct its SQL.",
            )


def describe_changes(local: Local, list_changes: list[ListChange]) -> list[dict[str, Any]]:
    """Return every change for the manifest; rows of one list with one reason and one approver stand together."""
    described: list[dict[str, Any]] = [
        _change("rule added", rule.name, rule.metadata.why.strip(), rule.metadata.approved_by)
        for rule in local.rules
        if isinstance(rule.metadata, LocalRuleMetadata)
    ]
    described += [_change("rule retired", entry.rule, entry.reason, entry.approved_by) for entry in local.retired]

    def group(change: ListChange) -> tuple[str, str, str, str]:
        what = "rows closed" if change.is_closed else "rows added"
        return what, change.list_name, change.reason, change.approved_by

    for what, changes in groupby(sorted(list_changes, key=group), key=group):
        described.append({**_change(*what), "keys": sorted(change.key for change in changes)})
    return described


def _change(what: str, name: str, reason: str, approved_by: str) -> dict[str, Any]:
    return {"change": what, "name": name, "reason": reason, "approved_by": approved_by}


def _refuse_names_in_use(path: Path, rules: list[Rule], shipped: list[Rule]) -> None:
    root = folder("sql")
    lists = {file.stem for file in (root / "code_sets").glob("*.csv")}
    taken = {file.stem for file in root.rglob("*.sql")} | {*TABLES, "local_codes"}
    files = [f for name in ("rules", "facts") for f in sorted((path / name).rglob("*.sql"))]
    problems = [f"{f.relative_to(path)} has the name of a shipped file" for f in files if f.stem in taken | lists]
    own_lists = sorted((path / "code_sets").glob("*.csv"))
    problems += [f"{f.relative_to(path)} has the name of a table of the audit" for f in own_lists if f.stem in taken]
    numbers = [rule.metadata.number for rule in [*shipped, *rules]]
    problems += [
        f"{rule.path.relative_to(path)}: number {rule.metadata.number} is taken"
        for rule in rules
        if numbers.count(rule.metadata.number) > 1
    ]
    if problems:
        raise AuditError(BAD_RULE, f"The folder {path} cannot be used: {'; '.join(problems)}. Choose others.")


def _read_retirements(path: Path, shipped: set[str]) -> list[Retirement]:
    if not path.is_file():
        return []
    try:
        entries = TypeAdapter(list[Retirement]).validate_python(from_yaml(path.read_text("utf-8")) or [])
        problems = [
            f"entry {number}: there is no shipped rule {entry.rule!r}"
            for number, entry in enumerate(entries, start=1)
            if entry.rule not in shipped
        ]
    except ValidationError as error:
        problems = [_place(part["loc"]) + part["msg"].lower() for part in error.errors()]
    except TwiceError as error:
        problems = [str(error)]
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        problems = ["it is no YAML text"]
    if problems:
        raise AuditError(
            BAD_RULE,
            f"{path} cannot be used: {'; '.join(problems)}. It lists entries with rule, reason and approved_by.",
        )
    return entries


def _place(loc: tuple[int | str, ...]) -> str:
    number, *rest = loc or ("",)
    entry = f"entry {number + 1}" if isinstance(number, int) else "the file"
    return f"{entry}{', ' + str(rest[0]) if rest else ''}: "


def _refuse_groups_without_window(local: Local, lists: CodeSets) -> None:
    groups = {row["group_code"] for row in lists.rows["policy_windows"]}
    for rule in local.rules:
        if rule.metadata.group not in groups:
            raise AuditError(
                BAD_RULE,
                f"The rule {rule.name} is of group {rule.metadata.group}, which has no in-force window. Add it to "
                f"code_sets/policy_windows.csv in {local.path}, or use one of {', '.join(sorted(map(str, groups)))}.",
            )
