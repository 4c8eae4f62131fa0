"""What a deployment would bring, looked at before anything is locked: the files, and the names they use.

Pure: files and what stands around them in, findings out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.bpmn import KnownNames, Report, lint, thrown_messages
from engine.commands.collaborators import Collaborators
from engine.commands.handed_in import Found, HandedIn, in_file, read_files, refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """What is deployed and configured already."""

    #: (process or decision, key) -> hexadecimal SHA-256 of the file its newest version came in.
    sha256: Mapping[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    #: Messages that deployed processes throw.
    thrown_messages: frozenset[str] = frozenset()
    #: Keys "due.…" of the settings.
    deadlines: frozenset[str] = frozenset()

    def keys(self, kind: str) -> frozenset[str]:
        return frozenset(key for each, key in self.sha256 if each == kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """Files that may be deployed."""

    found: tuple[Found, ...]
    #: Name of a diagram file -> everything there is to say about it beside errors.
    reports: Mapping[str, Report]


def examine(files: Mapping[str, bytes], deployed: Deployed, collaborators: Collaborators) -> Examination:
    """Read the files and check what they name.

    Raises:
        RefusedDeployment: holds every fault of every file.
    """
    handed = read_files(files, collaborators)
    names = _names(handed, deployed, collaborators)
    reports = dict(handed.reports)
    if names is not None:
        for file in reports:
            reports[file] += lint(handed.graphs_of(file), names)
    refuse([in_file(file, fault) for file, report in reports.items() for fault in report.faults()])
    return Examination(found=handed.found, reports=reports)


def _names(handed: HandedIn, deployed: Deployed, collaborators: Collaborators) -> KnownNames | None:
    """Every name that a diagram may use: what the house knows, what is deployed, and what is handed in together."""
    house = collaborators.names
    if house is None:
        return None
    graphs = [each.graph for each in handed.found if each.graph is not None]
    thrown = deployed.thrown_messages | thrown_messages(graphs)
    return replace(
        house,
        decisions=deployed.keys("decision") | {each.key for each in handed.found if each.kind == "decision"},
        processes=deployed.keys("process") | {graph.key for graph in graphs},
        services=frozenset(collaborators.services),
        deadlines=deployed.deadlines,
        thrown_messages=None if house.thrown_messages is None else house.thrown_messages | thrown,
    )
