"""What is not run, or could not run right, is refused by name, with a mend; what has no effect is said."""

from __future__ import annotations

import pytest

from engine.bpmn.findings import FINDINGS
from tests.engine.bpmn.diagrams import codes, definitions, flow, line, process, read

TIMER = "<timerEventDefinition><{0}>{1}</{0}></timerEventDefinition>"
MESSAGE = '<message id="M" name="hello"/>'
MANY = '<userTask id="x">{0}<multiInstanceLoopCharacteristics{1}>{2}</multiInstanceLoopCharacteristics></userTask>'
PROPERTIES = "<extensionElements><camunda:properties>{0}</camunda:properties></extensionElements>"
PROPERTY = '<camunda:property name="{0}" value="{1}"/>'


def catch(definition: str, identifier: str = "x") -> str:
    return f'<intermediateCatchEvent id="{identifier}">{definition}</intermediateCatchEvent>'


def event_gateway(*targets: str) -> str:
    flows = "".join(flow("x", target.split('id="')[1].split('"')[0]) for target in targets)
    return '<startEvent id="s"/><eventBasedGateway id="x"/>' + "".join(targets) + flow("s", "x") + flows


def collaboration(pools: str, *processes: str, roots: str = "") -> bytes:
    return definitions(f'{roots}<collaboration id="C">{pools}</collaboration>{"".join(processes)}')


def pool(key: str, content: str) -> str:
    return f'<process id="{key}" isExecutable="true">{content}</process>'


SENDER = pool("a", '<startEvent id="as"/><sendTask id="send" messageRef="M"/>' + flow("as", "send"))
WAITER = pool("b", '<startEvent id="bs"/><receiveTask id="wait" messageRef="N"/>' + flow("bs", "wait"))
POOLS = '<participant id="A" processRef="a"/><participant id="B" processRef="b"/>'

