"""Deploy diagrams and decision tables as new immutable versions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.bpmn import Report
from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision, DefinitionsAccepted
from engine.commands.deploy_subject import DeploySubject, LatestVersion
from engine.commands.handed_in import Found
from engine.commands.start_events import start_events
from engine.commands.subjects import must_have
from engine.model.actor import Actor
from engine.model.deeds import DefinitionsDeployed, NewDefinition, StartEvent


@dataclass(frozen=True, kw_only=True)
class DeployDefinitions:
    """A designer hands in files by name: *.bpmn, each perhaps with test cases *.cases.toml, and *.dmn."""

    actor: Actor
    files: Mapping[str, bytes]
    comment: str = ""


def deploy_definitions(subject: DeploySubject, command: DeployDefinitions, collaborators: Collaborators) -> Decision:
    """Give every changed process and decision its next version; what is unchanged keeps the one it has.

    Raises:
        NotPermitted: the actor may not deploy.
    """
    must_have(command.actor, "deploy", "deploy definitions")
    assert subject.examination is not None, "files are examined before they are deployed"
    reports = {file: _plain_report(report) for file, report in subject.examination.reports.items()}
    new: list[NewDefinition] = []
    events: list[StartEvent] = []
    listed: list[dict[str, Any]] = []
    for each in subject.examination.found:
        before = subject.latest.get((each.kind, each.key))
        changed = before is None or before.sha256 != hashlib.sha256(command.files[each.file]).hexdigest()
        version = _next_version(before) if changed else before.version if before else 1
        listed.append({"kind": each.kind, "key": each.key, "version": version, "name": each.name, "new": changed})
        if changed:
            new.append(_definition(each, version, reports.get(each.file, ())))
            if each.graph is not None:
                events.extend(start_events(each.graph, f"{each.key}:{version}", subject.deadlines, collaborators))
    deployment_id = collaborators.ids.make(collaborators.clock.now())
    used = {each.resource_name for each in new}
    used |= {cases for file, cases in subject.examination.cases.items() if file in used}
    deed = DefinitionsDeployed(
        deployment_id=deployment_id,
        comment=command.comment,
        files={name: content for name, content in command.files.items() if name in used},
        definitions=tuple(new),
        start_events=tuple(events),
    )
    answer = DefinitionsAccepted(
        deployment_id=deployment_id,
        definitions=tuple(listed),
        report=tuple({"resource": file, **entry} for file, entries in reports.items() for entry in entries),
    )
    return Decision(deeds=(deed,), answer=answer)


def _next_version(before: LatestVersion | None) -> int:
    return before.version + 1 if before is not None else 1


def _definition(found: Found, version: int, report: tuple[Mapping[str, Any], ...]) -> NewDefinition:
    return NewDefinition(
        kind=found.kind,
        key=found.key,
        version=version,
        name=found.name,
        version_tag=found.version_tag,
        resource_name=found.file,
        report=report,
    )


def _plain_report(report: Report) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {
            "severity": str(entry.severity),
            "code": entry.code,
            "element_id": entry.element_id,
            "message": entry.message,
            "mend": entry.mend,
            "facts": dict(entry.facts),
        }
        for entry in report
    )
