"""The little office that is killed: one process with a form, a ledger entry, a parallel branch, timers and rungs."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table, Text, insert

from engine.commands import Collaborators
from engine.model.actor import Actor
from engine.model.clock import SystemClock
from engine.model.ports import ServiceCall
from tests.doubles import FixedLadder, ListedForms, collaborators, person
from tests.house import bpmn, flows, user_task

#: The same actors in every process; two who compete for the same user tasks.
CLERKS: tuple[Actor, ...] = (person("wang", "clerk@21"), person("zhao", "clerk@21"))

ledger_metadata = MetaData()
#: What the local service writes: one row an instance, no key that would hide a second one.
ledger_entry = Table(
    "crash_ledger_entry",
    ledger_metadata,
    Column("row", Integer, primary_key=True, autoincrement=True),
    Column("root_id", Text, nullable=False),
)

#: file (form) -> register (service) -> left and right at once -> sign -> end: four user tasks an instance
USER_TASKS_AN_INSTANCE = 4
DIAGRAM = bpmn(
    "crash",
    '<startEvent id="start"/>'
    + user_task("file", attributes='camunda:formKey="F" camunda:dueDate="5WD"')
    + '<boundaryEvent id="late" attachedToRef="file" cancelActivity="false"><timerEventDefinition>'
    "<timeDuration>P30D</timeDuration></timerEventDefinition></boundaryEvent>"
    '<endEvent id="told"/><serviceTask id="register" implementation="register"/>'
    '<parallelGateway id="fork"/><parallelGateway id="join"/>'
    + user_task("left")
    + user_task("right")
    + user_task("sign", attributes='camunda:dueDate="5WD"')
    + '<endEvent id="end"/>'
    + flows(
        "start file",
        "file register",
        "late told",
        "register fork",
        "fork left",
        "fork right",
        "left join",
        "right join",
        "join sign",
        "sign end",
    ),
)


def register(call: ServiceCall) -> Mapping[str, Any]:
    """Write one ledger row within the dispatcher's transaction."""
    call.connection.execute(insert(ledger_entry).values(root_id=call.root_id))
    return {"registered": True}


def ports() -> Collaborators:
    """Collaborators of every process of the office."""
    return collaborators(
        SystemClock(),
        services={"register": register},
        forms=ListedForms({"F": ("measure",)}),
        ladder=FixedLadder({"yellow": timedelta(days=1), "orange": timedelta(days=3)}),
    )


def submission(element_id: str, chance: random.Random) -> Mapping[str, Any]:
    """What a clerk fills in."""
    return (
        {"measure": f"repair {chance.randrange(1000)}", "amount": chance.randrange(1000)}
        if element_id == "file"
        else {}
    )
