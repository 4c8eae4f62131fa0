"""Identifiers made by the application: UUID version 7, so that rows arrive in the order of time (RFC 9562, 5.7)."""

from __future__ import annotations

import os
import threading
from datetime import datetime
from uuid import UUID


class Uuid7Source:
    """Makes strictly increasing UUIDv7 within one process.

    The 12 bits of `rand_a` count within one millisecond (RFC 9562, 6.2 method 1), so ids sort by creation.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last_millisecond = -1
        self._counter = 0

    def make(self, now: datetime) -> UUID:
        """A new id for an aware instant; when the clock steps back, the last millisecond goes on counting."""
        millisecond = int(now.timestamp() * 1000)
        with self._lock:
            if millisecond <= self._last_millisecond:
                millisecond = self._last_millisecond
                self._counter += 1
                if self._counter > 0xFFF:
                    millisecond += 1
                    self._counter = 0
            else:
                self._counter = int.from_bytes(os.urandom(1)) & 0x7F
            self._last_millisecond = millisecond
            counter = self._counter
        random_tail = int.from_bytes(os.urandom(8)) & 0x3FFFFFFFFFFFFFFF
        return UUID(int=(millisecond << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | random_tail)
