"""Sources: which files hold the claims, and what their bytes are like before anything is read from them."""

from __future__ import annotations

import codecs
import csv
import glob
import gzip
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from audit_lib.errors import BAD_CLAIMS, AuditError

CHUNK_BYTES = 1 << 22
_DELIMITERS = ",|\t;"


@dataclass
class SourceFile:
    """One file of claims: where it lies, its format, and what one pass over its bytes found."""

    path: Path
    label: str
    format: str
    byte_count: int = 0
    sha256: str = ""
    encoding: str = "utf-8"
    delimiter: str = ","
    header: list[str] = field(default_factory=list)
    record_count: int = 0
    blank_line_offsets: list[int] = field(default_factory=list)


def find_files(claims: str) -> list[SourceFile]:
    """Return the claims files that a path, a folder or a glob names, in the order of their names.

    Raises AuditError (11) where there is none, they are of several formats, or one is empty.
    """
    path = Path(claims)
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.is_file() and _format(p) and not _is_hidden(p, path))
        root = path
    elif path.is_file():
        found, root = [path], path.parent
    else:
        found = sorted(Path(p) for p in glob.glob(claims, recursive=True) if Path(p).is_file())  # noqa: PTH207
        root = Path(claims[: _glob_start(claims)]).parent if _glob_start(claims) else Path()
    return _checked(claims, [_source_file(p, root) for p in found])


def _is_hidden(path: Path, root: Path) -> bool:
    """Tell files that tools leave beside the data (_SUCCESS, .crc) from the data."""
    return any(part.startswith((".", "_")) for part in path.relative_to(root).parts)


def _glob_start(pattern: str) -> int:
    """Return where the first wildcard of a pattern stands."""
    return min((pattern.find(c) for c in "*?[" if c in pattern), default=0)


def _source_file(path: Path, root: Path) -> SourceFile:
    label = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return SourceFile(path=path.resolve(), label=label, format=_format(path), byte_count=path.stat().st_size)


def _format(path: Path) -> str:
    name = path.name.lower()
    if name.endswith((".parquet", ".parq", ".pq")):
        return "parquet"
    if name.endswith((".csv", ".csv.gz", ".txt", ".tsv", ".txt.gz", ".psv")):
        return "csv"
    return ""


def _checked(claims: str, files: list[SourceFile]) -> list[SourceFile]:
    """Refuse what cannot be claims, naming every problem at once."""
    formats = sorted({f.format for f in files})
    empty = [f.label for f in files if f.byte_count == 0]
    problem = ""
    if not files:
        problem = (
            "there is no such file, nor a folder or pattern that holds any .csv, .csv.gz or .parquet file."
        )
    elif "" in formats:
        strange = ", ".join(f.label for f in files if not f.format)
        problem = f"{strange} is none of .csv, .csv.gz and .parquet (the ending of its name tells)."
    elif len(formats) > 1:
        problem = "it holds CSV and Parquet files side by side; keep the files of one format."
    elif empty:
        problem = f"{', '.join(empty)} is empty (0 bytes)."
    if problem:
        raise AuditError(
            BAD_CLAIMS,
            f"The claims {claims} cannot be read: {problem} Give --claims a CSV file (.csv, .csv.gz), "
            "a Parquet file, a folder of them, or a pattern in quotes.",
        )
    return files


def scan_bytes(file: SourceFile) -> None:
    """Pass once over a file: its SHA-256 and, for CSV, its encoding, header, delimiter and number of records."""
    digest = hashlib.sha256()
    if file.format == "parquet":
        with file.path.open("rb") as raw:
            for chunk in iter(lambda: raw.read(CHUNK_BYTES), b""):
                digest.update(chunk)
        file.sha256 = digest.hexdigest()
        return
    with file.path.open("rb") as raw:
        for chunk in iter(lambda: raw.read(CHUNK_BYTES), b""):
            digest.update(chunk)
    file.sha256 = digest.hexdigest()
    _scan_text(file)


