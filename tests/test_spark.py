"""The audit on a local Spark: byte for byte what DuckDB writes, every case of every rule, and no row in words."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from audit_lib.audit import run_audit
from audit_lib.progress import Progress
from audit_lib.run_options import RunOptions
from audit_lib.settings import Settings
from audit_lib.spark.session import open_session

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "data" / "sample" / "claims.csv"
pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One Spark for all tests: an audit takes the session that is there already."""
    with open_session("", Settings(threads=2), tmp_path_factory.mktemp("spark")) as session:
        yield session


def _run(claims: Path, out: Path, engine: str, **options: Any) -> Path:
    asked = RunOptions(
        str(claims), out, run_id=engine, engine=engine, as_of=date(2026, 1, 1), with_reports=False, **options
    )
    return run_audit(asked, Progress(is_quiet=True)).path


def _files(run: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(run.glob("*.parquet"))}


def test_every_file_of_the_sample_is_the_same_byte_for_byte(spark: Any, tmp_path: Path) -> None:
    runs = {engine: _run(SAMPLE, tmp_path / engine, engine) for engine in ("duckdb", "spark")}
    duckdb_files, spark_files = (_files(run) for run in runs.values())
    assert len(duckdb_files["findings.parquet"]) > 10_000
    assert list(spark_files) == list(duckdb_files)
    assert [name for name, content in spark_files.items() if content != duckdb_files[name]] == []
    quality = [json.loads((run / "quality.json").read_text("utf-8")) for run in runs.values()]
    assert quality[0] == quality[1]
    manifests = [json.loads((run / "manifest.json").read_text("utf-8")) for run in runs.values()]
    assert [manifest["engine"] for manifest in manifests] == ["duckdb", "spark"]
    for part in ("claims", "staged", "totals", "gates", "overrides", "assumptions", "header_repeats", "home_infusion"):
        assert manifests[0][part] == manifests[1][part], part


def test_great_expectations_and_pyspark_go_together() -> None:
    """Without what the extra brings, importing both would end the process with 0 and nothing done."""
    code = "import pyspark.sql; from audit_lib.quality.engine import _great_expectations as gx; gx(); print('both')"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, "both"), done.stderr
