"""What happened in a process instance, in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from engine.model.actor import Actor
from engine.queries.blind import blindfold
from engine.queries.cursor import Page, checked_limit, page_of, read_cursor
from engine.queries.scope import Sight, visible_instance
from engine.store import codec
from engine.store.instance_tables import history

#: What an entry tells of how the engine went: nothing that people or decisions put into it.
_TECHNICAL = frozenset({
    "graph_ref", "business_key", "parent", "resolution", "outcome", "end_element_id", "reason", "flow_id", "flow_ids",
    "cause", "name", "form_key", "form_ref", "assignee", "by", "candidate_groups", "candidate_users", "due_at",
    "follow_up_at", "priority", "lane", "due_rule", "four_eyes_with", "unit_code", "wait", "correlation_key",
    "external", "decision_ref", "scope", "error_code", "escalation_code", "kind", "key", "action", "recipients",
    "to_element_id", "user_task", "incident_id", "message_id", "receiver", "goes_on",
})  # fmt: skip
#: Names of an entry's payload that are told; None = all.
_TOLD: Mapping[Sight, frozenset[str] | None] = {
    Sight.WHOLE: None,
    Sight.PART: _TECHNICAL | {"comment"},
    Sight.TECHNICAL: _TECHNICAL | {"message"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One thing that happened."""

    #: 1, 2, 3 … within the root.
    seq: int
    part: int
    token: int | None
    #: Name of the event, e.g. "UserTaskCompleted".
    kind: str
    #: BPMN id; "" for the instance itself.
    element_id: str
    actor: str
    at: datetime
    payload: Mapping[str, Any]


def instance_history(
    connection: Connection,
    actor: Actor,
    process_instance_id: str,
    *,
    kinds: Sequence[str] = (),
    latest_first: bool = False,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[HistoryEntry]:
    """A page of the history of an instance's root, of some kinds or of all.

    Who does not see the whole instance is told what happened, without the values that were written.

    Raises:
        NotFound: there is no such instance, or the actor must not learn that there is.
    """
    instance, sight = visible_instance(connection, actor, process_instance_id)
    if sight is Sight.WHOLE and blindfold(connection, actor, instance.root_id):
        sight = Sight.PART
    told = _TOLD[sight]
    limit = checked_limit(limit)
    statement = select(history).where(history.c.tenant_id == actor.tenant_id, history.c.root_id == instance.root_id)
    if kinds:
        statement = statement.where(history.c.kind.in_(list(kinds)))
    if cursor:
        (seq,) = read_cursor(cursor, (int,))
        statement = statement.where(history.c.seq < seq if latest_first else history.c.seq > seq)
    order = history.c.seq.desc() if latest_first else history.c.seq
    rows = connection.execute(statement.order_by(order).limit(limit + 1)).all()
    page = page_of(rows, limit, lambda row: (row.seq,))
    entries = [
        HistoryEntry(
            seq=row.seq,
            part=row.part,
            token=row.token,
            kind=row.kind,
            element_id=row.element_id,
            actor=row.actor,
            at=row.at,
            payload=_told(codec.decode(row.payload), told),
        )
        for row in page.items
    ]
    return Page(items=entries, cursor=page.cursor)


def _told(payload: Mapping[str, Any], names: frozenset[str] | None) -> Mapping[str, Any]:
    return payload if names is None else {name: value for name, value in payload.items() if name in names}
