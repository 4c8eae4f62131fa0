"""Who may start what: the permission, then the names in the diagram, then the unit."""

from __future__ import annotations

import pytest

from engine.model.errors import Invalid, NotPermitted
from engine.model.process_instance import NotAStarter, UnitOutOfScope
from tests.doubles import person
from tests.house import House, bpmn, flows, user_task

BODY = '<startEvent id="s"/>' + user_task("t") + '<endEvent id="e"/>' + flows("s t", "t e")
OPEN = bpmn("open", BODY)
AT_21 = frozenset({"21"})
START = frozenset({"start"})
OFFICER = person("li.wei", "clerk@21", units=AT_21, permissions=START)
#: Sees no unit, as technical roles do.
DESIGNER = person("designer", "process_designer@1002", units=frozenset(), permissions=frozenset({"deploy", "start"}))


def narrowed(**names: str) -> bytes:
    attributes = " ".join(f'camunda:candidateStarter{kind.capitalize()}="{text}"' for kind, text in names.items())
    return bpmn("narrow", BODY).replace(b' isExecutable="true"', f' isExecutable="true" {attributes}'.encode())


def test_without_the_permission_nobody_starts_anything(house: House) -> None:
    house.deploy(narrow=narrowed(groups="clerk"))

    with pytest.raises(NotPermitted, match="'start' to start a process instance"):
        house.start("narrow", actor=person("li.wei", "clerk@21", units=AT_21))


@pytest.mark.parametrize(
    "names",
    [{"groups": "head, clerk"}, {"groups": "clerk@21"}, {"users": "li.wei"}, {"groups": "head", "users": "a,li.wei"}],
)
def test_whom_the_diagram_names_by_role_seat_or_account_may_start(house: House, names: dict[str, str]) -> None:
    house.deploy(narrow=narrowed(**names))

    assert house.start("narrow", unit_code="21", actor=OFFICER).opened_user_tasks


@pytest.mark.parametrize("names", [{"groups": "head"}, {"groups": "clerk@22"}, {"users": "sun.lei"}])
def test_whom_the_diagram_does_not_name_may_not_start_even_without_a_unit(house: House, names: dict[str, str]) -> None:
    house.deploy(narrow=narrowed(**names))

    for actor in (OFFICER, DESIGNER):
        with pytest.raises(NotAStarter, match=f"Expected {actor.user_id} to be among those who may start 'narrow'"):
            house.start("narrow", unit_code=None, actor=actor)


def test_a_process_is_started_for_units_in_the_data_scope_only(house: House) -> None:
    house.deploy(open=OPEN)

    assert house.start("open", unit_code="21", actor=OFFICER).opened_user_tasks
    with pytest.raises(UnitOutOfScope, match="Expected unit '22' to lie in the data scope of li"):
        house.start("open", unit_code="22", actor=OFFICER)
    with pytest.raises(UnitOutOfScope):
        house.start("open", variables={"unit_code": "22"}, unit_code=None, actor=OFFICER)


def test_who_deploys_tries_an_open_process_for_any_unit(house: House) -> None:
    house.deploy(open=OPEN)

    assert house.start("open", unit_code="22", actor=DESIGNER).opened_user_tasks


def test_who_deploys_and_is_named_keeps_to_the_data_scope(house: House) -> None:
    house.deploy(narrow=narrowed(groups="process_designer"))

    assert house.start("narrow", unit_code=None, actor=DESIGNER).opened_user_tasks
    with pytest.raises(UnitOutOfScope):
        house.start("narrow", unit_code="22", actor=DESIGNER)


def test_starters_are_names_and_no_expressions(house: House) -> None:
    with pytest.raises(Invalid) as refusal:
        house.deploy(narrow=narrowed(groups="= owner"))

    assert [fault["code"] for fault in refusal.value.faults] == ["expression-in-name"]
