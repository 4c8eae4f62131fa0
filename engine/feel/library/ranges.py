"""Built-in functions on ranges and points (DMN 1.3, 10.3.4.9; the relations are those of Allen's interval algebra).

A point is a range of itself. Ends are compared as edges, which say on which side of its value an end lies: `(1..`
begins just after 1, `..1)` ends just before it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from engine.feel.comparison import ordered
from engine.feel.errors import NullResult
from engine.feel.library.registration import function
from engine.feel.types import type_name
from engine.feel.values import Range


class _Edge(NamedTuple):
    """An end of a range: its value, None for infinity, and -1, 0 or 1 as it lies before, at or after it."""

    value: Any
    side: int
    infinite: int = 0

    def order(self, other: _Edge) -> int:
        if self.infinite or other.infinite:
            return (self.infinite > other.infinite) - (self.infinite < other.infinite)
        order = ordered(self.value, other.value)
        if order is None:
            raise NullResult(
                f"expected ends with an order, but found {type_name(self.value)} and {type_name(other.value)}"
            )
        return order or (self.side > other.side) - (self.side < other.side)


class _Interval(NamedTuple):
    start: _Edge
    end: _Edge
    is_point: bool


def _interval(value: Any) -> _Interval:
    if value is None:
        raise NullResult("expected a range or a point, but found null")
    if not isinstance(value, Range):
        return _Interval(_Edge(value, 0), _Edge(value, 0), True)
    if value.operator == "!=":
        raise NullResult("expected a range with two ends")
    start = _Edge(None, 0, -1) if value.start is None else _Edge(value.start, 0 if value.start_included else 1)
    end = _Edge(None, 0, 1) if value.end is None else _Edge(value.end, 0 if value.end_included else -1)
    return _Interval(start, end, False)


def _relation(test: Callable[[_Interval, _Interval], bool]) -> Callable[[Any, Any], bool]:
    return lambda first, second: test(_interval(first), _interval(second))


def _before(a: _Interval, b: _Interval) -> bool:
    return a.end.order(b.start) < 0


def _meets(a: _Interval, b: _Interval) -> bool:
    return _touch(a.end, b.start) and a.end.side == 0 and b.start.side == 0


def _touch(end: _Edge, start: _Edge) -> bool:
    return not end.infinite and not start.infinite and ordered(end.value, start.value) == 0


def _overlaps(a: _Interval, b: _Interval) -> bool:
    return a.start.order(b.end) <= 0 and b.start.order(a.end) <= 0


def _overlaps_before(a: _Interval, b: _Interval) -> bool:
    return a.start.order(b.start) < 0 and b.start.order(a.end) <= 0 and a.end.order(b.end) <= 0


def _includes(a: _Interval, b: _Interval) -> bool:
    return a.start.order(b.start) <= 0 and b.end.order(a.end) <= 0


def _starts(a: _Interval, b: _Interval) -> bool:
    return a.start.order(b.start) == 0 and a.end.order(b.end) <= 0


def _finishes(a: _Interval, b: _Interval) -> bool:
    return a.end.order(b.end) == 0 and a.start.order(b.start) >= 0


def _coincides(a: _Interval, b: _Interval) -> bool:
    return a.start.order(b.start) == 0 and a.end.order(b.end) == 0


def _both_ways(name: str, test: Callable[[_Interval, _Interval], bool], inverse: str) -> tuple[Any, Any]:
    """A relation and its inverse."""
    backwards = _relation(lambda a, b: test(b, a))
    return (
        function(name, "range1: Any", "range2: Any", result=_relation(test)),
        function(inverse, "range1: Any", "range2: Any", result=backwards),
    )


FUNCTIONS = (
    *_both_ways("before", _before, "after"),
    *_both_ways("meets", _meets, "met by"),
    *_both_ways("includes", _includes, "during"),
    *_both_ways("starts", _starts, "started by"),
    *_both_ways("overlaps before", _overlaps_before, "overlaps after"),
    *_both_ways("finishes", _finishes, "finished by"),
    function("overlaps", "range1: Any", "range2: Any", result=_relation(_overlaps)),
    function("coincides", "range1: Any", "range2: Any", result=_relation(_coincides)),
)
