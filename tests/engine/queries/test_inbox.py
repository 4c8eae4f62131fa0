"""The inbox: who sees what, in which order, page by page, and that its cost does not grow with other people's work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from engine.model.actor import Actor
from engine.queries import (
    InboxFilter,
    InboxItem,
    InboxList,
    InstanceFilter,
    InvalidCursor,
    inbox,
    inbox_counts,
    inbox_total,
    process_instances_total,
)
from tests.doubles import MONDAY, person
from tests.house import House, bpmn, flows, user_task

LI = person("li.wei", "clerk@21", "head@21")
DUE = bpmn(
    "due",
    '<startEvent id="s"/>'
    + user_task("t", attributes='camunda:dueDate="= due_on"')
    + '<endEvent id="e"/>'
    + flows("s t", "t e"),
)
UNDUE = bpmn("undue", '<startEvent id="s"/>' + user_task("u") + '<endEvent id="e"/>' + flows("s u", "u e"))
BOTH = bpmn(
    "both",
    '<startEvent id="s"/>' + user_task("b", groups="clerk,head") + '<endEvent id="e"/>' + flows("s b", "b e"),
)


@pytest.fixture
def full(house: House) -> House:
    """Five user tasks due on different days, two never due, one offered to both of li.wei's groups."""
    house.deploy(due=DUE, undue=UNDUE, both=BOTH)
    for number, days in enumerate((30, 10, 20, 10, 5)):
        due_on = (MONDAY + timedelta(days=days)).date().isoformat()
        house.start("due", f"PRJ:A0{number}:2026", {"due_on": due_on})
    house.start("undue", "RECT:1")
    house.start("undue", "RECT:2", unit_code="22")
    house.start("both", "CASE:1")
    return house


def pages(house: House, actor: Actor, which: InboxList, limit: int, **filters: Any) -> list[list[InboxItem]]:
    """All pages of a list."""
    found: list[list[InboxItem]] = []
    cursor = None
    while True:
        page = house.ask(inbox, actor, which, filters=InboxFilter(**filters), cursor=cursor, limit=limit)
        found.append(list(page.items))
        cursor = page.cursor
        if cursor is None:
            return found


def keys(items: list[InboxItem]) -> list[str]:
    return [item.business_key for item in items]


def test_what_is_due_first_comes_first_and_what_is_never_due_comes_last(full: House) -> None:
    assert keys(full.inbox(LI)) == [
        "PRJ:A04:2026",
        "PRJ:A01:2026",
        "PRJ:A03:2026",
        "PRJ:A02:2026",
        "PRJ:A00:2026",
        "RECT:1",
        "CASE:1",
    ]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
@pytest.mark.parametrize("which", [InboxList.CLAIMABLE, InboxList.MINE, InboxList.DONE])
def test_pages_together_are_the_list_without_gap_or_repetition(full: House, which: InboxList, limit: int) -> None:
    whole = full.inbox(LI)
    if which is not InboxList.CLAIMABLE:
        for item in whole:
            full.claim(LI, item.id)
    if which is InboxList.DONE:
        for number, item in enumerate(whole):
            full.move_to(MONDAY + timedelta(minutes=number))
            full.complete(LI, item.id)
        whole.reverse()

    found = pages(full, LI, which, limit)

    assert [item.id for page in found for item in page] == [item.id for item in whole]
    assert all(len(page) == limit for page in found[:-1])


def test_what_is_offered_to_two_of_my_groups_is_listed_once(full: House) -> None:
    assert keys(full.inbox(LI)).count("CASE:1") == 1


