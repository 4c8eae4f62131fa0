"""Where feelin 8.2 and we differ: each class with an example, and why ours is right by the standard (DMN 1.3 to 1.5).

The server decides; the page evaluates with feelin only to show early what the server will say. A disagreement that
falls under no class fails the tests, and so does an example on which the two agree: then feelin, or we, have changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.differential.feelin.expressions import Tree
from tests.differential.feelin.peer import Failure


@dataclass(frozen=True, kw_only=True)
class Case:
    """A closed tree on which the two disagree, though they agree on all its closed parts. Values are told (peer.py)."""

    tree: Tree
    ours: Any
    theirs: Any
    #: Our values of the parts that are closed, in their order.
    parts: Sequence[Any]


def _never(case: Case) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Known:
    """A class of differences."""

    #: Expression, and what we and feelin say, in the words of `words`.
    example: tuple[str, str, str]
    why: str
    #: Kinds of trees that chance grows and in which it shows; none where chance grows none.
    ops: tuple[str, ...] = ()
    #: Whether it explains a disagreement on such a tree.
    explains: Callable[[Case], bool] = _never


def words(told: Any) -> str:
    """A told value for a table."""
    if isinstance(told, Failure):
        return "fails"
    if isinstance(told, list):
        return f"[{', '.join(map(words, told))}]"
    if isinstance(told, str):
        return f'"{told}"'
    if not isinstance(told, dict):
        return {None: "null", True: "true", False: "false"}[told]
    ((kind, value),) = told.items()
    if kind == "context":
        return "{" + ", ".join(f"{name}: {words(each)}" for name, each in value.items()) + "}"
    if kind == "range":
        start, end, included, end_included = value
        return f"{'[' if included else '('}{words(start)}..{words(end)}{']' if end_included else ')'}"
    return str(value)


def kind_of(told: Any) -> str:
    """The type of a told value: "null", "boolean", "text", "list", "number", "date" …"""
    if isinstance(told, dict):
        return next(iter(told))
    return {type(None): "null", bool: "boolean", str: "text", list: "list"}.get(type(told), "failure")


def _first(case: Case) -> str:
    """The type of the first closed part."""
    return kind_of(case.parts[0]) if case.parts else "none"


def _kinds(case: Case) -> set[str]:
    return {kind_of(each) for each in case.parts}


def _is_null(case: Case) -> bool:
    return case.ours is None


def _has_no_order(case: Case) -> bool:
    """Null for us: operands of two types, or of a type without order."""
    kinds = _kinds(case) - {"null"}
    return case.ours is None and (len(kinds) > 1 or bool(kinds & {"list", "context", "range", "boolean", "duration"}))


def _empty_left_out(case: Case) -> bool:
    """feelin's answer is ours without nulls or false."""
    if not isinstance(case.ours, list) or not isinstance(case.theirs, list) or len(case.theirs) >= len(case.ours):
        return False
    ours, theirs = ([each for each in told if each not in (None, False)] for told in (case.ours, case.theirs))
    return ours == theirs


def _hours_after_a_date(case: Case) -> bool:
    return kind_of(case.ours) == "date" and kind_of(case.theirs) == "date and time"


def _orders_strangers(case: Case) -> bool:
    """`list[item > limit]` where the limit has another type than an element that feelin keeps."""
    if "[item >" not in case.tree.source or not isinstance(case.theirs, list):
        return False
    return any(kind_of(each) != kind_of(case.parts[1]) for each in case.theirs)


def _in_another_order(case: Case) -> bool:
    if not isinstance(case.ours, list) or not isinstance(case.theirs, list):
        return False
    return sorted(map(words, case.ours)) == sorted(map(words, case.theirs))


def _means_its_items(case: Case) -> bool:
    """A condition that is a call or a name, and reads `item` or an entry of the elements."""
    if "[contains(item" in case.tree.source:
        return case.theirs == []
    entries = {name for each in case.parts[0] or [] if kind_of(each) == "context" for name in each["context"]}
    return any(re.search(rf"\b{name}\b", case.tree.parts[-1].source) for name in entries)


def _is_not_finite(case: Case) -> bool:
    return case.theirs in ({"number": "NaN"}, {"number": "Infinity"})


def _has_short_list(case: Case) -> bool:
    return any(isinstance(each, list) and len(each) < 2 for each in case.parts)


