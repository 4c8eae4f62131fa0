"""Boundary event: it has been triggered, and a token leaves it (BPMN 2.0, 10.5.4, 13.5.3).

What interrupts its activity has done so before (engine/kernel/triggers.py, throwing.py). The variables it caught go
through its outputs; of an error, mappings also see `errorCode` and `errorMessage`.
"""

from __future__ import annotations

from engine.kernel.activities import complete
from engine.kernel.draft import Visit
from engine.kernel.run import Run


def enter(run: Run, visit: Visit) -> None:
    complete(run, visit, visit.payload or {})
