"""Add sign 加签: colleagues are asked for opinions beside the work, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from engine.commands import (
    CancelProcessInstance,
    CorrelateMessage,
    RequestOpinion,
    ResumeProcessInstance,
    SuspendProcessInstance,
)
from engine.model.actor import StandingIn
from engine.model.clock import FixedClock
from engine.model.errors import NotACandidate, NotFound, NotTheAssignee, UserTaskAlreadyCompleted
from engine.model.opinion import AT_ONCE, LONGEST_QUESTION, BlindForOpinions, NoOpinionsHere, OpinionInvalid
from engine.model.process_instance import InstanceSuspended
from engine.queries import InboxList, instance_history, may_ask_opinions, opinions_at, user_task_detail
from engine.scheduler import run_due_work
from tests.doubles import MONDAY, OPERATOR, FixedLadder, collaborators, person
from tests.house import House, bpmn, flows, properties, user_task
from tests.opining import BusinessPeople, opining

UNIT = frozenset({"21"})
LI = person("li.wei", "clerk@21", units=UNIT)
CHEN = person("chen.lin", "clerk@21", units=UNIT)
ZHAO = person("zhao.min", "reviewer@22", units=frozenset({"22"}))
QIAN = person("qian.yi", "reviewer@22", units=frozenset({"22"}))
FOREIGN = person("he.hua", "clerk@23", units=frozenset({"23"}))
QUESTION = "这个指标的口径是否合适？"
ACCOUNTS = frozenset({LI.user_id, CHEN.user_id, ZHAO.user_id, QIAN.user_id, *(f"p{number}" for number in range(20))})


def work(**of_fill: str) -> bytes:
    fill = user_task("fill", attributes='camunda:dueDate="5WD"', inside=properties(**of_fill))
    body = '<startEvent id="s"/>' + fill + user_task("check", groups="reviewer")
    return bpmn("work", body + '<endEvent id="e"/>' + flows("s fill", "fill check", "check e"))


@pytest.fixture
def office(build: Callable[..., House]) -> House:
    """A house where one piece of work waits, and people are asked by a process."""
    ladder = FixedLadder({"yellow": timedelta(days=1)})
    house = build(collaborators(FixedClock(MONDAY), ladder=ladder, people=BusinessPeople(ACCOUNTS)))
    house.deploy(work=work(), opinion=opining())
    house.start("work", "PRJ:A01:2026")
    return house


def ask(
    house: House, *of: str, actor: Any = LI, question: str = QUESTION, until: date | None = None, at: str = ""
) -> Any:
    user_task_id = at or house.only(LI).id
    command = RequestOpinion(actor=actor, user_task_id=user_task_id, of=of, question=question, until=until)
    return house.dispatcher.dispatch(command)


def detail(house: House, user_task_id: str, actor: Any = LI) -> Any:
    return house.ask(user_task_detail, actor, user_task_id)


def asked_at(house: House, user_task_id: str, actor: Any = LI) -> list[Any]:
    return list(house.ask(opinions_at, actor, detail(house, user_task_id, actor).user_task))


def opinions(house: House, user_task_id: str, actor: Any = LI) -> dict[str, tuple[str, str | None, str]]:
    return {each.of: (each.state, each.given_by, each.opinion) for each in asked_at(house, user_task_id, actor)}


def offered(house: House, user_task_id: str, actor: Any = LI) -> bool:
    return house.ask(may_ask_opinions, actor, detail(house, user_task_id, actor))


def give(house: House, actor: Any, said: str) -> None:
    asked = house.only(actor, InboxList.MINE)
    house.complete(actor, asked.id, {"given": True, "by": actor.user_id, "opinion": said})


def kinds(house: House, root_id: str) -> list[str]:
    return [each.kind for each in house.ask(instance_history, OPERATOR, root_id, limit=200).items]


def codes(refusal: pytest.ExceptionInfo[OpinionInvalid]) -> list[str]:
    return [fault["code"] for fault in refusal.value.faults]


# --- asked and given ----------------------------------------------------------------------------------------------


def test_each_person_asked_has_a_user_task_of_his_own_and_the_work_stays_as_it_is(office: House) -> None:
    before = detail(office, office.only(LI).id).user_task
    moved = ask(office, "zhao.min", "qian.yi")

    assert moved.opened_user_tasks == ()
    asked = [office.only(actor, InboxList.MINE) for actor in (ZHAO, QIAN)]
    assert [each.element_id for each in asked] == ["give", "give"]
    assert asked[0].business_key != asked[1].business_key
    assert all(each.business_key.startswith("PRJ:A01:2026:fill#") for each in asked)
    after = detail(office, before.id).user_task
    assert after == before
    assert opinions(office, before.id) == {"zhao.min": ("asked", None, ""), "qian.yi": ("asked", None, "")}


def test_what_each_says_is_noted_at_the_work(office: House) -> None:
    ask(office, "zhao.min", "qian.yi")
    mine = office.only(LI)
    office.move_to(MONDAY + timedelta(hours=1))
    give(office, ZHAO, "口径合适")

    assert opinions(office, mine.id) == {
        "zhao.min": ("given", "zhao.min", "口径合适"),
        "qian.yi": ("asked", None, ""),
    }
    (first, _) = asked_at(office, mine.id)
    assert (first.asked_by, first.question, first.asked_at) == ("li.wei", QUESTION, MONDAY)
    assert first.answered_at == MONDAY + timedelta(hours=1)
    told = [kind for kind in kinds(office, mine.process_instance_id) if "Opinion" in kind]
    assert told == ["OpinionAsked", "OpinionAsked", "OpinionGiven"]
    # whose it is, until when, and its ladder are what they were
    assert office.only(LI).due_at == mine.due_at
    assert [rung.key for rung in detail(office, mine.id).rungs] == ["yellow"]


def test_a_stand_in_asks_as_who_is_away_could_and_both_names_are_written(office: House) -> None:
    away = StandingIn(user_id="li.wei", groups=LI.groups)
    stand_in = replace(person("sun.jie", units=UNIT), stands_in=(away,))
    office.claim(LI, office.only(LI).id)
    mine = office.only(LI, InboxList.MINE)
    assert offered(office, mine.id, stand_in)
    with pytest.raises(OpinionInvalid) as refusal:
        ask(office, "li.wei", actor=stand_in, at=mine.id)
    assert codes(refusal) == ["opinion-of-oneself"]

    ask(office, "zhao.min", actor=stand_in, at=mine.id)

    page = office.ask(instance_history, OPERATOR, mine.process_instance_id, kinds=("OpinionAsked",))
    assert [(each.actor, each.acted_for) for each in page.items] == [("sun.jie", "li.wei")]
    variables = detail(office, office.only(ZHAO, InboxList.MINE).id, ZHAO).variables["asked"]
    assert (variables["asked_by"], variables["asked_for"]) == ("sun.jie", "li.wei")
    with pytest.raises(NotTheAssignee):
        ask(office, "qian.yi", actor=replace(stand_in, stands_in=()), at=mine.id)


def test_the_person_asked_sees_his_question_and_nothing_more_of_the_case(office: House) -> None:
    mine = office.only(LI)
    ask(office, "zhao.min")
    asked = office.only(ZHAO, InboxList.MINE)
    variables = detail(office, asked.id, ZHAO).variables["asked"]
    assert (variables["question"], variables["asked_by"], variables["business_key"]) == (
        QUESTION, "li.wei", "PRJ:A01:2026",
    )  # fmt: skip
    with pytest.raises(NotFound):
        detail(office, mine.id, ZHAO)
    assert detail(office, asked.id, ZHAO).documents == []


def test_the_work_is_done_without_waiting_and_an_opinion_that_comes_later_stands_there(office: House) -> None:
    mine = office.only(LI)
    ask(office, "zhao.min")
    office.complete(LI, mine.id)
    give(office, ZHAO, "还要再看")
    assert opinions(office, mine.id)["zhao.min"] == ("given", "zhao.min", "还要再看")
    assert detail(office, mine.id).user_task.state == "completed"


def test_what_nobody_answers_lapses_by_its_day_and_says_so(office: House) -> None:
    mine = office.only(LI)
    ask(office, "zhao.min")
    office.move_to(MONDAY + timedelta(days=3))
    run_due_work(office.dispatcher)
    run_due_work(office.dispatcher)
    assert opinions(office, mine.id)["zhao.min"] == ("lapsed", None, "")
    assert office.inbox(ZHAO, InboxList.MINE) == []


def test_a_person_is_asked_again_after_answering(office: House) -> None:
    mine = office.only(LI)
    ask(office, "zhao.min")
    give(office, ZHAO, "口径合适")
    ask(office, "zhao.min", question="按新口径还合适吗？")
    give(office, ZHAO, "仍然合适")
    assert [each.opinion for each in asked_at(office, mine.id)] == ["口径合适", "仍然合适"]


def test_an_opinion_that_comes_when_the_case_has_ended_is_noted(office: House) -> None:
    mine = office.only(LI)
    ask(office, "zhao.min")
    cancel = CancelProcessInstance(actor=OPERATOR, process_instance_id=mine.process_instance_id, reason="不再实施")
    office.dispatcher.dispatch(cancel)
    give(office, ZHAO, "迟到的意见")
    assert opinions(office, mine.id)["zhao.min"] == ("given", "zhao.min", "迟到的意见")


def test_an_opinion_on_suspended_work_waits_until_it_goes_on(office: House) -> None:
    mine = office.only(LI)
    ask(office, "zhao.min")
    root = mine.process_instance_id
    office.dispatcher.dispatch(SuspendProcessInstance(actor=OPERATOR, process_instance_id=root, reason="核查"))
    give(office, ZHAO, "口径合适")
    assert opinions(office, mine.id)["zhao.min"][0] == "asked"
    office.dispatcher.dispatch(ResumeProcessInstance(actor=OPERATOR, process_instance_id=root))
    office.move_to(MONDAY + timedelta(minutes=10))
    run_due_work(office.dispatcher)
    assert opinions(office, mine.id)["zhao.min"] == ("given", "zhao.min", "口径合适")


def test_nobody_outside_gives_an_opinion_by_a_message(office: House) -> None:
    mine = office.only(LI)
    ask(office, "zhao.min")
    (asked,) = asked_at(office, mine.id)
    said = {"given": True, "by": "zhao.min", "opinion": "伪造"}
    forged = CorrelateMessage(actor=OPERATOR, name="task.opinion_given", correlation_key=asked.id, variables=said)
    office.dispatcher.dispatch(forged)
    assert opinions(office, mine.id)["zhao.min"] == ("asked", None, "")


def test_who_has_not_claimed_the_work_may_ask_as_well(office: House) -> None:
    mine = office.only(LI)
    ask(office, "zhao.min", actor=CHEN)
    assert asked_at(office, mine.id)[0].asked_by == "chen.lin"
    assert detail(office, mine.id).user_task.assignee is None


def test_a_day_may_be_named_until_which_it_is_wanted(office: House) -> None:
    ask(office, "zhao.min", until=date(2026, 3, 4))
    (asked,) = asked_at(office, office.only(LI).id)
    assert asked.until == date(2026, 3, 4)
    assert detail(office, office.only(ZHAO, InboxList.MINE).id, ZHAO).variables["asked"]["until"] == date(2026, 3, 4)


# --- refused ------------------------------------------------------------------------------------------------------


def test_every_fault_is_told_at_once(office: House) -> None:
    with pytest.raises(OpinionInvalid) as refusal:
        ask(office, "li.wei", "nobody", question="吗？", until=date(2026, 3, 1))
    assert codes(refusal) == ["opinion-of-oneself", "opinion-person", "opinion-question", "opinion-day"]
    assert str(refusal.value) == "Expected people to ask and a question, but found 4 faults."


def test_somebody_has_to_be_asked(office: House) -> None:
    with pytest.raises(OpinionInvalid) as refusal:
        ask(office, " ")
    assert codes(refusal) == ["opinion-nobody"]


@pytest.mark.parametrize("length", [4, LONGEST_QUESTION + 1])
def test_a_question_has_its_limits(office: House, length: int) -> None:
    with pytest.raises(OpinionInvalid) as refusal:
        ask(office, "zhao.min", question="长" * length)
    assert codes(refusal) == ["opinion-question"]


@pytest.mark.parametrize(("day", "fits"), [("2026-03-02", True), ("2026-04-01", True), ("2026-04-02", False)])
def test_the_day_is_from_today_to_thirty_days_on(office: House, day: str, fits: bool) -> None:
    until = date.fromisoformat(day)
    if fits:
        ask(office, "zhao.min", until=until)
        return
    with pytest.raises(OpinionInvalid) as refusal:
        ask(office, "zhao.min", until=until)
    assert codes(refusal) == ["opinion-day"]


def test_nobody_is_asked_twice_before_answering(office: House) -> None:
    ask(office, "zhao.min", "zhao.min")
    assert len(asked_at(office, office.only(LI).id)) == 1
    with pytest.raises(OpinionInvalid) as refusal:
        ask(office, "zhao.min")
    assert codes(refusal) == ["opinion-asked-before"]


def test_no_more_than_ten_are_asked_at_a_time(office: House) -> None:
    ask(office, *(f"p{number}" for number in range(AT_ONCE)))
    with pytest.raises(OpinionInvalid) as refusal:
        ask(office, "zhao.min")
    assert codes(refusal) == ["opinion-too-many"]
    give(office, person("p3"), "无意见")
    ask(office, "zhao.min")


def test_only_who_has_the_work_asks(office: House) -> None:
    mine = office.only(LI)
    outsider = person("wang.fang", "head@21", units=UNIT)
    assert offered(office, mine.id) and not offered(office, mine.id, outsider)
    with pytest.raises(NotACandidate):
        ask(office, "zhao.min", actor=outsider)
    with pytest.raises(NotFound):
        ask(office, "zhao.min", actor=FOREIGN)
    office.claim(CHEN, mine.id)
    with pytest.raises(NotTheAssignee):
        ask(office, "zhao.min", at=mine.id)


def test_done_or_suspended_work_asks_nobody(office: House) -> None:
    mine = office.only(LI)
    root = mine.process_instance_id
    office.dispatcher.dispatch(SuspendProcessInstance(actor=OPERATOR, process_instance_id=root, reason="核查"))
    with pytest.raises(InstanceSuspended):
        ask(office, "zhao.min", at=mine.id)
    office.dispatcher.dispatch(ResumeProcessInstance(actor=OPERATOR, process_instance_id=root))
    office.complete(LI, mine.id)
    with pytest.raises(UserTaskAlreadyCompleted):
        ask(office, "zhao.min", at=mine.id)


def test_opinions_stand_for_later_readers_but_not_for_who_does_a_blind_step(office: House) -> None:
    rate = user_task("rate", groups="rater", inside=properties(blind="ratings"))
    body = '<startEvent id="s"/><parallelGateway id="both"/>' + user_task("fill") + rate + '<endEvent id="e"/>'
    office.deploy(work=bpmn("work", body + flows("s both", "both fill", "both rate", "fill e", "rate e")))
    case = office.start("work", "PRJ:A02:2026")
    (fill,) = [each.id for each in office.inbox(LI) if each.process_instance_id == case.process_instance_id]
    ask(office, "zhao.min", at=fill)
    give(office, ZHAO, "倾向于不通过")
    rater = person("sun.qi", "rater@21", units=UNIT)
    assert opinions(office, fill, rater) == {}
    told = office.ask(instance_history, rater, case.process_instance_id, kinds=("OpinionAsked", "OpinionGiven")).items
    assert len(told) == 2 and QUESTION not in str(told) and "倾向于不通过" not in str(told)
    office.complete(LI, fill)
    assert opinions(office, fill, CHEN) == {"zhao.min": ("given", "zhao.min", "倾向于不通过")}
    office.complete(rater, office.only(rater).id)
    assert len(opinions(office, fill, rater)) == 1


@pytest.mark.parametrize(
    ("of_fill", "refusal"), [({"addSign": "none"}, NoOpinionsHere), ({"blind": "ratings"}, BlindForOpinions)]
)
def test_steps_that_ask_nobody(office: House, of_fill: dict[str, str], refusal: type[Exception]) -> None:
    office.deploy(work=work(**of_fill))
    (here,) = office.start("work", "PRJ:A02:2026").opened_user_tasks
    assert not offered(office, here)
    with pytest.raises(refusal):
        ask(office, "zhao.min", at=here)


def test_where_no_process_asks_nobody_is_asked(build: Callable[..., House]) -> None:
    house = build(collaborators(FixedClock(MONDAY), people=BusinessPeople(ACCOUNTS)))
    house.deploy(work=work())
    house.start("work", "PRJ:A01:2026")
    assert not offered(house, house.only(LI).id)
    with pytest.raises(NoOpinionsHere):
        ask(house, "zhao.min")
