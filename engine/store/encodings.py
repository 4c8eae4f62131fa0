"""What was written down before: big values of variables that an instance carries along, texts that come again.

Values are never changed in place (engine/kernel/state.py), so the same object has the same encoding.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from engine.kernel.state import Part
from engine.store import codec

T = TypeVar("T")

#: What is kept at hand: pieces of a few thousand instances with a few variables each.
CAPACITY = 8_192


class KeptByIdentity(Generic[T]):
    """Least recently used results by object. Holds the objects, so that no other one gets their identity."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._entries: OrderedDict[int, tuple[Any, T]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, value: Any, make: Callable[[Any], T]) -> T:
        """What was made for this very object before, else what is made now."""
        identity = id(value)
        with self._lock:
            entry = self._entries.get(identity)
            if entry is not None:
                self._entries.move_to_end(identity)
                return entry[1]
        made = make(value)
        with self._lock:
            self._entries[identity] = (value, made)
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


def text_of(payload: dict[str, Any], contexts: Iterable[str]) -> str:
    """A payload of the history as text; under `contexts` it holds variables by name. Raises NotStorable."""
    pieces: list[bytes] = []
    for context in contexts:
        variables = payload[context] = dict(payload[context])
        for name, value in variables.items():
            if value and type(value) in (dict, list):
                variables[name] = codec.HOLE
                pieces.append(_LATEST.get(value, codec.encode))
    written = codec.encode(payload)
    return (codec.filled(written, pieces) if pieces else written).decode()


def pack_part(part: Part) -> bytes:
    """The snapshot of a part. Raises NotStorable."""
    plain = part.to_plain()
    pieces: list[bytes] = []
    for scope in plain[5]:
        variables: dict[str, Any] = scope[4]
        for name, value in variables.items():
            if value and type(value) in (dict, list):
                packed = _PIECES.get(value, _piece)
                if packed is not None:
                    variables[name] = codec.HOLE
                    pieces.append(packed)
    return codec.pack(plain, pieces)


def _piece(value: Any) -> bytes | None:
    return codec.piece(_LATEST.get(value, codec.encode))
