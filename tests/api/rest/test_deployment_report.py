"""A deployment tells the program that hands it in what a designer should know, in the language it asks for."""

from __future__ import annotations

import io
from typing import Any

from tests.api.rest.diagrams import RECTIFICATION
from tests.api.rest.visiting import Doors

#: A diagram of somebody else's: roles, forms, decisions and sub-processes that this house has never heard of.
FOREIGN = (
    RECTIFICATION.replace(b'"rectification"', b'"leave_request"')
    .replace(b'"project_owner"', b'"staff"')
    .replace(b'"dept_perf"', b'"team_lead"')
    .replace(b'camunda:formKey="plan"', b'camunda:formKey="leave"')
)


def upload(doors: Doors, *, language: str = "zh", **files: bytes | str) -> Any:
    content = {
        name.replace("__", "."): text if isinstance(text, bytes) else text.encode() for name, text in files.items()
    }
    return doors.visitor("designer").post(
        "/api/v1/deployments",
        data={name: (io.BytesIO(text), name) for name, text in content.items()},
        content_type="multipart/form-data",
        headers={"Accept-Language": language},
    )


def test_a_diagram_with_roles_of_its_own_is_deployed_and_the_answer_warns(some_doors: Doors) -> None:
    chinese = upload(some_doors, leave__bpmn=FOREIGN)
    english = upload(some_doors, language="en", leave__bpmn=FOREIGN)

    assert (chinese.status_code, english.status_code) == (201, 201)
    assert [(line["severity"], line["code"], line["element_id"]) for line in chinese.json["report"]] == [
        ("warning", "lint-unknown-role", "plan"),
        ("warning", "lint-unknown-form", "plan"),
        ("warning", "lint-unknown-role", "review"),
        ("warning", "lint-no-form", "review"),
    ]
    assert chinese.json["report"][0] == {
        "resource": "leave.bpmn",
        "severity": "warning",
        "code": "lint-unknown-role",
        "element_id": "plan",
        "message": "用户任务 plan 要由岗位“staff”办理，没有这个岗位。",
        "mend": "选一个已有的岗位，或者在第一个流程走到这里之前设好。",
        "facts": {"role": "staff"},
    }
    assert english.json["report"][0]["message"] == "User task plan is for role 'staff', which nobody knows."


def test_the_report_stays_with_the_version_and_is_told_in_the_language_of_whoever_asks(some_doors: Doors) -> None:
    upload(some_doors, leave__bpmn=FOREIGN)

    told = {
        language: some_doors.visitor("designer")
        .get("/api/v1/process-definitions/leave_request", headers={"Accept-Language": language})
        .json["report"][1]
        for language in ("zh", "en")
    }

    assert told["zh"]["message"] == "用户任务 plan 要用表单“leave”，没有这个表单。"
    assert told["en"]["message"] == "User task plan shows form 'leave', which does not exist."


def test_what_nobody_can_supply_is_refused_with_element_and_mend_in_both_languages(some_doors: Doors) -> None:
    faulty = FOREIGN.replace(b'camunda:dueDate="3WD"', b'camunda:dueDate="due.nowhere"')

    chinese, english = (upload(some_doors, language=each, leave__bpmn=faulty) for each in ("zh", "en"))

    assert chinese.status_code == 422
    assert chinese.json["code"] == "deployment-refused"
    (fault,), (same,) = chinese.json["faults"], english.json["faults"]
    assert (fault["code"], fault["path"]) == ("lint-unknown-deadline", "leave.bpmn#review")
    assert (fault["message"], fault["mend"]) == (
        "review 的期限“due.nowhere”没有配置。",
        "选一个已配置的期限，或直接写时间。",
    )
    assert (same["message"], same["mend"]) == (
        "review is due by 'due.nowhere', which is not configured.",
        "Choose a configured deadline, or write the time itself.",
    )


def test_test_cases_come_along_and_a_case_that_goes_otherwise_is_refused(some_doors: Doors) -> None:
    cases = (
        '[[case]]\nname = "straight"\nsteps = [{ complete = "plan" }, { complete = "review" }]\n'
        'expect = { end = "end" }\n'
    )

    sound = upload(some_doors, leave__bpmn=FOREIGN, leave__cases__toml=cases)
    unsound = upload(
        some_doors,
        leave__bpmn=FOREIGN.replace(b'name="\xe6\x95\xb4\xe6\x94\xb9"', b'name="x"'),
        leave__cases__toml=cases.replace('end = "end"', 'end = "end", user_tasks = ["review"]'),
    )

    assert sound.json["report"][-1]["message"] == "leave_request 的用例“straight”符合预期（2 步）。"
    assert unsound.status_code == 422
    assert unsound.json["faults"][0]["message"] == (
        "leave_request 的用例“straight”，用户任务应为 review，实际是 plan, review。"
    )