def open_bytes(file: SourceFile) -> BinaryIO:
    """Open a CSV file's bytes, unpacked where it is gzip."""
    with file.path.open("rb") as raw:
        is_gzip = raw.read(2) == b"\x1f\x8b"
    return gzip.open(file.path, "rb") if is_gzip else file.path.open("rb")  # type: ignore[return-value]


def _chunks(file: SourceFile) -> Iterator[bytes]:
    try:
        with open_bytes(file) as raw:
            yield from iter(lambda: raw.read(CHUNK_BYTES), b"")
    except (gzip.BadGzipFile, EOFError, OSError) as error:
        raise AuditError(
            BAD_CLAIMS,
            f"The file {file.label} cannot be unpacked to its end: it is cut off or not what its name says. "
            "Have it delivered again.",
        ) from error


def _scan_text(file: SourceFile) -> None:
    """Find encoding, line ends and records. A record ends at a line end outside quotation marks."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, ends, quotes, offset, last = True, 0, 0, 0, b"\n"
    newline = b"\n"
    for number, chunk in enumerate(_chunks(file)):
        if number == 0:
            file.encoding = "utf-16" if chunk[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
            newline = b"\r" if b"\n" not in chunk and b"\r" in chunk else b"\n"
        if is_utf8:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                is_utf8 = False
        ends += _line_ends_outside_quotes(chunk, newline, quotes)
        quotes += chunk.count(b'"')
        _note_blank_lines(file, last + chunk, offset - len(last))
        offset += len(chunk)
        last = chunk[-2:]
    if file.encoding == "utf-8" and not is_utf8:
        file.encoding = "latin-1"
    has_open_end = not last.endswith(newline)
    file.record_count = ends + has_open_end - 1 - len(file.blank_line_offsets)
    file.header, file.delimiter = _read_header(file)


def _line_ends_outside_quotes(chunk: bytes, newline: bytes, quotes_before: int) -> int:
    if b'"' not in chunk:
        return 0 if quotes_before % 2 else chunk.count(newline)
    return sum(part.count(newline) for part in chunk.split(b'"')[quotes_before % 2 :: 2])


def _note_blank_lines(file: SourceFile, text: bytes, start: int) -> None:
    """Remember where lines without any character begin; CSV readers pass over them."""
    position = 0
    while (found := text.find(b"\n", position)) != -1:
        after = text[found + 1 : found + 3]
        if after[:1] == b"\n" or after == b"\r\n":
            file.blank_line_offsets.append(start + found + 1)
        position = found + 1
        if b"\n\n" not in text[position:] and b"\n\r\n" not in text[position - 1 :]:
            return


def _read_header(file: SourceFile) -> tuple[list[str], str]:
    """Read the first record; the delimiter is the one that cuts it into the most columns."""
    with open_bytes(file) as raw:
        first = raw.read(1 << 20)
    text = first.decode(file.encoding if file.encoding != "utf-8" else "utf-8-sig", errors="replace")
    by_delimiter = {d: next(csv.reader(io.StringIO(text, newline=""), delimiter=d), []) for d in _DELIMITERS}
    delimiter = max(by_delimiter, key=lambda d: len(by_delimiter[d]))
    header = [name.strip().lower() for name in by_delimiter[delimiter]]
    twice = sorted({name for name in header if header.count(name) > 1 and name})
    if twice:
        raise AuditError(
            BAD_CLAIMS,
            f"The file {file.label} has more than one column named {', '.join(twice)}, so it is unclear which is meant. "
            "Rename or remove one of each and try again.",
        )
    return [name or f"column_{i}" for i, name in enumerate(header, start=1)], delimiter


def count_records_exactly(file: SourceFile) -> int:
    """Count the records of a CSV file the slow way: for files with quotation marks inside unquoted values."""
    encoding = "utf-8-sig" if file.encoding == "utf-8" else file.encoding
    with open_bytes(file) as raw:
        text = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")
        csv.field_size_limit(1 << 30)
        return sum(1 for record in csv.reader(text, delimiter=file.delimiter) if record) - 1
