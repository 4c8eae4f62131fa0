"""The package over one database: engine, forms, local services, tables, deadlines, and one person a role."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.commands import CorrelateMessage, DeployDefinitions
from engine.model.actor import Actor
from engine.model.calendar import SHANGHAI
from engine.queries import InboxItem, InboxList
from engine.store.calendar_rows import bring_calendar_years
from engine.store.database import write_transaction
from engine.store.settings_rows import put_settings
from processes.budget_performance import package
from tests.doubles import OPERATOR, person
from tests.house import House
from tests.processes.office import TENANT, Office
from tests.processes.package_ports import package_ports

#: The assessment, and what the year needs after the budget is approved.
FILES = frozenset(
    {
        *("dual_monitoring.bpmn", "self_evaluation.bpmn", "rectification.bpmn", "result_application.bpmn"),
        *("ex_ante_assessment.bpmn", "urging.bpmn", "coordination.bpmn"),
        *("extension.bpmn", "withdrawal.bpmn", "opinion.bpmn"),
        *("R02.dmn", "R03.dmn", "R04.dmn", "R10.dmn", "R15b.dmn", "R15c.dmn"),
    }
)
UNIT = "2202"
OWNER = "health2.proj"


class DistrictOffice(House):
    """A house that has most of the package deployed, and whose people are called after their role."""

    @classmethod
    def in_folder(cls, folder: Path) -> DistrictOffice:
        """A new office over SQLite."""
        office = cls.at(f"sqlite:///{folder / 'office.sqlite'}", package_ports(TENANT))
        with write_transaction(office.database) as connection:
            put_settings(connection, TENANT, package.settings())
            bring_calendar_years(connection, TENANT, (2025, 2026, 2027))
        needed = {name: content for name, content in package.files().items() if name in FILES}
        office.dispatcher.dispatch(DeployDefinitions(actor=OPERATOR, files=needed))
        return office

    def at_time(self, local: str) -> None:
        """Move the clock to a local instant, "2026-09-01 09:00"."""
        self.move_to(datetime.fromisoformat(local).replace(tzinfo=SHANGHAI))

    def take_over(self, code: str) -> None:
        """Put a project of the model district into the books: budget, goal, payments to August."""
        with write_transaction(self.database) as connection:
            Office(connection, self.clock.now()).take_over(code)

    def begin(self, key: str, business_key: str, variables: Mapping[str, Any]) -> None:
        """Start a process as the performance section does."""
        starter = person("fin.perf", f"finance_perf@{UNIT}", units=None, permissions=frozenset({"start"}))
        self.start(key, business_key, variables, unit_code=UNIT, actor=starter)

    def tell(self, name: str, key: str, **variables: Any) -> None:
        """Somebody outside sends a message."""
        command = CorrelateMessage(actor=OPERATOR, name=name, correlation_key=key, variables=variables)
        self.dispatcher.dispatch(command)

    def task_of(self, element_id: str, business_key: str) -> tuple[Actor, InboxItem]:
        """The open user task of an element, with the person who may do it."""
        for who in (OWNER, *ROLES):
            actor = _person(who)
            for which in (InboxList.MINE, InboxList.CLAIMABLE):
                for item in self.inbox(actor, which):
                    if (item.element_id, item.business_key) == (element_id, business_key):
                        return actor, item
        raise AssertionError(f"nobody has {element_id!r} of {business_key!r} in the inbox")

    def do(self, element_id: str, business_key: str, submission: Mapping[str, Any]) -> InboxItem:
        """Complete a user task as one who may; answers with the line it had in the inbox."""
        actor, item = self.task_of(element_id, business_key)
        self.complete(actor, item.id, submission)
        return item


ROLES = (
    "unit_head", "dept_perf", "dept_head", "finance_division", "finance_perf", "finance_perf_lead", "finance_director",
    "district_leader", "supervisor", "auditor",
)  # fmt: skip


def _person(who: str) -> Actor:
    return person(who, f"{who}@{UNIT}") if who in ROLES else person(who, f"project_owner@{UNIT}")