#: Code -> file, and the element that is named.
REFUSED: dict[str, tuple[bytes, str]] = {
    "not-bpmn": (b"<html/>", ""),
    "schema": (process(line('<nonsense id="x"/>').replace(flow("s", "x"), "").replace(flow("x", "e"), "")), "x"),
    "no-process": (definitions('<message id="M" name="hello"/>'), ""),
    "complex-gateway": (process(line('<complexGateway id="x"/>')), "x"),
    "ad-hoc-sub-process": (process(line('<adHocSubProcess id="x"><task id="t"/></adHocSubProcess>')), "x"),
    "compensation": (process(line('<task id="x" isForCompensation="true"/>')), "x"),
    "instantiate": (
        process(line('<receiveTask id="x" instantiate="true" messageRef="M"/>'), roots=MESSAGE),
        "x",
    ),
    "parallel-event-gateway": (
        process(
            event_gateway(
                catch(TIMER.format("timeDuration", "P1D"), "t"), catch(TIMER.format("timeDuration", "P2D"), "u")
            ).replace('<eventBasedGateway id="x"', '<eventBasedGateway id="x" eventGatewayType="Parallel"')
        ),
        "x",
    ),
    "several-event-definitions": (
        process(line(catch(TIMER.format("timeDuration", "P1D") + TIMER.format("timeDuration", "P2D")))),
        "x",
    ),
    "event-definition-reference": (
        process(line(catch("<eventDefinitionRef>T</eventDefinitionRef>")), roots='<timerEventDefinition id="T"/>'),
        "x",
    ),
    "event-place": (
        process('<startEvent id="x"><errorEventDefinition errorRef="E"/></startEvent>', roots='<error id="E"/>'),
        "x",
    ),
    "cancel-outside-transaction": (
        process('<startEvent id="s"/><endEvent id="x"><cancelEventDefinition/></endEvent>' + flow("s", "x")),
        "x",
    ),
    "unknown-reference": (process(line('<receiveTask id="x" messageRef="M"/>')), "x"),
    "event-without-name": (process(line(catch("<messageEventDefinition/>"))), "x"),
    "expression-in-name": (
        process(line('<receiveTask id="x" messageRef="M"/>'), roots='<message id="M" name="= kind"/>'),
        "x",
    ),
    "send-without-message": (process(line('<sendTask id="x"/>')), "x"),
    "receive-without-message": (process(line('<receiveTask id="x"/>')), "x"),
    "service-without-handler": (process(line('<serviceTask id="x"/>')), "x"),
    "rule-without-decision": (process(line('<businessRuleTask id="x"/>')), "x"),
    "call-without-process": (process(line('<callActivity id="x"/>')), "x"),
    "binding-without-version": (
        process(line('<callActivity id="x" calledElement="q" camunda:calledElementBinding="version"/>')),
        "x",
    ),
    "unknown-choice": (
        process(line('<callActivity id="x" calledElement="q" camunda:calledElementBinding="newest"/>')),
        "x",
    ),
    "mapping-name": (
        process(
            line(
                '<callActivity id="x" calledElement="q"><extensionElements><camunda:in source="a b" target="c"/>'
                "</extensionElements></callActivity>"
            )
        ),
        "x",
    ),
    "mapping-content": (
        process(
            line(
                '<task id="x"><extensionElements><camunda:inputOutput><camunda:inputParameter name="a"><camunda:list>'
                "<camunda:script>1</camunda:script></camunda:list></camunda:inputParameter></camunda:inputOutput>"
                "</extensionElements></task>"
            )
        ),
        "x",
    ),
    "four-eyes-partner": (
        process(line(f'<userTask id="x">{PROPERTIES.format(PROPERTY.format("fourEyesWith", "nobody"))}</userTask>')),
        "x",
    ),
    "returns-through": (
        process(line(f'<userTask id="x">{PROPERTIES.format(PROPERTY.format("returnsThrough", "end"))}</userTask>')),
        "x",
    ),
    "expression": (process(line('<userTask id="x" camunda:assignee="= a +"/>')), "x"),
    "foreign-expression": (process(line('<userTask id="x" camunda:assignee="${bean.get(a)}"/>')), "x"),
    "script-language": (
        process(line('<scriptTask id="x" scriptFormat="python"><script>import os</script></scriptTask>')),
        "x",
    ),
    "script-empty": (process(line('<scriptTask id="x"/>')), "x"),
    "not-a-number": (process(line('<userTask id="x" camunda:priority="high"/>')), "x"),
    "due-date-text": (process(line('<userTask id="x" camunda:dueDate="tomorrow"/>')), "x"),
    "timer-empty": (process(line(catch("<timerEventDefinition/>"))), "x"),
    "timer-text": (process(line(catch(TIMER.format("timeDate", "P1D")))), "x"),
    "timer-cycle": (process(line(catch(TIMER.format("timeCycle", "R/PT0S")))), "x"),
    "cron": (process(line(catch(TIMER.format("timeCycle", "0 0 9 * * ?")))), "x"),
    "condition-empty": (
        process(
            line(catch("<conditionalEventDefinition><condition> </condition></conditionalEventDefinition>"))
        ),
        "x",
    ),
    "loop-expression-empty": (process(line(MANY.format("", "", "<loopCardinality/>"))), "x"),
    "loop-without-end": (process(line('<userTask id="x"><standardLoopCharacteristics/></userTask>')), "x"),
    "multi-instance-empty": (process(line(MANY.format("", "", ""))), "x"),
    "multi-instance-twice": (
        process(line(MANY.format("", ' camunda:collection="list"', "<loopCardinality>3</loopCardinality>"))),
        "x",
    ),
    "multi-instance-output": (
        process(
            line(
                MANY.format(
                    PROPERTIES.format(PROPERTY.format("outputCollection", "all")), ' camunda:collection="list"', ""
                )
            )
        ),
        "x",
    ),
    "multi-instance-behaviour": (
        process(line(MANY.format("", ' camunda:collection="list" behavior="None"', ""))),
        "x",
    ),
    "flow-ends": (
        process(
            '<startEvent id="s"/><subProcess id="b"><startEvent id="bs"/></subProcess>' + flow("s", "bs", name="x")
        ),
        "x",
    ),
    "default-flow": (
        process(
            '<startEvent id="s"/><exclusiveGateway id="x" default="s-x"/><task id="a"/><task id="b"/>'
            + flow("s", "x") + flow("x", "a", "a") + flow("x", "b", "b")
        ),
        "x",
    ),
    "boundary-host": (
        process(
            line()
            + f'<boundaryEvent id="x" attachedToRef="e">{TIMER.format("timeDuration", "P1D")}</boundaryEvent>'
        ),
        "x",
    ),
    "flow-into": (process(line('<task id="t"/>') + flow("t", "s")), "s"),
    "flow-out-of": (process(line('<task id="t"/>') + flow("e", "t")), "e"),
    "flow-without-condition": (
        process(
            '<startEvent id="s"/><exclusiveGateway id="g"/><task id="a"/><task id="b"/>'
            + flow("s", "g") + flow("g", "a", name="x") + flow("g", "b", name="y")
        ),
        "x",
    ),
    "condition-place": (process('<startEvent id="s"/><task id="t"/>' + flow("s", "t", "a", name="x")), "x"),
    "event-gateway-flows": (process(event_gateway(catch(TIMER.format("timeDuration", "P1D"), "t"))), "x"),
    "event-gateway-target": (
        process(event_gateway(catch(TIMER.format("timeDuration", "P1D"), "t"), '<userTask id="u"/>')),
        "u",
    ),
    "no-start": (process('<task id="a"/><task id="b"/>' + flow("a", "b") + flow("b", "a")), "p"),
    "several-starts": (process(line() + '<startEvent id="other"/>'), "p"),
    "link-without-catch": (
        process(
            '<startEvent id="s"/><intermediateThrowEvent id="x"><linkEventDefinition name="A"/>'
            "</intermediateThrowEvent>" + flow("s", "x")
        ),
        "x",
    ),
    "link-without-throw": (
        process(
            line() + catch('<linkEventDefinition name="A"/>') + '<task id="t"/>' + flow("x", "t")
        ),
        "x",
    ),
    "link-caught-twice": (
        process(
            '<startEvent id="s"/><intermediateThrowEvent id="t"><linkEventDefinition name="A"/>'
            "</intermediateThrowEvent>" + flow("s", "t") + catch('<linkEventDefinition name="A"/>')
            + catch('<linkEventDefinition name="A"/>', "y")
        ),
        "x",
    ),
    "data-association": (
        process(
            line(
                '<task id="x"><dataInputAssociation id="d"><targetRef>x</targetRef><assignment><from>1</from><to>a</to>'
                "</assignment></dataInputAssociation></task>"
            )
        ),
        "x",
    ),
    "extension-acts": (process(line('<serviceTask id="x" implementation="a" camunda:class="org.A"/>')), "x"),
    "element-not-read": (process(line('<task id="t"/>'), roots='<timerEventDefinition id="x"/>'), "x"),
    "message-flow-names": (
        collaboration(
            POOLS + '<messageFlow id="x" sourceRef="send" targetRef="wait"/>', SENDER, WAITER,
            roots=MESSAGE + '<message id="N" name="other"/>',
        ),
        "x",
    ),
}  # fmt: skip
#: The schema has these only inside elements that the engine does not read either.
BY_SCHEMA_ONLY = {"choreography"}


