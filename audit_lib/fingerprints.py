"""Hashes of what a run rests on besides claims and rules, so that two runs can be compared."""

from __future__ import annotations

import hashlib
from pathlib import Path

from audit_lib.manifest_keys import Output, SettingsFile
from audit_lib.resources import folder
from audit_lib.settings import Settings

_SHARED = ("staging", "facts", "exposure", "code_sets")


def describe_settings_files(settings: Settings) -> list[SettingsFile]:
    """Return every file that the settings name, those in `local` too, with its size and hash, for the manifest.

    Of a file that changes no result, as a key, nothing is said.
    """
    named = [
        (name, path)
        for name in settings.path_fields()
        if name not in settings.without_effect_on("results")
        for path in _files_of(getattr(settings, name))
    ]
    return [
        {"setting": name, "path": path.name, "bytes": path.stat().st_size, "sha256": file_sha256(path)}
        for name, path in named
    ]


def _files_of(named: Path | tuple[Path, ...] | None) -> list[Path]:
    """Return the files that a setting names, in a folder all of them."""
    if isinstance(named, Path):
        return sorted(path for path in named.rglob("*") if path.is_file()) if named.is_dir() else [named]
    return list(named or ())


def shared_sql_sha256() -> str:
    """Return one hash of all SQL and code lists that belong to no single rule."""
    root = folder("sql")
    hashed = hashlib.sha256()
    for path in sorted(path for name in _SHARED for path in (root / name).rglob("*") if path.is_file()):
        hashed.update(f"{path.relative_to(root).as_posix()} {file_sha256(path)}\n".encode())
    return hashed.hexdigest()


def layout_sha256(name_or_file: str) -> str:
    """Return one hash of the shipped layouts and of the user's own file, if the layout is one."""
    hashed = hashlib.sha256()
    for path in sorted((folder("sql") / "layouts").glob("*.yml")):
        hashed.update(f"{path.name} {file_sha256(path)}\n".encode())
    if Path(name_or_file).is_file():
        hashed.update(file_sha256(Path(name_or_file)).encode())
    return hashed.hexdigest()


def describe_outputs(run_folder: Path, scratch: Path | None = None) -> list[Output]:
    """Return every file of a run but its manifest, with size and hash; a folder of scratch files is left out."""
    return [
        {"path": path.relative_to(run_folder).as_posix(), "bytes": path.stat().st_size, "sha256": file_sha256(path)}
        for path in sorted(run_folder.rglob("*"))
        if path.is_file() and path != run_folder / "manifest.json" and not (scratch and path.is_relative_to(scratch))
    ]


def file_sha256(path: Path) -> str:
    """Return the hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