#: Arithmetic and comparison.
_OPERATORS = (
    Known(
        example=("0.1 + 0.2 = 0.3", "true", "false"),
        why="A number is a decimal of 34 digits (10.3.2.3.1), no binary fraction. The page puts calculations right.",
    ),
    Known(
        example=("1 / 3 * 3 = 1", "false", "true"),
        why="1/3 has no end in decimals either: 34 threes times 3 are 34 nines. Binary rounding hides it.",
    ),
    Known(
        example=("12345678901234567 + 2 = 12345678901234569", "true", "false"),
        why="34 digits (10.3.2.3.1). The page leaves numbers of more than 15 digits to the server.",
    ),
    Known(example=("1e2", "100", "1"), why="Grammar rule 37 of DMN 1.4 has exponents. The page leaves them alone."),
    Known(
        example=("1 < 2 < 3", "null", "true"),
        why="(1 < 2) < 3 compares a boolean with a number: null (table 42).",
        ops=("<", "<=", ">", ">="),
        explains=_has_no_order,
    ),
    Known(
        example=('1 < "a"', "null", "false"),
        why="Values of two types have no order: null (table 42).",
        ops=("<", "<=", ">", ">="),
        explains=_has_no_order,
    ),
    Known(
        example=('[@"2026-01-01"][item > 1]', "[]", "[2026-01-01]"),
        why="Values of two types have no order: null (table 42), and what is not true is not kept.",
        ops=("filter",),
        explains=_orders_strangers,
    ),
    Known(
        example=("1 > {a: 1}", "null", "fails"),
        why="A context has no order: null (table 42), no error.",
        ops=("<", "<=", ">", ">=", "filter", "between", "in", "sort"),
        explains=lambda case: isinstance(case.theirs, Failure) and case.theirs.message.startswith("unsupported range"),
    ),
    Known(
        example=("[1] = 1", "null", "true"),
        why="A list and a number are of two types: null (table 42). Only as an argument a list of one is its element.",
        ops=("=", "!=", "filter"),
        explains=lambda case: _has_short_list(case) and (case.tree.op != "filter" or kind_of(case.parts[-1]) == "list"),
    ),
    Known(
        example=("[1] = [1, 2]", "false", "null"),
        why="Lists of two lengths are not equal (table 42).",
        ops=("=", "!="),
        explains=lambda case: _has_short_list(case) and case.theirs is None,
    ),
    Known(
        example=('time("10:00:00") = time("10:00:00Z")', "null", "false"),
        why="A time with an offset and one without cannot be compared.",
    ),
    Known(
        example=("1 between 2 and 0", "false", "true"),
        why="x >= 2 and x <= 0 (table 54): the order of the ends matters.",
        ops=("between",),
        explains=lambda case: case.ours is False,
    ),
    Known(
        example=("[1] between 0 and 2", "null", "true"),
        why="A list has no order: null (table 54).",
        ops=("between",),
        explains=_has_no_order,
    ),
    Known(
        example=('10 in ["a".."c"]', "null", "true"),
        why="A number and a text cannot be compared: null (table 54).",
        ops=("in",),
        explains=lambda case: case.ours is None and len(_kinds(case)) > 1,
    ),
    Known(
        example=('duration("P1D") * 2', "P2D", "null"),
        why="A duration times a number is a duration (table 57); feelin multiplies numbers only.",
        ops=("duration *", "*", "/"),
        explains=lambda case: "duration" in _kinds(case) and case.theirs is None,
    ),
    Known(
        example=('-duration("P1D")', "-P1D", "null"),
        why="The negative of a duration (10.3.2.13, table 58).",
        ops=("minus",),
        explains=lambda case: _kinds(case) == {"duration"},
    ),
    Known(
        example=('duration("P1D") / duration("PT12H")', "2", "NaN"),
        why="A duration divided by a duration is a number (table 57); what has no result is null, never NaN.",
        ops=("duration *", "*", "/", "-"),
        explains=_is_not_finite,
    ),
    Known(
        example=('date("2026-03-01") + duration("PT36H")', "2026-03-02", "2026-03-02T12:00:00Z"),
        why="A date and a duration give a date (table 56): hours count from its midnight, and what is over is cut.",
        ops=("+", "-"),
        explains=_hours_after_a_date,
    ),
    Known(
        example=("(1..null]", "null", "(1..null)"),
        why="A range written with its ends has two ends of one type (10.3.2.7); what has none is no range.",
        ops=("range",),
        explains=_is_null,
    ),
)

