"""In English, processes and steps are called as their version of the diagram says in English."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from engine.commands import DeployDefinitions
from tests.house import properties
from tests.web.office import DESIGNER, MEASURES_DRAWN, Office
from tests.web.test_going_on import SOUND, submit


def named(xml: bytes, element_id: str, english: str) -> bytes:
    """The file with an English name for an element that has a tag of its own to close."""
    end = xml.index(b">", xml.index(f' id="{element_id}"'.encode())) + 1
    if xml[end:].startswith(b"<extensionElements>"):
        written = f'<camunda:property name="name.en" value="{english}"/></camunda:properties>'
        return xml[:end] + xml[end:].replace(b"</camunda:properties>", written.encode(), 1)
    return xml[:end] + properties(**{"name.en": english}).encode() + xml[end:]


NAMES = {"measures": "Corrective measures", "measure": "Fill in the measures", "check": "Review the measures"}
IN_BOTH = MEASURES_DRAWN
for _element_id, _english in NAMES.items():
    IN_BOTH = named(IN_BOTH, _element_id, _english)


@pytest.fixture
def both(office: Office) -> Office:
    """The office after its process got English names, as a second version."""
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"measures.bpmn": IN_BOTH}))
    return office


def test_the_lists_speak_the_readers_language(both: Office) -> None:
    both.start()
    both.clock.move_to(both.clock.now() + timedelta(days=30))

    for path in ("/inbox?list=claimable", "/overdue"):
        english, chinese = (both.reader("edu1.proj", language=each).get(path).text for each in ("en", "zh"))
        assert "Fill in the measures" in english and "Corrective measures" in english, path
        assert "填报纠偏措施" not in english and "纠偏措施" not in english, path
        assert "填报纠偏措施" in chinese and "Fill in" not in chinese, path
    english = both.reader("edu.perf", language="en").get("/instances").text
    assert "Fill in the measures" in english and "纠偏措施" not in english


def test_the_pages_of_a_user_task_and_of_its_process_do_too(both: Office) -> None:
    instance_id = both.start()
    reader = both.reader("edu1.proj", language="en")
    path = reader.first_link("/inbox?list=claimable", "Fill in the measures")

    page = reader.get(path).text
    assert "<h1>Fill in the measures</h1>" in page and "· Corrective measures" in page
    said = submit_english(both)
    assert "Submitted: Fill in the measures." in said and "Next: Review the measures (" in said
    whole = reader.get(f"/instances/{instance_id}").text
    assert "Fill in the measures" in whole and "Review the measures" in whole
    assert "Fill in the measures" in reader.get("/inbox?list=done").text
    reviewer = both.reader("edu.perf", language="en")
    review = reviewer.get(reviewer.first_link("/inbox?list=claimable", "Review the measures")).text
    assert '<option value="measure">Fill in the measures' in review
    assert not any("纠偏措施" in each or "审核措施" in each for each in (whole, said, page.split("form-head")[0]))


def submit_english(office: Office) -> str:
    reader = office.reader("edu1.proj", language="en")
    path = reader.first_link("/inbox?list=claimable", "Fill in the measures")
    answer = reader.post(f"{path}/complete", **SOUND)
    return reader.client.get(answer.location, headers=reader.headers).text


def test_an_instance_of_an_earlier_version_keeps_what_that_one_says(office: Office) -> None:
    old = office.start("PRJ:A01:2026")
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"measures.bpmn": IN_BOTH}))
    new = office.start("PRJ:A02:2026")
    reader = office.reader("edu1.proj", language="en")

    assert "填报纠偏措施" in reader.get(f"/instances/{old}").text
    assert "Fill in the measures" in reader.get(f"/instances/{new}").text
    page = reader.get("/inbox?list=claimable").text
    assert "填报纠偏措施" in page and "Fill in the measures" in page
    submit(office.reader("edu1.proj"))


def test_steps_are_found_by_what_the_reader_calls_them(both: Office) -> None:
    both.start()
    english, chinese = (both.reader("edu1.proj", language=each) for each in ("en", "zh"))

    assert "Fill in the measures" in english.get("/inbox?list=claimable&text=in+THE+meas").text
    assert "Fill in the measures" in english.get("/inbox?list=claimable&text=纠偏").text
    assert "Fill in the measures" not in english.get("/inbox?list=claimable&text=Review").text
    assert "填报纠偏措施" in chinese.get("/inbox?list=claimable&text=填报").text
    assert "填报纠偏措施" not in chinese.get("/inbox?list=claimable&text=Fill").text


def test_the_picture_has_the_names_and_what_is_deployed_keeps_its_bytes(both: Office) -> None:
    instance_id = both.start()
    reader = both.reader("edu1.proj", language="en")

    assert "/diagrams/measures:2?language=en" in reader.get(f"/instances/{instance_id}").text
    english = reader.get("/diagrams/measures:2?language=en").get_data()
    assert b'name="Fill in the measures"' in english and "填报".encode() not in english
    assert reader.get("/diagrams/measures:2?language=zh").get_data() == IN_BOTH
    assert reader.get("/diagrams/measures:1?language=en").get_data() == MEASURES_DRAWN


def test_a_refusal_names_the_step_as_the_reader_does(both: Office) -> None:
    both.start()
    reader, other = both.reader("edu1.proj", language="en"), both.reader("edu1.proj", language="en")
    path = reader.first_link("/inbox?list=claimable", "Fill in the measures")
    reader.post(f"{path}/complete", **SOUND)

    assert "completed Fill in the measures at" in other.post(f"{path}/complete", **SOUND).text


@contextmanager
def counted(office: Office) -> Iterator[Callable[[], int]]:
    """How many statements reach the database."""
    told: list[str] = []

    def note(*arguments: object) -> None:
        told.append(str(arguments[2]))

    event.listen(office.dispatcher.database, "before_cursor_execute", note)
    try:
        yield lambda: len(told)
    finally:
        event.remove(office.dispatcher.database, "before_cursor_execute", note)


def test_names_in_a_list_cost_no_statement(both: Office) -> None:
    reader, costs = both.reader("edu1.proj", language="en"), []
    for number in range(3):
        both.start(f"PRJ:A{number}:2026")
        reader.get("/inbox?list=claimable")
        with counted(both) as count:
            assert reader.get("/inbox?list=claimable").text.count("Fill in the measures") == number + 1
            costs.append(count())
    chinese = both.reader("edu1.proj")
    chinese.get("/inbox?list=claimable")
    with counted(both) as count:
        chinese.get("/inbox?list=claimable")
        costs.append(count())

    assert len(set(costs)) == 1
