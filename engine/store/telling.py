"""How one entry of the history is written: part, token, kind, element, and what else its type has to say.

A completion tells some fourteen entries. Most say what was said before at the same element - by which flow a token
came, what a user task is like - so that much is written once and kept; numbers, instants and variables are put behind:

    [0,17,"TimerSet","fill_late",{"wait":18,"due_at":{"\\u0001i":["2026-03-10T02:00:00",0]}}]
          └────── kept ────────┘ └──────────────── of this entry alone ────────────────┘
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from typing import Any

from engine.kernel.events import Event, UserTaskCreated
from engine.model import deeds
from engine.store import codec
from engine.store.encodings import variables_text

#: Where an entry belongs: in front of everything else.
_PLACE = ("token", "part", "element_id")
#: Too big, or kept elsewhere: local variables are in the state, documents, drafts and later rungs in their tables.
_LEFT_OUT: Mapping[type, frozenset[str]] = {
    UserTaskCreated: frozenset({"local_variables"}),
    deeds.DocumentFiled: frozenset({"content"}),
    deeds.DraftSaved: frozenset({"draft"}),
    deeds.UserTaskTransferred: frozenset({"draft"}),
    deeds.RungFired: frozenset({"later", "above"}),
    deeds.TimerGivenUp: frozenset({"user_task_id", "rungs"}),
}
#: So many beginnings of entries are kept for each type; in a plain dict, which is asked in half the time of a cache
#: that knows what was used last.
_KEPT = 4096
#: Fields whose values are the codec's own types all the way down.
_CONTEXTS = frozenset({"variables", "values"})


@lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    return codec.encode_text(text)


@lru_cache(maxsize=4096)
def _labels(pairs: tuple[tuple[str, str], ...]) -> str:
    return codec.encode_text(dict(pairs))


def _nested(value: Any) -> str:
    return codec.encode_text(_plain(value))


#: Annotation -> how a value is written that is another one in each entry, or cannot be looked up.
_WRITERS: Mapping[str, Callable[[Any], str]] = {
    "int": str,
    "datetime": codec.instant_text,
    # an id of our own: digits and hyphens
    "UserTask": lambda user_task: f'"{user_task.id}"',
    # the same for each execution of a node, and mostly empty
    "Mapping[str, str]": lambda labels: _labels(tuple(labels.items())) if labels else "{}",
    "Mapping[str, Any]": _nested,
    "Any": _nested,
}


@lru_cache(maxsize=256)
def teller(kind: type[Event | deeds.Deed]) -> Callable[[Any], str]:
    """How entries of a type are told as the history keeps them. Raises NotStorable."""
    left_out = frozenset(_PLACE) | _LEFT_OUT.get(kind, frozenset())
    annotations = {each.name: str(each.type) for each in fields(kind) if each.name not in left_out}
    own = {
        name: variables_text if name in _CONTEXTS else _WRITERS[annotation]
        for name, annotation in annotations.items()
        if name in _CONTEXTS or annotation in _WRITERS
    }
    alike = tuple(name for name in annotations if name not in own)
    seen, like_others = _seen(kind, alike), _like_others(kind, alike)
    behind = [
        (f'{"," if number or alike else ""}"{name}":', attrgetter(name), write)
        for number, (name, write) in enumerate(own.items())
    ]
    kept: dict[tuple[Any, ...], str] = {}

    def told(entry: Any) -> str:
        found = seen(entry)
        token, alike = found[0], found[2:]
        text = kept.get(alike)
        if text is None:
            if len(kept) >= _KEPT:
                kept.clear()
            text = kept[alike] = like_others(alike)
        for before, value_of, write in behind:
            text = f"{text}{before}{write(value_of(entry))}"
        return f"[{found[1]},{'null' if token is None else token},{text}}}]"

    return told


def _seen(kind: type, alike: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """Takes token, part and element of an entry, with what may be alike in others.

    What belongs to no token belongs to the instance itself; what has no part, to the root.
    """
    names = {each.name for each in fields(kind)}
    if "user_task" in names:
        return attrgetter("user_task.token", "user_task.part", "user_task.element_id", *alike)
    if names.issuperset(_PLACE):
        return attrgetter(*_PLACE, *alike)
    if names.issuperset(_PLACE[1:]):
        others = attrgetter(*_PLACE[1:], *alike)
        return lambda entry: (None, *others(entry))
    nowhere = {"token": None, "part": 0, "element_id": ""}
    wanted = (*nowhere, *alike)
    return lambda entry: tuple(getattr(entry, name, nowhere.get(name)) for name in wanted)


def _like_others(kind: type, names: tuple[str, ...]) -> Callable[[tuple[Any, ...]], str]:
    """Writes kind, element and the fields that are alike in many entries, up to where the others are put."""
    name_of_kind = _quoted(kind.__name__)

    def written(seen: tuple[Any, ...]) -> str:
        element_id, *alike = seen
        payload = codec.encode_text(dict(zip(names, map(_plain, alike), strict=True)))
        return f"{name_of_kind},{_quoted(element_id)},{payload[:-1]}"

    return written


def _plain(value: Any) -> Any:
    """Tuples and mappings of events as the codec's lists and dicts."""
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
    return value
