"""Pages of who operates without a business role: where things stand and what failed, not what they are about."""

from __future__ import annotations

import re

from engine.commands import DeployDefinitions
from tests.house import bpmn, flows
from tests.web.office import DESIGNER, Office

#: Fails at once: the condition asks for a number that is not there.
STUCK = bpmn(
    "stuck",
    '<startEvent id="start"/><exclusiveGateway id="enough"/><endEvent id="end"/>'
    + flows("start enough")
    + '<sequenceFlow id="f" sourceRef="enough" targetRef="end"><conditionExpression>amount &gt; 0'
    "</conditionExpression></sequenceFlow>",
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


def test_an_administrator_sees_where_an_instance_stands_and_not_what_it_is_about(office: Office):
    instance = office.start()
    reader = office.reader("admin")

    listed, shown = reader.get("/instances").text, reader.get(f"/instances/{instance}").text

    assert "PRJ:A01:2026" in listed and "填报纠偏措施" in shown
    for page in (listed, shown):
        assert "义务教育薄弱环节改善" not in page
        assert "/user-tasks/" not in page
    assert "义务教育薄弱环节改善" in office.reader("edu.perf").get(f"/instances/{instance}").text
