"""Checks of what rules say of themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from audit_lib.catalogue.contents import Catalogue, of_rule
from audit_lib.local_rules import TODO
from audit_lib.resources import from_yaml
from audit_lib.rules import Rule

# What the reading, the settings and the rules themselves bring: tables that are no step's.
GIVEN = {"typed_rows", "rejected_rows", "rules", "rule_rows", "settings", "overrides", "review_only_rules",
         "applicable_payers", "applicable_plans", "providers", "ndc_products", "ndc_packages",
         "local_codes", "code_lists", "code_set_rows"}  # fmt: skip

_PROCEDURE = re.compile(r"[A-Z][0-9]{4}|[0-9]{5}")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def metadata_is_complete(catalogue: Catalogue) -> Iterator[str]:
    """Every text is filled in: the policy's section, what settles a lead, what a provider would say."""
    groups = {row["group_code"] for row in catalogue.list_rows("policy_windows")}
    for rule in catalogue.rules:
        texts = _texts(rule)
        if "excepted" not in catalogue.outcomes(rule):
            texts.pop("exceptions")
        for name, items in texts.items():
            if not any(item.strip() for item in items):
                yield of_rule(rule, f"{name} is empty")
            elif not all(item.strip() for item in items):
                yield of_rule(rule, f"{name} has an empty text")
            if any(TODO in item for item in items):
                yield of_rule(rule, f"{name} still says {TODO}")
        if any(
            TODO in text
            for view in rule.metadata.evidence
            for tried in view.tried
            for text in (tried.holds, tried.fails)
        ):
            yield of_rule(rule, f"evidence still says {TODO}")
        if TODO in rule.sql:
            yield of_rule(rule, f"its SQL still says {TODO}")
        if rule.metadata.group not in groups:
            yield of_rule(rule, f"group {rule.metadata.group} is not in policy_windows.csv")


def _texts(rule: Rule) -> dict[str, list[str]]:
    data = rule.metadata
    return {
        "title": [data.title],
        "policy id": [data.policy.id],
        "policy section": [data.policy.section],
        "why": [data.why],
        "recover": [data.recover],
        "exceptions": data.exceptions,
        "misses": data.misses,
        "settled_by": data.settled_by,
        "defences": data.defences,
    }


def texts_are_plain_words(catalogue: Catalogue) -> Iterator[str]:
    """Titles and reasons are short and in words, without codes and names of columns; reasons are constant."""
    for rule in catalogue.rules:
        title = rule.metadata.title
        if not title[:1].isupper() or title.endswith(".") or len(title) > 100 or _is_technical(title):
            yield of_rule(rule, "title is not plain words: a capital, at most 100 characters, no code, no full stop")
        if not rule.metadata.why.strip().endswith("."):
            yield of_rule(rule, "why is not whole sentences")
        if None in catalogue.tables.values(rule.name, "reason"):
            yield of_rule(rule, "a reason is not a constant sentence")
        for _, words in catalogue.reasons(rule):
            if words.endswith(".") or len(words) > 120 or _is_technical(words):
                yield of_rule(rule, f"reason is not plain words (at most 120 characters, no code): {words}")


def _is_technical(text: str) -> bool:
    return "_" in text or any(_PROCEDURE.fullmatch(word.strip(".,;:()")) for word in text.split())


def numbers_and_names_are_unique(catalogue: Catalogue) -> Iterator[str]:
    """No two rules, retired ones included, share a number; no two tables of the project share a name."""
    raw = _raw_metadata(catalogue.root)
    numbers = Counter(values.get("number") for values in raw.values())
    for path, values in raw.items():
        where = f"{path.stem} - {values.get('title')} ->"
        if numbers[values.get("number")] > 1:
            yield f"{where} number {values.get('number')} is another rule's too"
        if not _NAME.fullmatch(path.stem) or not _NAME.fullmatch(path.parent.name):
            yield f"{where} family and rule are named with lower case letters, digits and _"
        if values.get("replaced_by") not in {None, *(p.stem for p in raw if p != path)}:
            yield f"{where} replaced_by names {values['replaced_by']}, which is no other rule"
    for path in sorted((catalogue.root / "rules").glob("*/*.sql")):
        if path.with_suffix(".yml") not in raw:
            yield f"{path.stem} - {path.name} -> there is no {path.stem}.yml beside it"
    names = Counter([path.stem for path in catalogue.root.rglob("*.sql")] + [*catalogue.lists.lists, *GIVEN])
    yield from (f"{name} - {count} tables -> a name is one table's" for name, count in names.items() if count > 1)


def _raw_metadata(root: Path) -> dict[Path, dict[str, Any]]:
    return {path: from_yaml(path.read_text("utf-8")) for path in sorted((root / "rules").glob("*/*.yml"))}


def needs_are_what_reasons_name(catalogue: Catalogue) -> Iterator[str]:
    """`needs` lists the columns that `not_evaluable` names as missing, no more and no fewer."""
    for rule in catalogue.rules:
        named = {column for column, _ in catalogue.reasons(rule) if column}
        if named != set(rule.metadata.needs):
            listed, found = _listed(rule.metadata.needs), _listed(sorted(named))
            yield of_rule(rule, f"needs lists {listed}, its reasons name {found}")
        if bool(named) != ("not_evaluable" in catalogue.outcomes(rule)):
            yield of_rule(rule, "not_evaluable and a reason that begins with `column: ` come together")


def every_version_is_told(catalogue: Catalogue) -> Iterator[str]:
    """Ask of `changes` what every version from 2 on has become: a letter names the version that it rests on."""
    for rule in catalogue.rules:
        told, versions = sorted(rule.metadata.changes), list(range(2, rule.metadata.version + 1))
        if told != versions:
            listed, wanted = _listed(list(map(str, told))), _listed(list(map(str, versions)))
            yield of_rule(rule, f"changes tells of versions {listed}, and must of {wanted}")


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "none"
