"""The command as people meet it: exit codes, one plain paragraph, nothing half-written, no value of a row shown."""

from __future__ import annotations

import stat
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from audit_lib.reports import tables as report_tables
from audit_lib.run import Run
from tests.command_line import GOOD, HEADER, MARK, claims_file, command, run


def test_a_run_that_finds_nothing_succeeds_and_is_its_owners(tmp_path: Path) -> None:
    done = run("--claims", claims_file(tmp_path, GOOD), "--out", tmp_path / "runs", "--run-id", "r")
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "runs" / "r"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.iterdir()]}
    assert {name: mode for name, mode in modes.items() if mode & 0o077} == {}
    assert MARK not in done.stdout + done.stderr + (folder / "manifest.json").read_text("utf-8")


def test_units_beyond_all_measure_end_no_run_and_no_table(tmp_path: Path) -> None:
    rows = [f"C{n},1,M,2025-08-01,S9365,99999999999999.999,10.00,123456789" for n in range(20)]
    done = run("--claims", claims_file(tmp_path, *rows), "--out", tmp_path, "--run-id", "r")
    assert done.returncode == 0, done.stderr
    finished = Run.open(tmp_path / "r")
    total = Decimal("1999999999999999.980")
    for table in (report_tables.code_mix(finished), report_tables.therapies(finished)):
        assert list(table["unit_quantity"]) == [total]
    assert sum(report_tables.episodes(finished)["unit_quantity"]) == total


WRONG = {
    "no such file": (["--claims", "none.csv"], 11, ["none.csv", "no such file"]),
    "an unknown layout": (["--layout", "tuwa"], 11, ["tuwa", "Did you mean tuva"]),
    "an unknown rule": (["--rules", "supply_with_per_dim"], 2, ["Did you mean supply_with_per_diem"]),
    "a period that ends before it begins": (
        ["--from", "2025-02-01", "--to", "2025-01-01"],
        2,
        ["ends before it begins"],
    ),
    "no date": (["--from", "2025-02-30"], 2, ["YYYY-MM-DD"]),
    "a missing settings file": (["--config", "none.yml"], 2, ["none.yml"]),
    "a run id that is a path": (["--run-id", "../up"], 2, ["--run-id"]),
    "an unknown option": (["--clams", "x"], 2, ["Did you mean --claims? See infusion-audit run --help."]),
    "a word too many": (["claims.csv"], 2, ["unrecognized arguments: claims.csv. See infusion-audit run --help."]),
    "a file for the folder of runs": (["--out", __file__], 14, ["that is a file, or lies below one"]),
    "too little memory": (["--memory-limit", "lots"], 2, ["--memory-limit"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_usage_says_what_to_do(name: str, tmp_path: Path) -> None:
    arguments, code, words = WRONG[name]
    claims = [] if "--claims" in arguments else ["--claims", str(claims_file(tmp_path, GOOD))]
    done = run(*claims, *([] if "--out" in arguments else ["--out", tmp_path / "runs"]), *arguments)
    assert done.returncode == code, done.stderr
    assert [word for word in words if word not in done.stderr] == []
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "runs").exists() or not any((tmp_path / "runs").iterdir())


BAD_CLAIMS = {
    "missing columns, all named, with the nearest": (
        ["claim_id,line_number,member_id,service_date,hcpcs,units,paid_amt,tin", GOOD],
        ["claim_line_number", "service_unit_quantity", "paid_amount", "hcpcs_code", "billing_tin nor billing_npi"],
    ),
    "only a header": ([HEADER], ["no claim line"]),
    "a column named twice": ([HEADER + ",claim_id", GOOD + ",x"], ["more than one column named claim_id"]),
    "no row that can be read": ([HEADER, GOOD.replace("2025-08-01", "01/08/2025")], ["claim_line_start_date"]),
    "an empty file": ([], ["empty"]),
}


@pytest.mark.parametrize("name", BAD_CLAIMS)
def test_claims_that_cannot_be_read(name: str, tmp_path: Path) -> None:
    lines, words = BAD_CLAIMS[name]
    path = tmp_path / "claims.csv"
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    done = run("--claims", path, "--out", tmp_path / "runs")
    assert done.returncode == 11, done.stderr
    assert [word for word in words if word not in done.stderr] == []
    assert "Traceback" not in done.stderr
    assert MARK not in done.stderr
    assert path.read_text("utf-8") == "".join(f"{line}\n" for line in lines)


def test_rejected_rows_are_kept_whole_with_reason_and_number(tmp_path: Path) -> None:
    bad = [GOOD.replace("2025-08-01", "2025-02-30"), GOOD, GOOD.replace("10.00", "ten"), f"{MARK}3,1"]
    done = run("--claims", claims_file(tmp_path, GOOD, *bad), "--out", tmp_path / "r", "--run-id", ".")
    assert done.returncode == 0, done.stderr
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select source_row, column_name, reason, source_text from read_parquet($path) order by source_row",
            {"path": str(tmp_path / "r" / "rejected_rows.parquet")},
        ).fetchall()
    assert [row[0] for row in rows] == [2, 4, 5]
    assert [row[1] for row in rows] == ["claim_line_start_date", "paid_amount", None]
    assert all(MARK not in row[2] and MARK in row[3] for row in rows)
    assert MARK not in done.stderr


def test_every_notebook_that_is_not_there_is_named_at_once(tmp_path: Path) -> None:
    names = "02_rule_finding,01_data_quality,03_overpayment_expsure.ipynb,zzz"
    claims = claims_file(tmp_path, GOOD)
    done = command("run", "--claims", claims, "--out", tmp_path / "runs", "--notebooks", names)
    assert done.returncode == 2 and not (tmp_path / "runs").exists()
    assert "There is no notebook '02_rule_finding'. Did you mean 02_rule_findings?" in done.stderr
    assert "There is no notebook '03_overpayment_expsure'. Did you mean 03_overpayment_exposure?" in done.stderr
    assert "There is no notebook 'zzz'. Known are: 01_data_quality, " in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "mine.txt").write_text("keep", "utf-8")
    done = run("--claims", claims_file(tmp_path, GOOD), "--out", tmp_path, "--run-id", "r")
    assert done.returncode == 2
    assert [p.name for p in (tmp_path / "r").iterdir()] == ["mine.txt"]


