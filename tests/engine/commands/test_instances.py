"""Starting, holding and ending process instances; deployments."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from engine.commands import (
    CancelProcessInstance,
    ClaimUserTask,
    CompleteUserTask,
    DeployDefinitions,
    ResumeProcessInstance,
    StartProcessInstance,
    SuspendProcessInstance,
)
from engine.commands.handed_in import RefusedDeployment
from engine.model.errors import NotFound, NotPermitted
from engine.model.process_instance import AlreadyRunning, InstanceEnded, InstanceSuspended, NotARoot
from engine.queries import (
    InboxList,
    definition_detail,
    definitions,
    deployments,
    instance_history,
    process_instance_detail,
    process_instances,
    user_task_detail,
)
from tests.doubles import OPERATOR, person
from tests.house import House, bpmn, flows, user_task

LI = person("li.wei", "clerk@21")
ONE_STEP = bpmn("p", '<startEvent id="s"/>' + user_task("t") + '<endEvent id="e"/>' + flows("s t", "t e"))
CALLER = bpmn(
    "caller",
    '<startEvent id="s"/><callActivity id="call" calledElement="p"><extensionElements>'
    '<camunda:in source="unit_code" target="unit_code"/><camunda:out source="mark" target="mark"/>'
    "</extensionElements></callActivity>"
    + user_task("after")
    + '<endEvent id="e"/>'
    + flows("s call", "call after", "after e"),
)


@pytest.fixture
def one_step(house: House) -> House:
    house.deploy(p=ONE_STEP)
    return house


def test_a_business_key_runs_once_per_process(one_step: House) -> None:
    first = one_step.start("p", "PRJ:A01:2026")

    with pytest.raises(AlreadyRunning) as refusal:
        one_step.start("p", "PRJ:A01:2026")

    assert refusal.value.facts["process_instance_id"] == first.process_instance_id
    one_step.complete(LI, one_step.only(LI).id)
    one_step.start("p", "PRJ:A01:2026")


def test_without_a_business_key_any_number_may_run(one_step: House) -> None:
    one_step.start("p")
    one_step.start("p")

    assert len(one_step.inbox(LI)) == 2


def test_starting_needs_the_permission_the_process_and_the_unit(one_step: House) -> None:
    clerk = person("li.wei", units=frozenset({"21"}), permissions=frozenset({"start"}))

    with pytest.raises(NotPermitted, match="'start' to start a process instance"):
        one_step.start("p", actor=LI)
    with pytest.raises(NotFound, match="a deployed process 'nothing'"):
        one_step.start("nothing")
    with pytest.raises(NotPermitted, match=r"Expected unit '22' to lie in the data scope of li\.wei"):
        one_step.start("p", unit_code="22", actor=clerk)
    one_step.start("p", unit_code="21", actor=clerk)


def test_a_cancelled_instance_takes_everything_with_it(one_step: House) -> None:
    started = one_step.start("p")
    open_id = one_step.only(LI).id

    one_step.dispatcher.dispatch(
        CancelProcessInstance(actor=OPERATOR, process_instance_id=started.process_instance_id, reason="project ended")
    )

    assert one_step.inbox(LI) == []
    assert one_step.ask(user_task_detail, LI, open_id).user_task.state == "cancelled"
    detail = one_step.ask(process_instance_detail, OPERATOR, started.process_instance_id)
    assert (detail.instance.status, detail.instance.reason) == ("cancelled", "project ended")
    with pytest.raises(InstanceEnded):
        one_step.dispatcher.dispatch(
            SuspendProcessInstance(actor=OPERATOR, process_instance_id=started.process_instance_id)
        )


def test_a_suspended_instance_refuses_until_it_is_resumed(one_step: House) -> None:
    started = one_step.start("p")
    open_id = one_step.only(LI).id
    where = {"actor": OPERATOR, "process_instance_id": started.process_instance_id}
    one_step.dispatcher.dispatch(SuspendProcessInstance(**where, reason="audit"))

    with pytest.raises(InstanceSuspended):
        one_step.complete(LI, open_id)
    with pytest.raises(InstanceSuspended):
        one_step.dispatcher.dispatch(ClaimUserTask(actor=LI, user_task_id=open_id))
    assert one_step.ask(process_instance_detail, **_asked(where)).instance.status == "suspended"
    one_step.dispatcher.dispatch(ResumeProcessInstance(**where))

    assert one_step.ask(process_instance_detail, **_asked(where)).instance.status == "active"
    assert one_step.complete(LI, open_id).ended


def _asked(where: dict[str, object]) -> dict[str, object]:
    return {"actor": where["actor"], "process_instance_id": where["process_instance_id"]}


@pytest.mark.parametrize("command", [CancelProcessInstance, SuspendProcessInstance], ids=["cancel", "suspend"])
def test_only_who_operates_may_hold_or_end_an_instance(
    one_step: House, command: Callable[..., CancelProcessInstance]
) -> None:
    started = one_step.start("p")
    watcher = person("sun.lei", units=frozenset({"21"}))
    stranger = person("chen.jie", units=frozenset({"22"}))

    with pytest.raises(NotPermitted):
        one_step.dispatcher.dispatch(
            command(actor=watcher, process_instance_id=started.process_instance_id, reason="x")
        )
    with pytest.raises(NotFound):
        one_step.dispatcher.dispatch(
            command(actor=stranger, process_instance_id=started.process_instance_id, reason="x")
        )


def test_a_called_process_is_an_instance_of_its_own_and_brings_its_outputs_back(house: House) -> None:
    house.deploy(p=ONE_STEP, caller=CALLER)
    started = house.start("caller", "PRJ:A01:2026")
    inner = house.only(LI)
    detail = house.ask(process_instance_detail, OPERATOR, started.process_instance_id)

    assert [each.definition_key for each in detail.family] == ["caller", "p"]
    assert [each.business_key for each in detail.family] == ["PRJ:A01:2026", "PRJ:A01:2026"]
    assert [each.unit_code for each in detail.family] == ["21", "21"]
    assert {position.element_id for position in detail.positions} == {"call", "t"}
    with pytest.raises(NotARoot):
        house.dispatcher.dispatch(
            CancelProcessInstance(actor=OPERATOR, process_instance_id=detail.family[1].id, reason="alone")
        )
    house.complete(LI, inner.id, {"mark": Decimal("92.82")})

    after = house.only(LI)
    assert after.element_id == "after"
    assert house.ask(user_task_detail, LI, after.id).variables["mark"] == Decimal("92.82")
    assert house.complete(LI, after.id).ended


def test_a_called_process_without_a_unit_belongs_to_that_of_its_root(house: House) -> None:
    house.deploy(p=ONE_STEP, caller=CALLER.replace(b'<camunda:in source="unit_code" target="unit_code"/>', b""))
    house.start("caller")

    assert house.only(LI).unit_code == "21"


def test_a_changed_file_is_the_next_version_and_running_instances_keep_theirs(house: House) -> None:
    house.deploy(p=ONE_STEP)
    house.start("p", "old")
    again = house.deploy(p=ONE_STEP)
    changed = house.deploy(p=ONE_STEP.replace(b'<userTask id="t" name="t"', b'<userTask id="t" name="T"'))
    house.start("p", "new")

    assert [(each["version"], each["new"]) for each in again.definitions] == [(1, False)]
    assert [(each["version"], each["new"]) for each in changed.definitions] == [(2, True)]
    assert {item.business_key: item.name for item in house.inbox(LI)} == {"old": "t", "new": "T"}
    assert [each.version for each in house.ask(definitions, LI, key="p", latest_only=False)] == [2, 1]
    assert house.ask(definition_detail, LI, "p", 1).xml == ONE_STEP
    assert len(house.ask(deployments, LI).items) == 3


def test_a_deployment_is_refused_whole_with_the_faults_of_every_file(house: House) -> None:
    broken = {"a.bpmn": b"<no", "b.txt": b"", "c.bpmn": ONE_STEP}

    with pytest.raises(RefusedDeployment) as refusal:
        house.dispatcher.dispatch(DeployDefinitions(actor=OPERATOR, files=broken))

    assert {fault["path"].partition("#")[0] for fault in refusal.value.faults} == {"a.bpmn", "b.txt"}
    assert house.ask(definitions, OPERATOR) == []


def test_deploying_needs_the_permission(house: House) -> None:
    with pytest.raises(NotPermitted, match="'deploy'"):
        house.dispatcher.dispatch(DeployDefinitions(actor=LI, files={"p.bpmn": ONE_STEP}))


def test_the_list_of_instances_is_scoped_and_goes_on_where_it_ended(one_step: House) -> None:
    for number in range(5):
        one_step.start("p", f"K{number}", unit_code="21" if number % 2 else "22")
    watcher = person("sun.lei", units=frozenset({"22"}))

    first = one_step.ask(process_instances, watcher, limit=2)
    rest = one_step.ask(process_instances, watcher, limit=2, cursor=first.cursor)

    assert [each.business_key for each in (*first.items, *rest.items)] == ["K4", "K2", "K0"]
    assert rest.cursor is None


def test_who_takes_part_may_see_the_instance_and_nobody_else(one_step: House) -> None:
    started = one_step.start("p")
    with_part = person("li.wei", "clerk@21")
    without = person("chen.jie", "clerk@22")

    assert one_step.ask(process_instance_detail, with_part, started.process_instance_id).positions[0].element_id == "t"
    for query in (process_instance_detail, instance_history):
        with pytest.raises(NotFound):
            one_step.ask(query, without, started.process_instance_id)


def test_the_history_tells_who_did_what_in_order(one_step: House) -> None:
    started = one_step.start("p")
    one_step.complete(LI, one_step.only(LI).id)

    entries = one_step.ask(instance_history, OPERATOR, started.process_instance_id).items

    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    told = [(entry.kind, entry.element_id, entry.actor) for entry in entries]
    assert ("UserTaskCreated", "t", "operator") in told
    assert ("UserTaskCompleted", "t", "li.wei") in told
    assert told[-1] == ("InstanceEnded", "", "li.wei")


def test_a_second_node_goes_on_from_the_rows(one_step: House) -> None:
    other = one_step.node()
    one_step.start("p")
    open_id = one_step.only(LI).id

    assert other.complete(LI, open_id).ended
    assert one_step.inbox(LI, InboxList.MINE) == []


def test_the_same_request_gets_the_same_answer_and_has_one_effect(one_step: House) -> None:
    start = StartProcessInstance(actor=OPERATOR, process_definition_key="p", unit_code="21", variables={"n": 1})
    first = one_step.dispatcher.dispatch(start, "key-1")
    again = one_step.node().dispatcher.dispatch(start, "key-1")
    complete = CompleteUserTask(actor=LI, user_task_id=one_step.only(LI).id)
    completed = one_step.dispatcher.dispatch(complete, "key-1")

    assert first == again
    assert one_step.dispatcher.dispatch(complete, "key-1") == completed
    assert len(one_step.ask(process_instances, OPERATOR).items) == 1


def test_a_key_that_comes_with_another_request_is_refused(one_step: House) -> None:
    start = StartProcessInstance(actor=OPERATOR, process_definition_key="p", variables={"n": 1})
    one_step.dispatcher.dispatch(start, "key-1")

    with pytest.raises(Exception, match="to come again with the same request") as refusal:
        one_step.dispatcher.dispatch(
            StartProcessInstance(actor=OPERATOR, process_definition_key="p", variables={"n": 2}), "key-1"
        )

    assert refusal.value.code == "idempotency-key-reused"
