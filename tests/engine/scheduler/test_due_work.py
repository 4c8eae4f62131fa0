"""What is due is done once: timers, ladders, timer starts, messages, notices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands import CorrelateMessage, ResumeProcessInstance, RetryIncident, SuspendProcessInstance
from engine.model.calendar import WorkingCalendar
from engine.model.clock import FixedClock
from engine.queries import incidents, instance_history, messages, overdue, process_instances, user_task_detail
from engine.scheduler import DueWork, run_due_work, sweep
from engine.scheduler.backoff import backoff
from engine.store import due
from engine.store.database import write_transaction
from engine.store.wait_tables import outbox, timer
from tests.doubles import MONDAY, OPERATOR, FixedLadder, RolesOfTheUnit, collaborators, person
from tests.house import House, bpmn, flows, properties, user_task

LI = person("li.wei", "clerk@21")
BOUNDARY = bpmn(
    "p",
    '<startEvent id="s"/>' + user_task("t", attributes='camunda:dueDate="5WD"')
    + '<boundaryEvent id="late" attachedToRef="t" cancelActivity="{cancel}"><timerEventDefinition>'
    "<timeDuration>P3D</timeDuration></timerEventDefinition></boundaryEvent>" + user_task("after")
    + '<endEvent id="e"/>' + flows("s t", "t e", "late after", "after e"),
)  # fmt: skip
INTERRUPTING = BOUNDARY.replace(b"{cancel}", b"true")
TELLING = BOUNDARY.replace(b"{cancel}", b"false")
DUE = datetime.fromisoformat("2026-03-09T18:00:00+08:00")
CLIMBING = FixedLadder({"due-2": timedelta(days=-2), "yellow": timedelta(days=1), "orange": timedelta(days=3)})


def rows(house: House, table: Any) -> list[Any]:
    with house.database.connect() as connection:
        return list(connection.execute(select(table)).all())


def elements(house: House) -> list[str]:
    return sorted(item.element_id for item in house.inbox(LI))


def test_a_boundary_timer_fires_when_its_instant_has_come_and_not_before(house: House) -> None:
    house.deploy(p=INTERRUPTING)
    house.start("p")
    house.move_to(MONDAY + timedelta(days=3) - timedelta(seconds=1))
    assert run_due_work(house.dispatcher) == DueWork()

    house.move_to(MONDAY + timedelta(days=3))

    assert run_due_work(house.dispatcher) == DueWork(fired=1)
    assert elements(house) == ["after"]
    assert rows(house, timer) == []
    assert run_due_work(house.dispatcher) == DueWork()


def test_a_timer_that_interrupts_nothing_leaves_the_user_task_open(house: House) -> None:
    house.deploy(p=TELLING)
    house.start("p")
    house.move_to(MONDAY + timedelta(days=3))

    run_due_work(house.dispatcher)

    assert elements(house) == ["after", "t"]


def test_a_completed_user_task_takes_its_timers_and_rungs_along(build: Callable[..., House]) -> None:
    house = build(collaborators(FixedClock(MONDAY), ladder=CLIMBING))
    house.deploy(p=INTERRUPTING)
    house.start("p")
    assert {row.key for row in rows(house, timer)} == {"", "due-2"}
    assert [rung.key for rung in house.ask(user_task_detail, LI, house.only(LI).id).rungs] == [
        "due-2", "yellow", "orange"
    ]  # fmt: skip

    house.complete(LI, house.only(LI).id)

    assert rows(house, timer) == []


def test_each_rung_sends_its_notice_once(build: Callable[..., House]) -> None:
    house = build(collaborators(FixedClock(MONDAY), ladder=CLIMBING))
    house.deploy(p=bpmn("p", '<startEvent id="s"/>' + user_task("t", attributes='camunda:dueDate="5WD"')
                        + '<endEvent id="e"/>' + flows("s t", "t e")))  # fmt: skip
    house.start("p", "PRJ:A01:2026")
    open_id = house.only(LI).id
    house.move_to(DUE + timedelta(days=1, minutes=5))

    assert run_due_work(house.dispatcher) == DueWork(fired=2)
    assert run_due_work(house.node().dispatcher) == DueWork()

    keys = [row.key for row in rows(house, outbox)]
    assert sorted(keys) == [f"rung:{open_id}:due-2", f"rung:{open_id}:yellow"]
    item = house.only(LI)
    assert item.rung == "yellow"
    told = house.ask(instance_history, OPERATOR, item.process_instance_id, kinds=["RungFired"]).items
    assert [(entry.payload["key"], entry.actor) for entry in told] == [("due-2", "system"), ("yellow", "system")]
    assert [rung.key for rung in house.ask(user_task_detail, LI, open_id).rungs] == ["orange"]


URGED = FixedLadder({"yellow": timedelta(days=1), "red": timedelta(days=5)}, {"red": "task.urge"})
THREE = bpmn(
    "p",
    '<startEvent id="s"/><userTask id="t" name="t" camunda:candidateGroups="clerk" camunda:dueDate="5WD">'
    "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
    '</userTask><endEvent id="e"/>' + flows("s t", "t e"),
)
URGING = bpmn(
    "urging",
    '<startEvent id="told"><messageEventDefinition messageRef="m"/></startEvent>'
    + user_task("urge", inside=properties(ladder="none"))
    + '<endEvent id="e"/>'
    + flows("told urge", "urge e"),
    outside='<message id="m" name="task.urge"/>',
)


def test_a_rung_sends_its_message_once_for_all_user_tasks_of_a_step(build: Callable[..., House]) -> None:
    house = build(collaborators(FixedClock(MONDAY), ladder=URGED))
    house.deploy(p=THREE, urging=URGING)
    house.start("p", "PRJ:A01:2026")
    house.move_to(DUE + timedelta(days=4))
    run_due_work(house.dispatcher)
    assert elements(house) == ["t", "t", "t"]

    house.move_to(DUE + timedelta(days=5, minutes=5))
    run_due_work(house.dispatcher)

    assert elements(house) == ["t", "t", "t", "urge"]
    assert [row.kind for row in rows(house, outbox)].count("ladder.overdue") == 6
    (urge,) = [item for item in house.inbox(LI) if item.element_id == "urge"]
    assert urge.business_key == "PRJ:A01:2026:t"
    late = house.ask(user_task_detail, LI, urge.id).variables["late"]
    assert (late["name"], late["business_key"], late["rung"]) == ("t", "PRJ:A01:2026", "red")
    assert late["due_at"] == DUE

    house.complete(LI, urge.id)
    house.move_to(DUE + timedelta(days=30))
    run_due_work(house.dispatcher)
    assert elements(house) == ["t", "t", "t"]


def test_a_rung_without_a_message_tells_nobody_else(build: Callable[..., House]) -> None:
    house = build(collaborators(FixedClock(MONDAY), ladder=CLIMBING))
    house.deploy(p=THREE, urging=URGING)
    house.start("p", "PRJ:A01:2026")
    house.move_to(DUE + timedelta(days=30))

    run_due_work(house.dispatcher)

    assert elements(house) == ["t", "t", "t"]


def test_a_user_task_without_a_ladder_has_no_rungs(build: Callable[..., House]) -> None:
    house = build(collaborators(FixedClock(MONDAY), ladder=CLIMBING))
    task = user_task("t", attributes='camunda:dueDate="5WD"', inside=properties(ladder="none"))
    house.deploy(p=bpmn("p", '<startEvent id="s"/>' + task + '<endEvent id="e"/>' + flows("s t", "t e")))

    house.start("p")

    assert rows(house, timer) == []


def test_the_overdue_list_tells_age_and_ladder_in_the_actors_scope(build: Callable[..., House]) -> None:
    house = build(collaborators(FixedClock(MONDAY), ladder=CLIMBING))
    house.deploy(p=INTERRUPTING.replace(b"P3D", b"P300D"))
    house.start("p", "A", unit_code="21")
    house.start("p", "B", unit_code="22")
    house.move_to(DUE + timedelta(days=4))
    run_due_work(house.dispatcher)

    def listed(**scope: Any) -> list[tuple[str, int, str]]:
        watcher = person("sun.lei", **scope)
        page = house.ask(overdue, watcher, now=house.clock.now(), calendar=WorkingCalendar.of(()))
        return [(each.business_key, each.age_working_days, each.rung) for each in page.items]

    assert listed(units=frozenset({"21"})) == [("A", 4, "orange")]
    assert listed(units=None) == [("A", 4, "orange"), ("B", 4, "orange")]
    assert listed(units=frozenset({"99"})) == []


def test_timers_of_a_suspended_instance_wait_and_fire_after_it_is_resumed(house: House) -> None:
    house.deploy(p=INTERRUPTING)
    started = house.start("p")
    where = {"actor": OPERATOR, "process_instance_id": started.process_instance_id}
    house.dispatcher.dispatch(SuspendProcessInstance(**where))
    house.move_to(MONDAY + timedelta(days=4))
    assert run_due_work(house.dispatcher) == DueWork()

    house.dispatcher.dispatch(ResumeProcessInstance(**where))

    assert run_due_work(house.dispatcher) == DueWork(fired=1)
    assert elements(house) == ["after"]


def test_a_lease_keeps_other_nodes_away_until_it_is_over(house: House) -> None:
    house.deploy(p=INTERRUPTING)
    house.start("p")
    now = MONDAY + timedelta(days=3)
    with write_transaction(house.database) as connection:
        taken = due.lease_timers(connection, now=now, lease_for=timedelta(minutes=1))
    house.move_to(now + timedelta(seconds=59))

    assert len(taken) == 1
    assert run_due_work(house.node().dispatcher) == DueWork()
    house.move_to(now + timedelta(seconds=60))
    assert run_due_work(house.node().dispatcher) == DueWork(fired=1)


class Breaking:
    """A people port that fails as often as it is told to."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.inner = RolesOfTheUnit()

    def route(self, connection: Any, request: Any) -> Any:
        if request.candidate_groups == ("after",) and self.failures:
            self.failures -= 1
            raise RuntimeError("the directory is away")
        return self.inner.route(connection, request)


