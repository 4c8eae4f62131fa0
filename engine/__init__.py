"""The engine: runs any BPMN; has heard neither of the web nor of budgets. This file is its face.

    database = open_database("sqlite:///var/bihuan.sqlite")
    dispatcher = Dispatcher(database, collaborators)
    started = dispatcher.dispatch(StartProcessInstance(actor=actor, process_definition_key="main_loop", …))
    page = dispatcher.query(inbox, actor, InboxList.MINE)

Commands change, queries read; both refuse with the errors of `engine.model.errors`. Names are loaded when first asked
for, so that whoever needs one room of the engine does not load all of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.commands import (
        AddComment,
        Answer,
        AnswerJob,
        CancelProcessInstance,
        ClaimUserTask,
        Collaborators,
        CompleteUserTask,
        CorrelateMessage,
        DefinitionsAccepted,
        DeliverMessage,
        DeployDefinitions,
        DraftKept,
        FailJob,
        FireRung,
        FireStartTimer,
        FireTimer,
        JobsHandedOut,
        MessageAccepted,
        Moved,
        Nothing,
        OpenUserTask,
        ReleaseUserTask,
        RequestExtension,
        RequestOpinion,
        RequestWithdrawal,
        ResumeProcessInstance,
        RetryIncident,
        ReturnUserTask,
        SaveDraft,
        StartProcessInstance,
        SuspendProcessInstance,
        TakeJobs,
        TransferUserTask,
        WithdrawUserTask,
    )
    from engine.dispatcher import Command, Dispatcher
    from engine.store.database import open_database

__all__ = [
    "AddComment",
    "Answer",
    "AnswerJob",
    "CancelProcessInstance",
    "ClaimUserTask",
    "Collaborators",
    "Command",
    "CompleteUserTask",
    "CorrelateMessage",
    "DefinitionsAccepted",
    "DeliverMessage",
    "DeployDefinitions",
    "Dispatcher",
    "DraftKept",
    "FailJob",
    "FireRung",
    "FireStartTimer",
    "FireTimer",
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
    "open_database",
]

_ROOMS = ("engine.commands", "engine.dispatcher", "engine.store.database")


def __getattr__(name: str) -> Any:
    if name in __all__:
        for room in _ROOMS:
            found = getattr(import_module(room), name, None)
            if found is not None:
                return found
    raise AttributeError(f"module 'engine' has no attribute {name!r}")
