"""Diagrams and local services know each other: none is called that is not there, none is there that nobody calls."""

from __future__ import annotations

from engine.bpmn import read_process_file
from engine.kernel.graph import NodeKind
from processes.budget_performance.handlers import HANDLERS
from processes.budget_performance.package import FOLDER


def called() -> dict[str, list[str]]:
    """Service name -> elements of shipped diagrams that call it."""
    found: dict[str, list[str]] = {}
    for path in sorted(FOLDER.glob("*.bpmn")):
        for graph in read_process_file(path.read_bytes(), ref_of=str).graphs:
            for node in graph.nodes:
                if node.kind is NodeKind.SERVICE and node.work and not node.work.external:
                    found.setdefault(node.work.name, []).append(f"{graph.key}.{node.id}")
    return found


def test_every_service_a_diagram_calls_is_there():
    assert {name: where for name, where in called().items() if name not in HANDLERS} == {}


def test_every_service_is_called_by_a_diagram():
    assert sorted(set(HANDLERS) - set(called())) == []
