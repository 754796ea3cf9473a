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

import numpy as np
from numpy.typing import NDArray

from audit_lib.errors import BAD_CLAIMS, AuditError

CHUNK_BYTES = 1 << 22
DELIMITERS = ",|\t;"
_BYTE_ORDER_MARKS = {b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_CARRIAGE_RETURN, _LINE_FEED = 13, 10


@dataclass
class TextShape:
    """What one pass over a text file found. `is_plain`: UTF-8 that begins with its header, its line ends all alike."""

    encoding: str = "utf-8"
    quote: str = '"'
    delimiter: str = ","
    header: list[str] = field(default_factory=list)
    record_count: int = 0
    is_plain: bool = True


def scan_text(
    path: Path, label: str, encoding: str | None = None, quote: str = '"', delimiter: str | None = None
) -> TextShape:
    """Find encoding, line ends, records and header of a CSV file; what the layout says is not guessed.

    Raises AuditError (11) where the file cannot be unpacked or is no text.
    """
    for candidate in [encoding] if encoding else _likely_encodings(path, label):
        try:
            scan = _LineScan(quote)
            for chunk in utf8_chunks(path, label, candidate):
                scan.feed(chunk)
            shape = scan.shape(candidate)
        except UnicodeError:
            continue
        if not scan.has_even_ends or scan.leading:
            shape = _scan_evened(path, label, shape)
        _read_header(path, label, shape, delimiter)
        return shape
    raise AuditError(
        BAD_CLAIMS,
        f"The file {label} is no text in {encoding or 'UTF-8, UTF-16 or Latin-1'}. Say in the layout which encoding it "
        "has (reading: encoding), or have it delivered as UTF-8.",
    )


def _scan_evened(path: Path, label: str, shape: TextShape) -> TextShape:
    """Scan a file again as it will be read once it is made plain."""
    scan = _LineScan(shape.quote)
    for chunk in plain_chunks(path, label, TextShape(shape.encoding, shape.quote, is_plain=False)):
        scan.feed(chunk)
    evened = scan.shape(shape.encoding)
    evened.is_plain = False
    return evened


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
            yield from iter(lambda: raw.read(CHUNK_BYTES), b"")
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise AuditError(
            BAD_CLAIMS,
            f"The file {label} cannot be unpacked to its end: it is cut off or damaged. Have it delivered again.",
        ) from error
    except OSError as error:
        raise AuditError(
            BAD_CLAIMS,
            f"The file {label} cannot be read: {error.strerror or 'the system refused it'}. "
            "Check that it is there and that you may read it.",
        ) from error


def _open(path: Path) -> BinaryIO:
    return gzip.open(path, "rb") if is_gzip(path) else path.open("rb")  # type: ignore[return-value]


def utf8_chunks(path: Path, label: str, encoding: str) -> Iterator[bytes]:
    """Give a file's text as UTF-8; no chunk ends between the two bytes of a line end. Raises UnicodeError."""
    decoder = codecs.getincrementaldecoder(encoding)()
    held = b""
    for raw in _bytes(path, label):
        text = decoder.decode(raw)
        chunk = held + (raw if encoding == "utf-8" else text.encode())
        held = b"\r" if chunk.endswith(b"\r") else b""
        yield chunk.removesuffix(b"\r")
    yield held + decoder.decode(b"", final=True).encode()


def plain_chunks(path: Path, label: str, shape: TextShape) -> Iterator[bytes]:
    """Give a file's text as it is read: UTF-8, what is not plain from its header on and with even line ends."""
    if shape.is_plain:
        yield from utf8_chunks(path, label, shape.encoding)
        return
    has_begun = False
    for chunk in utf8_chunks(path, label, shape.encoding):
        text = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if not has_begun:
            text = text.removeprefix(codecs.BOM_UTF8).lstrip(b"\n")
            has_begun = bool(text)
        yield text


def _is_outside(values: NDArray[np.uint8], quote: str, quotes_before: int) -> NDArray[np.bool_]:
    """Tell for every byte whether an even number of quotation marks precedes it."""
    if not quote or ord(quote) not in values:
        return np.full(len(values), quotes_before % 2 == 0)
    marks_before = np.cumsum(values == ord(quote), dtype=np.uint8)
    outside: NDArray[np.bool_] = (marks_before + quotes_before % 2) % 2 == 0
    return outside


class _LineScan:
    """Counts records, chunk by chunk, and how many of them begin before some places."""

    def __init__(self, quote: str, places: Sequence[int] = ()) -> None:
        self.quote = quote
        self.places = np.array(places, np.int64)
        self.records_before = np.zeros(len(places), np.int64)
        self.quotes = self.offset = self.line_start = self.records = self.leading = 0
        self.ends, self.all_ends = np.zeros(3, np.int64), np.zeros(3, np.int64)  # line feeds, carriage returns, pairs
        self.last = b""

    @property
    def has_even_ends(self) -> bool:
        """Tell whether all lines end alike, in a way that a CSV reader takes as it is.

        Line ends within quotation marks do not count, unless the marks do not pair: then nobody knows what is within.
        """
        feeds, returns, pairs = self.all_ends if self.quotes % 2 else self.ends
        return returns == pairs and pairs in (0, feeds)

    def feed(self, chunk: bytes) -> None:
        """Go over the next bytes."""
        if not self.offset and chunk.startswith(codecs.BOM_UTF8):
            self.line_start = len(codecs.BOM_UTF8)
        values = np.frombuffer(chunk, np.uint8)
        outside = _is_outside(values, self.quote, self.quotes)
        ends = np.flatnonzero((values == _LINE_FEED) & outside)
        returns = np.flatnonzero((values == _CARRIAGE_RETURN) & outside) if b"\r" in chunk else ends[:0]
        pairs = values[np.minimum(returns + 1, len(values) - 1)] == _LINE_FEED
        self.ends += (len(ends), len(returns), pairs.sum())
        self.all_ends += (chunk.count(b"\n"), chunk.count(b"\r"), chunk.count(b"\r\n"))
        self._note_lines(values, ends)
        self.quotes += chunk.count(self.quote.encode()) if self.quote else 0
        self.offset += len(chunk)
        self.last = chunk[-1:] or self.last

    def _note_lines(self, values: NDArray[np.uint8], ends: NDArray[np.intp]) -> None:
        """Tell records from blank lines among the lines that end in this chunk."""
        if not len(ends):
            return
        starts = np.concatenate(([self.line_start - self.offset], ends[:-1] + 1))
        lengths = ends - starts
        blank = lengths == 0
        one = np.flatnonzero(lengths == 1)
        first_bytes = np.where(starts[one] < 0, ord(self.last or b"\0"), values[np.maximum(starts[one], 0)])
        blank[one] = first_bytes == _CARRIAGE_RETURN
        if not self.records:
            first_record = int(np.argmin(blank)) if not blank.all() else len(blank)
            self.leading += first_record
            blank, starts = blank[first_record:], starts[first_record:]
        self.records += int((~blank).sum())
        self.records_before += np.searchsorted(starts[~blank] + self.offset, self.places)
        self.line_start = self.offset + int(ends[-1]) + 1

    def shape(self, encoding: str) -> TextShape:
        """Return what was found."""
        has_open_end = self.offset - self.line_start > (self.last == b"\r")
        return TextShape(
            encoding=encoding,
            quote=self.quote,
            record_count=max(self.records + has_open_end - 1, 0),
            is_plain=encoding in ("utf-8", "ascii"),
        )


def _read_header(path: Path, label: str, shape: TextShape, delimiter: str | None) -> None:
    """Read the first record; the delimiter is the one that cuts it into the most columns."""
    first = next(plain_chunks(path, label, shape), b"")[: 1 << 20]
    text = first.decode("utf-8", errors="ignore").removeprefix("\ufeff").lstrip("\r\n")
    by_delimiter = {
        d: next(_records(io.StringIO(text, newline=""), d, shape.quote), [])
        for d in ([delimiter] if delimiter else DELIMITERS)
    }
    shape.delimiter = max(by_delimiter, key=lambda d: len(by_delimiter[d]))
    shape.header = [name.strip().lower() for name in by_delimiter[shape.delimiter]]
    if not any(shape.header):
        raise AuditError(
            BAD_CLAIMS, f"The file {label} holds nothing: not even a line that names its columns. Check the extract."
        )


def number_records(path: Path, label: str, shape: TextShape, places: Sequence[int]) -> list[int]:
    """Return the numbers of the records that begin at some bytes; the first after the header is 1."""
    scan = _LineScan(shape.quote, places)
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
        if rest:
            yield rest


def _records(lines: Iterable[str], delimiter: str, quote: str) -> Iterator[list[str]]:
    """Cut lines into values; Python's reader takes one character as delimiter, a layout up to four."""
    csv.field_size_limit(1 << 30)
    cut = lines if len(delimiter) == 1 else (line.replace(delimiter, "\x1f") for line in lines)
    mark = delimiter if len(delimiter) == 1 else "\x1f"
    return csv.reader(cut, delimiter=mark, quotechar=quote or None, quoting=0 if quote else csv.QUOTE_NONE)
