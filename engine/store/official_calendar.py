"""The official calendar of a year as rows: published by the State Council, or estimated and marked provisional (暂定).

`chinesecalendar` carries the published years with their make-up days and refuses others; `holidays` estimates those.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import chinese_calendar  # pyright: ignore[reportMissingTypeStubs]
import holidays

from engine.model.calendar import DayKind, SpecialDay


@dataclass(frozen=True)
class CalendarYear:
    """One year's special days and where they come from."""

    year: int
    days: tuple[SpecialDay, ...]
    #: False: not yet published; make-up days are unknown and counts are provisional.
    is_official: bool
    #: Where the rows come from, e.g. "chinesecalendar 1.11.0".
    source: str


def calendar_year(year: int) -> CalendarYear:
    """The year as published, or an estimate of one that is not published yet.

    An estimate has the holidays but no make-up days: nobody knows those before the State Council's notice.
    """
    try:
        return CalendarYear(year, tuple(_published(year)), True, "chinesecalendar")
    except NotImplementedError:
        return CalendarYear(year, tuple(_estimated(year)), False, "holidays")


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=offset) for offset in range((date(year + 1, 1, 1) - first).days)]


def _published(year: int) -> list[SpecialDay]:
    official: Any = chinese_calendar
    names: dict[str, str] = {holiday.value: holiday.chinese for holiday in official.Holiday}
    special: list[SpecialDay] = []
    for day in _days_of(year):
        is_working = official.is_workday(day)
        if is_working == (day.weekday() < 5):
            continue
        _, holiday = official.get_holiday_detail(day)
        name = names.get(holiday or "", "")
        special.append(
            SpecialDay(
                day=day,
                kind=DayKind.MAKE_UP if is_working else DayKind.HOLIDAY,
                name=f"{name}调休" if is_working else name,
            )
        )
    return special


def _estimated(year: int) -> list[SpecialDay]:
    return [
        SpecialDay(day=day, kind=DayKind.HOLIDAY, name=name)
        for day, name in sorted(holidays.country_holidays("CN", years=year, language="zh_CN").items())
        if day.year == year and day.weekday() < 5
    ]