def poisoned(build: Callable[..., House], failures: int) -> House:
    house = build(collaborators(FixedClock(MONDAY), people=Breaking(failures)))
    house.deploy(p=INTERRUPTING.replace(b'name="after" camunda:candidateGroups="clerk"',
                                        b'name="after" camunda:candidateGroups="after"'))  # fmt: skip
    house.start("p", "bad")
    house.move_to(MONDAY + timedelta(days=3))
    return house


def test_a_timer_that_fails_is_tried_again_with_growing_waits(build: Callable[..., House]) -> None:
    house = poisoned(build, failures=3)
    waits: list[float] = []
    for _ in range(3):
        assert run_due_work(house.dispatcher) == DueWork(failed=1)
        since = house.clock.now()
        (row,) = rows(house, timer)
        waits.append((row.available_at - since).total_seconds())
        house.move_to(row.available_at)

    assert waits == [10, 20, 40]
    assert run_due_work(house.dispatcher) == DueWork(fired=1)


def test_a_timer_that_fails_five_times_becomes_an_incident_that_can_be_retried(build: Callable[..., House]) -> None:
    house = poisoned(build, failures=5)
    for _ in range(5):
        assert run_due_work(house.dispatcher).failed == 1
        house.move_to(house.clock.now() + timedelta(hours=1))
    assert run_due_work(house.dispatcher) == DueWork()

    (incident,) = house.ask(incidents, OPERATOR).items
    assert (incident.kind, incident.timer_key, incident.element_id, incident.message) == (
        "timer", "", "late", "RuntimeError: the directory is away"
    )  # fmt: skip
    house.dispatcher.dispatch(RetryIncident(actor=OPERATOR, incident_id=incident.id))
    assert run_due_work(house.dispatcher) == DueWork(fired=1)
    assert house.ask(incidents, OPERATOR).items == []


