"""Process instances: start, look, hold, end."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response

from api.house import actor
from api.identity.gate import SIGNED_IN, RouteRule, open_to
from api.rest.answers import carry_out
from api.rest.models import ChangeHeaders, Moved, NewProcessInstance, OptionalReason, Reason
from engine.commands import (
    CancelProcessInstance,
    ResumeProcessInstance,
    StartProcessInstance,
    SuspendProcessInstance,
)

process_instances = APIBlueprint(
    "process_instances", __name__, url_prefix="/api/v1/process-instances", tag="Process instances"
)


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
