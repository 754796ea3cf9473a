"""The words that a run is asked in, where only a few are allowed."""

from __future__ import annotations

from typing import Literal

PeriodBy = Literal["service", "paid"]
EngineName = Literal["duckdb", "spark"]
