"""What --claims may name: a file, a folder, a pattern, of any letters; what is said where it names nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from audit_lib.claims.sources import find_files
from audit_lib.errors import AuditError
from tests.claims_text import read, rows
from tests.parquet_tables import table

NAMES = [
    "it's \"quoted\".parquet", "[1] a*b?.parquet", "{a,b}.parquet",
    "héllo wörld 日本.parquet", "a=b;--.parquet", "$x`y`.parquet",
]  # fmt: skip


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    folder = tmp_path / "claims [1]'s"
    (folder / "sub").mkdir(parents=True)
    for name in (*NAMES, "sub/c.parquet"):
        pq.write_table(table(), folder / name)
    for name in ("_SUCCESS", ".part-0.parquet.crc", "_metadata.parquet", ".hidden.parquet", "notes.md"):
        (folder / name).write_bytes(b"not claims")
    (folder / "_temporary").mkdir()
    (folder / "_temporary" / "d.parquet").write_bytes(b"not claims")
    return folder


def _labels(claims: Path | str) -> list[object]:
    connection, counts = read(claims)
    labels = [label for (label,) in rows(connection, "select distinct source_file from typed_rows order by 1")]
    assert counts.read == len(labels)
    return labels


def test_a_folder_gives_its_files_below_it(claims: Path) -> None:
    assert _labels(claims) == sorted([*NAMES, "sub/c.parquet"])


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_any_name(claims: Path, name: str) -> None:
    assert _labels(claims / name) == [name]


@pytest.mark.parametrize("name", [name.replace("parquet", "csv") for name in NAMES])
def test_a_csv_file_of_any_name(tmp_path: Path, name: str) -> None:
    pyarrow.csv.write_csv(table(), tmp_path / name)
    assert _labels(tmp_path / name) == [name]
    assert _labels(tmp_path) == [name]


def test_patterns(tmp_path: Path) -> None:
    for name in ("a1.parquet", "a2.parquet", "b1.parquet", "spark.parquet/part-0.parquet", "spark.parquet/_SUCCESS"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        pq.write_table(table(), tmp_path / name)
    assert _labels(f"{tmp_path}/a*.parquet") == ["a1.parquet", "a2.parquet"]
    assert _labels(f"{tmp_path}/[ab]1.parquet") == ["a1.parquet", "b1.parquet"]
    assert _labels(f"{tmp_path}/s*") == ["spark.parquet/part-0.parquet"]
    assert _labels(f"{tmp_path}/*/*.parquet") == ["spark.parquet/part-0.parquet"]
    assert len(_labels(f"{tmp_path}/**/*.parquet")) == 4


def test_links_and_roundabout_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real" / "data").mkdir(parents=True)
    pq.write_table(table(), tmp_path / "real" / "data" / "c.parquet")
    (tmp_path / "file.parquet").symlink_to(tmp_path / "real" / "data" / "c.parquet")
    (tmp_path / "folder").symlink_to(tmp_path / "real")
    assert _labels(tmp_path / "file.parquet") == ["file.parquet"]
    assert _labels(tmp_path / "folder") == ["data/c.parquet"]
    assert _labels(f"{tmp_path}/real/../folder/data/c.parquet") == ["c.parquet"]
    monkeypatch.chdir(tmp_path / "real")
    assert _labels("data") == _labels("data/c.parquet") == _labels("./data/*") == ["c.parquet"]


def test_folders_that_are_linked_below_a_folder_are_read_once(tmp_path: Path) -> None:
    claims, elsewhere = tmp_path / "claims", tmp_path / "elsewhere"
    for folder in (claims / "2025-08", elsewhere / "2025-09"):
        folder.mkdir(parents=True)
        pq.write_table(table(), folder / "c.parquet")
    (claims / "2024-latest").symlink_to(claims / "2025-08")
    (claims / "back").symlink_to(claims)
    (claims / "moved").symlink_to(elsewhere)
    assert _labels(claims) == ["2025-08/c.parquet", "moved/2025-09/c.parquet"]


def test_a_folder_that_may_not_be_looked_into_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "2025-08").mkdir()
    pq.write_table(table(), tmp_path / "2025-08" / "c.parquet")
    (tmp_path / "2025-09").mkdir()
    scandir = os.scandir

    def closed(path: str) -> object:
        if str(path).endswith("2025-09"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(AuditError, match=r"Permission denied \(.*2025-09\)") as caught:
        find_files(str(tmp_path))
    assert caught.value.exit_code == 11


def test_nothing_there_and_what_is_near(tmp_path: Path) -> None:
    pq.write_table(table(), tmp_path / "claims_2025.parquet")
    (tmp_path / "book.xlsx").write_bytes(b"x")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    (tmp_path / "lost.parquet").symlink_to(tmp_path / "nowhere")
    said = {
        f"{tmp_path}/claims_2024.parquet": "Did you mean claims_2025.parquet?",
        f"{tmp_path}/*.csv.gz": "no file fits it as a pattern",
        f"{tmp_path}/book.xlsx": "none of .csv, .csv.gz and .parquet",
        f"{tmp_path}/empty.csv": "empty.csv is empty (0 bytes)",
        f"{tmp_path}/folder": "the folder holds no",
        f"{tmp_path}/lost.parquet": "no such file",
        "": "the path is empty",
        "x" * 5000: "File name too long",
        "a\0b": "no such file",
    }
    for claims, words in said.items():
        with pytest.raises(AuditError) as caught:
            find_files(claims)
        assert caught.value.exit_code == 11
        assert words in caught.value.message, claims


def test_every_problem_of_a_folder_is_said_at_once(tmp_path: Path) -> None:
    pq.write_table(table(), tmp_path / "a.parquet")
    (tmp_path / "b.csv").write_bytes(b"")
    with pytest.raises(AuditError, match=r"CSV and Parquet files side by side.*Also, b\.csv is empty"):
        find_files(str(tmp_path))
