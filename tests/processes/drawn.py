"""The diagrams of the package, read as they are deployed, and how a test plays them.

Decisions are the shipped tables under the shipped thresholds, deadlines the shipped rows; services are answered by the
test, user tasks completed with what their forms would give.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from api.bootstrap import feel_functions, published_calendar
from engine.bpmn.reader import ReadResult, read_process_file
from engine.kernel import Outcome, apply, changes
from engine.kernel.environment import DecisionAnswer, Environment
from engine.kernel.graph import Graph, Node, NodeKind
from engine.model.deadline import Deadlines
from forms.checker import FormLibrary
from forms.schema import read_forms
from tests.builders_calendar import CALENDAR_2026
from tests.playing import Play, thawed
from tests.processes.rules.decisions import DECISIONS, FOLDER
from tests.processes.rules.district import RULE

FUNCTIONS = feel_functions(published_calendar)
FORMS = FormLibrary(read_forms())
CLAUSES: Mapping[str, Any] = tomllib.loads((FOLDER / "clauses.toml").read_text())
_DUE_KEY = re.compile(r"due(?:\.[a-z0-9_]+)+")


def read(key: str) -> ReadResult:
    """The reading of one diagram, with its report."""
    content = (FOLDER / f"{key}.bpmn").read_bytes()
    return read_process_file(content, ref_of=lambda process: f"{process}:1", functions=FUNCTIONS)


def graph(key: str) -> Graph:
    """The compiled diagram."""
    return read(key).graphs[0]


def due_rows() -> dict[str, Any]:
    """All configured deadlines of the package, by key."""
    rows: dict[str, Any] = {}
    for path in sorted(Path(FOLDER / "deadlines").glob("*.toml")):
        rows |= tomllib.loads(path.read_text())
    return rows


ROWS = due_rows()


def user_tasks(drawn: Graph) -> list[Node]:
    return [node for node in drawn.nodes if node.kind is NodeKind.USER_TASK]


def due_keys(node: Node) -> list[str]:
    """The configured deadlines a user task may ask for."""
    assert node.people is not None
    return _DUE_KEY.findall(node.people.due.source) if node.people.due is not None else []


class Course(Play):
    """Plays diagrams of the package by their shipped tables and deadlines, frozen and thawed after each step.

    The process that each of them calls when work is sent back comes along.
    """

    def __init__(self, *graphs: Graph, now: datetime | None = None) -> None:
        super().__init__(*graphs, graph("coordination"))
        self.now = now or self.now

    def apply(self, change: changes.Change) -> Outcome:
        outcome = apply(self.graphs, self.state, change, _environment(self.now))
        self.state = thawed(outcome.state)
        self.events = outcome.events
        self.history.extend(outcome.events)
        self._ledger.record(outcome, self.state, self.graphs)
        return outcome

    def sent(self) -> list[str]:
        """Names of the messages that left the instance."""
        return [event.name for event in self.history if type(event).__name__ == "MessageThrown"]

    def message(self, name: str) -> Any:
        """The last message of a name."""
        return [e for e in self.history if type(e).__name__ == "MessageThrown" and e.name == name][-1]

    def created(self, element_id: str) -> Any:
        """The last user task of an element as it was created."""
        return [e for e in self.history if type(e).__name__ == "UserTaskCreated" and e.element_id == element_id][-1]


def _environment(now: datetime) -> Environment:
    def decide(key: str, binding: str, version: str | None, context: Mapping[str, Any]) -> DecisionAnswer:
        answer = DECISIONS[key].evaluate({**context, "rule": RULE})
        return DecisionAnswer(answer.value, f"{key}:1", {"matched": len(answer.matched_rules)})

    def row(key: str, on: date) -> Any:
        return ROWS.get(key)

    return Environment(now=now, decide=decide, deadlines=Deadlines(CALENDAR_2026, row))
