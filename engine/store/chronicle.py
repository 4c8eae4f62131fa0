"""Events and deeds as history rows: who, when, what, where, and the values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from typing import Any

from engine.kernel.events import Event, UserTaskCreated
from engine.model import deeds
from engine.model.user_task import UserTask
from engine.store import codec
from engine.store.row_changes import RowChanges

#: Fields that have a column of their own.
_COLUMNS = frozenset({"part", "token", "element_id"})
#: Too big, or kept elsewhere: local variables are in the state, documents and drafts in their tables.
_LEFT_OUT: Mapping[type, frozenset[str]] = {
    UserTaskCreated: frozenset({"local_variables"}),
    deeds.DocumentFiled: frozenset({"content"}),
    deeds.DraftSaved: frozenset({"content"}),
}
#: Words in the annotation of a field that may hold what the codec does not know.
_NESTED = ("Mapping", "UserTask", "Any")
#: Fields whose values are the codec's own types all the way down.
_CONTEXTS = frozenset({"variables", "values", "properties"})
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


def record(changes: RowChanges, entry: Event | deeds.Deed, seq: int) -> bool:
    """Add the history row of an entry under a number; False when it needs none."""
    if type(entry) in _SILENT:
        return False
    user_task: UserTask | None = getattr(entry, "user_task", None)
    place = user_task if user_task is not None else entry
    changes.history.append(
        {
            "tenant_id": changes.tenant_id,
            "root_id": changes.root_id,
            "seq": seq,
            "part": getattr(place, "part", 0),
            "token": getattr(place, "token", None),
            "kind": type(entry).__name__,
            "element_id": getattr(place, "element_id", ""),
            "actor": changes.actor,
            "at": changes.now,
            "payload": _payload(entry),
        }
    )
    return True


def _payload(entry: Event | deeds.Deed) -> str:
    flat, contexts, nested = _payload_names(type(entry))
    if not contexts and not nested:
        return _flat_payload(flat, tuple([getattr(entry, name) for name in flat])) if flat else "{}"
    payload = {name: _plain(getattr(entry, name)) for name in (*flat, *nested)}
    for name in contexts:
        payload[name] = dict(getattr(entry, name))
    return codec.encode_text(payload)


@lru_cache(maxsize=8192)
def _flat_payload(names: tuple[str, ...], values: tuple[Any, ...]) -> str:
    """Most events of a process say the same each time: which flow a token came by, which it took."""
    return codec.encode_text({name: _plain(value) for name, value in zip(names, values, strict=True)})


@lru_cache(maxsize=256)
def _payload_names(kind: type) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Fields with plain values or tuples of them; those that hold FEEL values; those with mappings or a user task."""
    left_out = _COLUMNS | _LEFT_OUT.get(kind, frozenset())
    written = [each for each in fields(kind) if each.name not in left_out]
    contexts = tuple(each.name for each in written if each.name in _CONTEXTS)
    nested = tuple(
        each.name for each in written if each.name not in _CONTEXTS and any(word in str(each.type) for word in _NESTED)
    )
    flat = tuple(each.name for each in written if each.name not in (*contexts, *nested))
    return flat, contexts, nested


def _plain(value: Any) -> Any:
    """Tuples and mappings of events as the codec's lists and dicts; a user task as its id."""
    if isinstance(value, UserTask):
        return value.id
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
    return value
