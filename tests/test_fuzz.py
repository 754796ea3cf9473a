"""Random text and Parquet files: every row read or rejected, or an AuditError, never a fault (see test_fuzz_layouts).

`make fuzz` tries for ten minutes; INFUSION_AUDIT_FUZZ_SECONDS sets another budget, which the tests share equally.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing import CODES, NAMES, answers, cells, csv_rows, csv_text, cuts, damaged, for_its_time, fuzz
from tests.parquet_tables import table

pytestmark = pytest.mark.fuzz

# ------------------------------------------------------------------------------------------------------- Text files


MARKS = [b"\0", b'"', b"\r", b"\n", b"\r\n", b",", b"\xff\xfe", b"\xef\xbb\xbf", b"\x80", b"\x1a", b"\\", b"\xc3", b"|"]
marks = st.tuples(st.integers(0, 600), st.integers(0, 2), st.sampled_from(MARKS))


def test_text_files_with_any_cell(tmp_path: Path) -> None:
    @fuzz
    @given(
        csv_rows, st.sampled_from(",;|\t"), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["utf-8", "utf-16"])
    )
    def examples(rows: list[dict[str, str]], delimiter: str, end: str, encoding: str) -> None:
        path = tmp_path / "claims.csv"
        path.write_bytes(csv_text(rows, delimiter, end).encode(encoding, "ignore"))
        answers(path)

    for_its_time(examples)


def test_text_files_with_any_damage(tmp_path: Path) -> None:
    @fuzz
    @given(csv_rows, st.lists(st.one_of(cuts, marks), max_size=6), st.booleans())
    def examples(rows: list[dict[str, str]], changes: list[tuple[int, int, bytes]], is_gzip: bool) -> None:
        content = csv_text(rows).encode("utf-8", "ignore")
        path = tmp_path / ("claims.csv.gz" if is_gzip else "claims.csv")
        path.write_bytes(damaged(gzip.compress(content) if is_gzip else content, changes))
        answers(path)

    for_its_time(examples)


# ---------------------------------------------------------------------------------------------------- Parquet files


VALUES: list[tuple[pa.DataType, st.SearchStrategy[Any]]] = [
    (pa.string(), cells.map(lambda text: text.encode("utf-8", "ignore").decode())),
    (pa.binary(), st.binary(max_size=6)),
    (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    (pa.uint64(), st.integers(0, 2**64 - 1)),
    (pa.float64(), st.floats()),
    (pa.float32(), st.floats(width=32)),
    (pa.bool_(), st.booleans()),
    (pa.date32(), st.dates()),
    (pa.timestamp("ns"), st.integers(-(2**63) + 1, 2**63 - 1)),
    (pa.timestamp("us", "UTC"), st.integers(-(2**63) + 1, 2**63 - 1)),
    (pa.time64("us"), st.integers(0, 86_399_999_999)),
    (pa.decimal128(38, 4), st.decimals(-(10**30), 10**30, places=4)),
    (pa.list_(pa.int32()), st.lists(st.integers(0, 9), max_size=2)),
    (pa.struct([("a", pa.string())]), st.fixed_dictionaries({"a": st.just("x")})),
    (pa.dictionary(pa.int32(), pa.string()), st.sampled_from(CODES)),
    (pa.null(), st.none()),
]


@st.composite
def parquet_columns(draw: st.DrawFn, count: int = 3) -> dict[str, pa.Array]:
    """Contract columns, or others, of any type, with any values."""
    columns = {}
    for name in draw(st.lists(st.one_of(st.sampled_from(NAMES), st.text(max_size=5)), max_size=4, unique=True)):
        kind, values = draw(st.sampled_from(VALUES))
        given_values = draw(st.lists(st.one_of(st.none(), values), min_size=count, max_size=count))
        columns[name.encode("utf-8", "ignore").decode()] = pa.array(given_values, kind)
    return columns


def test_parquet_files_with_columns_of_any_type(tmp_path: Path) -> None:
    @fuzz
    @given(parquet_columns())
    def examples(columns: dict[str, pa.Array]) -> None:
        pq.write_table(table(3, **columns), tmp_path / "claims.parquet")
        answers(tmp_path / "claims.parquet")

    for_its_time(examples)


def test_parquet_files_with_any_damage(tmp_path: Path) -> None:
    pq.write_table(table(3), tmp_path / "good.parquet")
    content = (tmp_path / "good.parquet").read_bytes()
    anywhere = st.tuples(st.integers(0, len(content)), st.integers(0, 9), st.binary(max_size=9))

    @fuzz
    @given(st.lists(anywhere, min_size=1, max_size=4))
    def examples(changes: list[tuple[int, int, bytes]]) -> None:
        (tmp_path / "claims.parquet").write_bytes(damaged(content, changes))
        answers(tmp_path / "claims.parquet")

    for_its_time(examples)
