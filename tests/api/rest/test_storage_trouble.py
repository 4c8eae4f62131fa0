"""When the database cannot take what is asked: a clear answer, nothing half done, and on it goes afterwards."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from api.problems import problem_of
from engine.store.database import open_database
from tests.api.rest.diagrams import RECTIFICATION
from tests.api.rest.visiting import Doors

BULKY = {
    "process_definition_key": "rectification",
    "business_key": "RECT:9",
    "unit_code": "2101",
    # random enough not to shrink
    "variables": {f"v{number}": f"{number * 7919 % 1000003:x}" * 40 for number in range(2000)},
}


def limit_pages(doors: Doors, pages: int) -> None:
    """Let the SQLite file grow to so many pages."""

    def limit(connection: sqlite3.Connection, *_rest: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}").close()

    event.listen(doors.district.database, "checkout", limit)


def test_a_full_disk_is_answered_with_507_and_nothing_is_half_done(some_doors):
    some_doors.visitor("designer").upload(rectification_bpmn=RECTIFICATION)
    owner = some_doors.visitor("edu1.proj")
    with some_doors.district.database.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()

    limit_pages(some_doors, pages + 4)
    refused = owner.post("/api/v1/process-instances", BULKY)

    assert (refused.status_code, refused.json["code"]) == (507, "storage-full")
    assert owner.get("/api/v1/process-instances").json["items"] == []
    limit_pages(some_doors, pages + 4000)
    assert owner.post("/api/v1/process-instances", BULKY).status_code == 201


def test_a_database_out_of_reach_is_answered_with_503():
    away = open_database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    with pytest.raises(OperationalError) as refusal:
        away.connect()
    away.dispose()

    problem = problem_of(refusal.value, "zh")

    assert (problem.status, problem.code, problem.headers) == (503, "storage-busy", {"Retry-After": "2"})
    assert problem.detail == "数据库暂时繁忙，请稍后再试。"


def test_another_error_of_the_database_stays_an_internal_one(some_doors):
    with some_doors.district.database.connect() as connection, pytest.raises(OperationalError) as refusal:
        connection.execute(text("SELECT * FROM nowhere"))

    assert problem_of(refusal.value, "zh").status == 500
