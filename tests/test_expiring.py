"""By when what can still be recovered ceases to be: thirty, sixty and ninety days, each with its last day."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from audit_lib.resources import folder

# Lines of 10.00 overpaid and 1.00 under review, by the days that are left (none where a finding has no last day).
DAYS = [0, 30, 31, 60, 61, 90, 91, None]


@pytest.fixture
def files() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("""
            create table findings (
                finding_id bigint, claim_id bigint, claim_line_number bigint, rule varchar, outcome varchar,
                amount decimal(18, 2)
            );
            create table recovery (finding_id bigint, recovery_status varchar, days_left bigint)
        """)
        for claim, days in enumerate(DAYS):
            for finding, rule, outcome, amount in (
                (2 * claim, "x", "overpayment", "10.00"), (2 * claim + 1, "y", "review", "11.00"),
            ):  # fmt: skip
                row = [finding, claim, 1, rule, outcome, amount]
                connection.execute("insert into findings values (?, ?, ?, ?, ?, ?)", row)
                connection.execute("insert into recovery values (?, 'recoverable', ?)", [finding, days])
        connection.execute("""
            create table exposed_lines as
            select
                claim_id, 1 as claim_line_number, 'p' as provider_id, 'name' as provider_name,
                false as is_without_provider, 'x' as overpaid_rule, 'y' as review_rule, true as is_overpaid,
                10.00::decimal(18, 2) as net_overpaid_amount, 0.00::decimal(18, 2) as contingent_overpaid_amount,
                true as is_under_review, 1.00::decimal(18, 2) as net_review_amount
            from findings where rule = 'x'
        """)
        for step in ("line_recovery", "expiring"):
            connection.sql((folder("sql") / "reports" / f"{step}.sql").read_text("utf-8")).create(step)
        yield connection


def test_the_last_day_of_a_span_belongs_to_it(files: duckdb.DuckDBPyConnection) -> None:
    columns = "expires, overpaid_line_count, net_overpaid_amount, review_line_count, net_review_amount"
    found = files.sql(f"select {columns} from expiring").fetchall()
    assert [" | ".join(map(str, row)) for row in found] == [
        "within 30 days | 2 | 20.00 | 2 | 2.00",
        "in 31 to 60 days | 2 | 20.00 | 2 | 2.00",
        "in 61 to 90 days | 2 | 20.00 | 2 | 2.00",
        "later | 1 | 10.00 | 1 | 1.00",
        "no last day | 1 | 10.00 | 1 | 1.00",
        "all recoverable | 8 | 80.00 | 8 | 8.00",
    ]
