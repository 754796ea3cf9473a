"""Every expectation type in use, on DuckDB through our dialect, against counts made by hand.

Great Expectations does not support DuckDB: what these types count is held here, not assumed.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from audit_lib.database import open_locked
from audit_lib.errors import AuditError
from audit_lib.quality.engine import validate
from audit_lib.quality.results import Result
from audit_lib.quality.suites import SUITES, read_suite
from audit_lib.settings import Settings
from tests.conftest import ROOT
from tests.given_suites import suite

MARK = "MARKERVALUE"
# Six rows: a word twice, one empty, one in a wrong form; amounts with and without a partner.
ROWS = f"""
    select * from (values
        ('A', 1, 'A4222', true, cast(10.00 as decimal(18, 2)), cast(5.00 as decimal(18, 2)), date '2025-08-01'),
        ('A', 2, 'A4222', true, 20.00, 20.00, date '2025-08-02'),
        ('B', 1, null, null, 30.00, null, date '2025-08-03'),
        ('B', 1, '{MARK}', false, -1.00, 5.00, date '2025-08-04'),
        ('C', 1, 'S9365', true, 0.00, 0.01, date '2025-08-05'),
        ('D', 1, '', true, null, 1.00, date '2025-08-06')
    ) as t (claim_id, claim_line_number, code, is_there, amount, most, day)
"""
# Type → kwargs, then by hand: PASS or FAIL, rows looked at, rows otherwise (None where the type counts none).
BY_HAND: dict[str, tuple[dict[str, Any], str, int | None, int | None]] = {
    "expect_column_values_to_not_be_null": ({"column": "code"}, "FAIL", 6, 1),
    "expect_column_values_to_be_in_set": ({"column": "is_there", "value_set": [True]}, "FAIL", 6, 1),
    "expect_column_values_to_be_between": ({"column": "amount", "min_value": 0}, "FAIL", 6, 1),
    "expect_column_values_to_match_regex": ({"column": "code", "regex": "^[A-Z0-9]{5}$"}, "FAIL", 6, 2),
    "expect_column_pair_values_a_to_be_greater_than_b": (
        {"column_A": "amount", "column_B": "most", "or_equal": True}, "FAIL", 6, 2,
    ),
    "expect_compound_columns_to_be_unique": ({"column_list": ["claim_id", "claim_line_number"]}, "FAIL", 6, 2),
    "expect_column_values_to_be_unique": ({"column": "code"}, "FAIL", 6, 2),
    "expect_table_row_count_to_be_between": ({"min_value": 7}, "FAIL", None, None),
}  # fmt: skip
MET: dict[str, dict[str, Any]] = {
    "expect_column_values_to_not_be_null": {"column": "code", "mostly": 0.8},
    "expect_column_values_to_be_in_set": {"column": "is_there", "value_set": [True], "mostly": 0.8},
    "expect_column_values_to_be_between": {"column": "most", "min_value": 0, "strict_min": True, "max_value": 20},
    "expect_column_values_to_match_regex": {"column": "claim_id", "regex": "^[A-D]$"},
    "expect_column_pair_values_a_to_be_greater_than_b": {
        "column_A": "day", "column_B": "day", "or_equal": True,
    },
    "expect_compound_columns_to_be_unique": {"column_list": ["claim_id", "day"]},
    "expect_column_values_to_be_unique": {"column": "day"},
    "expect_table_row_count_to_be_between": {"min_value": 6, "max_value": 6},
}  # fmt: skip


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection locked as a run's is, with the six rows as a view over Parquet."""
    place = tmp_path_factory.mktemp("types")
    with open_locked(Settings(), [], place, place) as opened:
        opened.execute(f"create table given as {ROWS}")
        opened.table("given").write_parquet(str(place / "rows.parquet"))
        opened.read_parquet(str(place / "rows.parquet")).create_view("rows_given")
        yield opened


@pytest.fixture(scope="module")
def counted(connection: duckdb.DuckDBPyConnection) -> dict[str, Result]:
    results = validate(connection, suite(*[(of, kwargs) for of, (kwargs, *_) in BY_HAND.items()]))
    return dict(zip(BY_HAND, results, strict=True))


