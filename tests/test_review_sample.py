"""The workbook of a review sample says of every line, passes too, what a reviewer needs to find it."""

from datetime import datetime

import duckdb
import pytest
from openpyxl import load_workbook

from audit_lib.audit import RunOptions, run_audit
from audit_lib.ledger.review_sample import write_sample
from audit_lib.progress import Progress
from audit_lib.resources import folder
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


# Judged lines, each `stratum, its size, agreed, not agreed`; passes of the run → whether the rule is accepted.
ACCEPTED = {
    "nine in ten of thirty": (["finding 100 27 3"], 0, True),
    "fewer than nine in ten": (["finding 100 26 4"], 0, False),
    "fewer than thirty": (["finding 100 29 0"], 0, False),
    "all there were": (["finding 5 5 0"], 0, True),
    "passes not judged": (["finding 5 5 0"], 1, False),
    "passes judged": (["finding 5 5 0", "pass 4 4 0"], 1, True),
    "passes disagreed with": (["finding 5 5 0", "pass 4 3 1"], 1, False),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_when_a_rule_is_accepted(name: str) -> None:
    strata, passes, expected = ACCEPTED[name]
    with duckdb.connect() as tables:
        tables.execute(
            """
            create table verdicts (
                rule varchar, rule_version bigint, stratum varchar, stratum_size bigint, is_agreed boolean,
                claim_id varchar, claim_line_number bigint, verdict_date date, verdict_number bigint
            );
            create table line_outcomes (rule varchar, outcome varchar);
            create table finding_status (
                rule varchar, verdict varchar, verdict_rule_version bigint, rule_version bigint, heir_finding_id varchar
            );
            create table run_rules as select 'x' as rule, 1 as rule_version
            """
        )
        for stratum, size, agreed, against in map(str.split, strata):
            for n in range(int(agreed) + int(against)):
                row = ["x", 1, stratum, int(size), n < int(agreed), f"{stratum}{n}", 1, "2025-10-01", n]
                tables.execute("insert into verdicts values (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        for _ in range(passes):
            tables.execute("insert into line_outcomes values ('x', 'pass')")
        standing = tables.sql((folder("sql") / "ledger" / "rule_standing.sql").read_text("utf-8"))
        assert standing.project("is_validated").fetchall() == [(expected,)]
