"""Deadlines that read calendar and settings only when a rule asks for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from engine.kernel.environment import DeadlinePort


class LazyDeadlines:
    """The deadline port of one transaction, made when first needed."""

    def __init__(self, make: Callable[[], DeadlinePort]) -> None:
        self._make = make
        self._made: DeadlinePort | None = None

    @property
    def _port(self) -> DeadlinePort:
        # `cached_property` takes a lock, and nobody shares a transaction
        if self._made is None:
            self._made = self._make()
        return self._made

    def due_at(self, rule: Any, start: datetime) -> datetime:
        return self._port.due_at(rule, start)

    def fires_at(self, rule: Any, start: datetime) -> datetime:
        return self._port.fires_at(rule, start)
