"""Two windows of one person: what neither has seen is never overwritten, and the person decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from engine.commands import SaveDraft
from engine.commands.save_draft import DECIDED_KEPT
from engine.model.clock import FixedClock
from engine.model.user_task import Draft, DraftsChanged
from engine.queries import instance_history, user_task_detail
from tests.doubles import MONDAY, OPERATOR, ListedForms, collaborators, person
from tests.house import PLAN_AND_REVIEW, House

LI = person("li.wei", "clerk@21")


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
        "旧的", "C", before.revision, settles=before.apart[0], decided_against={"measure": "新的"}
    )

    assert (draft.content, draft.written_in, draft.revision) == ({"measure": "旧的"}, "C", 2)
    assert apart(draft) == [("", "新的")]
    assert draft.undecided == ()


def test_both_windows_stand_apart_from_what_was_decided(desk: Desk) -> None:
    desk.save("新的", "B", 0)
    before = desk.save("旧的", "A", 0)
    desk.save("合并", "C", before.revision, settles=before.apart[0], decided_against={"measure": "新的"})
    desk.save("甲接着写", "A", 0)
    draft = desk.save("乙接着写", "B", 0)

    assert draft.content == {"measure": "合并"}
    assert apart(draft) == [("", "新的"), ("A", "甲接着写"), ("B", "乙接着写")]


def test_a_decision_on_a_draft_that_has_changed_meanwhile_is_refused(desk: Desk) -> None:
    desk.save("新的", "B", 0)
    before = desk.save("旧的", "A", 0)
    desk.save("更新的", "B", 0)

    with pytest.raises(DraftsChanged, match="found a newer one"):
        desk.save("旧的", "C", before.revision, settles=before.apart[0])

    assert desk.draft.content == {"measure": "更新的"}


def test_a_decision_on_what_was_typed_on_meanwhile_is_refused(desk: Desk) -> None:
    desk.save("新的", "B", 0)
    before = desk.save("旧的", "A", 0)
    desk.save("旧的接着写", "A", 0)

    with pytest.raises(DraftsChanged, match="it has changed"):
        desk.save("新的", "C", before.revision, settles=before.apart[0])

    assert apart(desk.draft) == [("A", "旧的接着写")]


def test_of_what_was_decided_against_the_latest_are_kept_and_of_the_undecided_all(desk: Desk) -> None:
    draft = desk.save("0", "B", 0)
    for number in range(1, DECIDED_KEPT + 4):
        draft = desk.save(f"另{number}", f"W{number}", 0)
        draft = desk.save(
            str(number), "B", draft.revision, settles=draft.undecided[0], decided_against={"measure": f"弃{number}"}
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
