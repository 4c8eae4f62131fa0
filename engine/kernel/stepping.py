"""One step of an instance, from wait to wait: a change sets tokens going, and they run until every one rests.

change ──► agenda ──► a token enters its node, its rule executes ──► agenda … empty
                          inclusive joins that are complete now ──► agenda … until there is none
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel.changes import Change
from engine.kernel.draft import Visit
from engine.kernel.environment import Environment
from engine.kernel.events import ElementEntered, Event
from engine.kernel.failure import Failure
from engine.kernel.graph import Graphs
from engine.kernel.incidents import open_incident
from engine.kernel.loops import next_child
from engine.kernel.nodes.inclusive import release_joins
from engine.kernel.requests import carry_out
from engine.kernel.rules import ENTER
from engine.kernel.run import NextChild, Run, Trigger
from engine.kernel.scopes import scope_ended
from engine.kernel.state import Resume, State
from engine.kernel.throwing import fail
from engine.kernel.triggers import look_at_conditions, trigger


@dataclass(frozen=True, slots=True)
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
    _run_to_rest(run)
    after, changed, removed = run.result()
    return Outcome(after, tuple(run.events), changed, removed)


def _run_to_rest(run: Run) -> None:
    agenda = run.agenda
    while True:
        while agenda or run.conditions_due:
            if run.conditions_due:
                look_at_conditions(run)
                continue
            errand = agenda.pop()
            if type(errand) is Visit:
                _arrive(run, errand)
            elif type(errand) is Trigger:
                trigger(run, errand)
            elif type(errand) is NextChild:
                next_child(run, errand)
            else:
                scope_ended(run, errand)  # type: ignore[arg-type]
        if not release_joins(run):
            return


def _arrive(run: Run, visit: Visit) -> None:
    """A token enters its node, unless what it came through was taken off meanwhile."""
    draft, node = visit.draft, visit.node
    if draft.gone or visit.scope not in draft.scopes:
        return
    visit.number = run.number()
    run.events.append(
        ElementEntered(
            part=draft.number,
            element_id=node.id,
            token=visit.number,
            flow_id=draft.graph.flows[visit.flow].id if visit.flow >= 0 else "",
        )
    )
    run.steps += 1
    limit = run.environment.step_limit
    if run.steps > limit:
        stopped = Failure("step-limit", f"Expected at most {limit} executions in one step, but there are more to come.")
        open_incident(run, visit, stopped, Resume.ENTER)
        return
    try:
        ENTER[node.kind](run, visit)
    except Failure as failure:
        fail(run, visit, failure)
