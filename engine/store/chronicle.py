"""Events and deeds as history rows: who, when, what, where, and the values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache, partial
from operator import attrgetter
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


@dataclass(frozen=True, slots=True)
class _Telling:
    """How entries of one type are told: found once, because a completion tells some fourteen of them."""

    kind: str
    #: Part, token and element of an entry.
    place: Callable[[Any], tuple[int, int | None, str]]
    payload: Callable[[Any], str]


def record(changes: RowChanges, entry: Event | deeds.Deed, seq: int) -> bool:
    """Add the history row of an entry under a number; False when it needs none."""
    if type(entry) in _SILENT:
        return False
    telling = _telling(type(entry))
    part, token, element_id = telling.place(entry)
    changes.history.append(
        {
            "tenant_id": changes.tenant_id,
            "root_id": changes.root_id,
            "seq": seq,
            "part": part,
            "token": token,
            "kind": telling.kind,
            "element_id": element_id,
            "actor": changes.actor,
            "at": changes.now,
            "payload": telling.payload(entry),
        }
    )
    return True


@lru_cache(maxsize=256)
def _telling(kind: type) -> _Telling:
    has_place = {each.name for each in fields(kind)} >= _COLUMNS
    return _Telling(kind.__name__, attrgetter("part", "token", "element_id") if has_place else _place, _payload(kind))


def _place(entry: Any) -> tuple[int, int | None, str]:
    user_task: UserTask | None = getattr(entry, "user_task", None)
    place = user_task if user_task is not None else entry
    return getattr(place, "part", 0), getattr(place, "token", None), getattr(place, "element_id", "")


def _payload(kind: type) -> Callable[[Any], str]:
    flat, contexts, nested = _payload_names(kind)
    if contexts or nested:
        return partial(_mixed_payload, flat, contexts, nested)
    if not flat:
        return lambda entry: "{}"
    if len(flat) == 1:
        value_of = attrgetter(flat[0])
        return lambda entry: _flat_payload(flat, (value_of(entry),))
    values_of = attrgetter(*flat)
    return lambda entry: _flat_payload(flat, values_of(entry))


def _mixed_payload(flat: tuple[str, ...], contexts: tuple[str, ...], nested: tuple[str, ...], entry: Any) -> str:
    payload = {name: _plain(getattr(entry, name)) for name in (*flat, *nested)}
    for name in contexts:
        payload[name] = dict(getattr(entry, name))
    return codec.encode_text(payload)


@lru_cache(maxsize=8192)
def _flat_payload(names: tuple[str, ...], values: tuple[Any, ...]) -> str:
    """Most events of a process say the same each time: which flow a token came by, which it took."""
    return codec.encode_text({name: _plain(value) for name, value in zip(names, values, strict=True)})


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
