"""Named files: what a path, a folder or a pattern leads to, each file once however many links lead to it."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

_PARQUET = (".parquet", ".parq", ".pq")
_TEXT = (".csv", ".csv.gz", ".txt", ".txt.gz", ".tsv", ".tsv.gz", ".psv", ".psv.gz")


def named_files(claims: str) -> tuple[list[Path], Path]:
    """Return the files and the folder that their labels start below. What exists is meant, whatever its name.

    Raises OSError where a folder may not be looked into, ValueError where it is no path.
    """
    path = Path(claims or "no path given")
    if path.is_dir():
        return _each_once(_claims_below(path), path), path
    if path.is_file():
        return [path], path.parent
    matches = [Path(p) for p in glob.glob(claims, recursive=True)]  # noqa: PTH207
    below = [p for folder in matches if folder.is_dir() for p in _claims_below(folder)]
    start = min((claims.find(c) for c in "*?[" if c in claims), default=0)
    root = Path(claims[:start] + "x").parent
    return _each_once([*below, *(p for p in matches if p.is_file())], root), root


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


def _claims_below(root: Path) -> Iterator[Path]:
    return (path for path in _files_below(root) if format_of(path))


def _files_below(root: Path) -> Iterator[Path]:
    """Find the files of a folder and of the folders that it links to, each folder once.

    What tools leave beside the data (_SUCCESS, .crc) is left out. Raises OSError where a folder may not be looked into.
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
            yield from (Path(place) / name for name in names if not name.startswith((".", "_")))


def _raise(error: OSError) -> None:
    raise error
