"""What a change costs: statements, commits, and that siblings do not count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Engine, event

from engine.commands import CompleteUserTask
from engine.model.clock import FixedClock
from tests.doubles import MONDAY, FixedLadder, ListedForms, collaborators, person
from tests.house import House, bpmn, flows, properties, user_task

LI = person("li.wei", "clerk@21")
CALLER = bpmn(
    "caller",
    '<startEvent id="s"/><callActivity id="call" calledElement="steps"><extensionElements>'
    '<camunda:in source="unit_code" target="unit_code"/></extensionElements></callActivity><endEvent id="e"/>'
    + flows("s call", "call e"),
)
#: Forms, due dates with rungs, boundary timers, four eyes: everything a completion may have to write.
STEPS = bpmn(
    "steps",
    '<startEvent id="s"/>'
    + user_task("first", attributes='camunda:formKey="F" camunda:dueDate="5WD"')
    + user_task(
        "second", attributes='camunda:formKey="F" camunda:dueDate="5WD"', inside=properties(fourEyesWith="zero")
    )
    + user_task("third", attributes='camunda:formKey="F" camunda:dueDate="5WD"')
    + "".join(
        f'<boundaryEvent id="late-{host}" attachedToRef="{host}" cancelActivity="false"><timerEventDefinition>'
        f'<timeDuration>P7D</timeDuration></timerEventDefinition></boundaryEvent><endEvent id="told-{host}"/>'
        for host in ("first", "second", "third")
    )
    + user_task("zero", attributes='camunda:formKey="F"')
    + '<endEvent id="e"/>'
    + flows("s first", "first second", "second third", "third zero", "zero e")
    + flows(*[f"late-{host} told-{host}" for host in ("first", "second", "third")]),
)


class Count:
    """Statements and commits on a database while it is entered."""

    def __init__(self, database: Engine) -> None:
        self.statements: list[str] = []
        self.commits = 0
        event.listen(database, "before_cursor_execute", self._statement)
        event.listen(database, "commit", self._commit)

    def _statement(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        self.statements.append(statement)

    def _commit(self, _connection: object) -> None:
        self.commits += 1

    def clear(self) -> None:
        self.statements.clear()
        self.commits = 0


def test_a_completion_takes_at_most_15_statements_and_one_commit(build: Callable[..., House]) -> None:
    ladder = FixedLadder({"due-2": timedelta(days=-2), "yellow": timedelta(days=1)})
    house = build(collaborators(FixedClock(MONDAY), forms=ListedForms({"F": ("a", "b")}), ladder=ladder))
    house.deploy(steps=STEPS, caller=CALLER)
    house.start("steps", "ROOT")
    house.start("caller", "CALLED")
    count = Count(house.database)
    for item in house.inbox(LI):
        for step in range(3):
            open_id = house.inbox(LI)[0].id if step else item.id
            count.clear()
            command = CompleteUserTask(actor=LI, user_task_id=open_id, submission={"a": "x", "b": 12})
            house.dispatcher.dispatch(command, f"key-{open_id}")

            assert count.commits == 1
            assert len(count.statements) <= 15, "\n".join(count.statements)


def many(children: int) -> bytes:
    body = (
        '<startEvent id="s"/><userTask id="t" name="t" camunda:candidateGroups="clerk">'
        f"<multiInstanceLoopCharacteristics><loopCardinality>{children}</loopCardinality>"
        '</multiInstanceLoopCharacteristics></userTask><endEvent id="e"/>' + flows("s t", "t e")
    )
    return bpmn(f"many{children}", body)


def test_completing_one_of_many_siblings_reads_and_writes_no_other(build: Callable[..., House]) -> None:
    """Above 200 children each is a part of its own; the rows written do not depend on how many there are."""
    house = build()
    house.deploy(few=many(250), lots=many(1_000))
    statements: dict[str, list[str]] = {}
    count = Count(house.database)
    for key in ("many250", "many1000"):
        opened = house.start(key, key).opened_user_tasks
        count.clear()
        for open_id in opened[:3]:
            house.complete(LI, open_id)
        statements[key] = list(count.statements)

    assert statements["many250"] == statements["many1000"]


def test_many_siblings_come_to_their_end_on_a_node_that_reads_each_from_the_rows(build: Callable[..., House]) -> None:
    house = build()
    house.deploy(few=many(201))
    opened = house.start("many201").opened_user_tasks
    assert len(opened) == 201

    ends = [house.node().complete(LI, open_id).ended for open_id in opened[::-1]]

    assert ends == [False] * 200 + [True]
