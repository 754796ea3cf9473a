"""The folder of hand-outs: safe names, private, whole or absent; and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest

from audit_lib.cli import main
from audit_lib.holds import holds
from audit_lib.safe_text import file_stem
from tests.handout.reading import CONTINGENT, Export, manifest

pytestmark = pytest.mark.usefixtures("evidence_once")


@pytest.mark.parametrize("provider_id", ["claim X/..", "..", "/etc/passwd", "claim \x00", "con", "A" * 300, "é"])
def test_names_of_files_are_safe(provider_id: str) -> None:
    stem = file_stem(provider_id)
    assert stem.startswith("provider_") and len(stem) < 100
    assert all(c.isascii() and (c.isalnum() or c in "_-") for c in stem)


def test_two_providers_never_share_a_file() -> None:
    ids = ["claim X/..", "claim X_..", "claim X", "claim x", "CLAIM X", "741", "A", "a"]
    assert len({file_stem(i).lower() for i in ids}) == len(ids)


def test_a_claim_without_provider_gets_a_hand_out_of_its_own(audit: Callable[..., Path], export: Export) -> None:
    run = audit(["X/.. 1 m S9542 90.00 -"])
    (book,) = (export(run) / "providers").iterdir()
    assert book.name.startswith("provider_claim_X_-")
    assert openpyxl.load_workbook(book)["Summary"]["B3"].value == "none on the claim (claim X/..)"


def test_the_export_is_private_whole_and_outside_the_run(contingent: Path, export: Export) -> None:
    before = {p: p.stat().st_mtime_ns for p in contingent.rglob("*")}
    out = export(contingent, "--with-review", "--records-request")
    assert {p: p.stat().st_mtime_ns for p in contingent.rglob("*")} == before
    assert all(p.stat().st_mode & 0o077 == 0 for p in [out, *out.rglob("*")])
    assert sorted(p.name for p in out.iterdir()) == ["export.json", "overview.csv", "providers"]
    files = {f["path"]: f for provider in manifest(out)["providers"] for f in provider["files"]}
    assert set(files) == {f"providers/{p.name}" for p in (out / "providers").iterdir()}
    held = [hold for hold in holds(contingent.parent) if hold.run == contingent.name]
    assert held and all(hold.is_automatic for hold in held)


def test_the_default_place_is_beside_the_run(contingent: Path) -> None:
    assert main(["export", str(contingent)]) == 0
    (out,) = (contingent.parent / "exports" / "r").iterdir()
    assert (out / "export.json").is_file() and out.name.endswith("-xlsx")


def test_nothing_is_overwritten(sample: Path, tmp_path: Path, refused: Callable[..., str]) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "x").write_text("x")
    assert "nothing is ever overwritten" in refused(str(sample), "--out", str(tmp_path / "taken"))
    assert [p.name for p in tmp_path.iterdir()] == ["taken"] and (tmp_path / "taken" / "x").read_text() == "x"


def test_an_export_that_fails_leaves_nothing(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("audit_lib.handout.export.write_notice", fail)
    assert main(["export", str(sample), "--out", str(tmp_path / "out")]) == 14
    assert list(tmp_path.iterdir()) == []
    assert "The export cannot be written" in capsys.readouterr().err


# What is refused


def test_what_is_no_run_is_refused(tmp_path: Path, refused: Callable[..., str]) -> None:
    assert "is not a finished run" in refused(str(tmp_path))


def test_an_unknown_provider_is_refused_and_no_other_is_named(sample: Path, refused: Callable[..., str]) -> None:
    said = refused(str(sample), "--provider", "001000999")
    assert "No provider '001000999' has a finding in this run." in said and said.count("0010") == 1
    assert "Name the TIN (the NPI only where no TIN is billed) as it stands in findings.parquet" in said


def test_an_unknown_format_is_refused(sample: Path, refused: Callable[..., str]) -> None:
    said = refused(str(sample), "--format", "pdf")
    assert "pdf" in said and "xlsx" in said


def test_a_place_inside_the_run_is_refused(sample: Path, refused: Callable[..., str]) -> None:
    assert "inside the run folder" in refused(str(sample), "--out", str(sample / "exports"))


def test_a_what_if_is_refused(audit: Callable[..., Path], refused: Callable[..., str]) -> None:
    assert "is a what-if" in refused(str(audit(CONTINGENT, "--assume-in-force")))


def test_where_nothing_can_be_demanded_nothing_is_written(
    audit: Callable[..., Path], refused: Callable[..., str], tmp_path: Path
) -> None:
    run = audit(["A 1 m S9500 90.00 111111111 2025-08-04 11", "A 2 m J0690 30.00 111111111"])
    said = refused(str(run), "--out", str(tmp_path / "out"))
    assert "Nothing was exported" in said and "add --with-review" in said
    assert not (tmp_path / "out").exists()


def test_a_run_whose_files_were_changed_is_refused(
    audit: Callable[..., Path], refused: Callable[..., str], tmp_path: Path
) -> None:
    run = audit(CONTINGENT)
    relation = duckdb.sql(
        f"select * exclude (amount), amount / 2 as amount from '{run / 'findings.parquet'}'"
    ).to_arrow_table()
    pq.write_table(relation, run / "findings.parquet")
    assert "was changed after the run" in refused(str(run), "--out", str(tmp_path / "out"))
