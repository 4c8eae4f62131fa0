"""One step of an instance, from wait to wait."""

from __future__ import annotations

from engine.kernel.agenda import run_to_rest
from engine.kernel.changes import Change
from engine.kernel.environment import Environment
from engine.kernel.events import Event
from engine.kernel.graph import Graphs
from engine.kernel.requests import carry_out
from engine.kernel.run import Run
from engine.kernel.state import State
from engine.model.value import value


@value()
class Outcome:
    """What became of an instance in one step."""

    state: State
    events: tuple[Event, ...]
    #: Numbers of the parts to write.
    changed: frozenset[int]
    #: Numbers of the parts that were there before and have ended.
    removed: frozenset[int]


def apply(graphs: Graphs, state: State | None, change: Change, environment: Environment) -> Outcome:
    """Carry out a change and run to the next rest. Pure: same input, same outcome; the state given is not touched.

    Args:
        state: None for Start, and only for it.

    Raises:
        WrongState: the token, wait or part is not there or not in the state the change expects (a stale timer, a
            user task completed before).
        ExecutionFailed: the process cannot be started.
    """
    run = Run(graphs, state, environment)
    carry_out(run, state, change)
    run_to_rest(run)
    after, changed, removed = run.result()
    return Outcome(after, tuple(run.events), changed, removed)
