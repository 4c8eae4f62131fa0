"""How values look on a page: days, due instants, money, exact numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from engine.model.calendar import SHANGHAI, WorkingCalendar, local_day
from web.words import say, say_count

#: Chip colour of the highest rung that has fired.
RUNG_COLOURS: Mapping[str, str] = {
    "yellow": "yellow",
    "orange": "orange",
    "red": "red",
    "interview": "red",
    "pre-check": "red",
}


@dataclass(frozen=True)
class DueShown:
    """A due instant as a person reads it."""

    #: "2026-09-30"
    day: str
    #: "还剩 3 个工作日", "今天到期", "逾期 2 个工作日"
    words: str
    colour: Literal["quiet", "yellow", "overdue"]
    #: Working days; negative when overdue.
    left: int
    #: The count touches a year whose calendar is not published.
    is_provisional: bool


def show_due(due_at: datetime | None, now: datetime, calendar: WorkingCalendar, language: str) -> DueShown | None:
    """Working days that are left, or have passed, until a due instant."""
    if due_at is None:
        return None
    today, last = local_day(now), local_day(due_at)
    left = calendar.working_days_between(today, last)
    if now > due_at:
        words, colour = say_count("逾期 %(count)s 个工作日", language, -left), "overdue"
        if left == 0:
            words = say("今天已过期", language)
    elif left <= 0:
        words, colour = say("今天到期", language), "yellow"
    else:
        words, colour = say_count("还剩 %(count)s 个工作日", language, left), "yellow" if left <= 2 else "quiet"
    return DueShown(last.isoformat(), words, colour, left, calendar.is_provisional(min(today, last), max(today, last)))


def show_instant(value: datetime | None) -> str:
    """Local time to the minute: 2026-09-15 10:00."""
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if value else ""


def show_day(value: datetime | date | None) -> str:
    """Local day: 2026-09-15."""
    if value is None:
        return ""
    return local_day(value).isoformat() if isinstance(value, datetime) else value.isoformat()


def show_number(value: Any, places: int | None = None) -> str:
    """An exact number with thousands separators; `places` rounds half up for show only."""
    if not isinstance(value, Decimal | int) or isinstance(value, bool):
        return "" if value is None else str(value)
    number = Decimal(value)
    if places is not None:
        # half up, as money is shown; the stored value keeps all its places
        number = number.quantize(Decimal(1).scaleb(-places), rounding="ROUND_HALF_UP")
        return f"{number:,f}"
    return f"{number.normalize():,f}"


def show_size(value: Any) -> str:
    """Bytes, of a document or as a draft holds them, as people read them: "12 KB", "1.4 MB"; never 0 KB."""
    if not str(value).isdecimal():
        return ""
    kilobytes = int(value) / 1024
    if kilobytes < 1000:
        return f"{max(1, round(kilobytes))} KB"
    return f"{kilobytes / 1024:.1f} MB"


def plain_number(value: Any) -> str:
    """An exact number as it goes into an input: no separators, no exponent."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)
