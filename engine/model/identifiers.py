"""Identifiers made by the application: UUID version 7, so that rows arrive in the order of time (RFC 9562, 5.7)."""

from __future__ import annotations

import os
import threading
from datetime import datetime


class Uuid7Source:
    """Makes strictly increasing UUIDv7, as text, within one process.

    The 12 bits of `rand_a` count within one millisecond (RFC 9562, 6.2 method 1), so ids sort by creation.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last_millisecond = -1
        self._counter = 0

    def make(self, now: datetime) -> str:
        """A new id for an aware instant; when the clock steps back, the last millisecond goes on counting."""
        millisecond = int(now.timestamp() * 1000)
        chance = int.from_bytes(os.urandom(9))
        with self._lock:
            if millisecond <= self._last_millisecond:
                millisecond = self._last_millisecond
                self._counter += 1
                if self._counter > 0xFFF:
                    millisecond += 1
                    self._counter = 0
            else:
                self._counter = chance >> 64 & 0x7F
            self._last_millisecond = millisecond
            counter = self._counter
        # 48 bits of time, version 7, the counter; the variant, 62 bits of chance
        digits = f"{millisecond << 16 | 0x7000 | counter:016x}{1 << 63 | chance & 0x3FFFFFFFFFFFFFFF:016x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
