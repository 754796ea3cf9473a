"""What the rules of a run say of themselves, as tables that SQL joins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from audit_lib.errors import AuditError
from audit_lib.local_rules import read_local, rules_in_use
from audit_lib.manifest_keys import RuleEntry
from audit_lib.rules import Rule, load_rules
from audit_lib.run import Run
from audit_lib.small_tables import create_table

# Findings of these families rest on a per diem, whatever else is known of their rule.
_FAMILIES_ON_PER_DIEMS = {"bundled", "tpn"}
_RULE_TEXTS = {
    "rule": pa.string(), "rule_number": pa.int64(), "title": pa.string(), "version": pa.string(),
    "why": pa.string(), "recover": pa.string(), "exceptions": pa.string(), "documents": pa.string(),
    "defences": pa.string(), "is_contingent_on_per_diem": pa.bool_(),
    "is_dependent_on_line": pa.bool_(),
}  # fmt: skip
_RULE_DOCUMENTS = {"rule": pa.string(), "document": pa.string()}


def load_rule_texts(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    """Create `rule_wording` (a row per rule of the run) and `rule_documents` (a row per rule and document wanted).

    Texts are those of the rules as installed; where the run knew a rule that is no longer there, what its manifest
    says of it is all there is.
    """
    known = {rule.name: rule for rule in _known_rules(run)}
    texts = [_text(entry, known.get(entry["rule"])) for entry in run.manifest["rules"]]
    documents = [
        {"rule": entry["rule"], "document": document}
        for entry in run.manifest["rules"]
        for document in (known[entry["rule"]].metadata.settled_by if entry["rule"] in known else [])
    ]
    create_table(connection, "rule_wording", _RULE_TEXTS, texts)
    create_table(connection, "rule_documents", _RULE_DOCUMENTS, documents)


def changed_rules(run: Run) -> list[str]:
    """Return the run's rules whose SQL is no longer the installed one, or that are gone."""
    known = {rule.name: rule.sql_sha256 for rule in _known_rules(run)}
    return [entry["rule"] for entry in run.manifest["rules"] if known.get(entry["rule"]) != entry["sql_sha256"]]


def _known_rules(run: Run) -> list[Rule]:
    local = run.manifest["parameters"]["settings"].get("local")
    try:
        return rules_in_use(read_local(Path(local) if local else None))
    except AuditError:  # the plan's folder has moved or changed since
        return load_rules()


def _text(entry: RuleEntry, rule: Rule | None) -> dict[str, Any]:
    text = {
        "rule": entry["rule"], "rule_number": entry["number"], "title": entry["title"],
        "version": str(entry["version"]), "is_contingent_on_per_diem": entry["family"] in _FAMILIES_ON_PER_DIEMS,
        "is_dependent_on_line": False,
    }  # fmt: skip
    if rule is None:
        return text
    data = rule.metadata
    return text | {
        "why": data.why.strip(), "recover": data.recover.rstrip("."), "exceptions": "; ".join(data.exceptions) or None,
        "documents": "; ".join(data.settled_by) or None, "defences": "; ".join(data.defences) or None,
        "is_contingent_on_per_diem": data.is_contingent_on_per_diem,
        "is_dependent_on_line": data.is_dependent_on_line,
    }  # fmt: skip
