"""Rungs stand on working days around the due day and fire at nine."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.model.ladder import Ladders, RungRule
from tests.builders_calendar import CALENDAR_2026

LADDERS = Ladders(
    CALENDAR_2026,
    {
        "standard": (
            RungRule(key="remind-5", offset_working_days=-5, minimum_working_days=10),
            RungRule(key="remind-2", offset_working_days=-2),
            RungRule(key="due", offset_working_days=0),
            RungRule(key="yellow", offset_working_days=1, recipients=("unit_head",), action="overdue"),
            RungRule(key="red", offset_working_days=5, recipients=("supervisor",), action="urge", message="task.urge"),
        ),
        "strict": (
            RungRule(key="yellow", offset_working_days=1),
            RungRule(key="pre-check", offset_working_days=20, processes=("rectification", "fund_control")),
        ),
    },
)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text + "+08:00").astimezone(UTC)


def test_the_rungs_of_a_long_user_task_come_in_order_at_nine():
    rungs = LADDERS.rungs("standard", "rectification", shanghai("2026-07-29T10:00"), shanghai("2026-08-28T18:00"))

    assert [(rung.key, rung.fires_at) for rung in rungs] == [
        ("remind-5", shanghai("2026-08-21T09:00")),
        ("remind-2", shanghai("2026-08-26T09:00")),
        ("due", shanghai("2026-08-28T09:00")),
        ("yellow", shanghai("2026-08-31T09:00")),
        ("red", shanghai("2026-09-04T09:00")),
    ]


def test_a_short_user_task_has_no_early_reminder():
    rungs = LADDERS.rungs("standard", "rectification", shanghai("2026-09-09T10:00"), shanghai("2026-09-14T18:00"))

    assert [rung.key for rung in rungs] == ["remind-2", "due", "yellow", "red"]


def test_a_rung_before_the_creation_is_left_out():
    rungs = LADDERS.rungs("standard", "rectification", shanghai("2026-09-14T10:00"), shanghai("2026-09-15T18:00"))

    assert [rung.key for rung in rungs] == ["due", "yellow", "red"]


def test_a_user_task_without_a_ladder_has_no_rungs():
    assert LADDERS.rungs("none", "rectification", shanghai("2026-09-14T10:00"), shanghai("2026-09-15T18:00")) == ()


def test_a_rung_that_names_processes_stands_in_no_other():
    asked = shanghai("2026-07-29T10:00"), shanghai("2026-08-28T18:00")

    assert [rung.key for rung in LADDERS.rungs("strict", "rectification", *asked)] == ["yellow", "pre-check"]
    assert [rung.key for rung in LADDERS.rungs("strict", "goal_review", *asked)] == ["yellow"]
