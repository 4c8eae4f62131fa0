"""Deadline rules become instants by the calendar and the configuration rows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engine.model.deadline import Deadlines, UnknownDeadline, add_iso_duration, is_deadline_text
from tests.builders_calendar import CALENDAR_2026

ROWS: dict[str, Any] = {
    "due.goal_review.fill": {"rule": "15WD", "not_after": "08-31"},
    "due.rectification.plan": {"rule": "30D"},
    "due.plain": "3WD",
    "due.assessment.warning": {"rule": "-20WD", "counted_from": "07-01"},
    "due.report.filed": {"rule": "10D", "counted_from": "01-05"},
    "due.report.leap": {"rule": "1D", "counted_from": "02-29"},
    "due.report.by_leap_day": {"rule": "30D", "not_after": "02-29"},
}
DEADLINES = Deadlines(CALENDAR_2026, lambda key, _day: ROWS.get(key))


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text + "+08:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("rule", "start", "due"),
    [
        ("5WD", "2026-09-03T15:20", "2026-09-10T18:00"),
        ("30D", "2026-08-21T09:00", "2026-09-20T18:00"),
        ("due.rectification.plan", "2026-07-29T09:00", "2026-08-28T18:00"),
        ("due.plain", "2026-09-09T23:59", "2026-09-14T18:00"),
        ("due.goal_review.fill", "2026-07-01T09:00", "2026-07-22T18:00"),
        ("due.goal_review.fill", "2026-08-20T09:00", "2026-08-31T18:00"),
        ("due.assessment.warning", "2026-03-02T09:00", "2026-06-02T18:00"),
        # within the twenty days: already passed, so at once
        ("due.assessment.warning", "2026-06-10T09:00", "2026-06-02T18:00"),
        ("due.assessment.warning", "2026-07-01T09:00", "2027-06-03T18:00"),
        ("due.report.filed", "2026-01-08T09:00", "2026-01-15T18:00"),
        ("due.report.by_leap_day", "2026-02-10T09:00", "2026-02-28T18:00"),
        ("due.report.leap", "2026-02-10T09:00", "2026-03-02T18:00"),
        ("2026-09-15", "2026-09-01T09:00", "2026-09-15T18:00"),
        ("2026-09-15T12:00:00+08:00", "2026-09-01T09:00", "2026-09-15T12:00"),
        ("P5D", "2026-09-03T15:20", "2026-09-08T15:20"),
        ("PT10M", "2026-09-03T15:20", "2026-09-03T15:30"),
        (date(2026, 9, 15), "2026-09-01T09:00", "2026-09-15T18:00"),
        (timedelta(hours=2), "2026-09-01T09:00", "2026-09-01T11:00"),
    ],
)
def test_a_rule_gives_the_due_instant(rule: Any, start: str, due: str):
    assert DEADLINES.due_at(rule, shanghai(start)) == shanghai(due)


def test_a_timer_keeps_the_time_of_day_and_a_day_begins_at_midnight():
    start = shanghai("2026-09-03T15:20")

    assert DEADLINES.fires_at("5WD", start) == shanghai("2026-09-10T15:20")
    assert DEADLINES.fires_at("2026-12-31", start) == shanghai("2026-12-31T00:00")


def test_days_counted_from_a_day_of_the_year_go_over_to_the_next_one():
    start = shanghai("2026-08-03T09:30")

    assert DEADLINES.fires_at("due.assessment.warning", start) == shanghai("2027-06-03T00:00")
    assert DEADLINES.due_at("due.report.filed", start) == shanghai("2027-01-15T18:00")


@pytest.mark.parametrize("row", [{"rule": "-20WD", "counted_from": "1 July"}, {"rule": "P1M", "counted_from": "07-01"}])
def test_only_days_are_counted_and_only_from_a_month_and_day(row: dict[str, str]):
    with pytest.raises(UnknownDeadline, match="Expected days counted from a month and day"):
        DEADLINES.due_at(row, shanghai("2026-08-03T09:30"))


def test_months_are_cut_to_their_last_day():
    assert add_iso_duration(shanghai("2026-01-31T10:00"), "P1M") == shanghai("2026-02-28T10:00")
    assert add_iso_duration(shanghai("2026-12-31T10:00"), "P2M") == shanghai("2027-02-28T10:00")


@pytest.mark.parametrize("rule", ["soon", "5XD", "due.absent.row", "P", None, 5])
def test_a_rule_nobody_can_read_is_refused_by_name(rule: Any):
    with pytest.raises(UnknownDeadline, match="Expected a"):
        DEADLINES.due_at(rule, shanghai("2026-09-03T15:20"))


def test_only_readable_texts_pass_as_rules():
    assert all(map(is_deadline_text, ["5WD", "-20WD", "30D", "P5D", "due.goal_review.fill", "2026-08-31"]))
    assert not any(map(is_deadline_text, ["", "P", "PT", "soon", "due.", "2026-13-01"]))


@pytest.mark.parametrize(
    "begin", [datetime(2026, 3, 9, 10, 0, tzinfo=UTC), date(2026, 3, 9), "2026-03-09", "2026-03-09T18:00+08:00"]
)
def test_a_rule_may_be_counted_from_another_day_than_today(begin) -> None:
    rule = {"rule": "10WD", "from": begin}
    # ten working days after Monday, 9 March 2026; a timer keeps the time of day it counts from, a day ends at 18:00
    end = datetime(2026, 3, 23, 10, 0, tzinfo=UTC)
    deadlines = Deadlines(CALENDAR_2026, lambda key, on: None)
    now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    assert deadlines.due_at(rule, now) == end
    assert deadlines.fires_at(rule, now) == end
