"""Settings: deadlines `due.*`, thresholds `rule.*`, ladders `ladder.*`, each with its validity and its basis."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

import orjson
from sqlalchemy import Connection, select

from engine.store.register_tables import setting as settings
from engine.store.revisions import RULES, read_revision, touch
from engine.store.statements import insert


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One row."""

    #: "due.goal_review.fill", "rule.R03.good", "ladder.standard".
    key: str
    #: None, bool, str, Decimal, list or dict.
    value: Any
    valid_from: date
    #: Last day, included; None = until further notice.
    valid_to: date | None = None
    #: Where it comes from: a clause, or "PROP" for our own proposal.
    basis: str = ""
    note: str = ""

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def as_read(self) -> dict[str, Any]:
        """What is frozen with a decision that read it; JSON-ready, numbers as text so that no digit is lost."""
        return {
            "value": _as_text(self.value),
            "basis": self.basis,
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat() if self.valid_to is not None else None,
        }


def setting(connection: Connection, tenant_id: str, key: str, on: date) -> Any:
    """The value of a setting on a day; None if there is none."""
    row = setting_row(connection, tenant_id, key, on)
    return row.value if row is not None else None


def setting_row(connection: Connection, tenant_id: str, key: str, on: date) -> Setting | None:
    """The row that is valid on a day, the one that began last where several are."""
    valid = [row for row in _read(connection, tenant_id, settings.c.key == key) if row.is_valid_on(on)]
    return valid[-1] if valid else None


def settings_under(connection: Connection, tenant_id: str, prefix: str) -> list[Setting]:
    """All rows whose key begins with a prefix, by key and first day."""
    return _read(connection, tenant_id, settings.c.key.startswith(prefix, autoescape=True))


def in_force(connection: Connection, tenant_id: str, prefix: str, on: date) -> dict[str, Setting]:
    """Key -> the row under a prefix that is valid on a day, the one that began last where several are."""
    return {row.key: row for row in settings_under(connection, tenant_id, prefix) if row.is_valid_on(on)}


def values_under(connection: Connection, tenant_id: str, prefix: str, on: date) -> Mapping[str, Any]:
    """Key -> value of the rows under a prefix that are valid on a day."""
    return {key: row.value for key, row in in_force(connection, tenant_id, prefix, on).items()}


def rows_read(rows: Mapping[str, Setting], paths: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The rows that somebody read who read these paths: the row of that key, one around it, or those below it."""
    read: dict[str, dict[str, Any]] = {}
    for path in sorted(set(paths)):
        for key, row in rows.items():
            if key == path or path.startswith(f"{key}.") or key.startswith(f"{path}."):
                read[key] = row.as_read()
    return read


def put_settings(connection: Connection, tenant_id: str, rows: Iterable[Setting]) -> None:
    """Add settings; one of the same key and first day is replaced."""
    replace = (
        " ON CONFLICT (tenant_id, key, valid_from) DO UPDATE SET valid_to = excluded.valid_to, "
        "value = excluded.value, basis = excluded.basis, note = excluded.note"
    )
    written = [
        {
            "tenant_id": tenant_id,
            "key": row.key,
            "valid_from": row.valid_from.isoformat(),
            "valid_to": row.valid_to.isoformat() if row.valid_to is not None else None,
            "value": _to_json(row.value),
            "basis": row.basis,
            "note": row.note,
        }
        for row in rows
    ]
    insert(connection, settings, written, replace)
    touch_rules(connection, tenant_id)


def rules_revision(connection: Connection, tenant_id: str) -> str:
    """Changes with every change of settings or calendar."""
    return read_revision(connection, tenant_id, RULES)


def touch_rules(connection: Connection, tenant_id: str) -> None:
    """Tell readers that settings or calendar have changed."""
    touch(connection, tenant_id, RULES)


def _read(connection: Connection, tenant_id: str, condition: Any) -> list[Setting]:
    statement = (
        select(settings)
        .where(settings.c.tenant_id == tenant_id, condition)
        .order_by(settings.c.key, settings.c.valid_from)
    )
    return [
        Setting(
            key=row.key,
            value=json.loads(row.value, parse_float=Decimal, parse_int=Decimal),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            basis=row.basis,
            note=row.note,
        )
        for row in connection.execute(statement)
    ]


def _as_text(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list):
        return [_as_text(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {name: _as_text(entry) for name, entry in cast("dict[str, Any]", value).items()}
    return value


def _to_json(value: Any) -> str:
    """JSON with every digit of a Decimal."""

    def exact(foreign: Any) -> orjson.Fragment:
        if isinstance(foreign, Decimal) and foreign.is_finite():
            return orjson.Fragment(format(foreign, "f"))
        raise TypeError(f"Expected a JSON value or a finite Decimal, but found {foreign!r}.")

    return orjson.dumps(value, exact).decode()
