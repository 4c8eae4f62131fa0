"""Writing deeds that belong to no root instance: deployments, messages from outside, timer starts, jobs taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Connection

from engine.model.deeds import Deed, DefinitionsDeployed
from engine.store import deed_appliers
from engine.store.definitions import write_deployment
from engine.store.filing import Frame
from engine.store.row_changes import flush


def write_apart(
    connection: Connection, frame: Frame, deeds: Iterable[Deed], make_id: Callable[[datetime], str]
) -> tuple[str, ...]:
    """Write deeds that belong to no root instance. Returns messages that may have a receiver now."""
    changes = frame.row_changes("")
    for deed in deeds:
        if isinstance(deed, DefinitionsDeployed):
            write_deployment(
                connection,
                deed,
                tenant_id=frame.tenant_id,
                by=frame.actor.user_id,
                at=frame.now,
                make_id=lambda: make_id(frame.now),
            )
        else:
            deed_appliers.APART[type(deed)](changes, deed)
    return flush(connection, changes).deliverable