def test_two_runs_into_one_folder(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    with FileLock(tmp_path / "runs" / ".lock-r"):
        done = run("--claims", claims_file(tmp_path, GOOD), "--out", tmp_path / "runs", "--run-id", "r")
    assert done.returncode == 15, done.stderr


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    done = run("--claims", claims_file(tmp_path, GOOD), "--out", tmp_path / "file" / "below")
    assert done.returncode == 14, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("assume", [[], ["--assume-in-force"]])
def test_the_tuva_demo_is_read_whole_and_gives_no_finding(shared: Path, tmp_path: Path, assume: list[str]) -> None:
    claims = shared / "realdata" / "tuva_demo" / "medical_claim.csv"
    done = run("--claims", claims, "--layout", "tuva", "--out", tmp_path / "r", "--run-id", ".", *assume)
    assert done.returncode == 0, done.stderr
    with duckdb.connect() as connection:
        path = {"path": str(tmp_path / "r" / "findings.parquet")}
        findings = connection.execute("select rule from read_parquet($path)", path).fetchall()
    assert findings == []
    assert "6,075 rows read, 0 rejected" in done.stderr


def test_the_published_home_infusion_example(shared: Path, tmp_path: Path) -> None:
    claims = shared / "realdata" / "x12_examples" / "example_10_3_claim_lines.csv"
    done = run("--claims", claims, "--out", tmp_path / "r", "--run-id", ".", "--assume-in-force")
    assert done.returncode == 0, done.stderr
    with duckdb.connect() as connection:
        found = connection.execute(
            "select rule, outcome, claim_line_number, cast(amount as varchar) from read_parquet($path) order by 3",
            {"path": str(tmp_path / "r" / "findings.parquet")},
        ).fetchall()
    rule = "diluent_or_heparin_with_per_diem"
    assert found == [
        (rule, "overpayment", 3, "15.12"),
        (rule, "overpayment", 4, "67.69"),
        (rule, "overpayment", 5, "57.12"),
        (rule, "overpayment", 6, "10.50"),
    ]