def test_every_type_in_use_is_counted_here_by_hand() -> None:
    used = {expectation.type for name in SUITES for expectation in read_suite(name).expectations}
    assert used == set(BY_HAND) == set(MET)


@pytest.mark.parametrize("of", BY_HAND)
def test_counts_are_those_made_by_hand(of: str, counted: dict[str, Result]) -> None:
    _, status, looked_at, otherwise = BY_HAND[of]
    result = counted[of]
    assert (result.status, result.element_count, result.unexpected_count) == (status, looked_at, otherwise)


def test_what_is_met_passes(connection: duckdb.DuckDBPyConnection) -> None:
    results = validate(connection, suite(*MET.items()))
    assert [result.status for result in results] == ["PASS"] * len(MET)


def test_percent_is_of_the_rows_with_a_value(counted: dict[str, Result]) -> None:
    assert counted["expect_column_values_to_be_in_set"].unexpected_percent == 20.0
    assert counted["expect_column_values_to_not_be_null"].unexpected_percent == pytest.approx(16.6667)


def test_no_result_holds_a_value_of_a_row(counted: dict[str, Result]) -> None:
    text = json.dumps([result.as_dict() for result in counted.values()])
    assert MARK not in text
    assert "2025-08" not in text


def test_a_tolerated_count_passes_whatever_its_share(connection: duckdb.DuckDBPyConnection) -> None:
    given = ("expect_column_values_to_not_be_null", {"column": "code"})
    (one,) = validate(connection, suite(given, tolerated=1))
    assert (one.status, one.unexpected_count) == ("PASS", 1)


def test_what_cannot_be_evaluated_is_an_error_and_no_failure(
    connection: duckdb.DuckDBPyConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    results = validate(
        connection,
        suite(
            ("expect_column_values_to_not_be_null", {"column": "no_such_column"}),
            ("expect_column_values_to_match_regex", {"column": "code", "regex": "(unclosed"}),
            ("expect_column_values_to_not_be_null", {"column": "claim_id"}),
        ),
    )
    assert [result.status for result in results] == ["ERROR", "ERROR", "PASS"]
    said = capsys.readouterr()
    assert MARK not in said.out + said.err + json.dumps([r.as_dict() for r in results])


def test_a_misspelt_type_is_refused_with_the_nearest(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(AuditError, match="Did you mean expect_column_values_to_not_be_null") as caught:
        validate(connection, suite(("expect_column_values_to_not_be_nul", {"column": "code"})))
    assert caught.value.exit_code == 10


@pytest.mark.parametrize("kwargs", [{"colum": "code"}, {"column": "code", "mostly": 2}], ids=["misspelt", "impossible"])
def test_a_dropped_expectation_is_refused(connection: duckdb.DuckDBPyConnection, kwargs: dict[str, Any]) -> None:
    with pytest.raises(AuditError, match="one_0") as caught:
        validate(connection, suite(("expect_column_values_to_not_be_null", kwargs)))
    assert caught.value.exit_code == 10


def test_the_process_is_left_as_it_was(connection: duckdb.DuckDBPyConnection, counted: dict[str, Result]) -> None:
    """Nothing is logged upwards, and the connection stays open."""
    assert counted
    assert logging.getLogger("great_expectations").propagate is False
    assert connection.execute("select count(*) from rows_given").fetchall() == [(6,)]


def test_warnings_go_where_they_went_and_nothing_is_written_at_home(tmp_path: Path) -> None:
    """In a process of its own: what is imported once is imported for all tests."""
    code = (
        "import duckdb, warnings; before = warnings.showwarning\n"
        "from audit_lib.quality.engine import validate; from tests.given_suites import suite\n"
        "connection = duckdb.connect(); connection.execute('create table rows_given as select 1 as claim_id')\n"
        "validate(connection, suite(('expect_column_values_to_not_be_null', {'column': 'claim_id'})))\n"
        "assert warnings.showwarning is before"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"HOME": str(tmp_path)}, cwd=ROOT, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
