"""Timers of a test case: both engines must wait for the same instant, whatever calendar is configured.

A working day counts as one day of 24 hours, and a configured deadline ("due.…") as ten: which working calendar holds
is not what the two engines are compared on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from engine.feel import DaysTimeDuration

#: When every test case begins: a Monday, 09:00 in Shanghai.
START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
#: How long a configured deadline lasts here.
CONFIGURED_DAYS = 10

_DAYS = re.compile(r"(\d+)W?D")
_DURATION = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)


def instant_of(rule: Any, start: datetime) -> datetime | None:
    """When a rule falls due; None if this module does not know (months, years, cycles).

    The rule is a date, an instant, a length of time, text as `engine.bpmn.instants` describes it, or a context
    {"rule": …, "not_after": …}.
    """
    if isinstance(rule, Mapping):
        return _instant_within(cast("Mapping[str, Any]", rule), start)
    if isinstance(rule, datetime):
        return rule.astimezone(UTC)
    if isinstance(rule, date):
        return datetime.combine(rule, time(), UTC)
    if isinstance(rule, timedelta):
        return start + rule
    if isinstance(rule, DaysTimeDuration):
        return start + rule.as_timedelta()
    if not isinstance(rule, str):
        return None
    return _instant_of_text(rule.strip(), start)


def _instant_within(row: Mapping[str, Any], start: datetime) -> datetime | None:
    due = instant_of(row.get("rule"), start)
    if due is None or row.get("not_after") is None:
        return due
    limit = instant_of(row["not_after"], start)
    return min(due, limit) if limit is not None else None


def _instant_of_text(text: str, start: datetime) -> datetime | None:
    if text.startswith("due."):
        return start + timedelta(days=CONFIGURED_DAYS)
    days = _DAYS.fullmatch(text)
    if days:
        return start + timedelta(days=int(days.group(1)))
    length = _DURATION.fullmatch(text)
    if length and text != "P":
        return start + timedelta(**{unit: float(number) for unit, number in length.groupdict().items() if number})
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
