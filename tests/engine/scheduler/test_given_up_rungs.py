"""Rungs of a ladder that are given up: each waits for the retry of its own incident, the others go on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.commands import GiveUpTimer, ResumeProcessInstance, RetryIncident, SuspendProcessInstance
from engine.model.clock import FixedClock
from engine.queries import incidents, instance_history
from engine.scheduler import DueWork, run_due_work
from engine.store.wait_tables import outbox, timer
from tests.doubles import MONDAY, OPERATOR, collaborators
from tests.engine.scheduler.test_due_work import CLIMBING, DUE, INTERRUPTING, LI, rows
from tests.house import House


def test_a_rung_that_is_given_up_does_not_stop_the_ladder_and_can_be_retried(build: Callable[..., House]) -> None:
    house = build(collaborators(FixedClock(MONDAY), ladder=CLIMBING))
    house.deploy(p=INTERRUPTING.replace(b"P3D", b"P300D"))
    house.start("p")
    open_user_task = house.only(LI)
    given_up = GiveUpTimer(
        actor=OPERATOR, root_id=open_user_task.process_instance_id, number=number_of_rung(house), key="due-2",
        message="the disk is full",
    )  # fmt: skip
    house.dispatcher.dispatch(given_up)
    house.move_to(DUE + timedelta(days=1, minutes=5))

    assert run_due_work(house.dispatcher) == DueWork(fired=1)
    assert house.only(LI).rung == "yellow"
    (incident,) = house.ask(incidents, OPERATOR).items
    assert (incident.kind, incident.timer_key, incident.message) == ("timer", "due-2", "the disk is full")
    house.dispatcher.dispatch(RetryIncident(actor=OPERATOR, incident_id=incident.id))
    assert run_due_work(house.dispatcher) == DueWork(fired=1)

    assert sorted(row.key.rpartition(":")[2] for row in rows(house, outbox)) == ["due-2", "yellow"]
    assert house.only(LI).rung == "yellow"
    assert [row.key for row in rows(house, timer) if row.kind == "rung"] == ["orange"]
    assert run_due_work(house.dispatcher) == DueWork()


def give_up_rung(house: House, key: str) -> None:
    (row,) = [row for row in rows(house, timer) if row.kind == "rung" and row.available_at is not None]
    assert row.key == key
    house.dispatcher.dispatch(
        GiveUpTimer(actor=OPERATOR, root_id=row.root_id, number=row.number, key=key, message=f"{key} failed")
    )


def retry_rung(house: House, key: str) -> None:
    (incident,) = [each for each in house.ask(incidents, OPERATOR).items if each.message == f"{key} failed"]
    house.dispatcher.dispatch(RetryIncident(actor=OPERATOR, incident_id=incident.id))


@pytest.fixture
def ladder_house(build: Callable[..., House]) -> House:
    house = build(collaborators(FixedClock(MONDAY), ladder=CLIMBING))
    house.deploy(p=INTERRUPTING.replace(b"P3D", b"P300D"))
    house.start("p")
    return house


def test_a_retried_rung_that_is_the_highest_so_far_sets_the_level(ladder_house: House) -> None:
    give_up_rung(ladder_house, "due-2")
    ladder_house.move_to(DUE)
    retry_rung(ladder_house, "due-2")

    assert run_due_work(ladder_house.dispatcher) == DueWork(fired=1)

    assert ladder_house.only(LI).rung == "due-2"


def test_several_rungs_that_are_retried_late_never_lower_the_level(ladder_house: House) -> None:
    give_up_rung(ladder_house, "due-2")
    give_up_rung(ladder_house, "yellow")
    ladder_house.move_to(DUE + timedelta(days=3, minutes=5))
    assert run_due_work(ladder_house.dispatcher) == DueWork(fired=1)
    assert ladder_house.only(LI).rung == "orange"

    retry_rung(ladder_house, "yellow")
    retry_rung(ladder_house, "due-2")
    assert run_due_work(ladder_house.dispatcher) == DueWork(fired=2)

    assert ladder_house.only(LI).rung == "orange"
    assert sorted(row.key.rpartition(":")[2] for row in rows(ladder_house, outbox)) == ["due-2", "orange", "yellow"]


def test_a_rung_that_is_given_up_twice_still_knows_what_comes_above_it(ladder_house: House) -> None:
    give_up_rung(ladder_house, "due-2")
    ladder_house.move_to(DUE + timedelta(days=1, minutes=5))
    assert run_due_work(ladder_house.dispatcher).fired == 1
    retry_rung(ladder_house, "due-2")
    (again,) = [row for row in rows(ladder_house, timer) if row.key == "due-2"]
    ladder_house.dispatcher.dispatch(
        GiveUpTimer(actor=OPERATOR, root_id=again.root_id, number=again.number, key="due-2", message="due-2 failed")
    )
    retry_rung(ladder_house, "due-2")

    assert run_due_work(ladder_house.dispatcher) == DueWork(fired=1)

    assert ladder_house.only(LI).rung == "yellow"


def due_keys(house: House) -> list[str]:
    """Rungs that the clock would find now."""
    found = [row for row in rows(house, timer) if row.kind == "rung" and row.available_at is not None]
    return sorted(row.key for row in found if row.available_at <= house.clock.now())


def test_the_retry_of_one_rung_leaves_the_others_that_were_given_up_where_they_are(ladder_house: House) -> None:
    give_up_rung(ladder_house, "due-2")
    give_up_rung(ladder_house, "yellow")
    ladder_house.move_to(DUE + timedelta(days=2))

    retry_rung(ladder_house, "yellow")

    assert due_keys(ladder_house) == ["yellow"]
    assert run_due_work(ladder_house.dispatcher) == DueWork(fired=1)
    assert [each.message for each in ladder_house.ask(incidents, OPERATOR).items] == ["due-2 failed"]
    assert [row.key.rpartition(":")[2] for row in rows(ladder_house, outbox)] == ["yellow"]
    retry_rung(ladder_house, "due-2")
    assert due_keys(ladder_house) == ["due-2"]
    told = ladder_house.ask(instance_history, OPERATOR, process_of(ladder_house), kinds=["IncidentRetried"]).items
    assert [entry.payload["timer_key"] for entry in told] == ["yellow", "due-2"]


def test_an_instance_that_is_resumed_offers_nothing_that_was_given_up(ladder_house: House) -> None:
    give_up_rung(ladder_house, "due-2")
    ladder_house.move_to(DUE + timedelta(days=2))
    where = {"actor": OPERATOR, "process_instance_id": process_of(ladder_house)}
    ladder_house.dispatcher.dispatch(SuspendProcessInstance(**where))
    assert due_keys(ladder_house) == []

    ladder_house.dispatcher.dispatch(ResumeProcessInstance(**where))

    assert due_keys(ladder_house) == ["yellow"]
    retry_rung(ladder_house, "due-2")
    assert due_keys(ladder_house) == ["due-2", "yellow"]


def process_of(house: House) -> str:
    return house.only(LI).process_instance_id


def number_of_rung(house: House) -> int:
    (row,) = [row for row in rows(house, timer) if row.kind == "rung"]
    return row.number
