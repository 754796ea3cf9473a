"""The words of a hand-out: facts on its front, what it leaves out, and the method sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from audit_lib.resources import folder, from_yaml
from audit_lib.run import Run
from audit_lib.words import count, day

Fact = tuple[str, Any]
_LEFT_OUT = {
    "contingent": "a per diem that includes the item is itself found overpaid in full",
    "dependent": "the line that shows it is itself found overpaid in full",
    "uncertain": "it is not certain enough to be demanded",
    "time_barred": "the last day to recover it has passed",
    "closed": "reviewers closed the finding",
    "recovered": "it was recovered already",
    "nothing_paid": "the plan paid nothing on the line",
}


@cache
def words() -> dict[str, Any]:
    """Return the constant words of hand-outs, `sql/handout/words.yml`."""
    found: dict[str, Any] = from_yaml((folder("sql") / "handout" / "words.yml").read_text("utf-8"))
    return found


def addressee(run: Run, provider: Mapping[str, Any], as_of: date) -> list[Fact]:
    """Return whom a hand-out is for and what was audited."""
    name, provider_id = provider["provider_name"], provider["provider_id"]
    is_without = provider_id.startswith("claim ")
    return [
        *([("Provider", name)] if name else []),
        ("Provider identifier", f"none on the claim ({provider_id})" if is_without else provider_id),
        ("Prepared as of", as_of),
        ("Claims audited", _audited(run)),
    ]


def front_facts(run: Run, provider: Mapping[str, Any], as_of: date) -> list[Fact]:
    """Return what the front says above the table of rules."""
    demanded: list[Fact] = [
        ("Amount demanded", provider["demanded_amount"]),
        ("Claim lines", provider["demanded_line_count"]),
    ]
    return addressee(run, provider, as_of) + (demanded if provider["demanded_amount"] > 0 else [])


def front_notes(provider: Mapping[str, Any], left_out: Sequence[Mapping[str, Any]], with_review: bool) -> list[Fact]:
    """Return what is found and not demanded, each with its amount; none is part of the total."""
    grounds = {row["ground"]: row for row in left_out}
    notes: list[Fact] = [
        (f"Not demanded: {why} ({count(grounds[ground]['line_count'], 'line')})", grounds[ground]["amount"])
        for ground, why in _LEFT_OUT.items()
        if ground in grounds
    ]
    if with_review and provider["review_line_count"]:
        lines = count(provider["review_line_count"], "line")
        apart = "apart from the total and " if provider["demanded_amount"] > 0 else ""
        notes.append((f"Open questions, {apart}not demanded ({lines})", provider["review_amount"]))
    return notes


def title(provider: Mapping[str, Any]) -> str:
    """Return the title of a hand-out: where nothing is demanded it holds open questions alone."""
    return str(words()["title" if provider["demanded_amount"] > 0 else "questions_title"])


def method_rows(
    run: Run,
    provider: Mapping[str, Any],
    rules: Sequence[Mapping[str, Any]],
    policy_texts: list[str],
    with_review: bool,
) -> list[tuple[str, str]]:
    """Return the method sheet: the audit, the terms, the rules behind this hand-out, how to dispute or settle it."""
    is_demanding = provider["demanded_line_count"] > 0
    has_questions = with_review and provider["review_line_count"] > 0
    parts = {
        "terms": True,
        "demanded": is_demanding,
        "timely": is_demanding and not provider["deadline_unknown_line_count"],
        "reviewed": provider["closed_line_count"] or provider["recovered_line_count"],
        "questions": has_questions,
        "closing": True,
    }
    files = [
        f"{Path(file['path']).name}, {count(file['row_count'], 'row')}, SHA-256 {file['sha256']}"
        for file in run.manifest["inputs"]
    ]
    return [
        _audit(run),
        *[("Claims file", file) for file in files],
        *[("Policy text", text) for text in policy_texts],
        *[row for part, stands in parts.items() if stands for row in words()[part].items()],
        *[row for rule in rules for row in _rule_rows(rule)],
        *(words()["dispute"].items() if is_demanding else ()),
        *(words()["answers"].items() if has_questions else ()),
    ]


def request_rows(run: Run) -> list[tuple[str, str]]:
    """Return the words that go with a records request."""
    return [*words()["request"].items(), _audit(run)]


def _audit(run: Run) -> tuple[str, str]:
    made_on, version = run.manifest["created_at"][:10], run.manifest["package_version"]
    return "Audit", f"{run.folder.name}, made {made_on} with infusion-audit {version}; {_audited(run)}."


def _rule_rows(rule: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what a rule says of itself; what would settle a lead is named with the lead."""
    recover, is_demanded = rule["recover"], rule["is_demanded"]
    told = [
        ("Rule", f"{rule['title']} (version {rule['version']}; {rule['policy_section']})"),
        ("Why", rule["why"]),
        ("Amount", recover and f"{recover[:1].upper()}{recover[1:]}."),
        ("Exceptions looked for", rule["exceptions"]),
        ("Documents that settle it", is_demanded and rule["documents"]),
        ("Not owed if" if is_demanded else "In order if", rule["defences"]),
    ]
    return [(topic, text) for topic, text in told if text]


def _audited(run: Run) -> str:
    """Say which dates were audited; where no period was asked for, those that the file holds."""
    parameters, claims = run.manifest["parameters"], run.manifest["claims"]
    if parameters["from"] or parameters["to"] or not claims["first_service_date"]:
        return run.period_words()
    return f"services that begin from {day(claims['first_service_date'])} to {day(claims['last_service_date'])}"
