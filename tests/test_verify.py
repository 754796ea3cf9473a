"""A run is repeated: untouched it passes; whatever was touched is named, and no value of a row is said."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from audit_lib import fingerprints
from audit_lib.cli import main
from audit_lib.reproduction.records import changed_results, changed_settings_files
from audit_lib.rules import Rule

HEADER = (
    "claim_id,claim_line_number,member_id,claim_line_start_date,hcpcs_code,service_unit_quantity,paid_amount,"
    "billing_tin,place_of_service_code"
)
ROWS = [
    "QZA,1,QZM1,2025-08-01,S9500,1,90.00,741,12",
    "QZA,2,QZM1,2025-08-01,A4222,1,40.00,741,12",
    "QZB,1,QZM2,2025-08-02,S9500,1,90.00,741,12",
    "QZB,2,QZM2,2025-08-02,A4222,1,35.00,741,12",
    "QZC,1,QZM3,no date,S9500,1,90.00,741,12",
]
OVERRIDES = "provider_id,rule,hcpcs_code,date_from,date_to,action,note,approved_by\n"
EXEMPT = "741,supply_with_per_diem,A4222,2025-08-02,2025-08-02,exempt,contract,A. Person\n"
Verify = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with claims, settings and one finished run of them."""
    place = tmp_path_factory.mktemp("verify")
    (place / "claims.csv").write_text("\n".join([HEADER, *ROWS]) + "\n", "utf-8")
    (place / "overrides.csv").write_text(OVERRIDES, "utf-8")
    (place / "settings.yml").write_text("overrides: overrides.csv\nminimum_amount: 1.00\n", "utf-8")
    words = ["run", "--claims", str(place / "claims.csv"), "--out", str(place / "runs"), "--run-id", "r"]
    words += ["--rules", "supply_with_per_diem", "--no-reports", "--no-quality"]
    assert main([*words, "--config", str(place / "settings.yml")]) == 0
    return place


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """A copy of the place that a test may touch; the settings file leads to the copied tables."""
    shutil.copytree(made, tmp_path / "place")
    return tmp_path / "place"


@pytest.fixture
def verify(place: Path, capsys: pytest.CaptureFixture[str]) -> Verify:
    def run(*words: str, claims: str = "claims.csv") -> tuple[int, str]:
        config = ["--config", str(place / "settings.yml")]
        code = main(["verify", str(place / "runs" / "r"), "--claims", str(place / claims), *config, *words])
        captured = capsys.readouterr()
        assert "QZ" not in captured.out + captured.err
        return code, captured.out

    return run


def _rewrite(path: Path, select: str, rest: str = "") -> None:
    copy = path.with_suffix(".copy")
    duckdb.sql(f"copy ({select} read_parquet('{path}'){rest}) to '{copy}' (format parquet)")
    copy.replace(path)


def test_an_untouched_run_passes_and_is_left_as_it_is(place: Path, verify: Verify) -> None:
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in (place / "runs").rglob("*") if p.is_file()}
    code, said = verify()
    assert code == 0
    assert "is reproduced" in said
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in (place / "runs").rglob("*") if p.is_file()} == before


def test_claims_under_another_name_are_the_same_claims(place: Path, verify: Verify) -> None:
    (place / "claims.csv").rename(place / "archived.csv")
    code, said = verify(claims="archived.csv")
    assert code == 0
    assert "under another name" in said