#: if, for, some, every, filters, paths.
_FLOW = (
    Known(
        example=("if 2 then 3 else 4", "4", "3"),
        why="Only true takes the first branch (table 51); all else, and not null alone, the other one.",
        ops=("if",),
        explains=lambda case: _first(case) not in ("boolean", "null"),
    ),
    Known(
        example=("some x in [1, 2] satisfies null", "null", "false"),
        why="some is (… or …), every is (… and …): null where one is null and none decides (table 52, 10.3.2.14).",
        ops=("some", "every"),
        explains=_is_null,
    ),
    Known(
        example=("for x in 3 return x", "[3]", "null"),
        why="A single value is taken for a list of it (10.3.2.14).",
        ops=("for", "some", "every"),
        explains=lambda case: _first(case) != "list" and case.theirs is None,
    ),
    Known(
        example=('for d in [@"2026-01-01"..@"2026-01-02"] return string(d)', '["2026-01-01", "2026-01-02"]', "fails"),
        why="A range of dates is run over day by day (DMN 1.4). The page leaves all but ranges of two whole numbers to "
        "the server: over 1..2.5 feelin loops for ever.",
    ),
    Known(
        example=("null[1 = 1]", "[]", "null"),
        why="A filter takes what is no list for a list of it, and null for an empty one (10.3.2.5).",
        ops=("filter", "path", "filtered path"),
        explains=lambda case: case.ours == [] and case.theirs is None and "null" in _kinds(case),
    ),
    Known(
        example=("3[true]", "[3]", "3"),
        why="A filter takes what is no list for a list of it, and gives a list (10.3.2.5).",
        ops=("filter",),
        explains=lambda case: case.ours == [case.theirs],
    ),
    Known(
        example=("[1, null][item != 1]", "[null]", "[]"),
        why="A filter keeps every element whose condition is true (10.3.2.5), null included.",
        ops=("filter", "path", "filtered path"),
        explains=_empty_left_out,
    ),
    Known(
        example=('["a", "b"][starts with(item, "a")]', '["a"]', "[]"),
        why="What a filter means depends on the value of its condition, not on how it is written (10.3.2.5). The page "
        "leaves such a filter to the server.",
        ops=("filter",),
        explains=_means_its_items,
    ),
    Known(
        example=("[1, 2][[1]]", "[]", "null"),
        why="A condition that is not true keeps nothing (10.3.2.5).",
        ops=("filter",),
        explains=lambda case: case.ours == [] and case.theirs is None and kind_of(case.parts[-1]) != "number",
    ),
    Known(
        example=("[[{n: 1}]].n", "[[1]]", "[null]"),
        why="A path over a list is taken of each element, and an element that is a list is no exception (10.3.2.5).",
        ops=("path",),
        explains=lambda case: isinstance(case.parts[0], list) and any(isinstance(each, list) for each in case.parts[0]),
    ),
    Known(
        example=('{"a": 1, "a": 2}', "null", "{a: 2}"),
        why="The keys of a context are distinct (10.3.2.6).",
    ),
    Known(
        example=('(function(a: number) a)("x")', "null", '"x"'),
        why="An argument that is not of its parameter's type makes the call null (10.3.2.9.4).",
    ),
    Known(
        example=("[1..3] instance of range<number>", "true", "fails"),
        why="range<T> is a type since DMN 1.4 (grammar rule 52).",
    ),
    Known(
        example=('"a\nb"', '"a\nb"', "fails"),
        why="A text may run over lines (grammar rule 33 excludes no line end). The page leaves it to the server.",
    ),
)

