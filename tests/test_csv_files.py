"""CSV files as they are delivered: bytes, quotation marks, line ends, broken records and their numbers."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from audit_lib.claims import text_files
from audit_lib.claims.row_counts import RowCounts
from audit_lib.errors import AuditError
from tests.claims_text import GOOD, HEADER, line, read, rows

WORDS = {
    "few": "it has fewer values than the header has names",
    "many": "it has more values than the header has names",
    "quote": "a quotation mark is not closed, or text follows it",
}


# Lines after the header → the claims by row number, the rejected row numbers with the kind of problem.
RECORDS: dict[str, tuple[list[str], dict[int, str], dict[int, str]]] = {
    "plain": ([line("A"), line("B")], {1: "A", 2: "B"}, {}),
    "blank lines are no rows": (["", line("A"), "", "", line("B"), ""], {1: "A", 2: "B"}, {}),
    "a line of blanks is a broken row": ([line("A"), "   ", line("B")], {1: "A", 3: "B"}, {2: "few"}),
    "too few, too many": ([line("A"), "x,y", line("B") + ",z", line("C")], {1: "A", 4: "C"}, {2: "few", 3: "many"}),
    "broken rows beside each other": (["x", "y", line("A"), "z"], {3: "A"}, {1: "few", 2: "few", 4: "few"}),
    "blank lines around broken rows": (["", "x", "", "", "y", line("A")], {3: "A"}, {1: "few", 2: "few"}),
    "a line end in a value": ([line('"A\nA"'), "x", line("B")], {1: "A\nA", 3: "B"}, {2: "few"}),
    "blank lines in a value": ([line('"A\n\n\nA"'), "x", line("B")], {1: "A\n\n\nA", 3: "B"}, {2: "few"}),
    "a doubled quotation mark": ([line('"A""A"'), "x"], {1: 'A"A'}, {2: "few"}),
    "a mark inside text": ([line('A"A'), "x", line("B")], {1: 'A"A', 3: "B"}, {2: "few"}),
    "two marks inside text": ([line('5" by 7"'), line("B")], {1: '5" by 7"', 2: "B"}, {}),
    "text behind a closing mark": ([line('"A"A'), line("B")], {2: "B"}, {1: "quote"}),
    "a mark that the last row opens": ([line("A"), line('"B')], {1: "A"}, {2: "quote"}),
    "the delimiter in a value": ([line('"A,A"')], {1: "A,A"}, {}),
    "a backslash is a letter": ([line("A\\"), line('"B\\"')], {1: "A\\", 2: "B\\"}, {}),
    "an apostrophe is a letter": ([line("'A'")], {1: "'A'"}, {}),
}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("name", RECORDS)
def test_records_keep_their_numbers(tmp_path: Path, name: str, end: str) -> None:
    lines, good, broken = RECORDS[name]
    path = tmp_path / "c.csv"
    path.write_bytes(end.join([HEADER, *lines, ""]).encode())
    connection, counts = read(path)
    assert counts == RowCounts(len(good) + len(broken), len(good), len(broken))
    assert dict(rows(connection, "select source_row, claim_id from typed_rows")) == good
    found = rows(connection, "select source_row, reason, source_file, column_name from rejected_rows")
    assert {row: (reason, file, column) for row, reason, file, column in found} == {
        row: (f"the record is not well-formed CSV: {WORDS[kind]}", "c.csv", None) for row, kind in broken.items()
    }


def _bytes(text: str, encoding: str) -> bytes:
    return text.encode(encoding)


CAFE = f"{HEADER},drug_name\n{line('A')},café\n{line('B')},x\n"
DASH = CAFE.replace("café", "a \u2013 b €")
BYTES: dict[str, tuple[str, bytes, str]] = {
    "byte-order mark": ("c.csv", b"\xef\xbb\xbf" + CAFE.encode(), "café"),
    "a quoted header behind a byte-order mark": (
        "c.csv", b"\xef\xbb\xbf" + CAFE.replace("claim_id", '"claim_id"', 1).encode(), "café",
    ),
    "Latin-1": ("c.csv", _bytes(CAFE, "latin-1"), "café"),
    "Windows-1252": ("c.csv", _bytes(DASH, "cp1252"), "a \u2013 b €"),
    "UTF-16": ("c.csv", _bytes(CAFE, "utf-16"), "café"),
    "UTF-16, other order, with a mark": ("c.csv", b"\xfe\xff" + _bytes(CAFE, "utf-16-be"), "café"),
    "UTF-16 without a mark": ("c.csv", _bytes(CAFE, "utf-16-le"), "café"),
    "UTF-32": ("c.csv", _bytes(CAFE, "utf-32"), "café"),
    "one Latin-1 letter in the last row": (
        "c.csv", CAFE.replace("café", "x").encode() + line("C").encode() + b",\xe9\n", "x",
    ),
    "gzip": ("c.csv.gz", gzip.compress(CAFE.encode()), "café"),
    "gzip of two parts": ("c.csv.gz", gzip.compress(CAFE[:200].encode()) + gzip.compress(CAFE[200:].encode()), "café"),
    "gzip without its ending": ("c.csv", gzip.compress(CAFE.encode()), "café"),
    "an ending without gzip": ("c.csv.gz", CAFE.encode(), "café"),
    "gzip of Latin-1": ("c.csv.gz", gzip.compress(_bytes(CAFE, "latin-1")), "café"),
    "mixed line ends": ("c.csv", CAFE.replace("\n", "\r\n", 2).encode(), "café"),
    "line feeds and carriage returns": ("c.csv", CAFE.replace("\n", "\r", 1).encode(), "café"),
    "no last line end": ("c.csv", CAFE[:-1].encode(), "café"),
    "blank lines before the header": ("c.csv", b"\xef\xbb\xbf\r\n\r\n" + CAFE.encode(), "café"),
    "header in capitals with blanks": ("c.csv", CAFE.replace("claim_id", " Claim_ID ", 1).encode(), "café"),
    "a tab behind every header name": ("c.csv", CAFE.replace(",", "\t").encode(), "café"),
}  # fmt: skip


@pytest.mark.parametrize("name", BYTES)
def test_bytes_are_understood(tmp_path: Path, name: str) -> None:
    file, content, drug = BYTES[name]
    (tmp_path / file).write_bytes(content)
    connection, counts = read(tmp_path / file)
    assert counts.rejected == 0, rows(connection, "select reason from rejected_rows")
    assert rows(connection, "select claim_id, drug_name from typed_rows order by source_row")[:2] == [
        ("A", drug),
        ("B", "x"),
    ]


REFUSED = {
    "a mark that swallows lines": (f'{HEADER}\n{line("A")}\n"{line("B")}\n{line("C")}\n'.encode(), "beyond row 2"),
    "header alone": (HEADER.encode(), "no claim line"),
    "header and blank lines": (f"{HEADER}\n\n\n".encode(), "no claim line"),
    "blank lines alone": (b"\n\n", "holds nothing"),
    "a byte-order mark alone": (b"\xef\xbb\xbf", "holds nothing"),
    "no header": (f"{line('MARKER')}\n{line('MARKER')}\n".encode(), "does not look like names"),
    "no header, a word near a name": (b"claim_1d,1,MARKER\nx,1,MARKER\n", "does not look like names"),
    "a strange delimiter": (HEADER.replace(",", "~").encode(), "can name the delimiter"),
    "a needed column twice": (f"{HEADER},Claim_Id\n".encode(), "more than one column named claim_id (columns 1 and 9)"),
    "no text at all": (bytes(range(256)) * 50, "is no text"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_said_without_a_value(tmp_path: Path, name: str) -> None:
    content, words = REFUSED[name]
    (tmp_path / "c.csv").write_bytes(content)
    with pytest.raises(AuditError) as caught:
        read(tmp_path / "c.csv")
    assert caught.value.exit_code == 11
    assert words in caught.value.message
    assert "marker" not in caught.value.message.lower() and "claim_1d" not in caught.value.message
    assert "\n" not in caught.value.message


def test_names_with_numbers_in_them_are_names(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("clm,svc,dx1,icd10_code,mod_2\nx,1,a,2,3\n", "utf-8")
    with pytest.raises(AuditError, match="Did you mean icd10_code") as caught:
        read(tmp_path / "c.csv")
    assert "look like names" not in caught.value.message


CUT = {
    "cut off": gzip.compress(CAFE.encode() * 500)[:-20],
    "cut in its head": gzip.compress(CAFE.encode())[:10],
    "damaged": gzip.compress(CAFE.encode())[:40] + b"\0\0\0\0" + gzip.compress(CAFE.encode())[44:],
    "with something behind it": gzip.compress(CAFE.encode()) + b"behind",
}


@pytest.mark.parametrize("name", CUT)
def test_gzip_that_cannot_be_unpacked(tmp_path: Path, name: str) -> None:
    (tmp_path / "c.csv.gz").write_bytes(CUT[name])
    with pytest.raises(AuditError, match=r"c\.csv\.gz cannot be unpacked") as caught:
        read(tmp_path / "c.csv.gz")
    assert caught.value.exit_code == 11


def test_columns_that_nobody_needs_may_repeat_or_have_no_name(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(f"{HEADER},note,note,,\n{line('A')},1,2,3,4\n", "utf-8")
    assert read(tmp_path / "c.csv")[1] == RowCounts(1, 1, 0)


def test_row_numbers_hold_beyond_what_is_read_at_once(tmp_path: Path) -> None:
    """Several buffers of the reader and of the scan, blank lines, line ends in values, a broken row now and then."""
    lines, expected = [], []
    for number in range(1, 90_001):
        if number % 1_000 == 7:
            lines.append("")
        if number % 7_000 == 0:
            lines.append("broken")
            continue
        expected.append((number, f"{number}"))
        lines.append(line(f'"{number}\r\n\r\n"' if number % 3 == 0 else str(number), hcpcs_code="X" * (number % 200)))
    (tmp_path / "c.csv").write_bytes("\r\n".join([HEADER, *lines, ""]).encode())
    connection, counts = read(tmp_path / "c.csv")
    assert counts == RowCounts(90_000, 90_000 - 12, 12)
    found = rows(connection, "select source_row, trim(claim_id, chr(13) || chr(10)) from typed_rows order by 1")
    assert found == expected
    assert rows(connection, "select source_row from rejected_rows order by 1") == [(n * 7_000,) for n in range(1, 13)]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
@pytest.mark.parametrize(("letters", "drug"), [(b"caf\xc3\xa9", "café"), (b"caf\xc3x", "cafÃx"), (b"\xe9 x", "é x")])
def test_letters_cut_by_a_chunk_are_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, letters: bytes, drug: str
) -> None:
    monkeypatch.setattr(text_files, "CHUNK_BYTES", size)
    (tmp_path / "c.csv").write_bytes(f"{HEADER},drug_name\n{line('A')},".encode() + letters + b"\n")
    shape = text_files.scan_text(tmp_path / "c.csv", "c.csv")
    assert b"".join(text_files.plain_chunks(tmp_path / "c.csv", "c.csv", shape)).decode().endswith(f",{drug}\n")


def test_files_of_different_columns_keep_their_rows_text_and_numbers(tmp_path: Path) -> None:
    folder = tmp_path / "claims" / "paid_amount=3"  # a name that would mean something of a Parquet file
    folder.mkdir(parents=True)
    other = ",".join(["note", *GOOD])
    (folder / "a.csv").write_text(f"{HEADER}\n{line('A')}\n{line('B', paid_amount='ten')}\n", "utf-8")
    (folder / "b.csv").write_text(
        f'{other}\n,{line("C")}\nbroken\n" n ",{line("D", paid_amount=" 1.005")}\n\n"",{line("E")}\n', "utf-8"
    )
    connection, counts = read(tmp_path / "claims")
    assert counts == RowCounts(6, 3, 3)
    place = "paid_amount=3/"
    assert rows(connection, "select source_file, source_row, claim_id, paid_amount from typed_rows order by all") == [
        (f"{place}a.csv", 1, "A", 10), (f"{place}b.csv", 1, "C", 10), (f"{place}b.csv", 4, "E", 10),
    ]  # fmt: skip
    kept = rows(connection, "select source_file, source_row, source_text from rejected_rows order by all")
    assert [row[:2] for row in kept] == [(f"{place}a.csv", 2), (f"{place}b.csv", 2), (f"{place}b.csv", 3)]
    names = [*GOOD, "note"]
    assert json.loads(str(kept[0][2])) == {**dict.fromkeys(names), **GOOD, "claim_id": "B", "paid_amount": "ten"}
    assert kept[1][2] == "broken"
    assert json.loads(str(kept[2][2])) == {**GOOD, "note": " n ", "claim_id": "D", "paid_amount": " 1.005"}
