"""Text files: how a CSV file's bytes are to be read, and where its records begin and end.

A record ends at a line end outside quotation marks; lines without any character are no records.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from audit_lib.claims.line_scan import LONGEST, LineScan, LongRecord, without
from audit_lib.errors import BAD_CLAIMS, AuditError, cannot_read

CHUNK_BYTES = 1 << 22
# Claims as text shrink ten- to fiftyfold. A file made to fill memory or disk shrinks a thousandfold.
UNPACKED_BYTES, UNPACKED_RATIO = 256_000_000, 200
DELIMITERS = ",|\t;"
_BYTE_ORDER_MARKS = {b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass
class TextShape:
    """What one pass over a text file found.

    `is_plain`: UTF-8 that begins with its header, its line ends all alike, no record too long. `too_long`: the
    records on one line that a mark stands for when the text is read.
    """

    encoding: str = "utf-8"
    quote: str = '"'
    delimiter: str = ","
    header: list[str] = field(default_factory=list)
    record_count: int = 0
    byte_count: int = 0
    is_plain: bool = True
    too_long: list[LongRecord] = field(default_factory=list)


def scan_text(
    path: Path, label: str, encoding: str | None = None, quote: str = '"', delimiter: str | None = None
) -> TextShape:
    """Find encoding, line ends, records and header of a CSV file; what the layout says is not guessed.

    Raises AuditError (11) where the file cannot be unpacked, is no text, or has a record too long to be set aside.
    """
    for candidate in [encoding] if encoding else _likely_encodings(path, label):
        try:
            scan = _scanned(utf8_chunks(path, label, candidate), quote)
        except UnicodeError:
            continue
        shape = _shape(scan, candidate)
        if not scan.has_even_ends or scan.leading or scan.long:
            scan = _scanned(plain_chunks(path, label, TextShape(candidate, quote, is_plain=False)), quote)
            shape = _shape(scan, candidate)
            shape.is_plain = False
            shape.too_long = [record for record in scan.long if not record.has_line_ends]
        _read_header(path, label, shape, delimiter)
        if len(shape.too_long) < len(scan.long):
            _refuse_long_records(path, label, shape)
        return shape
    raise AuditError(
        BAD_CLAIMS,
        f"The file {label} is no text in {encoding or 'UTF-8, UTF-16 or Latin-1'}. Say in the layout which encoding it "
        "has (reading: encoding), or have it delivered as UTF-8.",
    )


def _scanned(chunks: Iterable[bytes], quote: str) -> LineScan:
    scan = LineScan(quote)
    for chunk in chunks:
        scan.feed(chunk)
    scan.finish()
    return scan


def _shape(scan: LineScan, encoding: str) -> TextShape:
    return TextShape(
        encoding=encoding,
        quote=scan.quote,
        record_count=max(scan.records - 1, 0),
        byte_count=scan.offset,
        is_plain=encoding in ("utf-8", "ascii"),
    )


def _refuse_long_records(path: Path, label: str, shape: TextShape) -> None:
    """Refuse a record that is too long and spans lines: nobody can tell a long value from a mark that is not closed.

    Counted the slow way, since quotation marks inside unquoted values look like such records to the fast scan.
    """
    lines = _CountedLines(plain_chunks(path, label, shape))
    row, begins = 0, 0

    def within_limit() -> Iterator[str]:
        for line in lines:
            if lines.byte_count - begins > LONGEST:
                raise _too_long(label, row)
            yield line

    for record in _records(within_limit(), shape.delimiter, shape.quote):
        row += bool(record)
        begins = lines.byte_count


def _too_long(label: str, row: int) -> AuditError:
    if row == 0:
        return AuditError(
            BAD_CLAIMS,
            f"The first line of the file {label} should name its columns but is longer than {LONGEST:,} bytes: it is "
            "damaged or no text. Open it with another tool to see, and have it delivered again.",
        )
    return AuditError(
        BAD_CLAIMS,
        f"The claims file {label} cannot be read beyond row {row:,}: the record that begins there is longer than "
        f"{LONGEST:,} bytes and seems to go over several lines, as when a quotation mark that is not closed swallows "
        "the lines after it. Mend or drop that row, or, where quotation marks mean nothing in this file, say so in a "
        "layout (reading: quote: '').",
    )


def _likely_encodings(path: Path, label: str) -> list[str]:
    """Tell from a file's first bytes which encodings to try, the strictest first."""
    start = next(_bytes(path, label), b"")[:4096]
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if start.startswith(mark):
            return [encoding]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) > len(start) // 5 and min(even, odd) < len(start) // 20:
        return ["utf-16-le" if odd > even else "utf-16-be"]
    return ["utf-8", "cp1252", "latin-1"]


def is_gzip(path: Path) -> bool:
    """Tell by its first bytes, whatever its name, whether a file is packed with gzip."""
    with path.open("rb") as raw:
        return raw.read(2) == b"\x1f\x8b"


def _bytes(path: Path, label: str) -> Iterator[bytes]:
    try:
        with _open(path) as raw:
            yield from _bounded(iter(lambda: raw.read(CHUNK_BYTES), b""), path, label)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise AuditError(
            BAD_CLAIMS,
            f"The file {label} cannot be unpacked to its end: it is cut off or damaged. Have it delivered again.",
        ) from error
    except OSError as error:
        raise cannot_read(label, error) from error


