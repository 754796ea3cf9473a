"""Links to claims: a payment is read once, however many names lead to its file; a copy is another file."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from audit_lib.claims.sources import check_unchanged, find_files
from audit_lib.errors import AuditError
from tests.parquet_tables import table


@pytest.fixture
def months(tmp_path: Path) -> Path:
    for month in ("2025-08", "2025-09"):
        (tmp_path / month).mkdir()
        pq.write_table(table(), tmp_path / month / "a.parquet")
        os.utime(tmp_path / month / "a.parquet", ns=(1, 1))
    return tmp_path


def _labels(claims: object) -> list[str]:
    return [file.label for file in find_files(str(claims))]


@pytest.mark.parametrize("pattern", ["", "/*", "/*/*.parquet", "/**/*.parquet", "/[l2]*"])
@pytest.mark.parametrize("link", ["latest", "2024-first"])
def test_a_folder_and_a_link_to_it(months: Path, pattern: str, link: str) -> None:
    (months / link).symlink_to(months / "2025-09")
    assert _labels(f"{months}{pattern}") == ["2025-08/a.parquet", "2025-09/a.parquet"]


@pytest.mark.parametrize("pattern", ["", "/*", "/**/*.parquet"])
@pytest.mark.parametrize("link", ["latest.parquet", "2024/first.parquet", "2025-08/0.parquet"])
def test_a_file_and_links_to_it(months: Path, pattern: str, link: str) -> None:
    """Its own name stays, also where a link comes before it, leads to a link, or says the way otherwise."""
    (months / link).parent.mkdir(exist_ok=True)
    (months / link).symlink_to(Path(os.path.relpath(months / "2025-09" / "a.parquet", (months / link).parent)))
    (months / "again.parquet").symlink_to(months / link)
    assert _labels(f"{months}{pattern}") == ["2025-08/a.parquet", "2025-09/a.parquet"]


def test_only_links_lead_to_it(months: Path) -> None:
    for link in ("b", "a"):
        (months / f"{link}.parquet").symlink_to(months / "2025-09" / "a.parquet")
    assert _labels(f"{months}/*.parquet") == ["a.parquet"]
    assert _labels(months / "b.parquet") == ["b.parquet"]


def test_the_named_folder_is_a_link_itself(months: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    linked = tmp_path_factory.mktemp("elsewhere") / "claims"
    linked.symlink_to(months)
    (months / "2024-first.parquet").symlink_to(months / "2025-09" / "a.parquet")
    assert _labels(linked) == _labels(f"{linked}/*") == ["2025-08/a.parquet", "2025-09/a.parquet"]


def test_a_pattern_that_goes_back_and_forth(months: Path) -> None:
    assert _labels(f"{months}/*/../2025-09/a.parquet") == ["2025-08/../2025-09/a.parquet"]


def test_two_names_of_one_file_and_a_copy(months: Path) -> None:
    """A hard link is the file itself; two deliveries of the same bytes stay two."""
    own = months / "2025-09" / "a.parquet"
    (months / "2025-09" / "b.parquet").hardlink_to(own)
    (months / "2025-09" / "c.parquet").write_bytes(own.read_bytes())
    assert _labels(months) == ["2025-08/a.parquet", "2025-09/a.parquet", "2025-09/c.parquet"]


@pytest.mark.parametrize("pattern", ["", "/*", "/**/*.parquet"])
def test_a_link_that_appears_brings_nothing_new(months: Path, pattern: str) -> None:
    (months / "m.parquet").symlink_to(months / "2025-09" / "a.parquet")
    claims = f"{months}{pattern}"
    files = find_files(claims)
    for link in ("0", "z"):
        (months / f"{link}.parquet").symlink_to(months / "2025-09" / "a.parquet")
    check_unchanged(files, claims)
    pq.write_table(table(), months / "n.parquet")
    with pytest.raises(AuditError, match=r"1 file that .* appeared while it was read: n\.parquet"):
        check_unchanged(files, claims)


def test_a_link_that_tells_the_format(months: Path) -> None:
    """The name by which a file can be read stays before its own."""
    (months / "2025-09" / "a.parquet").rename(months / "2025-09" / "part-0")
    (months / "2025-09" / "c.parquet").symlink_to(months / "2025-09" / "part-0")
    assert _labels(f"{months}/2025-09/*") == ["c.parquet"]


def test_a_link_to_nothing_is_said(months: Path) -> None:
    (months / "lost.parquet").symlink_to(months / "nowhere")
    with pytest.raises(AuditError, match=r"No such file or directory \(.*lost\.parquet\)") as caught:
        find_files(str(months))
    assert caught.value.exit_code == 11
