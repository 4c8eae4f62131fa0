"""Colleagues are asked for opinions beside the work: engine, diagram, form and handlers together (PROCESSES 0.3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.commands import RequestOpinion
from engine.queries import InboxList, opinions_at, user_task_detail
from engine.scheduler import run_due_work
from tests.doubles import person
from tests.processes.district_office import DistrictOffice
from tests.processes.test_through_the_engine import monitoring_form, open_round

QUESTION = "七月份支出进度偏低，是否属实？"
#: Colleagues in other places: neither sees the objects of the unit.
BUREAU, FINANCE = person("health.head", "dept_head@22"), person("fin.div2", "finance_division@1004")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DistrictOffice]:
    office = DistrictOffice.in_folder(tmp_path)
    yield office
    office.close()


@pytest.fixture
def key(office: DistrictOffice) -> str:
    """The round of A03, whose figures wait for the department's review."""
    key = open_round(office, "A03")
    office.do("fill", key, monitoring_form("A03"))
    return key


def asked(office: DistrictOffice, key: str, until: date | None = None) -> tuple[Any, Any]:
    """The reviewer, who asks two colleagues, and the review."""
    reviewer, review = office.task_of("dept-review", key)
    office.claim(reviewer, review.id)
    command = RequestOpinion(
        actor=reviewer, user_task_id=review.id, of=(BUREAU.user_id, FINANCE.user_id), question=QUESTION, until=until
    )
    office.dispatcher.dispatch(command)
    return reviewer, review


def said(office: DistrictOffice, reviewer: Any, review: Any) -> list[tuple[str, str, str | None, str]]:
    work = office.ask(user_task_detail, reviewer, review.id).user_task
    return [(each.of, each.state, each.given_by, each.opinion) for each in office.ask(opinions_at, reviewer, work)]


def test_each_of_them_reads_question_and_project_and_answers_by_himself(office: DistrictOffice, key: str) -> None:
    reviewer, review = asked(office, key)
    mine = office.only(BUREAU, InboxList.MINE)
    variables = office.ask(user_task_detail, BUREAU, mine.id).variables
    assert (variables["asked"]["question"], variables["asked"]["name"]) == (QUESTION, "部门审核监控表")
    assert variables["project_name"]
    office.complete(BUREAU, mine.id, {"step_name": "部门审核监控表", "opinion": "设备已到货，发票下月开具。"})

    assert said(office, reviewer, review) == [
        ("health.head", "given", "health.head", "设备已到货，发票下月开具。"),
        ("fin.div2", "asked", None, ""),
    ]
    assert office.task_of("dept-review", key)[1].due_at == review.due_at


def test_what_nobody_says_within_two_working_days_lapses_and_the_review_goes_on(
    office: DistrictOffice, key: str
) -> None:
    reviewer, review = asked(office, key)
    # asked on a Tuesday: two working days end on Thursday at 18:00
    assert office.only(FINANCE, InboxList.MINE).due_at.isoformat() == "2026-09-03T10:00:00+00:00"
    office.at_time("2026-09-03 18:01")
    run_due_work(office.dispatcher)
    run_due_work(office.dispatcher)
    assert [each[1] for each in said(office, reviewer, review)] == ["lapsed", "lapsed"]
    office.do("dept-review", key, {"decision": "pass"})


def test_a_day_that_is_named_counts_instead(office: DistrictOffice, key: str) -> None:
    asked(office, key, until=date(2026, 9, 8))
    assert office.only(BUREAU, InboxList.MINE).due_at.isoformat() == "2026-09-08T10:00:00+00:00"
