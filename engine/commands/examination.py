"""What a deployment would bring, looked at before anything is locked: the files, the names they use, what they do.

Files and what stands around them in, findings out; nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

from engine.bpmn import KnownNames, Report, lint, thrown_messages
from engine.bpmn.opinion.case_file import OF_CASE_FILE
from engine.bpmn.trial import Trial, try_out_all
from engine.commands.handed_in import Found, HandedIn, in_file, read_files, refuse
from engine.commands.means import Means


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """What is deployed and configured already."""

    #: (process or decision, key) -> hexadecimal SHA-256 of the file its newest version came in.
    sha256: Mapping[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    #: Messages that deployed processes throw.
    thrown_messages: frozenset[str] = frozenset()
    #: Keys "due.…" of the settings.
    deadlines: frozenset[str] = frozenset()
    #: Names of the escalation ladders of the settings.
    ladders: frozenset[str] = frozenset()

    def keys(self, kind: str) -> frozenset[str]:
        return frozenset(key for each, key in self.sha256 if each == kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """Files that may be deployed."""

    found: tuple[Found, ...]
    #: Name of a file with diagrams or decisions -> everything there is to say about it beside errors.
    reports: Mapping[str, Report]
    #: Name of a diagram file -> name of the file with its test cases.
    cases: Mapping[str, str]


def examine(files: Mapping[str, bytes], deployed: Deployed, means: Means) -> Examination:
    """Read the files, check what they name, and try out the diagrams that have changed.

    Raises:
        RefusedDeployment: holds every fault of every file.
    """
    handed = read_files(files, means)
    names = _names(handed, deployed, means)
    reports = dict(handed.reports)
    diagrams = [file for file in reports if handed.graphs_of(file)]
    if names is not None:
        for file in diagrams:
            reports[file] += lint(handed.graphs_of(file), names)
    _refuse_faulty(reports, handed.cases)
    changed = [file for file in diagrams if _has_changed(file, files, handed, deployed)]
    trials = [
        Trial(xml=files[file], cases=files[handed.cases[file]] if file in handed.cases else None) for file in changed
    ]
    tried = try_out_all(trials, functions=means.functions, stage=means.opinion_stage)
    for file, report in zip(changed, tried, strict=True):
        reports[file] += report
    _refuse_faulty(reports, handed.cases)
    return Examination(found=handed.found, reports=reports, cases=handed.cases)


def _refuse_faulty(reports: Mapping[str, Report], cases: Mapping[str, str]) -> None:
    """Each fault names its file; what is written wrongly in a file with test cases names that one."""
    refuse(
        [
            in_file(cases[file] if fault["code"].startswith(OF_CASE_FILE) else file, fault)
            for file, report in reports.items()
            for fault in report.faults()
        ]
    )


def _has_changed(file: str, files: Mapping[str, bytes], handed: HandedIn, deployed: Deployed) -> bool:
    """Whether a process of the file would get a new version."""
    digest = sha256(files[file]).hexdigest()
    return any(deployed.sha256.get((each.kind, each.key)) != digest for each in handed.found if each.file == file)


def _names(handed: HandedIn, deployed: Deployed, means: Means) -> KnownNames | None:
    """Every name that a diagram may use: what the house knows, what is deployed, and what is handed in together."""
    house = means.names
    if house is None:
        return None
    graphs = [each.graph for each in handed.found if each.graph is not None]
    thrown = deployed.thrown_messages | thrown_messages(graphs)
    return replace(
        house,
        decisions=deployed.keys("decision") | {each.key for each in handed.found if each.kind == "decision"},
        processes=deployed.keys("process") | {graph.key for graph in graphs},
        services=means.services,
        deadlines=deployed.deadlines,
        ladders=deployed.ladders,
        thrown_messages=None if house.thrown_messages is None else house.thrown_messages | thrown,
    )
