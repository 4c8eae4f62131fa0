"""What a process does before it is deployed: its own cases, and random ways, on our kernel and on SpiffWorkflow.

A case that does not go as it expects, and a way on which both engines part, refuse the deployment. What SpiffWorkflow
cannot follow is told and refuses nothing.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from engine.bpmn.expressions import Functions
from engine.bpmn.opinion.case_file import CaseFile, WrittenCase, read_cases
from engine.bpmn.opinion.cases import Case, Complete, DoesNotFit, Showing, Step
from engine.bpmn.opinion.rehearsal import Rehearsal
from engine.bpmn.opinion.verdict import CaseVerdict, Outcome
from engine.bpmn.report import Findings, Report
from engine.bpmn.second_opinion import Opinion, Stage
from engine.model.errors import ExecutionFailed

#: Random ways through each process; fewer where several come out the same.
WALKS = 20

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A diagram to be tried out."""

    #: A file that the reader accepts.
    xml: bytes
    #: Its case file, if it brings one.
    cases: bytes | None = None


def try_out_all(trials: Sequence[Trial], *, functions: Functions | None, stage: Stage | None) -> list[Report]:
    """A report for each trial, in their order; SpiffWorkflow's processes run side by side.

    Args:
        functions: FEEL functions beyond the built-in ones.
        stage: where SpiffWorkflow plays; None = it is not asked, and only the cases are played.
    """
    if not trials:
        return []
    with ThreadPoolExecutor(max_workers=min(len(trials), os.cpu_count() or 1)) as pool:
        return list(pool.map(partial(try_out, functions=functions, stage=stage), trials))


def try_out(trial: Trial, *, functions: Functions | None, stage: Stage | None) -> Report:
    """Play the cases of a file, and random ways through each of its processes. Arguments as `try_out_all`."""
    findings = Findings()
    opinion = Opinion([trial.xml], functions, stage or _nobody)
    file = CaseFile() if trial.cases is None else read_cases(trial.cases, opinion.graphs, findings)
    for key in opinion.graphs:
        cases = _that_go_as_expected(opinion, key, file.cases, findings)
        if stage is not None:
            _ask(opinion, key, cases, file, findings)
    return findings.report()


def _nobody(request: object) -> list[object]:
    raise AssertionError("nobody is asked for a second opinion here")


def _that_go_as_expected(opinion: Opinion, key: str, cases: Iterable[WrittenCase], findings: Findings) -> list[Case]:
    """Play the cases of a process on our kernel; those that go wrong are found fault with."""
    fine: list[Case] = []
    for written in cases:
        if written.process != key:
            continue
        case = written.case
        try:
            rehearsal = opinion.rehearse(case, key)
        except DoesNotFit as error:
            findings.add("case-does-not-fit", error.element_id, case=case.name, step=error.step, open=error.open)
        except ExecutionFailed as error:
            findings.add("case-does-not-start", key, case=case.name, reason=error.message)
        else:
            before = findings.count
            _check(written, rehearsal, findings)
            if findings.count == before:
                findings.add("case-passes", key, case=case.name, steps=len(case.steps))
                fine.append(case)
    return fine


def _check(written: WrittenCase, rehearsal: Rehearsal, findings: Findings) -> None:
    case, showing = written.case, rehearsal.showing
    for subject, wanted, found in _differences(written, rehearsal):
        findings.add("case-expectation", written.process, case=case.name, subject=subject, expected=wanted, found=found)
    if len(showing.sights) <= len(case.steps):
        taken = len(showing.sights) - 1
        findings.add("case-goes-on", written.process, case=case.name, steps=len(case.steps), taken=taken)


