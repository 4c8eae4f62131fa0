"""Event-based gateway: rests until the first of the events behind it happens (BPMN 2.0, 10.6.6, 13.4.5).

Behind it stand catch events and receive tasks; each has its own wait, several timers included.
"""

from __future__ import annotations

from engine.kernel.draft import Visit
from engine.kernel.run import Run
from engine.kernel.state import Token, TokenState
from engine.kernel.variables import visible_at
from engine.kernel.waits import open_wait, waits_for


def enter(run: Run, visit: Visit) -> None:
    draft, node = visit.draft, visit.node
    targets = [draft.graph.flows[index].target for index in node.outgoing]
    waits = waits_for(run, draft, targets, visit.scope, visit.number, visible_at(run, visit))
    draft.put_token(Token(visit.number, node.index, visit.scope, TokenState.EVENT, visit.flow))
    for wait in waits:
        open_wait(run, draft, wait)
