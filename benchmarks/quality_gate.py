"""How long the data-quality suites take on many lines, against the same counts in hand-written SQL.

    python benchmarks/quality_gate.py [LINES] [THREADS]

Makes claim lines by SQL (10 million by default) as Parquet in a temporary folder, checks the suite `claims_as_read`
with Great Expectations, and runs one query that counts the same by hand; the better of two tries each. Prints the
processor seconds of both, their ratio and the peak memory; ends with 1 where the ratio is above 2 or the counts differ.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

from audit_lib.claims.layouts import read_layout
from audit_lib.claims.reading import read_claims
from audit_lib.claims.sources import find_files, scan_bytes
from audit_lib.quality.engine import import_early, validate
from audit_lib.quality.readings import create_claims_as_read
from audit_lib.quality.suites import Expectation, read_suite

CLAIMS = """
    select
        'C' || (line // 3) as claim_id, cast(line % 3 + 1 as bigint) as claim_line_number,
        'M' || (line // 3 % 200000) as member_id,
        date '2024-01-01' + cast(line // 3 % 700 as integer) as claim_line_start_date,
        claim_line_start_date as claim_line_end_date,
        ['S9365', 'A4222', '99213', '80053', 'J1642', null][cast(line % 6 as integer) + 1] as hcpcs_code,
        cast(line % 4 + 1 as decimal(18, 3)) as service_unit_quantity,
        cast(line % 9000 * 0.01 as decimal(18, 2)) as paid_amount, paid_amount as allowed_amount,
        cast(paid_amount * 2 as decimal(18, 2)) as charge_amount, claim_line_start_date + 20 as paid_date,
        cast(700000000 + line // 3 % 5000 as varchar) as billing_tin,
        case when line % 2 = 0 then '12' end as place_of_service_code,
        case when line % 50 = 0 then '00338064406' end as ndc_code, 'commercial' as line_of_business
    from range($lines) as lines (line)
"""


def main(line_count: int, thread_count: int) -> int:
    """Measure, print, and say whether the ratio holds."""
    import_early()
    with tempfile.TemporaryDirectory() as place, duckdb.connect(config={"threads": thread_count}) as connection:
        path = Path(place) / "claims.parquet"
        connection.sql(CLAIMS, params={"lines": line_count}).write_parquet(str(path))
        files = find_files(str(path))
        for file in files:
            scan_bytes(file)
        read_claims(connection, files, read_layout("canonical"), Path(place))
        create_claims_as_read(connection)
        suite = read_suite("claims_as_read")
        validate(duckdb_with_one_row(), suite)  # the import and its caches are not what is measured
        by_hand, hand_seconds = timed(lambda: connection.execute(by_hand_query(suite.expectations)).fetchall()[0])
        results, seconds = timed(lambda: validate(connection, suite))
    is_same = list(by_hand) == [result.unexpected_count for result in results]
    ratio = seconds / hand_seconds
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000_000
    print(
        f"{line_count:,} lines, {thread_count} threads, {len(results)} expectations: "
        "Great Expectations "
        f"{seconds:.1f} processor seconds, by hand {hand_seconds:.1f} s, ratio {ratio:.2f}, "
        f"counts {'equal' if is_same else 'DIFFER'}, peak memory {memory:.1f} GB"
    )
    return 0 if is_same and ratio <= 2 else 1


def duckdb_with_one_row() -> duckdb.DuckDBPyConnection:
    """Return a connection whose `claims_as_read` has one row."""
    connection = duckdb.connect()
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "claims.parquet"
        connection.sql(CLAIMS, params={"lines": 1}).write_parquet(str(path))
        files = find_files(str(path))
        scan_bytes(files[0])
        read_claims(connection, files, read_layout("canonical"))
        create_claims_as_read(connection)
        connection.execute("create table one_row as select * from claims_as_read")
        connection.execute("drop view claims_as_read")
        connection.execute("alter table one_row rename to claims_as_read")
    return connection


def by_hand_query(expectations: list[Expectation]) -> str:
    """Return the one query that a person would write for the same counts."""
    return f"select {', '.join(map(_count, expectations))} from claims_as_read"  # noqa: S608


def _count(expectation: Expectation) -> str:
    column = expectation.kwargs["column"]
    if expectation.type == "expect_column_values_to_not_be_null":
        return f"count(*) filter (where {column} is null)"
    assert expectation.kwargs["value_set"] == [False]
    return f"count(*) filter (where {column})"


def timed(work: Any) -> tuple[Any, float]:
    """Return what the work gives and the processor seconds of all threads, the lesser of two tries."""
    seconds = []
    for _ in range(2):
        started = time.process_time()
        answer = work()
        seconds.append(time.process_time() - started)
    return answer, min(seconds)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    raise SystemExit(main(*[*given, *[10_000_000, 2][len(given) :]]))
