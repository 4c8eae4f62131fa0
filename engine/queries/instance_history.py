"""What happened in a process instance, in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from engine.model.actor import Actor
from engine.queries.blind import blindfold
from engine.queries.cursor import Page, checked_limit, page_of, read_cursor
from engine.queries.scope import Sight, visible_instance
from engine.store.chronicle import entries_beyond, names_kind
from engine.store.instance_tables import history

#: Rows read at once: a page of a hundred entries is some ten changes long, or a small part of one that went far.
_ROWS_AT_FIRST, _ROWS_AT_ONCE = 2, 50

#: What an entry tells of how the engine went: nothing that people or decisions put into it.
_TECHNICAL = frozenset({
    "graph_ref", "business_key", "parent", "resolution", "outcome", "end_element_id", "reason", "flow_id", "flow_ids",
    "cause", "name", "form_key", "form_ref", "assignee", "by", "candidate_groups", "candidate_users", "due_at",
    "follow_up_at", "priority", "lane", "due_rule", "four_eyes_with", "unit_code", "wait", "correlation_key",
    "external", "decision_ref", "scope", "error_code", "escalation_code", "kind", "key", "action", "recipients",
    "to_element_id", "user_task", "incident_id", "timer_key", "message_id", "receiver", "goes_on",
    "from_user", "to_user", "with_draft",
})  # fmt: skip
#: Entries whose `reason` is what somebody wrote to others, and not why the engine did something.
_WITH_WORDS = frozenset({"ExtensionAsked", "UserTaskTransferred", "UserTaskWithdrawn", "WithdrawalAsked"})
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
    #: Whom the actor stood in for; None = nobody.
    acted_for: str | None = None


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
    place = (read_cursor(cursor, "history", (int,))[0] if cursor else None, latest_first)
    of_root = (history.c.tenant_id == actor.tenant_id, history.c.root_id == instance.root_id)
    found = _entries(connection, of_root, kinds, *place)
    page = page_of(list(islice(found, limit + 1)), limit, "history", lambda entry: (entry.seq,))
    return Page(items=[replace(entry, payload=_told(entry, told)) for entry in page.items], cursor=page.cursor)


def _entries(
    connection: Connection,
    of_root: Sequence[ColumnElement[bool]],
    kinds: Sequence[str],
    beyond: int | None,
    latest_first: bool,
) -> Iterator[HistoryEntry]:
    """Entries of some kinds or of all beyond a number; reads few more rows than are asked for, and no more entries."""
    of_kinds = [history.c.entries.contains(names_kind(kind), autoescape=True) for kind in kinds]
    may_hold = [or_(*of_kinds)] if kinds else []
    order = history.c.seq.desc() if latest_first else history.c.seq
    from_row: list[ColumnElement[bool]] = []
    if beyond is not None:
        # counting up, what comes next may stand in the row that the last page has ended in
        begun = select(func.max(history.c.seq)).where(*of_root, history.c.seq <= beyond).scalar_subquery()
        from_row = [history.c.seq < beyond if latest_first else history.c.seq >= func.coalesce(begun, 0)]
    at_once = _ROWS_AT_FIRST
    while True:
        statement = select(history).where(*of_root, *may_hold, *from_row).order_by(order).limit(at_once)
        rows = connection.execute(statement).all()
        for row in rows:
            for entry in entries_beyond(row.seq, row.entries, beyond, kinds, latest_first=latest_first):
                yield HistoryEntry(
                    seq=entry.seq,
                    part=entry.part,
                    token=entry.token,
                    kind=entry.kind,
                    element_id=entry.element_id,
                    actor=row.actor,
                    at=row.at,
                    payload=entry.payload,
                    acted_for=row.acted_for,
                )
        if len(rows) < at_once:
            return
        at_once = min(2 * at_once, _ROWS_AT_ONCE)
        from_row = [history.c.seq < rows[-1].seq if latest_first else history.c.seq > rows[-1].seq]


def _told(entry: HistoryEntry, names: frozenset[str] | None) -> Mapping[str, Any]:
    if names is None:
        return entry.payload
    told = {name: value for name, value in entry.payload.items() if name in names}
    if entry.kind in _WITH_WORDS and "comment" not in names:
        told.pop("reason", None)
    return told