TIMER_START = bpmn(
    "yearly",
    '<startEvent id="s"><extensionElements><camunda:properties><camunda:property name="businessKey" '
    'value="= &quot;BUD:&quot; + string(year(today()))"/></camunda:properties></extensionElements>'
    "<timerEventDefinition><timeCycle>R/P1Y</timeCycle></timerEventDefinition></startEvent>"
    + user_task("t", groups="clerk@21") + '<endEvent id="e"/>' + flows("s t", "t e"),
)  # fmt: skip


def test_a_timer_start_event_starts_an_instance_each_time(house: House) -> None:
    house.deploy(yearly=TIMER_START.replace(b"string(year(today()))", b"string(today().year)"))
    for years in (1, 2):
        house.move_to(MONDAY.replace(year=2026 + years))
        assert run_due_work(house.dispatcher) == DueWork(fired=1)

    started = house.ask(process_instances, OPERATOR).items
    assert [each.business_key for each in started] == ["BUD:2028", "BUD:2027"]
    assert [each.started_by for each in started] == ["system", "system"]


def test_a_new_version_takes_over_the_timer_start(house: House) -> None:
    house.deploy(yearly=TIMER_START.replace(b"string(year(today()))", b"string(today().year)"))
    house.deploy(yearly=bpmn("yearly", '<startEvent id="s"/><endEvent id="e"/>' + flows("s e")))
    house.move_to(MONDAY + timedelta(days=800))

    assert run_due_work(house.dispatcher) == DueWork()


