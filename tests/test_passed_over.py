"""What a named folder holds besides claims that can be read: refused where it may be a month of them, else named."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from audit_lib.claims.sources import find_files, passed_over
from audit_lib.cli import main
from audit_lib.errors import AuditError
from audit_lib.reports.cautions import cautions
from audit_lib.run import Run
from tests.command_line import GOOD, HEADER

MONTHS = [
    "2025-08.csv.bz2", "2025-08.ZIP", "2025-08.xlsx", "2025-08.csv.zst", "2025-08.csv.pgp", "2025-08.csv.filepart",
    "2025-08.dat", "2025-08.dat.gz", "2025-08", "claims_202508", "claims.2025-08", "part-00000", "000000_0",
    "part-00000.snappy", "2025-08/000000_0",
]  # fmt: skip
BESIDES = [
    "_2025-08.csv", ".2025-08.csv", "_2025-08.zip", "README", "LICENSE", "SHA256SUMS", "notes.md", "layout.yml",
    "2025-09.csv.sha256", "2025-09.csv.bak", "2025-07/notes.md",
]  # fmt: skip
LEFT_BY_TOOLS = [
    "_SUCCESS", ".2025-09.csv.crc", "_committed_2025", ".DS_Store", "._2025-09.csv", ".part-00000.crc", "_metadata",
    "_temporary/2025-08.csv", ".git/notes.md",
]  # fmt: skip


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    folder = tmp_path / "claims"
    folder.mkdir()
    (folder / "2025-09.csv").write_text(f"{HEADER}\n{GOOD}\n", "utf-8")
    return folder


def _put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("not claims", "utf-8")


@pytest.mark.parametrize("name", MONTHS)
@pytest.mark.parametrize("pattern", ["", "/../c*"])
def test_what_may_be_a_month_of_claims_is_refused(claims: Path, name: str, pattern: str) -> None:
    _put(claims, name)
    with pytest.raises(AuditError, match=f"{name} may hold claims and cannot be read.*Unpack it") as caught:
        find_files(f"{claims}{pattern}")
    assert caught.value.exit_code == 11
    assert [file.label for file in find_files(f"{claims}/*.csv")] == ["2025-09.csv"]


@pytest.mark.parametrize("name", BESIDES)
def test_what_is_not_read_is_named(claims: Path, name: str) -> None:
    _put(claims, name)
    assert [file.label for file in find_files(str(claims))] == ["2025-09.csv"]
    assert passed_over(str(claims)) == [name]
    assert passed_over(f"{claims.parent}/c*") == [f"claims/{name}"]
    assert passed_over(f"{claims}/2025-09.csv") == passed_over(f"{claims}/*.csv") == []


# What people write beside claims, and claims however they are cut into columns.
PROSE = {
    "a sentence": "Claims of August and September, please audit.\n",
    "what the columns are": f"Claims extract\n=====\nThe columns are:\n{HEADER}\n\nAmounts: US dollars.\nCall us.\n",
    "lines of marks": "----------------\nDear all,\n****************\nthe claims are here.\n................\n",
    "another encoding": "Die Fälle für August, bitte prüfen.\n",
}
DELIMITED = {
    **{name: f"{HEADER}\n{GOOD}\n".replace(",", mark)
       for name, mark in {"commas": ",", "tabs": "\t", "bars": "||", "another mark": "~", "of Hive": "\x01"}.items()},
    "without a header": f"{GOOD}\n",
    "without a row": f"{HEADER}\n",
    "behind lines of text": f"Claims extract of August\n\nPaid claims alone\n{HEADER}\n{GOOD}\n",
    "quoted": '"' + HEADER.replace(",", '","') + '"\n',
}  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
@pytest.mark.parametrize("name", [*PROSE, *DELIMITED])
def test_a_text_beside_claims_is_read_where_its_lines_are_cut_like_claims(
    claims: Path, name: str, encoding: str
) -> None:
    is_read = name in DELIMITED
    for path, pack in ((claims / "README.txt", bytes), (claims / "README.TXT.gz", gzip.compress)):
        path.write_bytes(pack((PROSE | DELIMITED)[name].encode(encoding)))
        assert [file.label for file in find_files(str(claims))] == ["2025-09.csv", path.name][: 1 + is_read]
        assert passed_over(str(claims)) == [path.name][is_read:]
        assert [file.label for file in find_files(str(path))] == [path.name]
        path.unlink()


@pytest.mark.parametrize("content", [b"", b"\x1f\x8bdamaged"])
def test_a_text_of_which_nothing_can_be_told_is_not_passed_over(claims: Path, content: bytes) -> None:
    (claims / "2025-08.txt").write_bytes(content)
    assert passed_over(str(claims)) == []


def test_texts_alone_are_not_passed_over(claims: Path) -> None:
    (claims / "2025-09.csv").unlink()
    (claims / "2025-08.txt").write_text("a line that a layout may cut at its blanks", "utf-8")
    assert [file.label for file in find_files(str(claims))] == ["2025-08.txt"]
    assert passed_over(str(claims)) == []


def test_a_text_beside_parquet_is_no_second_format(claims: Path) -> None:
    (claims / "2025-09.csv").rename(claims / "2025-09.parquet")
    (claims / "README.txt").write_text(PROSE["a sentence"], "utf-8")
    assert [file.label for file in find_files(str(claims))] == ["2025-09.parquet"]
    assert passed_over(str(claims)) == ["README.txt"]


@pytest.mark.parametrize("name", LEFT_BY_TOOLS)
def test_what_tools_leave_is_not_named(claims: Path, name: str) -> None:
    _put(claims, name)
    assert [file.label for file in find_files(str(claims))] == ["2025-09.csv"]
    assert passed_over(str(claims)) == []


def test_what_is_read_by_a_link_is_not_passed_over(claims: Path) -> None:
    (claims / "2025-09.csv").rename(claims / "_raw")
    (claims / "2025-09.csv").symlink_to(claims / "_raw")
    (claims / "2025-10.csv").write_text(f"{HEADER}\n{GOOD}\n", "utf-8")
    (claims / "_old.csv").symlink_to(claims / "2025-10.csv")
    assert passed_over(str(claims)) == []


def test_of_a_folder_without_claims_it_is_said_what_it_holds(claims: Path) -> None:
    (claims / "2025-09.csv").rename(claims / "2025-09")
    with pytest.raises(AuditError, match=r"holds no \.csv.* Also, 2025-09 may hold claims"):
        find_files(str(claims))


def test_a_run_says_what_it_did_not_read_and_what_came_twice(
    claims: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the progress, the manifest, on the first page and at the end; a month without rows is no copy of another."""
    _put(claims, "notes.md", "_2025-08.csv", "_SUCCESS")
    for name in ("2025-10.csv", "2025-11.csv"):
        (claims / name).write_text(f"{HEADER}\n", "utf-8")
    (claims / "copy").mkdir()
    (claims / "copy" / "b.csv").write_bytes((claims / "2025-09.csv").read_bytes())
    (claims / "copy" / "link.csv").symlink_to(claims / "2025-09.csv")
    words = ["--out", str(tmp_path / "runs"), "--run-id", "r", "--no-reports", "--no-quality", "--no-ledger"]
    assert main(["run", "--claims", str(claims), *words]) == 0
    manifest = json.loads((tmp_path / "runs" / "r" / "manifest.json").read_text("utf-8"))
    assert manifest["passed_over"] == ["_2025-08.csv", "notes.md"]
    assert {f["path"]: f["copy_of"] for f in manifest["inputs"] if "copy_of" in f} == {"copy/b.csv": "2025-09.csv"}
    printed = capsys.readouterr()
    said = [*cautions(Run.open(tmp_path / "runs" / "r")), ""]
    for words_ in (
        "2 files beside the claims were not read, by their names or their text: _2025-08.csv, notes.md.",
        "1 claims file has the same bytes as another: copy/b.csv as 2025-09.csv. Rows of both are summed",
    ):
        assert words_ in printed.out and words_ in printed.err
        assert sum(words_ in text for text in said) == 1
    (claims / "notes.md").unlink()
    assert main(["verify", str(tmp_path / "runs" / "r"), "--claims", str(claims)]) == 0
