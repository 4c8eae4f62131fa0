"""What a file says arrives in the graph."""

from __future__ import annotations

import random

import pytest

from engine.bpmn import RefusedDiagram
from engine.kernel.graph import EventKind, MultiInstance, NodeKind, Position, StandardLoop, TimerKind
from engine.xml import RefusedXml
from tests.engine.bpmn.diagrams import HEAD, codes, definitions, flow, graph, line, process, read


def test_nodes_and_flows_are_numbered_in_document_order() -> None:
    found = graph(
        process(
            '<startEvent id="Start"/><exclusiveGateway id="g" default="d"/>'
            + flow("g", "b", "x = 2", name="second")
            + '<task id="b"/><task id="a"/><task id="c"/>'
            + flow("g", "a", "x = 1", name="first")
            + flow("g", "c", name="d")
            + '<endEvent id="End"/>'
            + flow("Start", "g")
            + flow("a", "End")
        )
    )

    assert [node.id for node in found.nodes] == ["Start", "g", "b", "a", "c", "End"]
    assert [found.flows[index].id for index in found.node("g").outgoing] == ["second", "first", "d"]
    assert found.flows[found.node("g").default or 0].id == "d"
    assert found.starts == (0,)


def test_a_moved_box_changes_nothing_but_its_position() -> None:
    """SpiffWorkflow's parser takes branches by their height in the picture."""
    nodes = '<startEvent id="s"/><exclusiveGateway id="g"/><task id="t"/><endEvent id="e"/>'
    content = nodes + flow("s", "g") + flow("g", "e", "x = 1") + flow("g", "t", "x = 2")

    def drawn(y: int) -> bytes:
        shape = f'<bpmndi:BPMNShape id="t_di" bpmnElement="t"><dc:Bounds x="1" y="{y}" width="100" height="80"/>'
        diagram = f'<bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="P" bpmnElement="p">{shape}</bpmndi:BPMNShape>'
        end = b"</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions>"
        return process(content).replace(b"</definitions>", diagram.encode() + end)

    above, below = graph(drawn(-500)), graph(drawn(500))

    assert above.node("t").position == Position(1, -500, 100, 80)
    assert [flow_.id for flow_ in above.flows] == [flow_.id for flow_ in below.flows]
    assert above.node("g").outgoing == below.node("g").outgoing


def test_two_thousand_nodes_in_a_row_compile_in_any_order() -> None:
    steps = [f'<task id="t{number}"/>' for number in range(2000)]
    flows = [flow(f"t{number}", f"t{number + 1}") for number in range(1999)]
    ends = '<startEvent id="s"/><endEvent id="e"/>' + flow("s", "t0") + flow("t1999", "e")
    parts = steps + flows
    random.Random(7).shuffle(parts)

    found = graph(process(ends + "".join(parts)))

    assert len(found.nodes) == 2002 and len(found.flows) == 2001


def test_deep_nesting_compiles_up_to_the_depth_of_the_parser() -> None:
    inner = '<startEvent id="s0"/>'
    for depth in range(1, 150):
        inner = f'<startEvent id="s{depth}"/><subProcess id="p{depth}">{inner}</subProcess>' + flow(
            f"s{depth}", f"p{depth}"
        )

    found = graph(process(inner))

    assert found.node("p1").parent == found.by_id["p2"]
    assert found.node("p1").start == found.by_id["s0"]


def test_a_user_task_keeps_everything_that_is_said_about_people() -> None:
    found = graph(
        process(
            line(
                '<userTask id="fill"/>',
                '<userTask id="review" name="复核" camunda:assignee="= owner" '
                'camunda:candidateGroups="dept_perf, fin_perf" '
                'camunda:candidateUsers="= reviewers" camunda:dueDate="5WD" camunda:followUpDate="= today()" '
                'camunda:priority="70" camunda:formKey="F-01"><documentation>看清楚</documentation><extensionElements>'
                '<camunda:properties><camunda:property name="clause" value="S-27 S-28"/>'
                '<camunda:property name="fourEyesWith" value="fill"/><camunda:property name="ladder" value="none"/>'
                "</camunda:properties></extensionElements></userTask>",
            )
        )
    )

    node = found.node("review")
    people = node.people
    assert people is not None and people.assignee is not None and people.due is not None and people.priority is not None
    assert (node.name, node.documentation) == ("复核", "看清楚")
    assert people.assignee.evaluate({"owner": "li.wei"}) == "li.wei"
    assert [group.evaluate({}) for group in people.candidate_groups] == ["dept_perf", "fin_perf"]
    assert [users.evaluate({"reviewers": ["a", "b"]}) for users in people.candidate_users] == [["a", "b"]]
    assert people.due.evaluate({}) == "5WD"
    assert people.priority.evaluate({}) == 70
    assert (people.form_key, people.four_eyes_with) == ("F-01", ("fill",))
    assert node.properties["clause"] == "S-27 S-28" and node.properties["ladder"] == "none"


