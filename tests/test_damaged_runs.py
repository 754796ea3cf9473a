"""A finished run of which a file was damaged: every command says which file, and nothing of what is in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from audit_lib.cli import main
from audit_lib.errors import AuditError
from audit_lib.run import Run
from tests.handout.reading import CONTINGENT, audited

COMMANDS = ["explain F --run RUN", "export RUN --out OUT", "export RUN --for cases --out OUT", "share RUN --out OUT",
            "diff RUN OTHER", "validate RUN --seed 1 --out OUT/sample.xlsx"]  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return audited(tmp_path_factory.mktemp("damaged"), CONTINGENT)


@pytest.fixture(params=["manifest.json", "findings.parquet", "line_exposure.parquet"])
def damaged(request: pytest.FixtureRequest, whole: Path, tmp_path: Path) -> Path:
    """Return a copy of the run of which one file was cut off."""
    run = Path(shutil.copytree(whole.parent, tmp_path / "runs")) / whole.name
    path = run / request.param
    path.write_bytes(path.read_bytes()[:-20])
    return path


@pytest.mark.parametrize("words", COMMANDS)
def test_a_damaged_file_of_a_run_is_named(
    words: str, damaged: Path, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    given = {"RUN": str(damaged.parent), "OTHER": str(whole), "OUT": str(out), "F": "0123456789ab"}
    asked = [given.get(word, word.replace("OUT/", f"{tmp_path}/")) for word in words.split()]
    assert main(asked) == 2
    said = capsys.readouterr()
    assert said.err.strip().splitlines()[-1].startswith(f"infusion-audit: {damaged} is damaged")
    assert not out.exists() and not list(tmp_path.glob("*.xlsx"))


def test_a_folder_that_is_no_run_is_told_from_one_that_is_not_there(whole: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(whole, tmp_path / "run"))
    (run / "recovery.parquet").unlink()
    for path, why in ((run, "it lacks recovery.parquet"), (tmp_path / "absent", "there is no such folder")):
        with pytest.raises(AuditError, match=f"{path} is not a finished run: {why}") as caught:
            Run.open(path)
        assert caught.value.exit_code == 2


def test_the_newest_run_is_found_beside_damaged_and_hidden_ones_and_is_named(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(whole, tmp_path / "runs" / "good")
    (tmp_path / "runs" / "bad").mkdir()
    (tmp_path / "runs" / "bad" / "manifest.json").write_text('{"created_at": "9999', "utf-8")
    for name in (".deleting-one", ".partial-two"):
        (tmp_path / "runs" / name).mkdir()
        (tmp_path / "runs" / name / "manifest.json").write_text('{"created_at": "2999"}', "utf-8")
    monkeypatch.chdir(tmp_path)
    assert Run.open().folder.name == "good"
    capsys.readouterr()
    asked = [("good", ["shell", "runs/good"]), ("", ["shell"])]
    assert [main([*words, "-c", "select 1 as one", "--csv"]) for _, words in asked] == [0, 0]
    said = capsys.readouterr()
    assert said.out == "one\n1\n" * 2
    assert said.err == "infusion-audit: no run was named, so this is of the newest: runs/good\n"
