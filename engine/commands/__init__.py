"""Everything that can be asked of the engine: one file each, a frozen command and a pure decision."""

from engine.commands.add_comment import AddComment, add_comment
from engine.commands.answer_job import AnswerJob, answer_job
from engine.commands.cancel_process_instance import CancelProcessInstance, cancel_process_instance
from engine.commands.claim_user_task import ClaimUserTask, claim_user_task
from engine.commands.collaborators import Collaborators
from engine.commands.complete_user_task import CompleteUserTask, complete_user_task
from engine.commands.correlate_message import CorrelateMessage, correlate_message
from engine.commands.decision import (
    Answer,
    CommentKept,
    Decision,
    DefinitionsAccepted,
    DraftKept,
    JobsHandedOut,
    MessageAccepted,
    Moved,
    Nothing,
    answer_of,
)
from engine.commands.deliver_message import DeliverMessage, deliver_message
from engine.commands.deploy_definitions import DeployDefinitions, deploy_definitions
from engine.commands.fail_job import FailJob, fail_job
from engine.commands.fire_rung import FireRung, fire_rung
from engine.commands.fire_start_timer import FireStartTimer, fire_start_timer
from engine.commands.fire_timer import FireTimer, fire_timer
from engine.commands.give_up_timer import GiveUpTimer, give_up_timer
from engine.commands.open_user_task import OpenUserTask, open_user_task
from engine.commands.release_user_task import ReleaseUserTask, release_user_task
from engine.commands.request_extension import RequestExtension, request_extension
from engine.commands.request_opinion import RequestOpinion, request_opinion
from engine.commands.request_withdrawal import RequestWithdrawal, request_withdrawal
from engine.commands.resume_process_instance import ResumeProcessInstance, resume_process_instance
from engine.commands.retry_incident import RetryIncident, retry_incident
from engine.commands.return_user_task import ReturnUserTask, return_user_task
from engine.commands.save_draft import SaveDraft, save_draft
from engine.commands.start_process_instance import StartProcessInstance, start_process_instance
from engine.commands.suspend_process_instance import SuspendProcessInstance, suspend_process_instance
from engine.commands.take_jobs import TakeJobs, take_jobs
from engine.commands.transfer_user_task import TransferUserTask, transfer_user_task
from engine.commands.withdraw_user_task import WithdrawUserTask, withdraw_user_task

__all__ = [
    "AddComment",
    "Answer",
    "AnswerJob",
    "CancelProcessInstance",
    "ClaimUserTask",
    "Collaborators",
    "CommentKept",
    "CompleteUserTask",
    "CorrelateMessage",
    "Decision",
    "DefinitionsAccepted",
    "DeliverMessage",
    "DeployDefinitions",
    "DraftKept",
    "FailJob",
    "FireRung",
    "FireStartTimer",
    "FireTimer",
    "GiveUpTimer",
    "JobsHandedOut",
    "MessageAccepted",
    "Moved",
    "Nothing",
    "OpenUserTask",
    "ReleaseUserTask",
    "RequestExtension",
    "RequestOpinion",
    "RequestWithdrawal",
    "ResumeProcessInstance",
    "RetryIncident",
    "ReturnUserTask",
    "SaveDraft",
    "StartProcessInstance",
    "SuspendProcessInstance",
    "TakeJobs",
    "TransferUserTask",
    "WithdrawUserTask",
    "add_comment",
    "answer_job",
    "answer_of",
    "cancel_process_instance",
    "claim_user_task",
    "complete_user_task",
    "correlate_message",
    "deliver_message",
    "deploy_definitions",
    "fail_job",
    "fire_rung",
    "fire_start_timer",
    "fire_timer",
    "give_up_timer",
    "open_user_task",
    "release_user_task",
    "request_extension",
    "request_opinion",
    "request_withdrawal",
    "resume_process_instance",
    "retry_incident",
    "return_user_task",
    "save_draft",
    "start_process_instance",
    "suspend_process_instance",
    "take_jobs",
    "transfer_user_task",
    "withdraw_user_task",
]
