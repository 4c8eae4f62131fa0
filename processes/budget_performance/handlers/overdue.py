"""Whether a rectification is overdue: an open step of the side that has to mend things is past its due instant."""

from __future__ import annotations

from sqlalchemy import literal, select

from engine.model.ports import ServiceCall
from engine.store.instance_tables import user_task
from engine.store.types import Instant
from processes.budget_performance.ledger.rectifications import open_numbers

#: Steps 5, 8 and 9 of P09; what the issuer leaves lying does not make the unit late.
STEPS_OF_THE_UNIT = ("plan", "carry-out", "report")


def has_overdue_rectification(call: ServiceCall, project_code: str, *, source: str | None = None) -> bool:
    """Whether the object has one, of any source or only of the named one."""
    numbers = open_numbers(call.connection, call.tenant_id, project_code, source=source)
    late = select(user_task.c.id).where(
        user_task.c.tenant_id == call.tenant_id,
        user_task.c.business_key.in_(numbers),
        user_task.c.element_id.in_(STEPS_OF_THE_UNIT),
        user_task.c.state == "open",
        user_task.c.due_at < literal(call.now, Instant()),
    )
    return call.connection.execute(late.limit(1)).first() is not None
