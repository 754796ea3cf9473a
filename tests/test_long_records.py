"""Records longer than a CSV reader takes: each set aside by its number, or the file refused; never a wrong count."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from audit_lib.claims.line_scan import LEFT_OUT, LONGEST, LineScan, LongRecord, without
from audit_lib.claims.row_counts import RowCounts
from audit_lib.errors import AuditError
from tests.claims_text import HEADER, line, read, rows

LONG = "x" * (LONGEST + 100)
REASON = "the record is not well-formed CSV: it is longer than 2,000,000 bytes"
# Records after the header → the claims by row number, the row numbers of those set aside.
RECORDS: dict[str, tuple[list[str], dict[int, str], list[int]]] = {
    "a bare value": ([line("A"), line(LONG), line("B")], {1: "A", 3: "B"}, [2]),
    "a quoted value": ([line("A"), line(f'"{LONG}"'), line("B")], {1: "A", 3: "B"}, [2]),
    "quoted delimiters": ([line(f'"{"," * len(LONG)}"'), line("B")], {2: "B"}, [1]),
    "doubled marks": ([line("A"), line(f'"{chr(34) * (2 * (LONGEST // 2))}"'), line("B")], {1: "A", 3: "B"}, [2]),
    "a value of null bytes": ([line("A"), line("\0" * len(LONG)), line("B")], {1: "A", 3: "B"}, [2]),
    "the last": ([line("A"), line(LONG)], {1: "A"}, [2]),
    "the first": ([line(LONG), line("A")], {2: "A"}, [1]),
    "two beside each other": ([line(LONG), line(LONG), line("A")], {3: "A"}, [1, 2]),
    "no delimiter in it": ([line("A"), LONG, line("B")], {1: "A", 3: "B"}, [2]),
    "blank lines around it": ([line("A"), "", "", line(LONG), "", line("B")], {1: "A", 3: "B"}, [2]),
}
BEFORE = len(line(""))


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_long_record_is_set_aside_by_its_number(tmp_path: Path, name: str, end: str) -> None:
    lines, good, set_aside = RECORDS[name]
    path = tmp_path / "c.csv"
    path.write_bytes(end.join([HEADER, *lines, ""]).encode())
    before = path.read_bytes()
    connection, counts = read(path)
    assert counts == RowCounts(len(good) + len(set_aside), len(good), len(set_aside))
    assert dict(rows(connection, "select source_row, claim_id from typed_rows")) == good
    found = rows(connection, "select source_row, reason, source_text, source_file from rejected_rows order by 1")
    assert found == [(row, REASON, None, "c.csv") for row in set_aside]
    assert path.read_bytes() == before


ENCODINGS = {"utf-8-sig": ".csv", "utf-16": ".csv", "latin-1": ".csv", "utf-8": ".csv.gz"}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_whatever_the_bytes(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / f"c{ENCODINGS[encoding]}"
    content = "\r\n".join([HEADER, line("\u00e9"), line(LONG), line("B")]).encode(encoding)
    path.write_bytes(gzip.compress(content, 1) if path.suffix == ".gz" else content)
    connection, counts = read(path)
    assert counts == RowCounts(3, 2, 1)
    assert rows(connection, "select source_row from rejected_rows") == [(2,)]
    assert dict(rows(connection, "select source_row, claim_id from typed_rows")) == {1: "\u00e9", 3: "B"}


def test_the_longest_that_is_read(tmp_path: Path) -> None:
    longest = line("A" * (LONGEST - BEFORE))
    assert len(longest) == LONGEST
    (tmp_path / "c.csv").write_text(f"{HEADER}\n{longest}\n{longest}x\n{line('B')}\n", "utf-8")
    connection, counts = read(tmp_path / "c.csv")
    assert counts == RowCounts(3, 2, 1)
    assert rows(connection, "select source_row from rejected_rows") == [(2,)]


MANY_LINES = 'quoted ""line""\n' * (LONGEST // 15)
HALF = f'"a\n{LONG[: LONGEST // 2]}"'
REFUSED: dict[str, tuple[Iterable[str], str]] = {
    "a value of many lines": ([HEADER, line("A"), line(f'"{MANY_LINES}"'), line("B")], "beyond row 2: the record"),
    "a mark that swallows lines to the end": ([HEADER, f'"{line("A")}', MANY_LINES], "beyond row 1: the record"),
    "lines with a long one among them": ([HEADER, line(f'"a\n{LONG}\nb"')], "beyond row 1: the record"),
    "two values, together too long": ([HEADER, line(HALF, hcpcs_code=HALF)], "beyond row 1: the record"),
    "a mark in a bare value before it": ([HEADER, line('5" tube'), line(LONG), line("B")], "beyond row 2: the record"),
    "a header without end": ([HEADER + LONG], "first line of the file c.csv should name its columns but is longer"),
    "a header that a mark never closes": ([f'"{HEADER}', MANY_LINES], "first line of the file c.csv should name"),
    "null bytes alone": (["\0" * 100], "is no text: its first line holds null bytes"),
    "many null bytes alone": (["\0" * len(LONG)], "first line of the file c.csv should name its columns but is longer"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_nobody_can_tell_from_an_open_mark_is_refused(tmp_path: Path, name: str) -> None:
    lines, words = REFUSED[name]
    (tmp_path / "c.csv").write_text("\n".join(lines), "utf-8")
    with pytest.raises(AuditError) as caught:
        read(tmp_path / "c.csv")
    assert caught.value.exit_code == 11
    assert words in caught.value.message
    assert len(caught.value.message) < 500 and "\n" not in caught.value.message


def test_marks_in_bare_values_far_apart_are_letters(tmp_path: Path) -> None:
    """Two of them look like a record of millions of bytes to whoever counts quotation marks."""
    lines = [line('5" tube'), *[line(f"{n}", hcpcs_code="X" * 500) for n in range(LONGEST // 500)], line('6" tube')]
    (tmp_path / "c.csv").write_text("\n".join([HEADER, *lines, ""]), "utf-8")
    connection, counts = read(tmp_path / "c.csv")
    assert counts == RowCounts(len(lines), len(lines), 0)
    assert rows(connection, "select max(source_row) from typed_rows where claim_id = '6\" tube'") == [(len(lines),)]


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_what_is_left_out_does_not_depend_on_chunks(size: int) -> None:
    text = b"h\nabc\nb\ndef"
    chunks = [text[begin : begin + size] for begin in range(0, len(text), size)]
    left_out = [LongRecord(2, 5, has_line_ends=False), LongRecord(8, 11, has_line_ends=False)]
    assert b"".join(without(chunks, left_out)) == b"h\n" + LEFT_OUT + b"\nb\n" + LEFT_OUT


@pytest.mark.parametrize("size", [999_983, LONGEST + 1, 10 * LONGEST])
def test_the_scan_does_not_depend_on_chunks(size: int) -> None:
    text = f'h\n{LONG}\n"a\n{LONG}"\nb\n{LONG}'.encode()
    scan = LineScan('"')
    for begin in range(0, len(text), size):
        scan.feed(text[begin : begin + size])
    scan.finish()
    assert scan.records == 5
    second = 2 + len(LONG) + 1
    assert [(record.begin, record.has_line_ends) for record in scan.long] == [
        (2, False), (second, True), (second + len(LONG) + 7, False),
    ]  # fmt: skip


@pytest.mark.parametrize("quote", ['"', ""])
def test_the_scan_counts_alike_with_marks_in_a_chunk_and_without(quote: str) -> None:
    """Chunks without marks or carriage returns take a shorter way."""
    text = b'h,i\r\na,"b\n\nb"\n\nc,"d\r\n",""\r\n\n"e\re",f\r\n"\n\r\n"\ng,h'
    whole = LineScan(quote, [7, 15, 30])
    whole.feed(text)
    whole.finish()
    for size in range(1, len(text)):
        scan = LineScan(quote, [7, 15, 30])
        ends = [n for n in range(size, len(text), size) if text[n - 1 : n + 1] != b"\r\n"]
        for begin, end in zip([0, *ends], [*ends, len(text)], strict=True):
            scan.feed(text[begin:end])
        scan.finish()
        for name in ("records", "quotes", "ends", "all_ends", "records_before", "line_start", "has_even_ends"):
            assert np.array_equal(getattr(scan, name), getattr(whole, name)), (name, size)
