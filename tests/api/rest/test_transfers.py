"""Transferring user tasks through the doors, with the real posts of the small district."""

from __future__ import annotations

from typing import Any

import pytest

from api.problems import problem_of
from api.texts import say
from engine.model.errors import EngineError, Fault
from engine.model.transfer import BlindNotTransferable, NotTransferable, TransferInvalid
from tests.api.rest.diagrams import RECTIFICATION
from tests.api.rest.visiting import Doors

ORDER = {"to": "edu1.head", "reason": "项目责任人病假两周"}


@pytest.fixture
def plan(doors: Doors) -> str:
    """Address of a plan that waits for the project owner of 示范一中."""
    deployed = doors.visitor("designer").upload(rectification_bpmn=RECTIFICATION)
    assert deployed.status_code == 201, deployed.text
    start = {"process_definition_key": "rectification", "business_key": "RECT:1", "unit_code": "2101"}
    started = doors.visitor("edu1.proj").post("/api/v1/process-instances", start)
    return f"/api/v1/user-tasks/{started.json['opened_user_tasks'][0]}"


def test_the_head_sees_whom_it_may_go_to_gives_it_and_everybody_is_told(doors: Doors, plan: str) -> None:
    owner, head = doors.visitor("edu1.proj"), doors.visitor("edu1.head")
    owner.post(f"{plan}/claim")
    typed = {"content": {"measure": "打到一半"}}
    assert owner.put(f"{plan}/draft", typed).status_code == 200
    listed = head.get(f"{plan}/colleagues").json["items"]
    assert [(each["user_id"], each["may_receive"], each["code"]) for each in listed] == [
        ("edu1.proj", False, "transfer-to-assignee"),
        ("edu1.head", True, None),
    ]
    assert (listed[1]["title"], listed[1]["unit_code"]) == ("示范一中校长", "2101")

    done = head.post(f"{plan}/transfer", ORDER)

    assert done.status_code == 200, done.text
    shown = head.get(plan).json
    assert (shown["assignee"], shown["candidate_groups"]) == ("edu1.head", ["project_owner@2101"])
    assert shown["draft"]["content"] == {"measure": "打到一半"}
    (told,) = shown["transfers"]
    assert {name: told[name] for name in ("by", "from_user", "to_user", "reason", "with_draft")} == {
        "by": "edu1.head",
        "from_user": "edu1.proj",
        "to_user": "edu1.head",
        "reason": ORDER["reason"],
        "with_draft": True,
    }
    assert head.get("/api/v1/user-tasks?list=mine").json["items"][0]["name"] == "提交整改方案"
    assert owner.get("/api/v1/user-tasks").json["items"] == []
    kept = owner.get(plan).json
    assert (kept["draft"]["content"], kept["may_complete"]) == ({"measure": "打到一半"}, False)
    refused = owner.post(f"{plan}/complete", {"submission": {"measure": "x"}})
    assert (refused.status_code, refused.json["code"]) == (403, "not-the-assignee")
    history = owner.get(f"/api/v1/history?process_instance_id={shown['process_instance_id']}").json["items"]
    (entry,) = [each for each in history if each["kind"] == "UserTaskTransferred"]
    assert (entry["actor"], entry["payload"]["reason"]) == ("edu1.head", ORDER["reason"])


def test_what_will_not_do_is_told_at_once_in_both_languages(doors: Doors, plan: str) -> None:
    body = {"to": "health.head", "reason": "忙"}
    refused = doors.visitor("edu1.head").post(f"{plan}/transfer", body)
    assert (refused.status_code, refused.json["code"]) == (422, "transfer-invalid")
    assert refused.json["detail"] == "转办有 2 处需要修改。"
    assert [(each["path"], each["message"]) for each in refused.json["faults"]] == [
        ("to", "health.head 不是本单位的人员，只能在本单位内转办。"),
        ("reason", "转办原因应有 2 至 500 个字，现有 1 个。"),
    ]
    english = doors.visitor("edu1.head").post(f"{plan}/transfer", body, headers={"Accept-Language": "en"})
    assert english.json["faults"][0]["message"] == (
        "Expected somebody of the unit where the work is done, but health.head does not belong to it."
    )


def test_roles_that_may_not_meet_are_refused_with_the_reason(doors: Doors, plan: str) -> None:
    head = doors.visitor("edu1.proj")
    head.post(f"{plan}/complete", {"submission": {"measure": "重新招标"}})
    (review,) = doors.visitor("edu.perf").get("/api/v1/user-tasks").json["items"]
    address = f"/api/v1/user-tasks/{review['id']}"
    refused = doors.visitor("edu.head").post(f"{address}/transfer", {"to": "edu1.proj", "reason": "出差"})
    # not of the department, whatever the roles are
    assert [each["code"] for each in refused.json["faults"]] == ["transfer-to-elsewhere"]
    assert doors.visitor("edu1.head").get(f"{address}/colleagues").status_code == 403
    given = doors.visitor("edu.head").post(f"{address}/transfer", {"to": "edu.head", "reason": "出差"})
    assert given.status_code == 200
    assert doors.visitor("edu.head").post(f"{address}/complete", {}).json["ended"] is True


