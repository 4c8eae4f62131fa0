"""Column types that read and write the same on every database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Text, TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: Ids are UUIDv7 as text: the same bytes on both databases and in every address, and sorted by creation.
Id = Text
#: Text in the codec's JSON, see engine/store/codec.py.
Coded = Text

#: Stands for "never due" where rows are sorted by due instant, so that one index serves page and order.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
