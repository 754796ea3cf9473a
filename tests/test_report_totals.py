"""Report queries over tables written by hand: where providers stand, and what can still be recovered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from audit_lib.run import report_query

# Provider → lines considered, lines overpaid, and where it stands. In all 71 of 509 (13.95 %); for 100 lines the limits
# are 7.16 % and 20.74 % (95 %), 3.24 % and 24.65 % (99.8 %).
STANDINGS = {
    "a": (100, 25, "above 99.8 % limit"),
    "b": (100, 21, "above 95 % limit"),
    "c": (100, 10, "within limits"),
    "d": (100, 5, "below 95 % limit"),
    "e": (100, 1, "below 99.8 % limit"),
    "f": (9, 9, "too few lines"),
}
# A line's provider, its net overpaid dollars, and of these the recoverable, unknown and time-barred ones.
LINES = [
    ("a", "50.00", "10.00", "40.00", "0.00"),
    ("b", "20.00", "20.00", "0.00", "0.00"),
    ("c", "60.00", "10.00", "0.00", "50.00"),
    ("d", "30.00", "0.00", "0.00", "30.00"),
]


@pytest.fixture
def tables() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def _rows(tables: duckdb.DuckDBPyConnection, query: str, columns: str) -> list[Any]:
    return tables.sql(report_query(query)).project(columns).fetchall()


def test_a_provider_stands_outside_the_limits_that_chance_explains(tables: duckdb.DuckDBPyConnection) -> None:
    tables.execute("create table drawn (provider_id varchar, lines bigint, overpaid bigint)")
    tables.executemany("insert into drawn values (?, ?, ?)", [(p, n, k) for p, (n, k, _) in STANDINGS.items()])
    tables.execute(
        """
        create table selected_line_outcomes as
        select provider_id, provider_id as claim_id, unnest(range(1, lines + 1)) as claim_line_number from drawn;
        -- A line that two rules considered counts once, and one whose provider nobody knows not at all.
        insert into selected_line_outcomes values ('a', 'a', 1), ('claim z', 'z', 1);
        create table selected_exposure as
        select
            claim_id, claim_line_number, 'r' as overpaid_rule, cast(null as varchar) as review_rule,
            1.00 as net_overpaid_amount, 0.00 as net_review_amount
        from selected_line_outcomes inner join drawn on selected_line_outcomes.claim_id = drawn.provider_id
        where claim_line_number <= overpaid
        group by claim_id, claim_line_number;
        create table selection as select 10 as minimum_line_count;
        create table providers (provider_id varchar, name varchar);
        create table provider_volumes (
            provider_id varchar, claim_count bigint, member_count bigint, per_diem_day_count bigint,
            paid_amount decimal(18, 2)
        )
        """
    )
    columns = "provider_id, considered_line_count, overpaid_line_count, standing"
    found = {provider: tuple(rest) for provider, *rest in _rows(tables, "provider_rates", columns)}
    assert found == STANDINGS


def test_what_can_be_recovered_is_listed_and_counted(tables: duckdb.DuckDBPyConnection) -> None:
    values = ", ".join(f"('{provider}', {', '.join(amounts)})" for provider, *amounts in LINES)
    tables.execute(
        f"""
        create table line_recovery as
        select
            *, provider_id as provider_name, 0.00 as within_30_days_amount, 0.00 as within_60_days_amount,
            0.00 as within_90_days_amount, true as is_overpaid, false as is_under_review,
            cast(null as varchar) as review_status, 0.00 as net_review_amount, 0.00 as contingent_overpaid_amount
        from (values {values}) as t (
            provider_id, net_overpaid_amount, recoverable_amount, unknown_amount, time_barred_amount
        )
        """
    )
    columns = "coalesce(provider_id, 'all'), recoverable_amount, net_overpaid_amount"
    assert [" ".join(map(str, row)) for row in _rows(tables, "provider_recovery", columns)] == [
        "b 20.00 20.00", "c 10.00 60.00", "a 10.00 50.00", "d 0.00 30.00", "all 40.00 160.00",
    ]  # fmt: skip
    columns = "recovery_status, overpaid_line_count, net_overpaid_amount"
    assert [" ".join(map(str, row)) for row in _rows(tables, "recovery_totals", columns)] == [
        "recoverable 3 40.00", "unknown 1 40.00", "time_barred 2 80.00", "all 6 160.00",
    ]  # fmt: skip
