"""Text, numbers and days that engines may take otherwise: Spark answers as DuckDB does, on any of them."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import duckdb
import pytest

from audit_lib.pipeline import Step
from audit_lib.progress import Progress
from audit_lib.settings import Settings
from audit_lib.spark.engine import SparkEngine
from tests.both_engines import ENGINES, run, unlike
from tests.other_selects import OTHER_SELECTS
from tests.planted_text import MARKS, OUT_OF_SCOPE, PAYERS, write_directory, write_table

pytestmark = pytest.mark.spark

# The characters of the first plane and all that have two cases: each alone, within and around other text. Those that
# Unicode has had for some years (Python's tables say which): of newer ones either engine may not know the lower case.
LETTERS = [chr(n) for n in range(1, 0x20000) if unicodedata.category(chr(n)) not in ("Cn", "Cs")]
TEXTS = r"""
    create table texts as
    with letters as (select unnest($letters) as letter)
    select letter as text from letters where ascii(letter) < 65536 or lower(letter) <> upper(letter)
    union all select 'S1' || letter || 'Σ' from letters where ascii(letter) < 16384
    union all select letter || 'S1234' || letter from letters where ascii(letter) < 16384
    union all select unnest([
        '', 'ΟΔΟΣ', 'ΟΔΟΣ ΟΔΟΣ', 'ΣΑΣ.', 'İSTANBUL', 'e' || chr(769), '👨‍👩‍👧x', 'S1234' || chr(10),
        '50\%', 'a%\', '\', null
    ])
"""
OF_TEXTS = {
    "lowered": "lower(text)",
    "trimmed": "trim(text)",
    "trimmed_twice": "trim(concat_ws('_', trim(text), trim(text)))",
    "lowered_in_like": "lower(text) like lower('%' || text)",
    "trimmed_left": "ltrim(text)",
    "trimmed_right": "rtrim(text)",
    "count_of_characters": "length(text)",
    "first_two": "left(text, 2)",
    "last_two": "right(text, 2)",
    "second": "substr(text, 2, 1)",
    "padded": "lpad(text, 4, '0')",
    "plain": "upper(regexp_replace(text, '[^A-Za-z0-9.%]', ' ', 'g'))",
    "one_space": "regexp_replace(text, ' +', '_', 'g')",
    "is_code": "regexp_matches(text, '^S[0-9]{4}$')",
    "is_letter_or_code": "regexp_matches(text, '^([^$ ]|[A-Z]+[0-9]*)$')",
    "has_percent": r"text like '%\%'",
    "is_like_itself": "text like text",
    "is_five_long": "text like '_____'",
    "first_word": "split_part(text, ' ', 1)",
    "replaced": "replace(text, 'S', 'ß')",
    "joined": "concat_ws(',', text, null, '', text)",
    "digest": "sha256(text || '|' || text)",
    "place": "row_number() over (order by text)",
    "place_from_behind": "row_number() over (order by text desc)",
}
NUMBERS = """
    create table numbers as
    select
        number, nullif(number, 3) as gap, number % 2 = 0 as is_even,
        cast(number * 1000000.005 as decimal(18, 3)) as units, date '2024-02-29' + cast(number * 31 as integer) as day
    from range(-40, 41) as numbers (number)
    union all select null, 1, null, null, null
    union all select 9223372036854775807, null, true, 999999999999999.999, date '1900-01-01'
    union all select -9223372036854775807, null, true, -999999999999999.999, date '2099-12-31'
