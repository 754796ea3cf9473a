"""The journal of scheduled reports: one line per event, only ever added to, beside the runs and never inside one.

What is due, done, failed and told is read from it, so that a report is made once and a failure told once,
whatever stops the program in between.
"""

from __future__ import annotations

import errno
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from audit_lib.errors import OUTPUT, AuditError, system_reason

NAME = "report_journal.jsonl"
_LOCK, _RESERVE = ".report-journal-lock", ".report-journal-reserve"
_RESERVED_BYTES = 64 * 1024
_WAIT_SECONDS = 30
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class MadeRun:
    """One finished run of a report: its folder's name and its totals as the manifest had them, in US dollars.

    `cautions` are the sentences that its manifest has against its totals.
    """

    report: str
    as_of: date
    run_id: str
    number: int
    made_at: datetime
    period: tuple[str | None, str | None]
    totals: dict[str, Any]
    undecided: dict[str, Any]
    is_to_be_delivered: bool
    inputs_sha256: str
    last_service_date: str | None
    cautions: list[str]


@dataclass(frozen=True)
class Failure:
    """Why a report is not there, or not delivered."""

    at: datetime
    status: str
    exit_code: int
    message: str


@dataclass(frozen=True)
class Waiting:
    """Why a report waits for claims that have not come, and the mark of the claims that were looked at."""

    message: str
    claims_mark: str


@dataclass
class OccasionState:
    """What the journal knows of one report as of one day."""

    runs: list[MadeRun] = field(default_factory=list)
    started: dict[str, Any] | None = None
    failure: Failure | None = None
    waiting: Waiting | None = None
    first_failed_at: datetime | None = None
    attempt_count: int = 0
    is_skipped: bool = False
    is_first: bool = False
    delivered: dict[str, str] = field(default_factory=dict)
    deleted: dict[str, datetime] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    problem: str = ""
    tries: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def is_given_up(self) -> bool:
        """Tell whether nobody makes it any more; what a person asked for all the same is there."""
        return self.is_skipped and not self.runs


States = dict[tuple[str, date], OccasionState]


def standing_failure(states: States, name: str, as_of: date) -> Failure | None:
    """Return why a report is not there or not delivered; of one given up, until a later one of its name is there."""
    state = states[name, as_of]
    is_over = state.is_given_up and any(
        other == name and day > as_of and later.runs for (other, day), later in states.items()
    )
    return None if is_over else state.failure


class Journal:
    """The journal of one folder of runs."""

    def __init__(self, place: Path, clock: Clock) -> None:
        self.place = place
        self.path = place / NAME
        self.clock = clock
        self._folded: tuple[int, States] = (-1, {})

    def append(self, event: str, report: str, as_of: date, **facts: Any) -> None:
        """Add one event, whole or not at all. Raises AuditError (14) where it cannot be written.

        A disk that is full costs the file kept in reserve, so that the failure itself can still be noted.
        """
        at = self.clock().astimezone(UTC).isoformat(timespec="seconds")
        line = json.dumps({"at": at, "event": event, "report": report, "as_of": as_of.isoformat(), **facts})
        try:
            self.place.mkdir(parents=True, exist_ok=True, mode=0o700)
            with FileLock(self.place / _LOCK, timeout=_WAIT_SECONDS, mode=0o600):
                self._append(f"{line}\n".encode())
        except Timeout as error:
            raise self._refused("written", "another call keeps it locked", "Wait for it to end") from error
        except OSError as error:
            raise self._refused("written", system_reason(error), "Make room or grant write access there") from error

    def _refused(self, what: str, why: str, mend: str) -> AuditError:
        return AuditError(
            OUTPUT, f"The journal {self.path} cannot be {what}: {why}. {mend}; until then reports cannot be made."
        )

    def _append(self, line: bytes) -> None:
        try:
            _write_whole(self.path, line)
        except OSError as error:
            if error.errno not in _FULL or not (self.place / _RESERVE).exists():
                raise
            (self.place / _RESERVE).unlink()
            _write_whole(self.path, line)
        else:
            self._keep_reserve()

    def _keep_reserve(self) -> None:
        reserve = self.place / _RESERVE
        if not reserve.exists():
            try:
                _write_whole(reserve, os.urandom(_RESERVED_BYTES))  # zeros would take no room on some disks
            except OSError:
                reserve.unlink(missing_ok=True)

    def events(self) -> list[dict[str, Any]]:
        """Return all events; a line that a crash left torn is passed over."""
        found = []
        for line in self.path.read_bytes().splitlines() if self.path.is_file() else []:
            with suppress(ValueError):
                found.append(json.loads(line))
        return found

    def states(self) -> States:
        """Return what is known of every report and day; a file that is only added to is the same at the same size.

        Raises AuditError (14) where it cannot be read.
        """
        try:
            size = self.path.stat().st_size if self.path.is_file() else 0
            if self._folded[0] != size:
                self._folded = (size, fold(self.events()))
        except OSError as error:
            raise self._refused("read", system_reason(error), "Grant read access there") from error
        return self._folded[1]


