"""What a day of an implanted pump's per diem is drawn as: in order, partly, beyond the refills, or not shown."""

from __future__ import annotations

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


@pytest.mark.parametrize("name", DAYS)
def test_a_day_is_drawn_as_what_stands_of_it(name: str) -> None:
    lines, kind = DAYS[name]
    with duckdb.connect() as connection:
        connection.execute("create table providers (provider_id varchar, name varchar)")
        connection.execute(
            """
            create table selected_pump_days (
                member_id varchar, provider_id varchar, service_date date, unit_quantity decimal(18, 3),
                kept_unit_quantity decimal(18, 3), is_event boolean, is_weak boolean
            )
            """
        )
        for line in lines:
            connection.execute("insert into selected_pump_days values ('M', 'P', '2025-08-01', ?, ?, ?, ?)", line)
        ((billed, kept, drawn),) = connection.execute(
            f"select unit_quantity, kept_unit_quantity, day_kind from ({CALENDAR})"
        ).fetchall()
    assert (billed, kept) == (sum(line[0] for line in lines), sum(line[1] for line in lines))
    assert drawn == kind
