"""Repeating timers as arithmetic."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.cycles import Beat, Cycle, first_beat, next_beat, parse_cycle, times
from engine.model.deadline import Deadlines
from tests.builders_calendar import CALENDAR_2026


def _no_row(key: str, on: date) -> Any:
    return None


ADD = Deadlines(CALENDAR_2026, _no_row).fires_at
NOW = datetime(2026, 1, 31, 1, 0, tzinfo=UTC)


def beats(text: str, count: int, *, now: datetime = NOW) -> list[datetime]:
    """The first instants of a cycle, each fired when it is due."""
    beat: Beat | None = first_beat(parse_cycle(text), now, ADD)
    found: list[datetime] = []
    while beat is not None and len(found) < count:
        found.append(beat.due_at)
        beat = next_beat(beat, beat.due_at, ADD)
    return found


@pytest.mark.parametrize(
    ("text", "cycle"),
    [
        ("R3/PT10M", Cycle(3, None, "PT10M")),
        ("R/P1M", Cycle(None, None, "P1M")),
        ("R-1/P1D", Cycle(None, None, "P1D")),
        ("R2/5WD", Cycle(2, None, "5WD")),
        ("R2/2026-01-31T09:00:00+08:00/P1M", Cycle(2, datetime.fromisoformat("2026-01-31T09:00:00+08:00"), "P1M")),
    ],
)
def test_a_cycle_is_read(text, cycle) -> None:
    assert parse_cycle(text) == cycle


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("PT10M", "Expected a repeating timer such as R3/PT10M, but found 'PT10M'."),
        ("R3/", "Expected a repeating timer such as R3/PT10M, but found 'R3/'."),
        ("R0/PT1M", "Expected at least one firing, but found 'R0/PT1M'."),
        ("R3/PT0S", "Expected an interval such as PT10M, P1M or 5WD in 'R3/PT0S', but found 'PT0S'."),
        ("R3/P", "Expected an interval such as PT10M, P1M or 5WD in 'R3/P', but found 'P'."),
        ("R3/soon/PT1M", "Expected an instant such as 2026-01-31T09:00:00+08:00, but found 'soon'."),
        (
            "R3/2026-01-31T09:00:00/PT1M",
            "Expected an instant with its offset from UTC, but found '2026-01-31T09:00:00'.",
        ),
    ],
)
def test_what_is_no_cycle_is_refused(text, message) -> None:
    with pytest.raises(ValueError) as refusal:
        parse_cycle(text)
    assert str(refusal.value) == message


def test_firings_are_one_interval_apart_and_counted() -> None:
    assert beats("R3/PT10M", 9) == [NOW + timedelta(minutes=10 * number) for number in (1, 2, 3)]


def test_without_a_number_a_cycle_goes_on_for_ever() -> None:
    assert len(beats("R/PT1H", 500)) == 500


def test_months_count_from_the_beginning_not_from_the_last_instant() -> None:
    found = beats("R/P1M", 4)
    assert [instant.astimezone(UTC).date().isoformat() for instant in found] == [
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
    ]


def test_working_days_repeat_by_the_calendar() -> None:
    found = beats("R/5WD", 2, now=datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
    assert [instant.date().isoformat() for instant in found] == ["2026-03-09", "2026-03-16"]


def test_a_given_start_is_the_first_firing() -> None:
    assert beats("R2/2026-02-01T09:00:00+08:00/P1D", 5) == [
        datetime(2026, 2, 1, 1, 0, tzinfo=UTC),
        datetime(2026, 2, 2, 1, 0, tzinfo=UTC),
    ]


def test_instants_of_a_start_in_the_past_count_as_used() -> None:
    assert beats("R4/2026-01-29T09:30:00+08:00/P1D", 9) == [
        datetime(2026, 1, 31, 1, 30, tzinfo=UTC),
        datetime(2026, 2, 1, 1, 30, tzinfo=UTC),
    ]


def test_when_all_have_passed_the_last_one_is_due_at_once() -> None:
    assert beats("R2/2026-01-01T09:00:00+08:00/P1D", 9) == [datetime(2026, 1, 2, 1, 0, tzinfo=UTC)]


def test_a_late_firing_stands_for_all_that_were_missed() -> None:
    first = first_beat(parse_cycle("R3/PT10M"), NOW, ADD)
    second = next_beat(first, NOW + timedelta(minutes=25), ADD)
    assert second is not None
    assert (second.due_at, second.left) == (NOW + timedelta(minutes=30), 0)
    assert next_beat(second, NOW + timedelta(minutes=30), ADD) is None
    assert next_beat(first, NOW + timedelta(minutes=35), ADD) is None


@pytest.mark.parametrize(
    ("interval", "factor", "product"),
    [("P1M", 3, "P3M"), ("PT1.5S", 2, "PT3.0S"), ("P1Y2M3DT4H", 10, "P10Y20M30DT40H")],
)
def test_an_interval_is_repeated_by_its_parts(interval, factor, product) -> None:
    assert times(interval, factor) == product


@given(st.integers(1, 10_000), st.integers(0, 10_000_000), st.one_of(st.none(), st.integers(0, 50)))
def test_the_next_instant_is_the_first_after_now_and_firings_are_conserved(minutes, late, left) -> None:
    """However late: no instant between now and the next one is skipped, and used plus left stay the total."""
    fired = Beat(NOW, left, f"PT{minutes}M {NOW.isoformat()} 0")
    now = NOW + timedelta(seconds=late)
    following = next_beat(fired, now, ADD)
    used = late // (60 * minutes) + 1
    if left is not None and used > left:
        assert following is None
    else:
        assert following is not None
        assert following.due_at == NOW + timedelta(minutes=minutes * used)
        assert following.left == (None if left is None else left - used)