"""
OF_NUMBERS = {
    "number": "number",
    "halved": "number // 2",
    "halved_below": "number // -2",
    "rest": "number % 7",
    "most": "greatest(number, gap, 0)",
    "least": "least(number, gap)",
    "cents": "cast(units as decimal(18, 2))",
    "as_text": "cast(units as varchar) || cast(day as varchar) || cast(is_even as varchar)",
    "product": "cast(units as decimal(22, 3)) * 1000",
    "whole": "cast(cast(number as decimal(20, 1)) * 0.5 as bigint)",
    "whole_of_units": "cast(units as bigint)",
    "day_after": "cast(day + interval 1 day as date)",
    "month_after": "cast(day + interval 1 month as date)",
    "first_of_month": "cast(date_trunc('month', day) as date)",
    "last_of_month": "last_day(day)",
    "days": "date_diff('day', date '2024-02-29', day)",
    "made": "make_date(year(day), month(day), 1)",
    "days_of_month": "day(day)",
    "place": "row_number() over (order by gap, number)",
    "place_from_behind": "row_number() over (order by gap desc, number desc nulls first)",
    "rank": "rank() over (order by gap)",
    "before": "lag(gap) over (order by number)",
    "first": "first_value(gap) over (order by number)",
    "sum_so_far": "sum(units) over (order by number rows between unbounded preceding and current row)",
}
GROUPED = {
    "is_even": "is_even",
    "total": "cast(sum(units) as decimal(38, 3))",
    "first_gap": "min_by(gap, number)",
    "texts": "string_agg(cast(number as varchar), ',' order by number)",
    "any_gap": "bool_or(gap > 0)",
    "all_gaps": "bool_and(gap > 0)",
    "count_of_gaps": "count(distinct gap)",
}


def _select(columns: dict[str, str], table: str, rest: str = "") -> Step:
    listed = ", ".join(f"{expression} as {name}" for name, expression in columns.items())
    return Step(f"of_{table}{rest[:5].strip()}", f"select {listed} from {table} {rest}", frozenset({table}))


STEPS = [
    _select({"text": "text", **OF_TEXTS}, "texts"),
    _select(OF_NUMBERS, "numbers"),
    _select(GROUPED, "numbers", "group by is_even"),
    *[Step(name, sql, frozenset({"numbers"})) for name, sql in OTHER_SELECTS.items()],
]


def test_text_numbers_and_days_mean_the_same(spark: Any, tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(TEXTS, {"letters": LETTERS})
        connection.execute(NUMBERS)
        engine = SparkEngine(connection, spark, tmp_path / "exchange", Progress(is_quiet=True))
        engine.run(STEPS)
        engine.fetch([step.name for step in STEPS])
        assert connection.table("of_texts").count("*").fetchall()[0][0] > 80_000
        for step in STEPS:
            connection.execute(f"create table expected as {step.sql}")
            columns = connection.table("expected").columns
            assert connection.table(step.name).columns == columns
            unlike = {name: _unlike(connection, step.name, name, columns[0]) for name in columns}
            assert {name: rows for name, rows in unlike.items() if rows} == {}, step.name
            connection.execute("drop table expected")


def _unlike(connection: duckdb.DuckDBPyConnection, table: str, column: str, key: str) -> list[Any]:
    """Return some rows of a table that the other does not have, in one column."""
    rows = [f"select {key} as key, {column} as value from {name}" for name in (table, "expected")]
    left, right = (f"({first} except all {second})" for first, second in (rows, rows[::-1]))
    return connection.execute(f"select * from ({left} union all {right}) order by all limit 20").fetchall()


def test_text_planted_in_every_column_of_a_table_gives_the_same_files(spark: Any, tmp_path: Path) -> None:
    """The claims come out of a DuckDB file, so that this holds Spark to a database's rows too."""
    write_table(tmp_path / "claims.duckdb")
    settings = Settings(policy_applies_to={"payer": PAYERS}, ndc_directory=write_directory(tmp_path))
    asked = {"table": "claims", "settings": settings, "with_quality": False}
    runs = {engine: run(tmp_path / "claims.duckdb", tmp_path, engine, **asked) for engine in ENGINES}
    assert unlike(runs) == []
    findings = duckdb.read_parquet(str(runs["spark"] / "findings.parquet"))
    found = {mark for mark in MARKS if findings.filter(f"ends_with(claim_id, {_literal(mark)})").limit(1).fetchall()}
    assert found == {*MARKS} - {OUT_OF_SCOPE}
    lines = duckdb.read_parquet(str(runs["spark"] / "claim_lines.parquet"))
    assert lines.filter("drug_name = 'Heparin Lock'").limit(1).fetchall(), "blanks around its parts are not its name's"
    assert set(lines.project("source_file").distinct().fetchall()) == {("claims.duckdb table claims",)}


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
