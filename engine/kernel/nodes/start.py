"""Start event: a token leaves it along its flows (BPMN 2.0, 10.5.2, 13.5.1).

The variables of a message or signal that started the process or event sub-process go through the event's outputs.
"""

from __future__ import annotations

from engine.kernel.activities import complete
from engine.kernel.draft import Visit
from engine.kernel.run import Run


def enter(run: Run, visit: Visit) -> None:
    complete(run, visit, visit.payload or {})
