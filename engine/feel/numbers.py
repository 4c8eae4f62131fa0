"""FEEL numbers: IEEE 754-2008 decimal128, that is 34 digits, rounded half to even (DMN 1.3, 10.3.2.3.1)."""

from __future__ import annotations

from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

#: All arithmetic goes through this context. Overflow, division by zero and undefined results raise ArithmeticError.
#: Its status flags are never read, so that threads may share it.
ARITHMETIC = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[InvalidOperation, DivisionByZero, Overflow],
)


def power(left: Decimal, right: Decimal) -> Decimal:
    """left ** right. Raises ArithmeticError where it is undefined or infinite, 0 ** -1 included."""
    result = ARITHMETIC.power(left, right)
    if not result.is_finite():
        raise ZeroDivisionError
    return result


#: Smallest and largest scale of the rounding functions (DMN 1.3, table 76).
MIN_SCALE, MAX_SCALE = -6111, 6176


def whole(value: Decimal) -> int | None:
    """The value cut to a whole number; None if it has more than 18 digits, or none at all (infinity)."""
    if not value.is_finite() or value.adjusted() > 18:
        return None
    return int(value)


def number_text(value: Decimal) -> str:
    """Plain digits without exponent and without needless zeros; beyond 40 places, with exponent."""
    if not value.is_finite():
        return str(value)
    if not value:
        return "0"
    value = value.normalize(ARITHMETIC)
    return format(value, "f") if -40 <= value.adjusted() <= 40 else str(value)
