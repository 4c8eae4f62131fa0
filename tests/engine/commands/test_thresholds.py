"""Decisions read the configured thresholds that are in force on the day they decide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from engine.model.clock import FixedClock
from engine.model.ports import ServiceCall
from engine.queries import instance_history, user_task_detail
from engine.queries.process_instances import process_instances
from engine.store.settings_rows import Setting, put_settings
from tests.doubles import MONDAY, OPERATOR, collaborators, person
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


def told(house: House, kind: str) -> list[dict[str, object]]:
    (instance,) = house.ask(process_instances, OPERATOR).items
    return [dict(entry.payload) for entry in house.ask(instance_history, OPERATOR, instance.id, kinds=[kind]).items]


def test_a_decision_keeps_the_rows_it_read_whatever_becomes_of_them(house: House):
    house.deploy(p=PROCESS, d_dmn=DECISION)
    row = Setting(
        key="rule.size.large",
        value=Decimal("400.0"),
        valid_from=date(2025, 1, 1),
        valid_to=date(2026, 12, 31),
        basis="S-7",
    )
    unread = Setting(key="rule.size.small", value=Decimal(1), valid_from=date(2025, 1, 1))
    configure(house, row, unread)
    size_of(house, "A")
    configure(house, Setting(key=row.key, value=Decimal(600), valid_from=row.valid_from))

    (made,) = told(house, "DecisionMade")
    assert made["explanation"]["settings"] == {
        "rule.size.large": {"value": "400.0", "basis": "S-7", "valid_from": "2025-01-01", "valid_to": "2026-12-31"}
    }


def test_thresholds_that_the_process_brings_are_not_kept_as_configured(house: House):
    house.deploy(p=PROCESS, d_dmn=DECISION)
    configure(house, Setting(key="rule.size.large", value=Decimal(400), valid_from=date(2025, 1, 1)))
    house.start("p", "A", {"amount": Decimal(500), "rule": {"size": {"large": Decimal(900)}}})

    (made,) = told(house, "DecisionMade")
    assert (made["explanation"]["value"], made["explanation"]["settings"]) == ("small", {})


def test_what_a_local_service_notes_is_kept_beside_what_it_did(build: Callable[..., House]):
    note = {"rule.size.large": {"value": "400", "basis": "S-7", "valid_from": "2025-01-01", "valid_to": None}}

    def reckon(call: ServiceCall) -> dict[str, object]:
        call.settings_read.update(note)
        return {}

    house = build(collaborators(FixedClock(MONDAY), services={"reckon": reckon, "idle": lambda call: {}}))
    services = '<serviceTask id="one" implementation="reckon"/><serviceTask id="two" implementation="idle"/>'
    house.deploy(
        p=bpmn(
            "p",
            f'<startEvent id="s"/>{services}{user_task("t")}<endEvent id="e"/>'
            + flows("s one", "one two", "two t", "t e"),
        )
    )
    house.start("p", "A")

    assert told(house, "SettingsRead") == [{"service": "reckon", "settings": note}]
