"""Handed-over work is taken back, or asked for: engine, diagram, form and handlers together (PROCESSES 0.3, P04)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.commands import RequestWithdrawal, WithdrawUserTask
from engine.model.withdrawal import ReviewOpened
from engine.queries import InboxList, user_task_detail
from engine.scheduler import run_due_work
from tests.processes.district_office import OWNER, DistrictOffice
from tests.processes.test_through_the_engine import monitoring_form, open_round

REASON = "七月份实际值填错，需要更正"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DistrictOffice]:
    office = DistrictOffice.in_folder(tmp_path)
    yield office
    office.close()


@pytest.fixture
def key(office: DistrictOffice) -> str:
    """The round of A03, whose figures are filed."""
    return open_round(office, "A03")


def filed(office: DistrictOffice, key: str) -> tuple[object, str]:
    owner, work = office.task_of("fill", key)
    office.do("fill", key, monitoring_form("A03"))
    return owner, work.id


def test_figures_are_taken_back_until_the_department_opens_them(office: DistrictOffice, key: str) -> None:
    owner, work = filed(office, key)
    office.dispatcher.dispatch(WithdrawUserTask(actor=owner, user_task_id=work))
    again, item = office.task_of("fill", key)
    assert again.user_id == OWNER
    assert item.due_at == office.ask(user_task_detail, owner, work).user_task.due_at

    owner, work = filed(office, key)
    reviewer, review = office.task_of("dept-review", key)
    office.claim(reviewer, review.id)
    with pytest.raises(ReviewOpened):
        office.dispatcher.dispatch(WithdrawUserTask(actor=owner, user_task_id=work))


def asked(office: DistrictOffice, key: str) -> tuple[object, str, str]:
    """The work, and the case in which the reviewer is asked to give it back."""
    owner, work = filed(office, key)
    reviewer, review = office.task_of("dept-review", key)
    office.claim(reviewer, review.id)
    office.dispatcher.dispatch(RequestWithdrawal(actor=owner, user_task_id=work, reason=REASON))
    case = f"{key}:fill"
    assert office.task_of("answer", case)[0].user_id == reviewer.user_id
    return owner, work, case


def test_a_reviewer_who_has_opened_them_gives_them_back(office: DistrictOffice, key: str) -> None:
    owner, work, case = asked(office, key)
    office.do("answer", case, {"decision": "grant"})
    assert office.task_of("fill", key)[0].user_id == OWNER
    assert office.ask(user_task_detail, owner, work).withdrawal.state == "granted"


def test_a_refusal_says_why_and_leaves_the_review_where_it_is(office: DistrictOffice, key: str) -> None:
    owner, work, case = asked(office, key)
    office.do("answer", case, {"decision": "refuse", "opinion": "审核即将完成，请等退回"})
    withdrawal = office.ask(user_task_detail, owner, work).withdrawal
    assert (withdrawal.state, withdrawal.opinion) == ("refused", "审核即将完成，请等退回")
    reviewer, _ = office.task_of("dept-review", key)
    assert [item.element_id for item in office.inbox(reviewer, InboxList.MINE)] == ["dept-review"]


def test_without_an_answer_within_a_working_day_the_review_goes_on(office: DistrictOffice, key: str) -> None:
    owner, work, _ = asked(office, key)
    # asked on a Tuesday: the working day to answer ends on Wednesday at 18:00
    office.at_time("2026-09-02 18:01")
    run_due_work(office.dispatcher)
    run_due_work(office.dispatcher)
    withdrawal = office.ask(user_task_detail, owner, work).withdrawal
    assert (withdrawal.state, withdrawal.answered_by) == ("refused", None)
    assert office.task_of("dept-review", key)


def test_work_that_came_back_and_was_handed_over_again_is_asked_for_anew(office: DistrictOffice, key: str) -> None:
    asked(office, key)
    # the reviewer sends it back instead of answering: the first request is still open when the second one comes
    office.do("dept-review", key, {"decision": "return", "comment": "请补充佐证材料"})
    owner, work, case = asked(office, key)
    office.do("answer", case, {"decision": "grant"})
    assert office.ask(user_task_detail, owner, work).withdrawal.state == "granted"
    assert office.task_of("fill", key)[0].user_id == OWNER
