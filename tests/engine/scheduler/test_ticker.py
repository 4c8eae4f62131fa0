"""The embedded ticker knocks in its own thread, and goes on after a failure."""

from __future__ import annotations

import threading

from engine.scheduler import Ticker


def test_it_knocks_until_it_is_stopped() -> None:
    knocked = threading.Semaphore(0)
    ticker = Ticker(knocked.release, every_seconds=0.01)
    ticker.start()

    assert knocked.acquire(timeout=5) and knocked.acquire(timeout=5)
    ticker.stop()
    assert ticker.last_tick_at is not None


def test_a_failing_knock_does_not_stop_it_and_does_not_count() -> None:
    knocks = 0
    enough = threading.Event()

    def fail() -> None:
        nonlocal knocks
        knocks += 1
        if knocks == 3:
            enough.set()
        raise RuntimeError("the database is away")

    ticker = Ticker(fail, every_seconds=0.01)
    ticker.start()

    assert enough.wait(5)
    ticker.stop()
    assert ticker.last_tick_at is None
