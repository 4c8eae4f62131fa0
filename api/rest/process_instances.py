"""Process instances: start, look, hold, end."""

from __future__ import annotations

from typing import Literal

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from api.house import actor, house
from api.identity.gate import SIGNED_IN, RouteRule, open_to
from api.rest.answers import carry_out, etag
from api.rest.listing import Filter, PageQuery, page_answer
from api.rest.models import ChangeHeaders, Moved, NewProcessInstance, OptionalReason, Reason
from api.rest.views import ProcessInstanceLine, ProcessInstanceView, process_instance_line, process_instance_view
from api.rest.wire import answer
from engine.commands import (
    CancelProcessInstance,
    ResumeProcessInstance,
    StartProcessInstance,
    SuspendProcessInstance,
)
from engine.queries.process_instances import InstanceFilter
from engine.queries.process_instances import process_instance_detail as detail_of
from engine.queries.process_instances import process_instances as instances_of

process_instances = APIBlueprint(
    "process_instances", __name__, url_prefix="/api/v1/process-instances", tag="Process instances"
)


class ProcessInstanceQuery(PageQuery):
    process_definition_key: Filter | None = None
    status: Literal["active", "suspended", "completed", "cancelled"] | None = None
    business_key: Filter | None = None
    unit_code: Filter | None = None
    started_by: Filter | None = None
    text: Filter | None = Field(default=None, description="Part of the business key, in any case.")


class ProcessInstancePage(BaseModel):
    items: list[ProcessInstanceLine]
    cursor: str | None


@process_instances.get("")
@process_instances.input(ProcessInstanceQuery, location="query")
@process_instances.output(ProcessInstancePage)
@open_to(SIGNED_IN)
def list_process_instances(query_data: ProcessInstanceQuery) -> Response:
    """Root instances that you may see, latest first"""
    filters = InstanceFilter(
        process_definition_key=query_data.process_definition_key,
        status=query_data.status,
        business_key=query_data.business_key,
        unit_code=query_data.unit_code,
        started_by=query_data.started_by,
        text=query_data.text or "",
    )
    page = house().dispatcher.query(
        instances_of, actor(), filters=filters, cursor=query_data.cursor, limit=query_data.limit
    )
    return page_answer(page, process_instance_line)


@process_instances.get("/<process_instance_id>")
@process_instances.output(ProcessInstanceView)
@open_to(SIGNED_IN)
def show_process_instance(process_instance_id: str) -> Response:
    """One process instance: what it has called and where it stands"""
    detail = house().dispatcher.query(detail_of, actor(), process_instance_id)
    return answer(process_instance_view(detail), headers=etag(detail.instance.version))


@process_instances.post("")
@process_instances.input(NewProcessInstance)
@process_instances.input(ChangeHeaders, location="headers")
@process_instances.output(Moved, 201)
@open_to(RouteRule(permission="start"))
def start_process_instance(json_data: NewProcessInstance, headers_data: ChangeHeaders) -> Response:
    """Start the latest version of a process"""
    command = StartProcessInstance(
        actor=actor(),
        process_definition_key=json_data.process_definition_key,
        business_key=json_data.business_key,
        variables=json_data.variables,
        unit_code=json_data.unit_code,
    )
    return carry_out(command, headers_data, 201)


@process_instances.post("/<process_instance_id>/cancel")
@process_instances.input(Reason)
@process_instances.input(ChangeHeaders, location="headers")
@process_instances.output(Moved)
@open_to(SIGNED_IN)
def cancel_process_instance(process_instance_id: str, json_data: Reason, headers_data: ChangeHeaders) -> Response:
    """End a process instance with everything in it"""
    command = CancelProcessInstance(actor=actor(), process_instance_id=process_instance_id, reason=json_data.reason)
    return carry_out(command, headers_data)


@process_instances.post("/<process_instance_id>/suspend")
@process_instances.input(OptionalReason)
@process_instances.input(ChangeHeaders, location="headers")
@process_instances.output(Moved)
@open_to(SIGNED_IN)
def suspend_process_instance(
    process_instance_id: str, json_data: OptionalReason, headers_data: ChangeHeaders
) -> Response:
    """Hold a process instance: nothing moves until it is resumed"""
    command = SuspendProcessInstance(actor=actor(), process_instance_id=process_instance_id, reason=json_data.reason)
    return carry_out(command, headers_data)


@process_instances.post("/<process_instance_id>/resume")
@process_instances.input(ChangeHeaders, location="headers")
@process_instances.output(Moved)
@open_to(SIGNED_IN)
def resume_process_instance(process_instance_id: str, headers_data: ChangeHeaders) -> Response:
    """Let a suspended process instance go on"""
    return carry_out(ResumeProcessInstance(actor=actor(), process_instance_id=process_instance_id), headers_data)
