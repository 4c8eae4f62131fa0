"""People are chosen from those who may be named, on the page; whoever else is sent is refused."""

from __future__ import annotations

import re

import pytest

from engine.commands import DeployDefinitions
from tests.house import bpmn, flows, user_task
from tests.web.office import DESIGNER, Office, Reader

PANEL = bpmn(
    "panel",
    '<startEvent id="start"/>'
    + user_task("choose", groups="dept_perf", attributes='camunda:formKey="panel"')
    + '<endEvent id="end"/>'
    + flows("start choose", "choose end"),
)


@pytest.fixture
def reader(office: Office) -> Reader:
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"panel.bpmn": PANEL}))
    office.start_of("panel", "PANEL-1", "2101")
    return office.reader("edu.perf")


@pytest.fixture
def path(reader: Reader) -> str:
    return reader.first_link("/inbox?list=claimable", "choose")


def offered(text: str) -> list[str]:
    return re.findall(r'value="([^"]+)">', text)


def test_only_people_of_the_role_are_offered(reader: Reader, path: str):
    page = reader.get(path).text

    assert re.findall(r'type="checkbox" name="experts" value="([^"]+)"', page) == ["exp.a"]
    assert "区教育局绩效经办" not in page and "专家A" in page


def test_people_near_the_object_come_first_and_the_rest_is_counted(reader: Reader, path: str):
    near = offered(reader.get(f"{path}/people?field=contact").text)

    assert near[:2] == ["edu1.head", "edu1.proj"] or near[:2] == ["edu1.proj", "edu1.head"]
    assert len(near) == 12
    assert "还有 4 人" in reader.get(f"{path}/people?field=contact").text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("医院", {"health.proj"}),
        ("HEALTH.", {"health.head", "health.proj"}),
        ("财政审计", {"audit.staff"}),
        ("%", set()),
    ],
)
def test_people_are_found_by_title_account_and_unit(reader: Reader, path: str, text: str, found: set[str]):
    answer = reader.client.get(f"{path}/people", query_string={"field": "contact", "text": text})

    assert set(offered(answer.text)) == found


def test_a_colleague_is_of_the_unit_or_its_department(reader: Reader, path: str):
    of_unit = {"edu1.head", "edu1.proj", "edu.head", "edu.perf"}

    assert set(offered(reader.get(f"{path}/people?field=colleague").text)) == of_unit
    refused = reader.post(f"{path}/complete", experts="exp.a", colleague="health.proj")
    assert "“经办人”中的“health.proj”不在可选人员之内。" in refused.text
    assert reader.post(f"{path}/complete", experts="exp.a", colleague="edu.perf").status_code == 303


def test_who_is_chosen_is_not_offered_again(reader: Reader, path: str):
    assert "exp.a" not in reader.get(f"{path}/people?field=experts&chosen=exp.a").text


def test_the_list_is_for_who_fills_in_the_form_and_for_its_people_only(office: Office, reader: Reader, path: str):
    assert reader.get(f"{path}/people?field=none").status_code == 404
    assert office.reader("edu.head").get(f"{path}/people?field=contact").status_code == 403
    assert office.reader("health.head").get(f"{path}/people?field=contact").status_code == 404


def test_who_may_not_be_named_is_refused_with_everything_chosen_kept(reader: Reader, path: str):
    answer = reader.post(f"{path}/complete", experts="edu1.proj", contact="nobody.here")

    assert answer.status_code == 422
    assert "“专家”中的“edu1.proj”不在可选人员之内。" in answer.text
    assert "“联系人”中的“nobody.here”不在可选人员之内。" in answer.text
    assert re.findall(r'name="experts" value="([^"]+)" checked', answer.text) == ["edu1.proj"]


def test_who_is_allowed_is_accepted_and_shown_by_title(reader: Reader, path: str):
    assert reader.post(f"{path}/complete", experts="exp.a", contact="edu1.head").status_code == 303

    page = reader.get(path).text
    assert "专家A" in page and "示范一中校长" in page


def test_whoever_keeps_a_draft_is_answered_with_names_not_accounts(reader: Reader, path: str):
    answer = reader.post(f"{path}/draft", contact="edu.perf", experts="exp.a")

    fields = answer.json["fields"]
    assert (fields["contact"]["text"], fields["experts"]["text"]) == ("教育局绩效经办", "专家A")
