"""Nobody loses a word: a draft goes when its author submits it, or long after its user task was closed without that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.commands import CancelProcessInstance, CompleteUserTask, ReturnUserTask, SaveDraft
from engine.model.clock import FixedClock
from engine.queries import InboxList, user_task_detail
from engine.scheduler import sweep
from engine.store.database import write_transaction
from engine.store.instance_tables import draft
from engine.store.settings_rows import Setting, put_settings
from tests.doubles import MONDAY, OPERATOR, ListedForms, collaborators, person
from tests.house import PLAN_AND_REVIEW, House

LI, SUN = person("li.wei", "clerk@21"), person("sun.lei", "clerk@21")
HEAD = person("head", "head@21")
TYPED = {"measure": "打到一半的字"}
FILED = {"measure": "重新招标"}


@pytest.fixture
def house(build: Callable[..., House]) -> House:
    house = build(collaborators(FixedClock(MONDAY), forms=ListedForms({"F-12": ("measure",)})))
    house.deploy(rectification=PLAN_AND_REVIEW)
    return house


def begin(house: House, business_key: str = "RECT-1") -> str:
    return house.start("rectification", business_key).opened_user_tasks[0]


def save(house: House, actor, user_task_id: str) -> None:
    house.dispatcher.dispatch(SaveDraft(actor=actor, user_task_id=user_task_id, content=TYPED))


def drafts(house: House) -> list[str]:
    with house.database.connect() as connection:
        return sorted(row.user_id for row in connection.execute(draft.select()))


def test_what_is_submitted_leaves_no_draft(house: House) -> None:
    plan = begin(house)
    save(house, LI, plan)

    house.complete(LI, plan, FILED)

    assert drafts(house) == []


def test_the_draft_of_a_candidate_outlives_that_another_was_faster(house: House) -> None:
    plan = begin(house)
    save(house, LI, plan)
    save(house, SUN, plan)

    house.complete(SUN, plan, FILED)

    assert drafts(house) == ["li.wei"]
    closed = house.ask(user_task_detail, LI, plan)
    assert closed.draft.content == TYPED and not closed.may_complete
    assert house.ask(user_task_detail, SUN, plan).draft is None


def test_work_that_comes_back_finds_the_draft_that_was_never_submitted(house: House) -> None:
    plan = begin(house)
    save(house, LI, plan)
    house.complete(SUN, plan, FILED)
    review = house.only(HEAD).id
    house.dispatcher.dispatch(
        ReturnUserTask(actor=HEAD, user_task_id=review, element_id="plan", comment="请补充材料")
    )

    again = house.only(LI).id

    assert again != plan
    assert house.ask(user_task_detail, LI, again).earlier_draft.content == TYPED
    assert house.ask(user_task_detail, SUN, again).earlier_draft is None
    save(house, LI, again)
    assert house.ask(user_task_detail, LI, again).earlier_draft is None  # there is a newer one


def test_a_draft_typed_before_the_own_filing_is_not_offered_again(house: House) -> None:
    plan = begin(house)
    save(house, LI, plan)
    house.complete(SUN, plan, FILED)
    for who in (LI, None):
        review = house.only(HEAD).id
        house.dispatcher.dispatch(
            ReturnUserTask(actor=HEAD, user_task_id=review, element_id="plan", comment="请补充材料")
        )
        again = house.only(LI).id
        if who is not None:
            house.move_to(MONDAY + timedelta(hours=1))
            house.dispatcher.dispatch(CompleteUserTask(actor=who, user_task_id=again, submission=FILED))

    assert house.ask(user_task_detail, LI, again).earlier_draft is None


def test_a_reviewer_who_returns_finds_the_own_draft_when_the_work_is_back(house: House) -> None:
    plan = begin(house)
    house.complete(LI, plan, FILED)
    review = house.only(HEAD).id
    save(house, HEAD, review)

    house.dispatcher.dispatch(
        ReturnUserTask(actor=HEAD, user_task_id=review, element_id="plan", comment="请补充材料")
    )

    assert drafts(house) == ["head"]


def test_drafts_of_another_case_are_not_offered(house: House) -> None:
    first = begin(house)
    save(house, LI, first)
    house.complete(SUN, first, FILED)

    other = begin(house, "RECT-2")

    assert house.ask(user_task_detail, LI, other).earlier_draft is None


@pytest.mark.parametrize(("days", "kept"), [(None, 180), (10, 10)])
def test_a_draft_is_kept_for_the_days_of_the_setting_after_its_user_task_was_closed(
    house: House, days: int | None, kept: int
) -> None:
    if days is not None:
        with write_transaction(house.database) as connection:
            rows = [Setting(key="keep.draft_days", value=Decimal(days), valid_from=date(2026, 1, 1))]
            put_settings(connection, "default", rows)
    closed, still_open = begin(house), begin(house, "RECT-2")
    for user_task_id in (closed, still_open):
        save(house, LI, user_task_id)
    root = house.ask(user_task_detail, LI, closed).user_task.root_id
    house.dispatcher.dispatch(CancelProcessInstance(actor=OPERATOR, process_instance_id=root, reason="试运行"))

    house.move_to(MONDAY + timedelta(days=kept))
    assert sweep(house.dispatcher).drafts == 0
    house.move_to(MONDAY + timedelta(days=kept, seconds=1))
    assert sweep(house.dispatcher).drafts == 1

    assert house.ask(user_task_detail, LI, still_open).draft.content == TYPED
    assert [item.id for item in house.inbox(LI, InboxList.CLAIMABLE)] == [still_open]
