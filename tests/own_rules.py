"""A plan's own folder of a rule, a fact and lists, and an audit with and without it."""

from __future__ import annotations

import csv
from pathlib import Path

from audit_lib.audit import RunOptions, run_audit
from audit_lib.progress import Progress
from audit_lib.settings import Settings

RULE_YML = """\
title: Handling charge beside a per diem
number: 100
version: 1
status: stable
group: L
is_contingent_on_per_diem: false
policy: {id: PLAN-7, section: handling}
why: The plan's contract includes handling in the per diem.
approved_by: Policy committee
recover: the whole line
exceptions: []
misses: []
needs: []
settled_by: []
defences: []
code_sets: [handling_codes]
"""
RULE_SQL = """\
select claim_lines.claim_id, claim_lines.claim_line_number,
    case when handled_members.member_id is not null then 'overpayment' else 'pass' end as outcome,
    case when handled_members.member_id is not null then claim_lines.paid_amount else 0.00 end as amount,
    'handling beside a per diem' as reason,
    cast(null as varchar) as related_claim_id, cast(null as bigint) as related_claim_line_number
from claim_lines
inner join handling_codes on claim_lines.hcpcs_code = handling_codes.code
left join handled_members on claim_lines.member_id = handled_members.member_id
"""
FACT_SQL = "select distinct member_id from per_diem_lines\n"
CASES = """\
- name: handling beside a per diem is an overpayment
  given: |
    claim_id | claim_line_number | hcpcs_code | paid_amount
    A        | 1                 | S9500      | 90.00
    A        | 2                 | 99070      | 12.00
  expect: |
    claim_id | claim_line_number | outcome     | amount
    A        | 2                 | overpayment | 12.00
"""
SCHEMA = """\
lists:
  handling_codes:
    purpose: Charges for handling.
    key: [code]
    columns: {code: {type: code, pattern: procedure}}
"""
SUPPLY_HEADER = (
    "code,label,tier,family,is_literal_range,is_pump,for_injection_per_diem,valid_from,valid_to,source,"
    "reason,approved_by\n"
)
CLOSED = "A4222,infusion supply,T1,infusion_supply,yes,no,no,,2025-06-30,plan,Paid by contract,Ann\n"
ADDED = "A4111,misc supply,T1,misc,no,no,no,,,plan,Contract,Ann\n"
WINDOWS = (
    "group_code,label,not_in_force_before,overpayment_from,policy_text,earlier_policy_text,valid_from,valid_to,source,"
    "reason,approved_by\n"
    "L,local,2025-01-01,2025-01-01,contract of 2025,no contract,,,plan,Contract of 2025,Ann\n"
)
RETIRE = "- {rule: flush_with_home_infusion, reason: Flushes are payable here, approved_by: Bob}\n"
FILES = {
    "rules/bundled/handling_with_per_diem.yml": RULE_YML,
    "rules/bundled/handling_with_per_diem.sql": RULE_SQL,
    "facts/handled_members.sql": FACT_SQL,
    "tests/rules/bundled/handling_with_per_diem.yml": CASES,
    "code_sets/schema.yml": SCHEMA,
    "code_sets/handling_codes.csv": "code,label,valid_from,valid_to,source\n99070,handling,,,plan\n",
    "code_sets/supply_codes.csv": SUPPLY_HEADER + CLOSED + ADDED,
    "code_sets/policy_windows.csv": WINDOWS,
    "retire.yml": RETIRE,
}


def write_local(place: Path, **changes: str | None) -> Path:
    for name, text in {**FILES, **changes}.items():
        path = place / "plan" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.unlink(missing_ok=True)
        else:
            path.write_text(text)
    return place / "plan"


def audit(place: Path, local: Path | None, line_of_business: str = "") -> Path:
    lines = ["S9500 90.00", "A4222 40.00", "J1642 5.00", "99070 12.00", "A4111 7.00"]
    with (place / "claims.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["claim_id", "claim_line_number", "member_id", "claim_line_start_date", "hcpcs_code",
                         "paid_amount", "service_unit_quantity", "billing_tin", "place_of_service_code",
                         "line_of_business"])  # fmt: skip
        for number, line in enumerate(lines, start=1):
            writer.writerow(["A", number, "M", "2025-08-01", *line.split(), 1, "741", "12", line_of_business])
    options = RunOptions(
        str(place / "claims.csv"), place / "out", settings=Settings(local=local), with_reports=False,
        with_quality=False, run_id="with" if local else "without",
    )  # fmt: skip
    return run_audit(options, Progress(is_quiet=True)).path
