"""BPMN files: read, repair, check, compile to graphs, lint, and ask SpiffWorkflow for a second opinion.

The only room that knows SpiffWorkflow.
"""

from engine.bpmn.lint import lint, thrown_messages
from engine.bpmn.opinion.child import in_child_process
from engine.bpmn.picture import drawn_in
from engine.bpmn.reader import ReadResult, read_process_file
from engine.bpmn.report import Entry, RefusedDiagram, Report, Severity
from engine.bpmn.surroundings import KnownNames, Surroundings

__all__ = [
    "Entry",
    "KnownNames",
    "ReadResult",
    "RefusedDiagram",
    "Report",
    "Severity",
    "Surroundings",
    "drawn_in",
    "in_child_process",
    "lint",
    "read_process_file",
    "thrown_messages",
]
