"""Sources: which files hold the claims, how many bytes they have and what their hash is."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from audit_lib.claims.named_files import format_of, label_of, may_hold_claims, named_files, real_file
from audit_lib.claims.selection import Selection
from audit_lib.claims.text_files import TextShape, scan_text
from audit_lib.errors import BAD_CLAIMS, AuditError, cannot_read, sentence
from audit_lib.fingerprints import file_sha256
from audit_lib.names import with_nearest
from audit_lib.words import count, some


@dataclass
class SourceFile:
    """One file of claims: where it lies, its format, and what one pass over its bytes found.

    `label` is its path below `given_in`, the folder that was named. The rows of a database are read from a copy, which
    `path` names once it is made. `unread_modifiers`: its columns that seem to hold modifiers and that nothing reads.
    """

    path: Path
    label: str
    format: str
    byte_count: int = 0
    identity: tuple[int, ...] = ()
    sha256: str = ""
    record_count: int = 0
    left_out_count: int = 0
    text: TextShape = field(default_factory=TextShape)
    selection: Selection | None = None
    given_in: str = ""
    unread_modifiers: list[str] = field(default_factory=list)

    @property
    def delivered(self) -> Path | None:
        """Return the file that was delivered; none where a server gave the rows."""
        if self.selection is None:
            return self.path
        return None if self.selection.kind == "postgres" else Path(self.selection.place)


def find_files(claims: str) -> list[SourceFile]:
    """Return the claims files that a path, a folder or a glob names, in the order of their names.

    Raises AuditError (11) where there is none, they are of several formats, one is empty, or a folder holds what may
    be claims and cannot be read.
    """
    try:
        named = named_files(claims)
        unreadable = [label_of(p, named.root) for p in named.besides if may_hold_claims(p)]
        return _checked(claims, [_source_file(p, named.root) for p in named.files], unreadable)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no path of a file"
        where = getattr(error, "filename", None) or claims
        below = "" if str(where) == claims else f" ({where})"
        raise AuditError(BAD_CLAIMS, _message(claims, f"{reason}{below}.")) from error


def matching_files(claims: str) -> list[Path]:
    """Return the files that a path, a folder or a glob names now, whatever they hold; none is no error."""
    try:
        return named_files(claims).files
    except (OSError, ValueError):
        return []


def passed_over(claims: str) -> list[str]:
    """Return what the folders that are named hold and nobody reads, by their paths below them."""
    try:
        named = named_files(claims)
    except (OSError, ValueError):
        return []
    return [label_of(path, named.root) for path in named.besides]


def _source_file(path: Path, root: Path) -> SourceFile:
    return SourceFile(
        path=Path(os.path.abspath(path)),  # noqa: PTH100 - a link keeps its own name
        label=label_of(path, root),
        format=format_of(path),
        byte_count=path.stat().st_size,
        identity=identity_of(path),
        given_in=root.as_posix(),
    )


def identity_of(path: Path) -> tuple[int, ...]:
    """Return what another file, or the same file written to, does not share: times can be set back, a change's not."""
    status = path.stat()
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _checked(claims: str, files: list[SourceFile], unreadable: list[str]) -> list[SourceFile]:
    """Refuse what cannot be claims, naming every problem at once."""
    strange = [f.label for f in files if not f.format]
    empty = [f.label for f in files if f.byte_count == 0]
    problems = []
    if not files:
        problems.append(_nothing_found(Path(claims)) if claims else "the path is empty.")
    if strange:
        problems.append(f"{', '.join(strange)} is none of .csv, .csv.gz and .parquet (the ending of its name tells).")
    if unreadable:
        problems.append(
            f"{some(unreadable)} may hold claims and cannot be read, and without its voids, stays and visits findings "
            "would be wrong. Unpack it or save it as CSV or Parquet, move it elsewhere, or name the files that are "
            "meant by a pattern."
        )
    if len({f.format for f in files if f.format}) > 1:
        problems.append("it holds CSV and Parquet files side by side; keep the files of one format.")
    if empty:
        problems.append(f"{', '.join(empty)} is empty (0 bytes).")
    if problems:
        raise AuditError(BAD_CLAIMS, _message(claims, " Also, ".join(problems)))
    return files


def _nothing_found(path: Path) -> str:
    if path.is_dir():
        return "the folder holds no .csv, .csv.gz or .parquet file."
    beside = sorted(p.name for p in path.parent.iterdir() if p.name != path.name) if path.parent.is_dir() else []
    problem = "there is no such file or folder, and no file fits it as a pattern"
    return sentence(with_nearest(problem, path.name, beside))


def _message(claims: str, problem: str) -> str:
    return (
        f"The claims {claims} cannot be read: {problem} Give --claims a CSV file (.csv, .csv.gz; also .txt, "
        ".tsv, .psv), a Parquet file, a folder of them, a pattern in quotes, or a DuckDB or SQLite file."
    )


def scan_bytes(file: SourceFile) -> None:
    """Pass over a file's bytes: its SHA-256 (`take_digest`), and what text it is (`take_shape`).

    Raises AuditError (11) where it cannot be read to its end.
    """
    take_digest(file)
    take_shape(file)


def take_digest(file: SourceFile) -> None:
    """Find a file's SHA-256. Raises AuditError (11) where it cannot be read."""
    try:
        file.sha256 = file_sha256(file.path)
    except OSError as error:
        raise cannot_read(file.label, error) from error


def take_shape(file: SourceFile) -> None:
    """Find a CSV file's encoding, header, delimiter and number of records. Raises AuditError (11) as `scan_text`."""
    if file.format == "csv":
        file.text = scan_text(file.path, file.label)
        file.record_count = file.text.record_count


def file_states(paths: Iterable[Path]) -> dict[Path, os.stat_result]:
    """Return size and times of each file; one that went meanwhile is left out."""
    found = {}
    for path in paths:
        with suppress(OSError):
            found[path] = path.stat()
    return found


@contextmanager
def unchanged(files: Sequence[SourceFile], claims: str) -> Iterator[None]:
    """Have what is done with the claims count only where they are the same at its end, also where it fails.

    Raises AuditError (11) as `check_unchanged` does: half a file makes other errors that would point elsewhere.
    """
    try:
        yield
    except Exception:
        check_unchanged(files, claims)
        raise
    check_unchanged(files, claims)


def check_unchanged(files: Sequence[SourceFile], claims: str = "") -> None:
    """Refuse to finish a run whose claims were written to meanwhile: its figures would fit neither state.

    Where `claims` names a folder or a pattern, the same files must be there. Raises AuditError (11).
    """
    for file in files:
        path = file.delivered
        if path and (not path.is_file() or identity_of(path) != file.identity):
            raise _not_settled(f"The file {file.label} was changed or removed while it was read.")
    read = {real_file(path) for file in files if (path := file.delivered)}
    there = matching_files(claims) if claims else []
    if appeared := sorted(path.name for path in there if real_file(path) not in read):
        names = ", ".join(appeared[:3])
        raise _not_settled(f"{count(len(appeared), 'file')} that --claims names appeared while it was read: {names}.")


def _not_settled(what: str) -> AuditError:
    return AuditError(BAD_CLAIMS, f"{what} Run again once the delivery is complete.")
