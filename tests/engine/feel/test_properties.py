"""What holds for every value and every text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import (
    DaysTimeDuration,
    FeelBudgetExceeded,
    FeelEvaluationError,
    FeelSyntaxError,
    YearsMonthsDuration,
    compile_expression,
    compile_unary_tests,
    format_value,
    to_feel,
)
from engine.feel.calendar_math import civil, day_number
from engine.feel.numbers import ARITHMETIC
from engine.feel.temporal import date_time_text, parse_date_time, parse_duration
from tests.engine.feel.saying import REGEX

numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4)
texts = st.text(st.characters(codec="utf-8"), max_size=20)
scalars = st.none() | st.booleans() | numbers | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12
)
days = st.dates()


def value_of(source: str, **context: Any) -> Any:
    return compile_expression(source, functions=REGEX).evaluate(context)


@given(values)
def test_a_value_written_as_text_reads_as_the_same_value(value: Any) -> None:
    assert value_of(f"[{format_value([value])[1:-1]}][1]") == to_feel(value)


@given(values)
def test_a_value_is_equal_to_itself_and_is_itself(value: Any) -> None:
    assert value_of("x = x", x=value) is True
    assert value_of("is(x, x)", x=value) is True


@given(numbers, numbers, numbers)
def test_arithmetic_is_that_of_decimal_numbers_with_34_digits(a: Decimal, b: Decimal, c: Decimal) -> None:
    assert value_of("a + b * c - a", a=a, b=b, c=c) == ARITHMETIC.subtract(
        ARITHMETIC.add(a, ARITHMETIC.multiply(b, c)), a
    )
    assert value_of("a / b", a=a, b=b) == (ARITHMETIC.divide(a, b) if b else None)


@given(st.lists(st.integers(-50, 50)), st.integers(-50, 50))
def test_filters_loops_and_quantifiers_agree_with_python(row: list[int], limit: int) -> None:
    assert value_of("row[item > limit]", row=row, limit=limit) == [x for x in row if x > limit]
    assert value_of("for x in row return x * 2 + limit", row=row, limit=limit) == [x * 2 + limit for x in row]
    assert value_of("some x in row satisfies x > limit", row=row, limit=limit) is any(x > limit for x in row)
    assert value_of("every x in row satisfies x > limit", row=row, limit=limit) is all(x > limit for x in row)


@given(st.lists(st.integers(-50, 50)))
def test_list_functions_agree_with_python(row: list[int]) -> None:
    assert value_of("sort(row)", row=row) == sorted(row)
    assert value_of("sort(row, function(a, b) a > b)", row=row) == sorted(row, reverse=True)
    assert value_of("distinct values(row)", row=row) == list(dict.fromkeys(row))
    assert value_of("sum(row)", row=row) == (sum(row) if row else None)
    assert value_of("min(row)", row=row) == min(row, default=None)
    assert value_of("reverse(row)", row=row) == row[::-1]


@given(numbers, numbers, numbers)
def test_a_range_holds_what_lies_between_its_ends(a: Decimal, b: Decimal, x: Decimal) -> None:
    low, high = min(a, b), max(a, b)
    context = {"low": low, "high": high, "x": x}

    assert compile_expression("x in [low..high]").evaluate(context) is (low <= x <= high)
    assert compile_unary_tests("]low..high[").matches(x, context) is (low < x < high)
    assert compile_expression("x between low and high").evaluate(context) is (low <= x <= high)
    assert compile_expression("includes([low..high], x)").evaluate(context) is (low <= x <= high)


@given(st.integers(-400_000_000_000, 400_000_000_000))
def test_day_numbers_and_dates_are_each_other_s_inverse(number: int) -> None:
    assert day_number(*civil(number)) == number


@given(days, st.integers(-3_000_000, 3_000_000))
def test_days_agree_with_python_where_python_has_them(day: date, length: int) -> None:
    assert civil(day.toordinal() - 719_163) == (day.year, day.month, day.day)
    moved = value_of("d + duration", d=day, duration=timedelta(days=length))
    if 1 <= day.toordinal() + length <= date.max.toordinal():
        assert moved == day + timedelta(days=length)
    assert value_of("d - e", d=day, e=moved) == DaysTimeDuration.of(timedelta(days=-length))


@given(days, st.integers(0, 500))
def test_months_of_a_duration_lead_to_the_later_day(day: date, months: int) -> None:
    later = value_of("d + m", d=day, m=YearsMonthsDuration(months))
    between = value_of("years and months duration(a, b)", a=day, b=later)
    assert between == YearsMonthsDuration(months) or day.day > 28


@given(st.datetimes(timezones=st.sampled_from([UTC, None])))
def test_dates_with_time_written_as_text_read_as_the_same(instant: datetime) -> None:
    assert parse_date_time(date_time_text(instant)) == instant


@given(st.integers(-(10**20), 10**20))
def test_durations_written_as_text_read_as_the_same(size: int) -> None:
    for duration in (DaysTimeDuration(size), YearsMonthsDuration(size // 10**6)):
        if size:
            assert parse_duration(str(duration)) == duration


WORDS = (
    *("1", "2.5", ".5", "x", "y", "m", "rows", "item", "?", '"a"', '@"2026-03-01"', "true", "false", "null", "优"),
    *(
        "+",
        "-",
        "*",
        "/",
        "**",
        "=",
        "!=",
        "<",
        ">",
        "<=",
        ">=",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ".",
        "..",
        "->",
    ),
    *("and", "or", "not", "in", "between", "instance", "of", "number", "list<number>", "if", "then", "else", "for"),
    *("return", "some", "every", "satisfies", "function", "count", "sum", "string", "date", "time"),
)
CONTEXT = {"x": 5, "y": "a", "m": {"x": 1}, "rows": [{"x": 1}, {"x": None}]}


@settings(max_examples=400)
@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join) | st.text(max_size=60))
def test_any_text_gives_a_value_or_a_refusal_and_the_same_when_explained(source: str) -> None:
    try:
        expression = compile_expression(source)
        value = expression.evaluate(CONTEXT)
    except (FeelSyntaxError, FeelBudgetExceeded, FeelEvaluationError):
        return
    explained = expression.evaluate_explained(CONTEXT)
    assert format_value(explained.value) == format_value(value)
    assert CONTEXT == {"x": 5, "y": "a", "m": {"x": 1}, "rows": [{"x": 1}, {"x": None}]}


@settings(max_examples=300)
@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), scalars)
def test_any_cell_gives_true_false_null_or_a_refusal(cell: str, value: Any) -> None:
    try:
        passed = compile_unary_tests(cell).matches(value, CONTEXT)
    except (FeelSyntaxError, FeelBudgetExceeded, FeelEvaluationError):
        return
    assert passed in (True, False, None)


trees = st.recursive(
    st.integers(0, 20).map(lambda number: (str(number), number, 9)),
    lambda inner: st.tuples(st.sampled_from("+-*"), inner, inner).map(lambda parts: _combined(*parts)),
    max_leaves=15,
)


def _combined(operator: str, left: tuple[str, int, int], right: tuple[str, int, int]) -> tuple[str, int, int]:
    """Text with as few parentheses as the ranks allow, value, rank."""
    rank = 5 if operator == "*" else 4
    first = f"({left[0]})" if left[2] < rank else left[0]
    second = f"({right[0]})" if right[2] <= rank else right[0]
    results = {"+": left[1] + right[1], "-": left[1] - right[1], "*": left[1] * right[1]}
    return f"{first} {operator} {second}", results[operator], rank


@given(trees)
def test_operators_bind_by_rank_and_from_the_left(tree: tuple[str, int, int]) -> None:
    source, value, _ = tree
    if abs(value) < 10**30:
        assert value_of(source) == value
