"""Working off the agenda: tokens run until every one rests.

change ──► agenda ──► a token enters its node, its rule executes ──► agenda … empty
                          inclusive joins that are complete now ──► agenda … until there is none
"""

from __future__ import annotations

from engine.kernel.draft import Visit
from engine.kernel.events import ElementEntered
from engine.kernel.failure import Failure
from engine.kernel.incidents import open_incident
from engine.kernel.loops import next_child
from engine.kernel.nodes.inclusive import release_joins
from engine.kernel.rules import ENTER
from engine.kernel.run import NextChild, Run, Trigger
from engine.kernel.scopes import scope_ended
from engine.kernel.state import Resume
from engine.kernel.throwing import fail
from engine.kernel.triggers import look_at_conditions, trigger


def run_to_rest(run: Run) -> None:
    """Work off the agenda, and whatever comes onto it meanwhile."""
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
    flow_id = draft.graph.flows[visit.flow].id if visit.flow >= 0 else ""
    run.emit(ElementEntered(draft.number, node.id, visit.number, flow_id))
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
