"""What each kind of activity says about its work: people, scripts, handlers, decisions, calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.bpmn.extensions import is_variable_name, speaks_feel
from engine.bpmn.raw import RawNode
from engine.bpmn.reading import Reading
from engine.bpmn.vocabulary import bpmn, camunda
from engine.kernel.graph import Assignment, Call, NodeKind, People, Work
from engine.xml import Element

#: How a version of a called process or decision is chosen when the call comes.
BINDINGS = ("deployment", "latest", "version", "versionTag")
#: As in Camunda 7: a deployment holds only what has changed, so "deployment" must be asked for.
DEFAULT_BINDING = "latest"
_RESULT_MAPPINGS = ("singleEntry", "singleResult", "collectEntries", "resultList")
#: Values of `implementation` that say nothing (BPMN 2.0, 10.3.3).
_NO_IMPLEMENTATION = ("##unspecified", "##WebService")

Fields = dict[str, Any]


def _user_task(reading: Reading, raw: RawNode, properties: Mapping[str, str]) -> Fields:
    account, expressions, element = reading.account, reading.expressions, raw.element
    _implementation(reading, element)

    def attribute(name: str) -> str | None:
        return account.attribute(element, camunda(name))

    assignee, due, follow_up = attribute("assignee"), attribute("dueDate"), attribute("followUpDate")
    priority, form_key = attribute("priority"), attribute("formKey")
    if form_key is not None and form_key.startswith("="):
        reading.findings.add("expression-in-name", raw.id, place="camunda:formKey", text=form_key)
    groups, users = attribute("candidateGroups"), attribute("candidateUsers")
    return {
        "people": People(
            assignee=expressions.value(assignee, raw.id, "camunda:assignee") if assignee else None,
            candidate_groups=expressions.names(groups, raw.id, "camunda:candidateGroups"),
            candidate_users=expressions.names(users, raw.id, "camunda:candidateUsers"),
            due=expressions.due_date(due, raw.id, "camunda:dueDate") if due else None,
            follow_up=expressions.due_date(follow_up, raw.id, "camunda:followUpDate") if follow_up else None,
            priority=expressions.number(priority, raw.id, "camunda:priority") if priority else None,
            form_key=form_key,
            four_eyes_with=split_names(properties.get("fourEyesWith", "")),
            returns_through=properties.get("returnsThrough") or None,
        )
    }


def split_names(text: str) -> tuple[str, ...]:
    """Names between commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _script_task(reading: Reading, raw: RawNode, properties: Mapping[str, str]) -> Fields:
    account, findings = reading.account, reading.findings
    language = account.attribute(raw.element, "scriptFormat") or ""
    body = account.text(raw.element, bpmn("script"))
    result = account.attribute(raw.element, camunda("resultVariable"))
    if not speaks_feel(language):
        findings.add("script-language", raw.id, language=language)
        return {}
    if body is None:
        findings.add("script-empty", raw.id)
        return {}
    script = reading.expressions.formula(body, raw.id, "script")
    return {"work": Work(script=script, result_variable=_variable(reading, raw, result))}


def _variable(reading: Reading, raw: RawNode, name: str | None) -> str | None:
    if name is not None and not is_variable_name(name):
        reading.findings.add("mapping-name", raw.id, name=name)
    return name


def _implementation(reading: Reading, element: Element) -> str | None:
    implementation = reading.account.attribute(element, "implementation")
    return None if implementation in _NO_IMPLEMENTATION else implementation


def _handler(reading: Reading, raw: RawNode) -> Work | None:
    """Who does the work of a service or send task: an external topic or a local handler."""
    account, element = reading.account, raw.element
    implementation = _implementation(reading, element)
    kind, topic = account.attribute(element, camunda("type")), account.attribute(element, camunda("topic"))
    result = _variable(reading, raw, account.attribute(element, camunda("resultVariable")))
    account.attribute(element, "operationRef")
    if kind == "external" and topic:
        return Work(name=topic, external=True, result_variable=result)
    if implementation:
        return Work(name=implementation, result_variable=result)
    return None


def _service_task(reading: Reading, raw: RawNode, properties: Mapping[str, str]) -> Fields:
    work = _handler(reading, raw)
    if work is None:
        reading.findings.add("service-without-handler", raw.id)
        return {}
    return {"work": work}


def _send_task(reading: Reading, raw: RawNode, properties: Mapping[str, str]) -> Fields:
    """A message if it names one; else somebody must do the sending, as for a service task."""
    work = _handler(reading, raw)
    if work is not None:
        reading.account.attribute(raw.element, "messageRef")
        return {"kind": NodeKind.SERVICE, "work": work}
    if not raw.element.get("messageRef"):
        reading.findings.add("send-without-message", raw.id)
    return {}


def _receive_task(reading: Reading, raw: RawNode, properties: Mapping[str, str]) -> Fields:
    _implementation(reading, raw.element)
    reading.account.attribute(raw.element, "operationRef")
    if reading.account.is_true(raw.element, "instantiate"):
        reading.findings.add("instantiate", raw.id)
    if not raw.element.get("messageRef"):
        reading.findings.add("receive-without-message", raw.id)
    return {}


