"""Event definitions: what an event waits for or throws, and which may stand where (BPMN 2.0, 10.5)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn.raw import RawNode
from engine.bpmn.reading import Reading
from engine.bpmn.vocabulary import EVENT_DEFINITIONS, EVENT_KINDS, SCHEMA_INSTANCE, bpmn, local, without_prefix
from engine.feel import Expression
from engine.kernel.graph import EventDefinition, EventKind, NodeKind, Timer, TimerKind
from engine.xml import Element

_START = frozenset({EventKind.NONE, EventKind.TIMER, EventKind.MESSAGE, EventKind.SIGNAL})
_EVENT_SUB_PROCESS_START = frozenset(
    {EventKind.TIMER, EventKind.MESSAGE, EventKind.SIGNAL, EventKind.ERROR, EventKind.ESCALATION, EventKind.CONDITIONAL}
)
_ALLOWED = {
    NodeKind.END: frozenset(
        {
            EventKind.NONE, EventKind.MESSAGE, EventKind.SIGNAL, EventKind.ERROR, EventKind.ESCALATION,
            EventKind.TERMINATE, EventKind.CANCEL,
        }
    ),
    NodeKind.INTERMEDIATE_THROW: frozenset(
        {EventKind.NONE, EventKind.MESSAGE, EventKind.SIGNAL, EventKind.ESCALATION, EventKind.LINK}
    ),
    NodeKind.INTERMEDIATE_CATCH: frozenset(
        {EventKind.TIMER, EventKind.MESSAGE, EventKind.SIGNAL, EventKind.CONDITIONAL, EventKind.LINK}
    ),
    NodeKind.BOUNDARY: _EVENT_SUB_PROCESS_START | {EventKind.CANCEL},
}  # fmt: skip
_EVENT_NODES = frozenset({NodeKind.START, *_ALLOWED})
#: Catching these without a name catches any.
_NAMELESS_CATCH = frozenset({EventKind.ERROR, EventKind.ESCALATION})
_DEFINITIONS = tuple(bpmn(tag) for tag in sorted(EVENT_DEFINITIONS))
#: What events carry for the standard's data model; they explain and do not act.
_EVENT_DATA = tuple(bpmn(tag) for tag in ("dataInput", "dataOutput", "inputSet", "outputSet"))
_REFERENCES = {
    EventKind.SIGNAL: "signalRef",
    EventKind.ERROR: "errorRef",
    EventKind.ESCALATION: "escalationRef",
}
_TIMER_PARTS = {
    bpmn("timeDate"): TimerKind.DATE,
    bpmn("timeDuration"): TimerKind.DURATION,
    bpmn("timeCycle"): TimerKind.CYCLE,
}


def read_event(
    reading: Reading, raw: RawNode, kind: NodeKind, properties: Mapping[str, str], parent_kind: NodeKind | None
) -> EventDefinition | None:
    """The event definition of an event, send or receive node; None for every other node."""
    correlation = _correlation(reading, raw, properties)
    if kind in (NodeKind.SEND, NodeKind.RECEIVE):
        return _message_of(reading, raw.element, raw.id, correlation)
    if kind not in _EVENT_NODES:
        return None
    element = _only_definition(reading, raw)
    event = EventDefinition(EventKind.NONE)
    if element is not None:
        if local(element.tag) not in EVENT_KINDS:
            reading.account.take_whole(element)
            reading.findings.add("compensation", raw.id)
            return event
        event = _definition(reading, element, raw, kind, correlation)
    _check_place(reading, raw, kind, event.kind, parent_kind)
    return event


def _only_definition(reading: Reading, raw: RawNode) -> Element | None:
    """The one event definition of an event; shared and multiple ones are refused."""
    account = reading.account
    for reference in account.children(raw.element, bpmn("eventDefinitionRef")):
        account.take_whole(reference)
        reading.findings.add("event-definition-reference", raw.id)
    for data in raw.element.iterchildren(*_EVENT_DATA):
        account.take_whole(data)
    definitions = account.children(raw.element, *_DEFINITIONS)
    for element in definitions:
        for documentation in element.iterchildren(bpmn("documentation")):
            account.take_whole(documentation)
    if len(definitions) > 1:
        for element in definitions:
            account.take_whole(element)
        reading.findings.add("several-event-definitions", raw.id, count=len(definitions))
    return definitions[0] if definitions else None


def _correlation(reading: Reading, raw: RawNode, properties: Mapping[str, str]) -> Expression | None:
    text = properties.get("correlationKey")
    return reading.expressions.formula(text, raw.id, "correlationKey") if text else None


def _definition(
    reading: Reading, element: Element, raw: RawNode, kind: NodeKind, correlation: Expression | None
) -> EventDefinition:
    event_kind = EVENT_KINDS[local(element.tag)]
    if event_kind is EventKind.MESSAGE:
        return _message_of(reading, element, raw.id, correlation)
    if event_kind is EventKind.TIMER:
        return EventDefinition(EventKind.TIMER, timer=_timer(reading, element, raw))
    if event_kind is EventKind.CONDITIONAL:
        return _conditional(reading, element, raw)
    if event_kind is EventKind.LINK:
        return _link(reading, element, raw)
    if event_kind in (EventKind.TERMINATE, EventKind.CANCEL):
        return EventDefinition(event_kind)
    name = _referred_name(reading, element, raw, event_kind)
    if not name and event_kind not in _NAMELESS_CATCH:
        reading.findings.add("event-without-name", raw.id, kind=event_kind.value)
    elif not name and kind not in (NodeKind.BOUNDARY, NodeKind.START):
        reading.findings.add("thrown-without-code", raw.id, kind=event_kind.value)
    return EventDefinition(event_kind, name=name)


def _message_of(reading: Reading, element: Element, element_id: str, correlation: Expression | None) -> EventDefinition:
    """The message that a message event definition, send task or receive task refers to."""
    reference = reading.account.attribute(element, "messageRef")
    name = ""
    for operation in element.iterchildren(bpmn("operationRef")):
        reading.account.take_whole(operation)
    if reference is not None:
        name = reading.file.messages.get(without_prefix(reference), "")
        if not name:
            reading.findings.add("unknown-reference", element_id, kind="message", reference=reference)
    elif local(element.tag) == "messageEventDefinition":
        reading.findings.add("event-without-name", element_id, kind="message")
    if name.startswith("=") or "${" in name:
        reading.findings.add("expression-in-name", element_id, place="message name", text=name)
    return EventDefinition(EventKind.MESSAGE, name=name, correlation=correlation)


def _referred_name(reading: Reading, element: Element, raw: RawNode, kind: EventKind) -> str:
    declared = {
        EventKind.SIGNAL: reading.file.signals,
        EventKind.ERROR: reading.file.errors,
        EventKind.ESCALATION: reading.file.escalations,
    }[kind]
    reference = reading.account.attribute(element, _REFERENCES[kind])
    if reference is None:
        return ""
    identifier = without_prefix(reference)
    if identifier not in declared:
        reading.findings.add("unknown-reference", raw.id, kind=kind.value, reference=reference)
        return identifier
    name = declared[identifier]
    if name.startswith("=") or "${" in name:
        reading.findings.add("expression-in-name", raw.id, place=f"{kind.value} name", text=name)
    return name


def _timer(reading: Reading, element: Element, raw: RawNode) -> Timer | None:
    parts = reading.account.children(element, *_TIMER_PARTS)
    for part in parts:
        take_expression_attributes(reading, part, raw.id)
    if len(parts) != 1 or not (parts[0].text or "").strip():
        reading.findings.add("timer-empty", raw.id)
        return None
    kind = _TIMER_PARTS[parts[0].tag]
    return Timer(kind, reading.expressions.timer(kind, parts[0].text or "", raw.id))


def _conditional(reading: Reading, element: Element, raw: RawNode) -> EventDefinition:
    condition = reading.account.child(element, bpmn("condition"))
    if condition is None or not (condition.text or "").strip():
        reading.findings.add("condition-empty", raw.id)
        return EventDefinition(EventKind.CONDITIONAL)
    take_expression_attributes(reading, condition, raw.id)
    formula = reading.expressions.formula(condition.text or "", raw.id, "condition")
    return EventDefinition(EventKind.CONDITIONAL, condition=formula)


def _link(reading: Reading, element: Element, raw: RawNode) -> EventDefinition:
    for end in element.iterchildren(bpmn("source"), bpmn("target")):
        reading.account.take_whole(end)
    name = reading.account.attribute(element, "name") or reading.account.attribute(raw.element, "name") or ""
    if not name:
        reading.findings.add("event-without-name", raw.id, kind="link")
    return EventDefinition(EventKind.LINK, name=name)


def take_expression_attributes(reading: Reading, element: Element, element_id: str) -> None:
    """Type, language and result type of an expression; a language other than FEEL is refused."""
    reading.account.attribute(element, f"{{{SCHEMA_INSTANCE}}}type")
    reading.account.attribute(element, "evaluatesToTypeRef")
    language = reading.account.attribute(element, "language") or ""
    if language and "feel" not in language.lower():
        reading.findings.add("script-language", element_id, language=language)


def _check_place(
    reading: Reading, raw: RawNode, kind: NodeKind, event_kind: EventKind, parent_kind: NodeKind | None
) -> None:
    """Refuse an event definition where the standard or the engine has no meaning for it."""
    if kind is NodeKind.START and parent_kind is NodeKind.EVENT_SUB_PROCESS:
        allowed = _EVENT_SUB_PROCESS_START
    elif kind is NodeKind.START:
        allowed = _START if parent_kind is None else frozenset({EventKind.NONE})
    else:
        allowed = _ALLOWED[kind]
    if event_kind not in allowed:
        reading.findings.add(
            "event-place", raw.id, tag=raw.tag, kind=event_kind.value, choices=", ".join(sorted(allowed))
        )
    if event_kind is EventKind.CANCEL and kind is NodeKind.END and parent_kind is not NodeKind.TRANSACTION:
        reading.findings.add("cancel-outside-transaction", raw.id)


def is_interrupting(reading: Reading, raw: RawNode, kind: NodeKind, event: EventDefinition | None) -> bool:
    """Boundary events and starts of event sub-processes; errors and cancels always interrupt (10.5.6)."""
    name = {NodeKind.BOUNDARY: "cancelActivity", NodeKind.START: "isInterrupting"}.get(kind)
    interrupting = True if name is None else reading.account.is_true(raw.element, name, default=True)
    if not interrupting and event is not None and event.kind in (EventKind.ERROR, EventKind.CANCEL):
        reading.findings.add("always-interrupting", raw.id, kind=event.kind.value)
        return True
    return interrupting
