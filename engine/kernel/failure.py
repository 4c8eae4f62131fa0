"""What goes wrong while a node executes; caught inside the kernel, where it becomes an incident or a BPMN error."""

from __future__ import annotations


class Failure(Exception):
    """An expression, script, decision or call that failed. Never leaves the kernel."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        #: Kind of the incident, see IncidentOpened.
        self.kind = kind
        self.message = message
