"""Where the records of a text begin and end: line ends outside quotation marks, counted in chunks of bytes."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LONGEST = 2_000_000  # bytes of a record; DuckDB's CSV reader takes 2,097,152 and miscounts lines beyond
LEFT_OUT = b"RecordLeftOutBecauseItIsTooLong"  # one value: broken wherever more than one column is expected
_CARRIAGE_RETURN, _LINE_FEED = 13, 10


def _places(values: NDArray[np.uint8], byte: int, outside: NDArray[np.bool_] | bool) -> NDArray[np.intp]:
    """Return where a byte stands outside quotation marks."""
    if outside is False:
        return np.empty(0, np.intp)
    found = values == byte
    return np.flatnonzero(found if outside is True else found & outside)


def _is_outside(values: NDArray[np.uint8], quote: int, quotes_before: int) -> NDArray[np.bool_]:
    """Tell for every byte whether an even number of quotation marks precedes it."""
    marks_before = np.cumsum(values == quote, dtype=np.uint8)
    outside: NDArray[np.bool_] = (marks_before + quotes_before % 2) % 2 == 0
    return outside


@dataclass(frozen=True)
class LongRecord:
    """A record that no reader takes: its bytes from `begin` up to `end`, and whether line ends are among them."""

    begin: int
    end: int
    has_line_ends: bool


class LineScan:
    """Counts records, chunk by chunk, how many of them begin before some places, and which are too long."""

    def __init__(self, quote: str, places: Sequence[int] = ()) -> None:
        self.quote = quote
        self.places = np.array(places, np.int64)
        self.records_before = np.zeros(len(places), np.int64)
        self.quotes = self.offset = self.line_start = self.records = self.leading = 0
        self.ends, self.all_ends = np.zeros(3, np.int64), np.zeros(3, np.int64)  # line feeds, carriage returns, pairs
        self.last = b""
        self.long: list[LongRecord] = []
        self._has_line_ends = False  # within the record that is open at the end of a chunk

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
        has_quotes = bool(self.quote) and self.quote.encode() in chunk
        outside = _is_outside(values, ord(self.quote), self.quotes) if has_quotes else self.quotes % 2 == 0
        ends = _places(values, _LINE_FEED, outside)
        returns = _places(values, _CARRIAGE_RETURN, outside) if b"\r" in chunk else ends[:0]
        pairs = values[np.minimum(returns + 1, len(values) - 1)] == _LINE_FEED
        found = np.array((len(ends), len(returns), pairs.sum()))
        self.ends += found
        self.all_ends += found if outside is True else (chunk.count(b"\n"), chunk.count(b"\r"), chunk.count(b"\r\n"))
        self._note_long_lines(chunk, ends)
        self._note_lines(values, ends)
        self.quotes += chunk.count(self.quote.encode()) if has_quotes else 0
        self.offset += len(chunk)
        self.last = chunk[-1:] or self.last

    def finish(self) -> None:
        """Take what follows the last line end for a record; call it once, behind the last bytes."""
        has_open_end = self.offset - self.line_start > (self.last == b"\r")
        self.records += has_open_end
        if self.offset - self.line_start > LONGEST:
            self.long.append(LongRecord(self.line_start, self.offset, self._has_line_ends))

    def _note_long_lines(self, chunk: bytes, ends: NDArray[np.intp]) -> None:
        """Remember the records that end in this chunk and are longer than a reader takes."""
        if not len(ends):
            self._has_line_ends |= b"\n" in chunk
            return
        starts = np.concatenate(([self.line_start - self.offset], ends[:-1] + 1))
        for place in np.flatnonzero(ends - starts > LONGEST):
            start, end = int(starts[place]), int(ends[place])
            has_line_ends = chunk.find(b"\n", max(start, 0), end) >= 0 or (start < 0 and self._has_line_ends)
            self.long.append(LongRecord(self.offset + start, self.offset + end, has_line_ends))
        self._has_line_ends = chunk.rfind(b"\n") > ends[-1]

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


def without(chunks: Iterable[bytes], records: Sequence[LongRecord]) -> Iterator[bytes]:
    """Give chunks with the mark `LEFT_OUT` in the place of some records, so that all others keep their numbers."""
    offset, waiting = 0, list(records)
    for chunk in chunks:
        kept, taken = [], 0
        while waiting and waiting[0].begin < offset + len(chunk):
            begin, end = waiting[0].begin - offset, waiting[0].end - offset
            if begin >= 0:
                kept += [chunk[taken:begin], LEFT_OUT]
            taken = min(end, len(chunk))
            if end > len(chunk):
                break
            waiting.pop(0)
        yield b"".join([*kept, chunk[taken:]])
        offset += len(chunk)
