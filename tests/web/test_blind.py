"""What raters see of each other, on the pages and on the doors, for everybody of the district."""

from __future__ import annotations

import pytest

from engine.commands import DeployDefinitions, StartProcessInstance
from tests.api.district import CONTENT
from tests.house import bpmn, flows, user_task
from tests.web.office import DESIGNER, Office

RATERS = ["exp.a", "edu.perf", "fin.perf"]
LOGINS = [user["username"] for user in CONTENT["users"]]
#: Who sees the school's objects without having work on them.
OTHERS_IN_SCOPE = {"gov.lead", "fin.dir", "fin.lead", "fin.div1", "edu.head", "edu1.head", "edu1.proj", "audit.staff"}
SECRET = "两次招标均无供应商响应，评九十一分。"
INSIDE = (
    '<extensionElements><camunda:properties><camunda:property name="blind" value="ratings"/></camunda:properties>'
    '<camunda:inputOutput><camunda:outputParameter name="ratings">= append(if ratings = null then [] else ratings, '
    "cause)</camunda:outputParameter></camunda:inputOutput></extensionElements>"
    '<multiInstanceLoopCharacteristics camunda:collection="= experts" camunda:elementVariable="expert"/>'
)
RATING = bpmn(
    "rating",
    '<startEvent id="start"/>'
    + user_task("rate", groups="", attributes='camunda:assignee="= expert" camunda:formKey="measure"', inside=INSIDE)
    + '<endEvent id="end"/>'
    + flows("start rate", "rate end"),
)


@pytest.fixture
def rated(office: Office) -> str:
    """The first of three raters has filed. Returns the instance."""
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"rating.bpmn": RATING}))
    started = office.dispatcher.dispatch(
        StartProcessInstance(
            actor=DESIGNER,
            process_definition_key="rating",
            business_key="RATE-1",
            unit_code="2101",
            variables={"experts": RATERS},
        )
    )
    first = office.reader("exp.a")
    path = first.first_link("/inbox", "rate")
    sent = first.post(f"{path}/complete", cause=SECRET, kind="money", rows__0__text="重新招标", rows__0__share="100")
    assert sent.status_code == 303, sent.text
    return started.process_instance_id


def everything_seen(office: Office, login: str, instance: str) -> str:
    """Every page and door about the case that answers, in one text."""
    reader = office.reader(login)
    tasks = [each["id"] for each in reader.get(f"/api/v1/process-instances/{instance}").json.get("open_user_tasks", ())]
    done = [each["id"] for each in reader.get("/api/v1/user-tasks?list=done").json["items"]]
    paths = [f"/instances/{instance}", f"/api/v1/history?process_instance_id={instance}&limit=200", "/inbox?list=done"]
    for user_task_id in (*tasks, *done):
        paths += [f"/user-tasks/{user_task_id}", f"/api/v1/user-tasks/{user_task_id}"]
    return "\n".join(answer.text for answer in map(reader.get, paths) if answer.status_code == 200)


@pytest.mark.parametrize("login", LOGINS)
def test_a_rating_is_seen_by_its_author_and_by_those_in_scope_who_do_not_rate(office: Office, rated: str, login: str):
    seen = SECRET in everything_seen(office, login, rated)

    assert seen == (login == "exp.a" or login in OTHERS_IN_SCOPE)


def test_when_all_are_in_raters_in_scope_see_all(office: Office, rated: str):
    for login in RATERS[1:]:
        reader = office.reader(login)
        path = reader.first_link("/inbox", "rate")
        fields = {"cause": "同意立项，按期实施即可。", "kind": "money", "rows__0__text": "一", "rows__0__share": "100"}
        assert reader.post(f"{path}/complete", **fields).status_code == 303

    assert SECRET in everything_seen(office, "fin.perf", rated)


def test_the_history_is_among_what_is_looked_at(office: Office, rated: str):
    assert "VariablesChanged" in everything_seen(office, "exp.a", rated)
