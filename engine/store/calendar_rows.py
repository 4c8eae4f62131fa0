"""The working calendar in rows: edited by people, provisional until a year is published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, delete, insert, select

from engine.model.calendar import DayKind, SpecialDay, WorkingCalendar
from engine.store.official_calendar import CalendarYear, calendar_year
from engine.store.register_tables import calendar_day
from engine.store.register_tables import calendar_year as calendar_years
from engine.store.settings_rows import touch_rules


def read_calendar(connection: Connection, tenant_id: str) -> WorkingCalendar:
    """All special days; its version names the years and whether they are official: "2026 2027?"."""
    years = connection.execute(
        select(calendar_years.c.year, calendar_years.c.is_official)
        .where(calendar_years.c.tenant_id == tenant_id)
        .order_by(calendar_years.c.year)
    ).all()
    days = connection.execute(select(calendar_day).where(calendar_day.c.tenant_id == tenant_id))
    return WorkingCalendar.of(
        (SpecialDay(day=row.day, kind=DayKind(row.kind), name=row.name) for row in days),
        (year for year, is_official in years if not is_official),
        " ".join(f"{year}" if is_official else f"{year}?" for year, is_official in years),
    )


def write_calendar_year(connection: Connection, tenant_id: str, year: CalendarYear) -> None:
    """Replace the rows of a year."""
    of_year = calendar_day.c.day.between(date(year.year, 1, 1), date(year.year, 12, 31))
    connection.execute(delete(calendar_day).where(calendar_day.c.tenant_id == tenant_id, of_year))
    connection.execute(
        delete(calendar_years).where(calendar_years.c.tenant_id == tenant_id, calendar_years.c.year == year.year)
    )
    connection.execute(
        insert(calendar_years).values(
            tenant_id=tenant_id, year=year.year, is_official=year.is_official, source=year.source
        )
    )
    if year.days:
        rows = [
            {"tenant_id": tenant_id, "day": each.day, "kind": each.kind.value, "name": each.name, "source": year.source}
            for each in year.days
        ]
        connection.execute(insert(calendar_day), rows)
    touch_rules(connection, tenant_id)


def bring_calendar_years(connection: Connection, tenant_id: str, years: Iterable[int]) -> list[CalendarYear]:
    """Add the years that have no rows yet: as published, else estimated and provisional. Returns what was added."""
    known = set(
        connection.execute(select(calendar_years.c.year).where(calendar_years.c.tenant_id == tenant_id)).scalars()
    )
    added = [calendar_year(year) for year in sorted(set(years) - known)]
    for year in added:
        write_calendar_year(connection, tenant_id, year)
    return added
