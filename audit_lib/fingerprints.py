"""Hashes of what a run rests on besides claims and rules, so that two runs can be compared."""

from __future__ import annotations

import hashlib
from pathlib import Path

from audit_lib.resources import folder
from audit_lib.settings import Settings

_SHARED = ("staging", "facts", "exposure", "code_sets")


def describe_settings_files(settings: Settings) -> list[dict[str, str | int]]:
    """Return every file that the settings name, those in `local` too, with its size and hash, for the manifest."""
    named: list[tuple[str, Path]] = [
        (name, path) for name in ("overrides", "policy_windows", "providers") if (path := getattr(settings, name))
    ]
    named += [("ndc_directory", path) for path in settings.ndc_directory or ()]
    if settings.local:
        named += [("local", path) for path in sorted(settings.local.rglob("*")) if path.is_file()]
    return [
        {"setting": name, "path": path.name, "bytes": path.stat().st_size, "sha256": _digest(path)}
        for name, path in named
    ]


def shared_sql_sha256() -> str:
    """Return one hash of all SQL and code lists that belong to no single rule."""
    root = folder("sql")
    hashed = hashlib.sha256()
    for path in sorted(path for name in _SHARED for path in (root / name).rglob("*") if path.is_file()):
        hashed.update(f"{path.relative_to(root).as_posix()} {_digest(path)}\n".encode())
    return hashed.hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
