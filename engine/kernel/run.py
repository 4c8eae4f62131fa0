"""The work of one step: parts under work, events so far, and an agenda of what is still to do; no recursion."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.kernel.draft import Draft, Visit
from engine.kernel.environment import Environment
from engine.kernel.events import Event
from engine.kernel.graph import Graph, Graphs
from engine.kernel.parts import overlay
from engine.kernel.state import Part, State
from engine.model.calendar import local_time
from engine.model.errors import WrongState


@dataclass(slots=True)
class ScopeEnd:
    """Nothing is left in a scope."""

    draft: Draft
    scope: int


@dataclass(slots=True)
class Trigger:
    """A wait is met: by a signal or a condition."""

    draft: Draft
    wait: int
    variables: Mapping[str, Any]


@dataclass(slots=True)
class NextChild:
    """A loop body begins its next child."""

    #: Where the body's counters live: the owner, or the body's own part.
    draft: Draft
    body: int
    #: 1 = the first.
    child: int
    #: The elements of the collection; None where the children are only counted.
    elements: list[Any] | None


Errand = Visit | ScopeEnd | Trigger | NextChild


class Run:
    """Everything one step reads and writes. Made for one change, thrown away after it."""

    __slots__ = (
        "_local_now",
        "_parts",
        "_removed",
        "agenda",
        "conditions_due",
        "drafts",
        "emit",
        "environment",
        "events",
        "graphs",
        "next_number",
        "steps",
    )

    def __init__(self, graphs: Graphs, state: State | None, environment: Environment) -> None:
        self.graphs = graphs
        self.environment = environment
        self._local_now: datetime | None = None
        self._parts: Mapping[int, Part] = state.parts if state is not None else {}
        self.next_number = state.next_number if state is not None else 1
        #: Last in, first out: a branch runs to its rest before its sibling begins.
        self.agenda: list[Errand] = []
        self.events: list[Event] = []
        #: Tell what has happened.
        self.emit: Callable[[Event], None] = self.events.append
        self.drafts: dict[int, Draft] = {}
        self._removed: list[int] = []
        #: Parts whose conditional events must be looked at: variables changed, or a wait is new.
        self.conditions_due: dict[int, Draft] = {}
        #: Node executions so far.
        self.steps = 0

    @property
    def local_now(self) -> datetime:
        """Now in the zone whose days count, for `today()`."""
        local_now = self._local_now
        if local_now is None:
            local_now = self._local_now = local_time(self.environment.now)
        return local_now

    def number(self) -> int:
        """A number that nothing in this root instance has ever had."""
        number = self.next_number
        self.next_number = number + 1
        return number

    def draft(self, number: int) -> Draft:
        """A part under work. Raises WrongState if there is none of this number."""
        found = self.find(number)
        if found is None:
            raise WrongState(f"Expected part {number} of the instance, but it has ended.", part=number)
        return found

    def find(self, number: int) -> Draft | None:
        """A part under work, or None."""
        draft = self.drafts.get(number)
        if draft is not None:
            return None if draft.gone else draft
        part = self._parts.get(number)
        if part is None:
            return None
        draft = self.drafts[number] = Draft(part, self.graphs.by_ref(part.graph_ref))
        return draft

    def add_part(self, part: Part, graph: Graph) -> Draft:
        """A part begins."""
        draft = self.drafts[part.number] = Draft(part, graph)
        # what a new part holds is written in any case
        draft.put_scope(part.top)
        return draft

    def remove_part(self, draft: Draft) -> None:
        """A part ends; errands that are still under way in it are dropped."""
        draft.gone = True
        self._removed.append(draft.number)
        self.conditions_due.pop(draft.number, None)

    def drop_errands(self, draft: Draft, scope: int) -> None:
        """Tokens on their way in a scope are taken off: the scope was interrupted."""
        self.agenda[:] = [
            errand
            for errand in self.agenda
            if not (isinstance(errand, Visit) and errand.draft is draft and errand.scope == scope)
        ]

    def is_quiet(self, draft: Draft, scope: int) -> bool:
        """Whether no token rests in the scope and none is on its way there."""
        for token in draft.tokens.values():
            if token.scope == scope:
                return False
        for errand in self.agenda:
            if type(errand) is Visit and errand.scope == scope and errand.draft is draft:
                return False
        return True

    def result(self) -> tuple[State, frozenset[int], frozenset[int]]:
        """The state after the step, the parts to write and the parts to remove."""
        written: dict[int, Part | None] = {}
        for number, draft in self.drafts.items():
            if not draft.gone and draft.is_changed:
                written[number] = draft.finished()
        changed = frozenset(written)
        removed = [number for number in self._removed if number in self._parts]
        if 0 in self._removed:
            return State(parts={}, next_number=self.next_number), frozenset(), frozenset(removed)
        for number in removed:
            written[number] = None
        return State(parts=overlay(self._parts, written), next_number=self.next_number), changed, frozenset(removed)
