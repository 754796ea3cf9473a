"""Suppression of small cells, together with whatever would let them be derived.

A cell is one category of a dimension (a rule, a month, a provider, a code) under one measure: its lines and dollars.
Cells of 1 to 10 members, or with the dollars of 1 to 10, are withheld, as the cell size policy of the Centers for
Medicare & Medicaid Services asks (no cell of 1 to 10, and no figure from which one can be computed). The steps, after
Statistical Policy Working Paper 22 of the Federal Committee on Statistical Methodology (primary suppression,
complementary suppression, audit):

1. Every cell of 1 to 10 members is withheld; so is whatever stands past the largest categories shown.
2. A reader can always compute what is withheld in a table, together: total less the rest. So the withheld cells are
   at least two and have at least 11 members together; where they have not, the shown cell with the fewest lines joins.
3. Tables over the same lines can be set against each other: `audit_lib.sharing.derivation`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

LEAST_MEMBERS = 11
SHOWN_CATEGORIES = 20
_RANKED = ("provider", "code")


@dataclass
class Cell:
    """One category with what stands behind it; `small_members` are those of a cell of 1 to 10.

    Payers are the members on whose lines there are dollars; `small_payers` are those of a cell with fewer than 11.
    """

    category: str
    label: str
    member_count: int
    line_count: int
    amount: Decimal
    small_members: frozenset[str] = frozenset()
    payer_count: int = 0
    small_payers: frozenset[str] = frozenset()

    @property
    def is_small(self) -> bool:
        """Tell whether too few members stand behind the cell, or behind its dollars."""
        return self.member_count < LEAST_MEMBERS or 0 < self.payer_count < LEAST_MEMBERS


@dataclass
class SharedTable:
    """The cells of one dimension: those shown, and those withheld, which are shown as one."""

    dimension: str
    shown: list[Cell] = field(default_factory=list)
    withheld: list[Cell] = field(default_factory=list)

    @property
    def withheld_line_count(self) -> int:
        """Return the lines of all withheld cells together."""
        return sum(cell.line_count for cell in self.withheld)

    @property
    def withheld_amount(self) -> Decimal:
        """Return the US dollars of all withheld cells together."""
        return sum((cell.amount for cell in self.withheld), Decimal("0.00"))

    def withhold_one_more(self) -> None:
        """Withhold the shown cell with the fewest lines as well."""
        self.withhold(min(self.shown, key=lambda cell: (cell.line_count, cell.category)))

    def withhold(self, cell: Cell) -> None:
        """Withhold one of the shown cells."""
        self.shown.remove(cell)
        self.withheld.append(cell)

    def withhold_until_safe(self) -> None:
        """Withhold more cells until what is withheld is several cells of enough members together."""
        while not self.is_safe() and self.shown:
            self.withhold_one_more()

    def is_safe(self) -> bool:
        """Tell whether what is withheld is none, or several cells of enough members together."""
        if not self.withheld:
            return True
        return len(self.withheld) > 1 and has_enough_members(self.withheld)


def suppressed(dimension: str, cells: list[Cell]) -> SharedTable:
    """Return the table of one dimension whose total may be shown (steps 1 and 2)."""
    ranked = sorted(cells, key=lambda cell: (-cell.amount, -cell.line_count, cell.category))
    table = SharedTable(dimension)
    for place, cell in enumerate(ranked):
        is_past_the_last = dimension in _RANKED and place >= SHOWN_CATEGORIES
        (table.withheld if cell.is_small or is_past_the_last else table.shown).append(cell)
    table.withhold_until_safe()
    return table


def has_enough_members(cells: list[Cell]) -> bool:
    """Tell whether at least 11 members stand behind some cells together, and none or at least 11 behind the dollars."""
    members = frozenset[str]().union(*(cell.small_members for cell in cells))
    payers = frozenset[str]().union(*(cell.small_payers for cell in cells))
    has_members = any(c.member_count >= LEAST_MEMBERS for c in cells) or len(members) >= LEAST_MEMBERS
    has_payers = any(c.payer_count >= LEAST_MEMBERS for c in cells) or len(payers) >= LEAST_MEMBERS
    return has_members and (has_payers or not payers)
