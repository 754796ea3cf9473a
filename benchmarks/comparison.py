"""Whether two answers to the same three rules are the same, line by line and to the cent."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

_ENGINE = """
    select rule, claim_id, claim_line_number, outcome, cast(amount * 100 as bigint) as amount
    from read_parquet($engine)
"""
_OTHER = """
    select rule, claim_id, claim_line_number, outcome, cast(amount as bigint) as amount
    from read_parquet($other)
"""
_COUNTS = f"""
    with engine as ({_ENGINE}), other as ({_OTHER})
    select
        (select count(*) from engine) as finding_count,
        (select count(*) from (from engine except all from other)) as missing_count,
        (select count(*) from (from other except all from engine)) as surplus_count
"""  # noqa: S608


@dataclass(frozen=True)
class Comparison:
    """How many findings the engine has, how many of them the other lacks, and how many the other has beside them.

    A finding with another outcome or another amount counts on both sides.
    """

    finding_count: int
    missing_count: int
    surplus_count: int

    @property
    def is_equal(self) -> bool:
        """Tell whether both have the same findings; two that have none have not been compared."""
        return self.finding_count > 0 and self.missing_count == 0 and self.surplus_count == 0


def compare(engine: Path, other: Path) -> Comparison:
    """Compare a run's `findings.parquet` with another's rule, claim_id, claim_line_number, outcome, amount (cents)."""
    with duckdb.connect() as connection:
        counts = connection.execute(_COUNTS, {"engine": str(engine), "other": str(other)}).fetchall()[0]
    return Comparison(*map(int, counts))