def _differences(written: WrittenCase, rehearsal: Rehearsal) -> Iterable[tuple[str, str, str]]:
    """Subject, what was expected and what was found."""
    expected = written.expected
    opened = opened_user_tasks(written.case.steps, rehearsal.showing)
    if expected.user_tasks is not None and opened != expected.user_tasks:
        yield "user-tasks", _listed(expected.user_tasks), _listed(opened)
    state = rehearsal.showing.sights[-1].state
    if state != expected.state:
        obstacle = rehearsal.obstacle
        yield "state", expected.state, f"{state} ({obstacle.reason})" if obstacle is not None else state
    end = rehearsal.ends[-1] if rehearsal.ends else "–"
    if expected.end is not None and end != expected.end:
        yield "end", expected.end, end
    for name, value in expected.variables.items():
        found = rehearsal.showing.variables.get(name)
        if found != value or type(found) is not type(value):
            yield "variable", f"{name} = {value}", f"{name} = {found}"


def opened_user_tasks(steps: Sequence[Step], showing: Showing) -> tuple[str, ...]:
    """Element ids in the order in which they were opened; those of one step by name."""
    opened: list[str] = []
    still_open: list[str] = []
    for step, sight in zip((None, *steps), showing.sights, strict=False):
        if isinstance(step, Complete):
            still_open.remove(step.element_id)
        for element_id in sight.user_tasks:
            if element_id in still_open:
                still_open.remove(element_id)
            else:
                opened.append(element_id)
        still_open = list(sight.user_tasks)
    return tuple(opened)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "–"


def _ask(opinion: Opinion, key: str, cases: Sequence[Case], file: CaseFile, findings: Findings) -> None:
    """Compare; whatever our translation trips over is a fault of ours and no reason to refuse somebody's diagram."""
    try:
        _compare(opinion, key, cases, file, findings)
    except Exception as error:
        _log.exception("the second opinion on %s broke off", key)
        reason = f"{type(error).__name__}: {error}"
        findings.add("opinion-not-comparable", key, case="–", cause="broke-off", reason=reason)


def _compare(opinion: Opinion, key: str, cases: Sequence[Case], file: CaseFile, findings: Findings) -> None:
    """Ask SpiffWorkflow about the cases and about random ways."""
    try:
        walks = _distinct(opinion.walked_cases(file.given, WALKS, key))
    except ExecutionFailed as error:
        findings.add("opinion-not-comparable", key, case="–", cause="case-does-not-start", reason=error.message)
        walks = []
    verdicts = opinion.on([*cases, *walks], key)
    steps_of = {case.name: case.steps for case in (*cases, *walks)}
    for verdict in verdicts[: len(cases)]:
        _tell(verdict, key, steps_of[verdict.case], findings)
    told: set[tuple[str, str]] = set()
    for verdict in verdicts[len(cases) :]:
        place = (verdict.cause, verdict.element_id)
        if verdict.outcome is not Outcome.AGREES and place not in told:
            told.add(place)
            _tell(verdict, key, steps_of[verdict.case], findings)
    if walks:
        agreed = sum(verdict.outcome is Outcome.AGREES for verdict in verdicts[len(cases) :])
        findings.add("opinion-walked", key, agreed=agreed, count=len(walks))


def _distinct(cases: Sequence[Case]) -> list[Case]:
    """Ways that differ in more than their names: a diagram without choices has only one."""
    found: list[Case] = []
    seen: list[Case] = []
    for case in cases:
        nameless = replace(case, name="")
        if nameless not in seen:
            seen.append(nameless)
            found.append(case)
    return found


def _tell(verdict: CaseVerdict, key: str, steps: Sequence[Step], findings: Findings) -> None:
    element_id = verdict.element_id or key
    if verdict.outcome is Outcome.AGREES:
        findings.add("opinion-agrees", key, case=verdict.case)
    elif verdict.difference is None:
        why = {"cause": verdict.cause, "reason": verdict.reason}
        findings.add("opinion-not-comparable", element_id, case=verdict.case, **why)
    else:
        found = verdict.difference
        name = f"{found.name} = " if found.name else ""
        findings.add(
            "opinion-differs",
            verdict.element_id or _last_completed(steps[: found.step]) or key,
            case=verdict.case,
            step=found.step,
            subject=found.subject,
            here=f"{name}{found.here}",
            there=f"{name}{found.there}",
        )


def _last_completed(steps: Sequence[Step]) -> str:
    return next((step.element_id for step in reversed(steps) if isinstance(step, Complete)), "")
