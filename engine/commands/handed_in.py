"""Files that a designer hands in: what they hold, or every fault of every file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.bpmn import Report, read_process_file
from engine.bpmn.report import Findings
from engine.commands.means import Means
from engine.dmn import read_decisions
from engine.kernel.graph import Graph
from engine.model.errors import Fault, Invalid

#: Longest first: what is left of a file's name is its stem.
DIAGRAM_ENDINGS = (".bpmn20.xml", ".bpmn")
DECISIONS_ENDING = ".dmn"
#: Behind the stem of a diagram's name: its test cases.
CASES_ENDING = ".cases.toml"


class RefusedDeployment(Invalid):
    """A file cannot be deployed. Holds the faults of all files."""

    code = "deployment-refused"


@dataclass(frozen=True, slots=True)
class Found:
    """A process or decision of a file."""

    #: process | decision
    kind: str
    key: str
    name: str
    version_tag: str
    file: str
    #: Of a process.
    graph: Graph | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """Files that were read."""

    found: tuple[Found, ...]
    #: Name of a file with diagrams or decisions -> what its reader has to say about it.
    reports: Mapping[str, Report]
    #: Name of a diagram file -> name of the file with its test cases.
    cases: Mapping[str, str]

    def graphs_of(self, file: str) -> list[Graph]:
        return [each.graph for each in self.found if each.file == file and each.graph is not None]


def refuse(faults: Sequence[Fault]) -> None:
    """Raises RefusedDeployment, if there is a fault."""
    if faults:
        raise RefusedDeployment(
            f"Expected files that can be deployed, but found {len(faults)} faults. The first: {faults[0]['message']}",
            faults,
            count=len(faults),
        )


def read_files(files: Mapping[str, bytes], means: Means) -> HandedIn:
    """Read all files; what can be read is returned only when everything can.

    Raises:
        RefusedDeployment: holds every fault of every file.
    """
    faults: list[Fault] = []
    found: list[Found] = []
    reports: dict[str, Report] = {}
    if not files:
        faults.append(Fault("no-files", "Expected at least one file, but found none."))
    for name, content in files.items():
        try:
            if name.endswith(DECISIONS_ENDING):
                some, reports[name] = _read_decisions(name, content, means)
                found.extend(some)
            elif name.endswith(DIAGRAM_ENDINGS):
                some, reports[name] = _read_processes(name, content, means)
                found.extend(some)
            elif not name.endswith(CASES_ENDING):
                message = (
                    f"Expected a name that ends in .bpmn, .bpmn20.xml, .dmn or {CASES_ENDING}, but found {name!r}."
                )
                faults.append(Fault("unknown-kind-of-file", message, name))
        except Invalid as error:
            inner: Sequence[Fault] = error.faults or (Fault(error.code, error.message, **error.facts),)
            faults.extend(in_file(name, fault) for fault in inner)
    faults.extend(defined_twice(found))
    cases = _case_files(files, faults)
    refuse(faults)
    return HandedIn(found=tuple(found), reports=reports, cases=cases)


def _case_files(names: Iterable[str], faults: list[Fault]) -> dict[str, str]:
    diagrams = {
        name.removesuffix(ending): name for ending in DIAGRAM_ENDINGS for name in names if name.endswith(ending)
    }
    found: dict[str, str] = {}
    for name in names:
        stem = name.removesuffix(CASES_ENDING)
        if stem in diagrams and stem != name:
            found[diagrams[stem]] = name
        elif stem != name:
            message = f"Expected a diagram {stem}.bpmn beside the cases {name!r}, but found none."
            faults.append(Fault("cases-without-diagram", message, name, stem=stem))
    return found


def in_file(name: str, fault: Fault) -> Fault:
    """A fault of a file among others: its path begins with the name of the file."""
    return Fault(**{**fault, "path": f"{name}#{fault['path']}"})


def defined_twice(found: Sequence[Found]) -> list[Fault]:
    """A fault for each process or decision that stands in two of the files."""
    places: dict[tuple[str, str], str] = {}
    faults: list[Fault] = []
    for each in found:
        other = places.setdefault((each.kind, each.key), each.file)
        if other != each.file:
            message = f"Expected {each.kind} {each.key!r} in one file, but found it in {other!r} and {each.file!r}."
            faults.append(Fault("defined-twice", message, each.file, key=each.key))
    return faults


def _read_processes(name: str, content: bytes, means: Means) -> tuple[list[Found], Report]:
    result = read_process_file(content, ref_of=lambda key: key, functions=means.functions)
    result.report.raise_if_refused(name)
    found = [Found("process", graph.key, graph.name, graph.version_tag, name, graph) for graph in result.graphs]
    return found, result.report


def _read_decisions(name: str, content: bytes, means: Means) -> tuple[list[Found], Report]:
    model = read_decisions(content, functions=means.functions)
    found = [Found("decision", key, decision.name, "", name) for key, decision in model.decisions.items()]
    told = Findings()
    for remark in (each for remarks in model.remarks.values() for each in remarks):
        told.add(remark.code, remark.element_id, **remark.facts)
    return found, told.report()
