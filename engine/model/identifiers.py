"""Identifiers made by the application: UUID version 7, so that rows arrive in the order of time (RFC 9562, 5.7)."""

from __future__ import annotations

import os
import threading
from datetime import datetime

#: Hexadecimal digits of chance for one id, and how many ids are served by what is drawn from the system at once.
_DIGITS, _SERVED = 18, 128
#: The variant is the first two bits of its digit; the others are left to chance.
_VARIANT = {f"{digit:x}": f"{0b1000 | digit & 0b11:x}" for digit in range(16)}


class Uuid7Source:
    """Makes strictly increasing UUIDv7, as text, within one process.

    The 12 bits of `rand_a` count within one millisecond (RFC 9562, 6.2 method 1), so ids sort by creation.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last_now: datetime | None = None
        self._last_millisecond = -1
        self._counter = 0
        #: The 48 bits of time as an id begins with them.
        self._time = ""
        self._chance, self._used = "", 0
        self._drawn_after = _splits

    def make(self, now: datetime) -> str:
        """A new id for an aware instant; when the clock steps back, the last millisecond goes on counting."""
        with self._lock:
            if self._used == len(self._chance) or self._drawn_after != _splits:
                # one way to the system for many ids
                self._chance, self._used, self._drawn_after = os.urandom(_DIGITS // 2 * _SERVED).hex(), 0, _splits
            used = self._used
            self._used = used + _DIGITS
            chance = self._chance[used : used + _DIGITS]
            if now is not self._last_now:
                # a command makes several ids, all of its own instant
                self._last_now = now
                self._begin(int(now.timestamp() * 1000), int(chance[16:], 16) & 0x7F)
            self._counter += 1
            if self._counter > 0xFFF:
                self._begin(self._last_millisecond + 1, 0)
            time, counter = self._time, self._counter
        # version 7 and the counter; the variant and 62 bits of chance
        return f"{time}-7{counter:03x}-{_VARIANT[chance[0]]}{chance[1:4]}-{chance[4:16]}"

    def _begin(self, millisecond: int, counter: int) -> None:
        """Count anew in a millisecond, unless it is not later than the last."""
        if millisecond > self._last_millisecond:
            self._last_millisecond, self._counter = millisecond, counter
            digits = f"{millisecond:012x}"
            self._time = f"{digits[:8]}-{digits[8:]}"


#: How often this process was split off from another: it must not give out what its parent has drawn.
_splits = 0


def _split_off() -> None:
    global _splits
    _splits += 1


os.register_at_fork(after_in_child=_split_off)