def test_the_innermost_lane_is_the_lane_of_a_node() -> None:
    lanes = (
        '<laneSet id="ls"><lane id="unit" name="单位"><flowNodeRef>a</flowNodeRef><flowNodeRef>b</flowNodeRef>'
        '<childLaneSet id="cs"><lane id="office" name="办公室"><flowNodeRef>b</flowNodeRef></lane>'
        "</childLaneSet></lane>"
        '<lane id="nameless"><flowNodeRef>e</flowNodeRef></lane></laneSet>'
    )

    found = graph(process(lanes + line('<task id="a"/>', '<task id="b"/>')))

    assert [found.node(name).lane for name in ("s", "a", "b", "e")] == [None, "单位", "办公室", "nameless"]


@pytest.mark.parametrize(
    ("tag", "text", "kind", "value"),
    [
        ("timeDuration", "P5D", TimerKind.DURATION, "P5D"),
        ("timeDuration", '"PT10M"', TimerKind.DURATION, "PT10M"),
        ("timeDuration", "5WD", TimerKind.DURATION, "5WD"),
        ("timeDuration", "= wait_for", TimerKind.DURATION, "P1D"),
        ("timeDuration", "wait_for", TimerKind.DURATION, "P1D"),
        ("timeDuration", "due.goal_review.fill", TimerKind.DURATION, "due.goal_review.fill"),
        ("timeDate", "2026-03-01", TimerKind.DATE, "2026-03-01"),
        ("timeDate", "2026-03-01T00:00:00+08:00", TimerKind.DATE, "2026-03-01T00:00:00+08:00"),
        ("timeCycle", "R3/PT10M", TimerKind.CYCLE, "R3/PT10M"),
        ("timeCycle", "R/2026-01-01T09:00:00Z/P1M", TimerKind.CYCLE, "R/2026-01-01T09:00:00Z/P1M"),
    ],
)
def test_a_timer_is_read_as_designers_write_it(tag: str, text: str, kind: TimerKind, value: str) -> None:
    found = graph(
        process(
            line(
                f'<intermediateCatchEvent id="w"><timerEventDefinition><{tag}>{text}</{tag}></timerEventDefinition>'
                "</intermediateCatchEvent>"
            )
        )
    )

    event = found.node("w").event
    assert event is not None and event.kind is EventKind.TIMER and event.timer is not None
    assert event.timer.kind is kind
    assert event.timer.expression.evaluate({"wait_for": "P1D"}) == value


def test_boundary_events_belong_to_their_host_in_document_order() -> None:
    found = graph(
        process(
            line('<userTask id="u"/>')
            + '<boundaryEvent id="late" attachedToRef="u" cancelActivity="false"><timerEventDefinition>'
            "<timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>"
            '<boundaryEvent id="stop" attachedToRef="u"><messageEventDefinition messageRef="m"/></boundaryEvent>',
            roots='<message id="m" name="stop.it"/>',
        )
    )

    host, late, stop = found.node("u"), found.node("late"), found.node("stop")
    assert host.boundary == (late.index, stop.index)
    assert (late.attached_to, late.interrupting) == (host.index, False)
    assert stop.interrupting and stop.event is not None and stop.event.name == "stop.it"


