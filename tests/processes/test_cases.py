"""Every process of the package brings test cases; they go as they say, on both engines where both can."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.bootstrap import feel_functions, published_calendar
from engine.bpmn import Report
from engine.bpmn.opinion.stage import play
from engine.bpmn.trial import WALKS, Trial, try_out
from engine.kernel.graph import NodeKind
from processes.budget_performance.package import FOLDER, files
from tests.processes.drawn import graph

DIAGRAMS = sorted(FOLDER.glob("*.bpmn"))
#: What SpiffWorkflow does not run right (ENGINE 4, second row): the report names it with the case that goes there.
BEYOND_SPIFFWORKFLOW = {
    "budget_approval": {("on-late-goal", "event-sub-process-that-steers-the-flow-outside")},
    "ex_ante_assessment": {("warning", "non-interrupting-event-sub-process-with-a-timer")},
    "goal_review": {("late", "interrupting-event-sub-process")},
    "main_loop": {("on-cancel", "interrupting-event-sub-process")},
}
#: Processes of one step, and in how many ways it can be gone through.
SMALL = {"urging": 1, "coordination": 12, "opinion": 3}


def tried(path: Path) -> Report:
    cases = (path.parent / "cases" / f"{path.stem}.cases.toml").read_bytes()
    functions = feel_functions(published_calendar)
    return try_out(Trial(xml=path.read_bytes(), cases=cases), functions=functions, stage=play)


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_the_cases_of_a_process_go_as_they_say_on_both_engines(path: Path) -> None:
    report = tried(path)

    assert [entry.message for entry in report.errors] == []
    passed = {entry.facts["case"] for entry in report if entry.code == "case-passes"}
    agreed = {entry.facts["case"] for entry in report if entry.code == "opinion-agrees"}
    beyond = {entry.facts["case"]: entry for entry in report if entry.code == "opinion-not-comparable"}
    assert len(passed) >= 3
    assert passed == agreed | beyond.keys()
    assert {(entry.element_id, entry.facts["cause"]) for entry in beyond.values()} == BEYOND_SPIFFWORKFLOW.get(
        path.stem, set()
    )
    ways = SMALL.get(path.stem, WALKS)
    assert [entry.facts for entry in report if entry.code == "opinion-walked"] == [{"agreed": ways, "count": ways}]


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_the_cases_of_a_process_reach_every_end_it_has(path: Path) -> None:
    """Every end event of the process itself is one that a case comes to."""
    written = (path.parent / "cases" / f"{path.stem}.cases.toml").read_text("utf-8")
    ends = {node.id for node in graph(path.stem).nodes if node.kind is NodeKind.END and node.parent == -1}

    assert ends - set(re.findall(r'end = "([\w-]+)"', written)) == set()


def test_the_cases_travel_with_the_package() -> None:
    assert {f"{path.stem}.cases.toml" for path in DIAGRAMS} <= files().keys()
