"""SpiffWorkflow's second opinion: the test cases of a process played on both engines, and compared.

Two engines that were written apart agree, or the deployment is stopped and somebody looks. Compared is what can be
seen: open user tasks, open waits and the state after every step, and the variables at the end, but for those written
where branches run side by side.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import thread_time
from typing import Any

from engine.bpmn.expressions import Functions
from engine.bpmn.opinion import wire
from engine.bpmn.opinion.cases import Case, DoesNotFit, Obstacle
from engine.bpmn.opinion.child import in_child_process
from engine.bpmn.opinion.rehearsal import Player, Rehearsal
from engine.bpmn.opinion.translation import NotTranslatable, translate
from engine.bpmn.opinion.verdict import CaseVerdict, Outcome, Verdict, first_difference
from engine.bpmn.opinion.walks import Walker
from engine.bpmn.reader import normalised, read_process_file
from engine.kernel.graph import Graph
from engine.model.errors import ExecutionFailed
from engine.xml import Element

#: Walking stops after the way on which so much processor time has been used.
WALKING_SECONDS = 5.0
#: Plays a packed request and gives one answer for each case.
Stage = Callable[[dict[str, Any]], list[Any]]


@dataclass(frozen=True, slots=True)
class _Rehearsed:
    case: Case
    rehearsal: Rehearsal


def second_opinion(
    xml: bytes,
    cases: Sequence[Case],
    *,
    called: Sequence[bytes] = (),
    functions: Functions | None = None,
    stage: Stage | None = None,
) -> Verdict:
    """Play the cases of the (first) process of a file on both engines.

    Args:
        xml: a file that `read_process_file` accepts.
        cases: ways through the process.
        called: files of processes that it calls; a call of any other is answered by `Case.answers`.
        functions: FEEL functions beyond the built-in ones.
        stage: where SpiffWorkflow plays; a child process with limits of time and memory if not given.

    Raises:
        RefusedDiagram: a file is not accepted.
    """
    opinion = Opinion([xml, *called], functions, stage or in_child_process)
    return Verdict(tuple(opinion.on(cases)))


def opinion_by_walking(
    xml: bytes,
    *,
    called: Sequence[bytes] = (),
    functions: Functions | None = None,
    variables: Mapping[str, Any] | None = None,
    walks: int = 20,
    stage: Stage | None = None,
) -> Verdict:
    """The second opinion on random ways through the (first) process of a file: for diagrams that bring no cases.

    Args:
        variables: what every instance is given, and no step changes.
        walks: how many ways; the same ones for the same process and number.

    Others as `second_opinion`, which see.
    """
    opinion = Opinion([xml, *called], functions, stage or in_child_process)
    return Verdict(tuple(opinion.on(opinion.walked_cases(variables, walks))))


class Opinion:
    """The files of one process, read for both engines."""

    def __init__(self, files: Sequence[bytes], functions: Functions | None, stage: Stage) -> None:
        """Raises RefusedDiagram."""
        self._stage = stage
        #: By process key, in the order of the files.
        self.graphs: dict[str, Graph] = {}
        self._roots: dict[str, Element] = {}
        for file in files:
            result = read_process_file(file, ref_of=str, functions=functions)
            result.report.raise_if_refused("file of a second opinion")
            for graph in result.graphs:
                self.graphs[graph.key] = graph
                self._roots[graph.key] = normalised(file)
        self._first = next(iter(self.graphs))

    def walked_cases(self, variables: Mapping[str, Any] | None, walks: int, key: str | None = None) -> list[Case]:
        """Cases found by walking, each from a seed of its own; fewer where walking takes too long.

        Raises:
            ExecutionFailed: the process cannot be started.
        """
        key = key or self._first
        give_up_at = thread_time() + WALKING_SECONDS
        cases: list[Case] = []
        for number in range(walks):
            chance = random.Random(f"{key} {number}")
            cases.append(Walker(self.graphs, key, chance, variables).walk(f"walk {number + 1}")[0])
            if thread_time() > give_up_at:
                break
        return cases

    def on(self, cases: Sequence[Case], key: str | None = None) -> list[CaseVerdict]:
        """A verdict for each case, in their order; `key` is that of the process, the first one if None."""
        key = key or self._first
        verdicts: dict[str, CaseVerdict] = {}
        rehearsed: list[_Rehearsed] = []
        for case in cases:
            played = self._rehearse(case, key)
            if isinstance(played, Obstacle):
                verdicts[case.name] = CaseVerdict(
                    case.name, Outcome.NOT_COMPARABLE, played.reason, played.cause, played.element_id
                )
            else:
                rehearsed.append(_Rehearsed(case, played))
        for each, verdict in zip(rehearsed, self._compare(rehearsed, key), strict=True):
            verdicts[each.case.name] = verdict
        return [verdicts[case.name] for case in cases]

    def rehearse(self, case: Case, key: str) -> Rehearsal:
        """Play a case on our kernel alone.

        Raises:
            DoesNotFit: a step asks for something that is not open.
            ExecutionFailed: the process cannot be started.
        """
        return Player(self.graphs, key, case).run()

    def _rehearse(self, case: Case, key: str) -> Rehearsal | Obstacle:
        try:
            rehearsal = self.rehearse(case, key)
        except DoesNotFit as error:
            return Obstacle(cause="case-does-not-fit", reason=f"the case does not fit the process: {error}")
        except ExecutionFailed as error:
            return Obstacle(cause="case-does-not-start", reason=f"the case cannot be started: {error.message}")
        return rehearsal.obstacle or rehearsal

    def _compare(self, rehearsed: Sequence[_Rehearsed], key: str) -> list[CaseVerdict]:
        """Cases are sent together where they begin alike, so that the diagram is parsed once."""
        verdicts: dict[str, CaseVerdict] = {}
        starts = {each.case.start_element_id for each in rehearsed}
        for start in starts:
            group = [each for each in rehearsed if each.case.start_element_id == start]
            for each, answer in zip(group, self._ask(group, key, start), strict=True):
                verdicts[each.case.name] = _verdict(each, answer)
        return [verdicts[each.case.name] for each in rehearsed]

    def _ask(self, group: Sequence[_Rehearsed], key: str, start: str | None) -> list[Any]:
        try:
            translated = translate(self._roots, self.graphs, key, start)
            packed = [
                {
                    "variables": wire.pack_values(each.case.variables),
                    "steps": [wire.pack_step(step) for step in each.case.steps],
                    "replay": wire.pack_replay(each.rehearsal.replay),
                }
                for each in group
            ]
        except (NotTranslatable, wire.NoCounterpart) as error:
            element_id = error.element_id if isinstance(error, NotTranslatable) else ""
            reason = f"not in the table of Python counterparts: {error}"
            return [{"reason": reason, "cause": "no-counterpart", "element_id": element_id} for _ in group]
        request = {
            "xml": translated.xml.decode(),
            "process_id": translated.process_id,
            "shown": translated.shown,
            "facts": translated.facts,
            "cases": packed,
        }
        return self._stage(request)


def _verdict(rehearsed: _Rehearsed, answer: dict[str, Any]) -> CaseVerdict:
    name = rehearsed.case.name
    if "reason" in answer:
        return CaseVerdict(
            name, Outcome.NOT_COMPARABLE, answer["reason"], answer["cause"], answer.get("element_id", "")
        )
    theirs = wire.unpack_showing(answer["showing"])
    difference = first_difference(rehearsed.rehearsal.showing, theirs, rehearsed.rehearsal.unsettled)
    if difference is None:
        return CaseVerdict(name, Outcome.AGREES)
    return CaseVerdict(name, Outcome.DIFFERS, str(difference), "", difference.element_id, difference)