def test_event_definitions_carry_names_codes_and_correlation() -> None:
    found = graph(
        process(
            '<startEvent id="s"/><intermediateThrowEvent id="m"><extensionElements><camunda:properties>'
            '<camunda:property name="correlationKey" value="= project"/></camunda:properties></extensionElements>'
            '<messageEventDefinition messageRef="M"/></intermediateThrowEvent>'
            '<intermediateThrowEvent id="g"><signalEventDefinition signalRef="S"/></intermediateThrowEvent>'
            '<intermediateThrowEvent id="x"><escalationEventDefinition escalationRef="X"/></intermediateThrowEvent>'
            '<intermediateCatchEvent id="c"><conditionalEventDefinition><condition>n &gt; 3</condition>'
            "</conditionalEventDefinition></intermediateCatchEvent>"
            '<endEvent id="e"><errorEventDefinition errorRef="E"/></endEvent>'
            + "".join(flow(*pair) for pair in ("sm", "mg", "gx", "xc", "ce")),
            roots='<message id="M" name="goal.confirmed"/><signal id="S" name="stop"/>'
            '<error id="E" name="Failure" errorCode="E-1"/><escalation id="X" escalationCode="late"/>',
        )
    )

    events = {name: found.node(name).event for name in "mgxce"}
    assert all(events.values())
    names = {name: (event.kind, event.name) for name, event in events.items() if event}
    assert names == {
        "m": (EventKind.MESSAGE, "goal.confirmed"),
        "g": (EventKind.SIGNAL, "stop"),
        "x": (EventKind.ESCALATION, "late"),
        "c": (EventKind.CONDITIONAL, ""),
        "e": (EventKind.ERROR, "E-1"),
    }
    message, condition = events["m"], events["c"]
    assert message and message.correlation and message.correlation.evaluate({"project": "B01"}) == "B01"
    assert condition and condition.condition and condition.condition.evaluate({"n": 4}) is True


def test_an_event_sub_process_hangs_on_its_level() -> None:
    inner = (
        '<startEvent id="{0}s" isInterrupting="{1}"><signalEventDefinition signalRef="S"/></startEvent>'
        '<endEvent id="{0}e"/>'
    )
    found = graph(
        process(
            line('<subProcess id="sub"><startEvent id="ss"/><subProcess id="b" triggeredByEvent="true">'
                 + inner.format("b", "true") + flow("bs", "be") + "</subProcess></subProcess>")
            + '<subProcess id="a" triggeredByEvent="true">' + inner.format("a", "false") + flow("as", "ae")
            + "</subProcess>",
            roots='<signal id="S" name="stop"/>',
        )
    )  # fmt: skip

    assert found.event_sub_processes == (found.by_id["a"],)
    assert found.node("sub").event_sub_processes == (found.by_id["b"],)
    assert found.node("a").kind is NodeKind.EVENT_SUB_PROCESS
    assert found.node("a").start == found.by_id["as"]
    assert (found.node("as").interrupting, found.node("bs").interrupting) == (False, True)


def test_multi_instance_is_read_in_both_spellings() -> None:
    found = graph(
        process(
            line(
                '<userTask id="a"><extensionElements><camunda:properties><camunda:property name="outputCollection" '
                'value="scores"/><camunda:property name="outputElement" value="score * 2"/></camunda:properties>'
                '</extensionElements><multiInstanceLoopCharacteristics camunda:collection="= experts" '
                'camunda:elementVariable="expert"><completionCondition>nrOfCompletedInstances = 2</completionCondition>'
                "</multiInstanceLoopCharacteristics></userTask>",
                '<userTask id="b"><multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>3'
                "</loopCardinality></multiInstanceLoopCharacteristics></userTask>",
                '<userTask id="c"><multiInstanceLoopCharacteristics><loopDataInputRef>experts</loopDataInputRef>'
                '<loopDataOutputRef>results</loopDataOutputRef><inputDataItem id="one" name="an expert"/>'
                '<outputDataItem id="result"/></multiInstanceLoopCharacteristics></userTask>',
                '<userTask id="d"><standardLoopCharacteristics testBefore="true" loopMaximum="4">'
                "<loopCondition>n &lt; 3</loopCondition></standardLoopCharacteristics></userTask>",
            )
        )
    )

    a, b, c, d = (found.node(name).loop for name in "abcd")
    assert isinstance(a, MultiInstance) and a.collection and a.output_element and a.completion_condition
    assert a.collection.evaluate({"experts": ["x"]}) == ["x"] and a.element_variable == "expert"
    assert a.output_collection == "scores" and a.output_element.evaluate({"score": 4}) == 8
    assert a.completion_condition.evaluate({"nrOfCompletedInstances": 2}) is True and not a.sequential
    assert isinstance(b, MultiInstance) and b.sequential and b.cardinality and b.cardinality.evaluate({}) == 3
    assert isinstance(c, MultiInstance) and (c.element_variable, c.output_collection) == ("one", "results")
    assert isinstance(d, StandardLoop) and d.test_before and d.maximum == 4 and d.condition


