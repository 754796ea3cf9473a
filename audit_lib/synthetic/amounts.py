"""Exact money: amounts are decimals to the cent, parts of them are computed in whole cents."""

from decimal import Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def cents(amount: Decimal) -> int:
    """Return an amount as whole cents."""
    return int(amount.scaleb(2).to_integral_exact())


def money(whole_cents: int) -> Decimal:
    """Return whole cents as an amount."""
    return Decimal(whole_cents).scaleb(-2).quantize(CENT)


def part(amount: Decimal, numerator: int, denominator: int) -> Decimal:
    """Return amount x numerator / denominator, rounded half up to cents once, with integers only."""
    return money((cents(amount) * numerator * 2 + denominator) // (2 * denominator))
