"""What people do with user tasks, through the one door, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.commands import ClaimUserTask, CompleteUserTask, ReleaseUserTask, ReturnUserTask, SaveDraft
from engine.commands.release_user_task import NobodyToReleaseTo
from engine.commands.return_user_task import CommentTooShort
from engine.model.clock import FixedClock
from engine.model.errors import (
    FourEyesViolated,
    Invalid,
    NotACandidate,
    NotFound,
    NotTheAssignee,
    Stale,
    UserTaskAlreadyCompleted,
)
from engine.model.user_task import UserTaskAlreadyClaimed, UserTaskNotOpen
from engine.queries import InboxList, documents, instance_history, process_instance_detail, user_task_detail
from tests.doubles import MONDAY, OPERATOR, ListedForms, collaborators, person
from tests.house import PLAN_AND_REVIEW, House, bpmn, flows, user_task

LI = person("li.wei", "clerk@21")
ZHAO = person("zhao.min", "clerk@21", "head@21")
WANG = person("wang.fang", "head@21")
#: Holds the role in another unit and sees only that unit.
FOREIGN = person("chen.jie", "clerk@22", units=frozenset({"22"}))
#: Sees the unit but is not asked to do anything.
NEIGHBOUR = person("sun.lei", units=frozenset({"21"}))
A_PLAN = {"measure": "repair the roof", "amount": 12}


@pytest.fixture
def rectification(build: Callable[..., House]) -> House:
    """A house where RECT:1 waits for its plan."""
    house = build(collaborators(FixedClock(MONDAY), forms=ListedForms({"F-12": ("measure",)})))
    house.deploy(rectification=PLAN_AND_REVIEW)
    house.start("rectification", "RECT:1")
    return house


def test_an_instance_runs_from_start_to_end(rectification: House) -> None:
    plan = rectification.only(LI)
    rectification.complete(LI, plan.id, A_PLAN)
    review = rectification.only(WANG)

    moved = rectification.complete(WANG, review.id)

    assert moved.ended
    assert rectification.inbox(LI) == rectification.inbox(WANG) == []
    detail = rectification.ask(process_instance_detail, OPERATOR, moved.process_instance_id)
    assert (detail.instance.status, detail.instance.end_element_id) == ("completed", "end")
    assert detail.positions == []


def test_a_user_task_is_due_in_working_days(rectification: House) -> None:
    assert rectification.only(LI).due_at.isoformat() == "2026-03-09T10:00:00+00:00"


def test_completing_twice_names_who_was_faster_and_when(rectification: House) -> None:
    plan = rectification.only(LI)
    rectification.complete(LI, plan.id, A_PLAN)

    with pytest.raises(UserTaskAlreadyCompleted) as refusal:
        rectification.complete(ZHAO, plan.id, A_PLAN)

    assert refusal.value.message == (
        f"Expected to complete user task 'plan' ({plan.id}), but li.wei completed it at 2026-03-02T10:00+08:00."
    )
    assert refusal.value.facts["completed_by"] == "li.wei"
    assert refusal.value.facts["completed_at"] == "2026-03-02T10:00+08:00"


def test_a_candidate_who_completes_has_claimed(rectification: House) -> None:
    plan = rectification.only(LI)

    rectification.complete(LI, plan.id, A_PLAN)

    done = rectification.only(LI, InboxList.DONE)
    assert (done.id, done.assignee) == (plan.id, "li.wei")


def test_who_is_no_candidate_may_not_claim_or_complete(rectification: House) -> None:
    plan = rectification.only(LI)

    with pytest.raises(NotACandidate):
        rectification.claim(NEIGHBOUR, plan.id)
    with pytest.raises(NotACandidate):
        rectification.complete(NEIGHBOUR, plan.id, A_PLAN)


@pytest.mark.parametrize(
    "command",
    [
        lambda user_task_id: ClaimUserTask(actor=FOREIGN, user_task_id=user_task_id),
        lambda user_task_id: ReleaseUserTask(actor=FOREIGN, user_task_id=user_task_id),
        lambda user_task_id: CompleteUserTask(actor=FOREIGN, user_task_id=user_task_id, submission=A_PLAN),
        lambda user_task_id: ReturnUserTask(
            actor=FOREIGN, user_task_id=user_task_id, element_id="plan", comment="not enough"
        ),
        lambda user_task_id: SaveDraft(actor=FOREIGN, user_task_id=user_task_id, content={}),
    ],
    ids=["claim", "release", "complete", "return", "draft"],
)
def test_outside_of_the_unit_tree_it_looks_as_if_there_were_nothing(
    rectification: House, command: Callable[[str], Any]
) -> None:
    plan = rectification.only(LI)

    with pytest.raises(NotFound) as refusal:
        rectification.dispatcher.dispatch(command(plan.id))

    assert refusal.value.message == f"Expected a user task {plan.id!r}, but found none."


def test_a_claimed_user_task_leaves_the_other_inboxes(rectification: House) -> None:
    plan = rectification.only(LI)

    rectification.claim(LI, plan.id)

    assert rectification.inbox(ZHAO) == []
    assert [item.id for item in rectification.inbox(LI, InboxList.MINE)] == [plan.id]
    with pytest.raises(UserTaskAlreadyClaimed, match=r"it is li\.wei's"):
        rectification.claim(ZHAO, plan.id)
    with pytest.raises(NotTheAssignee, match=r"it is li\.wei's"):
        rectification.complete(ZHAO, plan.id, A_PLAN)


def test_claiming_again_changes_nothing(rectification: House) -> None:
    plan = rectification.only(LI)
    first = rectification.claim(LI, plan.id)

    again = rectification.claim(LI, plan.id)

    assert again.version == first.version


def test_a_released_user_task_lies_in_the_inboxes_again(rectification: House) -> None:
    plan = rectification.only(LI)
    rectification.claim(LI, plan.id)

    rectification.dispatcher.dispatch(ReleaseUserTask(actor=LI, user_task_id=plan.id))

    assert [item.id for item in rectification.inbox(ZHAO)] == [plan.id]
    rectification.complete(ZHAO, plan.id, A_PLAN)


def test_only_the_assignee_or_an_operator_may_release(rectification: House) -> None:
    plan = rectification.only(LI)
    rectification.claim(LI, plan.id)

    with pytest.raises(NotTheAssignee):
        rectification.dispatcher.dispatch(ReleaseUserTask(actor=ZHAO, user_task_id=plan.id))
    rectification.dispatcher.dispatch(ReleaseUserTask(actor=OPERATOR, user_task_id=plan.id))

    assert [item.id for item in rectification.inbox(ZHAO)] == [plan.id]


def test_what_was_given_to_one_person_cannot_be_released_to_nobody(house: House) -> None:
    body = '<startEvent id="s"/>' + user_task("t", groups="", attributes='camunda:assignee="li.wei"')
    house.deploy(p=bpmn("p", body + '<endEvent id="e"/>' + flows("s t", "t e")))
    house.start("p")

    with pytest.raises(NobodyToReleaseTo):
        house.dispatcher.dispatch(ReleaseUserTask(actor=LI, user_task_id=house.only(LI, InboxList.MINE).id))


def test_who_filed_a_document_may_not_review_it(rectification: House) -> None:
    rectification.complete(ZHAO, rectification.only(ZHAO).id, A_PLAN)
    review = rectification.only(ZHAO)

    with pytest.raises(FourEyesViolated) as refusal:
        rectification.complete(ZHAO, review.id)

    assert refusal.value.facts["filed_by"] == "zhao.min"
    with pytest.raises(FourEyesViolated):
        rectification.claim(ZHAO, review.id)
    rectification.complete(WANG, review.id)


def test_four_eyes_look_at_the_own_called_instance_first(build: Callable[..., House]) -> None:
    """Two rectifications of one root: who filed the one may review the other."""
    house = build(collaborators(FixedClock(MONDAY), forms=ListedForms({"F-12": ("measure",)})))
    calls = "".join(
        f'<callActivity id="call{n}" calledElement="rectification"><extensionElements>'
        f'<camunda:in source="unit_code" target="unit_code"/></extensionElements></callActivity>'
        for n in (1, 2)
    )
    gateways = '<parallelGateway id="fork"/><parallelGateway id="join"/>'
    body = '<startEvent id="s"/>' + gateways + calls + '<endEvent id="e"/>'
    house.deploy(
        rectification=PLAN_AND_REVIEW,
        two=bpmn("two", body + flows("s fork", "fork call1", "fork call2", "call1 join", "call2 join", "join e")),
    )
    house.start("two", "RECT:1")
    of_zhao, of_li = house.inbox(LI)
    house.complete(ZHAO, of_zhao.id, A_PLAN)
    house.complete(LI, of_li.id, A_PLAN)
    review_of_zhao, review_of_li = sorted(house.inbox(WANG), key=lambda item: item.id)

    house.complete(ZHAO, review_of_li.id)
    with pytest.raises(FourEyesViolated):
        house.complete(ZHAO, review_of_zhao.id)


def test_a_refused_form_tells_every_fault_and_changes_nothing(build: Callable[..., House]) -> None:
    house = build(collaborators(FixedClock(MONDAY), forms=ListedForms({"F-12": ("measure", "amount")})))
    house.deploy(rectification=PLAN_AND_REVIEW)
    house.start("rectification", "RECT:1")
    plan = house.only(LI)

    with pytest.raises(Invalid) as refusal:
        house.complete(LI, plan.id, {})

    assert [fault["path"] for fault in refusal.value.faults] == ["measure", "amount"]
    assert [item.version for item in house.inbox(LI)] == [plan.version]
    assert house.ask(documents, LI, "RECT:1") == []


def test_each_filing_is_the_next_version_of_its_document(rectification: House) -> None:
    rectification.complete(LI, rectification.only(LI).id, {"measure": "first"})
    review = rectification.only(WANG)
    back = ReturnUserTask(actor=WANG, user_task_id=review.id, element_id="plan", comment="more detail")
    rectification.dispatcher.dispatch(back)
    rectification.complete(LI, rectification.only(LI).id, {"measure": "second"})

    filed = rectification.ask(documents, LI, "RECT:1")

    assert [(each.version, each.content["measure"], each.filed_by) for each in filed] == [
        (2, "second", "li.wei"),
        (1, "first", "li.wei"),
    ]


def test_documents_of_instances_without_a_business_key_stay_apart(build: Callable[..., House]) -> None:
    house = build(collaborators(FixedClock(MONDAY), forms=ListedForms({"F-12": ("measure",)})))
    house.deploy(rectification=PLAN_AND_REVIEW)
    for measure in ("roof", "floor"):
        house.start("rectification")
        house.complete(LI, house.only(LI).id, {"measure": measure})

    reviews = house.inbox(WANG)

    filed = [house.ask(user_task_detail, WANG, review.id).documents for review in reviews]
    assert [[(each.version, each.content["measure"]) for each in some] for some in filed] == [
        [(1, "roof")],
        [(1, "floor")],
    ]


def test_a_return_goes_back_with_its_comment(rectification: House) -> None:
    started = rectification.only(LI)
    rectification.complete(LI, started.id, A_PLAN)
    review = rectification.only(WANG)

    rectification.dispatcher.dispatch(
        ReturnUserTask(actor=WANG, user_task_id=review.id, element_id="plan", comment="more detail")
    )

    plan = rectification.only(LI)
    assert plan.element_id == "plan" and plan.id != started.id
    detail = rectification.ask(user_task_detail, LI, plan.id)
    assert detail.variables["return_comment"] == "more detail"
    assert detail.variables["returned_by"] == "head"
    entries = rectification.ask(instance_history, OPERATOR, plan.process_instance_id, kinds=["UserTaskReturned"])
    assert [(entry.actor, entry.payload["comment"]) for entry in entries.items] == [("wang.fang", "more detail")]
    with pytest.raises(UserTaskNotOpen, match="cancelled at"):
        rectification.complete(WANG, review.id)


@pytest.mark.parametrize("comment", ["", "no", "    four    "])
def test_a_return_needs_a_comment_of_five_characters(rectification: House, comment: str) -> None:
    rectification.complete(LI, rectification.only(LI).id, A_PLAN)
    review = rectification.only(WANG)

    with pytest.raises(CommentTooShort) as refusal:
        rectification.dispatcher.dispatch(
            ReturnUserTask(actor=WANG, user_task_id=review.id, element_id="plan", comment=comment)
        )

    assert [fault["code"] for fault in refusal.value.faults] == ["comment-too-short"]


def test_a_draft_is_kept_for_its_writer_and_goes_with_completion(rectification: House) -> None:
    plan = rectification.only(LI)
    save = SaveDraft(actor=LI, user_task_id=plan.id, content={"measure": "hal", "amount": 3})
    rectification.dispatcher.dispatch(save)

    assert rectification.ask(user_task_detail, LI, plan.id).draft.content == {"measure": "hal", "amount": 3}
    assert rectification.ask(user_task_detail, ZHAO, plan.id).draft is None
    rectification.complete(LI, plan.id, A_PLAN)
    assert rectification.ask(user_task_detail, LI, plan.id).draft is None


def test_a_change_based_on_an_old_version_is_refused(rectification: House) -> None:
    plan = rectification.only(LI)
    rectification.dispatcher.dispatch(ClaimUserTask(actor=LI, user_task_id=plan.id), expected_version=plan.version)

    with pytest.raises(Stale, match=r"Expected version 1, but found version 2\."):
        rectification.dispatcher.dispatch(
            CompleteUserTask(actor=LI, user_task_id=plan.id, submission=A_PLAN), expected_version=plan.version
        )


def test_the_page_of_a_user_task_tells_what_the_actor_may_do(rectification: House) -> None:
    plan = rectification.only(LI)

    offered = rectification.ask(user_task_detail, LI, plan.id)
    watched = rectification.ask(user_task_detail, NEIGHBOUR, plan.id)

    assert (offered.may_claim, offered.may_complete) == (True, True)
    assert (watched.may_claim, watched.may_complete) == (False, False)
    assert offered.routing == [{"rule": "unit", "role": "clerk@21"}]
    assert offered.variables == {"unit_code": "21"}


def test_without_a_form_the_submission_becomes_variables(house: House) -> None:
    body = '<startEvent id="s"/>' + user_task("t") + user_task("u") + '<endEvent id="e"/>'
    house.deploy(p=bpmn("p", body + flows("s t", "t u", "u e")))
    house.start("p")
    house.complete(LI, house.only(LI).id, {"amount": 12.5, "tags": ["a", {"n": 3}]})

    variables = house.ask(user_task_detail, LI, house.only(LI).id).variables

    assert str(variables["amount"]) == "12.5"
    assert str(variables["tags"][1]["n"]) == "3"
