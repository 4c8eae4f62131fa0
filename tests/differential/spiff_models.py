"""Runs SpiffWorkflow's own test models on its stock runtime and on ours, and says where they show the same.

    python -m tests.differential.spiff_models DIR [--walks 12] [--only TEXT] [--verbose]

DIR is a checkout of SpiffWorkflow (its folder `tests/SpiffWorkflow` is searched). Nothing of it is copied here. Each
file is played on seeded random walks: complete one of the open user tasks, let time pass, send a message or signal
that is waited for. After every step the open user tasks, the open waits and the state must be equal.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.exceptions import SpiffWorkflowException

from engine.bpmn import read_process_file
from engine.bpmn.opinion.cases import Complete, Receive, Step
from engine.bpmn.opinion.choices import choices
from engine.bpmn.opinion.comparable import obstacles
from engine.bpmn.opinion.steps import stepped_clock
from engine.bpmn.opinion.verdict import first_difference
from engine.kernel.graph import Graph, TimerKind
from tests.differential.adapted import Adapted, adapt
from tests.differential.python_to_feel import NotInTheTable
from tests.differential.stock import PARSERS, One, StockModel
from tests.differential.walks import ModelWalker

_PATIENCE_SECONDS = 10
#: For a process that is called and not there; ours has the same in `engine.bpmn.opinion.rehearsal`.
_STAND_IN = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="stand-in">'
    '<process id="{0}" isExecutable="true"><startEvent id="{0}_s"/><endEvent id="{0}_e"/>'
    '<sequenceFlow id="{0}_f" sourceRef="{0}_s" targetRef="{0}_e"/></process></definitions>'
)
#: SpiffWorkflow's own files; the folder says which of its parsers reads them.
_WHERE = "tests/SpiffWorkflow/{}/data"


@dataclass
class File:
    """A model as it stands, and as ours."""

    path: Path
    flavour: str
    content: bytes
    adapted: Adapted | None = None
    #: Why it has no counterpart.
    reason: str = ""


@dataclass(frozen=True)
class Result:
    """About one file: passed | failed | not comparable."""

    outcome: str
    reason: str = ""


@dataclass
class Library:
    """All models below a folder, by path and by process."""

    files: dict[Path, File] = field(default_factory=dict)
    decisions: dict[str, list[bytes]] = field(default_factory=dict)

    def with_called(self, file: File) -> list[File]:
        """A file and those of the processes it calls, the nearest first where several have one."""
        found = [file]
        for current in found:
            for key in sorted(current.adapted.called if current.adapted else ()):
                homes = [each for each in self.files.values() if each.adapted and key in each.adapted.process_ids]
                homes.sort(key=lambda each: (each.path.parent != file.path.parent, each.flavour != file.flavour))
                if homes and not any(key in (each.adapted or Adapted()).process_ids for each in found):
                    found.append(homes[0])
        return found


def load(folder: Path) -> Library:
    """Read every model below a checkout of SpiffWorkflow."""
    library = Library()
    for flavour in PARSERS:
        home = folder / _WHERE.format(flavour)
        library.decisions[flavour] = [
            path.read_bytes() for path in sorted(home.rglob("*.dmn")) if "invalid" not in path.name
        ]
        for path in sorted(home.rglob("*.bpmn")):
            file = File(path, flavour, path.read_bytes())
            try:
                file.adapted = adapt(file.content)
            except NotInTheTable as error:
                file.reason = f"Python without an entry in the table: {error}"
            library.files[path] = file
    return library


class Subject:
    """One process of a file, on both engines."""

    def __init__(self, library: Library, file: File, key: str) -> None:
        self.key = key
        self._files = library.with_called(file)
        self._file = file
        self._decisions = library.decisions[file.flavour]
        self.graphs: dict[str, Graph] = {}
        self.refusals: list[str] = []

    def read(self) -> None:
        """Compile everything for our engine; what is refused is kept."""
        for each in self._files:
            assert each.adapted is not None
            result = read_process_file(each.adapted.xml, ref_of=str)
            if each is self._file:
                self.refusals = [f"{entry.code} at {entry.element_id}" for entry in result.report.errors]
            self.graphs.update({graph.key: graph for graph in result.graphs if graph.key not in self.graphs})

    def stock(self) -> StockModel | str:
        """The process on the stock runtime, or why SpiffWorkflow does not take it."""
        files = {str(each.path): each.content for each in self._files}
        known = {key for each in self.adapted for key in each.process_ids}
        for key in sorted({key for each in self.adapted for key in each.called} - known):
            files[key] = _STAND_IN.format(key).encode()
        try:
            return StockModel(self._file.flavour, files, self._decisions, self.key)
        except (ValidationException, SpiffWorkflowException) as error:
            return str(error).splitlines()[0]

    def reachable_graphs(self) -> list[Graph]:
        """The process and those that it calls by name."""
        found = [self.graphs[self.key]]
        for graph in found:
            for node in graph.nodes:
                called = node.call.element.evaluate({}) if node.call else None
                if isinstance(called, str) and called in self.graphs and self.graphs[called] not in found:
                    found.append(self.graphs[called])
        return found

    @property
    def adapted(self) -> list[Adapted]:
        return [each.adapted for each in self._files if each.adapted]


def examine(library: Library, file: File, walks: int) -> Result:
    """Play every process of a file that can be started."""
    if file.adapted is None:
        return Result("not comparable", file.reason)
    results = [_examine_process(Subject(library, file, key), walks) for key in file.adapted.process_ids]
    for outcome in ("failed", "passed", "not comparable"):
        for result in results:
            if result.outcome == outcome:
                return result
    return Result("not comparable", "no process")


def _examine_process(subject: Subject, walks: int) -> Result:
    if any(each.adapted is None for each in subject._files):
        return Result("not comparable", "calls a process with Python without an entry in the table")
    subject.read()
    model = subject.stock()
    if subject.refusals:
        if isinstance(model, str):
            return Result("passed", f"both refuse: {subject.refusals[0]} | {model}")
        return Result("not comparable", f"refused here: {subject.refusals[0]}")
    if isinstance(model, str):
        return Result("not comparable", f"SpiffWorkflow refuses: {model}")
    if subject.key not in subject.graphs:
        return Result("not comparable", "not executable")
    for graph in subject.reachable_graphs():
        for index, reason in obstacles(graph).items():
            return Result("not comparable", f"{reason} at {graph.nodes[index].id}")
    for start in (subject.graphs[subject.key].nodes[index] for index in subject.graphs[subject.key].starts):
        if start.event and start.event.timer and start.event.timer.kind is TimerKind.CYCLE:
            return Result("not comparable", f"cycle timer at {start.id}")
    unknown = _deciding(subject) & set[str]().union(*(each.unknown for each in subject.adapted))
    if unknown:
        return Result("not comparable", f"{sorted(unknown)} decides, but is Python without an entry in the table")
    for seed in range(walks):
        try:
            difference = _walk(subject, model, random.Random(f"{subject.key} {seed}"))
        except EndlessError:
            return Result("not comparable", "never comes to rest in SpiffWorkflow; here the step limit stops it")
        if difference:
            return Result("failed", f"{subject.key}, walk {seed}: {difference}")
    return Result("passed")


def _deciding(subject: Subject) -> set[str]:
    """Names that conditions read and loops go over."""
    return set(choices(subject.reachable_graphs())).union(*(each.collections for each in subject.adapted))


def _walk(subject: Subject, model: StockModel, chance: random.Random) -> str:
    """Take random steps on both; returns the first difference."""
    graphs = {graph.key: graph for graph in subject.reachable_graphs()}
    walker = ModelWalker(graphs, subject.key, chance, subject.adapted)
    case, ours = walker.walk(subject.key)
    # SpiffWorkflow waits at the start event for what triggers it; ours begins with the trigger.
    trigger = walker.option_of_wait(case.start_element_id) if case.start_element_id else ()
    structures = set[str]().union(*(each.structures for each in subject.adapted))
    with stepped_clock(), _patience():
        steps = [_plain_step(step, structures) for step in (*trigger, *case.steps)]
        performance = model.play()
        theirs = performance.run(_plain(case.variables) | {name: Parts() for name in structures}, steps)
    theirs = replace(theirs, sights=theirs.sights[len(trigger) :])
    difference = first_difference(ours, theirs, ours.variables.keys())
    told = f" ({performance.failure})" if performance.failure else ""
    return f"{difference}{told}; after {case.steps} from {case.variables}" if difference else ""


@contextmanager
def _patience() -> Iterator[None]:
    """Stop SpiffWorkflow where it does not come to rest."""

    def stop(signal_number: int, frame: object) -> None:
        raise EndlessError

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(_PATIENCE_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)


class EndlessError(Exception):
    """SpiffWorkflow did not come to rest."""


class Parts(dict[str, Any]):
    """Has every part that a script reads."""

    def __getattr__(self, name: str) -> int:
        if name.startswith("__"):
            raise AttributeError(name)
        return 1


def _plain_step(step: Step, structures: Collection[str]) -> Step:
    if not isinstance(step, Complete | Receive):
        return step
    parts = {name: Parts() for name in structures if name in step.variables}
    return replace(step, variables=_plain(step.variables) | parts)


def _plain(value: Any) -> Any:
    """Python numbers for SpiffWorkflow's Python."""
    if isinstance(value, Decimal):
        return One(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return {key: _plain(each) for key, each in value.items()} if isinstance(value, dict) else value


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each file and the sums; the exit code is 1 if a file failed."""
    parser = argparse.ArgumentParser(prog="tests.differential.spiff_models", description=__doc__)
    parser.add_argument("folder", type=Path, help="a checkout of SpiffWorkflow")
    parser.add_argument("--walks", type=int, default=12, help="random walks for each process")
    parser.add_argument("--only", default="", help="part of the path of the files to play")
    options = parser.parse_args(arguments)
    library = load(options.folder)
    counts: Counter[str] = Counter()
    for path, file in library.files.items():
        if options.only in str(path):
            result = examine(library, file, options.walks)
            counts[result.outcome] += 1
            print(f"{result.outcome:15} {path.relative_to(options.folder)}  {result.reason}", flush=True)
    print(", ".join(f"{counts[outcome]} {outcome}" for outcome in ("passed", "failed", "not comparable")))
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
