"""The official calendar of 2026 as published, for tests that count days."""

from __future__ import annotations

from datetime import date

from engine.model.calendar import DayKind, SpecialDay, WorkingCalendar

_HOLIDAYS = {
    "元旦": ["01-01", "01-02"],
    "春节": ["02-16", "02-17", "02-18", "02-19", "02-20", "02-23"],
    "清明节": ["04-06"],
    "劳动节": ["05-01", "05-04", "05-05"],
    "端午节": ["06-19"],
    "中秋节": ["09-25"],
    "国庆节": ["10-01", "10-02", "10-05", "10-06", "10-07"],
}
_MAKE_UP_DAYS = {
    "元旦": ["01-04"],
    "春节": ["02-14", "02-28"],
    "劳动节": ["05-09"],
    "国庆节": ["09-20", "10-10"],
}


def _special(days: dict[str, list[str]], kind: DayKind) -> list[SpecialDay]:
    return [
        SpecialDay(day=date.fromisoformat(f"2026-{day}"), kind=kind, name=name)
        for name, listed in days.items()
        for day in listed
    ]


CALENDAR_2026 = WorkingCalendar.of(
    _special(_HOLIDAYS, DayKind.HOLIDAY) + _special(_MAKE_UP_DAYS, DayKind.MAKE_UP),
    provisional_years=[2027],
    version="2026",
)
