"""Lists for those who operate and those who look back: permissions, scope, paging."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from engine.commands import CorrelateMessage, ReleaseUserTask
from engine.model.clock import FixedClock
from engine.model.errors import NotFound, NotPermitted
from engine.queries import (
    InboxFilter,
    InboxList,
    InstanceFilter,
    LateStep,
    definition_detail,
    definitions,
    deployments,
    documents,
    inbox,
    incidents,
    instance_history,
    late_steps,
    latest_in_cases,
    messages,
    process_instances,
    process_instances_total,
)
from tests.doubles import MONDAY, OPERATOR, ListedForms, collaborators, person
from tests.house import PLAN_AND_REVIEW, House, bpmn, flows, user_task

LI = person("li.wei", "clerk@21")
ONE_STEP = bpmn("p", '<startEvent id="s"/>' + user_task("t") + '<endEvent id="e"/>' + flows("s t", "t e"))
BROKEN = bpmn(
    "broken",
    '<startEvent id="s"/><serviceTask id="work" implementation="nobody.knows"/><endEvent id="e"/>'
    + flows("s work", "work e"),
)


def all_pages(house: House, query: Any, actor: Any, limit: int, **named: Any) -> list[Any]:
    found: list[Any] = []
    cursor = None
    while True:
        page = house.ask(query, actor, cursor=cursor, limit=limit, **named)
        found += page.items
        cursor = page.cursor
        if cursor is None:
            return found


def test_a_case_about_a_late_step_is_found_by_the_name_of_the_late_case(house: House) -> None:
    house.deploy(p=ONE_STEP)
    for key in ("PRJ:A:2026", "PRJ:A:2026:fill", "PRJ:A:2026:fill:again", "PRJ:AA:2026:fill", "RECT-1", "RECT-1:plan"):
        house.start("p", key)
    called = ("PRJ:A:2026", "RECT-1")
    here = {"PRJ:A:2026", "PRJ:A:2026:fill", "RECT-1", "RECT-1:plan"}

    found = house.ask(process_instances, OPERATOR, filters=InstanceFilter(text="河湖", called=called))
    assert {each.business_key for each in found.items} == here
    waiting = house.ask(inbox, OPERATOR, InboxList.CLAIMABLE, filters=InboxFilter(text="河湖", called=called))
    assert {each.business_key for each in waiting.items} <= here


def test_the_late_steps_of_cases_have_names_within_the_scope(house: House) -> None:
    house.deploy(p=ONE_STEP)
    house.start("p", "PRJ:A:2026", unit_code="21")
    house.start("p", "RECT-1", unit_code="22")
    keys = {"PRJ:A:2026:t", "RECT-1:t", "RECT-1:nothing", "RECT-2:t"}

    late = LateStep("p:1", "t", "t")
    assert house.ask(late_steps, person("sup", units=frozenset({"21"})), keys) == {"PRJ:A:2026:t": late}
    assert house.ask(late_steps, OPERATOR, keys) == {"PRJ:A:2026:t": late, "RECT-1:t": late}
    assert house.ask(late_steps, OPERATOR, set()) == {}


def test_incidents_are_for_those_who_operate_or_audit_in_their_scope(house: House) -> None:
    house.deploy(broken=BROKEN)
    house.start("broken", "A", unit_code="21")
    house.start("broken", "B", unit_code="22")
    auditor = person("audit", units=frozenset({"22"}), permissions=frozenset({"audit"}))

    assert [each.business_key for each in house.ask(incidents, auditor).items] == ["B"]
    assert [each.business_key for each in all_pages(house, incidents, OPERATOR, 1)] == ["B", "A"]
    assert [each.definition_ref for each in house.ask(incidents, OPERATOR).items] == ["broken:1", "broken:1"]
    with pytest.raises(NotPermitted):
        house.ask(incidents, LI)


def test_the_latest_work_of_cases_is_told_by_their_keys_within_the_scope(house: House) -> None:
    house.deploy(p=ONE_STEP, other=ONE_STEP.replace(b'process id="p"', b'process id="other"'))
    for key, unit in (("A", "21"), ("B", "21"), ("C", "22")):
        house.start("p", key, unit_code=unit)
    house.start("other", "B", unit_code="21")
    (first,) = [item for item in house.inbox(LI) if (item.business_key, item.process_definition_key) == ("A", "p")]
    house.complete(LI, first.id)
    house.move_to(MONDAY + timedelta(days=1))
    house.start("p", "A", unit_code="21")
    own = person("chen", units=frozenset({"21"}))

    found = house.ask(latest_in_cases, own, "p", {"A", "B", "C", "D"})

    assert {key: (each.state, each.closed_at) for key, each in found.items()} == {
        "A": ("open", None),
        "B": ("open", None),
    }
    assert found["A"].id != first.id
    assert house.ask(latest_in_cases, OPERATOR, "p", {"C"}).keys() == {"C"}
    assert house.ask(latest_in_cases, own, "p", set()) == {}


def test_messages_are_for_those_who_operate_audit_or_send(house: House) -> None:
    for number in range(3):
        house.dispatcher.dispatch(CorrelateMessage(actor=OPERATOR, name="m", correlation_key=f"K{number}"))

    assert [each.correlation_key for each in all_pages(house, messages, OPERATOR, 2)] == ["K2", "K1", "K0"]
    assert [each.correlation_key for each in house.ask(messages, OPERATOR, correlation_key="K1").items] == ["K1"]
    assert house.ask(messages, OPERATOR, state="delivered").items == []
    with pytest.raises(NotPermitted):
        house.ask(messages, LI)


def test_definitions_tell_their_versions_their_file_and_what_was_reported(house: House) -> None:
    house.deploy(p=ONE_STEP)
    house.deploy(p=ONE_STEP.replace(b'name="t"', b'name="T"'))

    assert [(each.key, each.version) for each in house.ask(definitions, LI)] == [("p", 2)]
    assert house.ask(definition_detail, LI, "p").item.ref == "p:2"
    assert house.ask(definition_detail, LI, "p", 1).xml == ONE_STEP
    assert house.ask(definition_detail, LI, "p").file_name == "p.bpmn"
    for key, version in (("p", 3), ("nothing", None)):
        with pytest.raises(NotFound):
            house.ask(definition_detail, LI, key, version)


def test_deployments_are_listed_latest_first_with_what_was_new_in_them(house: House) -> None:
    house.deploy(p=ONE_STEP)
    house.deploy(p=ONE_STEP, broken=BROKEN)

    assert [each.files for each in all_pages(house, deployments, LI, 1)] == [("broken.bpmn",), ("p.bpmn",)]


def test_a_tenant_sees_nothing_of_another(house: House) -> None:
    house.deploy(p=ONE_STEP)
    started = house.start("p", "A")
    other = person("operator", units=None, permissions=OPERATOR.permissions, tenant_id="other")

    assert house.ask(definitions, other) == []
    assert house.ask(process_instances, other).items == []
    with pytest.raises(NotFound):
        house.ask(instance_history, other, started.process_instance_id)
    with pytest.raises(NotFound):
        house.complete(person("li.wei", "clerk@21", tenant_id="other"), house.only(LI).id)


def test_what_belongs_to_no_unit_is_for_those_who_see_all_and_for_who_has_a_part_in_it(house: House) -> None:
    """The budget year holds the drafts of every unit; a project owner, an expert or a visitor has no business there."""
    house.deploy(p=ONE_STEP)
    started = house.start("p", "BUD:2026", unit_code=None)
    budget_officer = person("fin.budget", "clerk")
    item = house.only(budget_officer)
    for outsider in (person("edu1.proj", "project_owner@2101", units=frozenset({"2101"})), person("exp.a")):
        assert house.ask(process_instances, outsider).items == []
        with pytest.raises(NotFound):
            house.ask(instance_history, outsider, started.process_instance_id)
        with pytest.raises(NotFound):
            house.complete(outsider, item.id)
    assert house.ask(instance_history, budget_officer, started.process_instance_id).items
    assert [each.business_key for each in house.ask(process_instances, OPERATOR).items] == ["BUD:2026"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"business_key": "PRJ:A01:2026"}, ["PRJ:A01:2026"]),
        ({"text": "a0"}, ["PRJ:A02:2026", "PRJ:A01:2026"]),
        ({"unit_code": "22"}, ["PRJ:A02:2026"]),
        ({"status": "completed"}, []),
        ({"process_definition_key": "q"}, []),
        ({"started_by": "operator"}, ["RECT:1", "PRJ:A02:2026", "PRJ:A01:2026"]),
    ],
    ids=str,
)
def test_instances_are_filtered(house: House, filters: dict[str, Any], expected: list[str]) -> None:
    house.deploy(p=ONE_STEP)
    house.start("p", "PRJ:A01:2026", unit_code="21")
    house.start("p", "PRJ:A02:2026", unit_code="22")
    house.start("p", "RECT:1", unit_code="21")

    found = all_pages(house, process_instances, OPERATOR, 2, filters=InstanceFilter(**filters))

    assert [each.business_key for each in found] == expected


CALLING = bpmn(
    "outer",
    '<startEvent id="s"/><callActivity id="c" calledElement="p"><extensionElements>'
    '<camunda:in businessKey="MON-2026-A01"/></extensionElements></callActivity><endEvent id="e"/>'
    + flows("s c", "c e"),
)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"involves": "p"}, ["RECT:1", "PRJ:A01:2026"]),
        ({"involves": "outer"}, ["PRJ:A01:2026"]),
        ({"involves": "q"}, []),
        ({"text": "mon-2026"}, ["PRJ:A01:2026"]),
        ({"process_definition_key": "p"}, ["RECT:1"]),
    ],
    ids=str,
)
def test_a_case_is_found_by_the_processes_that_it_calls(
    house: House, filters: dict[str, Any], expected: list[str]
) -> None:
    house.deploy(p=ONE_STEP)
    house.deploy(outer=CALLING)
    house.start("outer", "PRJ:A01:2026", unit_code="21")
    house.start("p", "RECT:1", unit_code="21")

    found = house.ask(process_instances, OPERATOR, filters=InstanceFilter(**filters)).items

    assert [each.business_key for each in found] == expected
    assert house.ask(process_instances_total, OPERATOR, filters=InstanceFilter(**filters)).count == len(expected)


def test_documents_are_for_the_own_units_and_for_who_filed_them(build: Callable[..., House]) -> None:
    house = build(collaborators(FixedClock(MONDAY), forms=ListedForms({"F-12": ("measure",)})))
    house.deploy(rectification=PLAN_AND_REVIEW)
    house.start("rectification", "RECT:1")
    house.complete(LI, house.only(LI).id, {"measure": "roof"})

    def seen(user_id: str, *units: str) -> int:
        return len(house.ask(documents, person(user_id, units=frozenset(units)), "RECT:1"))

    assert (seen("sun.lei", "21"), seen("chen.jie", "22"), seen("li.wei", "22")) == (1, 0, 1)


def test_the_history_is_read_in_pages_from_either_end(house: House) -> None:
    house.deploy(p=ONE_STEP)
    started = house.start("p").process_instance_id
    house.complete(LI, house.only(LI).id)

    def seqs(limit: int, **named: Any) -> list[int]:
        found: list[int] = []
        cursor = None
        while True:
            page = house.ask(instance_history, OPERATOR, started, cursor=cursor, limit=limit, **named)
            found += [entry.seq for entry in page.items]
            cursor = page.cursor
            if cursor is None:
                return found

    whole = seqs(500)
    assert whole == list(range(1, len(whole) + 1))
    assert seqs(3) == whole
    assert seqs(3, latest_first=True) == whole[::-1]
    assert len(seqs(2, kinds=["ElementEntered"])) == 3


@pytest.mark.parametrize("latest_first", [False, True])
def test_a_short_page_of_a_long_history_asks_for_few_rows(house: House, latest_first: bool) -> None:
    house.deploy(p=ONE_STEP)
    started = house.start("p").process_instance_id
    step = house.only(LI).id
    for _ in range(5):
        house.claim(LI, step)
        house.dispatcher.dispatch(ReleaseUserTask(actor=LI, user_task_id=step))
    asked: list[Any] = []
    event.listen(
        house.database,
        "before_cursor_execute",
        lambda connection, cursor, statement, parameters, context, many: (
            asked.append(parameters) if "history.entries" in statement else None
        ),
    )

    page = house.ask(instance_history, OPERATOR, started, limit=1, latest_first=latest_first)

    (parameters,) = asked
    values = parameters.values() if isinstance(parameters, dict) else parameters
    assert (len(page.items), next(value for value in values if isinstance(value, int))) == (1, 2)
