"""Opening a campaign through the whole engine: each object in scope is released once, none twice (S-06, P02.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api.campaigns import CampaignDoor
from api.identity.directory import DirectoryReader
from engine.commands import DeployDefinitions
from engine.model.actor import Actor
from engine.store.database import read_transaction, write_transaction
from engine.store.instance_tables import user_task
from engine.store.wait_tables import message
from processes.budget_performance import package
from processes.budget_performance.ledger.campaigns import BUDGET, ROUND, Opening
from tests.doubles import OPERATOR, person
from tests.processes.district_office import OWNER, DistrictOffice
from tests.processes.office import YEAR, Office

FIN_PERF = person("fin.perf", "finance_perf@1002", units=None, permissions=frozenset({"campaign", "correlate"}))
AUGUST = Opening(kind=ROUND, fiscal_year=YEAR, month="08", notice="请填报八月监控表。")


class OpeningOffice(DistrictOffice):
    """The office with the goals deployed as well, and the door of campaigns."""

    def open(self, opening: Opening, actor: Actor = FIN_PERF) -> list[str]:
        door = CampaignDoor(self.database, DirectoryReader(), self.clock, self.dispatcher, package.SENDERS)
        return [each.project_code for each in door.open(actor, opening)]

    def monitor(self, code: str, month: str = "08", name: str = "R3") -> None:
        """The main loop calls the monitoring of a round."""
        variables: dict[str, Any] = {
            "project_code": code, "fiscal_year": YEAR, "project_key": f"PRJ:{code}:2026", "owner": OWNER,
            "is_major": False, "round": name, "cutoff": date(2026, int(month), 31),
        }  # fmt: skip
        self.begin("dual_monitoring", f"MON-2026-{month}-{code}", variables)

    def register(self, code: str) -> None:
        with write_transaction(self.database) as connection:
            Office(connection, self.clock.now()).register(code, department_code="22")

    def declare(self, code: str) -> None:
        """The main loop calls the goals of an object."""
        variables = {"project_code": code, "fiscal_year": YEAR, "owner": OWNER, "is_major": False}
        self.begin("goal_review", f"GOAL-2026-{code}", variables)

    def released(self) -> Counter[str]:
        """Business key -> forms that were laid before its owner."""
        with read_transaction(self.database) as connection:
            found = select(user_task.c.business_key).where(user_task.c.element_id == "fill")
            return Counter(connection.execute(found).scalars())

    def sent(self) -> Counter[tuple[str, str]]:
        with read_transaction(self.database) as connection:
            found = connection.execute(select(message.c.id, message.c.state))
            return Counter((row.id, row.state) for row in found)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[OpeningOffice]:
    office = OpeningOffice.in_folder(tmp_path)
    assert isinstance(office, OpeningOffice)
    goals = {name: package.files()[name] for name in ("goal_review.bpmn", "R02b.dmn")}
    office.dispatcher.dispatch(DeployDefinitions(actor=OPERATOR, files=goals))
    office.at_time("2026-09-01 09:00")
    yield office
    office.close()


def test_opening_a_round_releases_one_monitoring_for_each_project_and_none_twice(office: OpeningOffice) -> None:
    for code in ("A01", "A03", "A08"):
        office.take_over(code)
        office.monitor(code)
        office.monitor(code, "07", "R2")
    office.register("A02")  # without an approved budget

    assert office.open(AUGUST) == ["A01", "A03", "A08"]

    once = {f"MON-2026-08-{code}": 1 for code in ("A01", "A03", "A08")}
    assert office.released() == once
    assert office.sent() == {(f"round.open:{key}", "delivered"): 1 for key in once}

    assert office.open(AUGUST) == []
    assert office.open(Opening(**{**vars(AUGUST), "notice": "再次布置。"})) == []
    assert office.released() == once


def test_a_monitoring_that_begins_after_the_opening_finds_its_message(office: OpeningOffice) -> None:
    office.take_over("A03")
    office.open(AUGUST)
    assert office.sent() == {("round.open:MON-2026-08-A03", "buffered"): 1}

    office.monitor("A03")

    assert office.released() == {"MON-2026-08-A03": 1}


def test_a_campaign_that_fell_halfway_is_finished_by_asking_again(office: OpeningOffice) -> None:
    for code in ("A01", "A03"):
        office.take_over(code)
        office.monitor(code)
    office.tell("round.open", "MON-2026-08-A01")

    assert office.open(AUGUST) == ["A03"]
    assert office.released() == {"MON-2026-08-A01": 1, "MON-2026-08-A03": 1}


def test_what_is_funded_later_is_told_by_asking_again(office: OpeningOffice) -> None:
    office.take_over("A01")
    office.open(AUGUST)
    office.take_over("A03")

    assert office.open(AUGUST) == ["A03"]


def test_goals_wait_for_the_budget_unless_they_are_registered_after_it_was_opened(office: OpeningOffice) -> None:
    opening = Opening(kind=BUDGET, fiscal_year=YEAR, notice="请申报绩效目标。")
    office.at_time("2025-09-01 09:00")
    for code in ("A01", "A03"):
        office.register(code)
    office.declare("A01")
    assert office.released() == {}

    assert office.open(opening) == ["A01", "A03"]
    assert office.released() == {"GOAL-2026-A01": 1}

    office.at_time("2025-09-01 10:00")
    office.register("A08")
    office.declare("A08")  # registered after the opening: passes at once
    office.declare("A03")  # registered before: takes the message that was kept for it
    assert office.released() == {"GOAL-2026-A01": 1, "GOAL-2026-A08": 1, "GOAL-2026-A03": 1}
    assert {state for _, state in office.sent()} == {"delivered"}

    assert office.open(opening) == []  # asked again, A08 is sent nothing that nobody waits for
    assert len(office.sent()) == 2
