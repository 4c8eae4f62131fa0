"""An incident knows which timer was given up, by its key, and the version of the diagram that names its element.

Two rungs of one user task have the same number: by that alone the retry of one woke both. Which one an incident is
about stands in the history of its change.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_incident = sa.table(
    "incident",
    *map(sa.column, ("tenant_id", "id", "root_id", "token", "kind", "timer_key")),
    sa.column("opened_at", sa.DateTime(timezone=True)),
)
_history = sa.table(
    "history",
    *map(sa.column, ("tenant_id", "root_id", "seq", "entries")),
    sa.column("at", sa.DateTime(timezone=True)),
)

_VERSION_OF_THE_PART = """
UPDATE incident SET definition_ref = coalesce(
    (SELECT p.definition_ref FROM process_instance p
     WHERE p.tenant_id = incident.tenant_id AND p.root_id = incident.root_id AND p.part = incident.part),
    -- a branch is no instance of its own: it belongs to one of the same process
    (SELECT max(p.definition_ref) FROM process_instance p
     WHERE p.tenant_id = incident.tenant_id AND p.root_id = incident.root_id
     AND p.definition_key = incident.definition_key),
    '')
"""


def upgrade() -> None:
    # as if it had been made so: SQLite writes columns that are added behind each other on one line of its schema
    anew = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("incident", recreate=anew) as table:
        table.add_column(sa.Column("definition_ref", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("timer_key", sa.Text(), nullable=True))
    op.execute(_VERSION_OF_THE_PART)
    _find_the_timers()


def downgrade() -> None:
    with op.batch_alter_table("incident") as table:
        for column in ("timer_key", "definition_ref"):
            table.drop_column(column)


def _find_the_timers() -> None:
    connection = op.get_bind()
    given_up: dict[tuple[Any, ...], dict[int, list[str]]] = {}
    statement = sa.select(_incident).where(_incident.c.kind == "timer").order_by(_incident.c.tenant_id, _incident.c.id)
    for incident in connection.execute(statement).all():
        place = (incident.tenant_id, incident.root_id, incident.opened_at)
        if place not in given_up:
            given_up[place] = _given_up_at(connection, *place)
        # one after the other where a clock that stands has given up several at once
        keys = given_up[place].get(incident.token)
        key = keys.pop(0) if keys else ""
        this = (_incident.c.tenant_id == incident.tenant_id, _incident.c.id == incident.id)
        connection.execute(sa.update(_incident).where(*this).values(timer_key=key))


def _given_up_at(connection: sa.Connection, tenant_id: str, root_id: str, at: Any) -> dict[int, list[str]]:
    """Number -> keys of the timers that were given up at an instant, in order."""
    here = (_history.c.tenant_id == tenant_id, _history.c.root_id == root_id, _history.c.at == at)
    found: dict[int, list[str]] = {}
    for written in connection.execute(sa.select(_history.c.entries).where(*here).order_by(_history.c.seq)).scalars():
        for _part, _token, kind, _element_id, payload in json.loads(written):
            if kind == "TimerGivenUp":
                found.setdefault(payload["number"], []).append(payload["key"])
    return found
