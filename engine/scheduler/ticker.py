"""The embedded ticker: knocks every second. It keeps nothing; what is due stands in the tables."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor  # pyright: ignore[reportMissingTypeStubs]
from apscheduler.schedulers.background import BackgroundScheduler  # pyright: ignore[reportMissingTypeStubs]

from engine.model.clock import SystemClock

_log = logging.getLogger(__name__)


class Ticker:
    """Calls `tick` in a thread of its own, never twice at a time; missed knocks coalesce.

    A memory store on purpose: a job store that remembers jobs drops overdue ones and fires others twice.
    """

    def __init__(self, tick: Callable[[], object], *, every_seconds: float = 1.0) -> None:
        self._tick = tick
        self._clock = SystemClock()
        #: When the last knock came back without an error; aware, UTC. None before the first.
        self.last_tick_at: datetime | None = None
        self._scheduler: Any = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._scheduler.add_job(self._knock, "interval", seconds=every_seconds)

    def start(self) -> None:
        """Begin to knock."""
        self._scheduler.start()

    def stop(self) -> None:
        """Wait for the running knock and stop."""
        self._scheduler.shutdown(wait=True)

    def _knock(self) -> None:
        try:
            self._tick()
        except Exception:
            # the next knock tries again; readiness tells when none comes through
            _log.exception("the tick failed")
        else:
            self.last_tick_at = self._clock.now()
