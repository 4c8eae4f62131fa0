"""The main job through the doors: deploy, start, find, fill in, review, end."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from tests.api.rest.diagrams import GRADE, IN_BOTH_LANGUAGES, OUTSIDE, RECTIFICATION, WAITING
from tests.api.rest.visiting import Doors
from tests.house import properties

ENGLISH = {"Accept-Language": "en"}
START = {
    "process_definition_key": "rectification",
    "business_key": "RECT:1",
    "unit_code": "2101",
    "variables": {"amount": 800.10},
}


@pytest.fixture
def started(doors: Doors) -> dict[str, Any]:
    """A rectification of 示范一中 that waits for its plan."""
    return _start(doors)


@pytest.fixture
def started_once(some_doors: Doors) -> dict[str, Any]:
    """The same on SQLite."""
    return _start(some_doors)


def _start(doors: Doors) -> dict[str, Any]:
    assert doors.visitor("designer").upload(rectification_bpmn=RECTIFICATION).status_code == 201
    answer = doors.visitor("edu1.proj").post("/api/v1/process-instances", START)
    assert answer.status_code == 201, answer.text
    return answer.json


def test_a_process_runs_from_deployment_to_its_end(doors):
    designer, owner, reviewer = (doors.visitor(login) for login in ("designer", "edu1.proj", "edu.perf"))
    deployed = designer.upload(rectification_bpmn=RECTIFICATION)
    assert [(each["kind"], each["key"], each["version"]) for each in deployed.json["definitions"]] == [
        ("process", "rectification", 1)
    ]

    started = owner.post("/api/v1/process-instances", START).json
    (plan,) = owner.get("/api/v1/user-tasks").json["items"]
    assert (plan["element_id"], plan["due_at"]) == ("plan", "2026-09-22T10:00:00Z")
    done = owner.post(f"/api/v1/user-tasks/{plan['id']}/complete", {"submission": {"measure": "按月调度"}}).json
    assert done["process_instance_id"] == started["process_instance_id"]

    (review,) = reviewer.get("/api/v1/user-tasks?list=claimable").json["items"]
    assert [review["id"]] == done["opened_user_tasks"]
    assert reviewer.post(f"/api/v1/user-tasks/{review['id']}/claim").status_code == 200
    assert [item["id"] for item in reviewer.get("/api/v1/user-tasks?list=mine").json["items"]] == [review["id"]]
    ended = reviewer.post(f"/api/v1/user-tasks/{review['id']}/complete", {"submission": {}})
    assert (ended.status_code, ended.json["ended"]) == (200, True)

    shown = owner.get(f"/api/v1/process-instances/{started['process_instance_id']}").json
    assert (shown["status"], shown["end_element_id"]) == ("completed", "end")
    assert [item["id"] for item in reviewer.get("/api/v1/user-tasks?list=done").json["items"]] == [review["id"]]


def test_a_form_that_refuses_tells_every_fault_with_its_path(doors, started):
    (user_task_id,) = started["opened_user_tasks"]

    answer = doors.visitor("edu1.proj").post(f"/api/v1/user-tasks/{user_task_id}/complete", {"submission": {}})

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert [(fault["code"], fault["path"]) for fault in answer.json["faults"]] == [("required", "measure")]


def test_a_user_task_shows_variables_routing_and_what_may_be_done(doors, started):
    (user_task_id,) = started["opened_user_tasks"]

    shown = doors.visitor("edu1.proj").get(f"/api/v1/user-tasks/{user_task_id}")

    assert '"amount":800.1' in shown.text
    assert shown.json["routing"] == [
        {"rule": "unit", "role": "project_owner", "unit": "2101", "found": ["edu1.proj"], "skipped": ""}
    ]
    assert (shown.json["may_claim"], shown.json["may_complete"]) == (True, True)


def test_exact_numbers_come_back_as_they_went_in(doors):
    doors.visitor("designer").upload(rectification_bpmn=RECTIFICATION)
    owner = doors.visitor("edu1.proj")
    body = (
        '{"process_definition_key": "rectification", "unit_code": "2101",'
        ' "variables": {"a": 0.1, "b": 12345678901234567890.123456789, "c": 1e3, "d": -0}}'
    )
    started = owner.post("/api/v1/process-instances", data=body, content_type="application/json").json

    shown = owner.get(f"/api/v1/user-tasks/{started['opened_user_tasks'][0]}").text

    assert '"a":0.1,"b":12345678901234567890.123456789,"c":1000' in shown


def test_a_draft_is_kept_for_its_writer_and_gone_with_the_completion(doors, started):
    (user_task_id,) = started["opened_user_tasks"]
    owner = doors.visitor("edu1.proj")
    path = f"/api/v1/user-tasks/{user_task_id}/draft"
    assert owner.get(path).json["code"] == "draft-not-found"

    assert owner.put(path, {"content": {"measure": "先写一半", "amount": 0.30}}).status_code == 200

    assert '"content":{"measure":"先写一半","amount":0.3' in owner.get(path).text
    assert doors.visitor("edu.perf").get(path).json["code"] == "draft-not-found"
    owner.post(f"/api/v1/user-tasks/{user_task_id}/complete", {"submission": {"measure": "全"}})
    assert owner.get(path).json["code"] == "draft-not-found"


def test_a_reviewer_sends_the_work_back_with_a_comment(doors, started):
    owner, reviewer = doors.visitor("edu1.proj"), doors.visitor("edu.perf")
    (plan,) = started["opened_user_tasks"]
    done = owner.post(f"/api/v1/user-tasks/{plan}/complete", {"submission": {"measure": "按月调度"}}).json
    (review,) = done["opened_user_tasks"]

    back = reviewer.post(
        f"/api/v1/user-tasks/{review}/return", {"element_id": "plan", "comment": "请补充整改时限"}
    ).json

    (again,) = back["opened_user_tasks"]
    shown = owner.get(f"/api/v1/user-tasks/{again}").json
    assert (shown["element_id"], shown["variables"]["return_comment"]) == ("plan", "请补充整改时限")
    assert [document["content"]["measure"] for document in shown["documents"]] == ["按月调度"]


def test_who_was_faster_is_told_to_the_other(doors, started):
    (user_task_id,) = started["opened_user_tasks"]
    owner = doors.visitor("edu1.proj")
    owner.post(f"/api/v1/user-tasks/{user_task_id}/complete", {"submission": {"measure": "按月调度"}})

    late = owner.post(f"/api/v1/user-tasks/{user_task_id}/complete", {"submission": {"measure": "晚了"}})

    assert (late.status_code, late.json["code"]) == (409, "user-task-already-completed")
    assert late.json["facts"]["completed_by"] == "edu1.proj"
    assert late.json["detail"] == "任务“提交整改方案”已由 edu1.proj 于 2026-09-15T10:00+08:00 办结。"


def test_of_many_completions_at_once_one_is_carried_out(doors, started):
    (user_task_id,) = started["opened_user_tasks"]
    owner = doors.visitor("edu1.proj")

    def complete(number: int) -> int:
        submission = {"submission": {"measure": f"第 {number} 份"}}
        return owner.post(f"/api/v1/user-tasks/{user_task_id}/complete", submission).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(complete, range(6)))

    assert statuses == [200, 409, 409, 409, 409, 409]


def test_the_same_post_with_one_idempotency_key_has_one_effect_and_one_answer(doors):
    doors.visitor("designer").upload(rectification_bpmn=RECTIFICATION)
    owner = doors.visitor("edu1.proj")

    answers = [owner.post("/api/v1/process-instances", START, headers={"Idempotency-Key": "a1"}) for _ in range(4)]

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len(owner.get("/api/v1/process-instances").json["items"]) == 1


def test_an_idempotency_key_does_not_serve_for_another_request(doors, started):
    owner = doors.visitor("edu1.proj")
    first = owner.post(
        "/api/v1/process-instances", {**START, "business_key": "RECT:2"}, headers={"Idempotency-Key": "k"}
    )
    other = owner.post(
        "/api/v1/process-instances", {**START, "business_key": "RECT:3"}, headers={"Idempotency-Key": "k"}
    )

    assert (first.status_code, other.status_code, other.json["code"]) == (201, 422, "idempotency-key-reused")


def test_a_second_instance_with_the_same_business_key_is_refused(doors, started):
    answer = doors.visitor("edu1.proj").post("/api/v1/process-instances", START)

    assert (answer.status_code, answer.json["code"]) == (409, "already-running")
    assert answer.json["facts"]["process_instance_id"] == started["process_instance_id"]


@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        ('"1"', 200),
        ("*", 200),
        ('"7", "1"', 200),
        ('W/"7" ,,"1"', 200),
        ('"2"', 412),
        ('"2", "7"', 412),
        ('W/"1"', 412),
        ('"x"', 412),
        ('"²"', 412),
        ('"999999999999999999999999999999"', 412),
        ('"999999999999999999"', 412),
    ],
)
def test_a_change_may_ask_for_the_version_that_was_read(doors, started, if_match, status):
    (user_task_id,) = started["opened_user_tasks"]
    owner = doors.visitor("edu1.proj")
    assert owner.get(f"/api/v1/user-tasks/{user_task_id}").headers["ETag"] == '"1"'

    answer = owner.post(f"/api/v1/user-tasks/{user_task_id}/claim", headers={"If-Match": if_match})

    assert answer.status_code == status


@pytest.mark.parametrize("if_match", ["1", "abc", '"1', '"1" "2"', "*, *"])
def test_who_sends_no_etag_is_told_so_and_not_that_somebody_was_faster(some_doors, started_once, if_match):
    claim = f"/api/v1/user-tasks/{started_once['opened_user_tasks'][0]}/claim"
    owner = some_doors.visitor("edu1.proj")

    refused = owner.post(claim, headers={"If-Match": if_match})
    english = owner.post(claim, headers={"If-Match": if_match, **ENGLISH})

    assert (refused.status_code, refused.json["code"]) == (422, "unsound-if-match")
    assert refused.json["detail"] == (
        "请求头 If-Match 格式不正确：应为“*”或带引号的版本标记（ETag），例如 \"7\"；多个标记用逗号分隔。"
    )
    assert english.json["detail"] == f"Expected * or ETags in quotation marks in If-Match, but found {if_match}."


def test_a_held_instance_lets_nothing_through_until_it_is_resumed(doors):
    doors.visitor("designer").upload(rectification_bpmn=RECTIFICATION)
    lead = doors.visitor("fin.lead")
    started = lead.post("/api/v1/process-instances", START).json
    path = f"/api/v1/process-instances/{started['process_instance_id']}"
    owner = doors.visitor("edu1.proj")
    complete = f"/api/v1/user-tasks/{started['opened_user_tasks'][0]}/complete"

    assert lead.post(f"{path}/suspend", {"reason": "审计"}).status_code == 200
    refused = owner.post(complete, {"submission": {"measure": "x"}})
    assert (refused.status_code, refused.json["code"]) == (409, "instance-suspended")
    assert lead.post(f"{path}/resume").status_code == 200
    assert owner.post(complete, {"submission": {"measure": "x"}}).status_code == 200
    assert lead.post(f"{path}/cancel", {"reason": "项目终止"}).json["ended"] is True
    assert lead.get(path).json["reason"] == "项目终止"
    assert owner.post(f"{path}/cancel", {"reason": "x"}).status_code == 403


def test_a_message_moves_the_instance_that_waits_for_it(doors):
    doors.visitor("designer").upload(waiting_bpmn=WAITING)
    officer = doors.visitor("fin.perf")
    start = {"process_definition_key": "waiting", "business_key": "W:1", "variables": {"amount": 4}}
    started = officer.post("/api/v1/process-instances", start).json

    sent = officer.post("/api/v1/messages", {"name": "go", "correlation_key": "W:1", "message_id": "m-1"})
    again = officer.post("/api/v1/messages", {"name": "go", "correlation_key": "W:1", "message_id": "m-1"})

    assert (sent.status_code, sent.json) == (202, {"message_id": "m-1"})
    assert again.json == sent.json
    shown = officer.get(f"/api/v1/process-instances/{started['process_instance_id']}").json
    assert shown["status"] == "completed"


def test_a_message_is_sent_by_the_roles_it_belongs_to(doors):
    def send(login: str, name: str) -> tuple[int, str | None]:
        answer = doors.visitor(login).post("/api/v1/messages", {"name": name, "correlation_key": "W:1"})
        return answer.status_code, answer.json.get("code")

    assert send("fin.perf", "round.open") == (202, None)
    assert send("fin.lead", "round.open") == (403, "not-a-sender")
    # what processes tell one another comes from nobody
    assert send("fin.perf", "budget.approved") == (403, "not-a-sender")
    assert send("fin.lead", "anything.else") == (202, None)


def test_what_fails_becomes_an_incident_that_may_be_retried(doors):
    doors.visitor("designer").upload(waiting_bpmn=WAITING)
    lead = doors.visitor("fin.lead")
    lead.post(
        "/api/v1/process-instances",
        {"process_definition_key": "waiting", "business_key": "W:0", "variables": {"amount": 0}},
    )
    assert lead.post("/api/v1/messages", {"name": "go", "correlation_key": "W:0"}).status_code == 202

    (incident,) = lead.get("/api/v1/incidents").json["items"]
    retried = lead.post(f"/api/v1/incidents/{incident['id']}/retry")

    assert (incident["element_id"], incident["kind"]) == ("enough", "no-flow")
    assert retried.status_code == 200
    assert lead.post(f"/api/v1/incidents/{incident['id']}/retry").json["code"] == "incident-already-resolved"
    assert [item["element_id"] for item in lead.get("/api/v1/incidents").json["items"]] == ["enough"]
    assert doors.visitor("edu.perf").get("/api/v1/incidents").status_code == 403


def test_a_program_outside_takes_a_job_and_answers_it(doors):
    doors.visitor("designer").upload(outside_bpmn=OUTSIDE)
    lead, program = doors.visitor("fin.lead"), doors.visitor("admin")
    start = {"process_definition_key": "outside", "business_key": "O:1", "variables": {"amount": 12.50}}
    started = lead.post("/api/v1/process-instances", start).json

    (job,) = program.post("/api/v1/jobs/take", {"topic": "billing", "worker": "w1"}).json["jobs"]
    again = program.post("/api/v1/jobs/take", {"topic": "billing", "worker": "w2"}).json["jobs"]
    stolen = program.post(f"/api/v1/jobs/{job['id']}/answer", {"worker": "w2"})
    done = program.post(f"/api/v1/jobs/{job['id']}/answer", {"worker": "w1", "variables": {"bill": "N-1"}})

    assert (job["element_id"], job["variables"]["amount"], again) == ("bill", Decimal("12.5"), [])
    assert (stolen.status_code, stolen.json["code"]) == (409, "job-not-held")
    assert (done.status_code, done.json["ended"]) == (200, True)
    assert done.json["process_instance_id"] == started["process_instance_id"]


def test_history_tells_what_happened_in_order_and_who_did_it(doors, started):
    owner = doors.visitor("edu1.proj")
    owner.post(
        f"/api/v1/user-tasks/{started['opened_user_tasks'][0]}/complete", {"submission": {"measure": "按月调度"}}
    )
    path = f"/api/v1/history?process_instance_id={started['process_instance_id']}"

    entries = owner.get(path).json["items"]

    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    (done,) = owner.get(f"{path}&kind=UserTaskCompleted").json["items"]
    assert (done["element_id"], done["actor"], done["at"]) == ("plan", "edu1.proj", "2026-09-15T02:00:00Z")


def pages(read: Callable[[str], Any], limit: int) -> list[list[str]]:
    """Ids of a list, page by page."""
    found, cursor = [], ""
    while True:
        page = read(f"limit={limit}" + (f"&cursor={cursor}" if cursor else "")).json
        found.append([item["id"] for item in page["items"]])
        cursor = page["cursor"]
        if cursor is None:
            return found


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 200])
def test_the_open_list_shows_mine_before_claimable_page_by_page(some_doors, limit):
    some_doors.visitor("designer").upload(rectification_bpmn=RECTIFICATION)
    owner = some_doors.visitor("edu1.proj")
    ids = []
    for number in range(5):
        started = owner.post("/api/v1/process-instances", {**START, "business_key": f"RECT:{number}"}).json
        ids.extend(started["opened_user_tasks"])
    for claimed in ids[3:]:
        owner.post(f"/api/v1/user-tasks/{claimed}/claim")

    shown = pages(lambda query: owner.get(f"/api/v1/user-tasks?{query}"), limit)

    assert [each for page in shown for each in page] == [*ids[3:], *ids[:3]]
    assert all(len(page) <= limit for page in shown)


def test_filters_of_the_inbox_are_exact(some_doors):
    some_doors.visitor("designer").upload(rectification_bpmn=RECTIFICATION)
    owner = some_doors.visitor("edu1.proj")
    for number in range(3):
        owner.post("/api/v1/process-instances", {**START, "business_key": f"RECT:{number}"})

    def keys(query: str) -> list[str]:
        return [item["business_key"] for item in owner.get(f"/api/v1/user-tasks?{query}").json["items"]]

    assert keys("business_key=RECT:1") == ["RECT:1"]
    assert keys("text=rect:2") == ["RECT:2"]
    assert keys("element_id=review") == []
    assert keys("overdue=true") == []
    assert keys("due_before=2026-09-23T00:00:00%2B08:00") == ["RECT:0", "RECT:1", "RECT:2"]
    some_doors.district.clock.move_to(some_doors.district.clock.now().replace(day=23))
    assert keys("overdue=true&business_key=RECT:0") == ["RECT:0"]


def test_versions_and_files_of_a_process_can_be_read(doors):
    designer = doors.visitor("designer")
    designer.upload(rectification_bpmn=RECTIFICATION)
    changed = RECTIFICATION.replace("提交整改方案".encode(), "提交方案".encode())
    assert designer.upload(rectification_bpmn=changed).json["definitions"][0]["version"] == 2

    listed = designer.get("/api/v1/process-definitions").json["items"]
    every = designer.get("/api/v1/process-definitions?all_versions=true&key=rectification").json["items"]
    shown = designer.get("/api/v1/process-definitions/rectification?version=1").json
    xml = designer.get("/api/v1/process-definitions/rectification/xml?version=1")

    assert [item["ref"] for item in listed] == ["rectification:2"]
    assert [item["ref"] for item in every] == ["rectification:2", "rectification:1"]
    assert (shown["ref"], shown["file_name"]) == ("rectification:1", "rectification.bpmn")
    assert (xml.data, xml.mimetype) == (RECTIFICATION, "application/xml")
    assert xml.headers["Content-Disposition"] == "attachment; filename=rectification.bpmn"
    assert [len(item["files"]) for item in designer.get("/api/v1/deployments").json["items"]] == [1, 1]
    assert designer.get("/api/v1/process-definitions/rectification?version=3").status_code == 404


def test_a_decision_answers_with_its_reason(doors):
    designer = doors.visitor("designer")
    designer.upload(grade_dmn=GRADE)

    answer = designer.post("/api/v1/decisions/grade/evaluate", {"variables": {"score": 92.82}}).json

    assert (answer["ref"], answer["value"]) == ("grade:1", "优")
    assert [rule["id"] for rule in answer["explanation"]["decisions"][0]["matched"]] == ["r1"]
    assert designer.post("/api/v1/decisions/none/evaluate", {}).status_code == 404
    assert [item["ref"] for item in designer.get("/api/v1/decisions").json["items"]] == ["grade:1"]


def test_a_refused_deployment_tells_faults_and_leaves_nothing_behind(doors):
    designer = doors.visitor("designer")
    broken = RECTIFICATION.replace(b'targetRef="end"', b'targetRef="nowhere"')

    answer = designer.upload(rectification_bpmn=RECTIFICATION, broken_bpmn=broken, notes_txt=b"x")

    assert (answer.status_code, answer.json["code"]) == (422, "deployment-refused")
    assert {fault["path"].partition("#")[0] for fault in answer.json["faults"]} == {"broken.bpmn", "notes.txt"}
    assert designer.get("/api/v1/process-definitions").json["items"] == []


def test_processes_and_steps_are_named_in_the_language_of_the_reader(some_doors: Doors) -> None:
    assert some_doors.visitor("designer").upload(rectification_bpmn=IN_BOTH_LANGUAGES).status_code == 201
    owner = some_doors.visitor("edu1.proj")
    root_id = owner.post("/api/v1/process-instances", START).json["process_instance_id"]

    def shown(language: str) -> list[str]:
        def get(path: str) -> Any:
            return owner.get(f"/api/v1/{path}", headers={"Accept-Language": language}).json

        (line,) = get("user-tasks")["items"]
        (process,) = get("process-definitions")["items"]
        (opened,) = get(f"process-instances/{root_id}")["open_user_tasks"]
        named = [line["name"], get(f"user-tasks/{line['id']}")["name"], opened["name"], process["name"]]
        return [*named, get("process-definitions/rectification")["name"]]

    assert shown("en") == ["Plan", "Plan", "Plan", "Rectification", "Rectification"]
    assert shown("zh") == ["提交整改方案", "提交整改方案", "提交整改方案", "整改", "整改"]
    assert [each["name"] for each in owner.get("/api/v1/user-tasks?text=plan", headers=ENGLISH).json["items"]] == [
        "Plan"
    ]
    assert owner.get("/api/v1/process-definitions/rectification/xml").get_data() == IN_BOTH_LANGUAGES


def test_incidents_name_their_elements_in_the_readers_language(some_doors: Doors):
    inside = properties(**{"name.en": "Funded?"})
    named = WAITING.replace('name="有资金?"/>'.encode(), f'name="有资金?">{inside}</exclusiveGateway>'.encode())
    assert some_doors.visitor("designer").upload(waiting_bpmn=named).status_code == 201
    lead = some_doors.visitor("fin.lead")
    start = {"process_definition_key": "waiting", "business_key": "W:0", "variables": {"amount": 0}}
    lead.post("/api/v1/process-instances", start)
    lead.post("/api/v1/messages", {"name": "go", "correlation_key": "W:0"})

    for language, name in (("zh", "有资金?"), ("en", "Funded?")):
        (found,) = lead.get("/api/v1/incidents", headers={"Accept-Language": language}).json["items"]
        assert (found["element_id"], found["name"], found["timer_key"]) == ("enough", name, None)
