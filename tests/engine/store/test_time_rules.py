"""Settings and calendar in rows: valid on their days, read again when they change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from engine.model.calendar import DayKind, SpecialDay
from engine.model.deadline import UnknownDeadline
from engine.store.calendar_rows import bring_calendar_years, read_calendar, write_calendar_year
from engine.store.database import open_database, read_transaction, write_transaction
from engine.store.official_calendar import CalendarYear
from engine.store.settings_rows import Setting, put_settings, setting, setting_row, settings_under, values_under
from engine.store.tables import metadata
from engine.store.time_rules import TimeRules

TENANT = "default"
#: 10:00 in Shanghai, the day before the holidays of October.
BEFORE_HOLIDAYS = datetime(2026, 9, 30, 2, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    database = open_database(database_url)
    metadata.create_all(database)
    yield database
    database.dispose()


def put(database: Engine, *rows: Setting) -> None:
    with write_transaction(database) as connection:
        put_settings(connection, TENANT, rows)


def test_a_setting_is_valid_from_its_first_to_its_last_day(database: Engine) -> None:
    put(
        database,
        Setting(key="rule.R03.good", value=Decimal("80"), valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31)),
        Setting(key="rule.R03.good", value=Decimal("82.50"), valid_from=date(2026, 1, 1), basis="S-28"),
    )

    with read_transaction(database) as connection:
        days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1), date(2030, 1, 1)]
        values = [setting(connection, TENANT, "rule.R03.good", day) for day in days]
        row = setting_row(connection, TENANT, "rule.R03.good", date(2026, 5, 1))
    assert [value and str(value) for value in values] == [None, "80", "80", "82.50", "82.50"]
    assert row is not None and row.basis == "S-28"


@pytest.mark.parametrize(
    "value",
    [None, True, "15WD", Decimal("0.80"), [Decimal(1), {"rule": "5WD", "share": Decimal("12.34567890123456789")}]],
)
def test_a_setting_comes_back_with_every_digit(database: Engine, value: object) -> None:
    put(database, Setting(key="rule.x", value=value, valid_from=date(2025, 1, 1)))

    with read_transaction(database) as connection:
        assert repr(setting(connection, TENANT, "rule.x", date(2025, 1, 1))) == repr(value)


def test_a_binary_float_is_no_setting(database: Engine) -> None:
    put(database, Setting(key="rule.x", value=0.1, valid_from=date(2025, 1, 1)))

    with read_transaction(database) as connection:
        assert setting(connection, TENANT, "rule.x", date(2025, 1, 1)) == Decimal("0.1")


def test_settings_are_listed_under_their_prefix_and_replaced_by_key_and_day(database: Engine) -> None:
    put(database, *(Setting(key=key, value="5WD", valid_from=date(2025, 1, 1)) for key in ("due.a", "due.b", "duexa")))
    put(database, Setting(key="due.a", value="9WD", valid_from=date(2025, 1, 1)))

    with read_transaction(database) as connection:
        assert [(row.key, row.value) for row in settings_under(connection, TENANT, "due.")] == [
            ("due.a", "9WD"),
            ("due.b", "5WD"),
        ]
        assert values_under(connection, TENANT, "due.", date(2025, 6, 1)) == {"due.a": "9WD", "due.b": "5WD"}
        assert settings_under(connection, "another", "due.") == []


def test_years_come_official_or_provisional_and_once(database: Engine) -> None:
    with write_transaction(database) as connection:
        first = bring_calendar_years(connection, TENANT, (2026, 2027))
        again = bring_calendar_years(connection, TENANT, (2026, 2027))
        calendar = read_calendar(connection, TENANT)

    assert [(year.year, year.is_official) for year in first] == [(2026, True), (2027, False)]
    assert again == []
    assert calendar.version == "2026 2027?"
    assert calendar.add_working_days(date(2026, 9, 30), 5) == date(2026, 10, 13)
    assert calendar.is_provisional(date(2026, 12, 1), date(2027, 1, 5))


def test_an_edited_year_replaces_the_one_before(database: Engine) -> None:
    first = SpecialDay(day=date(2027, 2, 8), kind=DayKind.HOLIDAY, name="春节")
    second = SpecialDay(day=date(2027, 2, 20), kind=DayKind.MAKE_UP, name="春节调休")
    with write_transaction(database) as connection:
        write_calendar_year(connection, TENANT, CalendarYear(2027, (first,), False, "holidays"))
        write_calendar_year(connection, TENANT, CalendarYear(2027, (first, second), True, "notice of 2026-11-01"))
        calendar = read_calendar(connection, TENANT)

    assert calendar.version == "2027"
    assert not calendar.is_working(date(2027, 2, 8))
    assert calendar.is_working(date(2027, 2, 20))


def test_deadlines_and_rungs_follow_the_rows_and_their_changes(database: Engine) -> None:
    with write_transaction(database) as connection:
        bring_calendar_years(connection, TENANT, (2026,))
    put(
        database,
        Setting(key="due.goal_review.fill", value="5WD", valid_from=date(2025, 1, 1)),
        Setting(
            key="ladder.standard",
            value=[{"key": "yellow", "offset_working_days": Decimal(1), "recipients": ["unit_head"]}],
            valid_from=date(2025, 1, 1),
        ),
    )
    rules = TimeRules(TENANT)

    def due() -> datetime:
        with read_transaction(database) as connection:
            return rules.deadlines(connection).due_at("due.goal_review.fill", BEFORE_HOLIDAYS)

    assert due().isoformat() == "2026-10-13T10:00:00+00:00"
    (rung,) = rules.rungs("standard", "goal_review", BEFORE_HOLIDAYS, due())
    assert (rung.key, rung.recipients, rung.fires_at.isoformat()) == (
        "yellow",
        ("unit_head",),
        "2026-10-14T01:00:00+00:00",
    )
    put(database, Setting(key="due.goal_review.fill", value="6WD", valid_from=date(2025, 1, 1)))
    assert due().isoformat() == "2026-10-14T10:00:00+00:00"


def test_a_deadline_without_a_row_is_refused_by_its_key(database: Engine) -> None:
    with read_transaction(database) as connection, pytest.raises(UnknownDeadline, match=r"due\.nothing\.here"):
        TimeRules(TENANT).deadlines(connection).due_at("due.nothing.here", BEFORE_HOLIDAYS)


def test_a_rung_of_the_rows_is_left_out_for_processes_it_does_not_name(database: Engine) -> None:
    pre_check = {"key": "pre-check", "offset_working_days": Decimal(20), "processes": ["rectification"]}
    put(database, Setting(key="ladder.standard", value=[pre_check], valid_from=date(2025, 1, 1)))
    rules = TimeRules(TENANT)
    with read_transaction(database) as connection:
        rules.deadlines(connection)
    due = BEFORE_HOLIDAYS + timedelta(days=3)

    assert [rung.key for rung in rules.rungs("standard", "rectification", BEFORE_HOLIDAYS, due)] == ["pre-check"]
    assert rules.rungs("standard", "goal_review", BEFORE_HOLIDAYS, due) == ()
