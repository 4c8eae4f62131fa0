"""What was written down before: big values of variables that an instance carries along, texts that come again.

Values are never changed in place (engine/kernel/state.py), so the same object has the same encoding.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from engine.kernel.state import Part
from engine.store import codec

T = TypeVar("T")

_CONTAINERS = frozenset({dict, list})
#: What is kept at hand: pieces of a few thousand instances with a few variables each.
CAPACITY = 8_192


class KeptByIdentity(Generic[T]):
    """Latest results by object. Holds the objects, so that no other one gets their identity.

    The oldest goes first, however often it was asked for: to move what is asked for to the end would need a lock each
    time, and what has gone is made again.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._entries: OrderedDict[int, tuple[Any, T]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, value: Any, make: Callable[[Any], T]) -> T:
        """What was made for this very object before, else what is made now."""
        entry = self._entries.get(id(value))
        if entry is not None:
            return entry[1]
        made = make(value)
        with self._lock:
            self._entries[id(value)] = (value, made)
            if len(self._entries) > self._capacity:
                self._entries.popitem(last=False)
        return made


_PIECES: KeptByIdentity[bytes | None] = KeptByIdentity()
#: What has just been encoded, whole: a few, because the history and the state of one change ask for the same.
_LATEST: KeptByIdentity[bytes] = KeptByIdentity(16)
_TEXTS: KeptByIdentity[str] = KeptByIdentity()


def told_again(value: Sequence[Mapping[str, Any]]) -> str:
    """Text of what is the same object each time: how people are found is told alike for all of a day.

    Raises NotStorable.
    """
    return _TEXTS.get(value, _told)


def _told(value: Sequence[Mapping[str, Any]]) -> str:
    return codec.encode_text([dict(each) for each in value])


def variables_text(variables: Mapping[str, Any]) -> str:
    """Variables by name as text. Raises NotStorable."""
    written = dict(variables)
    if _CONTAINERS.isdisjoint(map(type, written.values())):
        return codec.encode_text(written)
    pieces: list[bytes] = []
    for name, value in variables.items():
        if value and type(value) in _CONTAINERS:
            written[name] = codec.HOLE
            pieces.append(_LATEST.get(value, codec.encode))
    text = codec.encode(written)
    return (codec.filled(text, pieces) if pieces else text).decode()


def pack_part(part: Part) -> bytes:
    """The snapshot of a part. Raises NotStorable."""
    plain = part.to_plain()
    pieces: list[bytes] = []
    for scope in plain[5]:
        variables, counters = scope[4], scope[5]
        for name, value in variables.items():
            if type(value) in _CONTAINERS and value:
                packed = _PIECES.get(value, _piece)
                if packed is not None:
                    variables[name] = codec.HOLE
                    pieces.append(packed)
        # what is small was encoded, and so looked through, when its piece was asked for; the rest of a part are numbers
        # and texts of our own
        codec.check_leaves(variables)
        if counters:
            codec.check(counters)
    return codec.pack(plain, pieces, checked=True)


def _piece(value: Any) -> bytes | None:
    return codec.piece(_LATEST.get(value, codec.encode))
