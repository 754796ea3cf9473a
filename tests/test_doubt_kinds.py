"""A doubt is defined once: SQL, the rules, the words of both and the documents know the same kinds."""

from __future__ import annotations

import csv
import re
import string
from decimal import Decimal
from itertools import chain
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from audit_lib.doubt_kinds import doubt_kinds
from audit_lib.errors import AuditError
from audit_lib.handout.doubts import doubt_cautions
from audit_lib.pipeline import load_steps
from audit_lib.resources import folder
from audit_lib.rules import load_rules
from tests.conftest import ROOT

SQL = folder("sql")
STEPS = load_steps(SQL / "evidence")
TREES = {name: sqlglot.parse_one(step.sql, read="duckdb") for name, step in STEPS.items()}
KINDS = doubt_kinds()
PLACES = {"taker", "title", "units", "days", "detail", "taken_back", "field", "column", "assumed"}


def given_by(tree: exp.Expression, column: str) -> set[str]:
    """Return the texts that a query gives for a column, also where the column has another name further in."""
    found: set[str] = set()
    for alias in tree.find_all(exp.Alias):
        if alias.alias == column:
            inner = alias.this.name if isinstance(alias.this, exp.Column) else column
            found |= given_by(tree, inner) if inner != column else set()
            found |= {text.name for text in alias.this.find_all(exp.Literal) if text.is_string}
    return found


def test_the_kinds_of_the_file_are_those_that_the_sql_gives() -> None:
    by_step = {name: given_by(tree, "doubt") for name, tree in TREES.items()}
    assert set(chain.from_iterable(by_step.values())) == set(KINDS)
    assert {name for name, kinds in by_step.items() if kinds} == STEPS["doubts"].reads - {"doubt_kinds"}


def test_doubts_of_single_rules_are_asked_of_rules_that_name_them() -> None:
    asked = [given_by(TREES[name], "doubt") for name, step in STEPS.items() if "rule_doubts" in step.reads]
    of_rules = {name for name, kind in KINDS.items() if kind.of_rules}
    assert set(chain.from_iterable(asked)) == of_rules
    assert {doubt for rule in load_rules() for doubt in rule.metadata.doubts} == of_rules


def test_every_doubt_has_words_for_each_detail_of_its_sql() -> None:
    reversal_rows = sqlglot.parse_one((SQL / "staging" / "reversal_rows.sql").read_text("utf-8"), read="duckdb")
    services = csv.DictReader((SQL / "code_sets" / "staff_service_codes.csv").read_text("utf-8").splitlines())
    ways = {
        "several services": given_by(TREES["services_on_one_line"], "detail"),
        "drugs of two therapies": given_by(TREES["drugs_of_both_claims"], "detail"),
        "unnamed original": given_by(TREES["unnamed_originals"], "detail"),
        "other payer": given_by(TREES["other_payers"], "detail"),
        "unpaid per diem": given_by(TREES["unpaid_per_diems"], "detail"),
        "unread drug": given_by(TREES["unread_drugs"], "detail"),
        "unread row": given_by(TREES["unread_rows"], "detail"),
        "unpaid earlier line": given_by(TREES["unpaid_earlier_lines"], "detail"),
        "staff service": {row["kind"] for row in services},
        "taken back": {way + kind for kind in given_by(reversal_rows, "kind") for way in ("", "somebodys_")},
    }
    assert {name: set(kind.words) for name, kind in KINDS.items() if isinstance(kind.words, dict)} == ways
    for name, kind in KINDS.items():
        for text in [kind.words] if isinstance(kind.words, str) else kind.words.values():
            assert {place for _, place, _, _ in string.Formatter().parse(text) if place} <= PLACES, name
            assert text.endswith("."), name


def test_the_sender_is_told_of_every_doubt_that_a_demanded_line_can_have() -> None:
    """Nothing contingent or dependent is demanded, and what was assumed has a caution of its own."""
    untold = {name for name, kind in KINDS.items() if not kind.words_for_the_sender}
    assert untold == {"contingent", "related line taken back", "assumption"}
    demanded = (SQL / "handout" / "demanded_doubts.sql").read_text("utf-8")
    assert re.findall(r"doubt <> '(\w+)'", demanded) == ["assumption"]
    row = {"kind": "newborn stay", "line_count": 1, "amount": Decimal("5.00")}
    assert doubt_cautions([row], {}) == [
        "On 1 demanded line ($5.00) the stay may be that of a newborn, billed under its mother's member id."
    ]


def test_the_columns_of_the_overview_stand_in_the_documents() -> None:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    _, _, table = page.partition("| columns (`…_line_count`, `…_amount`) | the demanded lines |\n|---|---|\n")
    named = re.findall(r"`(\w+)`(?=[^|]*\|[^|]*\|\n)", table.partition("\n\n")[0] + "\n")
    assert sorted(named) == sorted(name.replace(" ", "_") for name, kind in KINDS.items() if kind.words_for_the_sender)


@pytest.mark.parametrize("doubt", ["denied visits", "authorization", "mislaid"])
def test_a_rule_names_no_doubt_that_is_not_of_single_rules(doubt: str, tmp_path: Path) -> None:
    """A doubt that is asked of every finding is not a rule's to name; nor is one that nobody knows."""
    rule = next(rule for rule in load_rules() if rule.name == "per_diem_without_drug")
    (tmp_path / "drugs").mkdir()
    for source in (rule.path, rule.path.with_suffix(".sql")):
        text = re.sub(r"(?m)^doubts: \[[^]]*\]", f"doubts: [{doubt}]", source.read_text("utf-8"))
        (tmp_path / "drugs" / source.name).write_text(text, "utf-8")
    with pytest.raises(AuditError, match=f"doubts.0: .*'{doubt}' is no doubt .* those are "):
        load_rules(tmp_path)
