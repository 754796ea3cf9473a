"""Which settings are paths, and which change nothing, follows from the settings themselves everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from audit_lib import run_diff
from audit_lib.fingerprints import describe_settings_files
from audit_lib.reproduction import records
from audit_lib.settings import NamedPath, Settings, _with_absolute_paths

# What an auditor says of each setting; one that is new is decided here first.
NO_RESULT = {"pseudonym_key_file", "memory_limit", "threads"}
NO_FINDING = {"lookback_limits", "providers", "continue_on_quality_failure", "evidence_margin_days"}
FINDINGS = {
    "literal_supply_range", "contract_factors", "overrides", "policy_windows", "ndc_directory", "policy_applies_to",
    "review_only", "minimum_amount", "local",
}  # fmt: skip
PATHS = {
    "overrides", "policy_windows", "lookback_limits", "providers", "ndc_directory", "pseudonym_key_file", "local",
}  # fmt: skip


class More(Settings):
    """The settings of a later version."""

    sanctions: NamedPath | None = None
    registers: tuple[NamedPath, NamedPath] | None = None


def test_of_every_setting_it_is_decided_what_it_changes() -> None:
    assert set(Settings.model_fields) == NO_RESULT | NO_FINDING | FINDINGS
    assert Settings.without_effect_on("results") == NO_RESULT
    assert Settings.without_effect_on("findings") == NO_RESULT | NO_FINDING
    assert Settings.path_fields() == [name for name in Settings.model_fields if name in PATHS]


def test_a_path_is_taken_from_the_folder_of_the_file_that_names_it(tmp_path: Path) -> None:
    values = {name: ("a", "b") if name in ("ndc_directory", "registers") else name for name in More.path_fields()}
    settings = _with_absolute_paths(More.model_validate(values), tmp_path)
    assert {"sanctions", "registers"} <= set(values)
    for name, value in values.items():
        expected: Any = tuple(tmp_path / part for part in value) if isinstance(value, tuple) else tmp_path / value
        assert getattr(settings, name) == expected
    assert _with_absolute_paths(More(), tmp_path) == More()


def test_the_manifest_names_every_file_but_a_key(tmp_path: Path) -> None:
    """A hash of the key would let anybody try keys against it."""
    values: dict[str, Any] = {}
    for name in More.path_fields():
        pair = [tmp_path / name, tmp_path / f"{name}_2"]
        for path in pair:
            path.mkdir() if name == "local" else path.write_text(name, "utf-8")
        values[name] = pair if name in ("ndc_directory", "registers") else pair[0]
    (tmp_path / "local" / "rules").mkdir()
    for place in ("retire.yml", "rules/own.sql"):
        (tmp_path / "local" / place).write_text("", "utf-8")
    described = [(entry["setting"], entry["path"]) for entry in describe_settings_files(More.model_validate(values))]
    assert described == [
        ("overrides", "overrides"), ("policy_windows", "policy_windows"), ("lookback_limits", "lookback_limits"),
        ("providers", "providers"), ("ndc_directory", "ndc_directory"), ("ndc_directory", "ndc_directory_2"),
        ("local", "retire.yml"), ("local", "own.sql"), ("sanctions", "sanctions"), ("registers", "registers"),
        ("registers", "registers_2"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_verify_and_diff_hear_of_a_setting_that_changes_what_they_compare(name: str) -> None:
    changed = list(records.changed_settings({name: "a"}, {name: "b"}))
    assert bool(changed) == (name not in NO_RESULT | PATHS)
    before, after = (
        run_diff._settings({"parameters": {"settings": {name: value}}, "settings_files": files})  # type: ignore[typeddict-item]
        for value, files in (("a", []), ("b", [{"setting": name, "sha256": "1"}]))
    )
    assert (before != after) == (name in FINDINGS)
