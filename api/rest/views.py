"""How things look in JSON: one function a thing, with the model that OpenAPI shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from api.afterwards import later_of_document
from api.naming import definition_name, lane_name, step_name
from engine.model.extension import Extension
from engine.model.process_instance import ProcessInstance
from engine.model.user_task import Draft, DraftApart, UserTask
from engine.model.withdrawal import Withdrawal
from engine.queries.definitions import DefinitionItem
from engine.queries.documents import Document
from engine.queries.inbox import InboxItem
from engine.queries.process_instances import InstanceDetail
from engine.queries.user_task_shown import UserTaskDetail


class UserTaskLine(BaseModel):
    """A user task as lists show it."""

    id: str
    process_instance_id: str
    process_definition_key: str
    element_id: str
    name: str = Field(description="In the reader's language, where the diagram has it; else as it is drawn.")
    business_key: str
    unit_code: str | None
    form_key: str | None
    lane: str | None
    state: Literal["open", "completed", "cancelled"]
    assignee: str | None
    candidate_groups: list[str]
    candidate_users: list[str]
    priority: int
    created_at: datetime
    due_at: datetime | None
    has_draft: bool
    closed_at: datetime | None
    on_behalf_of: str | None = Field(
        description="Whom you stand in for in it, or whoever completed it stood in for; null = nobody."
    )
    version: int = Field(description="Counts claims, releases, transfers, drafts and the end; also the ETag.")


class DocumentView(BaseModel):
    """A form as somebody filed it."""

    id: str
    business_key: str
    form_key: str
    form_ref: str = Field(description="key:version of the form that checked it.")
    element_id: str
    user_task_id: str
    process_instance_id: str
    version: int
    filed_by: str
    filed_for: str | None = Field(description="Whom the one who filed it stood in for; null = nobody.")
    filed_at: datetime
    content: dict[str, Any]
    later: dict[str, Any] = Field(
        description="What has become of it since, as far as it is known: the form's fields with x-later, which are "
        "never part of the content."
    )


class DraftApartView(BaseModel):
    """What was typed without having read the draft that was there, or was not taken when its author decided."""

    id: str = Field(description="To decide on it (`settles`); another one as soon as anything of it changes.")
    content: dict[str, Any]
    saved_at: datetime
    builds_on: int | None = Field(
        description="`revision` of the draft that had been read, 0 = none; null where not known, and once decided."
    )
    written_in: str = Field(description='The window it came from; "?" where that gave no name, "" once decided.')
    decided: bool = Field(description="Its author has decided against it; it stays to be taken back.")


class DraftView(BaseModel):
    content: dict[str, Any]
    saved_at: datetime
    revision: int = Field(description="Counts what has stood here, from 1; 0 = left at the step before it came back.")
    written_in: str = Field(description='The window that saved it last; "" where none is known.')
    apart: list[DraftApartView] = Field(description="What stands apart from it, oldest first.")


class RungView(BaseModel):
    key: str
    action: str
    fires_at: datetime


class ExtensionView(BaseModel):
    """What was asked for at a user task, or at one of its step that began with it."""

    user_task_id: str
    asked_by: str
    asked_at: datetime
    until: date = Field(description="The last day asked for.")
    reason: str
    state: Literal["asked", "granted", "refused"]
    answered_at: datetime | None
    answered_by: str | None = Field(description="null: nobody answered in time, or not yet.")
    granted_until: date | None
    opinion: str


class WithdrawalView(BaseModel):
    """That a reviewer was asked to give back what was handed over."""

    user_task_id: str = Field(description="Whose work is asked for.")
    review_id: str = Field(description="The user task whose reviewer was asked.")
    asked_by: str
    asked_at: datetime
    reason: str
    state: Literal["asked", "granted", "refused", "overtaken"] = Field(
        description="overtaken: the review was done, or it was asked for anew, before there was an answer."
    )
    answered_at: datetime | None
    answered_by: str | None = Field(description="null: nobody answered in time, or not yet.")
    opinion: str


class TransferView(BaseModel):
    """Somebody who answers for the unit gave the user task to another."""

    by: str
    at: datetime
    from_user: str | None = Field(description="null: nobody had taken it.")
    to_user: str
    reason: str
    with_draft: bool = Field(description="Whether something that was typed and not submitted came along.")


class UserTaskView(UserTaskLine):
    """A user task with what is needed to do it."""

    closed_by: str | None
    closed_for: str | None = Field(description="Whom the one who closed it stood in for; null = nobody.")
    closed_cause: str
    due_rule: str
    follow_up_at: datetime | None
    properties: dict[str, str]
    four_eyes_with: list[str]
    routing: list[dict[str, Any]] = Field(description="How its people were found, step by step.")
    variables: dict[str, Any]
    documents: list[DocumentView]
    draft: DraftView | None = Field(description="Yours; of a closed user task, what you never submitted.")
    earlier_draft: DraftView | None = Field(
        description="What you left at this step when it was last closed without you submitting it."
    )
    rungs: list[RungView]
    suspended: bool
    may_claim: bool
    may_complete: bool
    extension: ExtensionView | None
    extendable_until: date | None = Field(
        description="The latest last day that you may ask for; null where there is nothing to ask for."
    )
    may_withdraw: Literal["take", "ask"] | None = Field(
        description="How you get back what you handed over: take it, ask the reviewer, or not at all (null)."
    )
    withdrawal: WithdrawalView | None = Field(description="Of what was handed over: that it was asked for.")
    asked_back: WithdrawalView | None = Field(description="Of a review: what is to be given back, unanswered.")
    transfers: list[TransferView] = Field(description="In their order; the last one says who has given it last.")


class ProcessInstanceLine(BaseModel):
    """A process instance as lists show it."""

    id: str
    root_id: str
    process_definition_key: str
    process_definition_ref: str
    business_key: str
    unit_code: str | None
    status: Literal["active", "suspended", "completed", "cancelled"]
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    end_element_id: str | None
    reason: str
    version: int = Field(description="Counts the changes of the root instance; also the ETag.")


class PositionView(BaseModel):
    process_instance_id: str
    element_id: str


class OpenUserTaskView(BaseModel):
    id: str
    process_instance_id: str
    element_id: str
    name: str
    assignee: str | None
    due_at: datetime | None


class ProcessInstanceView(ProcessInstanceLine):
    """A process instance with what it has called and where it stands."""

    called: list[ProcessInstanceLine]
    positions: list[PositionView]
    open_user_tasks: list[OpenUserTaskView]


class DefinitionLine(BaseModel):
    """A version of a process."""

    kind: str
    key: str
    version: int
    ref: str = Field(description="key:version")
    name: str
    version_tag: str
    deployment_id: str
    sha256: str = Field(description="Hexadecimal, of the file it came in.")
    deployed_at: datetime


_LINE = tuple(UserTaskLine.model_fields)
_OF_ITS_END = ("closed_by", "closed_for", "closed_cause", "due_rule", "follow_up_at")
_DOCUMENT = tuple(name for name in DocumentView.model_fields if name != "later")
_INSTANCE = ("id", "root_id", "business_key", "unit_code", "status", "started_at", "started_by", "ended_at")


def user_task_line(item: InboxItem) -> Mapping[str, Any]:
    """A line of an inbox."""
    state = "open" if item.closed_at is None else "completed"
    return {**{name: getattr(item, name) for name in _LINE if name != "state"}, **_called(item), "state": state}


def user_task_view(
    detail: UserTaskDetail, extendable_until: date | None, may_withdraw: Literal["take", "ask"] | None
) -> Mapping[str, Any]:
    """A user task with its page."""
    found: UserTask = detail.user_task
    names = {"process_instance_id": "root_id", "process_definition_key": "definition_key"}
    return {
        **{name: getattr(found, names.get(name, name)) for name in _LINE if name != "on_behalf_of"},
        "on_behalf_of": found.closed_for or detail.on_behalf_of,
        **_called(found),
        **{name: getattr(found, name) for name in _OF_ITS_END},
        "properties": found.properties,
        "four_eyes_with": found.four_eyes_with,
        "routing": detail.routing,
        "variables": detail.variables,
        "documents": [document_view(document) for document in detail.documents],
        "draft": _draft(detail.draft),
        "earlier_draft": _draft(detail.earlier_draft),
        "rungs": [asdict(rung) for rung in detail.rungs],
        "suspended": detail.suspended,
        "may_claim": detail.may_claim,
        "may_complete": detail.may_complete,
        "extension": _extension(detail.extension),
        "extendable_until": extendable_until,
        "may_withdraw": may_withdraw,
        "withdrawal": _withdrawal(detail.withdrawal),
        "asked_back": _withdrawal(detail.asked_back),
        "transfers": [
            {name: getattr(each, name) for name in TransferView.model_fields} for each in detail.transfers
        ],
    }


def _extension(extension: Extension | None) -> Mapping[str, Any] | None:
    if extension is None:
        return None
    return {name: getattr(extension, name) for name in ExtensionView.model_fields}


def _withdrawal(withdrawal: Withdrawal | None) -> Mapping[str, Any] | None:
    if withdrawal is None:
        return None
    return {name: getattr(withdrawal, name) for name in WithdrawalView.model_fields}


def _called(item: InboxItem | UserTask) -> Mapping[str, Any]:
    return {"name": step_name(item), "lane": lane_name(item.definition_ref, item.lane)}


def draft_view(draft: Draft) -> Mapping[str, Any]:
    """A draft with what stands apart from it."""
    whole = {name: getattr(draft, name) for name in DraftView.model_fields if name != "apart"}
    return whole | {"apart": [_apart(each) for each in draft.apart]}


def _apart(apart: DraftApart) -> Mapping[str, Any]:
    told = {name: getattr(apart, name) for name in DraftApartView.model_fields if name != "decided"}
    return told | {"decided": not apart.is_undecided}


def _draft(draft: Draft | None) -> Mapping[str, Any] | None:
    return None if draft is None else draft_view(draft)


def document_view(document: Document) -> Mapping[str, Any]:
    """A filed form, with what has become of it since."""
    return {name: getattr(document, name) for name in _DOCUMENT} | {"later": later_of_document(document)}


def process_instance_line(instance: ProcessInstance) -> Mapping[str, Any]:
    """A line of the list of process instances."""
    return {
        **{name: getattr(instance, name) for name in _INSTANCE},
        "process_definition_key": instance.definition_key,
        "process_definition_ref": instance.definition_ref,
        "end_element_id": instance.end_element_id,
        "reason": instance.reason,
        "version": instance.version,
    }


def process_instance_view(detail: InstanceDetail) -> Mapping[str, Any]:
    """A process instance with its family and positions."""
    ids = {member.part: member.id for member in detail.family}
    return {
        **process_instance_line(detail.instance),
        "called": [process_instance_line(member) for member in detail.family if member.id != detail.instance.id],
        "positions": [
            {"process_instance_id": ids.get(position.part, ""), "element_id": position.element_id}
            for position in detail.positions
        ],
        "open_user_tasks": [
            {
                "id": user_task.id,
                "process_instance_id": ids.get(user_task.part, ""),
                "element_id": user_task.element_id,
                "name": step_name(user_task),
                "assignee": user_task.assignee,
                "due_at": user_task.due_at,
            }
            for user_task in detail.open_user_tasks
        ],
    }


def definition_line(item: DefinitionItem) -> Mapping[str, Any]:
    """A version of a process or decision."""
    return {**{name: getattr(item, name) for name in DefinitionLine.model_fields}, "name": definition_name(item)}
