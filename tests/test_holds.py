"""Holds: what is kept, why, since when; added only, whole at every moment, for the owner; many hands at once."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from audit_lib import holds
from audit_lib.cli import main
from audit_lib.errors import AuditError


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return _run(tmp_path, "r1")


def _run(place: Path, name: str) -> Path:
    (place / name).mkdir()
    (place / name / "manifest.json").write_text("{}", "utf-8")
    return place / name


def test_a_run_is_on_hold_until_it_is_released_and_the_history_stays(run: Path) -> None:
    other = _run(run.parent, "r2")
    assert not holds.is_on_hold(run)
    holds.place_hold(run, "asked by counsel")
    holds.place_hold(run, "asked by counsel")
    holds.place_hold(run, "a case is open")
    assert (holds.is_on_hold(run), holds.is_on_hold(other)) == (True, False)
    assert [(h.run, h.reason) for h in holds.holds(run.parent)] == [
        ("r1", "asked by counsel"), ("r1", "a case is open"),
    ]  # fmt: skip
    holds.release_hold(run, "the case is closed")
    assert not holds.is_on_hold(run)
    assert holds.holds(run.parent) == []
    assert [h.action for h in holds.hold_history(run.parent)] == ["hold", "hold", "release"]
    holds.place_hold(run, "asked by counsel")
    assert holds.is_on_hold(run)


def test_a_hold_that_the_program_placed_stays_whoever_releases(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    holds.place_hold(run, "asked by counsel")
    holds.place_hold(run, "exported as letters", is_automatic=True)
    release = ["hold", str(run), "--release", "--reason", "settled"]
    assert main(release) == 2
    said = capsys.readouterr()
    assert "is still on hold: exported as letters" in said.err and "placed by hand are released" in said.err
    assert "may delete" not in said.out
    assert [(h.reason, h.is_automatic) for h in holds.holds(run.parent)] == [("exported as letters", True)]
    assert main(release) == 2
    said = capsys.readouterr()
    assert "is still on hold: exported as letters" in said.err and "nothing was released" in said.err
    assert len(holds.hold_history(run.parent)) == 3
    assert main(["holds", str(run.parent)]) == 0
    assert "exported as letters (stays)" in capsys.readouterr().out
    holds.place_hold(run, "exported as letters", is_automatic=True)
    assert len(holds.hold_history(run.parent)) == 3, "the same reason twice is one hold"


@pytest.mark.parametrize(
    ("reason", "is_automatic"),
    [("asked by counsel", False), ("exported by provider as 20260101T000000Z", True),
     ("exported as cases as cases_1", True), ("a disposition is recorded on its findings", True)],
)  # fmt: skip
def test_a_line_that_does_not_say_who_placed_the_hold_is_told_by_its_reason(
    run: Path, reason: str, is_automatic: bool
) -> None:
    line = {"run": "r1", "action": "hold", "reason": reason, "at": "2026-01-01T00:00:00+00:00", "user": "u"}
    (run.parent / "holds.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    assert [hold.is_automatic for hold in holds.holds(run.parent)] == [is_automatic]


def test_nothing_is_written_into_the_run_and_the_file_is_for_its_owner(run: Path) -> None:
    holds.place_hold(run, "why")
    assert [p.name for p in run.iterdir()] == ["manifest.json"]
    assert stat.S_IMODE((run.parent / "holds.jsonl").stat().st_mode) == 0o600


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reason_is_needed(run: Path, reason: str) -> None:
    with pytest.raises(AuditError, match="needs a reason"):
        holds.place_hold(run, reason)


def test_only_a_finished_run_can_be_held_and_only_a_held_one_released(run: Path) -> None:
    with pytest.raises(AuditError, match=r"no manifest\.json"):
        holds.place_hold(run.parent / "absent", "why")
    with pytest.raises(AuditError, match="not on hold"):
        holds.release_hold(run, "why")


def test_a_file_that_cannot_be_read_is_never_taken_for_no_hold(run: Path) -> None:
    holds.place_hold(run, "why")
    (run.parent / "holds.jsonl").write_text('{"run": "r1"', "utf-8")
    for ask in (holds.is_on_hold, lambda folder: holds.place_hold(folder, "why")):
        with pytest.raises(AuditError, match="no run counts as free"):
            ask(run)


def test_a_folder_that_is_not_there_is_no_answer(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["holds", str(run.parent)]) == 0
    assert main(["holds", str(run.parent / "rnus")]) == 2
    said = capsys.readouterr()
    assert "is on hold" in said.out and "There is no folder" in said.err


def test_a_locked_file_is_said_plainly(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holds, "_WAIT_SECONDS", 0.1)
    with FileLock(run.parent / ".lock-holds"), pytest.raises(AuditError) as caught:
        holds.place_hold(run, "why")
    assert caught.value.exit_code == 15


def test_holds_placed_at_once_are_all_kept(run: Path) -> None:
    code = "import sys; from pathlib import Path; from audit_lib.holds import place_hold\n"
    code += "for n in range(5): place_hold(Path(sys.argv[1]), f'{sys.argv[2]} {n}')"
    writers = [subprocess.Popen([sys.executable, "-c", code, str(run), str(w)]) for w in range(3)]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    lines = (run.parent / "holds.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["reason"] for line in lines} == {f"{w} {n}" for w in range(3) for n in range(5)}


def test_the_commands_hold_list_and_release(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["holds", str(run.parent)]) == 0
    assert main(["hold", str(run), "--reason", "asked by counsel"]) == 0
    assert main(["holds", str(run.parent)]) == 0
    assert main(["hold", str(run), "--release", "--reason", "settled"]) == 0
    assert main(["holds", str(run.parent), "--history"]) == 0
    said = capsys.readouterr().out
    assert "No run in" in said
    assert "asked by counsel" in said
    assert "release" in said
    assert main(["hold", str(run), "--release", "--reason", "again"]) == 2