def test_work_is_read_for_each_kind_of_automatic_task() -> None:
    found = graph(
        process(
            line(
                '<serviceTask id="local" implementation="ledger.register" camunda:resultVariable="row"/>',
                '<serviceTask id="outside" implementation="##WebService" camunda:type="external" '
                'camunda:topic="letters"/>',
                '<sendTask id="send" messageRef="m"/>',
                '<sendTask id="letter" implementation="letters.send"/>',
                '<receiveTask id="receive" messageRef="m"/>',
                '<businessRuleTask id="rule" camunda:decisionRef="R04" camunda:mapDecisionResult="collectEntries" '
                'camunda:resultVariable="grades" camunda:decisionRefBinding="versionTag" '
                'camunda:decisionRefVersionTag="2026"/>',
                '<scriptTask id="script" scriptFormat="feel"><script>= {a: 1, b: a + 1}</script></scriptTask>',
            ),
            roots='<message id="m" name="hello"/>',
        )
    )

    work = {node.id: node.work for node in found.nodes if node.work}
    assert (work["local"].name, work["local"].external, work["local"].result_variable) == (
        "ledger.register",
        False,
        "row",
    )
    assert (work["outside"].name, work["outside"].external) == ("letters", True)
    assert (found.node("letter").kind, work["letter"].name) == (NodeKind.SERVICE, "letters.send")
    assert [found.node(name).kind for name in ("send", "receive")] == [NodeKind.SEND, NodeKind.RECEIVE]
    event = found.node("receive").event
    assert event is not None and event.name == "hello"
    rule = work["rule"]
    assert (rule.name, rule.map_result, rule.result_variable) == ("R04", "collectEntries", "grades")
    assert (rule.binding, rule.version) == ("versionTag", "2026")
    assert work["script"].script is not None and work["script"].script.evaluate({}) == {"a": 1, "b": 2}


def test_a_call_passes_what_its_mappings_name() -> None:
    found = graph(
        process(
            line(
                '<callActivity id="c" calledElement="goal_review" camunda:calledElementBinding="version" '
                'camunda:calledElementVersion="3"><extensionElements><camunda:in source="project" target="object"/>'
                '<camunda:in sourceExpression="= amount * 2" target="limit"/>'
                '<camunda:in businessKey="= key + &quot;-1&quot;"/>'
                '<camunda:out source="outcome" target="goal_outcome"/><camunda:in variables="all"/></extensionElements>'
                "</callActivity>",
                '<callActivity id="d" calledElement="= next_process"/>',
            )
        )
    )

    node = found.node("c")
    call = node.call
    assert call is not None and call.business_key is not None
    assert call.element.evaluate({}) == "goal_review" and (call.binding, call.version) == ("version", "3")
    assert call.business_key.evaluate({"key": "B01"}) == "B01-1"
    assert (call.all_in, call.all_out) == (True, False)
    assert {each.target: each.expression.evaluate({"project": "x", "amount": 4}) for each in node.inputs} == {
        "object": "x",
        "limit": 8,
    }
    assert [each.target for each in node.outputs] == ["goal_outcome"]
    other = found.node("d").call
    assert other is not None and other.element.evaluate({"next_process": "q"}) == "q" and other.version is None


def test_mappings_take_values_formulas_lists_and_maps() -> None:
    found = graph(
        process(
            line(
                '<userTask id="u"><extensionElements><camunda:inputOutput>'
                '<camunda:inputParameter name="text">draft</camunda:inputParameter>'
                '<camunda:inputParameter name="sum">= a + 1</camunda:inputParameter>'
                '<camunda:inputParameter name="nothing"/>'
                '<camunda:inputParameter name="list"><camunda:list><camunda:value>x</camunda:value>'
                "<camunda:value>= a</camunda:value></camunda:list></camunda:inputParameter>"
                '<camunda:inputParameter name="map"><camunda:map><camunda:entry key="k k">v</camunda:entry>'
                "</camunda:map></camunda:inputParameter>"
                '<camunda:inputParameter name="script"><camunda:script scriptFormat="feel">a * 3</camunda:script>'
                "</camunda:inputParameter>"
                '<camunda:outputParameter name="result">= sum</camunda:outputParameter>'
                "</camunda:inputOutput></extensionElements></userTask>"
            )
        )
    )

    node = found.node("u")
    assert {each.target: each.expression.evaluate({"a": 1}) for each in node.inputs} == {
        "text": "draft",
        "sum": 2,
        "nothing": None,
        "list": ["x", 1],
        "map": {"k k": "v"},
        "script": 3,
    }
    assert [each.target for each in node.outputs] == ["result"]