#: Built-in functions.
_LIBRARY = (
    Known(
        example=('years and months duration(@"2025-12-31", @"2026-03-01")', "P2M", "P2M1D"),
        why="The result has years and months only (table 72).",
        ops=("years and months duration",),
        explains=lambda case: kind_of(case.ours) == kind_of(case.theirs) == "duration",
    ),
    Known(
        example=('substring("", -1)', "null", '""'),
        why="The position is before the first character (table 74).",
        ops=("substring",),
        explains=lambda case: case.ours is None and case.parts[0] == "",
    ),
    Known(
        example=('number("", ",", ".")', "null", "0"),
        why="An empty text is no numeric literal (table 72).",
        ops=("number",),
        explains=lambda case: case.ours is None and case.parts[0] == "",
    ),
    Known(
        example=('date("-1")', "null", "fails"),
        why="No date: null (table 72), no error.",
        ops=("date",),
        explains=lambda case: case.ours is None and isinstance(case.theirs, Failure),
    ),
    Known(
        example=("string([1..3))", '"[1..3)"', '"<range>"'),
        why="A range has a text that reads as the range (table 72).",
        ops=("string",),
        explains=lambda case: _first(case) == "range",
    ),
    Known(
        example=("string(0.1 + 0.2)", '"0.3"', '"0.30000000000000004"'),
        why="A number is a decimal (10.3.2.3.1).",
    ),
    Known(
        example=('string({"a b": 1})', '"{a b: 1}"', '"{"a b": 1}"'),
        why="A name with a space needs no quotes (grammar rule 27).",
    ),
    Known(
        example=("decimal(1.255, 2)", "1.26", "1.25"),
        why="Half to even of the decimal digits (table 76), not of a binary fraction. The page has its own.",
    ),
    Known(
        example=("modulo(0.3, 0.1)", "0", "0.1"),
        why="dividend - divisor * floor(dividend / divisor) over decimals (table 76). The page has its own.",
        ops=("modulo",),
        explains=lambda case: _first(case) == "number",
    ),
    Known(
        example=('min([@"2026-01-01", @"2025-01-01"])', "2025-01-01", "null"),
        why="min and max are of comparable elements (table 75), not of numbers only. The page leaves others alone.",
        ops=("min", "max"),
        explains=lambda case: case.theirs is None and not _kinds(case) <= {"number", "null"},
    ),
    Known(
        example=("max([1], 2)", "null", "2"),
        why="Of several arguments each is an element (table 75): a list and a number cannot be compared.",
        ops=("min", "max"),
        explains=lambda case: case.ours is None and "list" in _kinds(case),
    ),
    Known(
        example=("median([10, 2, 9])", "9", "2"),
        why="The middle of the sorted numbers (table 75); feelin sorts their texts.",
        ops=("median",),
        explains=lambda case: kind_of(case.ours) == kind_of(case.theirs) == "number",
    ),
    Known(
        example=("mode([1, 0.5, -1])", "[-1, 0.5, 1]", "[1, 0.5, -1]"),
        why="The most frequent values in ascending order (table 75); feelin has the whole ones first.",
        ops=("mode",),
        explains=_in_another_order,
    ),
    Known(
        example=("context merge([{a: 1}, [{b: 2}]])", "null", "{0: {b: 2}, a: 1}"),
        why="What is merged are contexts (table 77).",
        ops=("context merge",),
        explains=_is_null,
    ),
    Known(
        example=('abs(-@"P1D")', "P1D", "null"),
        why="abs is of durations, too (table 76).",
        ops=("abs",),
        explains=lambda case: _kinds(case) == {"duration"},
    ),
    Known(
        example=("distinct values([1, [1]])", "[1, [1]]", "[1]"),
        why="A number does not equal a list of it (table 42).",
        ops=("distinct values", "union"),
        explains=lambda case: "list" in {kind_of(each) for each in case.ours or []},
    ),
    Known(
        example=("union(null, [1])", "[null, 1]", "null"),
        why="union concatenates and leaves out what stands twice (table 75); what is no list counts as a list of it.",
        ops=("union",),
        explains=lambda case: _kinds(case) != {"list"},
    ),
    Known(
        example=("remove([1, 2], 5)", "null", "[1, 2]"),
        why="The position is outside the list (table 75).",
        ops=("remove",),
        explains=_is_null,
    ),
    Known(
        example=("insert before([], 1, 9)", "null", "[9]"),
        why="The position is outside the list (table 75).",
        ops=("insert before",),
        explains=_is_null,
    ),
    Known(
        example=("remove([1, 2, 3], -1)", "[1, 2]", "[1, 3]"),
        why="-1 is the last element (table 75).",
    ),
    Known(
        example=("sublist([1, 2, 3], 0)", "null", "[3]"),
        why="Positions begin with 1, or with -1 from the end (table 75).",
    ),
    Known(
        example=("sort([3, 1, 2])", "[1, 2, 3]", "null"),
        why="The order may be left out for what has one (table 77, DMN 1.4).",
    ),
    Known(
        example=('sort([@"PT1H", 2, null, 1], function(a, b) a < b)', "[PT1H, 2, null, 1]", "[1, 2, PT1H, null]"),
        why="What cannot be compared stays in its place (10.3.4.8: the sort is stable where none precedes the other).",
        ops=("sort",),
        explains=_in_another_order,
    ),
    Known(
        example=("before(1, null)", "null", "false"),
        why="Null cannot be compared (table 78).",
        ops=("before",),
        explains=_is_null,
    ),
    Known(
        example=("coincides(1, 1)", "true", "null"),
        why="feelin has no overlaps before and after, finishes, during, starts, coincides (table 78).",
    ),
    Known(
        example=('range("[1..2]")', "[1..2]", "null"),
        why="A conversion function of DMN 1.4 (table 72).",
    ),
    Known(
        example=("round half up(1.005, 2)", "1.01", "1"),
        why="Half up of the decimal digits (table 76, DMN 1.4). The page has its own.",
    ),
    Known(
        example=('time("10:00:00+08:00").timezone', "null", '"+08:00"'),
        why="An offset is no time zone (table 65): it is in `time offset`.",
    ),
    Known(
        example=('matches("ab", "a b", "x")', "true", "fails"),
        why="The flag x of XPath: white space in the pattern counts nothing (table 74).",
    ),
)

KNOWN: tuple[Known, ...] = (*_OPERATORS, *_FLOW, *_LIBRARY)


def explained(case: Case) -> bool:
    """Whether one of the classes explains a disagreement."""
    return any(case.tree.op in each.ops and each.explains(case) for each in KNOWN)