@pytest.mark.parametrize("login", ["edu1.proj", "edu.perf", "fin.dir", "fin.perf", "gov.lead"])
def test_who_does_not_answer_for_the_unit_is_refused(doors: Doors, plan: str, login: str) -> None:
    visitor = doors.visitor(login)
    for answer in (visitor.post(f"{plan}/transfer", ORDER), visitor.get(f"{plan}/colleagues")):
        assert (answer.status_code, answer.json["code"]) == (403, "transfer-not-yours")
    assert answer.json["detail"] == "只有事项所在单位的主要负责人或其上级部门的主要负责人可以转办。"


@pytest.mark.parametrize("login", ["health.head", "admin", "exp.a"])
def test_out_of_sight_there_is_nothing(doors: Doors, plan: str, login: str) -> None:
    visitor = doors.visitor(login)
    assert visitor.post(f"{plan}/transfer", ORDER).status_code == 404
    assert visitor.get(f"{plan}/colleagues").status_code == 404


@pytest.mark.parametrize("body", [{}, {"to": "edu1.head"}, {"reason": "出差"}, {"to": 7, "reason": "出差"}])
def test_what_is_no_order_is_refused(doors: Doors, plan: str, body: dict[str, Any]) -> None:
    assert doors.visitor("edu1.head").post(f"{plan}/transfer", body).status_code == 422


def test_once_by_its_key_and_only_what_was_read(doors: Doors, plan: str) -> None:
    head = doors.visitor("edu1.head")
    stale = head.post(f"{plan}/transfer", ORDER, headers={"If-Match": '"7"'})
    assert stale.status_code == 412
    key = {"Idempotency-Key": "once", "If-Match": head.get(plan).headers["ETag"]}
    first = head.post(f"{plan}/transfer", ORDER, headers=key)
    assert first.status_code == 200
    assert head.post(f"{plan}/transfer", ORDER, headers=key).json == first.json
    again = head.post(f"{plan}/transfer", ORDER)
    assert [each["code"] for each in again.json["faults"]] == ["transfer-to-assignee"]


def test_of_finished_work_nobody_is_told_whom_it_could_go_to(doors: Doors, plan: str) -> None:
    doors.visitor("edu1.proj").post(f"{plan}/complete", {"submission": {"measure": "重新招标"}})
    head = doors.visitor("edu1.head")
    assert head.get(f"{plan}/colleagues").json["code"] == "user-task-already-completed"
    assert head.post(f"{plan}/transfer", ORDER).status_code == 409


@pytest.mark.parametrize(
    ("fault", "zh", "en"),
    [
        (Fault("transfer-to-missing", "x", "to"), "请选择转给谁办理。", "Say who is to have it."),
        (
            Fault("transfer-to-unknown", "x", "to", found="nobody"),
            "没有 nobody 这个在用的账号。",
            "There is no open account nobody.",
        ),
        (
            Fault("transfer-to-assignee", "x", "to", title="李伟"),
            "已经由李伟办理，请另选一人。",
            "李伟 has it already.",
        ),
        (
            Fault("transfer-to-filer", "x", "to", title="李伟"),
            "李伟填报了要审核的内容，不得由本人审核。",
            "李伟 filed what is to be reviewed here; somebody else must review it.",
        ),
        (
            Fault("transfer-to-conflict", "x", "to", title="李伟", why="填报项目的人不得审核项目"),
            "李伟的岗位与这一事项不相容：填报项目的人不得审核项目。",
            "The posts of 李伟 do not go with this work: one person may not hold both.",
        ),
    ],
)
def test_each_reason_why_somebody_cannot_have_it_is_said(fault: Fault, zh: str, en: str) -> None:
    (told,) = problem_of(TransferInvalid("x", (fault,), count=1), "zh").faults
    assert told["message"] == zh
    # pages say the short sentence in English, too
    assert say([fault["code"]], "en", fault) == en


@pytest.mark.parametrize(
    ("error", "zh"),
    [
        (BlindNotTransferable("x"), "背对背办理的事项不能转办。"),
        (NotTransferable("x"), "这一步不办理转办。"),
    ],
)
def test_what_nobody_transfers_is_said(error: EngineError, zh: str) -> None:
    problem = problem_of(error, "zh")
    assert (problem.status, problem.detail) == (409, zh)
