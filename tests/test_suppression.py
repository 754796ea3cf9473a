"""What shared reports withhold: small cells, what they could be computed from, and patterns of few members."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pandas as pd
import pytest

from audit_lib.resources import folder
from audit_lib.sharing.derivation import withhold_what_can_be_derived
from audit_lib.sharing.references import shown_patterns
from audit_lib.sharing.suppression import Cell, SharedTable, suppressed


def _made(counts: dict[str, int], first: int = 0) -> list[Cell]:
    """Cells of as many members, none of them in two."""
    cells = []
    for name, count in counts.items():
        members = frozenset(f"m{first + n}" for n in range(count)) if count < 11 else frozenset[str]()
        cells.append(Cell(name, name, count, count, Decimal(count), members))
        first += count
    return cells


TABLES = {
    "nothing is small": ({"a": 11, "b": 12}, {"a", "b"}),
    "one alone would be total less the rest": ({"a": 10, "b": 30, "c": 11}, {"b"}),
    "two of eleven together": ({"a": 10, "b": 30, "c": 1}, {"b"}),
    "two of ten together": ({"a": 9, "b": 30, "c": 1, "d": 12}, {"b"}),
    "all are small": ({"a": 5, "b": 5, "c": 5}, set()),
}


@pytest.mark.parametrize("name", TABLES)
def test_what_is_withheld_is_several_cells_of_eleven_members(name: str) -> None:
    counts, shown = TABLES[name]
    table = suppressed("rule", _made(counts))
    assert {cell.category for cell in table.shown} == shown
    assert table.is_safe()
    assert sum(cell.amount for cell in table.shown) + table.withheld_amount == sum(counts.values())


def test_the_same_few_members_in_several_cells_are_still_few() -> None:
    members = frozenset(f"m{n}" for n in range(8))
    cells = [Cell(name, name, 8, 8, Decimal(8), members) for name in ("a", "b")] + _made({"c": 20, "d": 30})
    assert [cell.category for cell in suppressed("rule", cells).shown] == ["d"]


def test_providers_past_the_twentieth_join_what_is_withheld() -> None:
    table = suppressed("provider", _made({f"p{n:02}": 50 - n for n in range(25)}))
    assert len(table.shown) == 20 and len(table.withheld) == 5


def test_a_code_that_a_rule_gives_away_is_withheld() -> None:
    """Rule r stands on code x alone but for one line: code x less rule r is that line."""
    members = [*[("r", "x", f"m{n}") for n in range(20)], ("s", "x", "few"), *[("s", "y", f"o{n}") for n in range(30)]]
    patterns = pd.DataFrame(members, columns=["rule", "code", "member_id"])
    rules = SharedTable("rule", shown=_made({"r": 20, "s": 31}))
    codes = SharedTable("code", shown=_made({"x": 21, "y": 30}))
    withhold_what_can_be_derived([rules, codes], patterns)
    assert codes.shown == []
    assert [cell.category for cell in rules.shown] == ["r", "s"]


def _paid_of(name: str, members: int, payers: int, first: int) -> Cell:
    """A cell of as many members, of whom `payers` have dollars on its lines."""
    own = frozenset(f"m{first + n}" for n in range(members))
    paid = frozenset(f"m{first + n}" for n in range(payers))
    return Cell(name, name, members, members, Decimal(payers), own, payers, paid)


PAID = {
    "dollars of all": ([_paid_of("a", 12, 12, 0), _paid_of("b", 30, 30, 50)], {"a", "b"}),
    "no dollars at all": ([_paid_of("a", 12, 0, 0), _paid_of("b", 30, 30, 50)], {"a", "b"}),
    "dollars of three in a cell of twelve": (
        [_paid_of("a", 12, 3, 0), _paid_of("b", 30, 30, 50), _paid_of("c", 11, 11, 90)], {"b"}),
    "dollars of five beside twelve without any": (
        [_paid_of("a", 12, 0, 0), _paid_of("b", 5, 5, 50), _paid_of("c", 20, 20, 60), _paid_of("d", 30, 30, 90)],
        {"d"}),
}  # fmt: skip


@pytest.mark.parametrize("name", PAID)
def test_lines_without_a_dollar_hide_nobody_s_dollars(name: str) -> None:
    cells, shown = PAID[name]
    table = suppressed("rule", cells)
    assert {cell.category for cell in table.shown} == shown


def test_a_difference_of_dollars_of_few_is_withheld_though_its_lines_are_of_many() -> None:
    """Code x less rule r is twelve members, two of them with dollars."""
    rows = [
        *[("r", "x", f"m{n}", True) for n in range(20)],
        *[("s", "x", f"f{n}", n < 2) for n in range(12)],
        *[("s", "y", f"o{n}", True) for n in range(30)],
    ]
    patterns = pd.DataFrame(rows, columns=["rule", "code", "member_id", "has_dollars"])
    rules = SharedTable("rule", shown=_made({"r": 20, "s": 42}))
    codes = SharedTable("code", shown=_made({"x": 32, "y": 30}))
    withhold_what_can_be_derived([rules, codes], patterns)
    assert codes.shown == []
    everybody = patterns.assign(has_dollars=True)
    codes = SharedTable("code", shown=_made({"x": 32, "y": 30}))
    withhold_what_can_be_derived([SharedTable("rule", shown=_made({"r": 20, "s": 42})), codes], everybody)
    assert len(codes.shown) == 2


def test_tables_that_give_nothing_away_stay_as_they_are() -> None:
    members = [(rule, code, f"{rule}{code}{n}") for rule in "rs" for code in "xy" for n in range(15)]
    patterns = pd.DataFrame(members, columns=["rule", "code", "member_id"])
    tables = [SharedTable(d, shown=_made(dict.fromkeys(names, 30))) for d, names in (("rule", "rs"), ("code", "xy"))]
    withhold_what_can_be_derived(tables, patterns)
    assert [len(table.shown) for table in tables] == [2, 2]


def test_patterns_leave_no_few_members_over() -> None:
    patterns = {("a",): 20, ("b",): 15, ("a", "b"): 3}
    assert shown_patterns(patterns, set()) == set()
    assert shown_patterns({**patterns, ("a", "b"): 11, ("c",): 11}, set()) == {("a",), ("b",), ("a", "b"), ("c",)}
    assert shown_patterns({("a|x",): 20, ("b|x",): 15}, {("a", "x")}) == {("b|x",)}


def _shared(tables: duckdb.DuckDBPyConnection, name: str, members: int, payers: int) -> duckdb.DuckDBPyRelation:
    """A table of the lines of so many members, of whom so many have dollars there."""
    tables.execute(
        f"""
        create or replace table shared_lines as
        select
            'overpayment' as measure, 'r' as rule_category, 'R' as rule_label, '2025-08' as month_category,
            'Aug 2025' as month_label, 'p' as provider_category, 'P' as provider_label, 'x' as code_category,
            'X' as code_label, 'c' || n as claim_id, 'm' || n as member_id,
            case when n < {payers} then 5.00 else 0.00 end as amount
        from range({members}) as numbers (n)
        """
    )
    return tables.sql((folder("sql") / "sharing" / f"{name}.sql").read_text("utf-8"))


def test_who_has_dollars_is_told_apart_from_who_has_lines() -> None:
    with duckdb.connect() as tables:
        columns = "member_count, payer_count, list_sort(small_payers)"
        cells = _shared(tables, "shared_cells", 12, 3).filter("dimension = 'code'").project(columns).fetchall()
        assert cells == [(12, 3, ["m0", "m1", "m2"])]
        paid = _shared(tables, "shared_patterns", 12, 3).filter("has_dollars").project("member_id").fetchall()
    assert sorted(paid) == [("m0",), ("m1",), ("m2",)]


# Members with lines, members with dollars → how many of either are named, so that small cells can be counted together.
@pytest.mark.parametrize(
    ("members", "payers", "expected"), [(10, 10, (10, 10)), (11, 10, (None, 10)), (11, 11, (None, None))]
)
def test_a_cell_names_its_members_up_to_ten(members: int, payers: int, expected: tuple[int | None, ...]) -> None:
    with duckdb.connect() as tables:
        cells = _shared(tables, "shared_cells", members, payers)
        assert cells.project("len(small_members), len(small_payers)").distinct().fetchall() == [expected]
