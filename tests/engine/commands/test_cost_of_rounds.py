"""Many rounds of a loop cost what the first cost: the same statements, each by an index that leads to its rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, event, func, select

from engine.commands import CompleteUserTask
from engine.model.clock import FixedClock
from engine.store.database import read_transaction
from engine.store.tables import metadata
from tests.doubles import MONDAY, FixedLadder, ListedForms, collaborators, person
from tests.house import House, bpmn, flows, properties, user_task

LI, WANG = person("li.wei", "clerk@21"), person("wang.jun", "clerk@21")
#: A user task with everything that asks for rows: form, due instant, ladder, boundary timer, four eyes.
LOOP = bpmn(
    "rounds",
    '<startEvent id="s"/>'
    + user_task("first", attributes='camunda:formKey="F"')
    + user_task(
        "monitor", attributes='camunda:formKey="F" camunda:dueDate="5WD"', inside=properties(fourEyesWith="first")
    )
    + '<boundaryEvent id="late" attachedToRef="monitor" cancelActivity="false"><timerEventDefinition>'
    '<timeDuration>P7D</timeDuration></timerEventDefinition></boundaryEvent><endEvent id="told"/>'
    '<scriptTask id="count" scriptFormat="feel"><script>{n: n + 1}</script></scriptTask>'
    '<exclusiveGateway id="again" default="again_e"/><endEvent id="e"/>'
    + flows("s first", "first monitor", "late told", "monitor count", "count again", "again e")
    + '<sequenceFlow id="yes" sourceRef="again" targetRef="monitor">'
    "<conditionExpression>n &lt; 1000</conditionExpression></sequenceFlow>",
)
ROUNDS = 30
#: What leads to a row: more than the tenant, which may hold everything.
_SEARCH = re.compile(r"SEARCH (\w+) .*\((.*)\)")


class Sent:
    """What is sent to a database, with its parameters."""

    def __init__(self, database: Engine) -> None:
        self.statements: list[tuple[str, Any]] = []
        event.listen(database, "before_cursor_execute", self._note)

    def _note(self, _connection: object, _cursor: object, text: str, parameters: Any, *_rest: object) -> None:
        self.statements.append((text, parameters))


def begun(house: House) -> tuple[str, ...]:
    """The first user task of the loop, after somebody else has filed what it reviews."""
    opened = house.start("rounds", "R-1", {"n": 100}).opened_user_tasks
    return house.complete(WANG, opened[0], {"a": "x"}).opened_user_tasks


def rounds(house: House, sent: Sent, count: int) -> list[list[tuple[str, Any]]]:
    """Statements of each round."""
    opened = begun(house)
    found: list[list[tuple[str, Any]]] = []
    for number in range(count):
        sent.statements.clear()
        command = CompleteUserTask(actor=LI, user_task_id=opened[0], submission={"a": "x"})
        opened = house.dispatcher.dispatch(command, f"round-{number}").opened_user_tasks
        found.append(list(sent.statements))
    return found


def looping(build: Callable[..., House]) -> House:
    ladder = FixedLadder({"due-2": timedelta(days=-2), "yellow": timedelta(days=1)})
    house = build(collaborators(FixedClock(MONDAY), forms=ListedForms({"F": ("a",)}), ladder=ladder))
    house.deploy(rounds=LOOP)
    return house


def test_every_round_sends_the_same_statements(build: Callable[..., House]) -> None:
    house = looping(build)

    sent = [[text for text, _ in completion] for completion in rounds(house, Sent(house.database), ROUNDS)]

    assert sent[2] == sent[-1]


def test_the_state_does_not_grow_with_the_rounds(build: Callable[..., House]) -> None:
    house = looping(build)
    state = metadata.tables["instance_state"].c.state
    sizes: list[int] = []
    opened = begun(house)
    for _ in range(ROUNDS):
        opened = house.complete(LI, opened[0], {"a": "x"}).opened_user_tasks
        with read_transaction(house.database) as connection:
            sizes.append(connection.scalar(select(func.max(func.length(state)))) or 0)

    # numbers of tokens grow by a digit
    assert sizes[-1] - sizes[2] <= 16


def test_no_statement_of_a_round_goes_through_a_table(build: Callable[..., House]) -> None:
    house = looping(build)
    completion = rounds(house, Sent(house.database), ROUNDS)[-1]

    with read_transaction(house.database) as connection:
        found = _scans_of_sqlite if house.database.dialect.name == "sqlite" else _scans_of_postgresql
        scans = [scan for text, parameters in completion for scan in found(connection, text, parameters)]

    assert not scans, "\n".join(scans)


def _scans_of_sqlite(connection: Any, text: str, parameters: Any) -> list[str]:
    scans: list[str] = []
    for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", _one(parameters)):
        plan = str(row[3])
        search = _SEARCH.match(plan)
        by_tenant_alone = search is not None and search[2] == "tenant_id=?" and search[1] != "revision"
        goes_through = plan.startswith("SCAN ") and "VIRTUAL TABLE" not in plan and "CONSTANT" not in plan
        if by_tenant_alone or goes_through or "TEMP B-TREE" in plan:
            scans.append(f"{plan}: {text[:160]}")
    return scans


def _scans_of_postgresql(connection: Any, text: str, parameters: Any) -> list[str]:
    # of a small table all is read whatever indexes there are, unless it is told not to
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    rows = connection.exec_driver_sql(f"EXPLAIN {text}", _one(parameters))
    return [f"{row[0].strip()}: {text[:160]}" for row in rows if "Seq Scan" in row[0]]


def _one(parameters: Any) -> Any:
    """Parameters of one row, of a batch too."""
    return parameters[0] if isinstance(parameters, list) else parameters
