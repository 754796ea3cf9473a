"""Folders whose names mean something to DuckDB are folders like others or refused; an empty path is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit_lib import Audit
from audit_lib.cli import main
from audit_lib.errors import AuditError
from audit_lib.ledger.store import open_ledger
from tests.small_claims import CLAIMS

FEW = ["--rules", "supply_with_per_diem", "--no-reports", "--no-quality"]


def test_a_run_may_stand_below_a_folder_whose_name_is_a_pattern_or_is_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "a=b [1]*'"
    place.mkdir()
    (place / "claims.csv").write_text(CLAIMS)
    monkeypatch.chdir(place)
    assert main(["run", "--claims", "claims.csv", "--out", "it's*", "--run-id", "[r]", *FEW]) == 0, capsys.readouterr()
    assert len(Audit.load("it's*/[r]").findings()) == 2


@pytest.mark.parametrize(
    "words",
    [
        ["--out", "run?s"],
        ["--out", "runs", "--run-id", "?", "--no-ledger"],
        ["--out", "runs", "--ledger", "kept?/ledger.duckdb"],
        ["--out", "link", "--no-ledger"],
    ],
)
def test_a_path_that_duckdb_misreads_is_refused_before_the_claims_are_read(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("claims.csv").write_text(CLAIMS)
    Path("mark?").mkdir()
    Path("link").symlink_to("mark?")
    assert main(["run", "--claims", "claims.csv", *words, *FEW]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert "DuckDB misreads a path with a ? in it" in said[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["claims.csv", "link", "mark?"]


def test_a_ledger_at_such_a_path_is_refused_and_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="DuckDB misreads") as error, open_ledger(tmp_path / "what?.duckdb"):
        pass
    assert error.value.exit_code == 2
    assert not list(tmp_path.glob("what*"))


@pytest.mark.parametrize("option", ["--out", "--ledger", "--config"])
def test_an_empty_path_is_no_path(
    option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("claims.csv").write_text(CLAIMS)
    words = ["run", "--claims", "claims.csv", *(["--out", "runs"] if option != "--out" else [])]
    with pytest.raises(SystemExit) as ended:
        main([*words, option, ""])
    assert ended.value.code == 2
    assert f"{option}: the path is empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["claims.csv"]


@pytest.mark.parametrize("given", [{"out": ""}, {"config": ""}])
def test_an_empty_path_is_none_in_python_either(given: dict[str, str]) -> None:
    with pytest.raises(AuditError, match="the path is empty") as error:
        Audit.open("claims.csv", **given)  # type: ignore[arg-type]
    assert error.value.exit_code == 2
