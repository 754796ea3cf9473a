"""A key that stands twice in any YAML file is refused and named: of two, one would be lost in silence."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from audit_lib.code_schema import read_schema
from audit_lib.commands.rules import entries
from audit_lib.errors import AuditError
from audit_lib.local_rules import read_local
from audit_lib.resources import TwiceError, folder, from_yaml
from audit_lib.rules import load_rules
from audit_lib.schedule.plan_file import read_plan
from tests.own_rules import RULE_YML, SCHEMA, write_local

RULE = "bundled/supply_with_per_diem"
TITLE = "title: Another title, which would be the one that is shown\n"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """One shipped rule, alone."""
    for suffix in (".sql", ".yml"):
        path = (tmp_path / "rules" / RULE).with_suffix(suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy((folder("sql") / "rules" / RULE).with_suffix(suffix), path)
    return tmp_path / "rules"


@pytest.mark.parametrize("read", [load_rules, entries], ids=["run", "rules show"])
def test_a_rule_with_two_titles_is_refused_alike_by_all_that_read_it(
    copied: Path, read: Callable[[Path], object]
) -> None:
    path = (copied / RULE).with_suffix(".yml")
    assert read(copied)
    path.write_text(path.read_text("utf-8") + TITLE, "utf-8")
    with pytest.raises(AuditError) as caught:
        read(copied)
    assert caught.value.exit_code == 10
    said = "The rule supply_with_per_diem cannot be used, supply_with_per_diem.yml: title stands there twice."
    assert caught.value.message == said


def test_a_rule_that_is_no_yaml_is_said_so(copied: Path) -> None:
    (copied / RULE).with_suffix(".yml").write_text("title: [", "utf-8")
    with pytest.raises(AuditError, match=r"supply_with_per_diem\.yml: it is no YAML"):
        load_rules(copied)


@pytest.mark.parametrize(
    ("name", "text", "key"),
    [
        ("rules/bundled/handling_with_per_diem.yml", RULE_YML + "number: 101\n", "number"),
        ("retire.yml", "- {rule: flush_with_home_infusion, rule: a, reason: b, approved_by: Bob}\n", "rule"),
    ],
)
def test_so_are_the_files_of_a_plans_own_folder(tmp_path: Path, name: str, text: str, key: str) -> None:
    local = write_local(tmp_path, **{name: text})
    with pytest.raises(AuditError, match=f"{key} stands there twice") as caught:
        read_local(local)
    assert caught.value.exit_code == 10 and Path(name).name in caught.value.message


def test_so_is_a_schema_of_code_lists(tmp_path: Path) -> None:
    (tmp_path / "schema.yml").write_text("patterns: {}\ncommon_columns: {}\n" + SCHEMA + "patterns: {}\n", "utf-8")
    with pytest.raises(AuditError, match=r"schema\.yml cannot be read: patterns stands there twice"):
        read_schema(tmp_path)


def test_dates_of_a_plan_of_reports_stay_text_and_its_keys_are_read_like_others(tmp_path: Path) -> None:
    """A date is checked where it is wanted: 2025-02-30 is then named with its key, not called no YAML."""
    text = "a: 2025-02-03\nb: [1, 2.5, true, ~, 'x']\n"
    assert from_yaml(text) == {"a": date(2025, 2, 3), "b": [1, 2.5, True, None, "x"]}
    assert from_yaml(text, are_dates_text=True) == {"a": "2025-02-03", "b": [1, 2.5, True, None, "x"]}
    assert from_yaml(text) == {"a": date(2025, 2, 3), "b": [1, 2.5, True, None, "x"]}
    with pytest.raises(TwiceError, match=r"^a stands there twice$"):
        from_yaml("b: {a: 1, a: 2025-02-03}", are_dates_text=True)
    (tmp_path / "reports.yml").write_text("reports: {monthly: {claims: x, start: 2025-02-30, due: {every: month}}}")
    with pytest.raises(AuditError, match=r"reports\.monthly\.start"):
        read_plan(tmp_path / "reports.yml")


NO_PLANS = ["? [a]\n: 1\n", "a: !!python/name:os.system\n", "a: !ours 1\n", "!!map x\n", "a: &b\n c: *d"]


@pytest.mark.parametrize("text", NO_PLANS)
def test_a_plan_with_yaml_that_is_no_plan_is_one_paragraph(tmp_path: Path, text: str) -> None:
    (tmp_path / "reports.yml").write_text(text, "utf-8")
    with pytest.raises(AuditError, match="The plan") as caught:
        read_plan(tmp_path / "reports.yml")
    assert caught.value.exit_code == 2 and "\n" not in caught.value.message
