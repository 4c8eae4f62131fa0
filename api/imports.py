"""The doors by which programs bring in what the processes work on: objects, payments, results of earlier years, and
findings that have to be rectified.
"""

from __future__ import annotations

from collections.abc import Sequence

from api.identity.directory import DirectoryReader
from api.identity.people import day_of
from engine.commands import CorrelateMessage
from engine.model.actor import Actor
from engine.model.clock import Clock
from engine.model.errors import Fault, NotPermitted
from engine.store.unit_of_work import Database, read_transaction, write_transaction
from processes.budget_performance.ledger.evaluations import Result, import_opening_results
from processes.budget_performance.ledger.findings import (
    OPENING,
    OUTSIDE,
    Finding,
    TakenOver,
    issuer_of,
    take_over,
    unopened,
)
from processes.budget_performance.ledger.payments import PaidSoFar, import_payments
from processes.budget_performance.ledger.projects import Registration, UnsoundRegistration, register


class SourceOfOthers(NotPermitted):
    """Findings of a source that another role raises."""

    code = "source-of-others"


class ImportDoors:
    """Each call is one transaction: all rows, or none. A row that is there already is replaced."""

    def __init__(self, database: Database, directories: DirectoryReader, clock: Clock) -> None:
        self._database = database
        self._directories = directories
        self._clock = clock

    def objects(self, actor: Actor, rows: Sequence[Registration]) -> None:
        """Register projects and policies of a budget year.

        Raises:
            UnsoundRegistration: holds every fault; an unknown unit or owner is one.
        """
        now = self._clock.now()
        with write_transaction(self._database) as connection:
            directory = self._directories.read(connection, actor.tenant_id, day_of(now))
            units, people = directory.tree.units, directory.people
            faults = [
                Fault(
                    "unsound-registration",
                    f"Expected {name} of {row.project_code!r} to be known, but found {value!r}.",
                    f"{number}/{name}",
                )
                for number, row in enumerate(rows)
                for name, value, known in (
                    ("unit_code", row.unit_code, row.unit_code in units),
                    ("department_code", row.department_code, row.department_code in units),
                    ("owner", row.owner, row.owner in people),
                )
                if not known
            ]
            if faults:
                message = f"Expected known units and people, but found {len(faults)} faults: {faults[0]['message']}"
                raise UnsoundRegistration(message, faults)
            names = {code: unit.name for code, unit in units.items()}
            register(connection, actor.tenant_id, rows, actor.user_id, now, unit_names=names)

    def payments(self, actor: Actor, rows: Sequence[PaidSoFar]) -> None:
        """Take over a report of the treasury. Raises UnsoundPayments, with every fault."""
        with write_transaction(self._database) as connection:
            import_payments(connection, actor.tenant_id, rows, actor.user_id, self._clock.now())

    def opening_results(self, actor: Actor, rows: Sequence[Result]) -> None:
        """Take over results of years before the engine ran, marked as opening records. Raises UnsoundResults."""
        with write_transaction(self._database) as connection:
            import_opening_results(connection, actor.tenant_id, rows, actor.user_id, self._clock.now())

    def findings(self, actor: Actor, rows: Sequence[Finding]) -> list[TakenOver]:
        """Number a rectification for each finding; one that is open already keeps its number.

        Raises:
            UnsoundFindings: holds every fault.
            SourceOfOthers: findings of a source are raised by the role that writes its notices.
        """
        for source in sorted({row.source for row in rows} & OUTSIDE):
            role = issuer_of(source)
            if not actor.is_system and role not in actor.roles:
                message = f"Expected findings of source {source!r} from a {role!r}, but found {actor.user_id}."
                raise SourceOfOthers(message, source=source, role=role)
        with write_transaction(self._database) as connection:
            return take_over(connection, actor.tenant_id, rows, self._clock.now())

    def openings(self, actor: Actor, taken: Sequence[TakenOver]) -> list[CorrelateMessage]:
        """The messages `rect.open` that are still to be sent, with their source.

        Numbering and sending are two transactions: who asks again after a fall in between gets what is missing.
        """
        with read_transaction(self._database) as connection:
            still = unopened(connection, actor.tenant_id, taken)
        return [
            CorrelateMessage(
                actor=actor,
                name=OPENING,
                correlation_key=each.rect_no,
                variables={"business_key": each.rect_no, "source": each.source, "unit_code": each.unit_code},
                message_id=f"{OPENING}:{each.rect_no}",
            )
            for each in still
        ]
