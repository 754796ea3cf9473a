"""What can be computed by setting suppressed tables against each other, and what is withheld on account of it.

Every figure shown is a sum over lines: of one category, or of all that a table withholds. A sum over other lines can
be computed from them exactly if it is a linear combination of them. That is tried, as the audit step of Statistical
Policy Working Paper 22 does, for a reader who knows which combinations of categories do not occur at all:

* for every withheld cell of 1 to 10 members, and for those of a table together where they are as few;
* for what any two tables have in common (a code within a rule, a month outside of one), of 1 to 10 members.

It is tried for lines, and again for dollars, for which only the members count who have some: lines of eleven members
can hold the dollars of two.

Where one can be computed, a category that it is computed from is withheld too, and all is tried again.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from audit_lib.sharing.suppression import LEAST_MEMBERS, SharedTable, has_enough_members

# Where two tables betray something together, the one named first gives up a category.
_FIRST_TO_GIVE_UP = ("code", "provider", "month", "rule")
Numbers = NDArray[np.int64]


def withhold_what_can_be_derived(tables: list[SharedTable], patterns: pd.DataFrame) -> None:
    """Withhold more categories of the tables until nothing on 1 to 10 members is a combination of what they show.

    `patterns` has a column per dimension, `member_id` and, where lines can be without dollars, `has_dollars`: the
    combinations of categories that occur, by member.
    """
    by_dimension = {table.dimension: table for table in tables}
    while (found := _betraying(tables, patterns)) is not None:
        _give_up(by_dimension, found)


def betrays_something(tables: list[SharedTable], patterns: pd.DataFrame) -> bool:
    """Tell whether something on 1 to 10 members is a combination of what the tables show."""
    return _betraying(tables, patterns) is not None


def _betraying(tables: list[SharedTable], patterns: pd.DataFrame) -> dict[str, int] | None:
    """Return which sums betray something of lines, else of dollars; nothing where none does."""
    found = _first_derivable(_Published(tables, patterns), tables)
    if found is None and "has_dollars" in patterns:
        found = _first_derivable(_Published(tables, patterns[patterns["has_dollars"]]), tables)
    return found


class _Published:
    """The sums that tables show, as sets of patterns: number 0 of a table is what it withholds together."""

    def __init__(self, tables: list[SharedTable], patterns: pd.DataFrame) -> None:
        dimensions = [table.dimension for table in tables]
        self.members = patterns.assign(**{f"sum_{t.dimension}": _numbered(t, patterns) for t in tables})
        self.patterns = self.members.drop_duplicates(dimensions)
        self.sums: dict[str, Numbers] = {d: self.patterns[f"sum_{d}"].to_numpy() for d in dimensions}
        self._sizes = {d: int(numbers.max(initial=0)) + 1 for d, numbers in self.sums.items()}
        self._inverse = np.linalg.pinv(self._common_patterns(), hermitian=True)

    def _common_patterns(self) -> NDArray[np.float64]:
        """Return how many patterns each two sums have in common."""
        return np.block([[self._table(one, other) for other in self.sums] for one in self.sums])

    def _table(self, one: str, other: str) -> NDArray[np.float64]:
        high, wide = self._sizes[one], self._sizes[other]
        pairs = self.sums[one] * wide + self.sums[other]
        return np.bincount(pairs, minlength=high * wide).reshape(high, wide).astype(float)

    def can_derive(self, wanted: NDArray[np.bool_]) -> bool:
        """Tell whether a set of patterns is a linear combination of the sums, by least squares."""
        count = int(wanted.sum())
        common = np.concatenate(
            [np.bincount(numbers[wanted], minlength=self._sizes[d]) for d, numbers in self.sums.items()]
        ).astype(float)
        return bool(count) and count - float(common @ self._inverse @ common) < 1e-6 * count


def _numbered(table: SharedTable, patterns: pd.DataFrame) -> Numbers:
    numbers = {cell.category: number for number, cell in enumerate(table.shown, start=1)}
    return np.array([numbers.get(str(category), 0) for category in patterns[table.dimension]], np.int64)


def _first_derivable(published: _Published, tables: list[SharedTable]) -> dict[str, int] | None:
    """Return which sums of which tables betray something, as dimension and number; nothing where none does."""
    for table in tables:
        for categories in _withheld_groups(table):
            wanted = published.patterns[table.dimension].isin(categories).to_numpy()
            if table.shown and published.can_derive(wanted):
                return {table.dimension: 0}
    for (one, other), (first, second) in _small_intersections(published):
        if published.can_derive((published.sums[one] == first) & (published.sums[other] == second)):
            return {one: first, other: second}
    return None


def _withheld_groups(table: SharedTable) -> Iterator[set[str]]:
    """Yield the categories of each withheld cell of 1 to 10 members, and of all of them where they are as few."""
    small = [cell for cell in table.withheld if cell.is_small]
    yield from ({cell.category} for cell in small)
    if len(small) > 1 and not has_enough_members(small):
        yield {cell.category for cell in small}


def _small_intersections(published: _Published) -> Iterator[tuple[tuple[str, str], tuple[int, int]]]:
    """Yield each two sums of two tables that 1 to 10 members have in common."""
    for one, other in combinations(published.sums, 2):
        counts = published.members.groupby([f"sum_{one}", f"sum_{other}"])["member_id"].nunique()
        for key in counts.index[counts < LEAST_MEMBERS]:
            yield (one, other), (int(key[0]), int(key[1]))


def _give_up(tables: dict[str, SharedTable], betraying: dict[str, int]) -> None:
    """Withhold one more category: one that betrays something, else the one with the fewest lines."""
    order = [name for name in _FIRST_TO_GIVE_UP if name in betraying and tables[name].shown]
    order += [name for name in _FIRST_TO_GIVE_UP if name in tables and tables[name].shown and name not in order]
    name = next((name for name in order if betraying.get(name)), order[0])
    if number := betraying.get(name):
        tables[name].withhold(tables[name].shown[number - 1])
    else:
        tables[name].withhold_one_more()
    tables[name].withhold_until_safe()