def test_every_error_of_the_catalogue_has_a_file_that_deserves_it() -> None:
    errors = {code for code, finding in FINDINGS.items() if finding.severity == "error"}

    beyond_reading = {code for code in errors if code.startswith(("lint-", "case-", "cases-", "opinion-"))}
    assert errors - beyond_reading == REFUSED.keys() | BY_SCHEMA_ONLY


@pytest.mark.parametrize("code", REFUSED)
def test_what_cannot_run_right_is_refused_with_the_element_and_a_mend(code: str) -> None:
    xml, element_id = REFUSED[code]

    result = read(xml)

    assert (code, element_id) in [(entry.code, entry.element_id) for entry in result.report.errors]
    assert result.graphs == ()
    assert all(entry.mend for entry in result.report.errors)


def test_every_text_of_the_catalogue_can_be_filled() -> None:
    for code, (xml, _) in REFUSED.items():
        for entry in read(xml).report:
            assert "{" not in entry.mend.replace("{name: value}", ""), code


def test_all_faults_are_told_at_once() -> None:
    xml = process(
        line(
            '<complexGateway id="a"/>',
            '<receiveTask id="b"/>',
            '<userTask id="c" camunda:assignee="= 1 +" camunda:dueDate="soon"/>',
            '<scriptTask id="d" scriptFormat="groovy"><script>x</script></scriptTask>',
        )
    )

    assert codes(xml) == [
        ("complex-gateway", "a"),
        ("receive-without-message", "b"),
        ("expression", "c"),
        ("due-date-text", "c"),
        ("script-language", "d"),
    ]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("timeDate", "2026-13-01"),
        ("timeDate", "2026-02-30T09:00:00+08:00"),
        ("timeDate", '= "2026-09-15T25:00:00"'),
        ("timeCycle", "R3/2026-02-30T00:00:00Z/P1D"),
    ],
)
def test_a_day_that_is_in_no_calendar_is_refused_before_an_instance_waits_for_it(kind: str, text: str) -> None:
    assert codes(process(line(catch(TIMER.format(kind, text))))) == [("timer-text", "x")]
    assert codes(process(line('<userTask id="x" camunda:dueDate="2026-02-30"/>'))) == [("due-date-text", "x")]


