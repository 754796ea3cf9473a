"""Runs and exports that the tests of hand-outs share."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb
import pytest

from audit_lib.cli import main
from tests.conftest import ROOT
from tests.handout.reading import CONTINGENT, Decide, Export, audited


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of the sample, with a table of providers."""
    place = tmp_path_factory.mktemp("handout")
    (place / "providers.csv").write_text("provider_id,name\n001000015,=Infusion & Care\n", "utf-8")
    (place / "settings.yml").write_text("providers: providers.csv\n", "utf-8")
    words = ["run", "--claims", str(ROOT / "data" / "sample" / "claims.csv"), "--out", str(place), "--run-id", "sample"]
    assert main([*words, "--config", str(place / "settings.yml"), "--no-reports", "--no-quality"]) == 0
    return place / "sample"


@pytest.fixture(scope="session")
def plain(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the sample as workbooks: what is demanded, nothing else."""
    out = tmp_path_factory.mktemp("plain") / "out"
    assert main(["export", str(sample), "--out", str(out), "--as-of", "2026-04-01"]) == 0
    return out


@pytest.fixture(scope="session")
def with_leads(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the sample as CSV, leads and records requests included."""
    out = tmp_path_factory.mktemp("with_leads") / "out"
    words = ["--with-review", "--records-request", "--format", "csv"]
    assert main(["export", str(sample), "--out", str(out), *words]) == 0
    return out


@pytest.fixture(scope="session")
def contingent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run in which a per diem was overpaid in full, and with it what it includes; and a firm finding."""
    return audited(tmp_path_factory.mktemp("contingent"), CONTINGENT)


@pytest.fixture
def export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Export:
    """Return a function that exports a run and returns the export's folder."""

    def run(folder: Path, *words: str, as_of: str = "2026-04-01") -> Path:
        out = tmp_path / f"out{len(list(tmp_path.glob('out*')))}"
        assert main(["export", str(folder), "--out", str(out), "--as-of", as_of, *words]) == 0, capsys.readouterr().err
        return out

    return run


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Return a function that runs an export which must be refused with 2, and returns what was said."""

    def run(*words: str) -> str:
        try:
            code = main(["export", *words])
        except SystemExit as stop:
            code = int(str(stop.code))
        assert code == 2
        return capsys.readouterr().err

    return run


@pytest.fixture
def audit(tmp_path: Path) -> Callable[..., Path]:
    """Return `audited` for the test's own folder."""
    return partial(audited, tmp_path)


@pytest.fixture
def decide(audit: Callable[..., Path], tmp_path: Path) -> Decide:
    """Return a function that audits rows, records dispositions, audits the same rows again and returns that run.

    A disposition is `claim line rule disposition [recovered amount]`.
    """

    def run(rows: list[str], *dispositions: str) -> Path:
        first = audit(rows)
        lines = ["finding_id,disposition,disposition_date,case_number,recovered_amount,reason,user"]
        for row in dispositions:
            claim, line, rule, disposition, *amount = row.split()
            found = duckdb.execute(
                f"select finding_id from '{first / 'findings.parquet'}' "
                "where claim_id = ? and claim_line_number = ? and rule = ?", [claim, int(line), rule],
            ).fetchall()  # fmt: skip
            lines.append(f"{found[0][0]},{disposition},2025-09-10,C-1,{''.join(amount)},because,ann")
        (tmp_path / "dispositions.csv").write_text("\n".join(lines) + "\n", "utf-8")
        assert main(["disposition", str(tmp_path / "dispositions.csv"), "--ledger",
                     str(first.parent / "ledger.duckdb")]) == 0  # fmt: skip
        return audit(rows, name="after")

    return run