def _write_whole(path: Path, line: bytes) -> None:
    """Append to a file for its owner; what could be written in part only is taken back."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        if size:
            os.lseek(descriptor, size - 1, os.SEEK_SET)
            line = line if os.read(descriptor, 1) == b"\n" else b"\n" + line
        try:
            if os.write(descriptor, line) != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, size)
            raise
    finally:
        os.close(descriptor)


def fold(events: Iterable[dict[str, Any]]) -> States:
    """Fold events into what they say of every report and day."""
    states: States = defaultdict(OccasionState)
    for event in events:
        handler = _HANDLERS.get(event["event"])
        if handler:
            handler(states[event["report"], date.fromisoformat(event["as_of"])], event)
    return states


def _on_started(state: OccasionState, event: dict[str, Any]) -> None:
    state.started = event
    state.attempt_count += 1


def _on_late(state: OccasionState, event: dict[str, Any]) -> None:
    at = datetime.fromisoformat(event["at"])
    state.first_failed_at = state.first_failed_at or at
    state.failure = Failure(at, event["status"], event["exit_code"], event["message"])


def _on_failed(state: OccasionState, event: dict[str, Any]) -> None:
    _on_late(state, event)
    state.started = None


def _on_waiting(state: OccasionState, event: dict[str, Any]) -> None:
    """Note an attempt that got as far as the claims: what it failed of before is over, but for being late."""
    state.waiting = Waiting(event["message"], event["claims_mark"])
    state.started = None
    if state.failure and state.failure.status == "failed":
        state.failure = state.first_failed_at = None


def _on_interrupted(state: OccasionState, event: dict[str, Any]) -> None:
    state.started = None


def _on_succeeded(state: OccasionState, event: dict[str, Any]) -> None:
    state.runs.append(
        MadeRun(
            report=event["report"],
            as_of=date.fromisoformat(event["as_of"]),
            run_id=event["run"],
            number=len(state.runs) + 1,
            made_at=datetime.fromisoformat(event["at"]),
            period=(event["period"][0], event["period"][1]),
            totals=event["totals"],
            undecided=event["undecided"],
            is_to_be_delivered=event["is_to_be_delivered"],
            inputs_sha256=event["inputs_sha256"],
            last_service_date=event["last_service_date"],
            cautions=event["cautions"],
        )
    )
    state.started = state.failure = state.first_failed_at = state.waiting = None
    state.attempt_count = 0


def _on_delivered(state: OccasionState, event: dict[str, Any]) -> None:
    state.delivered[event["run"]] = event["to"]
    state.failure = state.first_failed_at = None


def _on_announced(state: OccasionState, event: dict[str, Any]) -> None:
    state.tries[event["message_id"]] += 1
    state.problem = event["problem"]
    if event["is_sent"]:
        state.sent.add(event["message_id"])


def _on_skipped(state: OccasionState, event: dict[str, Any]) -> None:
    state.is_skipped = True
    state.problem = ""  # the message on what was given up takes the place of the one that nobody got


def _on_deleted(state: OccasionState, event: dict[str, Any]) -> None:
    state.deleted[event["run"]] = datetime.fromisoformat(event["at"])


def _on_seen(state: OccasionState, event: dict[str, Any]) -> None:
    state.is_first = True


_HANDLERS: dict[str, Callable[[OccasionState, dict[str, Any]], None]] = {
    "seen": _on_seen,
    "started": _on_started,
    "late": _on_late,
    "waiting": _on_waiting,
    "failed": _on_failed,
    "interrupted": _on_interrupted,
    "succeeded": _on_succeeded,
    "delivered": _on_delivered,
    "announced": _on_announced,
    "skipped": _on_skipped,
    "deleted": _on_deleted,
}
