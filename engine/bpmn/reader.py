"""The face of reading: bytes in, graphs and a report out."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from engine.bpmn.compiler import compile_process
from engine.bpmn.expressions import Functions
from engine.bpmn.leftovers import report_leftovers
from engine.bpmn.normalisers import normalise
from engine.bpmn.pools import processes_to_run
from engine.bpmn.reading import begin_reading
from engine.bpmn.report import Findings, Report
from engine.bpmn.schema import check_schema
from engine.bpmn.shape import check_shape
from engine.kernel.graph import Graph
from engine.xml import Element, parse_xml


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What a file came to."""

    #: One graph for each executable process, in document order; empty if the report refuses the file.
    graphs: tuple[Graph, ...]
    report: Report


def read_process_file(
    xml: bytes,
    *,
    ref_of: Callable[[str], str],
    functions: Functions | None = None,
    keep: Collection[str] = (),
) -> ReadResult:
    """Read, repair, check and compile a BPMN file. All faults are reported at once; nothing is dropped in silence.

    Args:
        xml: the file, in any encoding it declares.
        ref_of: gives each process key the identity of its version.
        functions: FEEL functions beyond the built-in ones, by name.
        keep: names of normalisers that are not to repair anything (`normalisers.NORMALISERS`).

    Raises:
        RefusedXml: the bytes are no XML document that the house reads.
    """
    root = parse_xml(xml)
    findings = Findings()
    normalise(root, findings, keep)
    if not check_schema(root, findings):
        return ReadResult((), findings.report())
    reading = begin_reading(root, findings, functions or {})
    graphs: list[Graph] = []
    for process in processes_to_run(reading):
        graph = compile_process(reading, process, ref_of(process.id))
        check_shape(graph, findings)
        graphs.append(graph)
    report_leftovers(reading.account, findings)
    return ReadResult(() if findings.any_error else tuple(graphs), findings.report())


def normalised(xml: bytes) -> Element:
    """A file as the reader sees it: parsed and repaired. Raises RefusedXml."""
    root = parse_xml(xml)
    normalise(root, Findings())
    return root
