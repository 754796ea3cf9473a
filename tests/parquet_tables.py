"""Tables of good claims for Parquet files, with the columns that a test changes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pyarrow as pa

DAY = dt.date(2025, 8, 1)


def good_columns(count: int) -> dict[str, pa.Array]:
    return {
        "claim_id": pa.array([f"C{number}" for number in range(count)]),
        "claim_line_number": pa.array([1] * count),
        "member_id": pa.array(["m"] * count),
        "claim_line_start_date": pa.array([DAY] * count),
        "hcpcs_code": pa.array(["S9365"] * count),
        "service_unit_quantity": pa.array([1.0] * count),
        "paid_amount": pa.array([Decimal("10.00")] * count),
        "billing_tin": pa.array(["123456789"] * count),
    }


def table(count: int = 1, **columns: Any) -> pa.Table:
    return pa.table({**good_columns(count), **columns})
