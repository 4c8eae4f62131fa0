"""Working days in expressions: by the calendar that is bound, with reasons for nulls and within the budget."""

from __future__ import annotations

import pytest

from engine.feel import FeelBudgetExceeded, compile_expression, working_day_functions
from engine.model.calendar import WorkingCalendar
from tests.builders_calendar import CALENDAR_2026
from tests.engine.feel.saying import said

FUNCTIONS = working_day_functions(lambda: CALENDAR_2026)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('add working days(@"2026-09-30", 5)', "2026-10-13"),
        ('add working days(@"2026-10-13", -5)', "2026-09-30"),
        ('add working days(date: @"2026-10-03", days: 0)', "2026-10-03"),
        # late evening of the 29th in London is the 30th here
        ('add working days(@"2026-09-29T23:00:00Z", 5)', "2026-10-13"),
        ('add working days(@"2026-09-30T23:00:00", 5)', "2026-10-13"),
        ('working days between(@"2026-09-30", @"2026-10-13")', "5"),
        ('working days between(from: @"2026-10-13", to: @"2026-09-30")', "-5"),
        ('working days between(@"2026-09-30", @"2026-10-13T18:00:00@Asia/Shanghai")', "5"),
        ('is working day(@"2026-10-10")', "true"),
        ('is working day(@"2026-10-01")', "false"),
        ('next working day(@"2026-10-01")', "2026-10-08"),
        ('previous working day(@"2026-10-07")', "2026-09-30"),
        ('[@"2026-10-09", @"2026-10-10", @"2026-10-11"][is working day(item)]', "[2026-10-09, 2026-10-10]"),
    ],
)
def test_days_are_counted_by_the_bound_calendar(source: str, value: str):
    assert said(source, functions=FUNCTIONS) == value


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ('add working days(@"2026-09-30", 1.5)', "expected a whole number of days, but found 1.5"),
        ('add working days(@"2026-09-30", 10001)', "expected at most 10000 days, but found 10001"),
        ('add working days(@"9999-12-30", 5)', "expected a day of the years 1 to 9999"),
        ('is working day(@"99999-12-30")', "expected a day of the years 1 to 9999"),
        ('is working day("2026-10-01")', "Expected is working day(date: date or date and time), but found"),
        ("is working day(null)", "Expected is working day(date: date or date and time), but found"),
    ],
)
def test_what_cannot_be_counted_is_null_with_a_reason(source: str, reason: str):
    explained = compile_expression(source, functions=FUNCTIONS).evaluate_explained({})

    assert explained.value is None
    assert reason in explained.warnings[0].message


def test_the_calendar_is_asked_at_every_call():
    calendars = [WorkingCalendar(), CALENDAR_2026]
    functions = working_day_functions(lambda: calendars[0])
    expression = compile_expression('is working day(@"2026-10-01")', functions=functions)

    assert expression.evaluate({}) is True
    del calendars[0]
    assert expression.evaluate({}) is False


@pytest.mark.parametrize(
    "source",
    [
        'working days between(@"0001-01-01", @"9999-12-31")',
        'for i in 1..20 return add working days(@"2026-01-01", 10000)',
    ],
)
def test_counting_costs_what_it_takes(source: str):
    with pytest.raises(FeelBudgetExceeded):
        compile_expression(source, functions=FUNCTIONS).evaluate({})
