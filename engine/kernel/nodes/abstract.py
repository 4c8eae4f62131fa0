"""Abstract and manual task: nothing for the engine to do, the token passes (BPMN 2.0, 10.3.3, 13.3.3)."""

from __future__ import annotations

from engine.kernel.activities import complete, open_local_scope
from engine.kernel.draft import Visit
from engine.kernel.run import Run


def execute(run: Run, visit: Visit) -> None:
    open_local_scope(run, visit)
    complete(run, visit, {})
