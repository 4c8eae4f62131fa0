"""Ratings are given blind: who rates sees no other rating before all are in; others see what their scope gives."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.model.clock import FixedClock
from engine.model.errors import NotFound
from engine.queries import InboxList, documents, instance_history, user_task_detail
from tests.doubles import MONDAY, ListedForms, collaborators, person
from tests.house import House, bpmn, flows, properties, user_task

OUTPUT = (
    '<camunda:inputOutput><camunda:outputParameter name="ratings">= append(if ratings = null then [] else ratings, '
    "{by: expert, score: score})</camunda:outputParameter></camunda:inputOutput>"
)
LOOP = '<multiInstanceLoopCharacteristics camunda:collection="= experts" camunda:elementVariable="expert"/>'


def rating(*, blind: str | None = "ratings") -> bytes:
    """Three experts rate apart, while a clerk prepares the meeting; then the clerk draws up the result."""
    named = f'<camunda:properties><camunda:property name="blind" value="{blind}"/></camunda:properties>'
    inside = f"<extensionElements>{named if blind is not None else ''}{OUTPUT}</extensionElements>{LOOP}"
    return bpmn(
        "rating",
        '<startEvent id="s"/><parallelGateway id="fork"/><parallelGateway id="join"/>'
        + user_task("rate", groups="", attributes='camunda:assignee="= expert" camunda:formKey="rating"', inside=inside)
        + user_task("prepare")
        + user_task("draw_up", groups="clerk,expert", inside=properties(phase="end"))
        + '<endEvent id="e"/>'
        + flows("s fork", "fork rate", "fork prepare", "rate join", "prepare join", "join draw_up", "draw_up e"),
    )


#: No data scope, as experts have none; C is also somebody who sees the unit.
A, B = person("exp.a"), person("exp.b")
C = person("exp.c", units=frozenset({"21"}))
CLERK = person("li.wei", "clerk@21", units=frozenset({"21"}))


@pytest.fixture
def house(build: Callable[..., House]) -> House:
    forms = ListedForms({"rating": ("score",)})
    return build(collaborators(FixedClock(MONDAY), forms=forms))


def begin(house: House, **options: str | None) -> dict[str, str]:
    """Returns the user task of each rater."""
    house.deploy(rating=rating(**options))
    experts = [each.user_id for each in (A, B, C)]
    house.start("rating", "RATE-1", {"experts": experts})
    return {each.user_id: house.only(each, InboxList.MINE).id for each in (A, B, C)}


def seen_by(house: House, actor, user_task_id: str) -> tuple[set[str], set[str], bool, bool]:
    """Whose documents on the page, whose in the list, whether the variable, whether values in the history."""
    detail = house.ask(user_task_detail, actor, user_task_id)
    listed = house.ask(documents, actor, "RATE-1")
    told = house.ask(instance_history, actor, detail.user_task.root_id, limit=500).items
    return (
        {each.filed_by for each in detail.documents},
        {each.filed_by for each in listed},
        bool(detail.variables.get("ratings")),
        any("ratings" in str(entry.payload) for entry in told),
    )


def test_a_rater_sees_no_other_rating_before_the_own_is_in_nor_after_while_others_rate(house: House) -> None:
    at = begin(house)
    house.complete(A, at["exp.a"], {"score": 91})

    assert seen_by(house, B, at["exp.b"]) == (set(), set(), False, False)
    assert seen_by(house, C, at["exp.c"]) == (set(), set(), False, False)
    assert seen_by(house, A, at["exp.a"]) == ({"exp.a"}, {"exp.a"}, False, False)

    house.complete(B, at["exp.b"], {"score": 50})
    assert seen_by(house, A, at["exp.a"]) == ({"exp.a"}, {"exp.a"}, False, False)


def test_who_does_not_rate_sees_each_rating_as_it_comes(house: House) -> None:
    at = begin(house)
    house.complete(A, at["exp.a"], {"score": 91})
    prepare = next(each.id for each in house.inbox(CLERK) if each.element_id == "prepare")

    assert seen_by(house, CLERK, prepare) == ({"exp.a"}, {"exp.a"}, True, True)


def test_when_all_are_in_nothing_is_hidden_any_more(house: House) -> None:
    at = begin(house)
    for expert in (A, B, C):
        house.complete(expert, at[expert.user_id], {"score": 80})

    everybody = {"exp.a", "exp.b", "exp.c"}
    assert seen_by(house, C, at["exp.c"])[1] == everybody
    assert {each.filed_by for each in house.ask(documents, A, "RATE-1")} == {"exp.a"}  # no data scope


def test_a_step_without_the_property_is_open_to_all_who_do_it(house: House) -> None:
    at = begin(house, blind=None)
    house.complete(A, at["exp.a"], {"score": 91})

    assert seen_by(house, C, at["exp.c"]) == ({"exp.a"}, {"exp.a"}, True, True)


def test_a_rater_opens_no_user_task_of_another(house: House) -> None:
    at = begin(house)

    with pytest.raises(NotFound):
        house.ask(user_task_detail, B, at["exp.a"])
