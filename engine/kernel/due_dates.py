"""The due instant of a user task as its boundary timers see it, and its change while the user task is open.

    dueDate ──► due instant ──► variable `task_due_at` of boundary timers ──► "ten working days after it"
                    │
                 MoveDue ──► those timers are set anew; what does not count from it stays as it was told

Source: PROCESSES 0.4 and 0.5 (only an approved extension moves a due instant while the work goes on).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from engine.feel import Expression
from engine.kernel.changes import MoveDue
from engine.kernel.draft import Draft, Visit
from engine.kernel.failure import Failure
from engine.kernel.graph import Graph, Node
from engine.kernel.instants import instant_told
from engine.kernel.run import Run
from engine.kernel.state import Token, TokenState, Wait
from engine.kernel.variables import Visible, evaluate, is_loop_child, owner_of, scope_above, visible_at, write
from engine.kernel.waits import close_wait, open_wait, waits_for
from engine.model.errors import WrongState

#: What boundary timers of a user task call its due instant.
DUE = "task_due_at"


def counts_from_due(graph: Graph, index: int) -> bool:
    """Whether an event is a timer that counts from the due instant of the user task it sits on."""
    event = graph.nodes[index].event
    return event is not None and event.timer is not None and DUE in event.timer.expression.names


def seen_by_boundary(run: Run, visit: Visit, variables: Visible, due_at: datetime | None) -> Visible:
    """What the boundary events of a user task see: its variables and, where one counts from it, its due instant."""
    graph = visit.draft.graph
    for index in visit.node.boundary:
        if counts_from_due(graph, index):
            return visible_at(run, visit, {DUE: due_at})
    return variables


def due_of_loop(run: Run, visit: Visit, variables: Visible) -> datetime | None:
    """The due instant of a loop of user tasks as a whole: as told when the loop begins. Raises Failure."""
    people = visit.node.people
    if people is None or people.due is None:
        return None
    return due_instant(run, people.due, evaluate(run, people.due, variables))


def due_instant(run: Run, rule: Expression, value: Any) -> datetime | None:
    """The instant of a due rule that was evaluated to a value; None for null. Raises Failure."""
    if value is None:
        return None
    return instant_told(rule, value, run.environment.deadlines.due_at, run.environment.now)


def move_due(run: Run, change: MoveDue) -> None:
    """Write the variables, and set the boundary timers anew that count from the due instant and have not fired.

    Raises:
        WrongState: the user task is not open, or a timer cannot be told by the new instant.
    """
    draft = run.draft(change.part)
    token = draft.tokens.get(change.token)
    if token is None or token.state is not TokenState.USER_TASK:
        raise WrongState(
            f"Expected token {change.token} to rest as a user task, but it does not.",
            part=change.part,
            token=change.token,
        )
    home, holder = _holder_of_boundary(run, draft, token)
    write(run, home, holder.scope, change.variables)
    waits = [wait for wait in home.waits.values() if wait.token == holder.number and _counts(home, wait)]
    if not waits:
        return
    variables = Visible(run, home, holder.scope, {DUE: change.due_at})
    try:
        told = _told_anew(run, home, waits, variables)
    except Failure as failure:
        raise WrongState(failure.message, part=change.part, token=change.token) from failure
    for wait in waits:
        close_wait(run, home, wait)
    for wait in told:
        open_wait(run, home, wait)


def _counts(draft: Draft, wait: Wait) -> bool:
    return counts_from_due(draft.graph, wait.node)


def _told_anew(run: Run, draft: Draft, waits: Sequence[Wait], variables: Visible) -> list[Wait]:
    # all are told before the first is closed: one that fails leaves everything as it was
    first = waits[0]
    return waits_for(run, draft, [wait.node for wait in waits], first.scope, first.token, variables)


def _holder_of_boundary(run: Run, draft: Draft, token: Token) -> tuple[Draft, Token]:
    """The token that holds the boundary events: of a loop the one of its body, which may rest in another part."""
    node: Node = draft.graph.nodes[token.node]
    if node.loop is None or not is_loop_child(Visit(draft, node, token.scope)):
        return draft, token
    child = draft.scopes[token.scope]
    # of a standard loop the body scope itself is where its rounds execute
    home, body = (draft, child) if child.token is not None else _above(run, draft, token)
    if body.token is None or body.token not in home.tokens:
        home = owner_of(run, home)
    assert body.token is not None
    return home, home.tokens[body.token]


def _above(run: Run, draft: Draft, token: Token) -> tuple[Draft, Any]:
    above = scope_above(run, draft, draft.scopes[token.scope])
    assert above is not None, "the child of a loop has a body around it"
    return above
