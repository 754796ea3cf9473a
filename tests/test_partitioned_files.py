"""Folders of hundreds of Parquet files, partitioned by name: a layout may use what the folders say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit_lib.claims.row_counts import RowCounts
from audit_lib.errors import AuditError
from tests.claims_text import read, rows
from tests.parquet_tables import table

FILES = 200
LAYOUT = """
title: Partitioned by line of business and month
based_on: canonical
columns:
  line_of_business: "case when lob = 'MA' then 'medicare' else 'commercial' end"
  plan: month
"""


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 200 files of two lines, below folders named by their values, with the layout beside it."""
    place = tmp_path_factory.mktemp("env=test")
    (place / "layout.yml").write_text(LAYOUT, "utf-8")
    for number in range(FILES):
        lob, month = ("MA", "COM")[number % 2], f"2025-{number % 12 + 1:02}"
        folder = place / "claims" / f"lob={lob}" / f"month={month}"
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(table(2), folder / f"part-{number:03}.parquet")
    return place / "claims"


@pytest.mark.parametrize("pattern", ["", "/**/*.parquet", "/lob=*"])
def test_a_layout_uses_the_columns_that_folders_name(claims: Path, pattern: str) -> None:
    connection, counts = read(f"{claims}{pattern}", str(claims.parent / "layout.yml"))
    assert counts == RowCounts(2 * FILES, 2 * FILES, 0)
    wrong = """
        select count(*) from typed_rows
        where line_of_business is distinct from
                case when source_file like 'lob=MA/%' then 'medicare' else 'commercial' end
            or not coalesce(source_file like '%/month=' || plan || '/part-___.parquet', false)
    """
    assert rows(connection, wrong) == [(0,)]
    places = "select count(distinct source_file), count(distinct (source_file, source_row)), max(source_row)"
    assert rows(connection, f"{places} from typed_rows") == [(FILES, 2 * FILES, 2)]


def test_some_of_many_files(claims: Path) -> None:
    connection, counts = read(f"{claims}/lob=MA/month=2025-0[13]/*.parquet", str(claims.parent / "layout.yml"))
    assert rows(connection, "select distinct line_of_business, plan from typed_rows order by all") == [
        ("medicare", "2025-01"),
        ("medicare", "2025-03"),
    ]
    assert 0 < counts.read < FILES


def test_a_file_outside_the_partitions_is_named(tmp_path: Path) -> None:
    (tmp_path / "layout.yml").write_text(LAYOUT, "utf-8")
    (tmp_path / "claims" / "lob=MA" / "month=2025-01").mkdir(parents=True)
    for place in ("lob=MA/month=2025-01/a", "lob=MA/b"):
        pq.write_table(table(), tmp_path / "claims" / f"{place}.parquet")
    with pytest.raises(
        AuditError, match=r"claims in lob=MA/b\.parquet .* names 'month', which the source does not have"
    ):
        read(tmp_path / "claims", str(tmp_path / "layout.yml"))
    assert read(tmp_path / "claims")[1] == RowCounts(2, 2, 0)


def test_a_folder_gives_a_column_to_the_files_that_have_none_of_their_own(tmp_path: Path) -> None:
    """Two files below folders that name the column, one of them with a column of its own, and two above."""
    named = tmp_path / "claims" / "line_of_business=medicare"
    named.mkdir(parents=True)
    pq.write_table(table(), named / "a.parquet")
    pq.write_table(table(line_of_business=pa.array(["medicaid"])), named / "b.parquet")
    pq.write_table(table(line_of_business=pa.array(["Commercial"])), tmp_path / "claims" / "c.parquet")
    pq.write_table(table(), tmp_path / "claims" / "d.parquet")
    connection, counts = read(tmp_path / "claims")
    assert counts == RowCounts(4, 4, 0)
    found = dict(rows(connection, "select right(source_file, 9), line_of_business from typed_rows"))
    assert found == {"a.parquet": "medicare", "b.parquet": "medicaid", "c.parquet": "commercial", "d.parquet": None}


def test_a_files_own_dates_stand_in_a_folder_of_their_month(tmp_path: Path) -> None:
    folder = tmp_path / "paid_date=2025-09"
    folder.mkdir()
    pq.write_table(table(paid_date=pa.array([date(2025, 9, 17)])), folder / "part.parquet")
    connection, _ = read(tmp_path)
    assert rows(connection, "select paid_date from typed_rows") == [(date(2025, 9, 17),)]


@pytest.mark.parametrize(
    ("folder", "read_as"),
    [
        ("plan=a%20b%2Fc", "a b/c"),
        ("plan=HMO+POS", "HMO+POS"),
        ("plan=caf%E9", "caf%E9"),
        ("plan=__HIVE_DEFAULT_PARTITION__", None),
        ("PLAN=Gold", "Gold"),
        ("plan=", None),
        ("plan=one/plan=two", "two"),
        ("my.plan=x/plan=[y]", "[y]"),
    ],
)
@pytest.mark.parametrize("is_above", [False, True])
def test_what_the_name_of_a_folder_says(tmp_path: Path, folder: str, read_as: str | None, is_above: bool) -> None:
    (tmp_path / folder).mkdir(parents=True)
    pq.write_table(table(), tmp_path / folder / "a.parquet")
    connection, _ = read(tmp_path / folder if is_above else tmp_path)
    assert rows(connection, "select plan from typed_rows") == [(read_as,)]
