"""The names of BPMN 2.0 as they stand in a file, and which of them this engine runs."""

from __future__ import annotations

from engine.kernel.graph import EventKind, NodeKind
from engine.xml import Element

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
CANVAS = "http://www.omg.org/spec/DD/20100524/DC"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


def bpmn(name: str) -> str:
    """The full tag of a BPMN element, as in "{http://…/MODEL}userTask"."""
    return f"{{{BPMN}}}{name}"


def camunda(name: str) -> str:
    """The full name of a camunda attribute or element."""
    return f"{{{CAMUNDA}}}{name}"


def local(name: str) -> str:
    """The part of a full name behind the namespace."""
    return name.rpartition("}")[2]


def namespace(name: str) -> str:
    """The namespace of a full name; "" for an attribute that has none."""
    return name[1:].partition("}")[0] if name.startswith("{") else ""


def qualified(name: str) -> str:
    """A full name as people write it: "camunda:topic"."""
    prefix = {BPMN: "bpmn:", CAMUNDA: "camunda:", "": ""}.get(namespace(name))
    return f"{prefix}{local(name)}" if prefix is not None else name


def without_prefix(reference: str) -> str:
    """The id a QName points to: tools write "tns:Message_1" for "Message_1"."""
    return reference.strip().rpartition(":")[2]


def nearest_id(element: Element) -> str:
    """The id of the element or of the closest one around it; "" if none has one."""
    current: Element | None = element
    while current is not None:
        found = current.get("id")
        if found:
            return found
        current = current.getparent()
    return ""


#: Flow nodes this engine runs. Sub-processes that an event triggers become EVENT_SUB_PROCESS.
NODE_KINDS = {
    "startEvent": NodeKind.START,
    "endEvent": NodeKind.END,
    "intermediateCatchEvent": NodeKind.INTERMEDIATE_CATCH,
    "intermediateThrowEvent": NodeKind.INTERMEDIATE_THROW,
    "boundaryEvent": NodeKind.BOUNDARY,
    "task": NodeKind.ABSTRACT,
    "manualTask": NodeKind.ABSTRACT,
    "userTask": NodeKind.USER_TASK,
    "scriptTask": NodeKind.SCRIPT,
    "serviceTask": NodeKind.SERVICE,
    "sendTask": NodeKind.SEND,
    "receiveTask": NodeKind.RECEIVE,
    "businessRuleTask": NodeKind.BUSINESS_RULE,
    "callActivity": NodeKind.CALL_ACTIVITY,
    "subProcess": NodeKind.SUB_PROCESS,
    "transaction": NodeKind.TRANSACTION,
    "exclusiveGateway": NodeKind.EXCLUSIVE,
    "parallelGateway": NodeKind.PARALLEL,
    "inclusiveGateway": NodeKind.INCLUSIVE,
    "eventBasedGateway": NodeKind.EVENT_BASED,
}

#: Flow nodes that are refused, each by a finding of its own.
REFUSED_NODES = {
    "complexGateway": "complex-gateway",
    "adHocSubProcess": "ad-hoc-sub-process",
    "choreographyTask": "choreography",
    "subChoreography": "choreography",
    "callChoreography": "choreography",
}

FLOW_NODES = frozenset(NODE_KINDS) | frozenset(REFUSED_NODES)
SCOPES = frozenset({"subProcess", "transaction", "adHocSubProcess", "subChoreography"})

EVENT_KINDS = {
    "timerEventDefinition": EventKind.TIMER,
    "messageEventDefinition": EventKind.MESSAGE,
    "signalEventDefinition": EventKind.SIGNAL,
    "errorEventDefinition": EventKind.ERROR,
    "escalationEventDefinition": EventKind.ESCALATION,
    "conditionalEventDefinition": EventKind.CONDITIONAL,
    "linkEventDefinition": EventKind.LINK,
    "terminateEventDefinition": EventKind.TERMINATE,
    "cancelEventDefinition": EventKind.CANCEL,
}
EVENT_DEFINITIONS = frozenset(EVENT_KINDS) | {"compensateEventDefinition"}

ACTIVITY_KINDS = frozenset(
    {
        NodeKind.ABSTRACT,
        NodeKind.USER_TASK,
        NodeKind.SCRIPT,
        NodeKind.SERVICE,
        NodeKind.SEND,
        NodeKind.RECEIVE,
        NodeKind.BUSINESS_RULE,
        NodeKind.CALL_ACTIVITY,
        NodeKind.SUB_PROCESS,
        NodeKind.TRANSACTION,
    }
)
SCOPE_KINDS = frozenset({NodeKind.SUB_PROCESS, NodeKind.TRANSACTION, NodeKind.EVENT_SUB_PROCESS})

#: Elements that explain and do not act: they stay in the file, for people to read.
DESCRIPTIVE = frozenset(
    {
        "documentation", "textAnnotation", "association", "group", "category", "auditing", "monitoring",
        "dataObject", "dataObjectReference", "dataStore", "dataStoreReference", "dataState", "property",
        "ioSpecification", "ioBinding", "itemDefinition", "import", "interface", "endPoint", "resource",
        "partnerEntity", "partnerRole", "relationship", "extension", "rendering", "correlationSubscription",
        "correlationProperty", "supports", "resourceRole", "incoming", "outgoing",
    }
)  # fmt: skip
#: Of these the report says that they do not act, because other engines give some of them a meaning.
DESCRIPTIVE_DATA = frozenset({"dataObject", "dataStoreReference", "ioSpecification", "property", "correlationProperty"})
