"""The sample and its truth: every planted breach found, to the cent, and nothing else; nothing on the clean claims."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from audit_lib.audit import RunOptions, run_audit
from audit_lib.commands.run import summary
from audit_lib.progress import Progress
from audit_lib.rules import load_rules
from audit_lib.settings import Settings

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
Finding = tuple[str, str, str, int, Decimal]


def _run(claims: Path, out: Path, **changes: object) -> Path:
    options = RunOptions(claims=str(claims), out=out, with_reports=False, with_quality=False, **changes)  # type: ignore[arg-type]
    return run_audit(options, Progress(is_quiet=True)).path


def _findings(run: Path) -> set[Finding]:
    query = "select rule, outcome, claim_id, claim_line_number, amount from read_parquet($path)"
    with duckdb.connect() as connection:
        return set(connection.execute(query, {"path": str(run / "findings.parquet")}).fetchall())


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _run(SAMPLE / "claims.csv", tmp_path_factory.mktemp("sample"))


def _truth() -> set[Finding]:
    rules = {rule.name for rule in load_rules()}
    with (SAMPLE / "truth.csv").open(encoding="utf-8", newline="") as file:
        return {
            (r["rule"], r["outcome"], r["claim_id"], int(r["claim_line_number"]), Decimal(r["amount"]))
            for r in csv.DictReader(file)
            if r["rule"] in rules
        }


def test_every_planted_breach_is_found_to_the_cent_and_nothing_else(run: Path) -> None:
    found, truth = _findings(run), _truth()
    assert truth, "the truth must not be empty"
    assert {"missed": sorted(truth - found), "invented": sorted(found - truth)} == {
        "missed": [],
        "invented": [],
    }


def test_every_rule_has_planted_breaches() -> None:
    assert {finding[0] for finding in _truth()} == {rule.name for rule in load_rules()}


def test_clean_claims_give_no_finding(tmp_path: Path) -> None:
    clean = _run(SAMPLE / "clean_claims.csv", tmp_path)
    assert _findings(clean) == set()


@pytest.mark.parametrize("threads", [1, 4])
def test_the_same_input_gives_the_same_bytes(run: Path, tmp_path: Path, threads: int) -> None:
    again = _run(SAMPLE / "claims.csv", tmp_path, settings=Settings(threads=threads))
    names = sorted(path.name for path in run.glob("*.parquet"))
    assert [n for n in names if (run / n).read_bytes() != (again / n).read_bytes()] == []


def test_the_readme_quotes_what_the_sample_gives(run: Path) -> None:
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    said = summary(manifest, run, 0.0).splitlines()[0]
    assert f"\n```\n{said}\n```\n" in (SAMPLE.parents[1] / "README.md").read_text("utf-8")
    assert f"Some of the {len(load_rules())} [rules]" in (SAMPLE.parents[1] / "README.md").read_text("utf-8")


def test_each_dollar_is_claimed_once(run: Path) -> None:
    with duckdb.connect() as connection:
        wrong = connection.execute(
            """
            select count(*) from read_parquet($path)
            where net_overpaid_amount < 0 or net_review_amount < 0
                or net_overpaid_amount + net_review_amount > paid_amount
                or contingent_overpaid_amount > net_overpaid_amount
            """,
            {"path": str(run / "line_exposure.parquet")},
        ).fetchall()
    assert wrong == [(0,)]
