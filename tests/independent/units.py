"""Lines of which units, not days, are in question."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tests.independent.lines import Line, cents


def counted(line: Line) -> Decimal | None:
    """Return a line's units, or nothing where the file has no number that could be true."""
    return line.units if line.units is not None and line.units > 0 else None


def paid_for(line: Line, units: Decimal) -> Decimal:
    """Return the part of the payment that some of its units stand for; a line without units is one."""
    return cents(Fraction(line.whole) * Fraction(units) / Fraction(line.units or 1))
