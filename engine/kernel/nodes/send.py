"""Send task: sends its message and passes (BPMN 2.0, 10.3.3.2, 13.3.3)."""

from __future__ import annotations

from engine.kernel.activities import complete
from engine.kernel.draft import Visit
from engine.kernel.messages import throw_message
from engine.kernel.run import Run


def execute(run: Run, visit: Visit) -> None:
    throw_message(run, visit)
    complete(run, visit, {})
