"""Claims of which reports say what was found and what could not be decided, and a run of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from audit_lib.audit import RunOptions, run_audit
from audit_lib.progress import Progress
from audit_lib.reports.filters import Filters
from audit_lib.run import Run

COLUMNS = (
    "claim_id,claim_line_number,member_id,claim_type,claim_line_start_date,claim_line_end_date,paid_date,hcpcs_code,"
    "service_unit_quantity,place_of_service_code,allowed_amount,paid_amount,billing_tin,diagnosis_code_1,"
    "claim_frequency_code,line_of_business,funding,bill_type_code"
)
# Without units and place rules cannot tell; a per diem in order, with its drug; a service before any provision.
UNKNOWN = (
    "{claim},1,M2,professional,2025-09-01,2025-09-01,2025-10-01,S9328,,,100.00,100.00,111111111,L03115,1,c,insured,"
)
CLEAN = "OK,1,M3,professional,2025-09-01,2025-09-01,2025-10-01,S9500,1,12,90.00,90.00,111111111,L03115,1,c,insured,322"
DRUG = CLEAN.replace("OK,1", "OK,2").replace("S9500", "J0696")
EARLY = (
    "{claim},1,M1,professional,2018-09-01,2018-09-01,2025-10-01,S9542,1,12,70.00,70.00,111111111,L03115,1,c,insured,322"
)
# An injection's per diem, incidental to the drug: an overpayment of all that was paid.
BREACH = (
    "{claim},1,{member},professional,2025-09-01,2025-09-01,2025-10-01,S9542,1,12,99.00,{paid},{tin},L03115,"
    "1,c,insured,322"
)


def breach(claim: str, paid: str = "100.00", member: str = "M9", tin: str = "222222222") -> str:
    return BREACH.format(claim=claim, paid=paid, member=member, tin=tin)


def run_of(place: Path, *lines: str, filters: Filters | None = None, columns: str = COLUMNS, **options: Any) -> Run:
    claims = place / "claims.csv"
    rows = [line.replace(",1,c,insured", ",1,commercial,insured") for line in lines]
    claims.write_text("\n".join([columns, *(row.format(claim=f"C{n}") for n, row in enumerate(rows))]) + "\n", "utf-8")
    given = {"run_id": "r", "with_reports": False, "with_quality": False, **options}
    return Run(run_audit(RunOptions(str(claims), place / "runs", **given), Progress(is_quiet=True)).path, filters)
