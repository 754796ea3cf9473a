"""What figures say in their titles and draw on their axes holds of the tables behind them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import duckdb
import pandas as pd
import pytest

from audit_lib.reports.blocks import show
from audit_lib.reports.figures import exposure, providers, quality, therapies
from audit_lib.reports.figures.style import month_axis
from audit_lib.reports.ledger_figures import funnel
from audit_lib.run import report_query
from audit_lib.words import percents

SHARES = {0: "0.0 %", 0.04: "< 0.1 %", 50: "50.0 %", 99.9: "99.9 %", 99.99: "> 99.9 %", 100: "100.0 %"}


def _title(figure: Any) -> str:
    return unescape(figure.layout.title.text)


@pytest.mark.parametrize("share", SHARES)
def test_what_lacks_a_little_is_not_written_as_all(share: float) -> None:
    assert percents(share) == percents(Decimal(str(share))) == SHARES[share]


def test_the_largest_month_is_not_said_to_hold_most_of_the_dollars() -> None:
    months = [date(2025, month, 1) for month in range(1, 7)]
    amounts = [Decimal(amount) for amount in (10, 11, 10, 10, 12, 10)]
    table = pd.concat([
        pd.DataFrame({"date_kind": kind, "period_month": months, "net_overpaid_amount": amounts,
                      "net_review_amount": Decimal(0)})
        for kind in ("service", "paid")
    ])  # fmt: skip
    expected = (
        "The month with the most potential overpayment: May 2025 by service ($12.00), May 2025 by payment ($12.00)"
    )
    assert _title(exposure.trend(table)) == expected


@pytest.mark.parametrize("month_count", [1, 3, 6, 7, 12, 18, 30])
def test_no_tick_of_an_axis_of_months_stands_for_half_a_month(month_count: int) -> None:
    """Plotly goes by half-months where twice the span of a tick is less than an average month."""
    first = date(2025, 1, 1)
    rows = pd.DataFrame({"period_month": [(first + timedelta(days=31 * n)).replace(day=1) for n in range(month_count)]})
    axis = month_axis(rows)
    begins, ends = map(date.fromisoformat, axis["range"])
    assert 2 * (ends - begins).days / axis["nticks"] > 30.5


@pytest.mark.parametrize(
    ("own", "peers", "expected"),
    [
        (4.0, 1.0, "Furthest above its peers at “R”: 4.0 % of 100 lines overpaid, against 1.0 % at 3 peers"),
        (1.0, 4.0, "Nowhere above its peers; nearest at “R”: 1.0 % of 100 lines overpaid, against 4.0 % at 3 peers"),
    ],
)
def test_a_provider_below_its_peers_is_not_said_to_be_above_them(own: float, peers: float, expected: str) -> None:
    row = {
        "rule_number": 1, "title": "R", "considered_line_count": 100, "overpaid_line_count": 1, "overpaid_percent": own,
        "peers_overpaid_percent": peers, "peer_count": 3,
    }  # fmt: skip
    assert _title(providers.rule_rates(pd.DataFrame([row]))) == expected


@pytest.mark.parametrize("number", [20, 75])
def test_figures_of_providers_and_codes_say_that_not_all_are_drawn(number: int) -> None:
    amounts = [Decimal(2 * number - n) for n in range(number)]
    others = {"position": 21, "net_overpaid_amount": sum(amounts[20:], Decimal(0))}
    rows: list[dict[str, Any]] = [
        {"position": n, "provider_id": str(n), "provider_name": str(n), "hcpcs_code": str(n), "net_overpaid_amount": a}
        for n, a in enumerate(amounts[:20], 1)
    ]
    total = {"net_overpaid_amount": sum(amounts), "overpaid_provider_count": number, "is_total": True}
    table = pd.DataFrame([*rows, *([others] if number > 20 else []), total]).assign(
        net_review_amount=Decimal(0), contingent_overpaid_amount=Decimal(0), code_label=""
    )
    table["is_total"] = table["is_total"].fillna(value=False).astype(bool)
    assert _title(exposure.by_provider(table)).endswith("Drawn are the first 20 providers") is (number > 20)
    assert _title(exposure.by_code(table)).endswith("Drawn are the first 20 codes") is (number > 20)
    every = pd.DataFrame({"provider_name": [str(n) for n in range(number)], "net_overpaid_amount": amounts})
    assert _title(providers.pareto(every)).endswith("Drawn are the first 40") is (number > 40)


def test_a_kind_of_code_leads_without_being_most_of_what_was_paid() -> None:
    table = pd.DataFrame({
        "code_kind": ["drug", "per diem", "other"], "line_count": [1, 1, 1],
        "paid_amount": [Decimal(40), Decimal(35), Decimal(25)],
    })  # fmt: skip
    assert _title(therapies.code_kinds(table)).startswith("The most was paid for lines of the kind “drug”: 40.0 %")


def test_a_month_without_a_line_is_a_gap_and_a_stray_date_is_none() -> None:
    body = """{"months": [
        {"service_month": "1999-01-01", "line_count": 1, "claim_count": 1, "paid_amount": "5.00"},
        {"service_month": "2025-01-01", "line_count": 90, "claim_count": 9, "paid_amount": "50.00"},
        {"service_month": "2025-03-01", "line_count": 80, "claim_count": 8, "paid_amount": "40.00"},
        {"service_month": "2025-04-01", "line_count": 85, "claim_count": 8, "paid_amount": "40.00"}]}"""
    with duckdb.connect() as connection:
        connection.execute("create table quality as select $body::json as body", {"body": body})
        table = connection.sql(report_query("quality_months")).df()
    assert [(f"{row.period_month:%Y-%m}", row.line_count) for row in table.itertuples()] == [
        ("1999-01", 1), ("2025-01", 90), ("2025-02", 0), ("2025-03", 80), ("2025-04", 85),
    ]  # fmt: skip
    said = _title(quality.volume_by_month(table[1:].assign(period_month=table["period_month"].dt.date)))
    assert said == "1 of 4 months has less than half the usual 85 lines: Feb 2025"


def test_the_emptiest_column_is_told_with_both_its_numbers() -> None:
    table = pd.DataFrame([
        {"column_name": "ndc_code", "missing_count": 19_998, "row_count": 20_000, "missing_percent": 99.99}
    ])  # fmt: skip
    expected = "ndc_code is the emptiest column that was delivered: > 99.9 % of the rows lack it (19,998 of 20,000)"
    assert _title(quality.missing_values(table)) == expected


def test_a_road_without_a_ledger_does_not_say_what_the_ledger_holds() -> None:
    block: Any = funnel(pd.DataFrame())
    assert block.text == "No ledger stands behind this report, so there is no road to draw."


def test_what_docs_write_in_markdown_is_plain_in_a_table() -> None:
    table = pd.DataFrame([{"consequence": "Nothing is told of them (gate `shared_claim_id`)."}])
    table.attrs = {"name": "quality_profiles", "query": "", "is_shared": False}
    rest = ["sentence", "found", "line_count", "looked_at_count", "line_percent", "paid_amount"]
    html = show(table.assign(**dict.fromkeys(rest))).html
    assert ">Nothing is told of them (gate shared_claim_id).<" in html
