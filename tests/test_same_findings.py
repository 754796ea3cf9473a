"""Findings depend on the claims alone: not on threads, order of rows, files, formats, or what staging sets aside."""

from __future__ import annotations

import csv
import hashlib
import random
from pathlib import Path

import duckdb
import pytest

import audit_lib.performing
from audit_lib.audit import RunOptions, run_audit
from audit_lib.pipeline import Step, load_steps
from audit_lib.progress import Progress
from audit_lib.settings import Settings

SAMPLE = Path(__file__).parent.parent / "data" / "sample" / "claims.csv"
# Written in a fixed order from the claims alone; claim_lines says where each line stood.
FILES = ("findings", "line_outcomes", "rule_outcomes", "line_exposure")
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def rows() -> Rows:
    """The claims of a third of the sample's members."""
    with SAMPLE.open(newline="", encoding="utf-8") as file:
        return [
            row for row in csv.DictReader(file) if int(hashlib.md5(row["member_id"].encode()).hexdigest(), 16) % 3 == 0
        ]


@pytest.fixture(scope="module")
def expected(rows: Rows, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("expected")
    found = _hashes(_write(folder / "claims.csv", rows), folder, threads=1)
    query = "select count(*), count(distinct rule) from read_parquet($path)"
    counts = duckdb.execute(query, {"path": str(folder / "r" / "findings.parquet")}).fetchall()
    assert counts[0][0] > 100 and counts[0][1] > 15, "the sample must try many rules"
    return found


def _write(path: Path, rows: Rows) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _hashes(claims: Path, out: Path, threads: int = 2) -> dict[str, str]:
    options = RunOptions(
        str(claims),
        out,
        run_id="r",
        settings=Settings(threads=threads),
        is_assumed_in_force=True,
        with_reports=False,
        with_quality=False,
    )
    run = run_audit(options, Progress(is_quiet=True))
    return {name: hashlib.sha256((run.path / f"{name}.parquet").read_bytes()).hexdigest() for name in FILES}


def test_threads_and_the_order_of_rows_in_several_files(rows: Rows, expected: dict[str, str], tmp_path: Path) -> None:
    shuffled = random.Random(7).sample(rows, len(rows))
    for number in range(3):
        _write(tmp_path / "claims" / f"part {number}.csv", shuffled[number::3])
    assert _hashes(tmp_path / "claims", tmp_path, threads=4) == expected


def test_parquet_with_other_types(rows: Rows, expected: dict[str, str], tmp_path: Path) -> None:
    columns = """
        * replace (
            cast(paid_amount as double) as paid_amount,
            cast(claim_line_start_date as timestamp) as claim_line_start_date,
            cast(strftime(cast(paid_date as date), '%Y%m%d') as integer) as paid_date,
            cast(service_unit_quantity as decimal(38, 10)) as service_unit_quantity
        )
    """
    with duckdb.connect() as connection:
        source = connection.read_csv(str(_write(tmp_path / "claims.csv", rows)), all_varchar=True)
        source.order("hash(claim_id)").project(columns).write_parquet(str(tmp_path / "claims.parquet"))
    assert _hashes(tmp_path / "claims.parquet", tmp_path) == expected


def test_the_filter_of_claims_changes_nothing(
    rows: Rows, expected: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Staging keeps the claims that some rule can use. With every claim kept, each answer is the same."""

    def unfiltered(*folders: Path) -> dict[str, Step]:
        every = Step("audited_claims", "select distinct claim_id from typed_rows", frozenset({"typed_rows"}))
        return {**load_steps(*folders), "audited_claims": every}

    monkeypatch.setattr(audit_lib.performing, "load_steps", unfiltered)
    claims = _write(tmp_path / "claims.csv", rows)
    assert _hashes(claims, tmp_path) == expected
    staged = duckdb.execute("select staged.line_count, claims.line_count from read_json($path)", {
        "path": str(tmp_path / "r" / "manifest.json")}).fetchall()  # fmt: skip
    assert staged[0][0] > 0.9 * staged[0][1]
