"""Big values of variables that were written down before: an instance carries them along from step to step unchanged.

Values are never changed in place (engine/kernel/state.py), so the same object has the same encoding.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

import orjson

from engine.kernel.state import Part
from engine.store import codec

#: Encodings at hand; those of a few thousand instances with a few big variables each.
CAPACITY = 8_192
#: Smaller ones (bytes) are not worth keeping.
_WORTH_KEEPING = 200


class Encodings:
    """Least recently used encodings by object. Holds the objects, so that no other one gets their identity."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._entries: OrderedDict[int, tuple[Any, orjson.Fragment, int]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, value: dict[str, Any] | list[Any]) -> tuple[orjson.Fragment, int]:
        """The value as a piece of JSON, and how many marks of the codec it holds. Raises NotStorable."""
        identity = id(value)
        with self._lock:
            entry = self._entries.get(identity)
            if entry is not None:
                self._entries.move_to_end(identity)
                return entry[1], entry[2]
        written = codec.encode(value)
        fragment, marks = orjson.Fragment(written), codec.count_marks(written)
        if len(written) >= _WORTH_KEEPING:
            with self._lock:
                self._entries[identity] = (value, fragment, marks)
                if len(self._entries) > self._capacity:
                    self._entries.popitem(last=False)
        return fragment, marks


_ENCODINGS = Encodings()


def pack_part(part: Part) -> bytes:
    """The snapshot of a part. Raises NotStorable."""
    plain = part.to_plain()
    marks = 0
    for scope in plain[5]:
        variables: dict[str, Any] = scope[4]
        for name, value in variables.items():
            if value and type(value) in (dict, list):
                variables[name], held = _ENCODINGS.of(value)
                marks += held
    return codec.pack(plain, marks)
