"""What the garbage collector takes while many instances are kept in memory: by Python's setting and by the house's."""

from __future__ import annotations

import gc
import statistics
import time
from dataclasses import dataclass, field

from api.bootstrap.garbage import collect_rarely
from benchmarks.contenders import Product
from benchmarks.databases import SQLITE, Databases
from benchmarks.table import Chapter, Row, figure

PYTHONS_OWN = (700, 10, 10)
#: Instances kept in memory.
LIVE = 1_000


@dataclass
class _Pauses:
    """Seconds of processor time of each collection."""

    seconds: list[float] = field(default_factory=list[float])
    _began: float = 0.0

    def __call__(self, phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.thread_time()
        else:
            self.seconds.append(time.thread_time() - self._began)


def measure(databases: Databases, *, full: bool) -> list[Chapter]:
    """One chapter; the database plays no part, so it is SQLite alone."""
    if databases.kind != SQLITE:
        return []
    steps = 10 if full else 3
    rows: list[Row] = []
    try:
        for name in ("Python's setting", "the house's setting"):
            gc.unfreeze()
            gc.set_threshold(*PYTHONS_OWN)
            if name != "Python's setting":
                collect_rarely()
            rows += _rows(name, Product(databases.new(f"live_{len(rows)}"), "product"), steps)
    finally:
        collect_rarely()
    return [Chapter(title=f"Garbage collector, {LIVE:,} instances in memory", rows=tuple(rows))]


def _rows(name: str, product: Product, steps: int) -> list[Row]:
    """Start all instances, then move each on so many times."""
    pauses = _Pauses()
    gc.callbacks.append(pauses)
    try:
        shares: list[float] = []
        for act, times in ((product.start, 1), (product.complete, steps)):
            before, worked = sum(pauses.seconds), time.process_time()
            for _ in range(times):
                for number in range(LIVE):
                    act(number)
            shares.append(100 * (sum(pauses.seconds) - before) / (time.process_time() - worked))
        longest = max(pauses.seconds, default=0.0)
        before = len(pauses.seconds)
        gc.collect()
        whole = statistics.fmean(pauses.seconds[before:])
    finally:
        gc.callbacks.remove(pauses)
    return [
        figure(f"% of a start, {name}", shares[0], digits=1),
        figure(f"% of a completion, {name}", shares[1], digits=1),
        figure(f"longest pause, ms, {name}", 1e3 * longest, digits=0, note=f"a whole collection: {1e3 * whole:.0f} ms"),
    ]
