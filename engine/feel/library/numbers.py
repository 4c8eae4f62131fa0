"""Built-in functions on numbers (DMN 1.3, table 78; the named roundings are of 1.4)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from typing import Any

from engine.feel.errors import NullResult
from engine.feel.functions import FeelFunction
from engine.feel.library.registration import function
from engine.feel.numbers import ARITHMETIC, MAX_SCALE, MIN_SCALE, whole
from engine.feel.types import type_name
from engine.feel.values import DaysTimeDuration, YearsMonthsDuration


def rounded(value: Decimal, scale: Decimal | None, rounding: str) -> Decimal:
    """A number with at most `scale` digits behind the point; a negative scale rounds tens, hundreds, …"""
    digits = whole(scale) if scale is not None else 0
    if digits is None or not MIN_SCALE <= digits <= MAX_SCALE:
        raise NullResult(f"expected a scale between {MIN_SCALE} and {MAX_SCALE}, but found {scale}")
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise NullResult("expected a finite number")
    if -exponent <= digits and digits >= 0:
        return value
    with_rounding = ARITHMETIC.copy()
    with_rounding.rounding = rounding
    return with_rounding.quantize(value, Decimal((0, (1,), -digits)))


def _rounding(rounding: str) -> Callable[[Decimal, Decimal | None], Decimal]:
    return lambda value, scale=None: rounded(value, scale, rounding)


def _abs(value: Any) -> Any:
    if isinstance(value, Decimal):
        return value.copy_abs()
    if isinstance(value, DaysTimeDuration):
        return DaysTimeDuration(abs(value.nanoseconds))
    if isinstance(value, YearsMonthsDuration):
        return YearsMonthsDuration(abs(value.months))
    raise NullResult(f"expected a number or a duration, but found a {type_name(value)}")


def _modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """The remainder with the sign of the divisor: dividend - divisor * floor(dividend / divisor)."""
    remainder = ARITHMETIC.remainder(dividend, divisor)
    if remainder and (remainder < 0) != (divisor < 0):
        return ARITHMETIC.add(remainder, divisor)
    return remainder


def _log(value: Decimal) -> Decimal:
    if value <= 0:
        raise NullResult(f"expected a number above 0, but found {value}")
    return ARITHMETIC.ln(value)


def _parity(odd: bool) -> Callable[[Decimal], bool]:
    def test(value: Decimal) -> bool:
        return value == value.to_integral_value() and bool(ARITHMETIC.remainder(value, Decimal(2))) is odd

    return test


def _round(name: str, rounding: str, *, to_whole: bool = False) -> FeelFunction:
    """A rounding function; `to_whole` may also be called without scale."""
    without_scale = (function(name, "n: number", result=_rounding(rounding)),) if to_whole else ()
    return function(name, "n: number", "scale: number", result=_rounding(rounding), others=without_scale)


FUNCTIONS = (
    _round("decimal", ROUND_HALF_EVEN),
    _round("floor", ROUND_FLOOR, to_whole=True),
    _round("ceiling", ROUND_CEILING, to_whole=True),
    _round("round up", ROUND_UP),
    _round("round down", ROUND_DOWN),
    _round("round half up", ROUND_HALF_UP),
    _round("round half down", ROUND_HALF_DOWN),
    function("abs", "n", result=_abs),
    function("modulo", "dividend: number", "divisor: number", result=_modulo),
    function("sqrt", "number: number", result=ARITHMETIC.sqrt),
    function("log", "number: number", result=_log),
    function("exp", "number: number", result=ARITHMETIC.exp),
    function("odd", "number: number", result=_parity(True)),
    function("even", "number: number", result=_parity(False)),
)
