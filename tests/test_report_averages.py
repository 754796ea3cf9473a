"""Averages of money in reports: exact decimals, rounded half up once."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from audit_lib.run import report_query

# Net dollars of the lines that one piece each would settle → what a piece settles on average.
PIECES = {
    ("960.18", "960.19"): "960.19",
    ("0.01", "0.02"): "0.02",
    ("0.00", "0.01"): "0.01",
    ("0.00", "0.00", "0.01"): "0.00",
    ("0.00", "0.01", "0.01"): "0.01",
    ("90000000000000.01", "0.00"): "45000000000000.01",
}


@pytest.mark.parametrize("amounts", PIECES)
def test_what_a_piece_of_evidence_settles(amounts: tuple[str, ...]) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "create table lead_lines "
            "(evidence text, evidence_key text, claim_id text, net_review_amount decimal(18, 2))"
        )
        for number, amount in enumerate(amounts):
            connection.execute("insert into lead_lines values ('records', $1, $1, $2)", [str(number), Decimal(amount)])
        rows = connection.sql(report_query("evidence_kinds")).fetchall()
    assert [str(row[-1]) for row in rows] == [PIECES[amounts]]


# What a provider was paid for a therapy, on how many days → what a day was paid on average.
DAYS = {
    ("1920.37", 2): "960.19",
    ("0.03", 2): "0.02",
    ("0.01", 3): "0.00",
    ("0.00", 3): "0.00",
    # More was taken back than paid.
    ("-0.03", 2): "-0.02",
    ("-0.07", 4): "-0.02",
    ("5.00", 0): "None",
}


@pytest.mark.parametrize(("paid", "days"), DAYS)
def test_what_a_day_of_a_therapy_is_paid(paid: str, days: int) -> None:
    with duckdb.connect() as connection:
        connection.execute("create table profiled_provider as select 'own' as provider_id")
        connection.execute(
            "create table selected_therapy_mix (provider_id text, therapy_family text, code_kind text, "
            "day_count bigint, unit_quantity decimal(18, 3), paid_amount decimal(18, 2))"
        )
        for provider in ("own", "peer"):
            connection.execute(
                "insert into selected_therapy_mix values ($provider, 'family', 'per diem', $days, 1, $paid)",
                {"provider": provider, "days": days, "paid": Decimal(paid)},
            )
        found = connection.sql(report_query("profile_therapies")).to_arrow_table().to_pylist()
    assert [str(row[f"{whose}paid_per_day_amount"]) for row in found for whose in ("", "peers_")] == [
        DAYS[paid, days]
    ] * 2
