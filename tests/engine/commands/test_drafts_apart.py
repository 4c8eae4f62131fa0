"""Two windows of one person: what neither has seen is never overwritten, and the person decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from engine.commands import ReturnUserTask, SaveDraft
from engine.commands.save_draft import DECIDED_KEPT
from engine.model.clock import FixedClock
from engine.model.errors import Stale
from engine.model.user_task import Draft, DraftNotNamed, DraftNotSeen, DraftsChanged
from engine.queries import instance_history, user_task_detail
from tests.doubles import MONDAY, OPERATOR, ListedForms, collaborators, person
from tests.house import PLAN_AND_REVIEW, House

LI, SUN = person("li.wei", "clerk@21"), person("sun.lei", "clerk@21")
HEAD = person("head", "head@21")


@dataclass
class Desk:
    """A user task that li.wei works on in several windows."""

    house: House
    user_task_id: str

    def save(self, text: str, window: str, seen: int | None, **more: Any) -> Draft:
        content = {"measure": text}
        return self.send(content, window, seen, **more)

    def send(self, content: dict[str, Any], window: str, seen: int | None, **more: Any) -> Draft:
        command = SaveDraft(
            actor=LI, user_task_id=self.user_task_id, content=content, builds_on=seen, written_in=window, **more
        )
        self.house.dispatcher.dispatch(command)
        return self.draft

    @property
    def draft(self) -> Draft:
        return self.house.ask(user_task_detail, LI, self.user_task_id).draft


@pytest.fixture
def desk(build: Callable[..., House]) -> Desk:
    house = build(collaborators(FixedClock(MONDAY), forms=ListedForms({"F-12": ("measure",)})))
    house.deploy(rectification=PLAN_AND_REVIEW)
    return Desk(house, house.start("rectification", "RECT-1").opened_user_tasks[0])


def apart(draft: Draft) -> list[tuple[str, str]]:
    return [(each.written_in, each.content["measure"]) for each in draft.apart]


def test_one_window_goes_on_from_what_it_has_saved(desk: Desk) -> None:
    desk.save("一", "A", 0)
    draft = desk.save("一二", "A", 0)

    assert (draft.content, draft.revision, draft.apart) == ({"measure": "一二"}, 2, ())


def test_a_window_that_has_seen_the_draft_goes_on_from_it(desk: Desk) -> None:
    seen = desk.save("一", "A", 0).revision
    draft = desk.save("一二", "B", seen)

    assert (draft.content, draft.written_in, draft.apart) == ({"measure": "一二"}, "B", ())


def test_what_was_typed_without_having_seen_the_draft_stands_apart(desk: Desk) -> None:
    desk.save("新的", "B", 0)
    desk.house.move_to(MONDAY + timedelta(minutes=5))
    desk.save("旧的", "A", 0)
    draft = desk.save("旧的接着写", "A", 0)

    assert (draft.content, draft.revision, draft.saved_at) == ({"measure": "新的"}, 1, MONDAY)
    assert apart(draft) == [("A", "旧的接着写")]
    assert (draft.apart[0].builds_on, draft.apart[0].saved_at) == (0, MONDAY + timedelta(minutes=5))


def test_a_window_that_was_overtaken_after_it_had_saved_stands_apart(desk: Desk) -> None:
    first = desk.save("一", "A", 0).revision
    desk.save("二", "B", first)
    draft = desk.save("三", "A", 0)

    assert draft.content == {"measure": "二"}
    assert apart(draft) == [("A", "三")]


def test_a_window_that_says_the_same_as_the_draft_has_nothing_apart(desk: Desk) -> None:
    desk.save("新的", "B", 0)
    desk.save("旧的", "A", 0)
    draft = desk.save("新的", "A", 0)

    assert draft.apart == ()


def test_who_names_no_draft_replaces_it_and_leaves_what_stands_apart(desk: Desk) -> None:
    desk.save("新的", "B", 0)
    desk.save("旧的", "A", 0)
    draft = desk.save("程序写的", "", None)

    assert (draft.content, draft.revision) == ({"measure": "程序写的"}, 2)
    assert apart(draft) == [("A", "旧的")]


def test_what_is_decided_takes_the_place_and_the_other_is_kept(desk: Desk) -> None:
    desk.save("新的", "B", 0)
    before = desk.save("旧的", "A", 0)
    draft = desk.save(
        "旧的", "C", before.revision, settles=before.apart[0].id, decided_against={"measure": "新的"}
    )

    assert (draft.content, draft.written_in, draft.revision) == ({"measure": "旧的"}, "C", 2)
    assert apart(draft) == [("", "新的")]
    assert draft.undecided == ()


def test_both_windows_stand_apart_from_what_was_decided(desk: Desk) -> None:
    desk.save("新的", "B", 0)
    before = desk.save("旧的", "A", 0)
    desk.save("合并", "C", before.revision, settles=before.apart[0].id, decided_against={"measure": "新的"})
    desk.save("甲接着写", "A", 0)
    draft = desk.save("乙接着写", "B", 0)

    assert draft.content == {"measure": "合并"}
    assert apart(draft) == [("", "新的"), ("A", "甲接着写"), ("B", "乙接着写")]


def test_a_decision_on_a_draft_that_has_changed_meanwhile_is_refused(desk: Desk) -> None:
    desk.save("新的", "B", 0)
    before = desk.save("旧的", "A", 0)
    desk.save("更新的", "B", 0)

    with pytest.raises(DraftsChanged, match="found a newer one"):
        desk.save("旧的", "C", before.revision, settles=before.apart[0].id)

    assert desk.draft.content == {"measure": "更新的"}


def test_a_decision_on_what_was_typed_on_meanwhile_is_refused(desk: Desk) -> None:
    desk.save("新的", "B", 0)
    before = desk.save("旧的", "A", 0)
    desk.save("旧的接着写", "A", 0)

    with pytest.raises(DraftsChanged, match="it has changed"):
        desk.save("新的", "C", before.revision, settles=before.apart[0].id)

    assert apart(desk.draft) == [("A", "旧的接着写")]


def test_of_each_field_the_side_that_was_not_taken_is_kept(desk: Desk) -> None:
    desk.send({"measure": "新的", "amount": 1, "reason": "新"}, "B", 0)
    before = desk.send({"measure": "旧的", "amount": 2, "people": "旧"}, "A", 0)
    taken = {"measure": "旧的", "amount": 3, "people": "旧"}
    draft = desk.send(taken, "C", before.revision, settles=before.apart[0].id)

    assert draft.content == taken
    assert [each.content for each in draft.apart] == [{"measure": "新的", "amount": 2, "reason": "新"}]


def test_where_nothing_is_decided_against_nothing_is_kept(desk: Desk) -> None:
    desk.send({"measure": "新的"}, "B", 0)
    before = desk.send({"amount": 2}, "A", 0)
    draft = desk.send({"measure": "新的", "amount": 2}, "C", before.revision, settles=before.apart[0].id)

    # the side of a field that is missing holds nothing
    assert (draft.content, draft.apart) == ({"measure": "新的", "amount": 2}, ())


def test_a_decision_that_comes_again_with_its_key_is_answered_as_before(desk: Desk) -> None:
    desk.save("新的", "B", 0)
    before = desk.save("旧的", "A", 0)
    command = SaveDraft(
        actor=LI, user_task_id=desk.user_task_id, content={"measure": "旧的"}, builds_on=1, settles=before.apart[0].id
    )
    first = desk.house.dispatcher.dispatch(command, "k-1")
    again = desk.house.dispatcher.dispatch(command, "k-1")

    assert first == again
    assert (first.revision, first.apart) == (2, False)
    assert apart(desk.draft) == [("", "新的")]


def test_the_answer_tells_whether_it_stands_apart(desk: Desk) -> None:
    def answer(text: str, window: str) -> tuple[int, bool]:
        command = SaveDraft(
            actor=LI, user_task_id=desk.user_task_id, content={"measure": text}, builds_on=0, written_in=window
        )
        done = desk.house.dispatcher.dispatch(command)
        return done.revision, done.apart

    assert answer("一", "A") == (1, False)
    assert answer("一二", "A") == (2, False)
    assert answer("旧的", "B") == (2, True)
    assert answer("一二", "B") == (2, False)


@pytest.mark.parametrize(
    ("seen", "refusal", "told"),
    [
        (None, DraftNotNamed, r"one stands there \(revision 2\), but was told nothing"),
        (0, DraftNotSeen, "Expected revision 2 of the draft to have been read, but it was 0"),
        (1, DraftNotSeen, "Expected revision 2 of the draft to have been read, but it was 1"),
    ],
)
def test_who_wants_no_second_version_is_refused_and_nothing_changes(
    desk: Desk, seen: int | None, refusal: type[Stale], told: str
) -> None:
    desk.save("一", "A", 0)
    before = desk.save("二", "A", 0)

    with pytest.raises(refusal, match=told) as refused:
        desk.save("程序写的", "", seen, is_refused_unseen=True)

    assert desk.draft == before
    assert refused.value.facts["revision"] == 2


def test_who_wants_no_second_version_and_has_read_the_draft_goes_on_from_it(desk: Desk) -> None:
    first = desk.save("一", "", None, is_refused_unseen=True)
    draft = desk.save("二", "", first.revision, is_refused_unseen=True)

    assert (draft.content, draft.revision, draft.apart) == ({"measure": "二"}, 2, ())


@pytest.fixture
def returned(desk: Desk) -> Desk:
    """The step again, at which li.wei had typed two versions when sun.lei filed it; the head has returned it."""
    desk.save("新的", "B", 0)
    desk.save("旧的", "A", 0)
    return again(desk)


def again(desk: Desk) -> Desk:
    """sun.lei files, the head returns it."""
    desk.house.complete(SUN, desk.user_task_id, {"measure": "重新招标"})
    review = desk.house.only(HEAD).id
    desk.house.dispatcher.dispatch(
        ReturnUserTask(actor=HEAD, user_task_id=review, element_id="plan", comment="请补充材料")
    )
    return Desk(desk.house, desk.house.only(LI).id)


def test_work_that_comes_back_brings_the_draft_and_what_stood_apart(desk: Desk, returned: Desk) -> None:
    found = returned.house.ask(user_task_detail, LI, returned.user_task_id)

    assert returned.user_task_id != desk.user_task_id
    assert (found.draft, found.draft_at_hand) == (None, found.earlier_draft)
    assert (found.earlier_draft.content, found.earlier_draft.revision) == ({"measure": "新的"}, 0)
    assert apart(found.earlier_draft) == [("A", "旧的")]
    assert returned.house.ask(user_task_detail, SUN, returned.user_task_id).draft_at_hand is None


def test_what_stood_apart_stays_when_the_work_that_came_back_is_typed_on(returned: Desk) -> None:
    draft = returned.save("新的接着写", "C", 0)

    assert (draft.content, draft.revision) == ({"measure": "新的接着写"}, 1)
    assert apart(draft) == [("A", "旧的")]
    assert apart(returned.save("新的写完", "C", 0)) == [("A", "旧的")]


def test_what_stood_apart_is_decided_on_before_anything_is_typed(returned: Desk) -> None:
    before = returned.house.ask(user_task_detail, LI, returned.user_task_id).earlier_draft
    draft = returned.save("旧的", "C", before.revision, settles=before.apart[0].id)

    assert (draft.content, draft.undecided) == ({"measure": "旧的"}, ())
    assert apart(draft) == [("", "新的")]


def test_work_that_comes_back_twice_brings_both_still(returned: Desk) -> None:
    returned.house.move_to(MONDAY + timedelta(hours=1))
    returned.save("新的接着写", "C", 0)
    third = again(returned)

    found = third.house.ask(user_task_detail, LI, third.user_task_id).earlier_draft
    assert (found.content, apart(found)) == ({"measure": "新的接着写"}, [("A", "旧的")])
    assert apart(third.save("第三次", "D", 0)) == [("A", "旧的")]


def test_what_stood_apart_when_the_own_work_was_filed_does_not_come_back(returned: Desk) -> None:
    returned.house.move_to(MONDAY + timedelta(hours=1))
    returned.house.complete(LI, returned.user_task_id, {"measure": "定稿"})
    review = returned.house.only(HEAD).id
    returned.house.dispatcher.dispatch(
        ReturnUserTask(actor=HEAD, user_task_id=review, element_id="plan", comment="请补充材料")
    )
    third = Desk(returned.house, returned.house.only(LI).id)

    assert third.house.ask(user_task_detail, LI, third.user_task_id).earlier_draft is None
    assert third.save("重新写", "D", 0).apart == ()


def test_of_what_was_decided_against_the_latest_are_kept_and_of_the_undecided_all(desk: Desk) -> None:
    draft = desk.save("0", "B", 0)
    for number in range(1, DECIDED_KEPT + 4):
        draft = desk.save(f"另{number}", f"W{number}", 0)
        draft = desk.save(
            str(number), "B", draft.revision, settles=draft.undecided[0].id, decided_against={"measure": f"弃{number}"}
        )
    for number in range(DECIDED_KEPT + 4):
        draft = desk.save(f"未{number}", f"U{number}", 0)

    assert [text for window, text in apart(draft) if not window] == [f"弃{number}" for number in range(4, 14)]
    assert len(draft.undecided) == DECIDED_KEPT + 4


def test_the_history_tells_that_a_draft_was_saved_and_nothing_of_it(desk: Desk) -> None:
    desk.save("新的", "B", 0)
    desk.save("旧的", "A", 0)
    root = desk.house.ask(user_task_detail, LI, desk.user_task_id).user_task.root_id

    entries = desk.house.ask(instance_history, OPERATOR, root).items

    assert "旧的" not in repr(entries) and "新的" not in repr(entries)
