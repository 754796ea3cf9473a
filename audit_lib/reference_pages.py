"""Pages of `docs/` that are made from the project's own files, so that they cannot go stale.

`python -m audit_lib.reference_pages docs` writes them; a test compares.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from audit_lib.claims.layouts import contract_columns, kinds
from audit_lib.ledger.recording import status_files
from audit_lib.manifest_keys import Manifest
from audit_lib.quality.pages import data_quality_page
from audit_lib.resources import folder, from_yaml
from audit_lib.rules import Rule, load_rules

_MADE = "<!-- Made by `python -m audit_lib.reference_pages docs`; change the sources it reads, not this page. -->\n"


def data_dictionary() -> str:
    """Return the page on input columns and on every column of a run folder's files."""
    outputs: dict[str, Any] = from_yaml((folder("sql") / "exposure" / "outputs.yml").read_text("utf-8"))
    outputs |= status_files()
    parts = [_MADE, "# Data dictionary\n", "## Claims file\n", _input_table(), "\n## Files of a run folder\n"]
    for name, output in outputs.items():
        parts.append(f"### {name}.parquet\n\nOne row per {output['row']}.\n")
        if output["columns"]:
            parts += [
                "| column | meaning |",
                "|---|---|",
                *[f"| {c} | {m} |" for c, m in output["columns"].items()],
                "",
            ]
        else:
            parts.append(
                "Its columns are those of `claim_lines` in [architecture.md](architecture.md), and two that rest on "
                "lines of other members too: `is_supplier` (the provider bills per diems) and `home_infusion_context` "
                "(how near the line is to home infusion of the same provider. strong: a per diem overlaps it; near: "
                "one is at most 90 days away; supplier: the provider bills per diems elsewhere; unknown: no per diem "
                "overlaps, and a supplier left out the place, on which it depends; none: none of these; empty where no "
                "rule asks).\n"
            )
    return "\n".join([*parts, *_OTHER_FILES, *_manifest_tables()]).rstrip() + "\n"


_OTHER_FILES = [
    "### providers.parquet\n",
    "One row per provider of the table that the setting `providers` names, where it names one: its columns, as text.\n",
    "### quality.json\n",
    "What the data-quality gate counted, never a value of a row: `gate` (what it stopped), missing values by column, "
    "`expectations` (one per sentence of [data_quality.md](data_quality.md)), `profiles`, `months`, "
    "`compared_with_run`. Without the gate it says `left_out`.\n",
    "### reports/ and shared_reports/\n",
    "The executed notebooks as `.html` and `.ipynb`, and with `--share` the page for a wider circle "
    "([operations.md](operations.md#shared-reports)).\n",
]


def _manifest_tables() -> list[str]:
    """Return a table of the manifest's keys, then one of the keys of each object in it, in the order they appear."""
    parts, kinds_of_objects = ["### manifest.json\n"], [Manifest]
    for kind in kinds_of_objects:
        if kind is not Manifest:
            parts.append(f"**{_object_name(kind)}**\n")
        parts += [*([f"{kind.__doc__}\n"] if kind.__doc__ else []), "| key | type | meaning |", "|---|---|---|"]
        for key, hint in get_type_hints(kind, include_extras=True).items():
            annotated = get_args(hint)[0] if get_origin(hint) is NotRequired else hint
            of, *said = get_args(annotated)
            shown = key if annotated is hint else f"{key} (not always)"
            parts.append(f"| {shown} | {said[0] if len(said) > 1 else _type_name(of)} | {said[-1]} |")
            kinds_of_objects += [named for named in (of, *get_args(of)) if is_typeddict(named)]
        parts.append("")
    return parts


def _type_name(hint: Any) -> str:
    """Return a type in words; text that is an amount or a date says so itself."""
    if get_origin(hint) is Annotated:
        return str(get_args(hint)[1])
    if get_origin(hint) in (UnionType, Union):
        return f"{_type_name(get_args(hint)[0])}, or null"
    if get_origin(hint) is list:
        return f"list of {_type_name(get_args(hint)[0])}"
    plain = {int: "number", float: "number", bool: "true or false", str: "text"}
    return "object" if get_origin(hint) is dict else plain.get(hint) or _object_name(hint)


def _object_name(kind: type) -> str:
    return " ".join(re.findall("[A-Z][a-z]+", kind.__name__)).lower()


def _input_table() -> str:
    reasons = kinds()
    rows = ["| column | type | what it is | must be there | a row is rejected where it |", "|---|---|---|---|---|"]
    for column in contract_columns():
        must = {"column": "column", "value": "column and value"}.get(column.required, "")
        must = "one of billing_tin, billing_npi" if column.one_of else must
        rejected = " or ".join(
            [*(["is missing"] if column.required == "value" else []), *([str(reasons[column.kind].get("reason"))] if
             "reason" in reasons[column.kind] else [])]
        )  # fmt: skip
        rows.append(f"| {column.name} | {reasons[column.kind]['type']} | {column.meaning} | {must} | {rejected} |")
    return "\n".join(rows) + "\n"


def rules_page(cases_folder: Path) -> str:
    """Return the page on every rule: what it decides, why, how many dollars, what it misses, and its cases."""
    parts = [_MADE, "# Rules\n", "| no. | rule | group | decides |", "|---|---|---|---|"]
    rules = load_rules()
    parts += [
        f"| {r.metadata.number} | [{r.name}](#{r.name}) | {r.metadata.group} | {r.metadata.title} |" for r in rules
    ]
    for rule in rules:
        parts += ["", *_rule_section(rule, cases_folder / rule.family / f"{rule.name}.yml")]
    return "\n".join(parts).rstrip() + "\n"


def _rule_section(rule: Rule, cases: Path) -> list[str]:
    data = rule.metadata
    facts = [
        f"## {rule.name}\n",
        f"**{data.title}.** {data.why.strip()}\n",
        f"* Policy: {data.policy.id}, {data.policy.section} (in-force group {data.group})",
        f"* Version {data.version}, {data.status}",
        f"* Dollars: {data.recover}",
    ]
    for title, items in (
        ("Exceptions", data.exceptions),
        ("Misses", data.misses),
        ("Needs", data.needs),
        ("Settled by", data.settled_by),
        ("What a provider may say", data.defences),
        ("Decided where the policy is silent", data.decisions),
        ("What changed", [f"version {version}: {what}" for version, what in data.changes.items()]),
    ):
        if items:
            facts.append(f"* {title}: " + "; ".join(item.rstrip(".") for item in items))
    if not cases.is_file():
        return facts
    shown = [f"\n<details><summary>Cases ({rule.name})</summary>\n"]
    for case in from_yaml(cases.read_text("utf-8")):
        settings = f" (settings: `{case['settings']}`)" if case.get("settings") else ""
        shown += [
            f"**{case['name']}**{settings}\n",
            "```",
            case["given"].rstrip(),
            "",
            "expect:",
            case.get("expect", "").rstrip(),
            "```\n",
        ]
    return [*facts, *shown, "</details>"]


def pages(cases_folder: Path) -> dict[str, str]:
    """Return every generated page by its file name."""
    return {
        "data_dictionary.md": data_dictionary(),
        "rules.md": rules_page(cases_folder),
        "data_quality.md": _MADE + data_quality_page(),
    }


def main(docs: str) -> None:
    """Write the pages into the folder of documents of a checkout."""
    for name, text in pages(Path(docs).parent / "tests" / "rules").items():
        (Path(docs) / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "docs")