def test_a_run_beside_an_earlier_one_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The repetition has no earlier run beside it, against which the data-quality gate holds the months."""
    more = [row.replace("QZ", f"QZ{number}") for number in range(9) for row in ROWS[:4]]
    for name, rows in (("first", more), ("second", ROWS)):
        (tmp_path / f"{name}.csv").write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
        words = ["--claims", str(tmp_path / f"{name}.csv"), "--rules", "supply_with_per_diem", "--no-reports"]
        assert main(["run", *words, "--out", str(tmp_path / "runs"), "--run-id", name]) == 0
    quality = json.loads((tmp_path / "runs/second/manifest.json").read_text("utf-8"))["quality"]
    assert quality["compared_with_run"] == "first" and "months_below_earlier_run" in quality["unmet_warnings"]
    assert main(["verify", str(tmp_path / "runs/second"), "--claims", str(tmp_path / "second.csv")]) == 0
    assert "is reproduced" in capsys.readouterr().out


def test_other_words_of_data_quality_are_compared() -> None:
    run = {"quality": {"unmet_warnings": ["rows_rejected"], "compared_with_run": "first"}}
    again = {"quality": {"unmet_warnings": [], "compared_with_run": None}}
    assert [difference.name for difference in changed_results(run, again)] == ["quality"]


def test_a_run_made_on_spark_is_repeated_in_duckdb(place: Path, verify: Verify) -> None:
    path = place / "runs/r/manifest.json"
    path.write_text(path.read_text("utf-8").replace('"engine": "duckdb"', '"engine": "spark"'), "utf-8")
    assert verify()[0] == 0


def test_touched_claims_are_named_with_what_they_change(place: Path, verify: Verify) -> None:
    text = (place / "claims.csv").read_text("utf-8")
    (place / "claims.csv").write_text(text.replace("40.00", "30.00").replace("QZB,2", "QZB,7"), "utf-8")
    code, said = verify()
    assert code == 16
    assert "claims file    claims.csv: has other content" in said
    assert "supply_with_per_diem: 1 added in the repetition ($35.00)" in said
    assert "supply_with_per_diem: 1 gone in the repetition ($35.00)" in said
    assert "supply_with_per_diem: 1 different in the repetition (-$10.00)" in said


def test_a_touched_findings_file_is_named(place: Path, verify: Verify) -> None:
    more = "select * replace (cast(amount + 5 as decimal(18, 2)) as amount) from"
    _rewrite(place / "runs/r/findings.parquet", more)
    code, said = verify()
    assert code == 16
    assert "run file       findings.parquet: was changed after" in said
    assert "supply_with_per_diem: 2 different in the repetition (-$10.00)" in said
    assert "table          findings: 2 rows only in the run, 2 only in the repetition" in said
    assert "claims file" not in said


def test_every_table_is_compared(place: Path, verify: Verify) -> None:
    names = ["claim_lines", "line_exposure", "line_outcomes", "rejected_rows", "rule_outcomes"]
    for name in names:
        _rewrite(place / f"runs/r/{name}.parquet", "from", " offset 1")
    code, said = verify()
    assert code == 16
    for name in names:
        assert f"run file       {name}.parquet: was changed" in said
        assert f"table          {name}: 0 rows only in the run, 1 only in the repetition" in said


def test_a_file_that_is_gone_broken_or_additional_is_named(place: Path, verify: Verify) -> None:
    (place / "runs/r/findings.parquet").write_bytes(b"no parquet")
    (place / "runs/r/quality.json").unlink()
    (place / "runs/r/remarks.txt").write_text("x", "utf-8")
    code, said = verify()
    assert code == 16
    assert "findings.parquet: cannot be read as the findings of a run" in said
    assert "quality.json: is gone" in said
    assert "remarks.txt: was not written by the run" in said


def test_a_touched_manifest_is_named(place: Path, verify: Verify) -> None:
    path = place / "runs/r/manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["totals"]["net_overpaid_amount"] = "1.00"
    path.write_text(json.dumps(manifest), "utf-8")
    code, said = verify()
    assert code == 16
    assert "manifest       totals: is not what the repetition gives" in said


def test_a_touched_table_of_the_settings_is_named_with_what_it_changes(place: Path, verify: Verify) -> None:
    (place / "overrides.csv").write_text(OVERRIDES + EXEMPT, "utf-8")
    code, said = verify()
    assert code == 16
    assert "settings file  overrides.csv (overrides): has other content" in said
    assert "supply_with_per_diem: 1 gone in the repetition ($35.00)" in said


def test_a_changed_setting_is_named_and_the_run_repeated_with_its_own(place: Path, verify: Verify) -> None:
    (place / "settings.yml").write_text("overrides: overrides.csv\nminimum_amount: 100.00\n", "utf-8")
    code, said = verify()
    assert code == 16
    assert "setting        minimum_amount: was 1.0 in the run and is 100.0 in the settings file" in said
    assert "gone in the repetition" not in said


def test_a_layout_that_is_not_the_run_s_is_refused_not_passed_over(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["verify", str(place / "runs" / "r"), "--claims", str(place / "claims.csv"), "--layout"]
    assert main([*asked, "tuva"]) == 2
    assert "made with the shipped layout canonical" in capsys.readouterr().err
    assert main([*asked, "canonical"]) == 0


def test_a_changed_rule_is_named(verify: Verify, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rule, "sql_sha256", "0" * 64)
    code, said = verify()
    assert code == 16
    assert "rule           supply_with_per_diem: has other SQL than the run used (version" in said


def test_changed_shared_sql_is_named(verify: Verify, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit_lib.manifest.shared_sql_sha256", lambda: "0" * 64)
    code, said = verify()
    assert code == 16
    assert "program        shared SQL" in said


def test_another_version_of_a_package_is_a_note(place: Path, verify: Verify) -> None:
    path = place / "runs/r/manifest.json"
    path.write_text(path.read_text("utf-8").replace('"pandas": "', '"pandas": "1.'), "utf-8")
    code, said = verify()
    assert code == 0
    assert "Another version: pandas 1." in said


def test_a_key_of_pseudonyms_that_is_elsewhere_or_another_is_no_difference(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key names members in shared reports and decides no finding, so a run is repeated without it."""
    key, settings = place / "key", place / "keyed.yml"
    key.write_text("0123456789abcdef0123456789abcdef\n", "utf-8")
    key.chmod(0o600)
    settings.write_text("pseudonym_key_file: key\nminimum_amount: 1.00\n", "utf-8")
    words = ["--claims", str(place / "claims.csv"), "--config", str(settings)]
    words_of_run = ["--out", str(place / "runs"), "--run-id", "keyed", "--no-reports", "--no-quality", "--share"]
    capsys.readouterr()
    assert main(["run", *words, *words_of_run]) == 0
    assert f"Shared report: {place / 'runs' / 'keyed' / 'shared_reports'}" in capsys.readouterr().out
    run = str(place / "runs" / "keyed")
    assert main(["verify", run, *words[:2]]) == 0
    key.rename(place / "moved")
    assert main(["verify", run, *words[:2]]) == 0
    settings.write_text("pseudonym_key_file: moved\nminimum_amount: 1.00\n", "utf-8")
    assert main(["verify", run, *words]) == 0
    settings.write_text("pseudonym_key_file: moved\nminimum_amount: 2.00\n", "utf-8")
    capsys.readouterr()
    assert main(["verify", run, *words]) == 16
    said = capsys.readouterr().out
    assert "setting        minimum_amount" in said and "pseudonym" not in said


