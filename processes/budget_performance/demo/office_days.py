"""The days after 15 September 2026: on each of them people take up what waits for them, and time goes by.

Nobody follows a script any more. So it does not matter what a visitor of the demonstration has done before: what he has
completed is no longer there, what he has sent back is mended.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, timedelta

from engine.model.calendar import SHANGHAI
from engine.model.errors import Invalid, NotPermitted, WrongState
from engine.queries import OverdueUserTask
from processes.budget_performance.demo.answers import Sight, answer_to
from processes.budget_performance.demo.stage import Stage

#: Share of the time between coming in and being due after which people take something up.
TAKEN_UP_AFTER = 0.25
#: National Day and New Year, when the offices are closed: month and day.
CLOSED = frozenset({*((10, day) for day in range(1, 8)), (1, 1)})

_log = logging.getLogger(__name__)


def office_days(stage: Stage, first: date, last: date) -> Iterator[str]:
    """Ten o'clock of every day on which the offices are open."""
    day = first
    while day <= last:
        if day.weekday() < 5 and (day.month, day.day) not in CLOSED:
            yield f"{day} 10:00"
            work_off(stage)
        day += timedelta(days=1)


def work_off(stage: Stage) -> None:
    """Answer everything whose time has come, once each; what comes in meanwhile waits for the next day."""
    now = stage.clock.now()
    for item in stage.open_user_tasks():
        if now >= item.created_at + (item.due_at - item.created_at) * TAKEN_UP_AFTER:
            _answer(stage, item)


def _answer(stage: Stage, item: OverdueUserTask) -> None:
    sight = Sight(
        element_id=item.element_id,
        business_key=item.business_key,
        assignee=item.assignee,
        seen=stage.variables_of(item.id),
        today=stage.clock.now().astimezone(SHANGHAI).date(),
    )
    filling = answer_to(item.process_definition_key, sight)
    if filling is None:
        return
    try:
        stage.complete_as_holder(item, filling)
    except (Invalid, NotPermitted, WrongState) as refusal:
        # a visitor has made something of it that the play does not know: it stays for him
        _log.warning("%s of %s stays open: %s", item.element_id, item.business_key, refusal)
