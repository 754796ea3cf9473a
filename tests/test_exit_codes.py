"""Every exit code through the real command, each with one plain paragraph; no network; no value of a row."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

import audit_lib.cli
from audit_lib.cli import main
from audit_lib.engines import DuckDBEngine
from audit_lib.errors import AuditError
from audit_lib.local_rules import read_local
from audit_lib.pipeline import load_steps, ordered, run_steps
from audit_lib.progress import Progress
from audit_lib.rule_rows import collect_rule_rows
from audit_lib.rules import load_rules
from tests.command_line import GOOD, HEADER, MARK, claims_file, run
from tests.own_rules import RULE_SQL, write_local

MARKED = f"{MARK}1,1,{MARK}2,2025-08-01,{MARK},1,10.00,{MARK}"


def _config(folder: Path, text: str) -> Path:
    (folder / "settings.yml").write_text(text, "utf-8")
    return folder / "settings.yml"


RULE = "rules/bundled/handling_with_per_diem.sql"


def _bad_rule(folder: Path) -> list[str]:
    local = write_local(folder, **{RULE: RULE_SQL.replace("'overpayment'", "'overpaid'")})
    return ["--config", str(_config(folder, f"local: {local}"))]


def _failing_rule(folder: Path) -> list[str]:
    sql = RULE_SQL.replace("claim_lines.paid_amount else", "cast(claim_lines.member_id as decimal(18, 2)) else")
    return ["--config", str(_config(folder, f"local: {write_local(folder, **{RULE: sql})}"))]


def _bad_list(folder: Path) -> list[str]:
    local = write_local(folder, **{"code_sets/handling_codes.csv": "code,label\nx\n"})
    return ["--config", str(_config(folder, f"local: {local}"))]


CODES = {
    0: lambda folder: [],
    2: lambda folder: ["--config", str(_config(folder, "thread: 2"))],
    10: _bad_list,
    11: lambda folder: ["--layout", "tuwa"],
    13: lambda folder: ["--memory-limit", "1MB"],
    14: lambda folder: ["--out", "/dev/null/x"],
}


@pytest.mark.parametrize("code", CODES)
def test_each_code_says_one_paragraph(code: int, tmp_path: Path) -> None:
    claims = claims_file(tmp_path, MARKED)
    asked = CODES[code](tmp_path)
    out = [] if "--out" in asked else ["--out", tmp_path / "runs"]
    done = run("--claims", claims, "--run-id", "r", *out, *asked)
    assert done.returncode == code, done.stderr
    said = done.stderr.strip().splitlines()
    assert said and all(line.startswith("infusion-audit: ") for line in said)
    assert MARK not in done.stdout + done.stderr
    assert (tmp_path / "runs" / "r").exists() == (code == 0)
    # The ledger keeps its lock file: taking it away would let two runs hold one each.
    assert not [path for path in tmp_path.glob("runs/.*") if path.name != ".lock-ledger.duckdb"]


LONG = "a" * 300
TOO_LONG = {
    "run --claims CLAIMS --out LONG": 2,
    "run --claims CLAIMS --layout LONG --out runs": 11,
    "run --claims LONG --out runs": 11,
    "run --claims CLAIMS --ledger LONG --out runs": 2,
    "run --claims CLAIMS --config LONG --out runs": 2,
    "verify LONG --claims CLAIMS": 2,
    "diff LONG LONG": 2,
    "export LONG": 2,
    "explain x --run LONG": 2,
    "hold LONG --reason x": 2,
}


@pytest.mark.parametrize("words", TOO_LONG)
def test_a_name_that_is_too_long_is_wrong_usage(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    given = {"CLAIMS": str(claims_file(tmp_path, MARKED)), "LONG": LONG}
    assert main([given.get(word, word) for word in words.split()]) == TOO_LONG[words]
    said = capsys.readouterr()
    assert said.err.count("\n") == 1 and not said.out
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".csv"] == []


def test_a_plans_folder_whose_name_is_too_long_is_a_wrong_setting(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="is no folder") as caught:
        read_local(tmp_path / LONG)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("make", [_bad_rule, _failing_rule])
def test_a_plans_rule_that_goes_wrong(tmp_path: Path, make: object) -> None:
    lines = [MARKED.replace(f",{MARK},1,", f",{code},1,") for code in ("S9500", "99070")]
    claims = claims_file(tmp_path, *[line.replace(",1,", f",{n},", 1) for n, line in enumerate(lines, start=1)])
    done = run("--claims", claims, "--out", tmp_path / "runs", *make(tmp_path))  # type: ignore[operator]
    assert done.returncode == (10 if make is _bad_rule else 13), done.stderr
    assert "handling" in done.stderr and MARK not in done.stderr and "Traceback" not in done.stderr


def test_another_run_holds_the_lock(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    with FileLock(tmp_path / "runs" / ".lock-r"):
        done = run("--claims", claims_file(tmp_path, GOOD), "--out", tmp_path / "runs", "--run-id", "r")
    assert done.returncode == 15
    assert len(done.stderr.strip().splitlines()) == 1


ANSWERS = {
    "select 'A', 1, 'Overpayment', 1.00, 'why', null, null": "an outcome that is none of the six",
    "select 'A', 1, null, 1.00, 'why', null, null": "an outcome that is none of the six",
    "select 'A', 1, 'overpayment', 10.01, 'why', null, null": "an amount below 0 or above what was paid",
    "select 'A', 1, 'review', -0.01, 'why', null, null": "an amount below 0 or above what was paid",
    "select 'A', 1, 'review', null, 'why', null, null": "an amount below 0 or above what was paid",
    "select 'A', 1, 'pass', 0.00, null, null, null": "no reason",
    "select 'B', 1, 'pass', 0.00, 'why', null, null": "a line that it was not given",
    "select 'A', 1, 'pass', 0.00, 'why', null, null from range(2)": "one line more than once (2 rows)",
}


@pytest.mark.parametrize("sql", ANSWERS)
def test_answers_that_would_spoil_the_totals(sql: str) -> None:
    rule = load_rules()[0]
    names = "claim_id, claim_line_number, outcome, amount, reason, related_claim_id, related_claim_line_number"
    with duckdb.connect() as connection:
        connection.execute("create table claim_lines as select 'A' claim_id, 1 claim_line_number, 10.00 paid_amount")
        connection.execute(f'create table "{rule.name}" as select * from ({sql}) as answers ({names})')
        with pytest.raises(AuditError) as caught:
            collect_rule_rows(connection, DuckDBEngine(connection, Progress(is_quiet=True)), [rule])
    assert caught.value.exit_code == 10
    assert f"{rule.name}: {ANSWERS[sql]}" in caught.value.message


def test_a_step_that_fails_shows_no_value(tmp_path: Path) -> None:
    (tmp_path / "broken.sql").write_text(f"select cast('{MARK}' || x as integer) as x from numbers", "utf-8")
    (tmp_path / "circle.sql").write_text("select * from square", "utf-8")
    (tmp_path / "square.sql").write_text("select * from circle", "utf-8")
    steps = load_steps(tmp_path)
    with duckdb.connect() as connection, pytest.raises(AuditError, match="step broken failed") as caught:
        connection.execute("create table numbers as select 'a' as x")
        run_steps(connection, [steps["broken"]], Progress(is_quiet=True))
    assert caught.value.exit_code == 13
    assert MARK not in caught.value.message
    with pytest.raises(AuditError, match=r"in a circle: .*square"):
        ordered(steps, ["circle"])


def test_a_fault_of_our_own_shows_its_place_and_no_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(f"a value such as {MARK}")

    monkeypatch.setattr("audit_lib.audit.read_claims", fail)
    words = ["run", "--claims", str(claims_file(tmp_path, GOOD)), "--out", str(tmp_path / "runs"), "--no-reports"]
    words += ["--no-quality"]
    assert audit_lib.cli.main(words) == 1
    said = capsys.readouterr().err.strip().splitlines()[-1]
    assert "RuntimeError in audit.py, line" in said  # not in whatever it called
    assert MARK not in said
    assert list((tmp_path / "runs").iterdir()) == []


def test_nothing_is_asked_of_the_network(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import socket\n"
        "def refuse(self, address):\n"
        "    raise SystemExit(f'network: {address}') if self.family != socket.AF_UNIX else None\n"
        "socket.socket.connect = socket.socket.connect_ex = refuse\n",
        "utf-8",
    )
    words = [
        sys.executable,
        "-m",
        "audit_lib.cli",
        "run",
        "--no-reports",
        "--no-quality",
        "--out",
        str(tmp_path / "runs"),
    ]
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    environment = {
        **os.environ,
        "PYTHONPATH": path,
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
    }
    for claims, code in (
        (claims_file(tmp_path, GOOD), 0),
        ("https://example.org/claims.csv", 11),
        ("s3://a/b.parquet", 11),
    ):
        done = subprocess.run(
            [*words, "--claims", str(claims)], capture_output=True, text=True, check=False, env=environment, timeout=120
        )
        assert done.returncode == code, done.stderr
        assert "network" not in done.stderr


def test_marks_in_every_column_of_rejected_rows_stay_out_of_what_is_said(tmp_path: Path) -> None:
    names = HEADER.split(",")
    rows = [",".join(MARK if other == name else value for other, value in zip(names, GOOD.split(","), strict=True))
            for name in names]  # fmt: skip
    done = run("--claims", claims_file(tmp_path, GOOD, *rows, f"{MARK},x", f'"{MARK}"{MARK}'), "--out", tmp_path / "r")
    assert done.returncode == 0, done.stderr
    (folder,) = (path.parent for path in (tmp_path / "r").glob("*/manifest.json"))
    said = done.stdout + done.stderr + "".join(path.read_text("utf-8") for path in folder.glob("*.json"))
    assert MARK not in said
