"""Event sub-process: runs inside the scope whose event set it off (BPMN 2.0, 10.3.5.1, 13.5.4).

It sees the variables of that scope, and the scope does not end before it. Whether it interrupts was decided when its
start event was triggered (engine/kernel/triggers.py).
"""

from __future__ import annotations

from engine.kernel.activities import rest
from engine.kernel.draft import Visit
from engine.kernel.run import Run
from engine.kernel.scopes import open_scope, scope_waits
from engine.kernel.state import TokenState


def enter(run: Run, visit: Visit) -> None:
    number = run.number()
    waits = scope_waits(run, visit, number, {})
    rest(run, visit, TokenState.SCOPE, [], number)
    open_scope(run, visit, number, {}, waits)
