"""Claims that change while they are read: no run stands on half of one delivery and half of another."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType
from unittest.mock import Mock

import pyarrow.parquet as pq
import pytest

import audit_lib.audit
from audit_lib.audit import RunOptions, run_audit
from audit_lib.claims.sources import check_unchanged, find_files, scan_bytes
from audit_lib.errors import AuditError
from audit_lib.progress import Progress
from audit_lib.quality import checking
from audit_lib.settings import Settings
from tests.parquet_tables import table


def _write_in_place(path: Path) -> None:
    """Change bytes, neither size nor time of the last change: what a careless comparison would not see."""
    status = path.stat()
    with path.open("r+b") as file:
        file.write(b"X")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _replace(path: Path) -> None:
    """Put a file of the same bytes and times in its place."""
    status = path.stat()
    other = path.with_suffix(".new")
    other.write_bytes(path.read_bytes())
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.rename(path)


CHANGES: dict[str, Callable[[Path], object]] = {
    "another time": lambda path: os.utime(path, ns=(1, 1)),
    "more rows": lambda path: pq.write_table(table(2), path),
    "written to with the time set back": _write_in_place,
    "replaced by its like": _replace,
    "removed": lambda path: path.unlink(),
    "cut in half": lambda path: os.truncate(path, path.stat().st_size // 2),
    "a folder of its name": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_file_that_changes_is_noticed(tmp_path: Path, name: str) -> None:
    path = tmp_path / "c.parquet"
    pq.write_table(table(), path)
    files = find_files(str(path))
    check_unchanged(files, str(path))
    CHANGES[name](path)
    with pytest.raises(AuditError, match=r"c\.parquet was changed or removed while it was read") as caught:
        check_unchanged(files, str(path))
    assert caught.value.exit_code == 11


def test_a_file_that_goes_before_it_is_read(tmp_path: Path) -> None:
    pq.write_table(table(), tmp_path / "c.parquet")
    file = find_files(str(tmp_path))[0]
    file.path.unlink()
    with pytest.raises(AuditError, match=r"c\.parquet cannot be read: No such file"):
        scan_bytes(file)


@pytest.mark.parametrize("pattern", ["", "/*.parquet", "/**/*.parquet"])
def test_files_that_appear_or_vanish(tmp_path: Path, pattern: str) -> None:
    claims = f"{tmp_path}{pattern}"
    for name in ("a", "b"):
        pq.write_table(table(), tmp_path / f"{name}.parquet")
    files = find_files(claims)
    (tmp_path / "notes.md").write_text("no claims", "utf-8")
    (tmp_path / "_SUCCESS").write_text("", "utf-8")
    check_unchanged(files, claims)
    pq.write_table(table(), tmp_path / "c.parquet")
    with pytest.raises(AuditError, match=r"1 file that .* appeared while it was read: c\.parquet\. Run again"):
        check_unchanged(files, claims)
    (tmp_path / "c.parquet").unlink()
    (tmp_path / "b.parquet").unlink()
    with pytest.raises(AuditError, match=r"b\.parquet was changed or removed"):
        check_unchanged(files, claims)


MEANWHILE: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a file is written to": ("read_claims", lambda folder: _write_in_place(folder / "a.parquet")),
    "a file is cut in half": ("audit_tables", lambda folder: CHANGES["cut in half"](folder / "a.parquet")),
    "a file appears": ("write_tables", lambda folder: pq.write_table(table(), folder / "b.parquet")),
}


@pytest.mark.parametrize("name", MEANWHILE)
def test_a_run_on_claims_that_change_under_it_is_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Changed before a step, when the files were scanned already: 11, whatever error the step makes of it."""
    step, change = MEANWHILE[name]
    claims = tmp_path / "claims"
    claims.mkdir()
    pq.write_table(table(3), claims / "a.parquet")
    _change_before(monkeypatch, audit_lib.audit, step, lambda: change(claims))
    options = RunOptions(
        claims=str(claims),
        out=tmp_path / "runs",
        rules=["supply_with_per_diem"],
        with_reports=False,
        with_quality=False,
    )
    with pytest.raises(AuditError, match=r"changed or removed|appeared") as caught:
        run_audit(options, Progress(is_quiet=True))
    assert caught.value.exit_code == 11
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_check_of_claims_that_change_under_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c.parquet"
    pq.write_table(table(), path)
    for late in ("import_early", "load_all_code_sets", "load_settings", "load_stopped_rules", "measure_data"):
        monkeypatch.setattr(checking, late, lambda *_, **__: None)
    monkeypatch.setattr(checking, "QualityGate", Mock())
    _change_before(monkeypatch, checking, "read_claims", lambda: _write_in_place(path))
    with pytest.raises(AuditError, match=r"c\.parquet was changed or removed"):
        checking.check_claims(str(path), "canonical", Settings(), date(2026, 1, 1), Progress(is_quiet=True))


def _change_before(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, step: str, change: Callable[[], object]
) -> None:
    do = getattr(module, step)

    def change_and_do(*words: object) -> object:
        change()
        return do(*words)

    monkeypatch.setattr(module, step, change_and_do)
