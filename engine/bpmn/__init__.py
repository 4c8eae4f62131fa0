"""BPMN files: read, repair, check, compile to graphs, lint, and ask SpiffWorkflow for a second opinion.

The only room that knows SpiffWorkflow.
"""

from engine.bpmn.reader import ReadResult, read_process_file
from engine.bpmn.report import Entry, RefusedDiagram, Report, Severity

__all__ = ["Entry", "ReadResult", "RefusedDiagram", "Report", "Severity", "read_process_file"]
