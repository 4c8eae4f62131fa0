"""Intermediate catch event: the token rests until the timer, message, signal or condition comes.

Source: BPMN 2.0, 10.5.4, 13.5.2.

A link catch event continues what its throw event began. Behind an event-based gateway the event has happened already
when the token arrives.
"""

from __future__ import annotations

from engine.kernel.activities import complete
from engine.kernel.draft import Visit
from engine.kernel.graph import EventKind
from engine.kernel.run import Run
from engine.kernel.state import Token, TokenState
from engine.kernel.variables import visible_at
from engine.kernel.waits import open_wait, wait_for


def enter(run: Run, visit: Visit) -> None:
    draft, node = visit.draft, visit.node
    assert node.event is not None
    if visit.payload is not None or node.event.kind is EventKind.LINK:
        complete(run, visit, visit.payload or {})
        return
    wait = wait_for(run, draft, node, visit.scope, visit.number, visible_at(run, visit))
    draft.put_token(Token(visit.number, node.index, visit.scope, TokenState.EVENT, visit.flow))
    if wait is not None:
        open_wait(run, draft, wait)
