"""What a day of an implanted pump's per diem is drawn as: in order, partly, beyond the refills, or not shown."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.conftest import ROOT

CALENDAR = (ROOT / "sql" / "reports" / "pump_calendar.sql").read_text("utf-8")
# Units billed, units that stand, whether a refill or visit is seen, whether it is not shown to be at home → the kind.
DAYS = {
    "all in order": ([(1, 1, True, False)], "billed on a refill or a visit"),
    "in order, the refill not at home": ([(1, 1, True, True)], "billed, refill not shown to be at home"),
    "in order without a refill": ([(1, 1, False, False)], "billed, no refill seen"),
    "one of two in order": ([(2, 1, True, False)], "partly in order, more units than refills"),
    "one of two lines in order": (
        [(1, 1, True, False), (1, 0, True, False)],
        "partly in order, more units than refills",
    ),
    "nothing in order": ([(1, 0, False, False)], "billed beyond the refills"),
    "nothing in order on a day of a refill": ([(2, 0, True, False)], "billed beyond the refills"),
}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """One member, M, with a finding that the filters keep."""
    with duckdb.connect() as opened:
        opened.execute(
            """
            create table providers (provider_id varchar, name varchar);
            create table selected_findings as select 'M' as member_id, 'S9328' as hcpcs_code;
            create table per_diem_codes as select * from (
                values ('S9328', 'pain_implanted_pump'), ('S9500', 'anti_infective')
            ) as t (code, family);
            create table selected_pump_days (
                member_id varchar, provider_id varchar, service_date date, unit_quantity decimal(18, 3),
                kept_unit_quantity decimal(18, 3), is_event boolean, is_weak boolean
            )
            """
        )
        yield opened


def test_members_of_whom_the_filters_keep_no_finding_on_a_pump_are_not_drawn(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute("insert into selected_findings values ('O', 'S9500')")
    for member in ("M", "N", "O"):
        connection.execute("insert into selected_pump_days values (?, 'P', '2025-08-01', 1, 0, false, false)", [member])
    assert connection.execute(f"select member_id from ({CALENDAR})").fetchall() == [("M",)]


@pytest.mark.parametrize("name", DAYS)
def test_a_day_is_drawn_as_what_stands_of_it(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    lines, kind = DAYS[name]
    for line in lines:
        connection.execute("insert into selected_pump_days values ('M', 'P', '2025-08-01', ?, ?, ?, ?)", line)
    ((billed, kept, drawn),) = connection.execute(
        f"select unit_quantity, kept_unit_quantity, day_kind from ({CALENDAR})"
    ).fetchall()
    assert (billed, kept) == (sum(line[0] for line in lines), sum(line[1] for line in lines))
    assert drawn == kind
