"""The history: who, when, what, where, and the values. One row a change, with all that happened in it, in order.

A completion tells a dozen things. In a row each they would repeat who and when and cost as much as everything else that
is written; what is asked of the history is asked of one instance, from its beginning or its end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.kernel.events import Event, UserTaskCompleted
from engine.model import deeds
from engine.store import codec
from engine.store.row_changes import RowChanges
from engine.store.telling import teller

#: Deeds that are no news to a reader of the history.
_SILENT = frozenset(
    {
        deeds.DraftSaved,
        deeds.MessageReceived,
        deeds.MessageSettled,
        deeds.StartTimerFired,
        deeds.TimerDropped,
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, as the history tells it."""

    #: 1, 2, 3 … within the root.
    seq: int
    part: int
    token: int | None
    #: Name of the event or deed, e.g. "UserTaskCompleted".
    kind: str
    #: BPMN id; "" for the instance itself.
    element_id: str
    payload: Mapping[str, Any]


def record(changes: RowChanges, entries: Sequence[Event | deeds.Deed], after: int) -> int:
    """Add the history row of a change, unless nothing of it is news.

    Args:
        after: number of the last entry so far.

    Returns:
        The number of the last entry now.
    """
    kinds = [*map(type, entries)]
    if _SILENT.isdisjoint(kinds):
        told = [teller(kind)(entry) for kind, entry in zip(kinds, entries, strict=True)]
    else:
        told = [teller(kind)(entry) for kind, entry in zip(kinds, entries, strict=True) if kind not in _SILENT]
    if told:
        completed: Any = entries[kinds.index(UserTaskCompleted)] if UserTaskCompleted in kinds else None
        changes.history.append(
            {
                "tenant_id": changes.tenant_id,
                "root_id": changes.root_id,
                "seq": after + 1,
                "actor": changes.actor,
                "acted_for": changes.on_behalf_of,
                "at": changes.now,
                # a change completes one user task at most: the one that its command names
                "completed_token": None if completed is None else completed.token,
                "entries": f"[{','.join(told)}]",
            }
        )
    return after + len(told)


def entries_of(seq: int, written: str) -> Iterator[Entry]:
    """What a history row holds, by its columns `seq` and `entries`."""
    for number, (part, token, kind, element_id, payload) in enumerate(codec.decode(written), seq):
        yield Entry(number, part, token, kind, element_id, payload)


def entries_beyond(
    seq: int, written: str, beyond: int | None, kinds: Collection[str], *, latest_first: bool
) -> Iterator[Entry]:
    """What a history row holds beyond a number, of some kinds or of all, in the order asked for.

    A row may hold 100,000 entries: only those that are taken are restored.
    """
    for number, (part, token, kind, element_id, payload) in codec.items_of(written, last_first=latest_first):
        is_beyond = beyond is None or (seq + number < beyond if latest_first else seq + number > beyond)
        if is_beyond and (not kinds or kind in kinds):
            yield Entry(seq + number, part, token, kind, element_id, codec.restored(payload))


def names_kind(kind: str) -> str:
    """What the entries of a row contain if one of them is of this kind; other rows may contain it, too."""
    return f',"{kind}",'
