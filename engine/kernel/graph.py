"""The compiled form of one BPMN process: integer-indexed nodes and flows in document order.

Made by `engine/bpmn` and shared by all instances of the version. Nothing in here changes after compilation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from engine.feel import Expression


class NodeKind(StrEnum):
    """What a flow node is; each has one small file in `engine/kernel/nodes`."""

    START = "start"
    END = "end"
    INTERMEDIATE_CATCH = "intermediate-catch"
    INTERMEDIATE_THROW = "intermediate-throw"
    BOUNDARY = "boundary"
    ABSTRACT = "abstract"  # bpmn:task and bpmn:manualTask: passes at once
    USER_TASK = "user-task"
    SCRIPT = "script"
    SERVICE = "service"  # bpmn:serviceTask and bpmn:sendTask with an implementation
    SEND = "send"
    RECEIVE = "receive"
    BUSINESS_RULE = "business-rule"
    CALL_ACTIVITY = "call-activity"
    SUB_PROCESS = "sub-process"
    TRANSACTION = "transaction"
    EVENT_SUB_PROCESS = "event-sub-process"
    EXCLUSIVE = "exclusive-gateway"
    PARALLEL = "parallel-gateway"
    INCLUSIVE = "inclusive-gateway"
    EVENT_BASED = "event-based-gateway"


class EventKind(StrEnum):
    """The event definition of an event node."""

    NONE = "none"
    TIMER = "timer"
    MESSAGE = "message"
    SIGNAL = "signal"
    ERROR = "error"
    ESCALATION = "escalation"
    CONDITIONAL = "conditional"
    LINK = "link"
    TERMINATE = "terminate"
    CANCEL = "cancel"


class TimerKind(StrEnum):
    """Which child of timerEventDefinition is present."""

    DATE = "date"
    DURATION = "duration"
    CYCLE = "cycle"


@dataclass(frozen=True, slots=True)
class Timer:
    """When a timer event fires.

    `expression` gives a date, date and time, duration, or text in ISO 8601 or working days ("5WD", "R3/PT10M").
    """

    kind: TimerKind
    expression: Expression


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """What an event waits for or throws."""

    kind: EventKind
    #: Message, signal or link name; error or escalation code; "" catches any.
    name: str = ""
    timer: Timer | None = None
    #: Conditional events: becomes true.
    condition: Expression | None = None
    #: Messages: the key that must match; None = the business key of the instance.
    correlation: Expression | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """One input or output mapping: `target` = value of `expression`."""

    target: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """A parallel or sequential repetition over a collection or a number (BPMN 2.0, 10.3.8)."""

    sequential: bool
    cardinality: Expression | None = None
    collection: Expression | None = None
    #: Variable that holds the child's element.
    element_variable: str | None = None
    #: Variable of the child whose value is collected, and the list it goes to, in the order of the children.
    output_element: Expression | None = None
    output_collection: str | None = None
    #: True after a child: the others are cancelled. Sees nrOfInstances, nrOfActiveInstances, nrOfCompletedInstances.
    completion_condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class StandardLoop:
    """A while or until loop around one activity (BPMN 2.0, 10.3.8)."""

    condition: Expression | None
    test_before: bool = False
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class People:
    """Who may do a user task and until when. Every text may be a FEEL expression."""

    assignee: Expression | None = None
    #: Role keys; the people port turns role + unit into groups.
    candidate_groups: tuple[Expression, ...] = ()
    candidate_users: tuple[Expression, ...] = ()
    #: "5WD", "30D", "due.goal_review.fill", ISO or FEEL; see engine/model/deadline.py.
    due: Expression | None = None
    follow_up: Expression | None = None
    priority: Expression | None = None
    form_key: str | None = None
    #: Documents this user task must not be done by their filer, by element id of the filing user task (four eyes).
    four_eyes_with: tuple[str, ...] = ()
    #: Element id of the node that a return to this user task goes to first, as the returns that are drawn do.
    returns_through: str | None = None


@dataclass(frozen=True, slots=True)
class Starters:
    """Who may start a process by hand, as the diagram says; calls, messages and timers start it all the same."""

    #: Role keys ("dept_perf") or full groups ("dept_perf@21").
    groups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()

    @property
    def are_named(self) -> bool:
        return bool(self.groups or self.users)


@dataclass(frozen=True, slots=True)
class Call:
    """What a call activity starts."""

    element: Expression
    #: deployment | latest | version | versionTag
    binding: str = "latest"
    version: str | None = None
    #: Business key of the callee; None = that of the caller.
    business_key: Expression | None = None
    #: Pass all variables in or out (camunda:in/out variables="all").
    all_in: bool = False
    all_out: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """What a service, send, business rule or script node does."""

    #: Service: handler or topic name. Business rule: decision key.
    name: str = ""
    #: True when a worker outside takes the job; False for a local handler.
    external: bool = False
    script: Expression | None = None
    #: Business rule: version binding as for calls; how its result is mapped.
    binding: str = "latest"
    version: str | None = None
    #: singleEntry | singleResult | collectEntries | resultList
    map_result: str = "singleResult"
    result_variable: str | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Where the shape lies on the diagram, in diagram units."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow."""

    index: int
    id: str
    name: str
    source: int
    target: int
    #: None = always.
    condition: Expression | None = None
    names: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node, with everything the diagram says about it."""

    index: int
    id: str
    name: str
    kind: NodeKind
    #: Index of the enclosing sub-process node; -1 at the top.
    parent: int
    #: Flow indices in document order.
    incoming: tuple[int, ...] = ()
    outgoing: tuple[int, ...] = ()
    #: Flow index taken when no condition holds.
    default: int | None = None
    event: EventDefinition | None = None
    #: Boundary events on this activity, node indices.
    boundary: tuple[int, ...] = ()
    #: For a boundary event: the activity it sits on.
    attached_to: int | None = None
    #: For boundary events and starts of event sub-processes.
    interrupting: bool = True
    #: Sub-processes: where a token starts, and the event sub-processes inside (node indices).
    start: int | None = None
    event_sub_processes: tuple[int, ...] = ()
    loop: MultiInstance | StandardLoop | None = None
    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()
    people: People | None = None
    call: Call | None = None
    work: Work | None = None
    lane: str | None = None
    documentation: str = ""
    #: camunda:properties and other reported extension attributes, name -> value; e.g. "clause" -> "S-26".
    properties: Mapping[str, str] = field(default_factory=dict[str, str])
    #: What it is called in other languages than the diagram's: language ("en") -> name. For people who look at it.
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    position: Position | None = None


def link_targets(nodes: Sequence[Node]) -> dict[int, int]:
    """The catch event each link throw event leads to: the one of its name at its level (BPMN 2.0, 10.5.1)."""
    catches = {
        (node.parent, node.event.name): node.index
        for node in nodes
        if node.kind is NodeKind.INTERMEDIATE_CATCH and node.event is not None and node.event.kind is EventKind.LINK
    }
    return {
        node.index: catches[node.parent, node.event.name]
        for node in nodes
        if node.kind is NodeKind.INTERMEDIATE_THROW
        and node.event is not None
        and node.event.kind is EventKind.LINK
        and (node.parent, node.event.name) in catches
    }


@dataclass(frozen=True, slots=True)
class Graph:
    """One executable process of one definition version."""

    #: Identity of the immutable version, "key:version" or a database id: what states refer to.
    ref: str
    key: str
    name: str
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    #: Top-level start events (node indices): none start first if there is one.
    starts: tuple[int, ...]
    #: Event sub-processes of the top level.
    event_sub_processes: tuple[int, ...]
    by_id: Mapping[str, int]
    #: For every inclusive join: node indices from which a token may still reach it without passing it,
    #: per incoming flow. flow index -> frozenset of node indices upstream.
    upstream: Mapping[int, frozenset[int]] = field(default_factory=dict[int, frozenset[int]])
    #: Camunda version tag, "" if none.
    version_tag: str = ""
    properties: Mapping[str, str] = field(default_factory=dict[str, str])
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    #: Every lane -> what it is called in other languages.
    lane_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    starters: Starters = Starters()
    #: Made from the nodes: the catch event of each link throw event.
    links: Mapping[int, int] = field(init=False, repr=False, compare=False)
    #: Made from the nodes: whether anything waits for a condition on variables.
    has_conditional_events: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "links", link_targets(self.nodes))
        object.__setattr__(
            self,
            "has_conditional_events",
            any(node.event is not None and node.event.kind is EventKind.CONDITIONAL for node in self.nodes),
        )

    def node(self, element_id: str) -> Node:
        """The node with this BPMN id. Raises KeyError."""
        return self.nodes[self.by_id[element_id]]


class Graphs(Protocol):
    """Finds compiled graphs: by ref for running instances, by call for call activities."""

    def by_ref(self, ref: str) -> Graph:
        """The graph an instance runs on."""
        ...

    def called(self, caller: Graph, call: Call, key: str) -> Graph | None:
        """The graph a call activity starts, by its binding; None if no such definition is deployed."""
        ...
