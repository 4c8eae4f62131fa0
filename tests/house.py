"""A small house for tests of the engine: a database, a dispatcher over stand-ins, and short ways to ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from engine.commands import (
    ClaimUserTask,
    Collaborators,
    CompleteUserTask,
    DeployDefinitions,
    Moved,
    StartProcessInstance,
)
from engine.dispatcher import Dispatcher
from engine.model.actor import Actor
from engine.model.clock import FixedClock
from engine.queries import InboxItem, InboxList, inbox
from engine.store.database import open_database
from engine.store.tables import metadata
from tests.doubles import MONDAY, OPERATOR, collaborators

_HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="http://example.org/test" id="definitions">'
)


def bpmn(key: str, body: str, *, outside: str = "") -> bytes:
    """A BPMN file with one process; `outside` holds messages, signals and errors."""
    process = f'<process id="{key}" name="{key}" isExecutable="true">{body}</process>'
    return f"{_HEAD}{outside}{process}</definitions>".encode()


def flows(*pairs: str) -> str:
    """Sequence flows from texts like "start plan"; a third word is the flow's id."""
    made: list[str] = []
    for pair in pairs:
        source, target, *name = pair.split()
        flow_id = name[0] if name else f"{source}_{target}"
        made.append(f'<sequenceFlow id="{flow_id}" sourceRef="{source}" targetRef="{target}"/>')
    return "".join(made)


def user_task(element_id: str, *, groups: str = "clerk", attributes: str = "", inside: str = "") -> str:
    """A user task for some roles."""
    people = f'camunda:candidateGroups="{groups}"' if groups else ""
    return f'<userTask id="{element_id}" name="{element_id}" {people} {attributes}>{inside}</userTask>'


def properties(**values: str) -> str:
    """Extension properties of an element."""
    made = "".join(f'<camunda:property name="{name}" value="{value}"/>' for name, value in values.items())
    return f"<extensionElements><camunda:properties>{made}</camunda:properties></extensionElements>"


#: start -> plan (form) -> review (four eyes with plan) -> end
PLAN_AND_REVIEW = bpmn(
    "rectification",
    '<startEvent id="start"/>'
    + user_task("plan", attributes='camunda:formKey="F-12" camunda:dueDate="5WD"')
    + user_task("review", groups="head", inside=properties(fourEyesWith="plan"))
    + '<endEvent id="end"/>'
    + flows("start plan", "plan review", "review end"),
)


class House:
    """An engine over one database. `node()` gives another one over the same database, as a second process would be."""

    #: How many states an engine keeps in memory.
    CACHE_CAPACITY = 100

    def __init__(self, database: Engine, ports: Collaborators | None = None, *, create: bool = True) -> None:
        self.clock = FixedClock(MONDAY)
        self.database = database
        self.collaborators = ports or collaborators(self.clock)
        if isinstance(self.collaborators.clock, FixedClock):
            self.clock = self.collaborators.clock
        if create:
            metadata.create_all(database)
        self.dispatcher = Dispatcher(database, self.collaborators, cache_capacity=self.CACHE_CAPACITY)

    @classmethod
    def at(cls, url: str, ports: Collaborators | None = None, **options: Any) -> House:
        """A house over a new database."""
        return cls(open_database(url), ports, **options)

    def node(self) -> House:
        """Another engine over the same database, with a cache of its own."""
        return House(self.database, self.collaborators, create=False)

    def deploy(self, **files: bytes) -> Any:
        """Deploy files by name; `_bpmn` and `_dmn` at the end of a name become its extension."""
        named = {
            f"{name.removesuffix('_dmn')}.dmn" if name.endswith("_dmn") else f"{name.removesuffix('_bpmn')}.bpmn": xml
            for name, xml in files.items()
        }
        return self.dispatcher.dispatch(DeployDefinitions(actor=OPERATOR, files=named))

    def start(
        self,
        key: str,
        business_key: str = "",
        variables: Mapping[str, Any] | None = None,
        *,
        unit_code: str | None = "21",
        actor: Actor = OPERATOR,
    ) -> Moved:
        command = StartProcessInstance(
            actor=actor,
            process_definition_key=key,
            business_key=business_key,
            variables=variables or {},
            unit_code=unit_code,
        )
        return self._moved(command)

    def complete(self, actor: Actor, user_task_id: str, submission: Mapping[str, Any] | None = None) -> Moved:
        return self._moved(CompleteUserTask(actor=actor, user_task_id=user_task_id, submission=submission or {}))

    def claim(self, actor: Actor, user_task_id: str) -> Moved:
        return self._moved(ClaimUserTask(actor=actor, user_task_id=user_task_id))

    def ask(self, query: Any, *arguments: Any, **named: Any) -> Any:
        return self.dispatcher.query(query, *arguments, **named)

    def inbox(self, actor: Actor, which: InboxList = InboxList.CLAIMABLE) -> list[InboxItem]:
        return list(self.ask(inbox, actor, which).items)

    def only(self, actor: Actor, which: InboxList = InboxList.CLAIMABLE) -> InboxItem:
        """The one line of an inbox."""
        (item,) = self.inbox(actor, which)
        return item

    def move_to(self, instant: datetime) -> None:
        self.clock.move_to(instant)

    def close(self) -> None:
        self.database.dispose()

    def _moved(self, command: Any) -> Moved:
        answer = self.dispatcher.dispatch(command)
        assert isinstance(answer, Moved)
        return answer
