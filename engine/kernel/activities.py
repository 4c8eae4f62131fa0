"""What all activities have in common: local variables, boundary events while they are open, outputs when they are done.

Source: BPMN 2.0, 13.3.2 (activity life cycle). One execution of an activity:

    arrives ──► loop? ──► inputs ──► its own work ──► rests (boundary events armed) ──► outputs ──► loop? ──► leaves
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.kernel.draft import Draft, Visit
from engine.kernel.failure import Failure
from engine.kernel.flows import leave
from engine.kernel.incidents import open_incident
from engine.kernel.loops import begin_loop, child_done
from engine.kernel.run import Run
from engine.kernel.state import Resume, Scope, Token, TokenState, Wait
from engine.kernel.variables import Visible, evaluate_inputs, is_loop_child, take_in
from engine.kernel.waits import close_waits_of_token, open_wait, waits_for

Enter = Callable[[Run, Visit], None]


def as_activity(execute: Enter) -> Enter:
    """Let an activity begin with its loop, if it has one; each round of the loop then executes it."""

    def enter(run: Run, visit: Visit) -> None:
        if visit.node.loop is not None and not is_loop_child(visit):
            begin_loop(run, visit)
        else:
            execute(run, visit)

    return enter


def open_local_scope(run: Run, visit: Visit) -> None:
    """Evaluate the input mappings into a scope of this execution; without inputs there is none. Raises Failure."""
    if visit.node.inputs:
        values = evaluate_inputs(run, visit)
        visit.local = run.number()
        visit.draft.put_scope(Scope(visit.local, visit.scope, visit.node.index, visit.number, values))


def boundary_waits(run: Run, visit: Visit, variables: Visible) -> list[Wait]:
    """The waits of the boundary events, not yet opened. Those of a loop belong to the whole, not to each round.

    Raises:
        Failure: a timer or correlation key cannot be told.
    """
    node = visit.node
    if not node.boundary or (node.loop is not None and is_loop_child(visit)):
        return []
    return waits_for(run, visit.draft, node.boundary, visit.scope, visit.number, variables)


def rest(run: Run, visit: Visit, state: TokenState, armed: list[Wait], inside: int = -1) -> None:
    """Let the token rest in the activity, with the boundary events armed."""
    draft = visit.draft
    if inside < 0:
        inside = visit.local
    draft.put_token(Token(visit.number, visit.node.index, visit.scope, state, visit.flow, inside))
    for wait in armed:
        open_wait(run, draft, wait)


def resting(draft: Draft, token: Token) -> Visit:
    """A resting token taken up again."""
    local = token.inside if token.inside in draft.scopes else -1
    return Visit(draft, draft.graph.nodes[token.node], token.scope, token.flow, token.number, None, local)


def complete(run: Run, visit: Visit, values: Mapping[str, Any]) -> None:
    """The activity's (or catch event's) work is done: outputs, then out of the loop or along the flows.

    A mapping that fails leaves an incident, and the values are kept for the retry.
    """
    try:
        if values or visit.node.outputs:
            take_in(run, visit, values)
    except Failure as failure:
        open_incident(run, visit, failure, Resume.COMPLETE, values)
        return
    finish(run, visit)


def finish(run: Run, visit: Visit) -> None:
    """Everything the activity brings back is written: close it and go on."""
    node = visit.node
    if node.loop is not None and is_loop_child(visit):
        try:
            child_done(run, visit)
        except Failure as failure:
            open_incident(run, visit, failure, Resume.LEAVE)
        return
    close(run, visit)
    leave(run, visit)


def close(run: Run, visit: Visit) -> None:
    """Disarm the boundary events and drop the local variables."""
    if visit.node.boundary:
        close_waits_of_token(run, visit.draft, visit.number)
    if visit.local >= 0:
        visit.draft.take_scope(visit.local)
