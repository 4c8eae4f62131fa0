"""What must not make a completion dearer: many siblings, many rounds before it. Through the whole dispatcher."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, func, select

from benchmarks import closed_loop
from benchmarks.contenders import SUBMISSION
from benchmarks.databases import POSTGRESQL, Databases
from benchmarks.office import UNIT, Office
from benchmarks.table import Chapter, Row, at_most, figure
from benchmarks.token_moves import GROWTH, growth_of
from engine.commands import CompleteUserTask, Moved, StartProcessInstance
from engine.store.database import read_transaction
from engine.store.tables import metadata

MANY, FEW = 5_000, 50
DEARER = 1.2
#: Who fills in the forms of the unit.
PERSON = "edu1.proj"


def measure(databases: Databases, *, full: bool) -> list[Chapter]:
    """Both chapters."""
    return [_siblings(databases, full=full), _rounds(databases, 10_000 if full else 1_500)]


def _siblings(databases: Databases, *, full: bool) -> Chapter:
    office = Office(databases.new("siblings"), {"many.bpmn": closed_loop.opinions_of_many()})
    began = time.perf_counter()
    many = _start_many(office, "many", MANY)
    start_many = time.perf_counter() - began
    few: list[str] = []
    found: dict[int, list[float]] = {MANY: [], FEW: []}
    for number in range(400 if full else 120):
        if len(few) < FEW - 5:
            # always among about fifty
            few = _start_many(office, f"few-{number}", FEW)
        for count, user_tasks in ((MANY, many), (FEW, few)):
            found[count].append(_completed(office, user_tasks.pop(0), f"{count}-{number}"))
    for seconds in found.values():
        del seconds[:20]
    rows: list[Row] = [
        figure(f"ms a completion among {count:,}", statistics.median(seconds) * 1e3) for count, seconds in found.items()
    ]
    ratio = statistics.median(found[MANY]) / statistics.median(found[FEW])
    rows.append(at_most(f"among {MANY:,} against among {FEW}", ratio, DEARER))
    rows.append(figure(f"s to start with {MANY:,} children", start_many))
    rows.append(figure("bytes of state, largest part", _largest_part(office), digits=0))
    return Chapter(title=f"Multi-instance, {databases.kind}", rows=tuple(rows))


def _rounds(databases: Databases, count: int) -> Chapter:
    office = Office(databases.new("rounds"), {"rounds.bpmn": closed_loop.monitoring_loop()})
    moved = _start(office, "rounds", "R-1", n=0, limit=count, project=closed_loop.variables()["budget_lines"])
    seconds: list[float] = []
    processor: list[float] = []
    sizes: list[int] = []
    opened: Sequence[str] = moved.opened_user_tasks
    while opened:
        began, worked = time.perf_counter(), time.process_time()
        opened = _complete(office, opened[0], f"round-{len(seconds)}").opened_user_tasks
        seconds.append(time.perf_counter() - began)
        processor.append(time.process_time() - worked)
        if len(seconds) in (10, count - 1):
            sizes.append(_largest_part(office))
        if len(seconds) % 1_000 == 0:
            _look_after(office.database)
    rows = (
        figure("rounds", len(seconds), digits=0),
        at_most(
            "last 100 rounds against rounds 10 to 110",
            growth_of(seconds),
            GROWTH,
            note=f"{growth_of(processor):.2f} of this process's processor time",
        ),
        figure("ms a round", statistics.median(seconds) * 1e3),
        at_most("growth of the state, bytes, beside longer numbers", sizes[-1] - sizes[0], 64, digits=0),
    )
    return Chapter(title=f"A loop through the dispatcher, {databases.kind}", rows=rows)


def _look_after(database: Engine) -> None:
    """What autovacuum does on its own once a minute; until then PostgreSQL keeps the plans it made for empty tables."""
    if database.dialect.name == POSTGRESQL:
        with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _start_many(office: Office, business_key: str, count: int) -> list[str]:
    """The user tasks of an instance with so many children."""
    people = [f"user{number}" for number in range(count)]
    return list(_start(office, "many", business_key, people=people).opened_user_tasks)


def _start(office: Office, process: str, business_key: str, **variables: Any) -> Moved:
    command = StartProcessInstance(
        actor=office.starter,
        process_definition_key=process,
        business_key=business_key,
        variables=variables,
        unit_code=UNIT,
    )
    moved = office.dispatcher.dispatch(command, f"start-{business_key}")
    assert isinstance(moved, Moved)
    return moved


def _complete(office: Office, user_task_id: str, key: str) -> Moved:
    command = CompleteUserTask(actor=office.actors[PERSON], user_task_id=user_task_id, submission=SUBMISSION)
    moved = office.dispatcher.dispatch(command, key)
    assert isinstance(moved, Moved)
    return moved


def _completed(office: Office, user_task_id: str, key: str) -> float:
    """Seconds of one completion."""
    began = time.perf_counter()
    _complete(office, user_task_id, key)
    return time.perf_counter() - began


def _largest_part(office: Office) -> int:
    state = metadata.tables["instance_state"].c.state
    with read_transaction(office.database) as connection:
        return connection.scalar(select(func.max(func.length(state)))) or 0
