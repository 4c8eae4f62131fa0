"""Stand-ins through the doors: set, listed, ended, and what a program is told of work done for somebody."""

from __future__ import annotations

from typing import Any

from tests.api.rest.diagrams import RECTIFICATION
from tests.api.rest.visiting import Doors

ABSENCES = "/api/v1/absences"
WEEK: dict[str, Any] = {
    "first_on": "2026-09-15",
    "last_on": "2026-09-18",
    "stand_in": "edu1.head",
    "reason": "外出培训",
}
FILED = {"submission": {"measure": "加强调度"}}


def test_an_absence_is_set_told_and_ended(doors: Doors) -> None:
    owner, stand_in = doors.visitor("edu1.proj"), doors.visitor("edu1.head")

    made = owner.post(ABSENCES, WEEK)
    again = owner.post(ABSENCES, WEEK)

    assert (made.status_code, again.status_code) == (201, 201)
    assert made.json == again.json
    assert {name: made.json[name] for name in (*WEEK, "user_id", "post", "set_by", "ended_at", "state")} == {
        **WEEK,
        "user_id": "edu1.proj",
        "post": None,
        "set_by": "edu1.proj",
        "ended_at": None,
        "state": "current",
    }
    assert stand_in.get(ABSENCES).json["items"] == [made.json]
    assert stand_in.get("/api/v1/session").json["stands_in_for"] == ["edu1.proj"]
    assert doors.visitor("health.head").get(ABSENCES).json["items"] == []

    ended = owner.post(f"{ABSENCES}/{made.json['id']}/end")
    assert (ended.status_code, ended.json["ended_by"], ended.json["state"]) == (200, "edu1.proj", "past")
    assert owner.post(f"{ABSENCES}/{made.json['id']}/end").json == ended.json
    assert stand_in.get("/api/v1/session").json["stands_in_for"] == []


def test_every_fault_is_told_with_its_field_and_in_both_languages(doors: Doors) -> None:
    asked = {**WEEK, "stand_in": "edu.perf", "last_on": "2026-09-01", "reason": ""}
    for language, texts in (
        ("zh", ["最后一天不能早于今天（2026-09-15）。", "最后一天不能早于第一天（2026-09-15）。"]),
        ("en", ["Expected a last day from 2026-09-15 on, but found 2026-09-01."] * 2),
    ):
        refused = doors.visitor("edu1.proj").post(ABSENCES, asked, headers={"Accept-Language": language})
        assert (refused.status_code, refused.json["code"]) == (422, "unsound-absence")
        faults = refused.json["faults"]
        assert [(each["code"], each["path"]) for each in faults] == [
            ("absence-past", "last_on"),
            ("absence-days", "last_on"),
            ("absence-reason", "reason"),
        ]
        assert [each["message"][: len(text)] for each, text in zip(faults, texts, strict=False)] == texts


def test_the_role_that_may_not_meet_is_told_by_its_name(doors: Doors) -> None:
    refused = doors.visitor("edu1.proj").post(ABSENCES, {**WEEK, "stand_in": "edu.perf"})
    (fault,) = refused.json["faults"]
    assert "填报项目的人不得审核项目" in fault["message"]


def test_others_than_the_person_heads_and_administrators_are_refused(doors: Doors) -> None:
    refused = doors.visitor("edu.perf").post(ABSENCES, {**WEEK, "user_id": "edu1.proj"})
    assert (refused.status_code, refused.json["code"]) == (403, "not-their-head")
    assert doors.visitor("edu.head").post(ABSENCES, {**WEEK, "user_id": "edu1.proj"}).status_code == 201


def test_work_of_who_is_away_is_told_as_done_for_him(doors: Doors) -> None:
    assert doors.visitor("designer").upload(rectification_bpmn=RECTIFICATION).status_code == 201
    owner, stand_in = doors.visitor("edu1.proj"), doors.visitor("edu1.head")
    start = {"process_definition_key": "rectification", "business_key": "RECT:1", "unit_code": "2101"}
    moved = owner.post("/api/v1/process-instances", start).json
    assert [each["id"] for each in stand_in.get("/api/v1/user-tasks").json["items"]] == []
    owner.post(ABSENCES, WEEK)

    (item,) = stand_in.get("/api/v1/user-tasks").json["items"]
    assert (item["id"], item["on_behalf_of"]) == (moved["opened_user_tasks"][0], "edu1.proj")
    done = stand_in.post(f"/api/v1/user-tasks/{item['id']}/complete", FILED)
    assert done.status_code == 200, done.text

    closed = owner.get(f"/api/v1/user-tasks/{item['id']}").json
    assert (closed["closed_by"], closed["closed_for"]) == ("edu1.head", "edu1.proj")
    assert closed["on_behalf_of"] == "edu1.proj"
    assert [(each["filed_by"], each["filed_for"]) for each in closed["documents"]] == [("edu1.head", "edu1.proj")]
    history = owner.get(f"/api/v1/history?process_instance_id={moved['process_instance_id']}&kind=UserTaskCompleted")
    assert [(each["actor"], each["acted_for"]) for each in history.json["items"]] == [("edu1.head", "edu1.proj")]
