"""Modifiers that stand in columns which no layout reads are named, since one of them may free a line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audit_lib.claims.bindings import bind
from audit_lib.claims.layouts import read_layout
from audit_lib.claims.unread_modifiers import unread_modifiers
from audit_lib.cli import main
from audit_lib.reports.cautions import cautions
from audit_lib.run import Run
from tests.command_line import GOOD, HEADER

MODIFIERS = [
    "mod", "mods", "mod1", "mod_1", "modifier", "modifiers", "modifier2", "modifier 1", "proc_mod_2", "hcpcs_mod_2",
    "hcpcs_modifier", "cpt.modifier", "modifier_cd_1", "modifier_1_code", "mod1cd", "hcpcs_1st_mdfr_cd",
    "hcpcs_modifier_6",
]  # fmt: skip
OTHERS = [
    "modified", "modified_date", "mod_date", "last_mod_user", "model", "modality", "remodifier", "is_modified",
    "module_1", "modifier_description", "mode_1",
]  # fmt: skip


def unread(layout: str, *names: str) -> list[str]:
    header = [*HEADER.split(","), *names]
    return unread_modifiers(header, bind(read_layout(layout), {"claims.csv": header}))


@pytest.mark.parametrize("name", MODIFIERS)
def test_a_column_that_is_named_as_modifiers_are_is_told(name: str) -> None:
    assert unread("canonical", name) == [name]
    assert unread("canonical", "hcpcs_modifier_1", name) == [name]


@pytest.mark.parametrize("name", [*OTHERS, "hcpcs_modifier_1", "hcpcs_modifier_5"])
def test_a_column_that_is_read_or_named_otherwise_is_not(name: str) -> None:
    assert unread("canonical", name) == []


def test_what_a_layout_reads_in_an_expression_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ours.yml"
    path.write_text("based_on: canonical\ncolumns: {hcpcs_modifier_1: 'upper(mod1)'}\n", "utf-8")
    assert unread(str(path), "mod1", "mod2") == ["mod2"]


def test_a_run_and_its_report_name_them_and_say_how_they_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    claims = tmp_path / "claims"
    claims.mkdir()
    (claims / "2025-08.csv").write_text(f"{HEADER},MOD1,mod2\n{GOOD},RB,QZMARK\n", "utf-8")
    (claims / "2025-09.csv").write_text(f"{HEADER}\n{GOOD.replace(',1,', ',2,', 1)}\n", "utf-8")
    words = ["--out", str(tmp_path / "runs"), "--run-id", "r", "--no-reports", "--no-quality", "--no-ledger"]
    assert main(["run", "--claims", str(claims), *words]) == 0
    manifest = json.loads((tmp_path / "runs" / "r" / "manifest.json").read_text("utf-8"))
    found = {file["path"]: file.get("unread_modifiers") for file in manifest["inputs"]}
    assert found == {"2025-08.csv": ["mod1", "mod2"], "2025-09.csv": None}
    printed = capsys.readouterr()
    said = (
        "2 columns of 1 claims file seem to hold modifiers and are not read: mod1, mod2. A modifier may free a line, "
        "so findings may be wrong. Let a layout read each as one of hcpcs_modifier_1 to hcpcs_modifier_5, as in "
        "`hcpcs_modifier_1: mod1` (docs/layouts.md)."
    )
    assert said in printed.out and said in printed.err and "QZMARK" not in printed.out + printed.err
    assert said in cautions(Run.open(tmp_path / "runs" / "r"))
