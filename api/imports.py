"""The doors by which programs bring in what the processes work on: objects, payments, results of earlier years."""

from __future__ import annotations

from collections.abc import Sequence

from api.identity.directory import DirectoryReader
from api.identity.people import day_of
from engine.model.actor import Actor
from engine.model.clock import Clock
from engine.model.errors import Fault
from engine.store.unit_of_work import Database, write_transaction
from processes.budget_performance.ledger.evaluations import Result, import_opening_results
from processes.budget_performance.ledger.findings import Finding, take_over
from processes.budget_performance.ledger.payments import PaidSoFar, import_payments
from processes.budget_performance.ledger.projects import Registration, UnsoundRegistration, register


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

    def findings(self, actor: Actor, rows: Sequence[Finding]) -> list[str | None]:
        """Number a rectification for each finding; it begins with the message `rect.open`. Raises UnsoundFindings."""
        with write_transaction(self._database) as connection:
            return take_over(connection, actor.tenant_id, rows, self._clock.now())
