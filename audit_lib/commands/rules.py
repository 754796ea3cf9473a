"""`infusion-audit rules`: which rules there are, what one decides and why, its SQL in several dialects.

Reads the rules' YAML itself: what checks it takes longer to import than the answer takes to give. Where a file is not
as it should be, the checker is called and says so.
"""

from __future__ import annotations

import argparse
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit_lib.errors import USAGE, AuditError, sentence

if TYPE_CHECKING:
    from audit_lib.commands import Commands


DIALECTS = ("duckdb", "spark", "databricks", "snowflake", "bigquery", "trino", "postgres")
_WIDTH = 100
_COLUMNS = ("number", "rule", "family", "group", "version", "status", "title")


@dataclass(frozen=True)
class Entry:
    """One rule as its YAML file tells it."""

    name: str
    family: str
    values: dict[str, Any]


def add_parser(commands: Commands) -> None:
    """Declare the command, its table and its two subcommands."""
    rules = commands.add_parser("rules", help="list the rules, explain one, print its SQL")
    rules.set_defaults(execute=execute)
    parts = rules.add_subparsers(dest="part", metavar="show|sql")
    show = parts.add_parser("show", help="tell what a rule decides, why, how many dollars, what it leaves open")
    show.add_argument("name", metavar="NAME", help="the rule's name, as in findings")
    show.set_defaults(execute=execute_show)
    sql = parts.add_parser("sql", help="print the SQL of one rule, or of all steps as one script")
    sql.add_argument("name", nargs="?", default="", metavar="NAME", help="the rule's name")
    sql.add_argument("--all", dest="is_all", action="store_true", help="every step from staging to exposure, in order")
    sql.add_argument("--dialect", choices=DIALECTS, default="duckdb", help="default: duckdb, which the audit runs")
    sql.set_defaults(execute=execute_sql)


def execute(_options: argparse.Namespace) -> int:
    """Print the table of all rules."""
    from audit_lib.words import aligned

    print("\n".join(aligned([_COLUMNS, *(_row(entry) for entry in entries())])))
    return 0


def _row(entry: Entry) -> tuple[str, ...]:
    own = {"rule": entry.name, "family": entry.family}
    return tuple(str(own.get(column) or entry.values[column]) for column in _COLUMNS)


def execute_show(options: argparse.Namespace) -> int:
    """Print what one rule says of itself."""
    print(shown(named(options.name)))
    return 0


def execute_sql(options: argparse.Namespace) -> int:
    """Print SQL. Raises AuditError (2) unless exactly one rule or all are asked for."""
    if bool(options.name) == options.is_all:
        raise AuditError(USAGE, "Name one rule or give --all: infusion-audit rules sql NAME, or rules sql --all.")
    if options.is_all:
        from audit_lib.dialects import script

        print(script(options.dialect), end="")
        return 0
    name = named(options.name).name
    from audit_lib.dialects import rule_sql
    from audit_lib.rules import load_rules, select_rules

    print(rule_sql(select_rules(load_rules(), [name])[0], options.dialect), end="")
    return 0


def entries(rules_folder: Path | None = None) -> list[Entry]:
    """Return the rules in use, in their order. Raises AuditError (10) where a file is not a rule's."""
    from audit_lib.resources import folder

    root = rules_folder or folder("sql") / "rules"
    try:
        found = [Entry(path.stem, path.parent.name, _yaml(path)) for path in root.glob("*/*.yml")]
        in_use = [entry for entry in found if entry.values["status"] != "retired"]
        return sorted(in_use, key=lambda entry: int(entry.values["number"]))
    except (ValueError, KeyError, TypeError):
        from audit_lib.rules import load_rules

        load_rules(root)
        raise


def _yaml(path: Path) -> dict[str, Any]:
    import yaml

    from audit_lib.resources import from_yaml

    try:
        values = from_yaml(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(path.name) from error
    missing = {"title", "status", "number", "version", "group", "policy", "why", "recover"} - set(values)
    if missing:
        raise KeyError(path.name)
    return dict(values)


def named(name: str) -> Entry:
    """Return the rule of that name. Raises AuditError (2) with the nearest name where there is none."""
    found = entries()
    for entry in found:
        if entry.name == name:
            return entry
    from audit_lib.names import with_nearest

    problem = sentence(with_nearest(f"There is no rule {name!r}", name, [entry.name for entry in found]))
    raise AuditError(USAGE, f"{problem} `infusion-audit rules` lists all {len(found)} of them.")


def shown(entry: Entry) -> str:
    """Write a rule's page for the terminal."""
    values, policy = entry.values, entry.values["policy"]
    lines = [
        f"{entry.name}: {values['title']}",
        f"rule {values['number']}, family {entry.family}, version {values['version']}, {values['status']}",
        "",
    ]
    parts: list[tuple[str, Any]] = [
        ("Why", values["why"]),
        ("Dollars", values["recover"]),
        ("Policy", f"{policy['id']}, {policy['section']}"),
        ("In force", f"group {values['group']}: {_window(values['group'])}"),
        ("Exceptions", values.get("exceptions")),
        ("Misses", values.get("misses")),
        ("Needs", values.get("needs")),
        ("Settled by", values.get("settled_by")),
        ("A provider may say", values.get("defences")),
        ("Decided where the policy is silent", values.get("decisions")),
        ("What changed", [f"version {number}: {what}" for number, what in values.get("changes", {}).items()]),
        ("Code lists", ", ".join(values.get("code_sets", []))),
    ]
    for heading, content in parts:
        if content:
            lines += _part(heading, content)
    return "\n".join(lines)


def _part(heading: str, content: str | list[str]) -> list[str]:
    if isinstance(content, str):
        return [heading, *_wrapped(content, "  ", "  ")]
    return [heading, *(line for item in content for line in _wrapped(item, "  * ", "    "))]


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(" ".join(str(text).split()), _WIDTH, initial_indent=first, subsequent_indent=rest)


def _window(group: str) -> str:
    """Say from when the group's provisions count, as the shipped windows have it."""
    import csv

    from audit_lib.resources import folder

    with (folder("sql") / "code_sets" / "policy_windows.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["group_code"] == group:
                return (
                    f"not in force before {row['not_in_force_before']}; "
                    f"an overpayment from {row['overpayment_from']}, a review until then"
                )
    return "no window is on file"
