"""Which rule executes a node: one file a kind."""

from __future__ import annotations

from collections.abc import Mapping

from engine.kernel.activities import Enter, as_activity
from engine.kernel.graph import NodeKind
from engine.kernel.nodes import (
    abstract,
    boundary,
    business_rule,
    call_activity,
    end,
    event_based,
    event_sub_process,
    exclusive,
    inclusive,
    intermediate_catch,
    intermediate_throw,
    parallel,
    receive,
    script,
    send,
    service_request,
    start,
    sub_process,
    user_task,
)

ENTER: Mapping[NodeKind, Enter] = {
    NodeKind.START: start.enter,
    NodeKind.END: end.enter,
    NodeKind.INTERMEDIATE_CATCH: intermediate_catch.enter,
    NodeKind.INTERMEDIATE_THROW: intermediate_throw.enter,
    NodeKind.BOUNDARY: boundary.enter,
    NodeKind.ABSTRACT: as_activity(abstract.execute),
    NodeKind.USER_TASK: as_activity(user_task.execute),
    NodeKind.SCRIPT: as_activity(script.execute),
    NodeKind.SERVICE: as_activity(service_request.execute),
    NodeKind.SEND: as_activity(send.execute),
    NodeKind.RECEIVE: as_activity(receive.execute),
    NodeKind.BUSINESS_RULE: as_activity(business_rule.execute),
    NodeKind.CALL_ACTIVITY: as_activity(call_activity.execute),
    NodeKind.SUB_PROCESS: as_activity(sub_process.execute),
    NodeKind.TRANSACTION: as_activity(sub_process.execute),
    NodeKind.EVENT_SUB_PROCESS: event_sub_process.enter,
    NodeKind.EXCLUSIVE: exclusive.enter,
    NodeKind.PARALLEL: parallel.enter,
    NodeKind.INCLUSIVE: inclusive.enter,
    NodeKind.EVENT_BASED: event_based.enter,
}
