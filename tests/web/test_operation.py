"""Pages of who operates without a business role: where things stand and what failed, not what they are about."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.commands import DeployDefinitions, GiveUpTimer
from engine.model.actor import system_actor
from engine.store.wait_tables import timer
from tests.api.district import TENANT
from tests.doubles import FixedLadder
from tests.house import bpmn, flows, properties
from tests.web.office import DESIGNER, Office, open_office

#: Fails at once: the condition asks for a number that is not there.
STUCK = bpmn(
    "stuck",
    '<startEvent id="start"/><exclusiveGateway id="enough"/><endEvent id="end"/>'
    + flows("start enough")
    + '<sequenceFlow id="f" sourceRef="enough" targetRef="end"><conditionExpression>amount &gt; 0'
    "</conditionExpression></sequenceFlow>",
)
#: The same with names in both languages.
NAMED = STUCK.replace(
    b'<exclusiveGateway id="enough"/>',
    f'<exclusiveGateway id="enough" name="资金够吗">{properties(**{"name.en": "Funded?"})}</exclusiveGateway>'.encode(),
).replace(
    b'name="stuck" isExecutable="true">',
    f'name="资金核查" isExecutable="true">{properties(**{"name.en": "Check of funds"})}'.encode(),
)


def test_an_administrator_finds_an_incident_of_any_unit_and_retries_it(office: Office):
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"stuck.bpmn": STUCK}))
    office.start_of("stuck", "RECT-1", "2201")
    reader = office.reader("admin")

    page = reader.get("/incidents").text
    assert "RECT-1" in page and "示范区人民医院" in page and "enough" in page
    retry = re.search(r'action="(/incidents/[^"]+/retry)"', page)
    assert retry is not None

    assert reader.post(retry[1]).location == "/incidents"
    page = reader.get("/incidents").text
    assert "已重试" in page and retry[1] not in page  # it failed again: another incident


def test_who_neither_operates_nor_audits_is_shown_no_incidents(office: Office):
    reader = office.reader("edu.perf")

    assert "/incidents" not in reader.get("/inbox").text
    assert reader.get("/incidents").status_code == 403
    assert 'href="/inbox">← ' in reader.get(f"/instances/{office.start()}").text  # nobody is led back to a refusal


def test_an_administrator_sees_where_an_instance_stands_and_not_what_it_is_about(office: Office):
    instance = office.start()
    reader = office.reader("admin")

    listed, shown = reader.get("/instances").text, reader.get(f"/instances/{instance}").text

    assert "PRJ:A01:2026" in listed and "填报纠偏措施" in shown
    for page in (listed, shown):
        assert "义务教育薄弱环节改善" not in page
        assert "/user-tasks/" not in page
    assert "义务教育薄弱环节改善" in office.reader("edu.perf").get(f"/instances/{instance}").text


def cells(page: str) -> list[str]:
    """What the lines of the list say, cell by cell, without marks and forms."""
    found = re.findall(r"<td[^>]*>(.*?)</td>", page.partition("<tbody>")[2], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in found]


@pytest.mark.parametrize(
    ("language", "process", "step"), [("zh", "资金核查", "资金够吗 enough"), ("en", "Check of funds", "Funded? enough")]
)
def test_an_incident_is_told_by_project_process_and_step_in_the_readers_language(
    office: Office, language: str, process: str, step: str
):
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"stuck.bpmn": NAMED}))
    instance = office.start_of("stuck", "PRJ:A01:2026", "2101")
    reader = office.reader("fin.lead", language=language)

    page = reader.get("/incidents").text

    assert cells(page)[1:5] == ["义务教育薄弱环节改善 PRJ:A01:2026", process, step, "示范一中"]
    assert f'<a href="/instances/{instance}">义务教育薄弱环节改善</a>' in page
    assert 'href="/incidents">← ' in reader.get(f"/instances/{instance}").text


def test_an_incident_without_names_is_told_by_its_keys(office: Office):
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"stuck.bpmn": STUCK}))
    instance = office.start_of("stuck", "", "2101")

    assert cells(office.reader("fin.lead").get("/incidents").text)[1:4] == [instance, "stuck", "enough"]


def test_who_only_operates_is_not_told_which_project_an_incident_is_about(office: Office):
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"stuck.bpmn": NAMED}))
    office.start_of("stuck", "PRJ:A01:2026", "2101")

    page = office.reader("admin").get("/incidents").text

    assert cells(page)[1:4] == ["PRJ:A01:2026", "资金核查", "资金够吗 enough"]
    assert "义务教育薄弱环节改善" not in page


def test_the_list_of_incidents_tells_how_long_it_is(office: Office):
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"stuck.bpmn": STUCK}))
    office.start_of("stuck", "", "2101")
    zh, en = office.reader("admin"), office.reader("admin", language="en")
    assert "共 1 项" in zh.get("/incidents").text
    for _ in range(50):
        office.start_of("stuck", "", "2101")

    assert "51 in all, 50 on this page" in en.get("/incidents").text
    page = zh.get("/incidents").text
    assert "共 51 项，本页 50 项" in page
    further = re.search(r'href="(/incidents\?cursor=[^"]+)">下一页', page)
    assert further is not None and "共 51 项，本页 1 项" in zh.get(further[1]).text


def test_incidents_of_two_rungs_at_one_step_tell_which_is_which(sqlite_database_url: str, tmp_path: Path):
    ladder = FixedLadder({"yellow": timedelta(days=1), "red": timedelta(days=5)})
    with open_office(sqlite_database_url, tmp_path, ladder=ladder) as office:
        office.start()
        for key in ("yellow", "red"):
            with office.dispatcher.database.connect() as connection:
                (row,) = connection.execute(select(timer).where(timer.c.available_at.is_not(None))).all()
            given_up = {"root_id": row.root_id, "number": row.number, "key": key, "message": "the disk is full"}
            office.dispatcher.dispatch(GiveUpTimer(actor=system_actor(TENANT), **given_up))

        told = cells(office.reader("fin.lead").get("/incidents").text)

    assert [told[3], told[10]] == ["填报纠偏措施 红色预警 measure", "填报纠偏措施 黄色预警 measure"]