def _business_rule(reading: Reading, raw: RawNode, properties: Mapping[str, str]) -> Fields:
    account, findings, element = reading.account, reading.findings, raw.element
    _implementation(reading, element)
    reference = account.attribute(element, camunda("decisionRef"))
    mapping = account.attribute(element, camunda("mapDecisionResult")) or "singleResult"
    result = _variable(reading, raw, account.attribute(element, camunda("resultVariable")))
    binding, version = _binding(reading, raw, "decisionRef")
    if reference is None:
        findings.add("rule-without-decision", raw.id)
        return {}
    if reference.startswith("=") or "${" in reference:
        findings.add("expression-in-name", raw.id, place="camunda:decisionRef", text=reference)
    if mapping not in _RESULT_MAPPINGS:
        findings.add("unknown-choice", raw.id, place="camunda:mapDecisionResult", text=mapping,
                     choices=", ".join(_RESULT_MAPPINGS))  # fmt: skip
    return {"work": Work(name=reference, binding=binding, version=version, map_result=mapping, result_variable=result)}


def _binding(reading: Reading, raw: RawNode, prefix: str) -> tuple[str, str | None]:
    """Binding and version (or version tag) of a called process or decision."""
    account = reading.account
    binding = account.attribute(raw.element, camunda(f"{prefix}Binding")) or DEFAULT_BINDING
    number = account.attribute(raw.element, camunda(f"{prefix}Version"))
    tag = account.attribute(raw.element, camunda(f"{prefix}VersionTag"))
    if binding not in BINDINGS:
        reading.findings.add("unknown-choice", raw.id, place=f"camunda:{prefix}Binding", text=binding,
                             choices=", ".join(BINDINGS))  # fmt: skip
    version = {"version": number, "versionTag": tag}.get(binding)
    if binding in ("version", "versionTag") and version is None:
        reading.findings.add("binding-without-version", raw.id, binding=binding, attribute=f"camunda:{prefix}Version")
    return binding, version


def _call_activity(reading: Reading, raw: RawNode, properties: Mapping[str, str]) -> Fields:
    account, expressions = reading.account, reading.expressions
    fixed = account.attribute(raw.element, "calledElement")
    called = account.attribute(raw.element, camunda("calledElementExpression")) or fixed
    binding, version = _binding(reading, raw, "calledElement")
    inputs: list[Assignment] = []
    outputs: list[Assignment] = []
    business_key = None
    passes_all = {"in": False, "out": False}
    for mapping in account.extensions(raw.element, camunda("in"), camunda("out")):
        direction = "in" if mapping.tag == camunda("in") else "out"
        key = account.attribute(mapping, "businessKey") if direction == "in" else None
        if key is not None:
            business_key = expressions.value(key, raw.id, "camunda:in businessKey")
        elif account.attribute(mapping, "variables") == "all":
            passes_all[direction] = True
        else:
            (inputs if direction == "in" else outputs).extend(_passed(reading, raw, mapping, direction))
    if called is None:
        reading.findings.add("call-without-process", raw.id)
        return {}
    call = Call(
        element=expressions.value(called, raw.id, "calledElement"),
        binding=binding,
        version=version,
        business_key=business_key,
        all_in=passes_all["in"],
        all_out=passes_all["out"],
    )
    return {"call": call, "inputs": tuple(inputs), "outputs": tuple(outputs)}


def _passed(reading: Reading, raw: RawNode, mapping: Element, direction: str) -> list[Assignment]:
    """One camunda:in or camunda:out with a source and a target."""
    account = reading.account
    source, target = account.attribute(mapping, "source"), account.attribute(mapping, "target")
    formula = account.attribute(mapping, "sourceExpression")
    place = f"camunda:{direction} {target or source or ''}".rstrip()
    if formula is None and (source is None or not is_variable_name(source)):
        reading.findings.add("mapping-name", raw.id, name=source or "")
        return []
    if target is None or not is_variable_name(target):
        reading.findings.add("mapping-name", raw.id, name=target or "")
        return []
    return [Assignment(target, reading.expressions.formula(formula or source or "", raw.id, place))]


def _sub_process(reading: Reading, raw: RawNode, properties: Mapping[str, str]) -> Fields:
    """`method` of a transaction names a protocol of the outside; ours is always the engine's own."""
    reading.account.attribute(raw.element, "method")
    if reading.account.is_true(raw.element, "triggeredByEvent"):
        return {"kind": NodeKind.EVENT_SUB_PROCESS}
    return {}


_READERS: dict[NodeKind, Callable[[Reading, RawNode, Mapping[str, str]], Fields]] = {
    NodeKind.USER_TASK: _user_task,
    NodeKind.SCRIPT: _script_task,
    NodeKind.SERVICE: _service_task,
    NodeKind.SEND: _send_task,
    NodeKind.RECEIVE: _receive_task,
    NodeKind.BUSINESS_RULE: _business_rule,
    NodeKind.CALL_ACTIVITY: _call_activity,
    NodeKind.SUB_PROCESS: _sub_process,
    NodeKind.TRANSACTION: _sub_process,
}


def read_activity(reading: Reading, raw: RawNode, kind: NodeKind, properties: Mapping[str, str]) -> Fields:
    """The fields of `Node` that only this kind of activity has; may correct `kind`."""
    reader = _READERS.get(kind)
    return {} if reader is None else reader(reading, raw, properties)
