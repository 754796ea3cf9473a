"""A page stays small however many providers a run has: what is drawn, listed and copied is bounded, and says so."""

import json
from decimal import Decimal

import nbformat
import pandas as pd
import plotly.graph_objects as go

from audit_lib.reports import figures
from audit_lib.reports.blocks import show
from audit_lib.reports.copies import MOST_ROWS
from audit_lib.reports.render import report_html

PROVIDERS = 100_000
MOST_BYTES = 12_000_000


def _rates(row_count: int) -> pd.DataFrame:
    """Return a table as `tables.provider_rates` does, without asking a run."""
    numbers = range(row_count)
    table = pd.DataFrame(
        {
            "provider_id": [f"{number:09d}" for number in numbers],
            "provider_name": [f"Invented Home Infusion and Specialty Pharmacy {number}" for number in numbers],
            "considered_line_count": [50 + number % 900 for number in numbers],
            "overpaid_line_count": [number % 40 for number in numbers],
            "review_line_count": 3,
            "warning_percent": 5.0,
            "alarm_percent": 6.5,
            "overpaid_percent": [number % 40 * 100 / (50 + number % 900) for number in numbers],
            "pooled_percent": 3.9,
            "standing": ["above 99.8 % limit" if number % 40 > 35 else "within limits" for number in numbers],
            "net_overpaid_amount": [Decimal(row_count - number) / 100 for number in numbers],
            "net_review_amount": Decimal("12.34"),
            "claim_count": 40,
            "member_count": 20,
            "per_diem_day_count": 400,
            "paid_amount": Decimal("123456.78"),
        }
    )
    table.attrs = {"name": "provider_rates", "query": "select 1", "is_shared": False}
    return table


def _page(*shown: object) -> str:
    outputs = [
        {"application/vnd.plotly.v1+json": json.loads(one.to_json())}
        if isinstance(one, go.Figure)
        else {"text/html": one._repr_html_()}  # type: ignore[attr-defined]
        for one in shown
    ]
    cells = [
        nbformat.v4.new_code_cell(  # type: ignore[no-untyped-call]
            outputs=[nbformat.v4.new_output("display_data", data=data)]  # type: ignore[no-untyped-call]
        )
        for data in outputs
    ]
    return report_html(nbformat.v4.new_notebook(cells=cells), "Large")  # type: ignore[no-untyped-call]


def test_a_hundred_thousand_providers_fit_into_a_page() -> None:
    rates = _rates(PROVIDERS)
    page = _page(figures.pareto(rates), figures.funnel(rates), show(rates, most_rows=300))
    assert len(page.encode()) <= MOST_BYTES
    assert page.count(f"as CSV, the first {MOST_ROWS:,} of {PROVIDERS:,} rows") == 3
    assert f"The first 300 of {PROVIDERS:,}" in page


def test_a_small_table_is_whole_and_says_nothing_of_a_bound() -> None:
    rates = _rates(30)
    page = _page(figures.pareto(rates), show(rates, most_rows=300))
    assert "as CSV, the first" not in page and "The first 30" not in page


def test_tpn_products_on_one_side_alone_are_drawn() -> None:
    table = pd.DataFrame(
        {
            "product_name": ["lipids", "dextrose"],
            "policy": "separate",
            "is_beside_per_diem": False,
            "paid_amount": [Decimal("10.01"), Decimal("2.00")],
        }
    )
    figure = figures.tpn_products(table)
    assert isinstance(figure, go.Figure)
    assert list(figure.data[1].x) == [10.01, 2.0]
