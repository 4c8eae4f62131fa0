"""Processes drawn in a few lines, for every test that needs a graph.

    loan = ProcessBuilder("loan")
    loan.start("start").user_task("check").exclusive("ok?").end("yes").end("no")
    loan.chain("start", "check", "ok?", "yes", when="amount < 10").chain("ok?", "no", default=True)

    play = Play(loan.build()).start(amount=Decimal(5))      # tests/playing.py
    play.complete("check")
    assert play.outcome == ("completed", "yes")

`when` and `default` are about the last flow of a chain.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.feel import Expression, compile_expression
from engine.kernel.graph import (
    Assignment,
    Call,
    EventDefinition,
    EventKind,
    Flow,
    Graph,
    MultiInstance,
    Node,
    NodeKind,
    People,
    StandardLoop,
    Timer,
    TimerKind,
    Work,
)
from engine.kernel.reachability import upstream_of_joins


def feel(text: str) -> Expression:
    """A compiled FEEL expression."""
    return compile_expression(text)


def literal(text: str) -> Expression:
    """An expression whose value is the text itself, as the definition layer makes of attributes without "="."""
    return compile_expression('"' + text.replace('"', '\\"') + '"')


def mappings(values: Mapping[str, str] | None) -> tuple[Assignment, ...]:
    """Input or output mappings: target to FEEL."""
    return tuple(Assignment(target, feel(source)) for target, source in (values or {}).items())


def many(
    over: str | None = None,
    *,
    times: str | None = None,
    sequential: bool = False,
    element: str | None = None,
    collect: tuple[str, str] | None = None,
    until: str | None = None,
) -> MultiInstance:
    """A multi-instance loop; `collect` is (output element, output collection)."""
    return MultiInstance(
        sequential=sequential,
        cardinality=feel(times) if times else None,
        collection=feel(over) if over else None,
        element_variable=element,
        output_element=feel(collect[0]) if collect else None,
        output_collection=collect[1] if collect else None,
        completion_condition=feel(until) if until else None,
    )


def again(while_: str | None = None, *, test_before: bool = False, maximum: int | None = None) -> StandardLoop:
    """A standard loop."""
    return StandardLoop(feel(while_) if while_ else None, test_before, maximum)


# --- events -----------------------------------------------------------------------------------------------------------


def timer(rule: str, kind: TimerKind = TimerKind.DURATION) -> EventDefinition:
    """A timer by its literal text."""
    return EventDefinition(EventKind.TIMER, timer=Timer(kind, literal(rule)))


def cycle(rule: str) -> EventDefinition:
    """A repeating timer by its literal text."""
    return timer(rule, TimerKind.CYCLE)


def message(name: str, key: str | None = None) -> EventDefinition:
    """A message; `key` is FEEL, without it the business key."""
    return EventDefinition(EventKind.MESSAGE, name=name, correlation=feel(key) if key else None)


def signal(name: str) -> EventDefinition:
    """A signal."""
    return EventDefinition(EventKind.SIGNAL, name=name)


def error(code: str = "") -> EventDefinition:
    """An error; "" catches all."""
    return EventDefinition(EventKind.ERROR, name=code)


def escalation(code: str = "") -> EventDefinition:
    """An escalation; "" catches all."""
    return EventDefinition(EventKind.ESCALATION, name=code)


def condition(text: str) -> EventDefinition:
    """A condition on variables."""
    return EventDefinition(EventKind.CONDITIONAL, condition=feel(text))


def link(name: str) -> EventDefinition:
    """A link."""
    return EventDefinition(EventKind.LINK, name=name)


TERMINATE = EventDefinition(EventKind.TERMINATE)
CANCEL = EventDefinition(EventKind.CANCEL)
NONE = EventDefinition(EventKind.NONE)


class ProcessBuilder:
    """Collects nodes and flows; `build` numbers and connects them as the definition layer does."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._nodes: list[Node] = []
        self._indices: dict[str, int] = {}
        self._flows: list[Flow] = []
        self._defaults: dict[str, int] = {}

    def node(self, element_id: str, kind: NodeKind, *, inside: str | None = None, **fields: Any) -> ProcessBuilder:
        """Add a node; `inputs` and `outputs` may be given as dicts of FEEL."""
        index = len(self._nodes)
        for name in ("inputs", "outputs"):
            if isinstance(fields.get(name), dict):
                fields[name] = mappings(fields[name])
        fields.setdefault("name", element_id)
        parent = self._indices[inside] if inside else -1
        self._nodes.append(Node(index=index, id=element_id, kind=kind, parent=parent, **fields))
        self._indices[element_id] = index
        return self

    def start(self, element_id: str = "start", event: EventDefinition = NONE, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.START, event=event, **fields)

    def end(self, element_id: str = "end", event: EventDefinition = NONE, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.END, event=event, **fields)

    def catch(self, element_id: str, event: EventDefinition, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.INTERMEDIATE_CATCH, event=event, **fields)

    def throw(self, element_id: str, event: EventDefinition, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.INTERMEDIATE_THROW, event=event, **fields)

    def boundary(
        self, element_id: str, host: str, event: EventDefinition, *, interrupting: bool = True, **fields: Any
    ) -> ProcessBuilder:
        attached_to = self._indices[host]
        parent = self._nodes[attached_to].parent
        inside = self._nodes[parent].id if parent >= 0 else None
        fields |= {"event": event, "attached_to": attached_to, "interrupting": interrupting}
        return self.node(element_id, NodeKind.BOUNDARY, inside=inside, **fields)

    def user_task(self, element_id: str, *, groups: str | None = None, due: str | None = None, **fields: Any):
        people = People(
            candidate_groups=(literal(groups),) if groups else (),
            due=literal(due) if due else None,
            form_key=element_id,
        )
        return self.node(element_id, NodeKind.USER_TASK, **{"people": people} | fields)

    def script(self, element_id: str, text: str, *, into: str | None = None, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.SCRIPT, work=Work(script=feel(text), result_variable=into), **fields)

    def service(
        self, element_id: str, name: str = "", *, external: bool = False, into: str | None = None, **fields: Any
    ) -> ProcessBuilder:
        work = Work(name=name or element_id, external=external, result_variable=into)
        return self.node(element_id, NodeKind.SERVICE, work=work, **fields)

    def decision(
        self, element_id: str, key: str, *, into: str | None = None, result: str = "singleResult", **fields: Any
    ):
        work = Work(name=key, result_variable=into, map_result=result)
        return self.node(element_id, NodeKind.BUSINESS_RULE, work=work, **fields)

    def call(self, element_id: str, key: str, **fields: Any) -> ProcessBuilder:
        options = {name: fields.pop(name) for name in ("all_in", "all_out", "business_key") if name in fields}
        return self.node(element_id, NodeKind.CALL_ACTIVITY, call=Call(literal(key), **options), **fields)

    def abstract(self, element_id: str, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.ABSTRACT, **fields)

    def send(self, element_id: str, event: EventDefinition, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.SEND, event=event, **fields)

    def receive(self, element_id: str, event: EventDefinition, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.RECEIVE, event=event, **fields)

    def sub_process(self, element_id: str, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.SUB_PROCESS, **fields)

    def transaction(self, element_id: str, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.TRANSACTION, **fields)

    def event_sub_process(self, element_id: str, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.EVENT_SUB_PROCESS, **fields)

    def exclusive(self, element_id: str, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.EXCLUSIVE, **fields)

    def parallel(self, element_id: str, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.PARALLEL, **fields)

    def inclusive(self, element_id: str, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.INCLUSIVE, **fields)

    def event_based(self, element_id: str, **fields: Any) -> ProcessBuilder:
        return self.node(element_id, NodeKind.EVENT_BASED, **fields)

    def chain(self, *element_ids: str, when: str | None = None, default: bool = False) -> ProcessBuilder:
        """Connect nodes one after another; `when` and `default` are about the last flow."""
        for source, target in itertools.pairwise(element_ids):
            is_last = target == element_ids[-1] and source == element_ids[-2]
            guard = feel(when) if when and is_last else None
            flow = Flow(
                index=len(self._flows),
                id=f"{source}>{target}",
                name="",
                source=self._indices[source],
                target=self._indices[target],
                condition=guard,
            )
            self._flows.append(flow)
            if default and is_last:
                self._defaults[source] = flow.index
        return self

    def build(self, ref: str | None = None) -> Graph:
        """The compiled graph; its ref is "key:1" unless told."""
        nodes = tuple(self._connected(node) for node in self._nodes)
        return Graph(
            ref=ref or f"{self.key}:1",
            key=self.key,
            name=self.key,
            nodes=nodes,
            flows=tuple(self._flows),
            starts=tuple(node.index for node in nodes if node.kind is NodeKind.START and node.parent == -1),
            event_sub_processes=self._event_sub_processes(-1),
            by_id=dict(self._indices),
            upstream=upstream_of_joins(nodes, self._flows),
        )

    def _connected(self, node: Node) -> Node:
        starts = [each.index for each in self._nodes if each.kind is NodeKind.START and each.parent == node.index]
        return replace(
            node,
            incoming=tuple(flow.index for flow in self._flows if flow.target == node.index),
            outgoing=tuple(flow.index for flow in self._flows if flow.source == node.index),
            default=self._defaults.get(node.id),
            boundary=tuple(each.index for each in self._nodes if each.attached_to == node.index),
            start=starts[0] if starts else None,
            event_sub_processes=self._event_sub_processes(node.index),
        )

    def _event_sub_processes(self, parent: int) -> tuple[int, ...]:
        return tuple(
            node.index for node in self._nodes if node.kind is NodeKind.EVENT_SUB_PROCESS and node.parent == parent
        )
