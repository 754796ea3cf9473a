"""What the audit is measured against gives the same findings; how long anything takes is never tested."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import duckdb
import pytest

from audit_lib.audit import RunOptions, run_audit
from audit_lib.progress import Progress
from benchmarks import in_pandas, in_polars, lists
from benchmarks.comparison import compare
from benchmarks.generate import generate

FINDINGS = """
    select
        case when line > 3 then 'tpn_base_product' else 'supply_with_per_diem' end as rule, 'A' as claim_id,
        line as claim_line_number, case when line > 2 then 'overpayment' else 'review' end as outcome,
        cast(line * 10.01 as decimal(18, 2)) as amount
    from range(1, 6) as lines (line)
"""


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("benchmark")
    generate(folder, 50_000, infusion_percent=20)
    return folder / "claims"


@pytest.fixture(scope="module")
def audited(claims: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    options = RunOptions(
        claims=str(claims), out=tmp_path_factory.mktemp("run"), rules=list(lists.RULES), with_quality=False,
        with_reports=False, run_id=".",
    )  # fmt: skip
    return run_audit(options, Progress(is_quiet=True)).path / "findings.parquet"


def test_every_rule_has_overpayments_and_reviews_to_agree_on(audited: Path) -> None:
    found = duckdb.sql(f"select distinct rule, outcome from '{audited}'").fetchall()
    assert set(found) == {(rule, outcome) for rule in lists.RULES for outcome in ("overpayment", "review")}


@pytest.mark.parametrize("alternative", [in_pandas, in_polars], ids=["pandas", "polars"])
def test_alternatives_give_the_same_findings(
    alternative: ModuleType, claims: Path, audited: Path, tmp_path: Path
) -> None:
    found = alternative.findings(claims)
    assert compare(audited, _written(found, tmp_path / "findings.parquet")).is_equal


def _written(found: object, path: Path) -> Path:
    if hasattr(found, "to_parquet"):
        found.to_parquet(path)
    else:
        found.write_parquet(path)
    return path


@pytest.mark.parametrize(
    ("change", "missing", "surplus"),
    [
        ("select * replace (amount * 100 + (row_number() over () = 1)::int as amount) from findings", 1, 1),
        ("select * replace (amount * 100 as amount) from findings where rule <> 'tpn_base_product'", 2, 0),
        ("select * replace (amount * 100 as amount, 'review' as outcome) from findings", 3, 3),
    ],
)
def test_a_cent_a_line_or_an_outcome_makes_a_difference(
    change: str, missing: int, surplus: int, tmp_path: Path
) -> None:
    duckdb.sql(FINDINGS).write_parquet(str(tmp_path / "engine.parquet"))
    duckdb.sql(f"with findings as ({FINDINGS}) {change}").write_parquet(str(tmp_path / "other.parquet"))
    compared = compare(tmp_path / "engine.parquet", tmp_path / "other.parquet")
    assert not compared.is_equal
    assert (compared.missing_count, compared.surplus_count) == (missing, surplus)


def test_two_empty_answers_are_not_equal(audited: Path, tmp_path: Path) -> None:
    duckdb.sql(f"from '{audited}' limit 0").write_parquet(str(tmp_path / "none.parquet"))
    assert not compare(tmp_path / "none.parquet", tmp_path / "none.parquet").is_equal
