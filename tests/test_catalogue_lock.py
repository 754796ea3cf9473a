"""The lock of versions: changed SQL needs a new version, and versions only rise."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from audit_lib.catalogue import LOCK, lock_failures, main, read_lock, write_lock
from audit_lib.catalogue.contents import load_catalogue
from audit_lib.errors import AuditError
from audit_lib.resources import folder

SQL = folder("sql")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copytree(SQL, tmp_path / "sql")
    (tmp_path / "sql" / LOCK).unlink(missing_ok=True)
    write_lock(load_catalogue(tmp_path / "sql"))
    return tmp_path / "sql"


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


RULE = "rules/setting/per_diem_during_inpatient_stay"
LOCKED = read_lock(SQL / LOCK)[Path(RULE).name][0]
OWN, NEXT = f"version: {LOCKED}", f"version: {LOCKED + 1}"


def test_changed_sql_cannot_keep_its_version(copied: Path) -> None:
    _replace(copied / f"{RULE}.sql", "covered_days > 0", "covered_days > 1")
    before = (copied / LOCK).read_bytes()
    changed = load_catalogue(copied)
    assert [line.partition(" -> ")[2] for line in lock_failures(changed)] == [
        f"its SQL is not that of version {LOCKED}; set `{NEXT}` in per_diem_during_inpatient_stay.yml"
    ]
    with pytest.raises(AuditError, match=f"set `{NEXT}`") as refusal:
        write_lock(changed)
    assert refusal.value.exit_code == 10
    assert (copied / LOCK).read_bytes() == before


def test_a_raised_version_takes_the_new_sql_and_does_not_go_back(copied: Path) -> None:
    _replace(copied / f"{RULE}.sql", "covered_days > 0", "covered_days > 1")
    _replace(copied / f"{RULE}.yml", OWN, NEXT)
    assert [line for line in lock_failures(load_catalogue(copied)) if "write the lock anew" in line]
    assert write_lock(load_catalogue(copied)) == 1
    assert read_lock(copied / LOCK)["per_diem_during_inpatient_stay"][0] == LOCKED + 1
    assert lock_failures(load_catalogue(copied)) == []
    _replace(copied / f"{RULE}.yml", NEXT, OWN)
    with pytest.raises(AuditError, match="versions only rise"):
        write_lock(load_catalogue(copied))


def test_layout_and_comments_are_no_change(copied: Path) -> None:
    _replace(copied / f"{RULE}.sql", "select\n    claim_id", "-- a remark\nselect claim_id")
    assert lock_failures(load_catalogue(copied)) == []
    assert write_lock(load_catalogue(copied)) == 0


def test_rules_come_into_the_lock_stay_while_retired_and_go_with_their_files(copied: Path) -> None:
    _replace(copied / f"{RULE}.yml", "status: stable", "status: retired")
    assert lock_failures(load_catalogue(copied)) == []
    assert write_lock(load_catalogue(copied)) == 0
    (copied / f"{RULE}.yml").unlink()
    (copied / f"{RULE}.sql").unlink()
    assert [line for line in lock_failures(load_catalogue(copied)) if "there is no such rule" in line]
    assert write_lock(load_catalogue(copied)) == 1


def test_the_command_checks_and_locks(
    copied: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("audit_lib.resources._PACKAGE", copied.parent / "audit_lib")
    _replace(copied / f"{RULE}.sql", "covered_days > 0", "covered_days > 1")
    assert main(["check"]) == 10
    assert f"{Path(RULE).name} - " in capsys.readouterr().out
    assert main(["lock"]) == 10
    assert f"set `{NEXT}`" in capsys.readouterr().err
    _replace(copied / f"{RULE}.yml", OWN, NEXT)
    assert main(["lock"]) == 0
    assert "lines changed: 1" in capsys.readouterr().out
    assert main([]) == 2


def test_a_torn_lock_is_said_so(copied: Path) -> None:
    (copied / LOCK).write_text("tpn_base_product 1\n", "utf-8")
    with pytest.raises(AuditError, match=r"restore it from git"):
        write_lock(load_catalogue(copied))
