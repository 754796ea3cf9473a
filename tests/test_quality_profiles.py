"""What real extracts do: each profile fires on claims made by hand that do it, and stays quiet on those that do not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from audit_lib.claims.layouts import contract_columns, derived_columns, kinds
from audit_lib.local_rules import load_all_code_sets, read_local
from audit_lib.lookback_limits import load_clock
from audit_lib.pipeline import load_steps, ordered, run_steps
from audit_lib.progress import Progress
from audit_lib.quality.profiles import EarlierRun, collect_profiles, load_earlier_months, profile_names
from audit_lib.quality.suites import read_suite
from audit_lib.resources import folder
from audit_lib.settings import Settings
from audit_lib.settings_tables import Period, load_settings

TYPICAL: dict[str, Any] = {
    "claim_id": "A", "claim_line_number": 1, "member_id": "M1", "claim_line_start_date": "2025-08-01",
    "hcpcs_code": "A4222", "service_unit_quantity": 1, "paid_amount": "100.00", "allowed_amount": "100.00",
    "charge_amount": "150.00", "billing_tin": "123456789", "billing_tin_text": "123456789",
    "paid_date": "2025-09-01", "claim_type": "professional", "place_of_service_code": "12",
    "source_file": "claims.csv",
}  # fmt: skip
Rows = list[dict[str, Any]]


def institutional(*amounts: str, **more: Any) -> Rows:
    """An institutional claim with a line per amount."""
    return [
        {"claim_type": "institutional", "claim_line_number": n, "paid_amount": amount, **more}
        for n, amount in enumerate(amounts, start=1)
    ]


def months(*counts: int) -> Rows:
    """Claims of one line, so many in each month from January 2025."""
    return [
        {"claim_id": f"C{month}-{n}", "claim_line_start_date": f"2025-{month:02d}-10", "paid_amount": "10.00"}
        for month, count in enumerate(counts, start=1)
        for n in range(count)
    ]


# Profile → claims that do it, lines, claims and dollars by hand (of months the months alone), and claims that only look
# like it.
FIRES: dict[str, tuple[Rows, tuple[int, int | None, str | None]]] = {
    # Lines that were charged otherwise; without charges, different services of one day.
    "header_amounts_repeated": (
        [*institutional("900.00", "900.00"),
         {**institutional("900.00")[0], "claim_line_number": 3, "charge_amount": "151.00"},
         *institutional("70.00", "70.00", claim_id="B", charge_amount=None),
         {**institutional("70.00")[0], "claim_id": "B", "claim_line_number": 3, "hcpcs_code": "J1756"}],
        (6, 2, "2910.00"),
    ),
    "header_amount_on_one_line": (institutional("900.00", "0.00", "0.00"), (3, 1, "900.00")),
    "total_line_among_lines": (institutional("300.00", "100.00", "200.00"), (1, 1, "300.00")),
    "claims_split_over_files": ([{}, {"claim_line_number": 2, "source_file": "more.csv"}], (2, 1, "200.00")),
    # A line told once for each of its National Drug Codes too.
    "rows_delivered_twice": ([{}, {"source_row": 9}, {"ndc_code": "00338064406"}], (2, 1, "200.00")),
    "lines_of_several_services": (
        [{}, {"hcpcs_code": "J0696", "paid_amount": "7.00"},
         {"claim_id": "B"}, {"claim_id": "B", "claim_line_start_date": "2025-08-02", "paid_date": None},
         {"claim_id": "C"}, {"claim_id": "D"}],
        (4, 2, "307.00"),
    ),
    "adjustments_without_originals": (
        [{"claim_frequency_code": "7", "original_claim_id": "GONE"},
         {"claim_id": "B", "claim_frequency_code": "8"},
         {"claim_id": "R", "paid_amount": "-40.00", "allowed_amount": "10.00"}],
        (3, 3, "160.00"),
    ),
    "paid_before_service": ([{"paid_date": "2025-07-31"}, {"claim_id": "B"}], (1, 1, "100.00")),
    "service_in_future": ([{"claim_line_start_date": "2026-01-02"}, {"claim_id": "B"}], (1, 1, "100.00")),
    "spans_over_a_year": ([{"claim_line_end_date": "2026-08-02"}], (1, 1, "100.00")),
    "ends_before_start": ([{"claim_line_end_date": "2025-07-31"}], (1, 1, "100.00")),
    "per_diem_units_not_days": (
        [{"hcpcs_code": "S9365", "service_unit_quantity": 2}, {"claim_id": "B", "hcpcs_code": "S9365",
          "claim_line_end_date": "2025-08-07", "service_unit_quantity": "3.5"}],
        (2, 2, "200.00"),
    ),
    "per_diems_with_ndc": ([{"hcpcs_code": "S9365", "ndc_code": "00338064406"}], (1, 1, "100.00")),
    "ndc_in_procedure_code": ([{"hcpcs_code": "00338-0644-06"}, {"hcpcs_code": "00338064406"}], (2, 1, "200.00")),
    "ndc_quantity_missing": ([{"ndc_code": "00338064406"}], (1, 1, "100.00")),
    "unknown_codes": ([{"hcpcs_code": "S9365X1"}, {"hcpcs_code": "?"}], (2, 1, "200.00")),
    "modifiers_in_wrong_column": (
        [{"hcpcs_code": "S9365SH"}, {"hcpcs_modifier_1": "SHSJ"}, {"hcpcs_modifier_5": "A4222"}], (3, 1, "300.00"),
    ),
    "claims_of_two_members": (
        [{"member_id": "M1"}, {"member_id": "M2"}, {"claim_id": "B", "member_id": "M2"},
         {"claim_id": "B", "claim_line_number": 2, "member_id": "M3", "paid_amount": "1.00"}, {"claim_id": "C"}],
        (4, 2, "301.00"),
    ),
    "members_with_two_ids": (
        [{"member_id": "M-1"}, {"claim_id": "B", "member_id": "m1"}, {"claim_id": "C", "member_id": "M2"},
         {"claim_id": "C", "claim_line_number": 2, "member_id": "M3"}],
        (4, 3, "400.00"),
    ),
    "provider_tin_written_two_ways": (
        [{}, {"claim_id": "B", "billing_tin_text": "12-3456789"},
         {"claim_id": "C", "billing_tin": "987654321", "billing_tin_text": "98-7654321"}],
        (2, 2, "200.00"),
    ),
    "npi_with_and_without_tin": (
        [{"billing_npi": "1234567893"}, {"claim_id": "B", "billing_npi": "1234567893", "billing_tin": None},
         {"claim_id": "B", "claim_line_number": 2, "billing_npi": "1234567893", "billing_tin": None}],
        (2, 1, "200.00"),
    ),
    "months_below_usual": (months(4, 4, 1, 4, 4, 0, 4), (2, None, None)),
    "months_below_earlier_run": (months(4, 1), (1, None, "60.00")),
    "paid_above_allowed": ([{"paid_amount": "100.01"}], (1, 1, "100.01")),
    "allowed_above_charge": ([{"charge_amount": "99.99"}], (1, 1, "100.00")),
    "rows_rejected": ([{}, {"claim_id": "B", "is_rejected": True}], (1, None, None)),
}  # fmt: skip
QUIET: dict[str, Rows] = {
    # Two lines that were paid differently; professional lines paid alike; nothing paid at all; one service at one
    # price on several days, with charges and without; visits of two kinds at one rate, each on its day.
    "header_amounts_repeated": [
        *institutional("900.00", "900.01"), {"claim_id": "B"}, {"claim_id": "B", "claim_line_number": 2},
        *institutional("0.00", "0.00", claim_id="C"),
        *(
            {**row, "claim_line_start_date": f"2025-08-0{n}"}
            for claim_id, charge in (("D", "3000.00"), ("E", None))
            for n, row in enumerate(institutional("1450.00", "1450.00", claim_id=claim_id, charge_amount=charge), 1)
        ),
        *institutional("90.00", claim_id="F", hcpcs_code="G0299", claim_line_start_date="2025-08-01"),
        {**institutional("90.00")[0], "claim_id": "F", "claim_line_number": 2, "hcpcs_code": "G0151",
         "claim_line_start_date": "2025-08-02"},
    ],
    # A denied line beside a paid one, and two lines only.
    "header_amount_on_one_line": [
        *institutional("900.00", "0.00", "0.00", claim_line_status="denied"),
        *institutional("9.00", "0.00", claim_id="B"),
    ],
    "total_line_among_lines": [
        *institutional("100.00", "100.00"), *institutional("3.00", "1.00", "1.00", claim_id="B"),
    ],
    "claims_split_over_files": [{}, {"claim_id": "B", "source_file": "more.csv"}],
    # A correction of the amount, and a reversal: neither is the same row.
    "rows_delivered_twice": [{}, {"paid_amount": "90.00"}, {"paid_amount": "-100.00", "allowed_amount": "-100.00"}],
    # A corrected code or day, the former taken back; an adjustment of the same service; one that names no code.
    "lines_of_several_services": [
        {}, {"paid_amount": "-100.00"}, {"hcpcs_code": "J0696", "paid_amount": "70.00"},
        {"claim_id": "B"}, {"claim_id": "B", "paid_amount": "5.00", "paid_date": "2025-10-30"},
        {"claim_id": "C"}, {"claim_id": "C", "hcpcs_code": None, "paid_amount": "5.00"},
        {"claim_id": "D"}, {"claim_id": "D", "hcpcs_code": "J0696", "paid_amount": "0.00"},
    ],
    "adjustments_without_originals": [
        {}, {"claim_id": "B", "claim_frequency_code": "7", "original_claim_id": "A"},
        {"claim_id": "R"}, {"claim_id": "R", "paid_amount": "-40.00"},
    ],
    "paid_before_service": [{"paid_date": "2025-08-01"}, {"claim_id": "B", "paid_date": None}],
    "service_in_future": [{"claim_line_start_date": "2026-01-01"}],
    "spans_over_a_year": [{"claim_line_end_date": "2026-08-01"}],
    "ends_before_start": [{"claim_line_end_date": "2025-08-01"}, {"claim_line_end_date": None}],
    "per_diem_units_not_days": [
        {"hcpcs_code": "S9365", "claim_line_end_date": "2025-08-07", "service_unit_quantity": 8},
        {"hcpcs_code": "A4222", "service_unit_quantity": 60},
    ],
    "per_diems_with_ndc": [{"hcpcs_code": "S9365"}, {"hcpcs_code": "B4185", "ndc_code": "00338064406"}],
    "ndc_in_procedure_code": [{"hcpcs_code": "99601"}, {"hcpcs_code": "0338064"}],
    "ndc_quantity_missing": [{"ndc_code": "00338064406", "ndc_quantity": 10}, {}],
    "unknown_codes": [{"hcpcs_code": "99601"}, {"hcpcs_code": "0042T"}, {"hcpcs_code": None}],
    "modifiers_in_wrong_column": [{"hcpcs_modifier_1": "SH", "hcpcs_modifier_2": "JB"}, {"hcpcs_code": "S9365"}],
    "claims_of_two_members": [
        {"member_id": "MOTHER"}, {"member_id": "MOTHER", "paid_amount": "-100.00"}, {"member_id": "CHILD"},
        {"claim_id": "B"}, {"claim_id": "B", "member_id": "M2", "paid_amount": "0.00"},
    ],
    "members_with_two_ids": [{"member_id": "M1"}, {"claim_id": "B", "member_id": "M10"}],
    "provider_tin_written_two_ways": [
        {"billing_tin_text": "12-3456789"},
        {"claim_id": "C", "billing_tin": "987654321", "billing_tin_text": "987654321"},
    ],
    # Without a TIN anywhere, with another NPI's, and without either.
    "npi_with_and_without_tin": [
        {"billing_npi": "1234567893", "billing_tin": None}, {"claim_id": "B", "billing_npi": "1245319599"},
        {"claim_id": "C", "billing_npi": None}, {"claim_id": "D", "billing_npi": None, "billing_tin": None},
    ],
    # The first and the last month may be cut by the extract.
    "months_below_usual": months(1, 4, 4, 3, 2, 4, 1),
    "months_below_earlier_run": months(2, 4, 1),
    "paid_above_allowed": [{"paid_amount": "100.00"}, {"claim_id": "B", "allowed_amount": None}],
    "allowed_above_charge": [{"charge_amount": "100.00"}, {"claim_id": "B", "charge_amount": "0.00"}],
    "rows_rejected": [{}],
}  # fmt: skip
EARLIER = EarlierRun(
    "r0",
    [
        {"service_month": "2025-01-01", "line_count": 4, "claim_count": 4, "paid_amount": "40.00"},
        {"service_month": "2025-02-01", "line_count": 5, "claim_count": 4, "paid_amount": "70.00"},
    ],
)


def measured(rows: Rows) -> duckdb.DuckDBPyConnection:
    """Measure claims given as typed rows; what a row leaves out takes a typical value."""
    connection = duckdb.connect()
    _create_rows(connection, rows)
    load_all_code_sets(connection, read_local(None))
    load_settings(connection, Settings(), [], period=Period(), is_assumed_in_force=False)
    load_clock(connection, date(2026, 1, 1))
    load_earlier_months(connection, EARLIER)
    steps = load_steps(folder("sql") / "staging", folder("sql") / "quality")
    run_steps(connection, ordered(steps, profile_names()), Progress(is_quiet=True))
    collect_profiles(connection)
    return connection


def _create_rows(connection: duckdb.DuckDBPyConnection, rows: Rows) -> None:
    types = {"source_file": "varchar", "source_row": "bigint", "billing_tin_text": "varchar", "is_rejected": "boolean"}
    types |= {column.name: kinds()[column.kind]["type"] for column in contract_columns()}
    columns = ", ".join(f"{name} {of}" for name, of in types.items())
    connection.execute(f"create table checked_rows ({columns})")
    for number, row in enumerate(rows, start=1):
        given = {**TYPICAL, "is_rejected": False, "source_row": number, **row}
        connection.execute(
            f"insert into checked_rows values ({', '.join('?' * len(types))})", [given.get(name) for name in types]
        )
    rest = [name for name in types if name not in ("billing_tin_text", "is_rejected")]
    rest += [f"{sql} as {name}" for name, sql in derived_columns().items()]
    connection.execute(f"create view typed_rows as select {', '.join(rest)} from checked_rows where not is_rejected")
    connection.execute("create view rejected_rows as select source_file from checked_rows where is_rejected")


def _profile(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[int, int | None, Decimal | None]:
    query = "select line_count, claim_count, paid_amount from data_profiles where name = $name"
    (row,) = connection.execute(query, {"name": name}).fetchall()
    return row


@pytest.mark.parametrize("name", FIRES)
def test_a_profile_measures_what_it_names(name: str) -> None:
    rows, (lines, claims, dollars) = FIRES[name]
    assert _profile(measured(rows), name) == (lines, claims, None if dollars is None else Decimal(dollars))


@pytest.mark.parametrize("name", QUIET)
def test_a_profile_stays_quiet_on_what_only_looks_like_it(name: str) -> None:
    assert _profile(measured(QUIET[name]), name)[0] == 0


@pytest.mark.parametrize(
    ("name", "rows", "months_looked_at"),
    [("months_below_usual", months(4, 4, 1, 4, 4, 0, 4), 5), ("months_below_earlier_run", months(4, 1), 2)],
)
def test_no_more_months_are_thin_than_were_looked_at(name: str, rows: Rows, months_looked_at: int) -> None:
    query = "select population_count, line_percent from data_profiles where name = $name"
    ((looked_at, percent),) = measured(rows).execute(query, {"name": name}).fetchall()
    assert looked_at == months_looked_at
    assert percent <= 100


def test_a_few_old_claims_long_before_the_others_make_thin_months_and_no_dollars() -> None:
    old = [{"claim_id": "OLD", "claim_line_start_date": "2024-02-10"}]
    connection = measured(old + months(9, 9, 9))
    assert _profile(connection, "months_below_usual") == (10, None, None)


def test_every_profile_fires_here_stays_quiet_here_and_is_expected() -> None:
    expected = {expectation.meta.profile for expectation in read_suite("profiles").expectations}
    assert set(profile_names()) == set(FIRES) == set(QUIET) == expected


def test_every_profile_says_what_it_does_to_findings() -> None:
    assert [e.meta.id for e in read_suite("profiles").expectations if len(e.meta.consequence) < 20] == []


def test_where_there_is_nothing_to_look_at_there_is_no_percent() -> None:
    connection = measured([{"charge_amount": None}])
    assert connection.execute("select allowed_above_charge from profile_percents").fetchall() == [(None,)]
