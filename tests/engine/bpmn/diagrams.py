"""Small BPMN files for tests, written as the children of one process."""

from __future__ import annotations

from itertools import pairwise

from engine.bpmn import ReadResult, read_process_file
from engine.kernel.graph import Graph

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="http://bihuan.test">\n'
)


def definitions(content: str) -> bytes:
    """A file with these root elements."""
    return f"{HEAD}{content}\n</definitions>".encode()


def process(content: str, *, roots: str = "", attributes: str = 'isExecutable="true"') -> bytes:
    """A file with one process `p`; `roots` are messages, errors and so on."""
    return definitions(f'{roots}<process id="p" name="Test" {attributes}>{content}</process>')


def flow(source: str, target: str, condition: str | None = None, *, name: str | None = None) -> str:
    """A sequence flow, called `source-target` unless named; the condition is put in as it stands."""
    inner = "" if condition is None else f"<conditionExpression>{condition}</conditionExpression>"
    identifier = name or f"{source}-{target}"
    return f'<sequenceFlow id="{identifier}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def line(*elements: str) -> str:
    """Elements one after the other between a start `s` and an end `e`, each with the id that it declares first."""
    ids = ["s", *(element.split('id="')[1].split('"')[0] for element in elements), "e"]
    flows = "".join(flow(source, target) for source, target in pairwise(ids))
    return f'<startEvent id="s"/>{"".join(elements)}<endEvent id="e"/>{flows}'


def read(xml: bytes, keep: tuple[str, ...] = ()) -> ReadResult:
    return read_process_file(xml, ref_of=lambda key: f"{key}:1", keep=keep)


def graph(xml: bytes) -> Graph:
    """The one graph of a file that must be accepted."""
    result = read(xml)
    assert not result.report.errors, result.report.errors
    (only,) = result.graphs
    return only


def codes(xml: bytes, severity: str = "error") -> list[tuple[str, str]]:
    """Code and element of each finding of a severity."""
    return [(entry.code, entry.element_id) for entry in read(xml).report if entry.severity == severity]
