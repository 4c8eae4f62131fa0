"""What counts of what was filed in a case: of a step with several items each, of a step done again the newest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from engine.commands import ReturnUserTask
from engine.model.clock import FixedClock
from engine.queries import InboxList, user_task_detail, where_filed
from tests.doubles import MONDAY, ListedForms, collaborators, person
from tests.house import House, bpmn, flows, user_task

LOOP = '<multiInstanceLoopCharacteristics camunda:collection="= issues" camunda:elementVariable="issue"/>'
CARRY_OUT = bpmn(
    "carrying",
    '<startEvent id="s"/>'
    + user_task("carry_out", groups="owner", attributes='camunda:formKey="progress"', inside=LOOP)
    + user_task("verify", groups="clerk", attributes='camunda:formKey="verdict"')
    + '<endEvent id="e"/>'
    + flows("s carry_out", "carry_out verify", "verify e"),
)
OWNER = person("li.wei", "owner@21", units=frozenset({"21"}))
CLERK = person("wang.fang", "clerk@21", units=frozenset({"21"}))


@pytest.fixture
def house(build: Callable[..., House]) -> House:
    forms = ListedForms({"progress": ("done",), "verdict": ("passed",)})
    house = build(collaborators(FixedClock(MONDAY), forms=forms))
    house.deploy(carrying=CARRY_OUT)
    return house


def file_all(house: House, *texts: str) -> list[str]:
    """File at each open item of the step. Returns the user tasks, as the texts are."""
    opened = sorted(each.id for each in house.inbox(OWNER))
    assert len(opened) == len(texts)
    for user_task_id, text in zip(opened, texts, strict=True):
        house.complete(OWNER, user_task_id, {"done": text})
    return opened


def send_back(house: House) -> None:
    house.dispatcher.dispatch(
        ReturnUserTask(actor=CLERK, user_task_id=house.only(CLERK).id, element_id="carry_out", comment="more detail")
    )


def told(house: House, user_task_id: str) -> tuple[list[tuple[str, int]], list[str]]:
    """What counts, each with how often it was filed, and the user tasks of what was done again since."""
    detail = house.ask(user_task_detail, CLERK, user_task_id)
    counts = [(each.content.get("done", ""), detail.filings[each.id].times) for each in detail.documents]
    return counts, [each.user_task_id for each in detail.earlier_filings]


def begin(house: House, issues: Sequence[int]) -> str:
    return house.start("carrying", "RECT-1", {"issues": list(issues)}).process_instance_id


def test_each_item_of_a_step_counts(house: House) -> None:
    begin(house, [1, 2])
    file_all(house, "first", "second")

    assert told(house, house.only(CLERK).id) == ([("first", 1), ("second", 1)], [])


def test_of_all_items_done_again_the_newest_count_and_the_others_stay_within_reach(house: House) -> None:
    begin(house, [1, 2])
    before = file_all(house, "first", "second")
    send_back(house)
    file_all(house, "first again", "second again")

    counts, earlier = told(house, house.only(CLERK).id)

    assert counts == [("first again", 2), ("second again", 2)]
    assert earlier == [*reversed(before)]


def test_while_only_some_are_done_again_none_is_taken_for_replaced(house: House) -> None:
    begin(house, [1, 2])
    file_all(house, "first", "second")
    send_back(house)
    one, other = sorted(each.id for each in house.inbox(OWNER))
    house.complete(OWNER, one, {"done": "first again"})

    assert told(house, other) == ([("first", 1), ("second", 1), ("first again", 1)], [])


def test_of_a_step_done_again_the_newest_counts(house: House) -> None:
    begin(house, [1])
    (before,) = file_all(house, "first")
    send_back(house)
    file_all(house, "better")

    assert told(house, house.only(CLERK).id) == ([("better", 2)], [before])


def test_a_closed_user_task_has_its_own_document_whatever_came_after(house: House) -> None:
    begin(house, [1])
    (before,) = file_all(house, "first")
    send_back(house)
    file_all(house, "better")

    assert told(house, before) == ([("first", 1), ("better", 2)], [])


def test_every_filing_is_found_by_its_token(house: House) -> None:
    root_id = begin(house, [1, 2])
    filed = file_all(house, "first", "second")

    found = house.ask(where_filed, CLERK, root_id)

    assert sorted(found.values()) == filed
    assert house.ask(where_filed, person("stranger", units=frozenset({"99"})), root_id) == {}


def test_who_does_the_next_item_of_a_step_finds_the_others_done(house: House) -> None:
    begin(house, [1, 2])
    one, other = sorted(each.id for each in house.inbox(OWNER))
    house.complete(OWNER, one, {"done": "first"})

    assert told(house, other) == ([("first", 1)], [])
    assert house.inbox(OWNER, InboxList.DONE)[0].id == one
