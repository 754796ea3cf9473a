"""A plan's own folder: rules and cases added, a rule retired, rows of code lists added and closed, all of it named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from audit_lib.cli import main
from audit_lib.errors import AuditError
from audit_lib.reports.cautions import cautions
from audit_lib.resources import folder
from audit_lib.run import Run
from tests.own_rules import (
    ADDED,
    CASES,
    CLOSED,
    FACT_SQL,
    FILES,
    RULE_YML,
    SCHEMA,
    SUPPLY_HEADER,
    audit,
    write_local,
)

ROOT = Path(__file__).parent.parent


def findings(run: Path) -> set[tuple[str, int]]:
    wanted = ("supply_with_per_diem", "flush_with_home_infusion", "handling_with_per_diem")
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select rule, claim_line_number from read_parquet($p)", {"p": str(run / "findings.parquet")}
        )
        return {row for row in rows.fetchall() if row[0] in wanted}


def test_rules_and_lists_are_changed(tmp_path: Path) -> None:
    assert findings(audit(tmp_path, None)) == {("supply_with_per_diem", 2), ("flush_with_home_infusion", 3)}
    assert findings(audit(tmp_path, write_local(tmp_path))) == {
        ("handling_with_per_diem", 4),
        ("supply_with_per_diem", 5),
    }


def test_every_change_stands_in_the_manifest_and_on_the_first_page(tmp_path: Path) -> None:
    run = audit(tmp_path, write_local(tmp_path))
    manifest = json.loads((run / "manifest.json").read_text())
    changes = [(c["change"], c["name"], c["reason"], c["approved_by"]) for c in manifest["local_changes"]]
    assert changes == [
        (
            "rule added",
            "handling_with_per_diem",
            "The plan's contract includes handling in the per diem.",
            "Policy committee",
        ),
        ("rule retired", "flush_with_home_infusion", "Flushes are payable here", "Bob"),
        ("rows added", "policy_windows", "Contract of 2025", "Ann"),
        ("rows added", "supply_codes", "Contract", "Ann"),
        ("rows closed", "supply_codes", "Paid by contract", "Ann"),
    ]
    assert manifest["local_changes"][-1]["keys"] == ["A4222"]
    assert len([f for f in manifest["settings_files"] if f["setting"] == "local"]) == len(FILES)
    shown = [caution for caution in cautions(Run.open(run)) if caution.startswith("The plan changed this audit")]
    assert shown[1] == (
        "The plan changed this audit, rule retired: flush_with_home_infusion. Reason: Flushes are payable here. "
        "Approved by Bob."
    )
    assert shown[4].startswith("The plan changed this audit, 1 row closed in supply_codes.")


def test_without_the_setting_nothing_is_changed(tmp_path: Path) -> None:
    run = audit(tmp_path, None)
    assert json.loads((run / "manifest.json").read_text())["local_changes"] == []


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("retire.yml", "- {rule: no_such_rule, reason: x, approved_by: y}", "retire.yml.*entry 1.*no_such_rule"),
        ("retire.yml", "- {rule: flush_with_home_infusion, reason: x}", "retire.yml.*entry 1, approved_by"),
        ("retire.yml", "rule: flush_with_home_infusion", "retire.yml.*the file"),
        ("rules/bundled/handling_with_per_diem.yml", RULE_YML.replace("100", "5"), "with_per_diem.yml.*number"),
        ("rules/bundled/handling_with_per_diem.yml", RULE_YML.replace("approved_by: ", "note: "), "approved_by"),
        ("rules/bundled/handling_with_per_diem.yml", RULE_YML.replace("group: L", "group: Z"), "group Z.*window"),
        ("rules/bundled/handling_with_per_diem.sql", "select 1 as x from typed_rows", "names typed_rows"),
        ("rules/bundled/handling_with_per_diem.sql", "select 1 as x from claim_lines", "must return claim_id"),
        ("facts/per_diem_lines.sql", FACT_SQL, "facts/per_diem_lines.sql has the name of a shipped file"),
        ("rule/x.sql", FACT_SQL, "holds rule, which"),
        ("code_sets/other.csv", "code\n", "other.csv"),
        ("code_sets/suply_codes.csv", "code\n", "suply_codes.csv is not declared.*Did you mean supply_codes"),
        ("code_sets/supply_codes.csv", "code\n", "sql/code_sets and docs/plan_rules.md say.*row 1 being"),
        ("code_sets/supply_codes.csv", SUPPLY_HEADER + ADDED.replace("Contract", ""), "supply_codes.csv row 1: reason"),
        ("code_sets/supply_codes.csv", SUPPLY_HEADER + ADDED + CLOSED.replace("T1", "T2"), "row 2: .*another tier"),
        ("code_sets/supply_codes.csv", SUPPLY_HEADER + CLOSED.replace("2025-06-30", ""), "row 1: the list has its key"),
        ("code_sets/supply_codes.csv", "code,reason\n", "supply_codes.csv header: column label is missing"),
        ("code_sets/schema.yml", SCHEMA.replace("handling_codes", "supply_codes"), "supply_codes: a shipped list"),
    ],
)  # fmt: skip
def test_bad_content_ends_with_10_naming_file_and_row(tmp_path: Path, name: str, text: str, problem: str) -> None:
    with pytest.raises(AuditError, match=f"(?s){problem}") as caught:
        audit(tmp_path, write_local(tmp_path, **{name: text}))
    assert caught.value.exit_code == 10


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith(("rules/", "facts/"))])
def test_a_file_in_another_encoding_is_named(tmp_path: Path, name: str) -> None:
    local = write_local(tmp_path)
    path = local / name
    path.write_bytes(path.read_bytes() + ("-- " if path.suffix == ".sql" else "# ").encode() + "é\n".encode("cp1252"))
    with pytest.raises(AuditError, match=f"{path.name}.*it is no text in UTF-8") as caught:
        audit(tmp_path, local)
    assert caught.value.exit_code == 10


def test_a_row_may_return_otherwise_after_it_was_closed(tmp_path: Path) -> None:
    again = CLOSED.replace(",,2025-06-30,", ",2025-07-01,,")
    local = write_local(tmp_path, **{"code_sets/supply_codes.csv": SUPPLY_HEADER + CLOSED + again})
    assert ("supply_with_per_diem", 2) in findings(audit(tmp_path, local))


def test_a_line_of_business_is_the_governments_while_the_list_says_so(tmp_path: Path) -> None:
    header = "code,label,valid_from,valid_to,source,reason,approved_by\n"
    until_june, from_july, from_2026 = (
        f"health_link,State plan,{days},plan,Contract,Ann\n" for days in (",2025-06-30", "2025-07-01,", "2026-01-01,")
    )
    answers = {}
    for name, rows in {"a gap": until_june + from_2026, "no gap": until_june + from_july}.items():
        (place := tmp_path / name).mkdir()
        local = write_local(place, **{"code_sets/government_lines_of_business.csv": header + rows})
        manifest = json.loads((audit(place, local, "health_link") / "manifest.json").read_text())
        out_of_scope = next(gate for gate in manifest["gates"] if gate["gate"] == "out_of_scope")
        answers[name] = manifest["totals"]["net_overpaid_amount"], out_of_scope["paid_amount"]
    assert answers == {"a gap": ("109.00", "0.00"), "no gap": ("0.00", "154.00")}


def test_settings_may_name_own_and_retired_rules(tmp_path: Path) -> None:
    local = write_local(tmp_path)
    (tmp_path / "settings.yml").write_text(
        "local: plan\nreview_only: [handling_with_per_diem, flush_with_home_infusion]\n"
    )
    audit(tmp_path, local)
    arguments = ["run", "--claims", str(tmp_path / "claims.csv"), "--out", str(tmp_path / "out"), "--no-reports",
                 "--no-quality"]  # fmt: skip
    assert main([*arguments, "--config", str(tmp_path / "settings.yml")]) == 0


def test_a_folder_that_is_not_there_ends_with_2(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="which is no folder") as caught:
        audit(tmp_path, tmp_path / "nowhere")
    assert caught.value.exit_code == 2


def test_the_runner_runs_the_plans_cases(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_rule_cases.py"]
    local = write_local(tmp_path)
    for text, passes in ((CASES, True), (CASES.replace("| 12.00\n  expect", "| 13.00\n  expect"), False)):
        write_local(tmp_path, **{"tests/rules/bundled/handling_with_per_diem.yml": text})
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, "INFUSION_AUDIT_LOCAL": str(local)}, capture_output=True, text=True
        )
        assert (done.returncode == 0) == passes, done.stdout[-2000:]
    assert folder("sql").is_dir()
