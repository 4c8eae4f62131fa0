"""What designers write into timers and due dates without quotes: ISO 8601 and working days.

Anything that is not recognised here is FEEL.
"""

from __future__ import annotations

import re
from datetime import date, time

from engine.kernel.graph import TimerKind

_DURATION_TEXT = r"P(?=[\dT])(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
_WORKING_DAYS_TEXT = r"\d+W?D"
_DATE_TEXT = r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2}|@[A-Za-z_/]+)?)?"
_STEP_TEXT = f"(?:{_DURATION_TEXT}|{_WORKING_DAYS_TEXT})"

_DURATION = re.compile(_DURATION_TEXT)
_WORKING_DAYS = re.compile(_WORKING_DAYS_TEXT)
_DATE = re.compile(_DATE_TEXT)
#: ISO 8601-1, 5.6: recurring time interval, with an optional start or end.
_CYCLE = re.compile(rf"R\d*/(?:{_STEP_TEXT}|{_DATE_TEXT}/{_STEP_TEXT}|{_STEP_TEXT}/{_DATE_TEXT})")
#: A key of the configured deadlines, e.g. "due.goal_review.fill".
_DEADLINE_KEY = re.compile(r"due(?:\.[^\W\d][\w-]*)+")
_CRON = re.compile(r"[\d*?/,LW#A-Z-]+(?:\s+[\d*?/,LW#A-Z-]+){4,6}")
_DAY_AND_TIME = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?)?")
_QUOTED = re.compile(r'"([^"\\]*)"')

_MATCHING = {
    TimerKind.DATE: (_DATE, _DEADLINE_KEY),
    TimerKind.DURATION: (_DURATION, _WORKING_DAYS, _DEADLINE_KEY),
    TimerKind.CYCLE: (_CYCLE,),
}


def is_cron(text: str) -> bool:
    """Whether the text is a cron expression of five to seven fields."""
    return _CRON.fullmatch(text) is not None


def is_deadline_key(text: str) -> bool:
    return _DEADLINE_KEY.fullmatch(text) is not None


def unquoted(text: str) -> str:
    """The content of a FEEL text literal, or the text itself."""
    quoted = _QUOTED.fullmatch(text)
    return quoted.group(1) if quoted else text


def is_instant_text(text: str) -> bool:
    """Whether the text is written in one of the plain forms, whichever timer it would fit."""
    return any(form.fullmatch(text) for form in (_DATE, _DURATION, _WORKING_DAYS, _CYCLE, _DEADLINE_KEY))


def fits(kind: TimerKind, text: str) -> bool:
    """Whether a plain text is what this kind of timer takes."""
    return any(form.fullmatch(text) for form in _MATCHING[kind]) and _is_in_the_calendar(text)


def fits_due_date(text: str) -> bool:
    """Whether a plain text is a due rule: "5WD", "30D", "due.goal_review.fill", a date or a duration."""
    forms = (_DATE, _DURATION, _WORKING_DAYS, _DEADLINE_KEY)
    return any(form.fullmatch(text) for form in forms) and _is_in_the_calendar(text)


def _is_in_the_calendar(text: str) -> bool:
    """Whether there is such a day and time: no 30 February, no 25 o'clock."""
    try:
        for part in _DAY_AND_TIME.finditer(text):
            year, month, day, hour, minute, second = (int(number or 0) for number in part.groups())
            date(year, month, day)
            time(hour, minute, second)
    except ValueError:
        return False
    return True
