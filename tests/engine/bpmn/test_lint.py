"""Lint: what a diagram names exists, people can do their work, and every step can be reached and left."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.bpmn import KnownNames, lint
from engine.bpmn.findings import FINDINGS
from tests.engine.bpmn.diagrams import flow, graph, line, process, read

NAMES = KnownNames(
    forms=frozenset({"F-01"}),
    roles=frozenset({"dept_perf"}),
    decisions=frozenset({"R04"}),
    processes=frozenset({"goal_review"}),
    services=frozenset({"ledger.register"}),
    deadlines=frozenset({"due.goal_review.fill"}),
    ladders=frozenset({"standard"}),
    clauses=frozenset({"S-27", "S-28"}),
    thrown_messages=frozenset({"budget.open"}),
    languages=frozenset({"zh", "en"}),
    gates={"gated": {"G1": 1}},
)
PEOPLE = 'camunda:candidateGroups="dept_perf" camunda:dueDate="due.goal_review.fill" camunda:formKey="F-01"'
PROPERTY = (
    '<extensionElements><camunda:properties><camunda:property name="{0}" value="{1}"/></camunda:properties>'
    "</extensionElements>"
)
SOUND = process(
    line(
        f'<userTask id="a" {PEOPLE}>{PROPERTY.format("clause", "S-27, S-28")}</userTask>',
        '<serviceTask id="b" implementation="ledger.register"/>',
        '<serviceTask id="c" camunda:type="external" camunda:topic="letters"/>',
        '<businessRuleTask id="d" camunda:decisionRef="R04" camunda:resultVariable="x"/>',
        '<callActivity id="e1" calledElement="goal_review"/>',
        '<receiveTask id="f" messageRef="M"/>',
        f'<userTask id="g" {PEOPLE}>{PROPERTY.format("fourEyesWith", "a")}</userTask>',
        '<userTask id="h" camunda:assignee="= owner" camunda:dueDate="5WD" camunda:formKey="F-01"/>',
    ),
    roots='<message id="M" name="budget.open"/>',
)


def found(xml: bytes, names: KnownNames = NAMES) -> list[tuple[str, str]]:
    """Code and element of each finding."""
    return [(entry.code, entry.element_id) for entry in lint([graph(xml)], names)]


def test_a_sound_process_has_no_findings() -> None:
    assert found(SOUND) == []


#: More than any budget allows.
ENDLESS = "= for i in 1..1000000 return i"
FLAWED: dict[str, tuple[bytes, str]] = {
    "lint-nobody": (process(line('<userTask id="x" camunda:dueDate="5WD" camunda:formKey="F-01"/>')), "x"),
    "lint-unknown-role": (
        process(line(f'<userTask id="x" {PEOPLE}/>'.replace('"dept_perf"', '"dept_perf,nobody@21"'))),
        "x",
    ),
    "lint-no-due-date": (
        process(line('<userTask id="x" camunda:assignee="a" camunda:formKey="F-01"/>')),
        "x",
    ),
    "lint-unknown-deadline": (process(line(f'<userTask id="x" {PEOPLE}/>'.replace("review.fill", "x"))), "x"),
    "lint-timer-start-reads": (
        process(
            '<startEvent id="x"><timerEventDefinition><timeCycle>= rhythm</timeCycle></timerEventDefinition>'
            '</startEvent><endEvent id="e"/>' + flow("x", "e")
        ),
        "x",
    ),
    "lint-expression-fails": (
        process(line(f'<userTask id="x" {PEOPLE}/>'.replace("due.goal_review.fill", ENDLESS))),
        "x",
    ),
    "lint-unknown-ladder": (
        process(line(f'<userTask id="x" {PEOPLE}>{PROPERTY.format("ladder", "Standard")}</userTask>')),
        "x",
    ),
    "lint-unknown-starter-role": (
        process(line('<task id="x"/>')).replace(b'id="p"', b'id="p" camunda:candidateStarterGroups="nobody@21"'),
        "p",
    ),
    "lint-no-form": (process(line('<userTask id="x" camunda:assignee="a" camunda:dueDate="5WD"/>')), "x"),
    "lint-unknown-form": (process(line(f'<userTask id="x" {PEOPLE}/>'.replace("F-01", "F-99"))), "x"),
    "lint-unknown-decision": (process(line('<businessRuleTask id="x" camunda:decisionRef="R99"/>')), "x"),
    "lint-unknown-service": (process(line('<serviceTask id="x" implementation="ledger.none"/>')), "x"),
    "lint-unknown-process": (process(line('<callActivity id="x" calledElement="none"/>')), "x"),
    "lint-unknown-clause": (process(line(f'<task id="x">{PROPERTY.format("clause", "S-27 S-99")}</task>')), "x"),
    "lint-message-not-thrown": (
        process(line('<receiveTask id="x" messageRef="M"/>'), roots='<message id="M" name="nobody.sends"/>'),
        "x",
    ),
    "lint-no-default": (
        process(
            '<startEvent id="s"/><exclusiveGateway id="x"/><task id="a"/><task id="b"/>'
            + flow("s", "x")
            + flow("x", "a", "n = 1")
            + flow("x", "b", "n = 2")
        ),
        "x",
    ),
    "lint-unreachable": (process(line() + '<task id="x"/>'), "x"),
    "lint-no-way-out": (
        process('<startEvent id="s"/><task id="x"/>' + flow("s", "x") + flow("x", "x", name="again")),
        "x",
    ),
    "lint-four-eyes-order": (
        process(
            line(
                f'<userTask id="x" {PEOPLE}>{PROPERTY.format("fourEyesWith", "y")}</userTask>',
                f'<userTask id="y" {PEOPLE}/>',
            )
        ),
        "x",
    ),
    "lint-unknown-language": (process(line(f'<task id="x">{PROPERTY.format("name.fr", "x")}</task>')), "x"),
    "lint-name-missing": (process(line(f'<task id="x" name="x">{PROPERTY.format("name.en", "x")}</task>')), "p"),
    "lint-gate-missing": (process(line('<task id="x"/>')).replace(b'id="p"', b'id="gated"'), "gated"),
}


def test_every_lint_of_the_catalogue_has_a_file_that_deserves_it() -> None:
    assert {code for code in FINDINGS if code.startswith("lint-")} == FLAWED.keys()


@pytest.mark.parametrize("code", FLAWED)
def test_a_flaw_is_named_with_its_element(code: str) -> None:
    xml, element_id = FLAWED[code]

    assert (code, element_id) in found(xml)
    assert all(entry.mend for entry in lint([graph(xml)], NAMES))


@pytest.mark.parametrize("ladder", ["standard", "none"])
def test_a_configured_ladder_and_none_are_fine(ladder: str) -> None:
    assert found(process(line(f'<userTask id="x" {PEOPLE}>{PROPERTY.format("ladder", ladder)}</userTask>'))) == []


def test_an_unknown_ladder_is_refused_with_those_that_are_configured() -> None:
    xml, _ = FLAWED["lint-unknown-ladder"]

    (entry,) = lint([graph(xml)], NAMES)

    assert (entry.severity, entry.mend) == ("error", "Choose one of: none, standard.")


def test_an_expression_beyond_its_budget_hides_nothing_else() -> None:
    people = PEOPLE.replace("due.goal_review.fill", ENDLESS).replace("F-01", "F-99")

    entries = lint([graph(process(line(f'<userTask id="x" {people}/>')))], NAMES).entries

    assert [entry.code for entry in entries] == ["lint-expression-fails", "lint-unknown-form"]
    assert entries[0].facts["text"] == "for i in 1..1000000 return i"


def test_a_known_role_may_start_whatever_its_unit() -> None:
    starters = b'id="p" camunda:candidateStarterGroups="dept_perf@21,dept_perf"'

    assert found(process(line('<task id="x"/>')).replace(b'id="p"', starters)) == []


def test_expressions_that_read_variables_are_left_to_the_instance() -> None:
    assert (
        found(
            process(
                line(
                    '<userTask id="x" camunda:candidateGroups="= role" camunda:dueDate="= when" '
                    'camunda:formKey="F-01"/>',
                    '<callActivity id="y" calledElement="= which"/>',
                )
            )
        )
        == []
    )


def test_expressions_that_ask_the_clock_are_left_to_the_instance() -> None:
    people = PEOPLE.replace("due.goal_review.fill", "= today() + @'P3D'".replace("'", "&quot;"))

    assert found(process(line(f'<userTask id="x" {people}/>'))) == []


def test_a_timer_that_waits_for_an_unknown_deadline_is_named() -> None:
    timer = "<timerEventDefinition><timeDuration>due.nothing</timeDuration></timerEventDefinition>"

    assert found(process(line(f'<intermediateCatchEvent id="w">{timer}</intermediateCatchEvent>'))) == [
        ("lint-unknown-deadline", "w")
    ]


def test_processes_that_are_deployed_together_know_one_another() -> None:
    sender = process(
        line('<sendTask id="send" messageRef="M"/>', '<callActivity id="call" calledElement="receiver"/>'),
        roots='<message id="M" name="hello"/>',
    )
    receiver = process(line('<receiveTask id="wait" messageRef="M"/>'), roots='<message id="M" name="hello"/>')
    receiver = receiver.replace(b'<process id="p"', b'<process id="receiver"')
    graphs = [*read(sender).graphs, *read(receiver).graphs]

    assert lint(graphs, NAMES).entries == ()
    assert [entry.code for entry in lint(graphs[1:], NAMES)] == ["lint-message-not-thrown"]


def test_boundary_events_sub_processes_event_sub_processes_and_links_are_ways() -> None:
    signal = '<signalEventDefinition signalRef="S"/>'
    xml = process(
        '<startEvent id="s"/><subProcess id="sub"><startEvent id="ss"/><subProcess id="deep"><startEvent id="ds"/>'
        '<task id="dt"/>' + flow("ds", "dt") + '</subProcess>' + flow("ss", "deep") + "</subProcess>"
        f'<boundaryEvent id="b" attachedToRef="sub">{signal}</boundaryEvent><task id="after"/>'
        '<intermediateThrowEvent id="t"><linkEventDefinition name="L"/></intermediateThrowEvent>'
        '<intermediateCatchEvent id="c"><linkEventDefinition name="L"/></intermediateCatchEvent><endEvent id="e"/>'
        f'<subProcess id="watch" triggeredByEvent="true"><startEvent id="ws">{signal}</startEvent><task id="wt"/>'
        + flow("ws", "wt") + "</subProcess>"
        + flow("s", "sub") + flow("sub", "t") + flow("b", "after") + flow("c", "e"),
        roots='<signal id="S" name="stop"/>',
    )  # fmt: skip

    assert found(xml) == []


def test_a_sub_process_that_never_ends_blocks_what_follows() -> None:
    loop = '<startEvent id="ss"/><task id="a"/><task id="b"/>' + flow("ss", "a") + flow("a", "b") + flow("b", "a")
    xml = process(line(f'<subProcess id="sub">{loop}</subProcess>', '<task id="t"/>'))

    assert sorted(found(xml)) == [
        *[("lint-no-way-out", name) for name in ("a", "b", "s", "ss", "sub")],
        ("lint-unreachable", "e"),
        ("lint-unreachable", "t"),
    ]


def test_unknown_surroundings_are_taken_as_known() -> None:
    names = KnownNames()

    assert [code for xml, _ in FLAWED.values() for code, _ in found(xml, names) if "unknown" in code] == []


def gated(*elements: str) -> bytes:
    return process(line(*elements))


GATE = '<task id="{0}">' + PROPERTY.format("gate", "G1 G2") + "</task>"


def test_a_variant_keeps_the_gates_of_its_process() -> None:
    names = replace(NAMES, gates={"p": {"G1": 1, "G2": 2}})

    assert found(gated(GATE.format("a"), GATE.format("b")), names) == []
    assert found(gated(GATE.format("a")), names) == [("lint-gate-missing", "p")]
    assert found(gated('<task id="a"/>'), names) == [("lint-gate-missing", "p")] * 2
    aside = process(line(GATE.format("a")) + GATE.format("b"))
    assert ("lint-gate-missing", "p") in found(aside, names)
