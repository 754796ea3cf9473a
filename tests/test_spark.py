"""The audit on a local Spark: byte for byte what DuckDB writes, every case of every rule, and no row in words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from audit_lib.errors import AuditError
from audit_lib.pipeline import Step
from audit_lib.progress import Progress
from audit_lib.settings import Settings
from audit_lib.spark.engine import SparkEngine
from audit_lib.spark.session import open_session
from benchmarks.generate import generate
from tests import rule_cases
from tests.both_engines import ENGINES, files, run, unlike
from tests.own_rules import RULE_SQL, write_local

ROOT = Path(__file__).parent.parent
MARK = "QQ7MARK"
SAMPLE = ROOT / "data" / "sample" / "claims.csv"
pytestmark = pytest.mark.spark


def test_every_file_of_the_sample_is_the_same_byte_for_byte(spark: Any, tmp_path: Path) -> None:
    runs = {engine: run(SAMPLE, tmp_path, engine) for engine in ENGINES}
    assert len(files(runs["duckdb"])["findings.parquet"]) > 10_000
    assert unlike(runs) == []
    quality = [json.loads((folder / "quality.json").read_text("utf-8")) for folder in runs.values()]
    assert quality[0] == quality[1]
    manifests = [json.loads((folder / "manifest.json").read_text("utf-8")) for folder in runs.values()]
    assert [manifest["engine"] for manifest in manifests] == ["duckdb", "spark"]
    same = ("claims", "staged", "totals", "undecided", "gates", "overrides", "assumptions", "header_repeats")
    for part in (*same, "home_infusion"):
        assert manifests[0][part] == manifests[1][part], part


def test_a_step_that_fails_shows_no_value(
    spark: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    reads = frozenset({"marks"})
    with duckdb.connect() as connection:
        connection.execute(f"create table marks as select '{MARK}' as mark")
        engine = SparkEngine(connection, spark, tmp_path / "exchange", Progress(is_quiet=True))
        with pytest.raises(AuditError, match=r"step broken failed to run on Spark \(CAST_INVALID_INPUT\)") as caught:
            engine.run([Step("broken", "select cast(mark as integer) as number from marks", reads)])
        assert caught.value.exit_code == 13
        with pytest.raises(AuditError, match="step wrong failed to run: Binder Error") as unknown:
            engine.run([Step("wrong", "select no_such_column from marks", reads)])
    said = capfd.readouterr()
    assert MARK not in caught.value.message + unknown.value.message + said.out + said.err
    assert [path.name for path in tmp_path.iterdir()] == ["exchange"]


def test_a_folder_whose_name_looks_like_a_pattern(spark: Any, tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("create table numbers as select 1::bigint as number union all select 2")
        engine = SparkEngine(connection, spark, tmp_path / "audits [2025] {a,b}" / "spark*", Progress(is_quiet=True))
        engine.run([
            Step("doubled", "select number * 2 as number from numbers", frozenset({"numbers"})),
            Step("largest", "select max(number) as number from doubled", frozenset({"doubled"})),
        ])  # fmt: skip
        engine.fetch(["doubled", "largest"])
        assert connection.table("doubled").order("number").fetchall() == [(2,), (4,)]
        assert connection.table("largest").fetchall() == [(4,)]


def test_a_folder_that_spark_does_not_see_ends_with_13(spark: Any, tmp_path: Path) -> None:
    class Unseeing:
        def __getattr__(self, name: str) -> Any:
            raise FileNotFoundError(f"{MARK} is not there")

    with duckdb.connect() as connection:
        connection.execute("create table numbers as select 1 as number")
        engine = SparkEngine(connection, Unseeing(), tmp_path / "exchange", Progress(is_quiet=True))
        with pytest.raises(AuditError, match=r"step numbers failed to run on Spark \(FileNotFoundError\)") as caught:
            engine.run([Step("doubled", "select number * 2 as number from numbers", frozenset({"numbers"}))])
    assert caught.value.exit_code == 13
    assert MARK not in caught.value.message


def _command(tmp_path: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "audit_lib.cli", "run", "--claims", SAMPLE, "--out", tmp_path / "runs", *words]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, env={**os.environ, "JAVA_HOME": "", **environment}
    )


def _without(folder: Path, package: str) -> str:
    """A folder for PYTHONPATH in which a package is not installed."""
    (folder / "sitecustomize.py").write_text(
        "import sys\n"
        "class Absent:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name.split('.')[0] == '{package}':\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Absent())\n",
        "utf-8",
    )
    return str(folder)


@pytest.mark.parametrize("package", ["pyspark", "grpc"])
def test_without_the_extra_one_paragraph_says_so(package: str, tmp_path: Path) -> None:
    done = _command(tmp_path, "--engine", "spark", PYTHONPATH=_without(tmp_path, package))
    assert done.returncode == 2
    assert done.stderr.startswith("infusion-audit: --engine spark needs packages that are not installed")
    assert "infusion-audit[spark]" in done.stderr and len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "runs").exists()


def test_without_java_one_paragraph_says_so(tmp_path: Path) -> None:
    done = _command(tmp_path, "--engine", "spark", PATH=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.startswith("infusion-audit: --engine spark needs Java 17 or later")
    assert len(done.stderr.splitlines()) == 1


def test_a_server_that_does_not_answer_is_not_waited_for(tmp_path: Path) -> None:
    done = _command(tmp_path, "--engine", "spark", "--spark-master", "sc://127.0.0.1:9/;token=secret", "--no-quality")
    assert done.returncode == 2
    assert "Spark cannot be started or reached (ConnectionRefusedError)" in done.stderr
    assert "secret" not in done.stdout + done.stderr
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_master_beside_a_session_is_refused_and_the_session_stays(spark: Any, tmp_path: Path) -> None:
    beside = open_session("local[2]", Settings(threads=2), tmp_path)
    with pytest.raises(AuditError, match="A Spark session is there already") as refused, beside:
        pass
    assert refused.value.exit_code == 2 and spark.range(3).count() == 3


def test_a_master_without_the_engine_is_refused(tmp_path: Path) -> None:
    done = _command(tmp_path, "--spark-master", "local[2]")
    assert (done.returncode, "--engine spark" in done.stderr) == (2, True)


def test_a_plans_rule_that_spark_may_answer_otherwise_is_refused_before_the_claims_are_read(tmp_path: Path) -> None:
    local = write_local(tmp_path, **{"rules/bundled/handling_with_per_diem.sql": f"{RULE_SQL}limit 10\n"})
    (tmp_path / "settings.yml").write_text(f"local: {local}\n", "utf-8")
    done = _command(tmp_path, "--engine", "spark", "--config", str(tmp_path / "settings.yml"))
    assert done.returncode == 10
    assert "handling_with_per_diem.sql cannot run on Spark" in done.stderr and 'has "LIMIT 10"' in done.stderr
    assert not (tmp_path / "runs").exists()


def test_great_expectations_and_pyspark_go_together() -> None:
    """Without what the extra brings, importing both would end the process with 0 and nothing done."""
    code = "import pyspark.sql; from audit_lib.quality.engine import _great_expectations as gx; gx(); print('both')"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, "both"), done.stderr


def _batches() -> list[tuple[dict[str, Any], list[rule_cases.Case]]]:
    """The cases in as few audits as their settings allow; those without any by themselves."""
    batches: list[tuple[dict[str, Any], list[rule_cases.Case]]] = [({}, [])]
    for case in rule_cases.load_cases():
        batch = next((batch for batch in batches if _fits(case, *batch)), None)
        if batch is None:
            batches.append(batch := ({}, []))
        batch[0].update(case.settings)
        batch[1].append(case)
    return batches


def _fits(case: rule_cases.Case, settings: dict[str, Any], cases: list[rule_cases.Case]) -> bool:
    """A rule's cases share settings to the letter; those of other rules only must not contradict them.

    What is taken as in force bears on every rule.
    """
    of_all = "assume_in_force"
    if bool(settings) != bool(case.settings) or settings.get(of_all) != case.settings.get(of_all):
        return False
    alike = all(other.settings == case.settings for other in cases if other.rule == case.rule)
    return alike and all(settings.get(name, value) == value for name, value in case.settings.items())


BATCHES = _batches()


def test_the_batches_hold_every_case() -> None:
    assert sum(len(cases) for _, cases in BATCHES) == len(rule_cases.load_cases())


@pytest.mark.parametrize("number", range(len(BATCHES)))
def test_every_case_of_every_rule(spark: Any, number: int) -> None:
    settings, cases = BATCHES[number]
    outcomes = rule_cases.audit_cases(settings, cases, "spark")
    if not settings:
        assert outcomes == rule_cases.run_cases(yaml.safe_dump(settings))
    wrong = []
    for case in cases:
        found = [rule_cases.shown(case, outcome) for outcome in outcomes.get((case.number, case.rule), [])]
        if sorted(found, key=str) != sorted(rule_cases.expected(case), key=str):
            wrong.append(case.id)
    assert wrong == []


def test_a_generated_million_lines_give_the_same_files(spark: Any, tmp_path: Path) -> None:
    generate(tmp_path, int(os.environ.get("INFUSION_AUDIT_SPARK_LINES", "1_000_000")))
    runs = {engine: run(tmp_path / "claims", tmp_path, engine, with_quality=False) for engine in ENGINES}
    assert unlike(runs) == []
