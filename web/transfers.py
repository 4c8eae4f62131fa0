"""What pages say of transfers: whom work may go to, and who has given it to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from api.house import actor, house
from api.identity.colleagues import units_within_reach
from api.receivers import receivers_of
from api.texts import say
from engine.kernel.people import fixed_roles
from engine.model.errors import NotPermitted, WrongState
from engine.model.transfer import FROM_ANOTHER, PERMISSION, PROPERTY, ColleaguesRequest, Transfer
from engine.model.user_task import BLIND
from engine.queries import OverdueUserTask, Receiver, UserTaskDetail
from web.naming import unit_name
from web.parts import directory, graph, language, typed

#: More people than these are searched, not looked through.
LOOKED_THROUGH = 8
#: Endpoint that a transfer is sent to.
GIVES = "user_task.transfer.give"


@dataclass(frozen=True)
class Colleague:
    """Somebody of the unit as the dialog shows them."""

    user_id: str
    title: str
    unit: str
    #: Why the work may not go there; "" = it may.
    bar: str = ""


@dataclass(frozen=True)
class Transferable:
    """Whom the visitor may give the work to, with what was typed before it was refused."""

    people: Sequence[Colleague]
    #: Those of the unit who may not have it.
    barred: Sequence[Colleague]
    to: str = ""
    reason: str = ""
    #: The dialog stands open: it was sent and refused, or a list led here for it.
    is_open: bool = False

    @property
    def is_searched(self) -> bool:
        return len(self.people) > LOOKED_THROUGH


def transferable_at(detail: UserTaskDetail) -> Transferable | None:
    """Whom the visitor may give a user task to; None where the visitor, or nobody, gives it to another."""
    if not detail.user_task.is_open or detail.suspended or not actor().may(PERMISSION):
        return None
    try:
        found = receivers_of(detail.user_task.id)
    except (NotPermitted, WrongState):
        return None
    people = [_colleague(each) for each in found if each.bar is None]
    # who has it is no news where there is somebody else
    barred = [each for each in found if each.bar and not (people and each.user_id == detail.user_task.assignee)]
    was_sent = request.endpoint == GIVES
    sent = (request.form.get("to", ""), typed("reason")) if was_sent else ("", "")
    return Transferable(
        people,
        [_colleague(each) for each in barred],
        *sent,
        is_open=was_sent or "transfer" in request.args,
    )


def may_transfer(listed: OverdueUserTask) -> bool:
    """Whether a line of a list leads to work that the visitor may give to another; whoever that may be."""
    if not actor().may(PERMISSION):
        return False
    node = graph(listed.definition_ref).node(listed.element_id)
    if BLIND in node.properties or node.properties.get(PROPERTY) == "none":
        return False
    request = ColleaguesRequest(
        tenant_id=actor().tenant_id,
        user_id=actor().user_id,
        assignee=listed.assignee,
        candidate_groups=listed.candidate_groups,
        candidate_users=listed.candidate_users,
        roles=fixed_roles(node),
    )
    return bool(units_within_reach(directory(), house().gate.desk.catalogue, request))


def last_transfer(detail: UserTaskDetail) -> Transfer | None:
    """How the work came to who has it now; None where it was not by a transfer."""
    last = detail.transfers[-1] if detail.transfers else None
    holds = last is not None and detail.user_task.is_open and detail.user_task.assignee == last.to_user
    return last if holds else None


def stands_apart(detail: UserTaskDetail) -> bool:
    """Whether what the former assignee had typed waits beside the visitor's own draft."""
    draft = detail.draft
    return draft is not None and any(each.written_in.startswith(FROM_ANOTHER) for each in draft.undecided)


def _colleague(found: Receiver) -> Colleague:
    return Colleague(found.user_id, found.title, unit_name(found.unit_code), _why_not(found.bar) if found.bar else "")


def _why_not(bar: Mapping[str, Any]) -> str:
    return say([str(bar["code"])], language(), bar) or str(bar["message"])
