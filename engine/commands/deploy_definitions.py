"""Deploy diagrams and decision tables as new immutable versions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.bpmn import Report, read_process_file
from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision, DefinitionsAccepted
from engine.commands.start_events import start_events
from engine.commands.subjects import DeploySubject, LatestVersion, must_have
from engine.dmn import read_decisions
from engine.kernel.graph import Graph
from engine.model.actor import Actor
from engine.model.deeds import DefinitionsDeployed, NewDefinition, StartEvent
from engine.model.errors import Fault, Invalid


class RefusedDeployment(Invalid):
    """A file cannot be deployed. Holds the faults of all files."""

    code = "deployment-refused"


@dataclass(frozen=True, kw_only=True)
class DeployDefinitions:
    """A designer hands in files: *.bpmn and *.dmn, by name."""

    actor: Actor
    files: Mapping[str, bytes]
    comment: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    """A process or decision of a file."""

    kind: str
    key: str
    name: str
    version_tag: str
    file: str
    report: tuple[Mapping[str, Any], ...]
    graph: Graph | None = None


def deploy_definitions(subject: DeploySubject, command: DeployDefinitions, collaborators: Collaborators) -> Decision:
    """Give every changed process and decision its next version; what is unchanged keeps the one it has.

    Raises:
        NotPermitted: the actor may not deploy.
        RefusedDeployment: holds every fault of every file.
    """
    must_have(command.actor, "deploy", "deploy definitions")
    found, report = _read(command.files, collaborators)
    new: list[NewDefinition] = []
    events: list[StartEvent] = []
    listed: list[dict[str, Any]] = []
    for each in found:
        before = subject.latest.get((each.kind, each.key))
        changed = before is None or before.sha256 != hashlib.sha256(command.files[each.file]).hexdigest()
        version = _next_version(before) if changed else before.version if before else 1
        listed.append({"kind": each.kind, "key": each.key, "version": version, "name": each.name, "new": changed})
        if changed:
            new.append(_definition(each, version))
            if each.graph is not None:
                events.extend(start_events(each.graph, f"{each.key}:{version}", subject.deadlines, collaborators))
    deployment_id = str(collaborators.ids.make(collaborators.clock.now()))
    used = {each.resource_name for each in new}
    deed = DefinitionsDeployed(
        deployment_id=deployment_id,
        comment=command.comment,
        files={name: content for name, content in command.files.items() if name in used},
        definitions=tuple(new),
        start_events=tuple(events),
    )
    answer = DefinitionsAccepted(deployment_id=deployment_id, definitions=tuple(listed), report=tuple(report))
    return Decision(deeds=(deed,), answer=answer)


def _next_version(before: LatestVersion | None) -> int:
    return before.version + 1 if before is not None else 1


def _definition(found: _Found, version: int) -> NewDefinition:
    return NewDefinition(
        kind=found.kind,
        key=found.key,
        version=version,
        name=found.name,
        version_tag=found.version_tag,
        resource_name=found.file,
        report=found.report,
    )


def _read(files: Mapping[str, bytes], collaborators: Collaborators) -> tuple[list[_Found], list[Mapping[str, Any]]]:
    """Read all files; what can be read is returned only when everything can."""
    faults: list[Fault] = []
    found: list[_Found] = []
    report: list[Mapping[str, Any]] = []
    if not files:
        faults.append(Fault("no-files", "Expected at least one file, but found none."))
    for name, content in files.items():
        try:
            if name.endswith(".dmn"):
                found.extend(_read_decisions(name, content, collaborators))
            elif name.endswith((".bpmn", ".bpmn20.xml")):
                some = _read_processes(name, content, collaborators)
                found.extend(some)
                report.extend({"resource": name, **entry} for entry in (some[0].report if some else ()))
            else:
                message = f"Expected a name that ends in .bpmn, .bpmn20.xml or .dmn, but found {name!r}."
                faults.append(Fault("unknown-kind-of-file", message, name))
        except Invalid as error:
            inner: Sequence[Fault] = error.faults or (Fault(error.code, error.message, **error.facts),)
            faults.extend(Fault(**{**fault, "path": f"{name}#{fault['path']}"}) for fault in inner)
    faults.extend(_twice(found))
    if faults:
        raise RefusedDeployment(
            f"Expected files that can be deployed, but found {len(faults)} faults. The first: {faults[0]['message']}",
            faults,
            count=len(faults),
        )
    return found, report


def _twice(found: Sequence[_Found]) -> list[Fault]:
    places: dict[tuple[str, str], str] = {}
    faults: list[Fault] = []
    for each in found:
        other = places.setdefault((each.kind, each.key), each.file)
        if other != each.file:
            message = f"Expected {each.kind} {each.key!r} in one file, but found it in {other!r} and {each.file!r}."
            faults.append(Fault("defined-twice", message, each.file, key=each.key))
    return faults


def _read_processes(name: str, content: bytes, collaborators: Collaborators) -> list[_Found]:
    result = read_process_file(content, ref_of=lambda key: key, functions=collaborators.functions_by_name)
    result.report.raise_if_refused(name)
    report = _plain_report(result.report)
    return [_Found("process", graph.key, graph.name, graph.version_tag, name, report, graph) for graph in result.graphs]


def _plain_report(report: Report) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {
            "severity": str(entry.severity),
            "code": entry.code,
            "element_id": entry.element_id,
            "message": entry.message,
            "mend": entry.mend,
        }
        for entry in report
    )


def _read_decisions(name: str, content: bytes, collaborators: Collaborators) -> list[_Found]:
    model = read_decisions(content, functions=collaborators.functions_by_name)
    return [_Found("decision", key, decision.name, "", name, ()) for key, decision in model.decisions.items()]
