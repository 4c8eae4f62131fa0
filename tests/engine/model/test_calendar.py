"""Working days by the official calendar of 2026."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from engine.model.calendar import SHANGHAI, DayKind, SpecialDay, WorkingCalendar, local_day
from tests.builders_calendar import CALENDAR_2026


def test_a_make_up_saturday_is_worked_and_a_holiday_monday_is_not():
    assert CALENDAR_2026.is_working(date(2026, 10, 10))
    assert not CALENDAR_2026.is_working(date(2026, 10, 5))
    assert not CALENDAR_2026.is_working(date(2026, 10, 11))


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 9, 30), 5, date(2026, 10, 13)),
        (date(2026, 9, 3), 5, date(2026, 9, 10)),  # MON-2026-08-A05
        (date(2026, 9, 9), 3, date(2026, 9, 14)),  # RECT-2026-003
        (date(2026, 9, 8), 5, date(2026, 9, 15)),  # GOAL-2027-021
        (date(2026, 9, 4), 5, date(2026, 9, 11)),  # EXA-2027-003
        (date(2026, 8, 28), 10, date(2026, 9, 11)),  # interview rung of RECT-2026-001
        (date(2026, 10, 13), -5, date(2026, 9, 30)),
    ],
)
def test_working_days_are_counted_from_the_day_after(start: date, days: int, end: date):
    assert CALENDAR_2026.add_working_days(start, days) == end
    assert CALENDAR_2026.working_days_between(start, end) == days


def test_calendar_days_that_end_on_a_day_off_move_to_the_next_working_day():
    assert CALENDAR_2026.add_calendar_days(date(2026, 9, 1), 30) == date(2026, 10, 8)


def test_thirty_days_may_end_on_a_make_up_sunday():
    assert CALENDAR_2026.add_calendar_days(date(2026, 8, 21), 30) == date(2026, 9, 20)


def test_days_counted_backwards_move_to_the_working_day_before():
    assert CALENDAR_2026.add_calendar_days(date(2026, 12, 31), -90) == date(2026, 9, 30)


def test_the_count_is_shown_day_by_day_with_reasons():
    shown = CALENDAR_2026.show_count(date(2026, 9, 30), date(2026, 10, 10))

    assert [(step.day.day, step.is_working, step.reason, step.counted) for step in shown] == [
        (1, False, "国庆节", 0),
        (2, False, "国庆节", 0),
        (3, False, "周末", 0),
        (4, False, "周末", 0),
        (5, False, "国庆节", 0),
        (6, False, "国庆节", 0),
        (7, False, "国庆节", 0),
        (8, True, "", 1),
        (9, True, "", 2),
        (10, True, "国庆节", 3),
    ]


def test_a_count_into_an_unpublished_year_is_provisional():
    calendar = WorkingCalendar.of([], provisional_years=[2027])

    assert calendar.is_provisional(date(2026, 12, 30), date(2027, 1, 2))
    assert not calendar.is_provisional(date(2026, 12, 30), date(2026, 12, 31))


def test_an_absurd_count_is_refused():
    with pytest.raises(ValueError, match="at most 10000 working days"):
        CALENDAR_2026.add_working_days(date(2026, 1, 1), 10_001)


def test_the_day_of_an_instant_is_the_day_in_shanghai():
    assert local_day(datetime.fromisoformat("2026-09-14T16:30:00+00:00")) == date(2026, 9, 15)
    assert SpecialDay(day=date(2026, 1, 1), kind=DayKind.HOLIDAY, name="元旦").name == "元旦"
    assert str(SHANGHAI) == "Asia/Shanghai"
