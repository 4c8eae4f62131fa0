"""Those who run the same process in the same rounds: the floor, the product, SpiffWorkflow's runtime."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any, Protocol
from uuid import uuid4

from sqlalchemy import Engine

from benchmarks import closed_loop, floor
from benchmarks.office import NOW, UNIT, Office
from benchmarks.spiffworkflow_peer import Peer
from benchmarks.watching import Sent, watching
from engine.commands import CompleteUserTask, Moved, StartProcessInstance
from engine.model.identifiers import Uuid7Source
from engine.store.tables import metadata

#: Name of the floor that leaves SQLAlchemy out.
BARE = "floor, bare driver"
SUBMISSION: Mapping[str, Any] = {"agreed": True, "amount": "12.50"}


class Contender(Protocol):
    """Runs instances of the process, one transaction a call."""

    name: str
    #: How many instances it runs while the fastest runs ten.
    tenths: int

    def prepare(self, numbers: Iterable[int]) -> None:
        """What is not measured."""
        ...

    def start(self, number: int) -> None: ...

    def complete(self, number: int) -> None:
        """Complete the user task that has been open longest."""
        ...


class Product:
    """The whole dispatcher, with an idempotency key for each command."""

    tenths = 10

    def __init__(self, database: Engine, name: str, *, cache_capacity: int = 2_000) -> None:
        self.name = name
        self.office = Office(database, closed_loop.files(), cache_capacity=cache_capacity)
        #: The k-th user task of a run: who completes it.
        self._people: list[str] = []
        #: The k-th user task of a run: its element.
        self.elements: list[str] = []
        self._open: dict[int, deque[str]] = {}
        self._done: dict[int, int] = {}
        self._variables = closed_loop.variables()
        self._find_people()

    def prepare(self, numbers: Iterable[int]) -> None:
        """Nothing: whatever a command needs is made while it is measured."""

    def start(self, number: int) -> None:
        command = StartProcessInstance(
            actor=self.office.starter,
            process_definition_key=closed_loop.MAIN,
            business_key=key_of(number),
            variables=self._variables | {"business_key": key_of(number)},
            unit_code=UNIT,
        )
        self._open[number] = deque(self._dispatch(command, _start_key(number)).opened_user_tasks)
        self._done[number] = 0

    def complete(self, number: int) -> None:
        done = self._done[number]
        command = CompleteUserTask(
            actor=self.office.actors[self._people[done]],
            user_task_id=self._open[number].popleft(),
            submission=SUBMISSION,
        )
        moved = self._dispatch(command, f"{_complete_key(number)}{done}")
        self._open[number].extend(moved.opened_user_tasks)
        self._done[number] = done + 1

    def watched(self, number: int) -> list[Sent]:
        """Run a whole instance and tell what was sent: for the start, then for each completion."""
        found: list[Sent] = []
        for step in range(closed_loop.USER_TASKS + 1):
            with watching(self.office.database) as sent:
                self.complete(number) if step else self.start(number)
            found.append(sent)
        return found

    def _dispatch(self, command: Any, key: str) -> Moved:
        moved = self.office.dispatcher.dispatch(command, key)
        assert isinstance(moved, Moved)
        return moved

    def _find_people(self) -> None:
        """A first run, in which the inbox is asked whose turn it is."""
        self.start(-1)
        while self._open[-1]:
            element_id, person = self.office.candidate_for(self._open[-1][0])
            self._people.append(person)
            self.elements.append(element_id)
            self.complete(-1)
        if len(self._people) != closed_loop.USER_TASKS:
            raise AssertionError(f"Expected {closed_loop.USER_TASKS} user tasks, but found {self.elements}.")


class Floor:
    """The statements alone, with the values that a watched run of the product has sent."""

    tenths = 10

    def __init__(self, database: Engine, watched: list[Sent], watched_number: int, *, bare: bool = False) -> None:
        self.name = BARE if bare else "floor"
        self._bare = bare
        self._database = database
        metadata.create_all(database)
        first = [sent.statements[: sent.sent_at_commit[0]] for sent in watched]
        self.transactions = floor.in_dialect(database, map(floor.transaction_of, first))
        self._watched = watched_number
        self._ids = Uuid7Source()
        self._ready: dict[int, deque[list[floor.Ready]]] = {}

    def prepare(self, numbers: Iterable[int]) -> None:
        chosen = list(numbers)
        renamed: dict[int, dict[str, str]] = {number: {} for number in chosen}

        def rename(text: str, number: int) -> str | None:
            if floor.is_id(text):
                return renamed[number].setdefault(text, self._ids.make(NOW))
            for written in (key_of, _start_key, _complete_key):
                if text.startswith(written(self._watched)):
                    return text.replace(written(self._watched), written(number), 1)
            return None

        self._ready = {number: deque() for number in chosen}
        # ids are made in the order in which they will be written, as the product's are
        for step in range(len(self.transactions)):
            for number in chosen:
                made = floor.FloorInstance(self.transactions, lambda text, number=number: rename(text, number))
                self._ready[number].append(made.transaction(step))

    def start(self, number: int) -> None:
        floor.send(self._database, self._ready[number].popleft(), bare=self._bare)

    def complete(self, number: int) -> None:
        floor.send(self._database, self._ready[number].popleft(), bare=self._bare)


class SpiffWorkflowRuntime:
    """The peer, on a process of the same shape."""

    def __init__(self, database: Engine, *, kept_in_memory: bool) -> None:
        self.name = "SpiffWorkflow, kept in memory" if kept_in_memory else "SpiffWorkflow"
        self.tenths = 1
        self._peer = Peer(database, kept_in_memory=kept_in_memory)
        self._open: dict[int, deque[str]] = {}
        self._ids: dict[int, str] = {}
        self._variables = closed_loop.plain_variables()

    def prepare(self, numbers: Iterable[int]) -> None:
        """Forget the instances of the round before."""
        self._open = {}
        self._ids = {number: str(uuid4()) for number in numbers}

    def start(self, number: int) -> None:
        self._open[number] = deque(self._peer.start(self._ids[number], dict(self._variables)))

    def complete(self, number: int) -> None:
        opened = self._peer.complete(self._ids[number], self._open[number].popleft(), {"agreed": True, "amount": 12.5})
        self._open[number].extend(opened)


def _start_key(number: int) -> str:
    return f"start-{number}"


def _complete_key(number: int) -> str:
    return f"complete-{number}-"


def key_of(number: int) -> str:
    """Business key of an instance."""
    return f"SFQ-{number}"
