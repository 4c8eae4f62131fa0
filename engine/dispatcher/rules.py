"""Which decision answers each command, and what it decides about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from engine import commands as asked
from engine.commands.decision import Decision
from engine.dispatcher.examining import examine_files


class About(Enum):
    """What a command is about: says what is locked and read before it is decided."""

    USER_TASK = auto()
    #: As above, with the variables of the form and the filers of earlier documents.
    USER_TASK_WITH_FORM = auto()
    #: As the first, with the actor's draft, or the one left at this step before.
    USER_TASK_WITH_DRAFT = auto()
    #: As the first, with what its reviewer is asked to give back.
    USER_TASK_IN_HAND = auto()
    #: As the first, with its siblings and what was asked for before.
    USER_TASK_TO_EXTEND = auto()
    #: As the first, with what came of it since it was handed over, and who has looked at that.
    USER_TASK_TO_WITHDRAW = auto()
    #: As the first, with what was asked there and who may be asked.
    USER_TASK_TO_ASK = auto()
    #: As the first, with who has looked at it.
    USER_TASK_TO_OPEN = auto()
    #: As the first, with the people it may go to and what they and the assignee have typed.
    USER_TASK_TO_TRANSFER = auto()
    INSTANCE = auto()
    #: An instance that is not locked: nothing of it changes.
    CASE = auto()
    INCIDENT = auto()
    JOB = auto()
    OPEN_JOBS = auto()
    TIMER = auto()
    START_TIMER = auto()
    MESSAGE = auto()
    NEW_MESSAGE = auto()
    NEW_INSTANCE = auto()
    DEPLOYMENT = auto()


@dataclass(frozen=True, slots=True)
class Rule:
    """How a command is handled."""

    about: About
    decide: Callable[[Any, Any, Any], Decision]
    #: What takes its time and needs no lock: (database, definitions, collaborators, command, idempotency key) -> what
    #: the subject is told of it.
    prepare: Callable[[Any, Any, Any, Any, str | None], Any] | None = None


RULES: Mapping[type, Rule] = {
    asked.DeployDefinitions: Rule(About.DEPLOYMENT, asked.deploy_definitions, examine_files),
    asked.StartProcessInstance: Rule(About.NEW_INSTANCE, asked.start_process_instance),
    asked.ClaimUserTask: Rule(About.USER_TASK_IN_HAND, asked.claim_user_task),
    asked.ReleaseUserTask: Rule(About.USER_TASK_IN_HAND, asked.release_user_task),
    asked.CompleteUserTask: Rule(About.USER_TASK_WITH_FORM, asked.complete_user_task),
    asked.ReturnUserTask: Rule(About.USER_TASK, asked.return_user_task),
    asked.TransferUserTask: Rule(About.USER_TASK_TO_TRANSFER, asked.transfer_user_task),
    asked.RequestExtension: Rule(About.USER_TASK_TO_EXTEND, asked.request_extension),
    asked.OpenUserTask: Rule(About.USER_TASK_TO_OPEN, asked.open_user_task),
    asked.WithdrawUserTask: Rule(About.USER_TASK_TO_WITHDRAW, asked.withdraw_user_task),
    asked.RequestWithdrawal: Rule(About.USER_TASK_TO_WITHDRAW, asked.request_withdrawal),
    asked.RequestOpinion: Rule(About.USER_TASK_TO_ASK, asked.request_opinion),
    asked.AddComment: Rule(About.CASE, asked.add_comment),
    asked.SaveDraft: Rule(About.USER_TASK_WITH_DRAFT, asked.save_draft),
    asked.CancelProcessInstance: Rule(About.INSTANCE, asked.cancel_process_instance),
    asked.SuspendProcessInstance: Rule(About.INSTANCE, asked.suspend_process_instance),
    asked.ResumeProcessInstance: Rule(About.INSTANCE, asked.resume_process_instance),
    asked.CorrelateMessage: Rule(About.NEW_MESSAGE, asked.correlate_message),
    asked.DeliverMessage: Rule(About.MESSAGE, asked.deliver_message),
    asked.FireTimer: Rule(About.TIMER, asked.fire_timer),
    asked.FireRung: Rule(About.TIMER, asked.fire_rung),
    asked.GiveUpTimer: Rule(About.TIMER, asked.give_up_timer),
    asked.FireStartTimer: Rule(About.START_TIMER, asked.fire_start_timer),
    asked.RetryIncident: Rule(About.INCIDENT, asked.retry_incident),
    asked.TakeJobs: Rule(About.OPEN_JOBS, asked.take_jobs),
    asked.AnswerJob: Rule(About.JOB, asked.answer_job),
    asked.FailJob: Rule(About.JOB, asked.fail_job),
}
