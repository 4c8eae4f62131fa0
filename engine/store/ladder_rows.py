"""The escalation ladder of a user task as a row: its next rung, with its own instant, and what comes after it.

    created ──► remind-2 [due yellow orange] ──fires──► due [yellow orange] ──fires──► yellow [orange] ──► …

A rung becomes a row when the one before it has fired. So a user task that is done in time has written and deleted one
row instead of six, and a million open ones are a million rows. Whoever comes late finds the next rung due at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.model.ports import Rung
from engine.model.value import value
from engine.store import codec
from engine.store.encodings import KeptByIdentity
from engine.store.row_changes import RowChanges
from engine.store.statements import Row

#: Many user tasks of a day climb the same ladder.
_PAYLOADS: KeptByIdentity[str] = KeptByIdentity(1_024)


@value()
class Climber:
    """The open user task whose ladder it is."""

    part: int
    token: int
    element_id: str
    user_task_id: str


def climb_on(changes: RowChanges, climber: Climber, rungs: Sequence[Rung]) -> None:
    """Let the first of the rungs wait for its instant; nothing for none.

    Args:
        rungs: earliest first.
    """
    if rungs:
        changes.new_timers[climber.token, rungs[0].key] = _row(changes, climber, tuple(rungs))


def give_up(changes: RowChanges, climber: Climber, rungs: Sequence[Rung]) -> None:
    """Keep the first of the rungs without offering it; the ladder goes on from the second.

    It remembers which rungs come after it: retried late, it must not lower the level that they have reached.
    """
    given_up, *later = rungs
    given_up = replace(given_up, above=(*given_up.above, *(each.key for each in later)))
    changes.cleared_rungs.append((climber.token, given_up.key))
    climb_on(changes, climber, later)
    row = _row(changes, climber, (given_up,))
    changes.new_timers[climber.token, given_up.key] = {**row, "available_at": None}


def rungs_of(key: str, fires_at: datetime, payload: Mapping[str, Any]) -> tuple[Rung, ...]:
    """The rung of a row and those after it, from the row's key, due instant and payload; earliest first."""
    first = Rung(
        key=key,
        fires_at=fires_at,
        recipients=tuple(payload.get("recipients", ())),
        action=payload.get("action", ""),
        message=payload.get("message", ""),
        above=tuple(payload.get("above", ())),
    )
    later = [
        # a row written before rungs sent messages lists none
        Rung(key=key, fires_at=fires_at, recipients=tuple(recipients), action=action, message="".join(message))
        for key, fires_at, action, recipients, *message in payload.get("later", ())
    ]
    return first, *later


def _row(changes: RowChanges, climber: Climber, rungs: tuple[Rung, ...]) -> Row:
    return {
        "tenant_id": changes.tenant_id,
        "root_id": changes.root_id,
        "number": climber.token,
        "key": rungs[0].key,
        "kind": "rung",
        "part": climber.part,
        "element_id": climber.element_id,
        "user_task_id": climber.user_task_id,
        "due_at": rungs[0].fires_at,
        "available_at": rungs[0].fires_at,
        "attempts": 0,
        "payload": _PAYLOADS.get(rungs, _payload),
    }


def _payload(rungs: tuple[Rung, ...]) -> str:
    first, *later = rungs
    given_up = {"above": list(first.above)} if first.above else {}
    return codec.encode_text(
        {
            **given_up,
            "action": first.action,
            "recipients": list(first.recipients),
            "message": first.message,
            "later": [[each.key, each.fires_at, each.action, list(each.recipients), each.message] for each in later],
        }
    )