@pytest.mark.parametrize("text", ["R/PT0S", "R3/P0D", "R0/P1D", "R/PT1H/2026-03-01", "R2/2026-01-31T09:00:00/P1M"])
@pytest.mark.parametrize("place", ["start", "boundary", "catch"])
def test_a_cycle_that_never_comes_to_an_instant_is_refused_wherever_it_stands(text: str, place: str) -> None:
    timer = TIMER.format("timeCycle", text)
    xml = {
        "start": process(f'<startEvent id="x">{timer}</startEvent><endEvent id="e"/>' + flow("x", "e")),
        "boundary": process(
            line('<userTask id="u"/>') + f'<boundaryEvent id="x" attachedToRef="u">{timer}</boundaryEvent>'
        ),
        "catch": process(line(catch(timer))),
    }[place]

    assert codes(xml) == [("timer-cycle", "x")]


@pytest.mark.parametrize("language", ["python", "javascript", "groovy", "juel", "text/x-python"])
@pytest.mark.parametrize("place", ["script", "condition", "input"])
def test_no_language_but_feel_is_run_anywhere(language: str, place: str) -> None:
    content = {
        "script": line(f'<scriptTask id="x" scriptFormat="{language}"><script>1</script></scriptTask>'),
        "condition": '<startEvent id="s"/><task id="t"/><task id="u"/>'
        + flow("s", "t")
        + '<sequenceFlow id="x" sourceRef="t" targetRef="u">'
        + f'<conditionExpression xsi:type="tFormalExpression" language="{language}">a</conditionExpression>'
        + "</sequenceFlow>",
        "input": line(
            '<task id="x"><extensionElements><camunda:inputOutput><camunda:inputParameter name="a">'
            f'<camunda:script scriptFormat="{language}">1</camunda:script></camunda:inputParameter>'
            "</camunda:inputOutput></extensionElements></task>"
        ),
    }[place]

    assert codes(process(content)) == [("script-language", "x")]


@pytest.mark.parametrize(
    "expression",
    [
        "().__class__.__mro__[1].__subclasses__()",
        "__import__('os').system('id')",
        "'{0.__class__}'.format(x)",
        "x.__globals__",
        "lambda: 1",
    ],
)
def test_python_in_a_condition_is_at_most_a_harmless_formula(expression: str) -> None:
    """What parses as FEEL finds nothing but null: no Python object can be reached."""
    nodes = '<startEvent id="s"/><task id="t"/><task id="u"/>'
    result = read(process(nodes + flow("s", "t") + flow("t", "u", expression)))

    values = [each.condition.evaluate({"x": 1}) for found in result.graphs for each in found.flows if each.condition]
    assert result.report.is_refusal or values == [None]