def test_a_table_of_the_settings_that_is_gone_ends_with_2(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "gone.csv").write_text(OVERRIDES, "utf-8")
    (place / "gone.yml").write_text("overrides: gone.csv\n", "utf-8")
    words = ["--claims", str(place / "claims.csv"), "--config", str(place / "gone.yml")]
    assert main(["run", *words, "--out", str(place / "runs"), "--run-id", "g", "--no-reports", "--no-quality"]) == 0
    (place / "gone.csv").unlink()
    capsys.readouterr()
    assert main(["verify", str(place / "runs" / "g"), *words[:2]]) == 2
    said = capsys.readouterr().err
    assert "gone.csv" in said and "--config" in said


def test_no_run_and_no_claims_have_the_codes_of_every_command(place: Path, verify: Verify) -> None:
    assert verify(claims="nowhere.csv")[0] == 11
    assert main(["verify", str(place), "--claims", str(place / "claims.csv")]) == 2


def test_every_file_of_a_run_is_hashed_in_its_manifest(made: Path) -> None:
    manifest = json.loads((made / "runs/r/manifest.json").read_text("utf-8"))
    names = {p.relative_to(made / "runs/r").as_posix() for p in (made / "runs/r").rglob("*") if p.is_file()}
    assert {file["path"] for file in manifest["outputs"]} == names - {"manifest.json"}
    assert fingerprints.describe_outputs(made / "runs/r") == manifest["outputs"]


def test_the_command_ends_with_its_code(place: Path) -> None:
    words = [sys.executable, "-m", "audit_lib.cli", "verify", str(place / "runs/r")]
    (place / "runs/r/quality.json").write_text("{}", "utf-8")
    done = subprocess.run([*words, "--claims", str(place / "claims.csv")], capture_output=True, text=True)
    assert done.returncode == 16, done.stderr
    assert "quality.json: was changed after the run was written" in done.stdout


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (["of the rule", "of its cases"], []),
        (["of its cases", "of the rule"], []),
        (["of the rule, changed", "of its cases"], ["has other content than the run read"]),
        ([], ["is gone"]),
    ],
)
def test_a_rule_of_the_plans_own_and_its_cases_have_one_name(there: list[str], said: list[str]) -> None:
    run, again = (
        {"settings_files": [{"setting": "local", "path": "first.yml", "sha256": text} for text in texts]}
        for texts in (["of the rule", "of its cases"], there)
    )
    found: Any = changed_settings_files
    assert [difference.text for difference in found(run, again)] == said
