"""Monitoring rounds of an object: rates and levels as they stood when the round was closed (S-32 … S-34)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Connection, select, update

from engine.store import codec
from engine.store.settings_rows import setting
from processes.budget_performance.ledger.budgets import ObjectKey
from processes.budget_performance.ledger.tables import monitoring_record
from processes.budget_performance.ledger.writing import put


@dataclass(frozen=True, kw_only=True)
class PlannedRound:
    """A round of every year's calendar."""

    #: "R1" … "R4"
    name: str
    #: Of its cut-off day, two digits as in MON-2026-08-A05.
    month: str
    #: Day of the month up to which data count.
    day: str

    def cutoff_in(self, fiscal_year: int) -> date:
        """The day of a year up to which data count."""
        return date(fiscal_year, int(self.month), int(self.day))


@dataclass(frozen=True, kw_only=True)
class ClosedRound:
    """What the double monitoring of one round has come to. Rates are percent; None = does not apply."""

    #: "R1" … "R4"
    round: str
    cutoff: date
    e: Decimal | None
    floor: Decimal
    g: Decimal | None
    g_plan: Decimal
    state_min: Decimal | None
    #: green | yellow | red: by R04, and after people looked.
    level_sys: str
    level_final: str
    #: Rows of R04 that were hit.
    rules: Sequence[str]
    level_reason: str = ""
    #: continue | adjust | cancel | none | "" while nobody has chosen.
    choice: str = ""
    needs_rectification: bool = False


def planned_rounds(connection: Connection, tenant_id: str, on: date) -> list[PlannedRound]:
    """The rounds of a year as they are configured on a day (rule.P04.rounds); none where nothing is configured."""
    calendar = setting(connection, tenant_id, "rule.P04.rounds", on) or ()
    parts = [(row["round"], *row["cutoff"].split("-")) for row in calendar]
    return [PlannedRound(name=name, month=month, day=day) for name, month, day in parts]


def keep_round(connection: Connection, key: ObjectKey, closed: ClosedRound, now: datetime) -> None:
    """Write the result of a round; one that is there is replaced."""
    row = {each.name: getattr(closed, each.name) for each in fields(closed)}
    put(
        connection,
        monitoring_record,
        {**key.as_row(), **row, "rules": codec.encode_text(list(closed.rules)), "recorded_at": now},
    )


def note_choice(connection: Connection, key: ObjectKey, round_name: str, choice: str) -> None:
    """What the owner of a yellow object has chosen (S-64)."""
    of_round = key.rows_of(monitoring_record) & (monitoring_record.c.round == round_name)
    connection.execute(update(monitoring_record).where(of_round).values(choice=choice))


def rounds_of(connection: Connection, key: ObjectKey) -> Sequence[ClosedRound]:
    """The closed rounds of an object, by cut-off date."""
    statement = select(monitoring_record).where(key.rows_of(monitoring_record)).order_by(monitoring_record.c.cutoff)
    names = [each.name for each in fields(ClosedRound) if each.name != "rules"]
    return [
        ClosedRound(**{name: row._mapping[name] for name in names}, rules=codec.decode(row.rules))
        for row in connection.execute(statement)
    ]


def level_before(connection: Connection, key: ObjectKey, cutoff: date) -> str | None:
    """Final level of the last round closed with data before a day; None in the first round."""
    earlier = [closed for closed in rounds_of(connection, key) if closed.cutoff < cutoff]
    return earlier[-1].level_final if earlier else None