def _bounded(chunks: Iterable[bytes], path: Path, label: str) -> Iterator[bytes]:
    """Stop unpacking a file that holds far more than any claims file of its size."""
    most = max(UNPACKED_BYTES, UNPACKED_RATIO * path.stat().st_size)
    unpacked = 0
    for chunk in chunks:
        unpacked += len(chunk)
        if unpacked > most:
            raise AuditError(
                BAD_CLAIMS,
                f"The file {label} unpacks to more than {UNPACKED_RATIO} times its size ({most:,} bytes and more), "
                "which no claims do: it is damaged or made to fill the disk. If it is what you were "
                "sent, unpack it yourself and give --claims the unpacked file.",
            )
        yield chunk


def _open(path: Path) -> BinaryIO:
    return gzip.open(path, "rb") if is_gzip(path) else path.open("rb")  # type: ignore[return-value]


def utf8_chunks(path: Path, label: str, encoding: str) -> Iterator[bytes]:
    """Give a file's text as UTF-8; no chunk ends between the two bytes of a line end. Raises UnicodeError."""
    decoder = codecs.getincrementaldecoder(encoding)()
    held = b""
    for raw in _bytes(path, label):
        if encoding != "utf-8":
            chunk = held + decoder.decode(raw).encode()
        else:
            if not raw.isascii() or decoder.getstate()[0]:  # letters of ASCII need not be decoded to be trusted
                decoder.decode(raw)
            chunk = held + raw
        held = b"\r" if chunk.endswith(b"\r") else b""
        yield chunk.removesuffix(b"\r")
    yield held + decoder.decode(b"", final=True).encode()


def plain_chunks(path: Path, label: str, shape: TextShape) -> Iterator[bytes]:
    """Give a file's text as it is read: UTF-8, what is not plain from its header on and with even line ends."""
    if shape.is_plain:
        return utf8_chunks(path, label, shape.encoding)
    return without(_evened(path, label, shape), shape.too_long)


def _evened(path: Path, label: str, shape: TextShape) -> Iterator[bytes]:
    has_begun = False
    for chunk in utf8_chunks(path, label, shape.encoding):
        text = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if not has_begun:
            text = text.removeprefix(codecs.BOM_UTF8).lstrip(b"\n")
            has_begun = bool(text)
        yield text


def _read_header(path: Path, label: str, shape: TextShape, delimiter: str | None) -> None:
    """Read the first record; the delimiter is the one that cuts it into the most columns."""
    if shape.too_long and shape.too_long[0].begin == 0:
        raise _too_long(label, 0)
    first = next(plain_chunks(path, label, shape), b"")[: 1 << 20]
    text = first.decode("utf-8", errors="ignore").removeprefix("\ufeff").lstrip("\r\n")
    by_delimiter = {
        d: next(_records(io.StringIO(text, newline=""), d, shape.quote), [])
        for d in ([delimiter] if delimiter else DELIMITERS)
    }
    shape.delimiter = max(by_delimiter, key=lambda d: len(by_delimiter[d]))
    shape.header = [name.strip().lower() for name in by_delimiter[shape.delimiter]]
    if any("\0" in name for name in shape.header):
        raise AuditError(
            BAD_CLAIMS,
            f"The file {label} is no text: its first line holds null bytes. Open it with another tool to see, and have "
            "it delivered again.",
        )
    if not any(shape.header):
        raise AuditError(
            BAD_CLAIMS, f"The file {label} holds nothing: not even a line that names its columns. Check the extract."
        )


def number_records(path: Path, label: str, shape: TextShape, places: Sequence[int]) -> list[int]:
    """Return the numbers of the records that begin at some bytes; the first after the header is 1."""
    scan = LineScan(shape.quote, places)
    for chunk in plain_chunks(path, label, shape):
        scan.feed(chunk)
    return [int(count) for count in scan.records_before]


def number_records_exactly(path: Path, label: str, shape: TextShape, places: Sequence[int]) -> tuple[int, list[int]]:
    """Count a file's records and number some, the slow way: for quotation marks inside unquoted values."""
    lines = _CountedLines(plain_chunks(path, label, shape))
    numbers, begins = dict.fromkeys(places, 0), 0
    count = -1
    for record in _records(lines, shape.delimiter, shape.quote):
        count += bool(record)
        if begins in numbers:
            numbers[begins] = count
        begins = lines.byte_count
    return count, list(numbers.values())


class _CountedLines:
    """The lines of a file, and how many bytes of them were taken."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.byte_count = 0
        self._lines = self._cut(chunks)

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.byte_count += len(line)
            yield line.decode("utf-8", errors="replace")

    @staticmethod
    def _cut(chunks: Iterator[bytes]) -> Iterator[bytes]:
        rest = b""
        for chunk in chunks:
            *lines, rest = (rest + chunk).split(b"\n")
            yield from (line + b"\n" for line in lines)
            if len(rest) > LONGEST:
                yield rest
                rest = b""
        if rest:
            yield rest


def _records(lines: Iterable[str], delimiter: str, quote: str) -> Iterator[list[str]]:
    """Cut lines into values; Python's reader takes one character as delimiter, a layout up to four."""
    csv.field_size_limit(1 << 30)
    cut = lines if len(delimiter) == 1 else (line.replace(delimiter, "\x1f") for line in lines)
    mark = delimiter if len(delimiter) == 1 else "\x1f"
    return csv.reader(cut, delimiter=mark, quotechar=quote or None, quoting=0 if quote else csv.QUOTE_NONE)
