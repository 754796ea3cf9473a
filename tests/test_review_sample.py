"""The workbook of a review sample says of every line, passes too, what a reviewer needs to find it."""

from datetime import datetime

import pytest
from openpyxl import load_workbook

from audit_lib.audit import RunOptions, run_audit
from audit_lib.ledger.review_sample import write_sample
from audit_lib.progress import Progress
from audit_lib.run import Run

CLAIMS = """\
claim_id,claim_line_number,member_id,claim_line_start_date,hcpcs_code,service_unit_quantity,paid_amount,billing_tin,place_of_service_code
A,1,M1,2025-08-10,S9500,1,90.00,741000001,12
A,2,M1,2025-08-10,A4222,1,40.00,741000001,12
P,1,M2,2025-08-11,A4222,1,30.00,742000002,12
"""


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """Return each claim's row: P is a supply of a member without per diem and without any finding."""
    place = tmp_path_factory.mktemp("sample")
    (place / "claims.csv").write_text(CLAIMS, encoding="utf-8")
    options = RunOptions(str(place / "claims.csv"), place / "runs", rules=["supply_with_per_diem"], with_reports=False)
    run = run_audit(options, Progress(is_quiet=True)).path
    write_sample(Run.open(run), 5, 1, place / "sample.xlsx")
    header, *rows = load_workbook(place / "sample.xlsx").active.iter_rows(values_only=True)
    return {str(row[header.index("claim_id")]): dict(zip(header, row, strict=True)) for row in rows}


def test_findings_and_passes_are_drawn(drawn: dict[str, dict[str, object]]) -> None:
    assert {claim: row["stratum"] for claim, row in drawn.items()} == {"A": "finding", "P": "pass"}


@pytest.mark.parametrize(("claim", "provider", "day"), [("A", "741000001", 10), ("P", "742000002", 11)])
def test_every_line_has_its_provider_code_and_day(
    drawn: dict[str, dict[str, object]], claim: str, provider: str, day: int
) -> None:
    row = drawn[claim]
    assert (row["provider_id"], row["hcpcs_code"]) == (provider, "A4222")
    assert row["claim_line_start_date"] == datetime(2025, 8, day)
