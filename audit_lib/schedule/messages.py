"""What is told of a report, to whom, and once: totals and a path, never a value of a row."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from filelock import FileLock

from audit_lib.errors import OUTPUT, AuditError, system_reason
from audit_lib.schedule.journal import Failure, Journal, MadeRun, OccasionState
from audit_lib.schedule.plan import Plan, Report
from audit_lib.words import count, day, money, period_words, undecided

MOST_TRIES = 3
_LOCK = ".report-messages-lock"


@dataclass(frozen=True)
class Message:
    """One message: its first line can stand as a subject; the same `message_id` is never sent twice."""

    status: str
    message_id: str
    text: str
    as_of: date
    values: dict[str, str] = field(default_factory=dict)


def success(report: Report, run: MadeRun, previous: MadeRun | None, delivered_to: str) -> Message:
    """Return the message that a report is there."""
    folder = report.place / run.run_id
    pages = sorted((folder / "reports").glob("*.html"))
    lines = [
        f"{report.title} as of {day(run.as_of)} is there.",
        f"Period: {period_words(run.period, report.period_by)}.",
        f"Potential overpayment {_on_lines(run.totals, 'net_overpaid_amount', 'overpaid_line_count')}; "
        f"needs review {_on_lines(run.totals, 'net_review_amount', 'review_line_count')}. The two are never added up.",
        *_since(run, previous),
        *(f"Caution: {text}" for text in cautions(report.period_by, run, previous)),
        f"Run folder: {folder}",
        *(f"Report: {page}" for page in pages),
        *([f"Delivered to: {delivered_to}"] if delivered_to else []),
    ]
    values = {
        "RUN": str(folder),
        "DELIVERED_TO": delivered_to,
        "PERIOD_FROM": run.period[0] or "",
        "PERIOD_TO": run.period[1] or "",
        "NET_OVERPAID_AMOUNT": str(run.totals.get("net_overpaid_amount", "")),
        "NET_REVIEW_AMOUNT": str(run.totals.get("net_review_amount", "")),
        "EXIT_CODE": "0",
    }
    return Message("success", success_id(report, run), _joined(lines), run.as_of, values)


_WHAT_FAILED = {
    "late": "has not come", "delivery": "is there but could not be delivered", "gone": "is not there any more",
}  # fmt: skip


def success_id(report: Report, run: MadeRun) -> str:
    """Return the id of the message that a run is there."""
    return f"{_name(report, run.as_of)}/{run.run_id}/success"


def failure(report: Report, as_of: date, state: OccasionState, found: Failure, page: Path | None) -> Message:
    """Return the message that a report could not be made or delivered; another reason makes another message."""
    what = _WHAT_FAILED.get(found.status, "failed")
    lines = [f"{report.title} as of {day(as_of)} {what}.", found.message, f"Exit code: {found.exit_code}."]
    lines += [f"Status: {page}"] if page and page.is_file() else []
    reason = hashlib.sha256(f"{found.status}|{found.exit_code}|{found.message}".encode()).hexdigest()[:12]
    reason = "late" if found.status == "late" else reason
    identity = f"{_name(report, as_of)}/{len(state.runs)}/{reason}"
    status = "late" if found.status == "late" else "failure"
    return Message(status, identity, _joined(lines), as_of, {"EXIT_CODE": str(found.exit_code)})


def skipped(report: Report, days: list[date], most: int) -> Message:
    """Return the message that missed reports will not be made up for: `catch_up: latest`, or past the last `most`."""
    reason = f"Only the last {most} that were due are made up for."
    if report.catch_up == "latest":
        reason = "The plan says catch_up: latest, so only the latest is made."
    listed = ", ".join(map(day, days[-12:])) + (f" and {len(days) - 12} earlier" if len(days) > 12 else "")
    text = (
        f"{report.title}: {count(len(days), 'missed report')} will not be made up for.\n"
        f"As of: {listed}. {reason} "
        f"To have one all the same: infusion-audit report {report.name} --as-of DATE.\n"
    )
    return Message("skipped", f"{_name(report, days[-1])}/skipped", text, days[-1], {"EXIT_CODE": "0"})


def tell(message: Message, report: Report, plan: Plan, journal: Journal) -> str:
    """Print a message and hand it to the plan's command, unless that is done; return what went wrong, or nothing.

    A command that fails is given the message again by later calls, three times in all.
    """
    with _one_at_a_time(plan, journal):
        state = journal.states()[report.name, message.as_of]
        if is_settled(message.message_id, state):
            return ""
        problem = _send(message, report, plan, state)
        _note(message, report, journal, problem)
    return _command_problem(message, report, problem)


@contextmanager
def _one_at_a_time(plan: Plan, journal: Journal) -> Iterator[None]:
    """Let one call tell messages at a time, as long as a command may take. Raises AuditError (14) where it cannot."""
    lock = FileLock(journal.place / _LOCK, timeout=plan.command_timeout_seconds + 30, mode=0o600)
    try:
        lock.acquire()
    except OSError as error:  # one of them is Timeout
        why = error.strerror or "another call has been telling one for longer than a command may take"
        raise AuditError(
            OUTPUT,
            f"Messages of the reports in {journal.place} cannot be told: {why}. Grant write access there, or end that "
            "call, then try again.",
        ) from error
    try:
        yield
    finally:
        lock.release()


def tell_unlocked(message: Message, report: Report, plan: Plan, journal: Journal, state: OccasionState) -> str:
    """Tell a message of a folder that may refuse a lock and a line in its journal; return what went wrong, or nothing.

    What cannot be noted there, the next call tells again, with the same id.
    """
    if is_settled(message.message_id, state):
        return ""
    problem = _send(message, report, plan, state)
    with suppress(AuditError):
        _note(message, report, journal, problem)
    return _command_problem(message, report, problem)


def _send(message: Message, report: Report, plan: Plan, state: OccasionState) -> str:
    if message.message_id not in state.tries:
        print(message.text, end="", file=sys.stdout if message.status == "success" else sys.stderr, flush=True)
    command = _command(message, report)
    return _hand_over(command, message, report, plan) if command else ""


def _note(message: Message, report: Report, journal: Journal, problem: str) -> None:
    journal.append(
        "announced", report.name, message.as_of, message_id=message.message_id, status=message.status,
        is_sent=not problem, has_command=_command(message, report) is not None, problem=problem,
    )  # fmt: skip


def _command(message: Message, report: Report) -> tuple[str, ...] | None:
    return report.on_success if message.status == "success" else report.on_failure


def _command_problem(message: Message, report: Report, problem: str) -> str:
    key = "on_success" if message.status == "success" else "on_failure"
    return f"The {key} command of {report.name} {problem}." if problem else ""


def is_settled(message_id: str, state: OccasionState) -> bool:
    """Tell whether nothing is left to do about a message."""
    return message_id in state.sent or state.tries.get(message_id, 0) >= MOST_TRIES


def _hand_over(command: Sequence[str], message: Message, report: Report, plan: Plan) -> str:
    """Run the command without a shell: the message on its input, the same facts in its environment."""
    facts = {
        "REPORT": report.name, "TITLE": report.title, "AS_OF": message.as_of.isoformat(), "STATUS": message.status,
        "SUBJECT": message.text.splitlines()[0], "MESSAGE_ID": message.message_id, "PLACE": str(report.place),
        **message.values,
    }  # fmt: skip
    environment = os.environ | {f"INFUSION_AUDIT_{name}": value for name, value in facts.items()}
    try:
        process = subprocess.Popen(  # noqa: S603 - the plan's own command
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            cwd=plan.path.absolute().parent,
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        return f"could not be started: {system_reason(error)}"
    try:
        process.communicate(message.text.encode(), timeout=plan.command_timeout_seconds)
    except subprocess.TimeoutExpired:
        _end(process)
        return f"did not end within {plan.command_timeout_seconds} seconds and was stopped"
    except BaseException:  # the command has a session of its own, so that nothing else would end it
        _end(process)
        raise
    return f"ended with {process.returncode}" if process.returncode else ""


def _end(process: subprocess.Popen[Any]) -> None:
    """Stop a command with whatever it started."""
    with suppress(ProcessLookupError):  # it may have ended by itself meanwhile
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def change(run: MadeRun, previous: MadeRun | None, amount: str) -> Decimal | None:
    """Return the change of an amount, in US dollars, since the report before; None where there is none."""
    if previous is None:
        return None
    return Decimal(run.totals[amount]) - Decimal(previous.totals[amount])


def signed(amount: Decimal) -> str:
    """Write a change in US dollars with its sign; no change as such."""
    return f"{'+' if amount > 0 else ''}{money(amount)}" if amount else "no change"


def cautions(period_by: str, run: MadeRun, previous: MadeRun | None) -> list[str]:
    """Say what makes the totals of a run doubtful though it went well.

    That is claims not of its period, claims that are not new, decisions that could not be made, and whatever its
    manifest says against its totals.
    """
    found = []
    first, last = run.period[0], run.last_service_date
    if period_by == "service" and first and last and last < first:
        found.append(f"the claims end on {day(last)}, before the period begins, so zero means nothing here.")
    if previous is not None and previous.inputs_sha256 == run.inputs_sha256:
        found.append(f"the claims are the very same as for the report as of {day(previous.as_of)}.")
    if said := undecided(run.undecided):
        found.append(f"{said[0].lower()}{said[1:]}.")
    return found + [f"{text[0].lower()}{text[1:]}" for text in run.cautions]


def _since(run: MadeRun, previous: MadeRun | None) -> list[str]:
    if previous is None:
        return []
    overpaid, review = (change(run, previous, f"net_{name}_amount") for name in ("overpaid", "review"))
    assert overpaid is not None and review is not None
    return [
        f"Since the report as of {day(previous.as_of)}: potential overpayment {signed(overpaid)}, "
        f"needs review {signed(review)}."
    ]


def _on_lines(totals: dict[str, Any], amount: str, lines: str) -> str:
    return f"{money(Decimal(totals[amount]))} on {count(totals[lines], 'line')}"


def _name(report: Report, as_of: date) -> str:
    return f"{report.name}/{as_of.isoformat()}"


def _joined(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
