"""Transfer 转办: give an open user task to another person of the unit (PROCESSES 0.3)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision
from engine.commands.taking_back import asked_anew
from engine.commands.transfer_subject import TransferSubject
from engine.model.actor import Actor
from engine.model.deeds import UserTaskTransferred
from engine.model.transfer import FROM_ANOTHER, TransferInvalid, faults_of, must_be_transferable
from engine.model.user_task import Draft, DraftApart


@dataclass(frozen=True, kw_only=True)
class TransferUserTask:
    """Who answers for the unit says: this one does it from now on, for this reason."""

    actor: Actor
    user_task_id: str
    #: Login key.
    to: str
    reason: str


def transfer_user_task(subject: TransferSubject, command: TransferUserTask, collaborators: Collaborators) -> Decision:
    """Make another person the assignee; what the former one had typed comes along, and stays the former one's, too.

    Raises:
        TransferNotYours: the actor does not answer for the unit where it is done.
        NotTransferable, BlindNotTransferable: nobody transfers it.
        TransferInvalid: the person or the reason will not do; holds every fault.
    """
    user_task = subject.must_be_workable(command.actor, "transfer")
    must_be_transferable(user_task, subject.colleagues, command.actor)
    to, reason = command.to.strip(), command.reason.strip()
    faults = faults_of(user_task, subject.filers, subject.colleagues, to, reason)
    if faults:
        message = f"Expected a person and a reason, but found {len(faults)} faults."
        raise TransferInvalid(message, faults, count=len(faults))
    draft = _brought_along(subject.typed, subject.typed_by_receiver, user_task.assignee)
    deed = UserTaskTransferred(
        user_task=user_task,
        from_user=user_task.assignee,
        to_user=to,
        reason=reason,
        with_draft=draft is not None,
        draft=draft,
    )
    return Decision(deeds=(deed, *asked_anew(subject, to)))


def _brought_along(typed: Draft | None, own: Draft | None, typed_by: str | None) -> Draft | None:
    """The receiver's draft: what the former assignee had typed, beside the receiver's own where there is one.

    None: nothing comes along, and what the receiver has typed stays as it is.
    """
    if typed is None or (own is not None and own.content == typed.content):
        return None
    undecided = typed.undecided
    if own is None:
        return replace(typed, revision=1, written_in="", apart=undecided)
    theirs = DraftApart(written_in=f"{FROM_ANOTHER}{typed_by}", saved_at=typed.saved_at, content=typed.content)
    return replace(own, revision=own.revision + 1, apart=(*own.apart, theirs, *undecided))