def test_a_message_that_was_left_over_is_delivered_by_the_tick(house: House) -> None:
    wait = (
        '<startEvent id="s"/><intermediateCatchEvent id="c"><messageEventDefinition messageRef="m"/>'
        "</intermediateCatchEvent>" + user_task("t") + '<endEvent id="e"/>' + flows("s c", "c t", "t e")
    )
    house.deploy(p=bpmn("p", wait, outside='<message id="m" name="round.open"/>'))
    house.start("p", "PRJ:A01:2026")
    house.dispatcher._deliver = lambda tenant_id, message_ids: None  # type: ignore[method-assign]
    house.dispatcher.dispatch(CorrelateMessage(actor=OPERATOR, name="round.open", correlation_key="PRJ:A01:2026"))
    assert house.inbox(LI) == []

    assert run_due_work(house.node().dispatcher) == DueWork(delivered=1)

    assert elements(house) == ["t"]


def test_notices_leave_by_the_sender_of_their_kind(build: Callable[..., House]) -> None:
    house = build(collaborators(FixedClock(MONDAY), ladder=CLIMBING))
    house.deploy(p=INTERRUPTING.replace(b"P3D", b"P300D"))
    house.start("p")
    house.move_to(DUE + timedelta(days=1))
    sent: list[str] = []
    failing = True

    def send(notice: due.DueNotice) -> None:
        if failing:
            raise OSError("the mail server is away")
        sent.append(notice.key.rpartition(":")[2])

    assert run_due_work(house.dispatcher, {"ladder.overdue": send}).sent == 0
    failing = False
    house.move_to(house.clock.now() + timedelta(seconds=1))

    assert run_due_work(house.dispatcher, {"ladder.overdue": send}).sent == 2
    assert sorted(sent) == ["due-2", "yellow"]
    assert run_due_work(house.dispatcher, {"ladder.overdue": send}) == DueWork()


def test_a_notice_is_given_up_after_ten_tries(build: Callable[..., House]) -> None:
    house = build(collaborators(FixedClock(MONDAY), ladder=FixedLadder({"yellow": timedelta(days=1)})))
    house.deploy(p=INTERRUPTING.replace(b"P3D", b"P300D"))
    house.start("p")
    house.move_to(DUE + timedelta(days=1))

    def send(notice: due.DueNotice) -> None:
        raise OSError("the mail server is away")

    for _ in range(12):
        run_due_work(house.dispatcher, {"ladder.overdue": send})
        house.move_to(house.clock.now() + timedelta(hours=7))

    (notice,) = rows(house, outbox)
    assert (notice.attempts, notice.available_at, notice.last_error) == (10, None, "OSError: the mail server is away")


def test_the_next_due_instant_is_told_without_loading_anything(house: House) -> None:
    house.deploy(p=INTERRUPTING)
    house.start("p")

    with house.database.connect() as connection:
        assert due.next_due_at(connection) == MONDAY + timedelta(days=3)


def test_old_answers_and_old_messages_are_swept(house: House) -> None:
    command = CorrelateMessage(actor=OPERATOR, name="nobody.waits", correlation_key="x")
    house.dispatcher.dispatch(command, "key-1")
    house.move_to(MONDAY + timedelta(hours=24))
    assert sweep(house.dispatcher).answers == 0
    house.move_to(MONDAY + timedelta(days=401))

    swept = sweep(house.dispatcher)

    assert (swept.answers, swept.expired_messages) == (1, 1)
    assert [each.state for each in house.ask(messages, OPERATOR).items] == ["expired"]


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 1), (2, 2), (3, 4), (4, 8), (15, 16_384), (16, 21_600)])
def test_waits_double_up_to_six_hours(attempts: int, seconds: int) -> None:
    assert backoff(attempts) == timedelta(seconds=seconds)
