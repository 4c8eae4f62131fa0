"""Complete a user task with what its form holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision
from engine.commands.user_task_subject import UserTaskSubject
from engine.commands.values import as_variables
from engine.kernel.changes import Complete
from engine.model.actor import Actor
from engine.model.deeds import DocumentFiled
from engine.model.value import empty_dict, value


@value(kw_only=True)
class CompleteUserTask:
    """A person says: this user task is done, here is what I filled in."""

    actor: Actor
    user_task_id: str
    #: The form as filled in; without a form its entries become variables.
    submission: Mapping[str, Any] = field(default_factory=empty_dict)


def complete_user_task(subject: UserTaskSubject, command: CompleteUserTask, collaborators: Collaborators) -> Decision:
    """Let the instance move on from a user task; a candidate who completes it has claimed it.

    Raises:
        UserTaskAlreadyCompleted: somebody was faster.
        NotTheAssignee, NotACandidate: it is not the actor's to do.
        FourEyesViolated: the actor has filed what is to be reviewed here.
        Invalid: the form refuses; holds every fault.
    """
    user_task = subject.must_be_workable(command.actor, "complete")
    user_task.must_be_for(command.actor, "complete")
    subject.must_have_four_eyes(command.actor)
    if user_task.form_key is None:
        variables = as_variables(command.submission)
        return Decision(changes=(Complete(part=user_task.part, token=user_task.token, variables=variables),))
    checked = collaborators.forms.check(user_task.form_key, command.submission, subject.variables)
    filed = DocumentFiled(
        user_task=user_task, form_key=user_task.form_key, form_ref=checked.form_ref, content=checked.document
    )
    done = Complete(user_task.part, user_task.token, checked.variables)
    return Decision(changes=(done,), deeds=(filed,))
