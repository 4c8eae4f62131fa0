"""Names in other languages: read to the graph, shown in the picture, missing ones told; the deployed file stays."""

from __future__ import annotations

from dataclasses import replace

from engine.bpmn import KnownNames, drawn_in, lint
from engine.xml import parse_xml
from tests.engine.bpmn.diagrams import definitions, flow, graph, read


def called(**names: str) -> str:
    """The properties that give an element names in other languages."""
    inner = "".join(f'<camunda:property name="name.{language}" value="{name}"/>' for language, name in names.items())
    return f"<extensionElements><camunda:properties>{inner}</camunda:properties></extensionElements>"


def drawn(
    *, pool: str = "借阅", of_process: str = called(en="Loan"), of_task: str = called(en="Review"), more: str = ""
) -> bytes:
    return definitions(
        '<message id="M" name="loan.asked"/>'
        f'<collaboration id="c"><participant id="pool" name="{pool}" processRef="p"/></collaboration>'
        f'<process id="p" name="借阅" isExecutable="true">{of_process}'
        f'<laneSet id="ls"><lane id="lane" name="部门">{called(en="Department")}<flowNodeRef>t</flowNodeRef></lane>'
        "</laneSet>"
        f'<startEvent id="s"/><userTask id="t" name="审核" camunda:assignee="a">{of_task}</userTask>'
        f'<exclusiveGateway id="g" name="同意?" default="no">{called(en="Agreed?")}</exclusiveGateway>'
        '<endEvent id="e1"/><endEvent id="e2"/>'
        + flow("s", "t")
        + flow("t", "g")
        + f'<sequenceFlow id="no" name="否" sourceRef="g" targetRef="e1">{called(en="No")}</sequenceFlow>'
        + f'<sequenceFlow id="yes" name="是" sourceRef="g" targetRef="e2">{called(en="Yes")}'
        "<conditionExpression>a = 1</conditionExpression></sequenceFlow>" + more + "</process>"
    )


def warned(xml: bytes, languages: frozenset[str] | None = frozenset({"zh", "en"})) -> list[tuple[str, str]]:
    names = replace(KnownNames(), languages=languages)
    found = [*read(xml).report, *lint([graph(xml)], names)]
    return [(each.code, each.element_id) for each in found if each.severity != "info"]


def test_names_are_in_the_graph_and_not_among_the_properties_that_user_tasks_carry() -> None:
    found = graph(drawn())

    assert found.names == {"en": "Loan"}
    assert found.node("t").names == {"en": "Review"}
    assert found.node("t").name == "审核"
    assert found.node("t").properties == {}
    assert {each.id: each.names for each in found.flows if each.name} == {"no": {"en": "No"}, "yes": {"en": "Yes"}}
    assert found.lane_names == {"部门": {"en": "Department"}}
    assert found.properties == {}


def test_a_diagram_whose_names_are_complete_raises_no_word() -> None:
    assert list(read(drawn()).report) == []
    assert warned(drawn()) == [("lint-no-due-date", "t"), ("lint-no-form", "t")]


def test_the_picture_has_the_names_of_the_language_and_the_pool_that_of_its_process() -> None:
    seen = {each.get("id"): each.get("name") for each in parse_xml(drawn_in(drawn(), "en")).iter() if each.get("id")}

    assert seen["t"] == "Review"
    assert (seen["p"], seen["pool"], seen["lane"]) == ("Loan", "Loan", "Department")
    assert (seen["g"], seen["no"], seen["yes"]) == ("Agreed?", "No", "Yes")
    assert seen["M"] == "loan.asked"


def test_a_pool_with_another_name_than_its_process_keeps_it() -> None:
    seen = parse_xml(drawn_in(drawn(pool="档案室"), "en")).find(".//*[@id='pool']")

    assert seen is not None and seen.get("name") == "档案室"


def test_without_names_in_the_language_the_file_is_shown_byte_for_byte() -> None:
    assert drawn_in(drawn(), "fr") == drawn()


def test_a_drawing_with_names_still_runs_and_means_the_same() -> None:
    shown = graph(drawn_in(drawn(), "en"))

    assert [(node.id, node.kind) for node in shown.nodes] == [(node.id, node.kind) for node in graph(drawn()).nodes]
    assert shown.name == "Loan"


def test_what_has_no_name_in_a_language_of_the_process_is_told_in_one_line() -> None:
    xml = drawn(of_task="")
    (entry,) = [each for each in lint([graph(xml)], KnownNames()) if each.code == "lint-name-missing"]

    assert entry.element_id == "p"
    assert entry.message == "Process p has names in language 'en', but 1 of what it draws have none: t."


def test_a_diagram_in_one_language_is_asked_for_no_other() -> None:
    bare = drawn(of_process="", of_task="").replace(b"name.en", b"clause")

    assert [code for code, _ in warned(bare) if "name" in code] == []


def test_a_language_that_nobody_reads_is_told() -> None:
    xml = drawn(of_task=called(en="Review", fr="Examiner"))

    assert ("lint-unknown-language", "t") in warned(xml)
    assert ("lint-unknown-language", "t") not in warned(xml, languages=None)


def test_a_name_that_says_nothing_and_a_second_one_are_not_lost_in_silence() -> None:
    second = '/><camunda:property name="name.en" value="Check"/></camunda:properties>'
    empty = drawn(of_task=called(en=" "))
    twice = drawn(of_task=called(en="Review").replace("/></camunda:properties>", second))

    assert ("extension-ignored", "t") in warned(empty)
    assert ("extension-ignored", "t") in warned(twice)
    assert graph(twice).node("t").names == {"en": "Review"}


def test_a_message_is_a_key_of_programs_and_has_no_other_name() -> None:
    xml = drawn().replace(b'name="loan.asked"/>', f'name="loan.asked">{called(en="Asked")}</message>'.encode())

    assert [entry.code for entry in read(xml).report] == ["extension-ignored"]


def test_other_properties_of_a_flow_are_still_told() -> None:
    more = '<camunda:property name="colour" value="red"/></camunda:properties>'
    xml = drawn().replace(b'value="No"/></camunda:properties>', b'value="No"/>' + more.encode())

    assert [(entry.code, entry.element_id) for entry in read(xml).report] == [("extension-ignored", "no")]
