"""An item of the period whose per diem lies outside it: contingent where that per diem is overpaid in full."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from audit_lib.cli import main
from audit_lib.evidence import evidence_for
from audit_lib.run import Run
from tests.rule_cases import parse_table

# By case, a member and provider each: a per diem of seven days, its drug, and on a claim of its own a supply.
LINES = """
    case | claim | claim_line_number | hcpcs_code | claim_line_start_date | claim_line_end_date | units | place | funding | paid_date  | paid_amount
    a    | P     | 1                 | S9500      | 2025-08-28            | 2025-09-03          | 7     | 21    | insured | 2025-09-20 | 700.00
    a    | P     | 2                 | J0696      | 2025-08-28            | 2025-09-03          | 7     | 21    | insured | 2025-09-20 | 30.00
    a    | I     | 1                 | A4222      | 2025-09-02            | 2025-09-02          | 1     | 12    | insured | 2025-10-05 | 40.00
    a    | I     | 2                 | J1642      | 2025-09-02            | 2025-09-02          | 1     | 12    | insured | 2025-10-05 | 9.99
    b    | P     | 1                 | S9500      | 2025-08-28            | 2025-09-03          | 8     | 12    | insured | 2025-09-20 | 700.00
    b    | P     | 2                 | J0696      | 2025-08-28            | 2025-09-03          | 7     | 12    | insured | 2025-09-20 | 30.00
    b    | I     | 1                 | A4222      | 2025-09-02            | 2025-09-02          | 1     | 12    | insured | 2025-10-05 | 40.00
    c    | P     | 1                 | S9500      | 2025-08-28            | 2025-09-03          | 7     | 21    | aso     | 2025-09-20 | 700.00
    c    | P     | 2                 | J0696      | 2025-08-28            | 2025-09-03          | 7     | 21    | aso     | 2025-09-20 | 30.00
    c    | I     | 1                 | A4222      | 2025-09-02            | 2025-09-02          | 1     | 12    | insured | 2025-10-05 | 40.00
    d    | P     | 1                 | S9500      | 2025-08-28            | 2025-09-03          | 7     | 21    | insured | 2025-09-20 | 700.00
    d    | P     | 2                 | J0696      | 2025-08-28            | 2025-09-03          | 7     | 21    | insured | 2025-09-20 | 30.00
    d    | I     | 1                 | A4222      | 2025-09-02            | 2025-09-02          | 1     | 12    | insured | 2025-10-05 | 40.00
    e    | P     | 1                 | S9500      | 2025-08-28            | 2025-09-03          | 7     | 21    | insured | 2025-09-20 | 700.00
    e    | P     | 2                 | J0696      | 2025-08-28            | 2025-09-03          | 7     | 21    | insured | 2025-09-20 | 30.00
"""  # noqa: E501
PROVIDERS = {case: str(number) * 9 for number, case in enumerate("abcde", start=1)}
# The plan's contract with D pays the per diem at that place.
OVERRIDES = f"""provider_id,rule,hcpcs_code,date_from,date_to,action,note,approved_by
{PROVIDERS["d"]},per_diem_place_of_service,S9500,,,exempt,contract,counsel
"""
SAID = "is itself found overpaid in full"
# By case in the period of the items: overpaid, contingent, demanded.
EXPECTED = {"a": ("49.99", "49.99", "0.00"), "b": ("40.00", "0.00", "40.00"), "c": ("40.00", "0.00", "40.00"),
            "d": ("40.00", "0.00", "40.00")}  # fmt: skip
PERIODS = {
    "by service": ("--from", "2025-09-01", "--to", "2025-09-30"),
    "by payment": ("--from", "2025-10-01", "--to", "2025-10-31", "--period-by", "paid"),
}


class Audited(NamedTuple):
    """A run of the period of the items, and what is exported of it."""

    run: Run
    export: Path


@pytest.fixture(scope="module", params=list(PERIODS))
def audited(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Audited:
    place = tmp_path_factory.mktemp("outside")
    rows = [
        {
            **row, "claim_id": row["case"] + row["claim"], "member_id": row["case"],
            "billing_tin": PROVIDERS[row["case"]], "service_unit_quantity": row["units"],
            "place_of_service_code": row["place"],
        }
        for row in parse_table(LINES)
    ]  # fmt: skip
    with (place / "claims.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (place / "overrides.csv").write_text(OVERRIDES, "utf-8")
    (place / "settings.yml").write_text("overrides: overrides.csv\n", "utf-8")
    words = ["run", "--claims", str(place / "claims.csv"), "--out", str(place), "--run-id", "r", "--no-reports"]
    words += ["--config", str(place / "settings.yml"), "--no-quality", *PERIODS[request.param]]
    assert main(words) == 0
    assert main(["export", str(place / "r"), "--out", str(place / "out"), "--as-of", "2026-04-01"]) == 0
    return Audited(Run.open(place / "r"), place / "out")


def test_the_item_is_contingent_though_its_per_diem_is_of_another_period(audited: Audited) -> None:
    found = audited.run.sql(
        "select member_id, sum(net_overpaid_amount) as net, sum(contingent_overpaid_amount) as contingent "
        "from line_exposure group by member_id order by member_id"
    )
    told = {row.member_id: (f"{row.net:.2f}", f"{row.contingent:.2f}") for row in found.itertuples()}
    assert told == {case: amounts[:2] for case, amounts in EXPECTED.items()}


def test_of_the_pair_only_the_per_diem_is_demanded_in_its_own_period(audited: Audited) -> None:
    with (audited.export / "overview.csv").open(encoding="utf-8-sig", newline="") as file:
        demanded = {row["provider_id"]: row["demanded_amount"] for row in csv.DictReader(file)}
    assert {case: demanded[PROVIDERS[case]] for case in EXPECTED} == {c: a[2] for c, a in EXPECTED.items()}
    totals = json.loads((audited.export / "export.json").read_text("utf-8"))["totals"]
    assert Decimal(totals["contingent_amount"]) == Decimal("49.99")


def test_the_evidence_says_what_the_item_rests_on(audited: Audited) -> None:
    ids = audited.run.sql("select finding_id, claim_id from findings order by finding_id")
    evidence = evidence_for(audited.run, list(ids["finding_id"]))
    against = {row.claim_id: " ".join(evidence[row.finding_id].texts("against")) for row in ids.itertuples()}
    assert {claim for claim, text in against.items() if SAID in text} == {"aI"}


def test_the_per_diem_itself_is_no_finding_of_the_period(audited: Audited) -> None:
    assert set(audited.run.sql("select distinct claim_id from findings")["claim_id"]) == {"aI", "bI", "cI", "dI"}
    assert not len(audited.run.sql("from line_outcomes where claim_line_start_date < date '2025-09-01'"))
    (override,) = audited.run.manifest["overrides"]
    assert override["line_count"] == 0
    kept = audited.run.folder / "per_diems_outside_period.parquet"
    rows = duckdb.execute("select claim_id, claim_line_number, overpaid_rule from read_parquet($p)", {"p": str(kept)})
    assert rows.fetchall() == [("aP", 1, "per_diem_place_of_service")]
