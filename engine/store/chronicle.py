"""The history: who, when, what, where, and the values. One row a change, with all that happened in it, in order.

A completion tells a dozen things. In a row each they would repeat who and when and cost as much as everything else that
is written; what is asked of the history is asked of one instance, from its beginning or its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any

from engine.kernel.events import Event, UserTaskCompleted, UserTaskCreated
from engine.model import deeds
from engine.model.user_task import UserTask
from engine.store import codec
from engine.store.encodings import text_of
from engine.store.row_changes import RowChanges

#: Fields that have a column of their own.
_COLUMNS = frozenset({"part", "token", "element_id"})
#: Too big, or kept elsewhere: local variables are in the state, documents, drafts and later rungs in their tables.
_LEFT_OUT: Mapping[type, frozenset[str]] = {
    UserTaskCreated: frozenset({"local_variables"}),
    deeds.DocumentFiled: frozenset({"content"}),
    deeds.DraftSaved: frozenset({"content"}),
    deeds.RungFired: frozenset({"later"}),
    deeds.TimerGivenUp: frozenset({"user_task_id", "rungs"}),
}
#: Words in the annotation of a field that may hold what the codec does not know.
_NESTED = ("Mapping", "UserTask", "Any")
#: Fields whose values are the codec's own types all the way down.
_CONTEXTS = frozenset({"variables", "values"})
#: Fields that hold texts by name: the same for each execution of a node.
_LABELS = frozenset({"properties"})
#: Types of most fields; they stay as they are.
_BARE = frozenset({str, int, bool, type(None), datetime})
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
    told = [_told(entry) for entry in entries if type(entry) not in _SILENT]
    if told:
        # a change completes one user task at most: the one that its command names
        completed = next((entry.token for entry in entries if type(entry) is UserTaskCompleted), None)
        changes.history.append(
            {
                "tenant_id": changes.tenant_id,
                "root_id": changes.root_id,
                "seq": after + 1,
                "actor": changes.actor,
                "at": changes.now,
                "completed_token": completed,
                "entries": f"[{','.join(told)}]",
            }
        )
    return after + len(told)


def entries_of(seq: int, written: str) -> Iterator[Entry]:
    """What a history row holds, by its columns `seq` and `entries`."""
    for number, (part, token, kind, element_id, payload) in enumerate(codec.decode(written), seq):
        yield Entry(number, part, token, kind, element_id, payload)


def names_kind(kind: str) -> str:
    """What the entries of a row contain if one of them is of this kind; other rows may contain it, too."""
    return f',"{kind}",'


def _told(entry: Event | deeds.Deed) -> str:
    telling = _telling(type(entry))
    part, token, element_id = telling.place(entry)
    number = "null" if token is None else token
    return f"[{part},{number},{telling.kind},{_quoted(element_id)},{telling.payload(entry)}]"


@lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    return codec.encode_text(text)


@dataclass(frozen=True, slots=True)
class _Telling:
    """How entries of one type are told: found once, because a completion tells some fourteen of them."""

    #: In quotation marks.
    kind: str
    #: Part, token and element of an entry.
    place: Callable[[Any], tuple[int, int | None, str]]
    payload: Callable[[Any], str]


@lru_cache(maxsize=256)
def _telling(kind: type) -> _Telling:
    names = {each.name for each in fields(kind)}
    if "user_task" in names:
        place = attrgetter("user_task.part", "user_task.token", "user_task.element_id")
    elif names >= _COLUMNS:
        place = attrgetter("part", "token", "element_id")
    elif names >= {"part", "element_id"}:
        place = _place_without_token
    else:
        place = _place
    return _Telling(_quoted(kind.__name__), place, _payload(kind))


def _place_without_token(entry: Any) -> tuple[int, None, str]:
    return entry.part, None, entry.element_id


def _place(entry: Any) -> tuple[int, int | None, str]:
    return getattr(entry, "part", 0), getattr(entry, "token", None), getattr(entry, "element_id", "")


def _payload(kind: type) -> Callable[[Any], str]:
    left_out = _COLUMNS | _LEFT_OUT.get(kind, frozenset())
    written = [each for each in fields(kind) if each.name not in left_out]
    contexts = [each.name for each in written if each.name in _CONTEXTS]
    labels = [each.name for each in written if each.name in _LABELS]
    flat = [each.name for each in written if each.name not in (*contexts, *labels)]
    if contexts or any(word in str(each.type) for each in written if each.name in flat for word in _NESTED):
        return partial(_unlike_others, (*flat, *labels), contexts)
    names, values_of, labels_of = (*flat, *labels), _values_of(flat), _values_of(labels)

    @lru_cache(maxsize=4096)
    def like_others(values: tuple[Any, ...], labelled: tuple[Any, ...]) -> str:
        """Most events of a process say the same each time: by which flow a token came, what a user task is like."""
        written = [*map(_plain, values), *map(dict[str, str], labelled)]
        return codec.encode_text(dict(zip(names, written, strict=True)))

    if not labels:
        return lambda entry: like_others(values_of(entry), ())
    return lambda entry: like_others(values_of(entry), tuple([tuple(each.items()) for each in labels_of(entry)]))


def _values_of(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda entry: tuple([getattr(entry, name) for name in names])


def _unlike_others(names: Sequence[str], contexts: Sequence[str], entry: Any) -> str:
    payload = {name: _plain(getattr(entry, name)) for name in names}
    for name in contexts:
        payload[name] = getattr(entry, name)
    return text_of(payload, contexts)


def _plain(value: Any) -> Any:
    """Tuples and mappings of events as the codec's lists and dicts; a user task as its id."""
    if type(value) in _BARE:
        return value
    if isinstance(value, UserTask):
        return value.id
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
    return value
