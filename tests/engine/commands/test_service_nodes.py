"""Local services, jobs for workers outside, incidents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from engine.commands import AnswerJob, FailJob, JobsHandedOut, Moved, RetryIncident, TakeJobs
from engine.model.clock import FixedClock
from engine.model.errors import NotPermitted
from engine.model.incident import IncidentAlreadyResolved
from engine.model.job import JobNotHeld
from engine.model.ports import BpmnError, ServiceCall
from engine.queries import incidents, user_task_detail
from tests.doubles import MONDAY, OPERATOR, collaborators, person
from tests.house import House, bpmn, flows, user_task

LI = person("li.wei", "clerk@21")
ERROR_BOUNDARY = '<boundaryEvent id="caught" attachedToRef="work"><errorEventDefinition errorRef="x"/></boundaryEvent>'


def with_service(attributes: str, more: str = "", more_flows: tuple[str, ...] = ()) -> bytes:
    body = f'<startEvent id="s"/><serviceTask id="work" {attributes}/>' + user_task("t") + '<endEvent id="e"/>' + more
    every_flow = flows("s work", "work t", "t e", *more_flows)
    return bpmn("p", body + every_flow, outside='<error id="x" errorCode="REFUSED"/>')


LOCAL = with_service('implementation="ledger.register"')
GUARDED = with_service(
    'implementation="ledger.register"', ERROR_BOUNDARY + user_task("mend"), ("caught mend", "mend e")
)
EXTERNAL = with_service('camunda:type="external" camunda:topic="letters"')


@pytest.fixture
def with_handler(build: Callable[..., House]) -> Callable[..., House]:
    """Makes a house whose service `ledger.register` is a function."""

    def make(handler: Callable[[ServiceCall], Mapping[str, Any]]) -> House:
        house = build(collaborators(FixedClock(MONDAY), services={"ledger.register": handler}))
        with house.database.begin() as connection:
            connection.execute(text("CREATE TABLE ledger_row (name TEXT)"))
        return house

    return make


def write_row(call: ServiceCall) -> None:
    call.connection.execute(text("INSERT INTO ledger_row VALUES (:name)"), {"name": call.business_key})


def ledger(house: House) -> list[str]:
    with house.database.connect() as connection:
        return list(connection.execute(text("SELECT name FROM ledger_row")).scalars())


def test_a_local_service_writes_in_the_same_transaction_and_answers_with_variables(
    with_handler: Callable[..., House],
) -> None:
    calls: list[ServiceCall] = []

    def register(call: ServiceCall) -> Mapping[str, Any]:
        calls.append(call)
        write_row(call)
        return {"number": 7, "share": 0.25}

    house = with_handler(register)
    house.deploy(p=LOCAL)
    started = house.start("p", "PRJ:A01:2026", {"amount": 12})

    variables = house.ask(user_task_detail, LI, house.only(LI).id).variables
    assert (str(variables["number"]), str(variables["share"])) == ("7", "0.25")
    assert ledger(house) == ["PRJ:A01:2026"]
    (call,) = calls
    assert (call.element_id, call.root_id, call.instance_id) == (
        "work", started.process_instance_id, started.process_instance_id
    )  # fmt: skip
    assert (call.actor.user_id, call.now, str(call.variables["amount"])) == ("operator", MONDAY, "12")


def test_a_failing_service_undoes_its_own_writes_only_and_becomes_an_incident(
    with_handler: Callable[..., House],
) -> None:
    broken = True

    def register(call: ServiceCall) -> Mapping[str, Any]:
        write_row(call)
        if broken:
            raise ValueError("the ledger is closed")
        return {}

    house = with_handler(register)
    house.deploy(p=LOCAL)
    started = house.start("p", "PRJ:A01:2026")

    (incident,) = house.ask(incidents, OPERATOR).items
    # whoever asked is told, although what was asked for is committed
    assert started.opened_incidents == (incident.id,)
    assert (incident.kind, incident.element_id, incident.message) == (
        "service", "work", "ValueError: the ledger is closed"
    )  # fmt: skip
    assert ledger(house) == []
    broken = False
    house.dispatcher.dispatch(RetryIncident(actor=OPERATOR, incident_id=incident.id))

    assert house.only(LI).element_id == "t"
    assert ledger(house) == ["PRJ:A01:2026"]
    assert house.ask(incidents, OPERATOR).items == []
    with pytest.raises(IncidentAlreadyResolved):
        house.dispatcher.dispatch(RetryIncident(actor=OPERATOR, incident_id=incident.id))


def test_a_retry_that_fails_again_opens_a_new_incident(with_handler: Callable[..., House]) -> None:
    def register(call: ServiceCall) -> Mapping[str, Any]:
        raise ValueError("still closed")

    house = with_handler(register)
    house.deploy(p=LOCAL)
    house.start("p")
    (first,) = house.ask(incidents, OPERATOR).items

    house.dispatcher.dispatch(RetryIncident(actor=OPERATOR, incident_id=first.id))

    (second,) = house.ask(incidents, OPERATOR).items
    assert second.id != first.id


def test_a_business_error_goes_to_the_boundary_that_catches_it(with_handler: Callable[..., House]) -> None:
    def register(call: ServiceCall) -> Mapping[str, Any]:
        write_row(call)
        raise BpmnError("REFUSED", "no such project")

    house = with_handler(register)
    house.deploy(p=GUARDED)
    house.start("p")

    assert house.only(LI).element_id == "mend"
    assert ledger(house) == []


def test_a_service_nobody_provides_is_an_incident(house: House) -> None:
    house.deploy(p=LOCAL)
    house.start("p")

    (incident,) = house.ask(incidents, OPERATOR).items
    assert incident.message == "Expected a local service 'ledger.register', but found none."


def test_retrying_needs_the_permission(house: House) -> None:
    house.deploy(p=LOCAL)
    house.start("p")
    (incident,) = house.ask(incidents, OPERATOR).items

    with pytest.raises(NotPermitted, match="'operate' to retry an incident"):
        house.dispatcher.dispatch(
            RetryIncident(actor=person("sun.lei", units=frozenset({"21"})), incident_id=incident.id)
        )


def take(house: House, worker: str = "printer") -> list[Mapping[str, Any]]:
    answer = house.dispatcher.dispatch(TakeJobs(actor=OPERATOR, topic="letters", worker=worker))
    assert isinstance(answer, JobsHandedOut)
    return list(answer.jobs)


def test_a_worker_outside_takes_a_job_and_answers_it(house: House) -> None:
    house.deploy(p=EXTERNAL)
    house.start("p", "PRJ:A01:2026", {"amount": 12})
    (job,) = take(house)

    assert (job["business_key"], str(job["variables"]["amount"])) == ("PRJ:A01:2026", "12")
    assert take(house, "another") == []
    moved = house.dispatcher.dispatch(
        AnswerJob(actor=OPERATOR, job_id=job["id"], worker="printer", variables={"letter": "L-1"})
    )

    assert isinstance(moved, Moved)
    assert house.ask(user_task_detail, LI, house.only(LI).id).variables["letter"] == "L-1"
    with pytest.raises(JobNotHeld):
        house.dispatcher.dispatch(AnswerJob(actor=OPERATOR, job_id=job["id"], worker="printer"))


def test_a_lease_that_ran_out_goes_to_another_worker(house: House) -> None:
    house.deploy(p=EXTERNAL)
    house.start("p")
    (job,) = take(house)
    house.move_to(MONDAY + timedelta(minutes=6))

    assert [each["id"] for each in take(house, "another")] == [job["id"]]
    with pytest.raises(JobNotHeld, match="held by another"):
        house.dispatcher.dispatch(AnswerJob(actor=OPERATOR, job_id=job["id"], worker="printer"))


def test_a_job_that_fails_three_times_becomes_an_incident(house: House) -> None:
    house.deploy(p=EXTERNAL)
    house.start("p")
    waits: list[timedelta] = []
    for _ in range(3):
        since = house.clock.now()
        while not (jobs := take(house)):
            house.move_to(house.clock.now() + timedelta(seconds=1))
        waits.append(house.clock.now() - since)
        house.dispatcher.dispatch(FailJob(actor=OPERATOR, job_id=jobs[0]["id"], worker="printer", message="no paper"))

    assert waits == [timedelta(0), timedelta(seconds=10), timedelta(seconds=20)]
    (incident,) = house.ask(incidents, OPERATOR).items
    assert (incident.kind, incident.message) == ("service", "no paper")
    house.dispatcher.dispatch(RetryIncident(actor=OPERATOR, incident_id=incident.id))
    assert len(take(house)) == 1


def test_a_worker_may_answer_with_a_business_error(house: House) -> None:
    house.deploy(
        p=with_service(
            'camunda:type="external" camunda:topic="letters"',
            ERROR_BOUNDARY + user_task("mend"),
            ("caught mend", "mend e"),
        )
    )
    house.start("p")
    (job,) = take(house)

    house.dispatcher.dispatch(AnswerJob(actor=OPERATOR, job_id=job["id"], worker="printer", error_code="REFUSED"))

    assert house.only(LI).element_id == "mend"
