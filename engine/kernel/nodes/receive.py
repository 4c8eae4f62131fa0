"""Receive task: rests until its message comes (BPMN 2.0, 10.3.3.3, 13.3.3).

Unlike a catch event it may have boundary events.
"""

from __future__ import annotations

from engine.kernel.activities import boundary_waits, complete, open_local_scope, rest
from engine.kernel.draft import Visit
from engine.kernel.run import Run
from engine.kernel.state import TokenState
from engine.kernel.variables import visible_at
from engine.kernel.waits import open_wait, wait_for


def execute(run: Run, visit: Visit) -> None:
    if visit.payload is not None:
        complete(run, visit, visit.payload)
        return
    open_local_scope(run, visit)
    variables = visible_at(run, visit)
    wait = wait_for(run, visit.draft, visit.node, visit.scope, visit.number, variables)
    rest(run, visit, TokenState.EVENT, boundary_waits(run, visit, variables))
    if wait is not None:
        open_wait(run, visit.draft, wait)
