"""What no SQL of the project has and a plan's own may: the tests ask it of both engines."""

from __future__ import annotations

# Over the tables of `test_spark_text`, the first column a row's key.
OTHER_SELECTS = {
    "only_first": "select gap from numbers except select number from numbers",
    "in_both": "select gap from numbers intersect select number from numbers",
    "first_of_kind": "select * from numbers qualify row_number() over (partition by is_even order by number, gap) = 1",
    "compared": """
        select number, gap, number is not distinct from gap as is_same, number is distinct from gap as is_other
        from numbers
    """,
}
