"""Finished runs for the evidence of findings."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from audit_lib.audit import RunOptions, run_audit
from audit_lib.evidence import Evidence, evidence_for
from audit_lib.progress import Progress
from audit_lib.resources import from_yaml
from audit_lib.run import Run
from tests.conftest import ROOT
from tests.rule_cases import Case, parse_table, write_claims

SAMPLE = ROOT / "data" / "sample"


def finished_run(claims: Path, out: Path) -> Path:
    options = RunOptions(
        claims=str(claims), out=out, run_id=".", with_reports=False, with_quality=False, as_of=date(2026, 1, 1)
    )
    return run_audit(options, Progress(is_quiet=True)).path


# By name: the rule, the lines of the claims; claim A, line 1 is what is found.
GIVEN = from_yaml((Path(__file__).parent / "evidence_claims.yml").read_text("utf-8"))


def explain_all(folder: Path) -> dict[str, Evidence]:
    """Return the evidence of line A 1 by the rule of each case, by the case's name."""
    cases = [
        Case(said["rule"], name, parse_table(said["given"]), [], {}, i)
        for i, (name, said) in enumerate(GIVEN.items(), start=1)
    ]
    write_claims(folder / "claims.csv", cases)
    text = (folder / "claims.csv").read_text("utf-8")
    (folder / "claims.csv").write_text(re.sub("[0-9]+-NINES", "99999", text), "utf-8")
    run = Run.open(finished_run(folder / "claims.csv", folder / "run"))
    rows = run.sql("select finding_id, rule, claim_id from findings where claim_line_number = 1")
    ids = {(row.rule, row.claim_id): row.finding_id for row in rows.itertuples()}
    found = {case.name: ids[case.rule, f"{case.number:05d}-A"] for case in cases}
    evidence = evidence_for(run, list(found.values()))
    return {name: evidence[finding_id] for name, finding_id in found.items()}


def said(item: Evidence, *sections: str) -> str:
    return " ".join(text for section in sections for text in item.texts(section))
