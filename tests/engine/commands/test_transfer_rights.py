"""Who may transfer a user task, to whom, and what nobody transfers, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.model.errors import NotFound
from engine.model.transfer import BlindNotTransferable, NotTransferable, TransferInvalid, TransferNotYours
from engine.queries import InboxList, receivers
from tests.doubles import OPERATOR, person
from tests.house import PLAN_AND_REVIEW, House, bpmn, flows, properties, user_task
from tests.transferring import A_PLAN, FOREIGN, LI, NEIGHBOUR, REASON, WANG, ZHAO, make, transfer, unit


@pytest.fixture
def office(build: Callable[..., House]) -> House:
    """A house where a plan waits for the clerks of unit 21."""
    house = make(build)
    house.deploy(rectification=PLAN_AND_REVIEW)
    house.start("rectification", "RECT:1")
    return house


def codes(house: House, user_task_id: str, to: str, reason: str = REASON) -> dict[str, str]:
    with pytest.raises(TransferInvalid) as refused:
        transfer(house, user_task_id, to, reason=reason)
    return {fault["code"]: fault["path"] for fault in refused.value.faults}


@pytest.mark.parametrize("actor", [LI, ZHAO, OPERATOR, NEIGHBOUR], ids=lambda actor: actor.user_id)
def test_only_who_answers_for_the_unit_transfers(office: House, actor) -> None:
    plan = office.only(LI)
    with pytest.raises(TransferNotYours) as refused:
        transfer(office, plan.id, actor=actor)
    assert refused.value.facts["permission"] == "transfer"
    assert office.only(LI).version == plan.version


def test_a_post_without_the_permission_is_not_enough(office: House) -> None:
    with pytest.raises(TransferNotYours):
        transfer(office, office.only(LI).id, actor=person("wang.fang", "head@21", units=frozenset({"21"})))


def test_out_of_sight_there_is_nothing_to_transfer(office: House) -> None:
    plan = office.only(LI)
    with pytest.raises(NotFound, match=f"Expected a user task '{plan.id}', but found none"):
        transfer(office, plan.id, actor=FOREIGN)


@pytest.mark.parametrize(
    ("to", "reason", "expected"),
    [
        ("", REASON, {"transfer-to-missing": "to"}),
        ("nobody", REASON, {"transfer-to-unknown": "to"}),
        ("chen.jie", REASON, {"transfer-to-elsewhere": "to"}),
        ("li.wei", REASON, {"transfer-to-assignee": "to"}),
        ("gu.qi", REASON, {"transfer-to-conflict": "to"}),
        ("zhao.min", " 病 ", {"transfer-reason": "reason"}),
        ("zhao.min", "忙" * 501, {"transfer-reason": "reason"}),
        ("nobody", "", {"transfer-to-unknown": "to", "transfer-reason": "reason"}),
    ],
)
def test_all_faults_are_told_at_once_and_nothing_changes(
    office: House, to: str, reason: str, expected: dict[str, str]
) -> None:
    plan = office.only(LI)
    office.claim(LI, plan.id)
    assert codes(office, plan.id, to, reason) == expected
    assert office.only(LI, InboxList.MINE).version == 2


def test_two_characters_are_a_reason(office: House) -> None:
    transfer(office, office.only(LI).id, reason="病假")
    assert office.only(ZHAO, InboxList.MINE)


def test_who_filed_what_is_to_be_reviewed_does_not_receive_the_review(office: House) -> None:
    office.complete(ZHAO, office.only(LI).id, A_PLAN)
    review = office.only(WANG).id
    assert codes(office, review, "zhao.min") == {"transfer-to-filer": "to"}
    offered = office.ask(receivers, WANG, review, office.collaborators.people, graphs(office))
    assert {each.user_id: each.bar and each.bar["code"] for each in offered} == {
        "li.wei": None,
        "zhao.min": "transfer-to-filer",
        "sun.lei": None,
        "wang.fang": None,
        "gu.qi": "transfer-to-conflict",
    }


def graphs(house: House) -> Callable[[str], Any]:
    return lambda ref: house.dispatcher.definitions.graph_at_hand("default", ref)


@pytest.mark.parametrize(
    ("named", "refusal"), [({"transfer": "none"}, NotTransferable), ({"blind": "ratings"}, BlindNotTransferable)]
)
def test_what_the_diagram_keeps_with_its_people_stays_there(
    build: Callable[..., House], named: dict[str, str], refusal: type[Exception]
) -> None:
    house = make(build)
    task = user_task("t", inside=properties(**named))
    body = '<startEvent id="s"/>' + task + '<endEvent id="e"/>' + flows("s t", "t e")
    deployed = house.deploy(work=bpmn("work", body))
    assert "property-kept" not in [entry["code"] for entry in deployed.report]
    house.start("work")
    open_id = house.only(LI).id
    with pytest.raises(refusal):
        transfer(house, open_id)
    with pytest.raises(refusal):
        house.ask(receivers, WANG, open_id, house.collaborators.people, graphs(house))


@pytest.mark.parametrize(
    ("groups", "roles"),
    [("clerk,head", ("clerk", "head")), ('= ["clerk@21"]', ("clerk",)), ('= if x = 1 then "clerk" else "head"', ())],
)
def test_work_given_by_name_is_asked_about_with_the_roles_that_its_diagram_fixes(
    build: Callable[..., House], groups: str, roles: tuple[str, ...]
) -> None:
    people = unit()
    house = make(build, people)
    task = user_task("t", groups=groups.replace('"', "&quot;"), attributes='camunda:assignee="li.wei"')
    house.deploy(work=bpmn("work", '<startEvent id="s"/>' + task + '<endEvent id="e"/>' + flows("s t", "t e")))
    house.start("work")
    open_id = house.only(LI, InboxList.MINE).id

    transfer(house, open_id)

    (asked,) = people.asked
    assert (asked.user_id, asked.assignee, asked.candidate_groups, asked.roles) == (
        "wang.fang",
        "li.wei",
        (),
        roles,
    )
    assert house.only(ZHAO, InboxList.MINE).id == open_id
    assert house.complete(ZHAO, open_id).ended
