"""A page stays small however many providers a run has: what is drawn, listed and copied is bounded, and says so."""

import base64
import json
import re
from decimal import Decimal

import nbformat
import pandas as pd
import plotly.graph_objects as go

from audit_lib.reports import figures
from audit_lib.reports.blocks import show
from audit_lib.reports.copies import MOST_ROWS, bound
from audit_lib.reports.figures import quality
from audit_lib.reports.render import report_html
from audit_lib.resources import folder

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


def test_a_table_that_its_query_cut_says_of_how_many_rows_its_copies_are_the_first() -> None:
    rates = _rates(30).assign(whole_count=1_234)
    page = _page(figures.pareto(rates), show(rates))
    assert page.count("as CSV, the first 30 of 1,234 rows") == 2
    assert "The first 30 of 1,234" in page


def test_a_copy_is_cut_further_where_its_query_left_more_than_it_holds() -> None:
    assert bound(_rates(MOST_ROWS + 1).assign(whole_count=9_999)) == f", the first {MOST_ROWS:,} of 9,999 rows"


def test_every_query_that_cuts_says_how_many_rows_there_are() -> None:
    queries = {path.stem: path.read_text("utf-8") for path in (folder("sql") / "reports").glob("*.sql")}
    cut = {name: query for name, query in queries.items() if re.search(r"^limit \d", query, re.MULTILINE)}
    assert len(cut) > 5
    assert [name for name, query in cut.items() if "whole_count" not in query] == []


def test_the_figure_of_missing_values_carries_the_columns_that_it_does_not_draw() -> None:
    table = pd.DataFrame(
        {
            "column_name": [f"column_{number}" for number in range(90)],
            "missing_count": 1,
            "row_count": 4,
            "missing_percent": 25.0,
        }
    )
    figure = quality.missing_values(table)
    assert isinstance(figure, go.Figure)
    assert base64.b64decode(figure.layout.meta["csv"]).decode().count("column_") == 91  # the heading too


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
