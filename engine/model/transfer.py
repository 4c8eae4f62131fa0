"""Transfer 转办: whoever answers for a unit gives an open user task to another of its people (PROCESSES 0.3).

    A has it, or nobody yet ──TransferUserTask(to B, reason)──► B has it: due instant, ladder and candidates as before,
                                                                and what A had typed comes along

Where the work sits and who belongs there, the people port says; what is transferred at all and who may not receive it
is kept here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from engine.model.actor import Actor
from engine.model.errors import Fault, Invalid, NotPermitted, WrongState
from engine.model.user_task import BLIND, UserTask
from engine.model.value import value

#: What the actor needs; the people port says how far it reaches.
PERMISSION = "transfer"
#: Property of a user task: "none" = it is never transferred.
PROPERTY = "transfer"
#: The window that somebody else's words come from, beside a draft of the receiver's own; the author follows.
FROM_ANOTHER = "transfer:"
#: Who is ill says so in two characters.
SHORTEST_REASON = 2
LONGEST_REASON = 500


class TransferNotYours(NotPermitted):
    """Only who answers for the unit where the work sits gives it to another."""

    code = "transfer-not-yours"


class NotTransferable(WrongState):
    """The diagram has it done by whom it was given to."""

    code = "not-transferable"


class BlindNotTransferable(WrongState):
    """It is done apart by people who were chosen one by one, as experts score."""

    code = "blind-not-transferable"


class TransferInvalid(Invalid):
    """The person or the reason will not do."""

    code = "transfer-invalid"


@value(kw_only=True)
class ColleaguesRequest:
    """A user task for which somebody else is looked for."""

    tenant_id: str
    #: Who wants to transfer it.
    user_id: str
    assignee: str | None
    #: "role@unit".
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    #: Role keys that the diagram offers it to, also where it was given by name.
    roles: tuple[str, ...]

    @classmethod
    def about(cls, user_task: UserTask, roles: tuple[str, ...], actor: Actor) -> ColleaguesRequest:
        """The question about a user task; `roles` are those of its diagram."""
        return cls(
            tenant_id=actor.tenant_id,
            user_id=actor.user_id,
            assignee=user_task.assignee,
            candidate_groups=user_task.candidate_groups,
            candidate_users=user_task.candidate_users,
            roles=roles,
        )


@value(kw_only=True)
class RoleConflict:
    """Two roles that may not meet in one person, one held and one that the work is for, and why."""

    held: str
    wanted: str
    zh: str
    en: str


@value(kw_only=True)
class Colleague:
    """Somebody of the unit where the work sits."""

    user_id: str
    #: What people call the post.
    title: str
    #: Home unit.
    unit_code: str
    conflict: RoleConflict | None = None


@value(kw_only=True)
class Colleagues:
    """Who is there where a user task sits."""

    #: Whether it sits in a unit in which the asker may transfer work.
    is_within_reach: bool
    #: People of those units; who holds a role that it is offered to comes first.
    people: tuple[Colleague, ...] = ()
    #: Login keys of all open accounts.
    accounts: Collection[str] = ()


@value(kw_only=True)
class Transfer:
    """One transfer as it was done."""

    by: str
    #: Aware, UTC.
    at: datetime
    #: None = nobody had taken it.
    from_user: str | None
    to_user: str
    reason: str
    #: Whether something that was typed and not submitted came along.
    with_draft: bool


def must_be_transferable(user_task: UserTask, colleagues: Colleagues, actor: Actor) -> None:
    """Whether the actor may transfer it at all, to whomever.

    Raises:
        TransferNotYours: it sits in no unit that the actor answers for.
        NotTransferable, BlindNotTransferable: nobody transfers it.
    """
    facts = {"user_task_id": user_task.id, "element_id": user_task.element_id}
    if not (actor.may(PERMISSION) and colleagues.is_within_reach):
        raise TransferNotYours(
            f"Expected {actor.user_id} to answer for the unit where user task {user_task.element_id!r} "
            f"({user_task.id}) is done, with a post that holds the permission {PERMISSION!r}, but found none.",
            **facts,
            permission=PERMISSION,
        )
    if BLIND in user_task.properties:
        raise BlindNotTransferable(
            f"Expected a user task that is not done blind, but {user_task.element_id!r} ({user_task.id}) is.", **facts
        )
    if user_task.properties.get(PROPERTY) == "none":
        raise NotTransferable(
            f"Expected a user task that is transferred, but the diagram says transfer = none at "
            f"{user_task.element_id!r} ({user_task.id}).",
            **facts,
        )


def bar_of(user_task: UserTask, filers: Mapping[str, tuple[str, ...]], colleague: Colleague) -> Fault | None:
    """Why a colleague may not receive it; None = he may.

    Args:
        filers: who completed the elements of `four_eyes_with` last, and for whom.
    """
    facts = {"user_id": colleague.user_id, "title": colleague.title}
    if colleague.user_id == user_task.assignee:
        message = f"Expected somebody else than {colleague.title}, who has it."
        return Fault("transfer-to-assignee", message, "to", **facts)
    if any(colleague.user_id in each for each in filers.values()):
        message = f"Expected somebody else than {colleague.title}, who filed what is to be reviewed here."
        return Fault("transfer-to-filer", message, "to", **facts)
    conflict = colleague.conflict
    if conflict is not None:
        message = f"Expected somebody whose posts go with this work, but {colleague.title}'s do not: {conflict.en}."
        facts |= {"held": conflict.held, "wanted": conflict.wanted, "why": conflict.zh}
        return Fault("transfer-to-conflict", message, "to", **facts)
    return None


def faults_of(
    user_task: UserTask, filers: Mapping[str, tuple[str, ...]], colleagues: Colleagues, to: str, reason: str
) -> list[Fault]:
    """Everything that is wrong with the person and the reason (without blanks around it)."""
    faults: list[Fault] = []
    colleague = next((each for each in colleagues.people if each.user_id == to), None)
    if not to:
        faults.append(Fault("transfer-to-missing", "Expected a person, but found none.", "to"))
    elif to not in colleagues.accounts:
        message = f"Expected an open account, but found none called {to!r}."
        faults.append(Fault("transfer-to-unknown", message, "to", found=to))
    elif colleague is None:
        message = f"Expected somebody of the unit where the work is done, but {to} does not belong to it."
        faults.append(Fault("transfer-to-elsewhere", message, "to", user_id=to))
    elif (bar := bar_of(user_task, filers, colleague)) is not None:
        faults.append(bar)
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        message = f"Expected a reason of {SHORTEST_REASON} to {LONGEST_REASON} characters, but found {len(reason)}."
        limits = {"shortest": SHORTEST_REASON, "longest": LONGEST_REASON}
        faults.append(Fault("transfer-reason", message, "reason", found=len(reason), **limits))
    return faults