def test_extensions_without_effect_are_named_with_line_and_value() -> None:
    xml = process(
        line(
            '<userTask id="u" camunda:formRef="x" camunda:asyncBefore="true"><extensionElements>'
            '<camunda:formData><camunda:formField id="f"/></camunda:formData></extensionElements></userTask>'
        )
    )

    report = read(xml).report

    assert [(entry.severity, entry.code, entry.facts["name"]) for entry in report] == [
        ("warning", "extension-ignored", "camunda:formRef"),
        ("info", "extension-tunes", "camunda:asyncBefore"),
        ("warning", "extension-ignored", "camunda:formData"),
    ]
    assert report.entries[0].message == ("Line 3: extension camunda:formRef ('x') at u has no effect in this engine.")


def test_foreign_extensions_and_people_of_the_standard_are_named_too() -> None:
    xml = process(
        line(
            '<userTask id="u" xmlns:z="http://camunda.org/schema/zeebe/1.0" z:kind="a"><extensionElements>'
            '<z:assignmentDefinition assignee="a"/></extensionElements>'
            '<potentialOwner id="o"><resourceRef>r</resourceRef></potentialOwner></userTask>'
        )
    )

    assert codes(xml, "warning") == [("extension-ignored", "u"), ("extension-ignored", "u"), ("element-ignored", "o")]


def test_a_second_script_is_not_lost() -> None:
    mapping = '<camunda:inputOutput><camunda:inputParameter name="a">1</camunda:inputParameter></camunda:inputOutput>'
    xml = process(line(f'<task id="t"><extensionElements>{mapping}<camunda:nonsense/></extensionElements></task>'))

    assert codes(xml, "warning") == [("extension-ignored", "t")]


def test_standard_attributes_that_say_nothing_are_silent_and_those_that_say_something_are_not() -> None:
    silent = process(line('<task id="t" startQuantity="1" completionQuantity="1"/>'), attributes='isExecutable="true" '
                     'processType="Private" isClosed="false"')  # fmt: skip

    assert read(silent).report.entries == ()
    assert codes(process(line('<task id="t" startQuantity="2"/>')), "warning") == [("attribute-ignored", "t")]


def test_data_objects_are_noted_as_drawn_only() -> None:
    xml = process(
        '<dataObject id="d"/><dataObjectReference id="r" dataObjectRef="d"/>'
        + line('<task id="t"><dataInputAssociation id="i"><sourceRef>r</sourceRef></dataInputAssociation></task>')
    ).replace(b"<sourceRef>r</sourceRef>", b"<sourceRef>r</sourceRef><targetRef>t</targetRef>")

    assert codes(xml, "info") == [("kept-in-diagram", "d")]


def test_unknown_properties_are_kept_and_noted() -> None:
    xml = process(line(f'<task id="t">{PROPERTIES.format(PROPERTY.format("colour", "red"))}</task>'))

    assert codes(xml, "info") == [("property-kept", "t")]


def test_an_error_boundary_drawn_as_non_interrupting_interrupts_and_that_is_said() -> None:
    xml = process(
        line('<task id="t"/>')
        + '<boundaryEvent id="b" attachedToRef="t" cancelActivity="false"><errorEventDefinition/></boundaryEvent>'
    )

    assert codes(xml, "warning") == [("always-interrupting", "b")]
    assert read(xml).graphs[0].node("b").interrupting


def test_a_black_box_pool_is_no_obstacle() -> None:
    result = read(
        collaboration(
            '<participant id="A" processRef="a"/><participant id="Outside"/>'
            '<messageFlow id="m" sourceRef="send" targetRef="Outside"/>',
            SENDER,
            roots=MESSAGE,
        )
    )

    assert [found.key for found in result.graphs] == ["a"]
    assert [(entry.code, entry.element_id) for entry in result.report] == [("message-flow-drawn", "m")]


def test_pools_that_share_a_message_by_name_run_side_by_side() -> None:
    result = read(
        collaboration(
            POOLS + '<messageFlow id="m" sourceRef="send" targetRef="wait"/>',
            SENDER,
            WAITER.replace('messageRef="N"', 'messageRef="M"'),
            roots=MESSAGE,
        )
    )

    assert [found.key for found in result.graphs] == ["a", "b"]


def test_a_compensation_event_on_a_border_is_one_fault() -> None:
    border = '<boundaryEvent id="x" attachedToRef="u"><compensateEventDefinition/></boundaryEvent>'

    assert codes(process(line('<userTask id="u"/>') + border)) == [("compensation", "x")]
