"""Decisions read the configured thresholds that are in force on the day they decide."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from engine.queries import user_task_detail
from engine.store.settings_rows import Setting, put_settings
from tests.doubles import MONDAY, person
from tests.house import House, bpmn, flows, user_task

LI = person("li.wei", "clerk@21")
PROCESS = bpmn(
    "p",
    '<startEvent id="s"/><businessRuleTask id="decide" camunda:decisionRef="size" '
    'camunda:mapDecisionResult="singleEntry" camunda:resultVariable="size"/>'
    + user_task("t")
    + '<endEvent id="e"/>'
    + flows("s decide", "decide t", "t e"),
)
DECISION = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:test">
<inputData id="in1" name="amount"><variable id="v1" name="amount" typeRef="number"/></inputData>
<inputData id="in2" name="rule"><variable id="v2" name="rule"/></inputData>
<decision id="size" name="size"><variable id="v3" name="size" typeRef="string"/>
<informationRequirement id="q1"><requiredInput href="#in1"/></informationRequirement>
<informationRequirement id="q2"><requiredInput href="#in2"/></informationRequirement>
<decisionTable id="t" hitPolicy="FIRST">
<input id="i"><inputExpression id="x"><text>amount</text></inputExpression></input><output id="o" typeRef="string"/>
<rule id="r1"><inputEntry id="a"><text>&gt;= rule.size.large</text></inputEntry>
<outputEntry id="b"><text>"large"</text></outputEntry></rule>
<rule id="r2"><inputEntry id="c"><text>-</text></inputEntry>
<outputEntry id="f"><text>"small"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def size_of(house: House, business_key: str) -> object:
    started = house.start("p", business_key, {"amount": Decimal(500)})
    return house.ask(user_task_detail, LI, started.opened_user_tasks[0]).variables["size"]


def configure(house: House, *rows: Setting) -> None:
    with house.database.begin() as connection:
        put_settings(connection, "default", rows)


def test_a_threshold_holds_from_its_first_day_on(house: House):
    house.deploy(p=PROCESS, d_dmn=DECISION)
    today = MONDAY.date()
    configure(
        house,
        Setting(key="rule.size.large", value=Decimal(400), valid_from=date(2025, 1, 1)),
        Setting(key="rule.size.large", value=Decimal(600), valid_from=today + timedelta(days=1)),
    )

    assert size_of(house, "A") == "large"
    house.move_to(MONDAY + timedelta(days=1))
    assert size_of(house, "B") == "small"


def test_a_changed_threshold_counts_at_once(house: House):
    house.deploy(p=PROCESS, d_dmn=DECISION)
    row = Setting(key="rule.size.large", value=Decimal(400), valid_from=date(2025, 1, 1))
    configure(house, row)

    assert size_of(house, "A") == "large"
    configure(house, Setting(key=row.key, value=Decimal(600), valid_from=row.valid_from))
    assert size_of(house, "B") == "small"
