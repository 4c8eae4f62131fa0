"""That somebody has opened a piece of work is noted where it is shown, by pages and programs alike."""

from __future__ import annotations

import logging

from flask import request

from api.house import actor, house
from engine import OpenUserTask
from engine.model.errors import EngineError
from engine.queries import UserTaskDetail

_log = logging.getLogger("bihuan.opening")


def note_opened(detail: UserTaskDetail) -> None:
    """Note that the visitor, who may do it, looks at it for the first time: from now on it is not simply taken back."""
    if request.method == "HEAD" or not detail.may_complete or detail.was_opened:
        return
    try:
        house().dispatcher.dispatch(OpenUserTask(actor=actor(), user_task_id=detail.user_task.id))
    except EngineError:
        # done, claimed or taken back since it was read: there is nothing to note any more
        return
    except Exception:
        # who looks at the work must see it, whether or not that could be written down
        _log.exception("It could not be noted that user task %s was opened.", detail.user_task.id)
