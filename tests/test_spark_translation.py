"""SQL that Spark might answer otherwise is refused before it runs; the project's own has none."""

from __future__ import annotations

import pytest
import sqlglot

from audit_lib.errors import AuditError
from audit_lib.pipeline import Step, load_steps
from audit_lib.resources import folder
from audit_lib.spark.losses import PROVEN, losses
from audit_lib.spark.translation import to_spark
from tests.other_selects import OTHER_SELECTS

LOST = {
    "select list(a order by b) from t": 'has "ARRAY_AGG(a ORDER BY b)"',
    "select first(a order by b) from t": 'has "FIRST(a ORDER BY b)"',
    "select sum(a order by b) from t": "has an ordered aggregate",
    "select array_agg(a) from t": 'has "ARRAY_AGG(a)"',
    "select unheard_of(a) from t": 'has "unheard_of(a)"',
    "select random() from t": 'has "RANDOM()"',
    "select a / 2 from t": 'has "a / 2"',
    "select cast(a as double) from t": "has a floating or nested type",
    "select cast(a as integer[]) from t": "has a floating or nested type",
    "select a * 1e3 from t": "has a floating number",
    "select [a, b] from t": 'has "[a, b]"',
    "select {'a': a} from t": "has \"{'a': a}\"",
    "select a from t limit 1": 'has "LIMIT 1"',
    "select a from t fetch first 1 rows only": 'has "FETCH FIRST 1 ROWS ONLY"',
    "select a from t offset 5": 'has "OFFSET 5"',
    "select a from t using sample 1": 'has "TABLESAMPLE',
    "select distinct on (a) a, b from t": 'has "DISTINCT ON (a)"',
    "select t.a from t asof join u on t.a >= u.a": 'has "ASOF JOIN u ON t.a >= u.a"',
    "select t.a from t positional join u": 'has "POSITIONAL JOIN u"',
    "select regexp_replace(a, 'b', 'c') from t": "has regexp_replace without 'g' alone",
    "select regexp_replace(a, 'b', 'c', 'gi') from t": "has regexp_replace without 'g' alone",
    "select regexp_matches(a, 'b', 'i') from t": "has \"REGEXP_MATCHES(a, 'b', 'i')\"",
    "select a ilike 'b' from t": "has \"a ILIKE 'b'\"",
    "select a glob 'b*' from t": "has \"a GLOB 'b*'\"",
    "select a similar to 'b' from t": "has \"a SIMILAR TO 'b'\"",
    "select a[1] from t": 'has "a[1]"',
    "select b at time zone 'UTC' from t": "has \"b AT TIME ZONE 'UTC'\"",
    "select a from t union by name select b as a from t": 'has "SELECT a FROM t UNION BY NAME SELECT b AS a FROM t"',
    "select * replace (1 as a) from t": 'has "* REPLACE (1 AS a)"',
    "select * rename (a as b) from t": 'has "* RENAME (a AS b)"',
    "select upper(a) from t": "has upper of text that may hold other letters",
    "select upper(regexp_replace(a, '[^A-Zß]', ' ', 'g')) from t": "has upper of text that may hold other letters",
    "select left(a, -1) from t": "takes a part of a text by places that are not written out, from 1 on",
    "select substr(a, 0, 2) from t": "takes a part of a text by places that are not written out, from 1 on",
    "select right(a, b) from t": "takes a part of a text by places that are not written out, from 1 on",
    "select regexp_matches(a, '\\d') from t": "has a regular expression of more than letters",
    "select regexp_matches(a, '(?i)b') from t": "has a regular expression of more than letters",
    "select regexp_matches(a, 'b.') from t": "has a regular expression of more than letters",
    "select regexp_matches(a, '[[:alpha:]]') from t": "has a regular expression of more than letters",
    "select regexp_matches(a, '[a&&b]') from t": "has a regular expression of more than letters",
    "select regexp_matches(a, b) from t": "has a regular expression that is not written out",
    "select regexp_replace(a, '(b)', '\\1', 'g') from t": "has regexp_replace by more than plain text",
    "select regexp_replace(a, 'b', '$1', 'g') from t": "has regexp_replace by more than plain text",
    "select regexp_replace(a, 'b*', '-', 'g') from t": "has regexp_replace of what may be empty",
    "select date_diff('month', a, b) from t": "counts months, weeks or years between dates",
    "select string_agg(a, ',') from t": "joins texts in no order",
    "select a like 'b!%' escape '!' from t": "has \"a LIKE 'b!%' ESCAPE '!'\"",
    "select a from t where a = $b": 'has "$b"',
}


@pytest.mark.parametrize("sql", LOST)
def test_what_may_mean_something_else_is_refused(sql: str) -> None:
    with pytest.raises(AuditError, match=r"plan_rule\.sql cannot run on Spark") as caught:
        to_spark(Step("plan_rule", sql, frozenset({"t"})))
    assert caught.value.exit_code == 10
    assert LOST[sql] in caught.value.message


KEPT = {
    "select date_diff('day', a, b) from t": "datediff(day, `a`, `b`)",
    "select a from t order by a": "order by `a` nulls last",
    "select row_number() over (order by a desc) from t": "order by `a` desc)",
    "select string_agg(a, ',' order by b) from t": "within group (order by `b` nulls last)",
    "select a // 2 from t": "`a` div 2",
    "select unnest(generate_series(1, 3)) as a": "explode(sequence(1, 3))",
    "select regexp_replace(a, '[^A-Z.]', ' ', 'g') from t": "regexp_replace(`a`, '[^a-z.]', ' ')",
    "select regexp_matches(a, '^([$]|[0-9]+)$') from t": "rlike '^([$]|[0-9]+)\\\\z'",
    "select a like 'b%' from t": "`a` like 'b%' from",
    "select a like b from t": "`a` like `b` escape '\uffff'",
    "select a like 'b\\%' from t": "`a` like 'b\\\\%' escape '\uffff'",
    "select lower(a) from t": "lower(translate(`a`, '\u0130\u03a3', 'i\u03c3'))".lower(),
    "select trim(a) from t": "trim(' \u00a0",
    "select min_by(a, b) from t": "min_by(`a`, case when not `a` is null then `b` end)",
}


@pytest.mark.parametrize("sql", KEPT)
def test_the_meaning_is_kept(sql: str) -> None:
    assert KEPT[sql] in to_spark(Step("step", sql, frozenset({"t"}))).lower()


def test_columns_take_the_types_that_duckdb_gives_them() -> None:
    query = to_spark(Step("step", "select a from t", frozenset({"t"})), {"a": "DECIMAL(18, 2)"})
    assert query == "SELECT CAST(`a` AS DECIMAL(18, 2)) AS `a` FROM (SELECT `a` FROM `t`) AS `step`"


def test_what_a_select_may_have_is_asked_of_both_engines_and_no_step_is_refused() -> None:
    parts = [folder("sql") / part for part in ("staging", "facts", "rules", "exposure")]
    trees = {name: sqlglot.parse_one(step.sql, read="duckdb") for name, step in load_steps(*parts).items()}
    trees |= {name: sqlglot.parse_one(sql, read="duckdb") for name, sql in OTHER_SELECTS.items()}
    assert {name: losses(tree) for name, tree in trees.items() if losses(tree)} == {}
    assert {type(node).__name__ for tree in trees.values() for node in tree.walk()} == PROVEN
