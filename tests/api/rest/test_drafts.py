"""A program keeps drafts with the same care as the page: nothing that it has not read is overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api.rest.diagrams import RECTIFICATION
from tests.api.rest.visiting import Doors, Visitor

HERE, THERE = {"measure": "表格里写的"}, {"measure": "页面上写的"}
NOW, LATER = "2026-09-15T02:00:00Z", "2026-09-15T02:05:00Z"


@dataclass
class Desk:
    """A user task at which a program and a page write for one person."""

    doors: Doors
    me: Visitor
    user_task_id: str

    @property
    def path(self) -> str:
        return f"/api/v1/user-tasks/{self.user_task_id}/draft"

    def put(self, content: dict[str, Any], headers: dict[str, str] | None = None, **said: Any) -> TestResponse:
        return self.me.put(self.path, {"content": content, **said}, headers=headers)

    @property
    def draft(self) -> dict[str, Any]:
        return self.me.get(self.path).json

    @property
    def texts_apart(self) -> list[tuple[str, bool]]:
        return [(each["content"]["measure"], each["decided"]) for each in self.draft["apart"]]


#: What the reviewer says is a form, too.
WITH_TWO_FORMS = RECTIFICATION.replace(b'camunda:dueDate="3WD"', b'camunda:dueDate="3WD" camunda:formKey="plan"')


def begin(doors: Doors) -> Desk:
    assert doors.visitor("designer").upload(rectification_bpmn=WITH_TWO_FORMS).status_code == 201
    owner = doors.visitor("edu1.proj")
    start = {"process_definition_key": "rectification", "business_key": "RECT:1", "unit_code": "2101"}
    started = owner.post("/api/v1/process-instances", {**start, "variables": {"amount": 800}}).json
    return Desk(doors, owner, started["opened_user_tasks"][0])


@pytest.fixture
def desk(doors: Doors) -> Desk:
    return begin(doors)


@pytest.fixture
def overtaken(desk: Desk) -> Desk:
    """The page has saved; the program, which has not read it, has been kept apart five minutes later."""
    assert desk.put(THERE, written_in="page").json["apart"] is False
    desk.doors.district.clock.move_to(desk.doors.district.clock.now() + timedelta(minutes=5))
    kept = desk.put(HERE, written_in="excel-1", builds_on=0)
    assert (kept.status_code, kept.json["apart"], kept.json["revision"]) == (200, True, 1)
    return desk


def test_a_draft_tells_what_stands_apart_from_it_since_when_and_on_what_it_builds(overtaken: Desk):
    shown = overtaken.draft

    (apart,) = shown.pop("apart")
    assert shown == {"content": THERE, "saved_at": NOW, "revision": 1, "written_in": "page"}
    assert len(apart.pop("id")) == 16
    assert apart == {
        "content": HERE,
        "saved_at": LATER,
        "builds_on": 0,
        "written_in": "excel-1",
        "decided": False,
    }


def test_the_user_task_shows_both_too(overtaken: Desk):
    shown = overtaken.me.get(f"/api/v1/user-tasks/{overtaken.user_task_id}").json["draft"]

    assert shown == overtaken.draft


def test_who_names_a_window_goes_on_from_what_it_has_saved(desk: Desk):
    answers = [desk.put({"measure": text}, written_in="excel-1").json for text in ("一", "一二", "一二三")]

    assert [(each["revision"], each["apart"]) for each in answers] == [(1, False), (2, False), (3, False)]
    assert (desk.draft["content"], desk.draft["apart"]) == ({"measure": "一二三"}, [])


def test_what_a_window_has_read_is_replaced_and_what_it_types_on_apart_stands_once(desk: Desk):
    desk.put(THERE, written_in="page")
    assert desk.put(HERE, written_in="excel-1", builds_on=1).json["apart"] is False
    assert desk.put({"measure": "页面接着写"}, written_in="page").json["apart"] is True
    assert desk.put({"measure": "页面写完"}, written_in="page").json["apart"] is True

    assert (desk.draft["content"], desk.texts_apart) == (HERE, [("页面写完", False)])


def test_who_says_nothing_of_a_draft_that_stands_is_told_so_and_it_stays(desk: Desk):
    assert desk.put(THERE).status_code == 200

    refused = desk.put(HERE)

    assert (refused.status_code, refused.json["code"]) == (428, "draft-not-named")
    assert refused.json["detail"] == (
        "您在此已有草稿（2026-09-15T10:00+08:00 保存），没有被覆盖。"
        "保存时请注明所依据的草稿：If-Match、builds_on 或 written_in。"
    )
    assert refused.json["facts"]["draft"] == desk.draft
    assert desk.draft["content"] == THERE


def test_who_builds_on_an_old_draft_without_a_window_is_refused_with_what_stands_there(desk: Desk):
    desk.put({"measure": "一"})
    desk.put(THERE, builds_on=1)

    refused = desk.put(HERE, builds_on=1)

    assert (refused.status_code, refused.json["code"]) == (412, "draft-not-seen")
    assert refused.json["detail"] == (
        "您在此的草稿于 2026-09-15T10:00+08:00 又有改动，没有被覆盖。请按现在的草稿继续填写后再保存。"
    )
    assert refused.json["facts"]["draft"]["content"] == THERE
    assert (desk.draft["content"], desk.draft["revision"], desk.draft["apart"]) == (THERE, 2, [])


def test_an_old_etag_is_refused_with_what_stands_there_and_the_one_it_has_serves(desk: Desk):
    desk.put({"measure": "一"})
    old = desk.me.get(desk.path).headers["ETag"]
    desk.put(THERE, headers={"If-Match": old})

    refused = desk.put(HERE, headers={"If-Match": old})

    assert (refused.status_code, refused.json["code"]) == (412, "stale")
    assert refused.json["facts"]["draft"] == desk.draft
    assert desk.draft["content"] == THERE
    assert desk.put(HERE, headers={"If-Match": desk.me.get(desk.path).headers["ETag"]}).status_code == 200
    assert (desk.draft["content"], desk.draft["apart"]) == (HERE, [])


def test_an_etag_does_not_hide_that_another_draft_was_read(desk: Desk):
    desk.put({"measure": "一"})
    desk.put(THERE, builds_on=1)
    etag = desk.me.get(desk.path).headers["ETag"]

    assert desk.put(HERE, headers={"If-Match": etag}, builds_on=1).json["code"] == "draft-not-seen"
    assert desk.draft["content"] == THERE


def test_before_there_is_a_draft_nothing_needs_to_be_said(desk: Desk):
    refused = desk.put(HERE, headers={"If-Match": '"7"'})
    assert (refused.status_code, refused.json["facts"]["draft"]) == (412, None)

    kept = desk.put(HERE).json

    assert (kept["user_task_id"], kept["revision"], kept["apart"]) == (desk.user_task_id, 1, False)


def test_the_author_drops_what_stands_apart_and_can_take_it_back(overtaken: Desk):
    (apart,) = overtaken.draft["apart"]
    assert overtaken.put(THERE, builds_on=1, settles=apart["id"]).json["revision"] == 2
    assert (overtaken.draft["content"], overtaken.texts_apart) == (THERE, [("表格里写的", True)])

    (dropped,) = overtaken.draft["apart"]
    assert (dropped["builds_on"], dropped["written_in"]) == (None, "")
    assert overtaken.put(HERE, builds_on=2, settles=dropped["id"]).status_code == 200
    assert (overtaken.draft["content"], overtaken.texts_apart) == (HERE, [("页面上写的", True)])


def test_a_decision_on_what_has_changed_meanwhile_is_refused(overtaken: Desk):
    (apart,) = overtaken.draft["apart"]
    overtaken.put({"measure": "表格里接着写"}, written_in="excel-1")

    refused = overtaken.put(THERE, builds_on=1, settles=apart["id"])

    assert (refused.status_code, refused.json["code"]) == (412, "drafts-changed")
    assert [each["content"] for each in refused.json["facts"]["draft"]["apart"]] == [{"measure": "表格里接着写"}]
    assert overtaken.texts_apart == [("表格里接着写", False)]


def test_a_decision_by_a_program_that_has_not_read_the_draft_is_refused(overtaken: Desk):
    (apart,) = overtaken.draft["apart"]

    assert overtaken.put(HERE, settles=apart["id"]).status_code == 428
    assert overtaken.put(HERE, settles=apart["id"], written_in="excel-2").json["code"] == "drafts-changed"
    assert (overtaken.draft["content"], overtaken.texts_apart) == (THERE, [("表格里写的", False)])


def test_a_decision_that_is_sent_again_with_its_key_has_one_effect(overtaken: Desk):
    (apart,) = overtaken.draft["apart"]

    answers = [
        overtaken.put(HERE, headers={"Idempotency-Key": "d-1"}, builds_on=1, settles=apart["id"]) for _ in range(3)
    ]

    assert {each.status_code for each in answers} == {200}
    assert len({each.text for each in answers}) == 1
    assert (overtaken.draft["revision"], overtaken.texts_apart) == (2, [("页面上写的", True)])


def test_work_that_comes_back_brings_both_and_the_author_decides(doors: Doors):
    desk, reviewer = begin(doors), doors.visitor("edu.perf")
    review = Desk(doors, reviewer, filed(desk.me, desk.user_task_id))
    review.put(THERE, written_in="page")
    review.put(HERE, written_in="excel-1")
    back = {"element_id": "plan", "comment": "请补充整改时限"}
    returned = reviewer.post(f"/api/v1/user-tasks/{review.user_task_id}/return", back).json
    second = Desk(doors, reviewer, filed(desk.me, returned["opened_user_tasks"][0]))

    earlier = reviewer.get(f"/api/v1/user-tasks/{second.user_task_id}").json["earlier_draft"]

    (apart,) = earlier["apart"]
    assert (earlier["content"], earlier["revision"], apart["content"]) == (THERE, 0, HERE)
    assert reviewer.get(second.path).json["code"] == "draft-not-found"
    assert second.put(HERE, builds_on=0, settles=apart["id"]).json["revision"] == 1
    assert (second.draft["content"], second.texts_apart) == (HERE, [("页面上写的", True)])


def filed(owner: Visitor, plan: str) -> str:
    """The plan is handed in; the user task of its review."""
    done = owner.post(f"/api/v1/user-tasks/{plan}/complete", {"submission": {"measure": "按月调度"}}).json
    return done["opened_user_tasks"][0]


def test_others_learn_nothing_of_a_draft_from_a_refusal(overtaken: Desk):
    other = Desk(overtaken.doors, overtaken.doors.visitor("edu.perf"), overtaken.user_task_id)

    refused = other.put(HERE, headers={"If-Match": '"77"'})

    assert refused.json["facts"].get("draft") is None
    assert THERE["measure"] not in refused.text


def test_both_ways_to_say_what_was_read_are_described(some_doors: Doors):
    document = some_doors.app.test_client().get("/api/v1/openapi.json").json
    operation = document["paths"]["/api/v1/user-tasks/{user_task_id}/draft"]["put"]

    assert "428 when you say nothing" in operation["description"]
    assert {each["name"] for each in operation["parameters"]} >= {"If-Match", "Idempotency-Key"}
    body = document["components"]["schemas"]["DraftContent"]["properties"]
    assert set(body) == {"content", "builds_on", "written_in", "settles"}
    assert all("description" in body[name] for name in body)
