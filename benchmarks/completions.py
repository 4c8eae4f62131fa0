"""Starts and completions a second: the product, the floor and SpiffWorkflow in interleaved rounds of one run."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks import closed_loop
from benchmarks.contenders import BARE, Contender, Floor, Product, SpiffWorkflowRuntime
from benchmarks.databases import POSTGRESQL, Databases
from benchmarks.table import Chapter, Row, at_least, at_most, figure
from benchmarks.watching import Sent

#: Number of the instance that is watched statement by statement.
_WATCHED = 900_001
#: Share of the floor and multiple of SpiffWorkflow that are wanted.
TARGETS = {"sqlite": (0.6, 30), POSTGRESQL: (0.75, 20)}


@dataclass
class Measured:
    """What one contender has done in all rounds."""

    #: Starts and completions a second of each round.
    starts: list[float] = field(default_factory=list[float])
    completions: list[float] = field(default_factory=list[float])
    #: Milliseconds of processor time per completion of each round, of this process alone.
    processor: list[float] = field(default_factory=list[float])
    #: Seconds of every completion.
    each: list[float] = field(default_factory=list[float])

    @property
    def completions_per_second(self) -> float:
        return statistics.median(self.completions)

    @property
    def starts_per_second(self) -> float:
        return statistics.median(self.starts)

    def percentile(self, share: float) -> float:
        """Milliseconds that this share of the completions stay below."""
        return sorted(self.each)[min(int(len(self.each) * share), len(self.each) - 1)] * 1e3


def play(contender: Contender, numbers: Sequence[int], measured: Measured | None) -> None:
    """Start some instances and complete all their user tasks, step by step side by side."""
    contender.prepare(numbers)
    gc.collect()
    starts = [_timed(contender.start, number) for number in numbers]
    worked = time.process_time()
    each = [_timed(contender.complete, number) for _ in range(closed_loop.USER_TASKS) for number in numbers]
    worked = time.process_time() - worked
    if measured is not None:
        measured.starts.append(len(starts) / sum(starts))
        measured.completions.append(len(each) / sum(each))
        measured.processor.append(worked / len(each) * 1e3)
        measured.each.extend(each)


def _timed(act: Callable[[int], None], number: int) -> float:
    began = time.perf_counter()
    act(number)
    return time.perf_counter() - began


def rounds(
    contenders: Sequence[Contender], settle: Callable[[], None], *, count: int, instances: int
) -> dict[str, Measured]:
    """Every contender once a round, in turning order, after one round that does not count.

    Args:
        settle: called before each contender.
    """
    found = {contender.name: Measured() for contender in contenders}
    for number in range(count + 1):
        turned = [contenders[(number + place) % len(contenders)] for place in range(len(contenders))]
        for contender in turned:
            several = max(1, instances * contender.tenths // 10)
            numbers = range(number * 1_000, number * 1_000 + several)
            settle()
            play(contender, numbers, found[contender.name] if number else None)
    return found


def measure(databases: Databases, *, full: bool) -> list[Chapter]:
    """The chapters on throughput and on statements."""
    product = Product(databases.new("product"), "product")
    product.watched(_WATCHED - 1)
    watched = product.watched(_WATCHED)
    floor = Floor(databases.new("floor"), watched, _WATCHED)
    contenders: list[Contender] = [
        floor,
        Floor(databases.new("bare_floor"), watched, _WATCHED, bare=True),
        product,
        Product(databases.new("reloading"), "product, state reloaded", cache_capacity=0),
        SpiffWorkflowRuntime(databases.new("peer"), kept_in_memory=False),
        SpiffWorkflowRuntime(databases.new("kept_peer"), kept_in_memory=True),
    ]
    found = rounds(contenders, databases.settle, count=9 if full else 5, instances=40 if full else 10)
    return [
        Chapter(title=f"Throughput, {databases.kind}", rows=tuple(_throughput(databases.kind, found))),
        Chapter(title=f"Statements, {databases.kind}", rows=tuple(_statements(product, watched, floor))),
    ]


def _throughput(kind: str, found: dict[str, Measured]) -> list[Row]:
    rows: list[Row] = []
    for name, measured in found.items():
        note = (
            f"p50 {measured.percentile(0.5):.2f} ms, p99 {measured.percentile(0.99):.2f} ms; "
            f"processor {statistics.median(measured.processor):.2f} ms"
        )
        rows.append(figure(f"completions/s, {name}", measured.completions_per_second, digits=0, note=note))
    rows += [figure(f"starts/s, {name}", measured.starts_per_second, digits=0) for name, measured in found.items()]
    of_floor, of_peer = TARGETS[kind]
    product, peer = found["product"], found["SpiffWorkflow"]
    worked = _ratio(found["floor"].processor, product.processor)
    rows += [
        at_least(
            "completions, share of the floor",
            _ratio(product.completions, found["floor"].completions),
            of_floor,
            note=f"{worked:.2f} of the processor's time",
        ),
        figure(
            "completions, share of the floor by the bare driver", _ratio(product.completions, found[BARE].completions)
        ),
        at_least("completions, times SpiffWorkflow", _ratio(product.completions, peer.completions), of_peer, digits=1),
        figure(
            "the floor by the bare driver, times SpiffWorkflow",
            _ratio(found[BARE].completions, peer.completions),
            digits=1,
            note="nothing that writes these rows can be faster",
        ),
        figure(
            "completions, times SpiffWorkflow kept in memory",
            _ratio(product.completions, found[_KEPT].completions),
            digits=1,
        ),
    ]
    return rows


def _ratio(those: Sequence[float], these: Sequence[float]) -> float:
    """Median of the rounds' own ratios: a noisy neighbour disturbs both halves of a round."""
    return statistics.median(one / other for one, other in zip(those, these, strict=True))


_KEPT = "SpiffWorkflow, kept in memory"


def _statements(product: Product, watched: Sequence[Sent], floor: Floor) -> list[Row]:
    start, *completions = watched
    counts = [sent.sent_at_commit[0] for sent in completions]
    worst = product.elements[counts.index(max(counts))]
    deliveries = sum(sent.commits - 1 for sent in completions)
    return [
        at_most("statements a completion, most", max(counts), 15, digits=0, note=f"at {worst!r}"),
        figure("statements a completion, mean", statistics.mean(counts), digits=1),
        figure("statements a completion, median", statistics.median(counts), digits=0),
        figure("of the floor, most", max(map(len, floor.transactions[1:])), digits=0),
        figure("of the floor, mean", statistics.mean(map(len, floor.transactions[1:])), digits=1),
        at_most(
            "commits a completion",
            (sum(sent.commits for sent in completions) - deliveries) / len(completions),
            1,
            note=f"and {deliveries} for messages that are delivered afterwards",
        ),
        figure("statements a start", start.sent_at_commit[0], digits=0),
    ]
