"""Gathers the evidence of findings from a finished run: one scratch database for any number of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import fields
from decimal import Decimal
from typing import Any

from audit_lib.errors import USAGE, AuditError
from audit_lib.evidence import sentences
from audit_lib.evidence.model import CountedDay, Doubt, Evidence, EvidenceLine, Statement
from audit_lib.evidence.scratch import Scratch
from audit_lib.evidence.stays import stays
from audit_lib.evidence.verdicts import Verdict, verdicts
from audit_lib.reports.quality_cautions import quality_cautions
from audit_lib.rules import Rule
from audit_lib.run import Run
from audit_lib.words import count

Rows = dict[str, list[dict[str, Any]]]
_LINE_COLUMNS = [field.name for field in fields(EvidenceLine)]
_DAY_COLUMNS = [field.name for field in fields(CountedDay)]


def evidence_of(run: Run, finding_id: str) -> Evidence:
    """Return the evidence of one finding; its id may be shortened as long as it stays unique. Raises AuditError (2)."""
    full = whole_id(run, finding_id)
    return evidence_for(run, [full])[full]


def evidence_for(run: Run, finding_ids: Sequence[str]) -> dict[str, Evidence]:
    """Return the evidence of many findings by their id, in the order asked for; rules are performed again once.

    Raises AuditError (2) where the run has no such finding.
    """
    with closing(Scratch(run, sorted(set(finding_ids)))) as scratch:
        findings = {str(row["finding_id"]): row for row in scratch.rows("from asked_findings")}
        if unknown := [finding_id for finding_id in finding_ids if finding_id not in findings]:
            raise AuditError(USAGE, f"The run {run.folder.name} has no finding {unknown[0]!r}.")
        judged = verdicts(scratch)
        tables = {name: _by_finding(scratch, query) for name, query in _QUERIES.items()}
        labels = {kind: _labels(scratch, query) for kind, query in _LABELS.items()}
        of_data = quality_cautions(run)
        return {
            finding_id: _gather(run, scratch, findings[finding_id], judged.get(finding_id), tables, labels, of_data)
            for finding_id in finding_ids
        }


def whole_id(run: Run, finding_id: str) -> str:
    """Return the id that begins so. Raises AuditError (2) where none does, or several do."""
    known = [str(value) for value in run.sql("select finding_id from findings order by finding_id")["finding_id"]]
    found = [value for value in known if finding_id and value.startswith(finding_id.strip().lower())]
    if len(found) == 1:
        return found[0]
    what = f"{len(found)} findings whose id begins with" if found else "no finding"
    raise AuditError(
        USAGE,
        f"The run {run.folder.name} has {what} {finding_id!r}. An id is the 16 characters in column finding_id of "
        f"findings.parquet; the beginning is enough where it is unique. The run has {count(len(known), 'finding')}: "
        "look the id up in the report or in findings.parquet.",
    )


def largest_overpayment(run: Run) -> str | None:
    """Return the id of the largest overpayment that the filters keep, else of the largest review, else None."""
    found = Run(run.folder, run.filters).table("explained_finding")
    return None if found.empty else str(found["finding_id"].iloc[0])


_QUERIES = {
    "lines": "from shown_lines order by role_order, claim_line_start_date, claim_id, claim_line_number",
    "days": "select distinct finding_id, service_date, is_in_question, is_in_part from evidence_days order by all",
    "doubts": "from doubts order by doubt_order nulls last, doubt, detail",
    "others": "from other_answers order by outcome, rule",
    "stays": "from stays_in_question order by admission_date, first_date, claim_id",
    "add_ons": "from payable_add_ons order by add_on_code, label",
}

# The sentences of a section that can be of another provider's claims, each with whether it is.
_OF_OTHERS = {"finding": sentences.proof, "arithmetic": stays, "tried": sentences.tried}

_LABELS = {
    "place": "select code, max(label) as label from place_of_service_codes group by code",
    "bill_type": "select bill_type_prefix as code, max(label) as label from bill_type_places group by bill_type_prefix",
}


def _by_finding(scratch: Scratch, query: str) -> Rows:
    grouped: Rows = defaultdict(list)
    for row in scratch.rows(query):
        grouped[str(row["finding_id"])].append(row)
    return grouped


def _labels(scratch: Scratch, query: str) -> dict[str, str]:
    return {row["code"]: row["label"] for row in scratch.rows(query)}


def _gather(
    run: Run,
    scratch: Scratch,
    finding: dict[str, Any],
    verdict: Verdict | None,
    tables: dict[str, Rows],
    labels: dict[str, dict[str, str]],
    of_data: list[str],
) -> Evidence:
    finding_id, rule = str(finding["finding_id"]), scratch.rules.get(finding["rule"])
    difference = scratch.differing.get(finding["rule"]) or scratch.differing.get("", "")
    amount = _amount(finding["paid_amount"], verdict) if verdict else None
    is_same = verdict is not None and not difference and verdict.outcome == finding["decided_outcome"] and (
        amount == finding["decided_amount"] == verdict.amount
    )  # fmt: skip
    kept = verdict if is_same else None
    own = {name: rows.get(finding_id, []) for name, rows in tables.items()}
    source = sentences.Source(run.manifest, finding, rule, kept, own, labels, _windows(scratch, rule))
    counts_days = kept is not None and kept.steps.measure in ("days", "units")
    return Evidence(
        finding=finding,
        title=_title(run, finding),
        lines=tuple(EvidenceLine(**{name: row[name] for name in _LINE_COLUMNS}) for row in own["lines"]),
        days=tuple(CountedDay(**{name: row[name] for name in _DAY_COLUMNS}) for row in own["days"])
        if counts_days
        else (),
        statements=tuple(_statements(source, [*sentences.caution(source, difference, verdict, is_same), *of_data])),
        doubts=tuple(Doubt(row["doubt"], row["detail"]) for row in own["doubts"]),
        is_reperformed=is_same,
        recomputed_amount=amount if is_same else None,
    )


def _statements(source: sentences.Source, cautions: Iterable[str]) -> Iterable[Statement]:
    for section, texts in (("cautions", cautions), *sentences.sections(source)):
        yield from (Statement(section, text) for text in texts)
        if section in _OF_OTHERS:
            yield from (Statement(section, text, is_other) for text, is_other in _OF_OTHERS[section](source))


def _amount(paid: Decimal, verdict: Verdict) -> Decimal:
    """Return payment x part / whole in US dollars, rounded half up to the cent once: the rules' own arithmetic."""
    if verdict.steps.measure == "nothing":
        return Decimal("0.00")
    cents = int(max(paid, Decimal(0)) * 100)
    return Decimal((cents * verdict.part * 2 + verdict.whole) // (2 * verdict.whole)).scaleb(-2)


def _title(run: Run, finding: dict[str, Any]) -> str:
    return next((str(rule["title"]) for rule in run.manifest["rules"] if rule["rule"] == finding["rule"]), "")


def _windows(scratch: Scratch, rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {}
    found = scratch.rows("from policy_windows where group_code = $group", {"group": rule.metadata.group})
    return found[0] if found else {}