def test_the_process_carries_key_name_version_tag_and_properties() -> None:
    found = graph(
        process(
            '<extensionElements><camunda:properties><camunda:property name="phase" value="1"/></camunda:properties>'
            "</extensionElements>" + line(),
            attributes='isExecutable="true" camunda:versionTag="2026-1"',
        )
    )

    assert (found.ref, found.key, found.name, found.version_tag) == ("p:1", "p", "Test", "2026-1")
    assert found.properties == {"phase": "1"}


def test_inclusive_joins_know_from_where_tokens_may_still_come() -> None:
    found = graph(
        process(
            '<startEvent id="s"/><inclusiveGateway id="split" default="split-b"/><task id="a"/><userTask id="b"/>'
            '<boundaryEvent id="late" attachedToRef="b"><timerEventDefinition><timeDuration>P1D</timeDuration>'
            '</timerEventDefinition></boundaryEvent><inclusiveGateway id="join"/><endEvent id="e"/>'
            + flow("s", "split")
            + flow("split", "a", "x")
            + flow("split", "b")
            + flow("a", "join")
            + flow("b", "e")
            + flow("late", "join")
            + flow("join", "e")
        )
    )

    upstream = {
        found.flows[index].id: {found.nodes[each].id for each in nodes} for index, nodes in found.upstream.items()
    }
    assert upstream == {"a-join": {"s", "split", "a"}, "late-join": {"s", "split", "b", "late"}}


def test_transactions_and_sub_processes_know_their_start() -> None:
    found = graph(
        process(
            line(
                '<transaction id="t" method="##Compensate"><startEvent id="ts"/>'
                '<endEvent id="te"><cancelEventDefinition/></endEvent>' + flow("ts", "te") + "</transaction>"
            )
            + '<boundaryEvent id="cancelled" attachedToRef="t"><cancelEventDefinition/></boundaryEvent>'
        )
    )

    assert found.node("t").kind is NodeKind.TRANSACTION and found.node("t").start == found.by_id["ts"]
    event = found.node("cancelled").event
    assert event is not None and event.kind is EventKind.CANCEL


def test_a_file_in_another_encoding_is_read() -> None:
    xml = process(line('<userTask id="u" name="绩效目标"/>')).decode().replace("UTF-8", "GB18030").encode("gb18030")

    assert graph(xml).node("u").name == "绩效目标"


def test_xml_that_is_refused_is_refused_before_anything_else() -> None:
    with pytest.raises(RefusedXml):
        read(b"<!DOCTYPE a>" + process(line()))


def test_several_processes_of_a_file_each_give_a_graph() -> None:
    one = '<process id="{0}" isExecutable="true"><startEvent id="{0}s"/></process>'

    result = read(definitions(one.format("a") + one.format("b")))

    assert [found.key for found in result.graphs] == ["a", "b"]


def test_a_refused_file_raises_with_every_fault_when_asked_to() -> None:
    report = read(process(line('<userTask id="u"/>', '<complexGateway id="g"/>', '<receiveTask id="r"/>'))).report

    with pytest.raises(RefusedDiagram) as refusal:
        report.raise_if_refused("goal.bpmn")

    assert [(fault["code"], fault["path"]) for fault in refusal.value.faults] == [
        ("complex-gateway", "g"),
        ("receive-without-message", "r"),
    ]
    assert str(refusal.value) == (
        "Expected a diagram that can run, but 'goal.bpmn' has 2 faults. The first: Complex gateway g is not supported."
    )


def test_an_invalid_file_names_line_and_element() -> None:
    xml = f'{HEAD}<process id="p">\n<userTask id="u"/>\n<sequenceFlow id="f" sourceRef="u"/>\n</process></definitions>'

    (entry,) = read(xml.encode()).report.errors

    assert (entry.code, entry.element_id, entry.facts["line"]) == ("schema", "f", 5)
    assert entry.message == (
        "Line 5 is not valid BPMN 2.0: Element 'sequenceFlow': The attribute 'targetRef' is required but missing."
    )


def test_an_invalid_file_with_prefixes_names_the_element_too() -> None:
    xml = (
        '<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t"><b:process id="p">'
        '<b:userTask id="u"><x:y xmlns:x="urn:x"/></b:userTask></b:process></b:definitions>'
    )

    assert codes(xml.encode()) == [("schema", "u")]


def test_a_file_that_is_no_diagram_says_so() -> None:
    assert codes(b"<html/>") == [("not-bpmn", "")]
