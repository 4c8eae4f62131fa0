"""Whether an installation may be sent requests."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Engine

import migrations
from api.house import ReadinessCheck
from engine.model.clock import SystemClock
from engine.scheduler import Ticker
from engine.store.database import read_transaction

#: A ticker that has not come through for so long has stopped.
TICK_MAY_BE_OLD = timedelta(seconds=30)
#: Below this the database cannot be trusted to go on writing.
LEAST_DISK_BYTES = 100 * 1024 * 1024


def readiness(database: Engine, var_dir: str, ticker: Ticker | None) -> Callable[[], tuple[ReadinessCheck, ...]]:
    """The checks of one process; without a ticker of its own, another process keeps the time."""

    def check() -> tuple[ReadinessCheck, ...]:
        checks = [_database(database), _disk(var_dir)]
        if checks[0].ok:
            checks.append(_migrations(database))
        if ticker is not None:
            checks.append(_ticker(ticker))
        return tuple(checks)

    return check


def _database(database: Engine) -> ReadinessCheck:
    try:
        with read_transaction(database) as connection:
            connection.exec_driver_sql("SELECT 1").all()
    except Exception as error:
        return ReadinessCheck(name="database", ok=False, note=f"{type(error).__name__}: {error}")
    return ReadinessCheck(name="database", ok=True)


def _migrations(database: Engine) -> ReadinessCheck:
    ok = migrations.is_current(database)
    return ReadinessCheck(name="migrations", ok=ok, note="" if ok else "The tables are of another version.")


def _disk(var_dir: str) -> ReadinessCheck:
    free = shutil.disk_usage(var_dir).free
    return ReadinessCheck(name="disk", ok=free >= LEAST_DISK_BYTES, note=f"{free // 1024**2} MiB are free.")


def _ticker(ticker: Ticker) -> ReadinessCheck:
    last = ticker.last_tick_at
    ok = last is not None and SystemClock().now() - last < TICK_MAY_BE_OLD
    return ReadinessCheck(name="ticker", ok=ok, note=f"The last tick came at {last}.")
