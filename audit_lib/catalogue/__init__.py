"""Checks over all rules at once, and the lock that ties a rule's version to its SQL.

`python -m audit_lib.catalogue check` lists every failure as `rule - name -> what`; `… lock` writes `sql/rules.lock`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from audit_lib.catalogue import evidence, metadata, sql
from audit_lib.catalogue.contents import Catalogue, load_catalogue, of_rule
from audit_lib.errors import BAD_RULE, USAGE, AuditError
from audit_lib.rules import Rule

LOCK = "rules.lock"
_HEADING = "# rule version sha256-of-its-SQL; written by `python -m audit_lib.catalogue lock`\n"

CHECKS = (
    metadata.metadata_is_complete,
    metadata.texts_are_plain_words,
    metadata.numbers_and_names_are_unique,
    metadata.needs_are_what_reasons_name,
    metadata.every_version_is_told,
    sql.results_have_the_agreed_columns,
    sql.rules_read_only_what_they_may,
    sql.code_sets_are_those_used,
    sql.codes_stand_in_code_lists,
    sql.money_stays_exact,
    sql.amounts_shown_stay_exact,
    sql.files_are_short,
    sql.steps_mean_the_same_on_spark,
    evidence.evidence_fits_the_sql,
)


def failures(catalogue: Catalogue) -> list[str]:
    """Return everything that is wrong with the catalogue, a line each."""
    return [line for check in CHECKS for line in check(catalogue)]


def lock_failures(catalogue: Catalogue) -> list[str]:
    """Return where the rules and `rules.lock` disagree."""
    locked = read_lock(catalogue.root / LOCK)
    found = [of_rule(rule, what) for rule in catalogue.rules if (what := _difference(rule, locked))]
    gone = sorted(set(locked) - {path.stem for path in (catalogue.root / "rules").glob("*/*.yml")})
    return found + [f"{name} - {LOCK} -> there is no such rule; write the lock anew" for name in gone]


def _difference(rule: Rule, locked: dict[str, tuple[int, str]]) -> str:
    if rule.name not in locked:
        return f"is not in {LOCK}; write the lock anew"
    version, sha256 = locked[rule.name]
    if rule.metadata.version == version and rule.sql_sha256 == sha256:
        return ""
    return _refusal(rule, locked) or f"has version {rule.metadata.version}, {LOCK} has {version}; write the lock anew"


def _refusal(rule: Rule, locked: dict[str, tuple[int, str]]) -> str:
    """Say why a rule's line in the lock may not be replaced, or nothing."""
    version, sha256 = locked.get(rule.name, (0, ""))
    if rule.metadata.version < version:
        return f"has version {rule.metadata.version}, but {LOCK} has {version} already; versions only rise"
    if rule.metadata.version == version and rule.sql_sha256 != sha256:
        return f"its SQL is not that of version {version}; set `version: {version + 1}` in {rule.path.name}"
    return ""


def read_lock(path: Path) -> dict[str, tuple[int, str]]:
    """Return version and hash by rule; nothing where there is no lock yet. Raises AuditError (10) for a torn one."""
    if not path.is_file():
        return {}
    try:
        rows = [line.split() for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
        return {name: (int(version), sha256) for name, version, sha256 in rows}
    except ValueError as error:
        raise AuditError(BAD_RULE, f"{path} is not the lock that was written; restore it from git.") from error


def write_lock(catalogue: Catalogue) -> int:
    """Write the lock and return how many lines of it are new or changed.

    Raises AuditError (10), writing nothing, where changed SQL kept its version.
    """
    path = catalogue.root / LOCK
    locked = read_lock(path)
    refused = [of_rule(rule, what) for rule in catalogue.rules if (what := _refusal(rule, locked))]
    if refused:
        raise AuditError(BAD_RULE, f"{LOCK} was not written:\n" + "\n".join(refused))
    kept = {p.stem for p in (catalogue.root / "rules").glob("*/*.yml")}
    lines = {name: line for name, line in locked.items() if name in kept}
    lines |= {rule.name: (rule.metadata.version, rule.sql_sha256) for rule in catalogue.rules}
    path.write_text(_HEADING + "".join(f"{n} {v} {s}\n" for n, (v, s) in sorted(lines.items())), "utf-8")
    return len({name for name, _ in lines.items() ^ locked.items()})


def main(arguments: list[str]) -> int:
    """Check the catalogue, or write its lock, and say how it went."""
    if arguments not in (["check"], ["lock"]):
        print("Use: python -m audit_lib.catalogue check|lock", file=sys.stderr)
        return USAGE
    try:
        catalogue = load_catalogue()
        if arguments == ["lock"]:
            print(f"{LOCK} written, lines changed: {write_lock(catalogue)}")
            return 0
        found = failures(catalogue) + lock_failures(catalogue)
    except AuditError as error:
        print(error.message, file=sys.stderr)
        return error.exit_code
    print("\n".join([*found, f"{len(catalogue.rules)} rules, {len(found)} failures."]))
    return BAD_RULE if found else 0
