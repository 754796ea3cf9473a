"""Tells a ledger of runs row by row: findings and outcomes as an auditor would write them down, without claims."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from audit_lib.ledger.dispositions import COLUMNS, import_dispositions
from audit_lib.ledger.recording import record_run, weigh_run
from audit_lib.ledger.store import open_ledger
from audit_lib.resources import folder

DAY = "2025-08-10"
_PARTS = ("recovered", "overturned", "written_off", "fell_away", "outstanding")
_FILES = {
    "findings": (
        "finding_id varchar, rule varchar, rule_version bigint, outcome varchar, amount decimal(18, 2), "
        "claim_id varchar, claim_line_number bigint, provider_id varchar, hcpcs_code varchar, "
        "claim_line_start_date date, paid_date date"
    ),
    "line_outcomes": (
        "rule varchar, claim_id varchar, claim_line_number bigint, hcpcs_code varchar, claim_line_start_date date, "
        "outcome varchar, reason varchar"
    ),
    "replaced_claims": "claim_id varchar, replaced_by_claim_id varchar, is_voided boolean, is_in_period boolean",
    "settled_lines": "claim_id varchar, claim_line_number bigint, settled_by varchar",
}
# The exposure of lines, from a table of findings alone.
EXPOSURE = """
    select claim_id, claim_line_number,
        coalesce(max(amount) filter (where outcome = 'overpayment'), 0)::decimal(18, 2) as net_overpaid_amount,
        greatest(
            coalesce(max(amount) filter (where outcome = 'review'), 0)
            - coalesce(max(amount) filter (where outcome = 'overpayment'), 0), 0
        )::decimal(18, 2) as net_review_amount,
        arg_max(rule, amount) filter (where outcome = 'overpayment') as overpaid_rule,
        arg_max(rule, amount) filter (where outcome = 'review') as review_rule
    from {findings} group by claim_id, claim_line_number
"""


@dataclass
class Found:
    """A rule's finding on a claim line."""

    rule: str
    claim: str
    amount: str
    line: int = 2
    outcome: str = "overpayment"
    code: str = "A4222"
    day: str = DAY
    paid: str | None = "2025-08-20"

    @property
    def id(self) -> str:
        return finding_id(self.rule, self.claim, self.line)


@dataclass
class Told:
    """What a run says of each finding, and the road to recovery, by rule, claim and line: `x A 2`."""

    statuses: dict[str, str]
    reasons: dict[str, str]
    road: dict[str, dict[str, str]]
    rows: list[dict[str, Any]] = field(default_factory=list)

    def total(self, part: str) -> Decimal:
        return sum((Decimal(row.get(part, "0")) for row in self.road.values()), Decimal(0))


def finding_id(rule: str, claim: str, line: int = 2) -> str:
    return f"{rule.encode().hex():0>4}{claim.encode().hex():0>8}{line:04}"


def tell(
    place: Path,
    name: str,
    *findings: Found,
    rules: str = "x y",
    others: tuple[tuple[Any, ...], ...] = (),  # rule, claim, line, outcome, reason
    replaced: tuple[tuple[Any, ...], ...] = (),  # claim, its replacement, is_voided, is_in_period
    settled: tuple[tuple[Any, ...], ...] = (),  # claim, line, settled_by
    period: tuple[str | None, str | None] = ("2025-08-01", "2025-08-31"),
    by: str = "service",
) -> Told:
    """Weigh and record a run of these findings and of what its rules answered on other lines."""
    run = place / name
    run.mkdir(parents=True)
    rows = {
        "findings": [
            (f.id, f.rule, 1, f.outcome, f.amount, f.claim, f.line, "741", f.code, f.day, f.paid) for f in findings
        ],
        "line_outcomes": [
            *((f.rule, f.claim, f.line, f.code, f.day, f.outcome, "why") for f in findings),
            *((rule, claim, line, "A4222", DAY, outcome, why) for rule, claim, line, outcome, why in others),
        ],
        "replaced_claims": list(replaced),
        "settled_lines": list(settled),
    }
    with duckdb.connect() as files:
        for table, columns in _FILES.items():
            files.execute(f"create table {table} ({columns})")
            for row in rows[table]:
                files.execute(f"insert into {table} values ({', '.join('?' * len(row))})", list(row))
            files.table(table).write_parquet(str(run / f"{table}.parquet"))
        files.sql(EXPOSURE.format(findings="findings")).write_parquet(str(run / "line_exposure.parquet"))
    number = len(list(place.glob("*/manifest.json"))) + 1
    manifest = {
        "run_id": name, "created_at": f"2025-10-{number:02}T00:00:00Z", "as_of": f"2025-10-{number:02}", "inputs": [],
        "parameters": {"from": period[0], "to": period[1], "period_by": by},
        "rules": [{"rule": rule, "number": n, "version": 1} for n, rule in enumerate(rules.split(), 1)],
    }  # fmt: skip
    with open_ledger(place / "ledger.duckdb") as ledger:
        weigh_run(ledger, run, manifest)
        (run / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        record_run(ledger, run)
    return _told(run)


def dispose(place: Path, *rows: tuple[str, str, str], day: str = "2025-10-01") -> None:
    """Record what became of findings; each row: `x A 2`, disposition, recovered amount."""
    number = len(list(place.glob("d*.csv")))
    lines = [",".join(COLUMNS)]
    for words, disposition, amount in rows:
        rule, claim, line = words.split()
        lines.append(f"{finding_id(rule, claim, int(line))},{disposition},{day},C{number},{amount},why,ann")
    path = place / f"d{number}.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with open_ledger(place / "ledger.duckdb") as ledger:
        import_dispositions(ledger, path, date(2025, 12, 1))


def _told(run: Path) -> Told:
    with duckdb.connect() as files:
        for table in ("finding_status", "line_exposure"):
            files.read_parquet(str(run / f"{table}.parquet")).create(table)
        files.execute("create table recovery (finding_id varchar, recovery_status varchar)")
        for step in ("standing_findings", "funnel_findings"):
            files.sql((folder("sql") / "reports" / f"{step}.sql").read_text("utf-8")).create(step)
        statuses = files.sql(
            "select rule || ' ' || claim_id || ' ' || claim_line_number as name, * from finding_status order by name"
        ).to_arrow_table()
        amounts = ", ".join(f"funnel_findings.{part}_amount" for part in ("identified", *_PARTS))
        road = files.sql(
            f"select rule || ' ' || claim_id || ' ' || claim_line_number, {amounts} from funnel_findings "
            "inner join finding_status using (finding_id, rule) order by all"
        ).fetchall()
        (net,) = files.sql("select sum(net_overpaid_amount + net_review_amount) from line_exposure").fetchall()[0]
    told = Told({}, {}, {}, statuses.to_pylist())
    for row in told.rows:
        told.statuses[row["name"]], told.reasons[row["name"]] = row["status"], row["status_reason"]
    for name, *values in road:
        assert sum(values[1:]) == values[0], name
        told.road[name] = {
            part: str(value) for part, value in zip(("identified", *_PARTS), values, strict=True) if value
        }
    assert net is None or net <= told.total("identified")
    return told
