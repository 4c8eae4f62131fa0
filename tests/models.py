"""Generated processes: sound by construction, because blocks nest and every block has one way in and one way out.

Decisions read the variable `dice`, a whole number that whoever completes a user task throws; loops are left when
`dice = LEAVE`. So each block can be left, whatever happened before.
"""

from __future__ import annotations

from random import Random

from engine.kernel.graph import Graph
from tests.builders import (
    TERMINATE,
    EventDefinition,
    ProcessBuilder,
    again,
    cycle,
    escalation,
    many,
    message,
    signal,
    timer,
)

#: The throw that leaves every loop.
LEAVE = 99
_TIMERS = ("P1D", "PT4H", "3WD")


class ModelGenerator:
    """Draws one process. `size` bounds the number of blocks."""

    def __init__(self, random: Random, size: int = 12, *, with_events: bool = True) -> None:
        self._random = random
        self._left = size
        self._with_events = with_events
        self._process = ProcessBuilder("generated")
        self._count = 0

    def build(self) -> Graph:
        """The process."""
        self._process.start()
        entry, leaving = self._block(None)
        self._process.end().chain("start", entry).chain(leaving, "end")
        if self._with_events and self._random.random() < 0.3:
            self._event_sub_process(None)
        return self._process.build()

    def _name(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._count}"

    def _block(self, inside: str | None) -> tuple[str, str]:
        """Draw a block; gives its first and its last node."""
        self._left -= 1
        simple = [self._user_task, self._user_task, self._script]
        compound = [
            self._row,
            self._row,
            self._parallel,
            self._exclusive,
            self._inclusive,
            self._loop,
            self._sub_process,
        ]
        if self._with_events:
            simple += [self._many, self._repeated]
            compound += [self._interruptible, self._accompanied, self._first_event]
        return self._random.choice(simple if self._left <= 0 else compound)(inside)

    def _user_task(self, inside: str | None) -> tuple[str, str]:
        name = self._name("user")
        self._process.user_task(name, inside=inside)
        return name, name

    def _script(self, inside: str | None) -> tuple[str, str]:
        name = self._name("script")
        self._process.script(name, f"{{{name}: dice}}", inside=inside)
        return name, name

    def _many(self, inside: str | None) -> tuple[str, str]:
        name = self._name("many")
        until = self._random.choice([None, "nrOfCompletedInstances >= 2"])
        loop = many(times="1 + modulo(dice, 3)", sequential=self._random.random() < 0.5, until=until)
        self._process.user_task(name, inside=inside, loop=loop)
        return name, name

    def _repeated(self, inside: str | None) -> tuple[str, str]:
        name = self._name("repeated")
        self._process.user_task(name, inside=inside, loop=again(f"modulo(dice, 3) = 1 and dice != {LEAVE}"))
        return name, name

    def _row(self, inside: str | None) -> tuple[str, str]:
        first, middle = self._block(inside)
        second, last = self._block(inside)
        self._process.chain(middle, second)
        return first, last

    def _parallel(self, inside: str | None) -> tuple[str, str]:
        split, join = self._name("split"), self._name("join")
        self._process.parallel(split, inside=inside).parallel(join, inside=inside)
        for _ in range(self._random.randint(2, 3)):
            first, last = self._block(inside)
            self._process.chain(split, first).chain(last, join)
        return split, join

    def _exclusive(self, inside: str | None) -> tuple[str, str]:
        split, merge = self._name("which"), self._name("merge")
        self._process.exclusive(split, inside=inside).exclusive(merge, inside=inside)
        branches = self._random.randint(2, 3)
        for number in range(branches):
            first, last = self._block(inside)
            is_last = number == branches - 1
            guard = None if is_last else f"modulo(dice, {branches}) = {number}"
            self._process.chain(split, first, when=guard, default=is_last).chain(last, merge)
        return split, merge

    def _inclusive(self, inside: str | None) -> tuple[str, str]:
        split, join = self._name("some"), self._name("all")
        self._process.inclusive(split, inside=inside).inclusive(join, inside=inside)
        for number in range(3):
            first, last = self._block(inside)
            guard = None if number == 2 else f"modulo(floor(dice / {2**number}), 2) = 1"
            self._process.chain(split, first, when=guard, default=number == 2).chain(last, join)
        return split, join

    def _loop(self, inside: str | None) -> tuple[str, str]:
        entry, question = self._name("again"), self._name("done")
        self._process.exclusive(entry, inside=inside).exclusive(question, inside=inside)
        waiting, _ = self._user_task(inside)
        first, last = self._block(inside)
        self._process.chain(entry, waiting, first).chain(last, question)
        leaving = self._name("left")
        self._process.abstract(leaving, inside=inside)
        self._process.chain(question, entry, when=f"modulo(dice, 2) = 1 and dice != {LEAVE}")
        self._process.chain(question, leaving, default=True)
        return entry, leaving

    def _sub_process(self, inside: str | None) -> tuple[str, str]:
        name, start = self._name("sub"), self._name("start")
        self._process.sub_process(name, inside=inside).start(start, inside=name)
        first, last = self._block(name)
        end = self._name("end")
        is_terminated = self._with_events and self._random.random() < 0.2
        self._process.end(end, *([TERMINATE] if is_terminated else []), inside=name)
        self._process.chain(start, first).chain(last, end)
        if self._with_events and self._random.random() < 0.3:
            self._event_sub_process(name)
        return name, name

    def _event(self) -> EventDefinition:
        return self._random.choice([timer(self._random.choice(_TIMERS)), message("news"), signal("alarm")])

    def _host(self, inside: str | None) -> str:
        return self._random.choice([self._user_task, self._sub_process])(inside)[0]

    def _interruptible(self, inside: str | None) -> tuple[str, str]:
        """An activity with a boundary event; both ways out meet again."""
        host, merge, event = self._host(inside), self._name("merge"), self._name("interrupt")
        self._process.exclusive(merge, inside=inside).boundary(event, host, self._event())
        first, last = self._block(inside)
        self._process.chain(host, merge).chain(event, first).chain(last, merge)
        return host, merge

    def _accompanied(self, inside: str | None) -> tuple[str, str]:
        """An activity with a boundary event that lets it go on; its token ends by itself.

        What the event sets going has a scope of its own: it may be set going twice, and an inclusive join would take
        tokens of both for one.
        """
        host, event, end = self._host(inside), self._name("accompany"), self._name("end")
        definition = self._random.choice([self._event(), cycle("R2/PT3H")])
        self._process.boundary(event, host, definition, interrupting=False).end(end, inside=inside)
        first, last = self._sub_process(inside)
        self._process.chain(event, first).chain(last, end)
        return host, host

    def _first_event(self, inside: str | None) -> tuple[str, str]:
        gateway, merge = self._name("first"), self._name("merge")
        self._process.event_based(gateway, inside=inside).exclusive(merge, inside=inside)
        for event in (timer("P2D"), timer("P5D"), message("answer"), signal("alarm")):
            name = self._name("event")
            self._process.catch(name, event, inside=inside).chain(gateway, name)
            first, last = self._block(inside)
            self._process.chain(name, first).chain(last, merge)
        return gateway, merge

    def _event_sub_process(self, inside: str | None) -> None:
        name, start, end = self._name("esp"), self._name("start"), self._name("end")
        event = self._random.choice([self._event(), escalation()])
        self._process.event_sub_process(name, inside=inside)
        self._process.start(start, event, inside=name, interrupting=self._random.random() < 0.5)
        first, last = self._block(name)
        self._process.end(end, inside=name).chain(start, first).chain(last, end)
