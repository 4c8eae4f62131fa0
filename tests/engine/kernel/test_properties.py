"""Properties on generated sound processes and random schedules: never stuck, tokens accounted for, always an end."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.kernel import changes, events
from engine.kernel.graph import NodeKind
from engine.kernel.state import TokenState, WaitKind
from engine.model.errors import WrongState
from tests.models import LEAVE, ModelGenerator
from tests.playing import Play

#: After so many steps the dice leave every loop, and nothing optional happens any more.
_FREE_STEPS = 60
_MOST_STEPS = 2_000


class Schedule:
    """Plays a process at random until it ends."""

    def __init__(self, running: Play, random: Random, *, returns: bool = False) -> None:
        self.running = running
        self._random = random
        self._returns = returns
        self._steps = 0
        self.returned = 0

    def play(self) -> None:
        """Raises AssertionError when nothing can be done and the instance has not ended."""
        self.running.start(dice=self._throw())
        while not self.running.has_ended:
            self._steps += 1
            assert self._steps < _MOST_STEPS, "expected an end"
            self._step()

    def _throw(self) -> Decimal:
        return Decimal(LEAVE if self._steps > _FREE_STEPS else self._random.randrange(12))

    def _step(self) -> None:
        running = self.running
        tokens = [(part.number, token) for part in running.state.parts.values() for token in part.tokens.values()]
        open_user_tasks = [each for each in tokens if each[1].state is TokenState.USER_TASK]
        waits = [(part.number, wait) for part in running.state.parts.values() for wait in part.waits.values()]
        needed = [each for each in waits if self._is_waited_for(*each)]
        assert open_user_tasks or needed, f"stuck: {running.state}"
        if self._steps <= _FREE_STEPS and waits and self._random.random() < 0.25:
            needed, open_user_tasks = waits, []
        if needed and (not open_user_tasks or self._random.random() < 0.3):
            self._meet(*self._random.choice(needed))
            return
        part, token = self._random.choice(open_user_tasks)
        if (
            self._returns
            and self._steps <= _FREE_STEPS
            and self._random.random() < 0.3
            and self._return(part, token.number)
        ):
            return
        running.apply(changes.Complete(part=part, token=token.number, variables={"dice": self._throw()}))

    def _is_waited_for(self, part: int, wait) -> bool:
        """Whether the instance cannot go on without: a catch event or event-based gateway, no boundary event."""
        found = self.running.state.parts[part]
        kind = self.running.graphs.by_ref(found.graph_ref).nodes[wait.node].kind
        return kind is NodeKind.INTERMEDIATE_CATCH

    def _meet(self, part: int, wait) -> None:
        running = self.running
        if wait.kind is WaitKind.TIMER:
            running.now = max(running.now, wait.due_at)
            running.apply(changes.FireTimer(part=part, wait=wait.number))
        elif wait.kind is WaitKind.MESSAGE:
            running.apply(changes.DeliverMessage(part=part, wait=wait.number, variables={"dice": self._throw()}))
        else:
            running.apply(changes.DeliverSignal(name=wait.name))

    def _return(self, part: int, token: int) -> bool:
        """Go back to some step that was done before, if that is allowed."""
        running = self.running
        done = {event.element_id for event in running.all(events.UserTaskCompleted)}
        if not done:
            return False
        target = self._random.choice(sorted(done))
        try:
            running.apply(changes.ReturnTo(part=part, token=token, element_id=target))
        except WrongState:
            return False
        self.returned += 1
        return True


_LONG = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_LONG
@given(st.integers(0, 2**32), st.integers(3, 18), st.booleans(), st.booleans())
def test_every_schedule_of_a_sound_process_ends_with_its_books_in_order(seed, size, frozen, events_too) -> None:
    """The books are checked by Play after each step."""
    random = Random(seed)
    running = Play(ModelGenerator(random, size, with_events=events_too).build(), frozen=frozen)
    Schedule(running, random).play()
    assert running.all(events.IncidentOpened) == []


@_LONG
@given(st.integers(0, 2**32), st.integers(3, 18), st.booleans())
def test_no_return_that_is_allowed_strands_a_branch(seed, size, events_too) -> None:
    """Whatever is returned, and however often: the process still ends, and leaves nothing behind."""
    random = Random(seed)
    running = Play(ModelGenerator(random, size, with_events=events_too).build())
    Schedule(running, random, returns=True).play()


@_LONG
@given(st.integers(0, 2**32), st.integers(3, 14))
def test_straight_and_frozen_runs_give_the_same_events(seed, size) -> None:
    histories = []
    for frozen in (False, True):
        random = Random(seed)
        running = Play(ModelGenerator(random, size).build(), frozen=frozen)
        Schedule(running, random).play()
        histories.append(running.history)
    assert histories[0] == histories[1]


@_LONG
@given(st.integers(0, 2**32), st.integers(3, 14))
def test_cancelling_at_any_moment_closes_everything(seed, size) -> None:
    random = Random(seed)
    running = Play(ModelGenerator(random, size).build())
    running.start(dice=Decimal(1))
    for _ in range(random.randrange(8)):
        if running.has_ended or not running.user_tasks:
            break
        running.complete(random.choice(running.user_tasks), dice=Decimal(random.randrange(12)))
    if not running.has_ended:
        running.cancel()
    assert running.has_ended
