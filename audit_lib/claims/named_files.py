"""Named files: what a path, a folder or a pattern leads to, each file once however many links lead to it.

What a folder holds besides is not passed over in silence: a month that is lost takes its voids, stays and visits along.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from audit_lib.claims.prose import is_prose

_PARQUET = (".parquet", ".parq", ".pq")
_TEXT = (".csv", ".csv.gz", ".txt", ".txt.gz", ".tsv", ".tsv.gz", ".psv", ".psv.gz")


# Endings behind which a month of claims may lie packed, locked, half transferred, or in another program's format.
_UNREADABLE = (
    ".zip", ".gz", ".bz2", ".zst", ".xz", ".7z", ".lz4", ".lzo", ".snappy", ".tar", ".tgz", ".rar",
    ".pgp", ".gpg", ".part", ".filepart",
    ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".orc", ".avro", ".feather", ".arrow", ".jsonl", ".ndjson",
    ".sas7bdat", ".dat",
)  # fmt: skip


@dataclass(frozen=True)
class Named:
    """The files that are meant, the folder that their labels start below, and what the named folders hold besides."""

    files: list[Path]
    root: Path
    besides: list[Path]


def named_files(claims: str) -> Named:
    """Return what a path, a folder or a pattern names. What exists is meant, whatever its name.

    Raises OSError where a folder may not be looked into, ValueError where it is no path.
    """
    path = Path(claims or "no path given")
    if path.is_file():
        return Named([path], path.parent, [])
    if path.is_dir():
        matches, root = [path], path
    else:
        matches = [Path(p) for p in glob.glob(claims, recursive=True)]  # noqa: PTH207
        start = min((claims.find(c) for c in "*?[" if c in claims), default=0)
        root = Path(claims[:start] + "x").parent
    below = [p for folder in matches if folder.is_dir() for p in _files_below(folder)]
    claims_below = _without_prose([p for p in below if format_of(p) and not _is_hidden(p)])
    files = _each_once([*claims_below, *(p for p in matches if p.is_file())], root)
    read = {os.path.realpath(p) for p in files}
    besides = {p for p in below if not _is_left_by_tools(p) and os.path.realpath(p) not in read}
    return Named(files, root, sorted(besides - set(claims_below)))


def _without_prose(paths: list[Path]) -> list[Path]:
    """Leave out what people wrote beside claims, unless it is all there is: its reader then says what is wrong."""
    return [p for p in paths if not is_prose(p)] or paths


def label_of(path: Path, root: Path) -> str:
    """Return a file's path below the folder that was named."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def may_hold_claims(path: Path) -> bool:
    """Tell whether a file that cannot be read as it is may hold claims: by its ending, or a number instead of one.

    Hive and Spark name parts 000000_0 and part-00000, exports are named 2025-10; a README or LICENSE has no number.
    """
    name = path.name.lower()
    has_ending = path.suffix[1:2].isalpha()
    is_numbered = not has_ending and any(c.isdigit() for c in name) and not name.endswith("sums")  # SHA256SUMS
    return not _is_hidden(path) and not format_of(path) and (name.endswith(_UNREADABLE) or is_numbered)


def format_of(path: Path) -> str:
    """Return the format that a file's name tells: csv, parquet, or nothing."""
    name = path.name.lower()
    return "parquet" if name.endswith(_PARQUET) else "csv" if name.endswith(_TEXT) else ""


def real_file(path: Path) -> str | tuple[int, int]:
    """Return what all names of one file share, symbolic links and hard ones; a copy is another file."""
    status = path.stat()
    if status.st_nlink > 1 and status.st_ino:
        return status.st_dev, status.st_ino
    return os.path.realpath(path)


def _each_once(paths: Iterable[Path], root: Path) -> list[Path]:
    """Keep one name of every file, in the order of the names: one that tells the format, then one that is no link."""
    real_root = os.path.realpath(root)
    kept: dict[str | tuple[int, int], Path] = {}
    for path in sorted(set(paths), key=lambda p: (not format_of(p), _is_linked(p, root, real_root), p)):
        kept.setdefault(real_file(path), path)
    return sorted(kept.values())


def _is_linked(path: Path, root: Path, real_root: str) -> bool:
    """Tell whether the way from `root` to the file leads over a link."""
    below = os.path.normpath(os.path.join(real_root, os.path.relpath(path, root)))  # noqa: PTH118
    return os.path.realpath(path) != below


def _is_hidden(path: Path) -> bool:
    """Tell whether Spark and Hive would leave a file out of what they read."""
    return path.name.startswith((".", "_"))


def _is_left_by_tools(path: Path) -> bool:
    """Tell whether a file is what tools leave beside data (_SUCCESS, .crc): hidden, and no ending speaks of claims."""
    is_claims = format_of(path) or path.name.lower().endswith(_UNREADABLE)
    return path.name.startswith("._") or (_is_hidden(path) and not is_claims)


def _files_below(root: Path) -> Iterator[Path]:
    """Find the files of a folder and of the folders that it links to, each folder once.

    Hidden folders are left, as Spark and Hive leave them. Raises OSError where a folder may not be looked into.
    """
    seen: set[str] = set()
    waiting = [root]
    for start in waiting:
        for place, folders, names in os.walk(start, onerror=_raise):
            if (real := os.path.realpath(place)) in seen:
                folders.clear()
                continue
            seen.add(real)
            folders[:] = sorted(name for name in folders if not name.startswith((".", "_")))
            waiting += [link for name in folders if (link := Path(place) / name).is_symlink()]
            yield from (Path(place) / name for name in names)


def _raise(error: OSError) -> None:
    raise error
