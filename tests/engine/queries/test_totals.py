"""How long lists are: exact while they are short, "at least" beyond, and never counted to their end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.commands import RetryIncident
from engine.model.errors import NotPermitted
from engine.queries import (
    InboxFilter,
    InboxList,
    InstanceFilter,
    OverdueFilter,
    Total,
    inbox_counts,
    inbox_total,
    incidents,
    incidents_total,
    overdue_total,
    process_instances_total,
)
from engine.queries.totals import total_of
from engine.store.instance_tables import process_instance
from tests.doubles import MONDAY, OPERATOR, person
from tests.house import House, bpmn, flows, user_task

LI = person("li.wei", "clerk@21", units=frozenset({"21"}))
OTHER = person("other", "clerk@22", units=frozenset({"22"}))
ONE_STEP = bpmn("p", '<startEvent id="s"/>' + user_task("t") + '<endEvent id="e"/>' + flows("s t", "t e"))
BROKEN = bpmn(
    "broken",
    '<startEvent id="s"/><serviceTask id="work" implementation="nobody.knows"/><endEvent id="e"/>'
    + flows("s work", "work e"),
)
ALL, OF_21 = select(process_instance), process_instance.c.unit_code == "21"


@pytest.fixture
def worked_on(build: Callable[..., House]) -> House:
    """Seven cases of unit 21, three of them done by li.wei and one in hand; then one of unit 22."""
    house = build()
    house.deploy(p=ONE_STEP)
    for number in range(7):
        house.start("p", f"PRJ:A0{number}:2026")
    for item in house.inbox(LI)[:3]:
        house.complete(LI, item.id)
    house.claim(LI, house.inbox(LI)[0].id)
    house.start("p", "PRJ:B:2026", unit_code="22")
    return house


def test_each_list_of_the_inbox_has_a_total(worked_on: House) -> None:
    totals = {which.value: worked_on.ask(inbox_total, LI, which) for which in InboxList}

    assert totals == {"mine": Total(1, False), "claimable": Total(3, False), "done": Total(3, False)}
    assert worked_on.ask(inbox_counts, LI, now=MONDAY).done == 3
    assert worked_on.ask(inbox_total, OTHER, InboxList.DONE) == Total(0, False)


@pytest.mark.parametrize("which", InboxList)
def test_a_narrowed_list_has_the_total_of_what_is_left(worked_on: House, which: InboxList) -> None:
    of_all = {worked_on.ask(inbox_total, LI, which, filters=InboxFilter(text=f"a0{number}")) for number in range(7)}

    assert of_all == {Total(0, False), Total(1, False)}


def test_the_total_of_processes_is_that_of_the_actors_sight(worked_on: House) -> None:
    assert worked_on.ask(process_instances_total, OPERATOR) == Total(8, False)
    assert worked_on.ask(process_instances_total, OTHER) == Total(1, False)
    assert worked_on.ask(process_instances_total, LI, filters=InstanceFilter(status="completed")) == Total(3, False)


def test_the_total_of_what_is_overdue_is_that_of_what_is_chosen(build: Callable[..., House]) -> None:
    house = build()
    house.deploy(p=ONE_STEP.replace(b'camunda:candidateGroups', b'camunda:dueDate="5WD" camunda:candidateGroups'))
    for unit in ("21", "21", "22"):
        house.start("p", unit_code=unit)
    late = MONDAY + timedelta(days=30)

    assert house.ask(overdue_total, OPERATOR, now=late) == Total(3, False)
    assert house.ask(overdue_total, OPERATOR, now=late, filters=OverdueFilter(unit_code="22")) == Total(1, False)
    assert house.ask(overdue_total, OPERATOR, now=MONDAY) == Total(0, False)
    assert house.ask(overdue_total, OPERATOR, now=MONDAY, filters=OverdueFilter(due_before=late)) == Total(3, False)


def test_the_total_of_incidents_is_that_of_the_actors_sight_and_of_what_is_chosen(house: House) -> None:
    house.deploy(broken=BROKEN)
    first = house.start("broken", "A").process_instance_id
    for unit in ("21", "22"):
        house.start("broken", "", unit_code=unit)
    auditor = person("audit", units=frozenset({"22"}), permissions=frozenset({"audit"}))
    (failed,) = house.ask(incidents, OPERATOR, process_instance_id=first).items
    house.dispatcher.dispatch(RetryIncident(actor=OPERATOR, incident_id=failed.id))  # fails again: another one

    assert house.ask(incidents_total, OPERATOR) == Total(3, False)
    assert house.ask(incidents_total, OPERATOR, open_only=False) == Total(4, False)
    assert house.ask(incidents_total, OPERATOR, open_only=False, process_instance_id=first) == Total(2, False)
    assert house.ask(incidents_total, auditor) == Total(1, False)
    with pytest.raises(NotPermitted):
        house.ask(incidents_total, LI)


def test_counting_stops(worked_on: House) -> None:
    with worked_on.database.connect() as connection:
        assert total_of(connection, ALL, counted=8) == Total(8, False)
        assert total_of(connection, ALL, counted=7) == Total(7, True)
        assert total_of(connection, ALL, [OF_21], looked_through=8) == Total(7, False)
        assert total_of(connection, ALL, [OF_21], looked_through=8, counted=5) == Total(5, True)


def test_a_list_is_looked_through_only_so_far_for_what_fits(worked_on: House) -> None:
    latest_first = ALL.order_by(process_instance.c.id.desc())
    with worked_on.database.connect() as connection:
        found = total_of(connection, latest_first, [OF_21], looked_through=4)

    assert found == Total(4, True)
    assert found.at_least(5) == Total(5, True)
    assert found.at_least(2) == found