def test_each_sees_the_inboxes_of_the_own_groups_and_what_is_offered_by_name(house: House) -> None:
    named = user_task("t", groups="", attributes='camunda:candidateUsers="li.wei,sun.lei"')
    house.deploy(p=bpmn("p", '<startEvent id="s"/>' + named + '<endEvent id="e"/>' + flows("s t", "t e")))
    house.start("p")

    assert len(house.inbox(person("sun.lei"))) == 1
    assert house.inbox(person("wang.fang", "clerk@21")) == []


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"process_definition_key": "undue"}, ["RECT:1"]),
        ({"element_id": "b"}, ["CASE:1"]),
        ({"unit_code": "22"}, []),
        ({"business_key": "PRJ:A02:2026"}, ["PRJ:A02:2026"]),
        ({"text": "rect"}, ["RECT:1"]),
        ({"text": "A04"}, ["PRJ:A04:2026"]),
        ({"text": "%"}, []),
        ({"due_before": MONDAY + timedelta(days=10)}, ["PRJ:A04:2026"]),
        ({"due_before": MONDAY + timedelta(days=11), "text": "a01"}, ["PRJ:A01:2026"]),
    ],
    ids=str,
)
def test_filters_narrow_the_list(full: House, filters: dict[str, Any], expected: list[str]) -> None:
    found = pages(full, LI, InboxList.CLAIMABLE, 50, **filters)

    assert keys([item for page in found for item in page]) == expected


def test_counts_tell_each_list(full: House) -> None:
    full.claim(LI, full.inbox(LI)[0].id)
    full.claim(LI, full.inbox(LI)[-1].id)

    counts = full.ask(inbox_counts, LI, now=MONDAY + timedelta(days=6))

    assert (counts.mine, counts.claimable, counts.done, counts.overdue, counts.started) == (2, 5, 0, 1, 0)
    of_operator = full.ask(inbox_counts, person("operator"), now=MONDAY)
    assert of_operator.started == 8


@pytest.mark.parametrize("cursor", ["nonsense", "W10", "WzEsMl0", "e30"])
def test_a_cursor_of_another_list_is_refused(house: House, cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        house.ask(inbox, LI, InboxList.MINE, cursor=cursor)


def test_a_cursor_of_the_work_that_is_done_does_not_serve_for_the_open_one(full: House) -> None:
    page = full.ask(inbox, LI, InboxList.CLAIMABLE, limit=1)

    with pytest.raises(InvalidCursor):
        full.ask(inbox, LI, InboxList.DONE, cursor=page.cursor)
    assert full.ask(inbox, LI, InboxList.CLAIMABLE, cursor=page.cursor, limit=1).items


def test_no_list_of_the_inbox_reads_a_table_from_end_to_end(sqlite_database_url: str) -> None:
    """On SQLite alone: PostgreSQL reads small tables whole whatever the indexes."""
    full = House.at(sqlite_database_url)
    asked: list[tuple[str, Any]] = []
    event.listen(
        full.database,
        "before_cursor_execute",
        lambda connection, cursor, statement, parameters, context, many: asked.append((statement, parameters)),
    )
    for which in InboxList:
        full.ask(inbox, LI, which, cursor=None)
    full.ask(inbox_counts, LI, now=MONDAY)
    for which in InboxList:
        full.ask(inbox_total, LI, which, filters=InboxFilter(text="a01"))
    full.ask(process_instances_total, LI, filters=InstanceFilter(status="active"))

    with full.database.connect() as connection:
        plans = [
            row[3]
            for statement, parameters in list(asked)
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    full.close()
    tables = ("user_task", "candidate", "process_instance")
    assert [plan for plan in plans if plan.startswith("SCAN") and plan.split()[1] in tables] == []


def test_a_text_also_finds_the_steps_that_it_is_said_to_stand_for(full: House) -> None:
    """As the reader calls them: what stands in the rows is the name as it is drawn."""
    steps = (("undue", "u"), ("due", "nothing"))

    (page,) = pages(full, LI, InboxList.CLAIMABLE, 50, text="Look", steps=steps)

    assert [(item.business_key, item.definition_ref) for item in page] == [("RECT:1", "undue:1")]
    assert pages(full, LI, InboxList.CLAIMABLE, 50, text="Look") == [[]]
