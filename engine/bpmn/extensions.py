"""What extension elements say about any element: properties, and input and output mappings."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.bpmn.names import is_name
from engine.bpmn.reading import Reading
from engine.bpmn.vocabulary import bpmn, camunda, local
from engine.feel import Expression
from engine.kernel.graph import Assignment
from engine.xml import Element

#: camunda:property names with a meaning; all others are kept on the node and noted in the report.
KNOWN_PROPERTIES = frozenset(
    {
        "clause", "fourEyesWith", "ladder", "correlationKey", "phase", "businessKeyPrefix", "businessKey",
        "outputCollection", "outputElement", "blind", "gate", "returnsThrough", "returning", "extension", "dueInto",
        "transfer", "withdrawal", "addSign",
    }
)  # fmt: skip

_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Extensions:
    properties: Mapping[str, str] = field(default_factory=dict[str, str])
    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()


def read_extensions(reading: Reading, element: Element, element_id: str) -> Extensions:
    """Properties and mappings of an element; whatever else its extension elements hold stays unread."""
    properties = read_properties(reading, element, element_id)
    inputs: list[Assignment] = []
    outputs: list[Assignment] = []
    for mapping in reading.account.extensions(element, camunda("inputOutput")):
        for parameter in reading.account.children(mapping, camunda("inputParameter")):
            inputs.extend(_parameter(reading, parameter, element_id))
        for parameter in reading.account.children(mapping, camunda("outputParameter")):
            outputs.extend(_parameter(reading, parameter, element_id))
    return Extensions(properties, tuple(inputs), tuple(outputs))


def read_properties(reading: Reading, element: Element, element_id: str) -> dict[str, str]:
    """camunda:properties but what names the element (`names.py`); one that means nothing to the engine is noted."""
    account = reading.account
    properties: dict[str, str] = {}
    for holder in account.extensions(element, camunda("properties")):
        for each in holder.iterchildren(camunda("property")):
            if is_name(each.get("name", "")):
                continue
            name = account.attribute(account.take(each), "name") or ""
            properties[name] = account.attribute(each, "value") or ""
            if name not in KNOWN_PROPERTIES:
                reading.findings.add("property-kept", element_id, name=name, value=properties[name])
    return properties


def is_variable_name(text: str) -> bool:
    """Whether a FEEL expression can read the variable by its bare name."""
    return _NAME.fullmatch(text) is not None


def _parameter(reading: Reading, parameter: Element, element_id: str) -> list[Assignment]:
    account, findings = reading.account, reading.findings
    target = account.attribute(parameter, "name")
    if target is None or not is_variable_name(target):
        findings.add("mapping-name", element_id, name=target or "")
        return []
    place = f"{local(parameter.tag)} {target}"
    if len(parameter) == 0:
        text = (parameter.text or "").strip()
        expressions = reading.expressions
        return [Assignment(target, expressions.value(text, element_id, place) if text else expressions.null)]
    inner = account.take(parameter[0])
    kind = local(inner.tag)
    if kind == "script":
        return [Assignment(target, _script(reading, inner, element_id, place))]
    source = _collection(reading, inner, kind)
    if source is None:
        for each in parameter.iter():
            account.take(each)
        findings.add("mapping-content", element_id, name=target, what=kind)
        return []
    return [Assignment(target, reading.expressions.formula(source, element_id, place))]


def _script(reading: Reading, script: Element, element_id: str, place: str) -> Expression:
    language = reading.account.attribute(script, "scriptFormat") or ""
    if not speaks_feel(language):
        reading.findings.add("script-language", element_id, language=language)
        return reading.expressions.null
    return reading.expressions.formula(script.text or "", element_id, place)


def _collection(reading: Reading, holder: Element, kind: str) -> str | None:
    """camunda:list and camunda:map of plain values as a FEEL list or context; None if something else is inside."""
    account = reading.account
    if kind == "list":
        values = account.children(holder, camunda("value"))
        items = [_item(value) for value in values]
        return f"[{', '.join(items)}]" if len(items) == len(holder) else None
    if kind == "map":
        entries = account.children(holder, camunda("entry"))
        pairs = [f"{json.dumps(account.attribute(entry, 'key') or '')}: {_item(entry)}" for entry in entries]
        flat = len(pairs) == len(holder) and all(len(entry) == 0 for entry in entries)
        return f"{{{', '.join(pairs)}}}" if flat else None
    return None


def _item(element: Element) -> str:
    text = (element.text or "").strip()
    return f"({text[1:]})" if text.startswith("=") else json.dumps(text, ensure_ascii=False)


def speaks_feel(language: str) -> bool:
    """Whether a scriptFormat or language attribute means FEEL; none at all does too."""
    return language.strip().lower() in ("", "feel", "text/feel", "application/feel") or "dmn/" in language.lower()


def read_data_associations(reading: Reading, element: Element, element_id: str) -> None:
    """Associations that only draw a line are kept in the diagram; those that compute are refused.

    All variables of a scope are visible to its activities, so a line to a data object needs no copying.
    """
    for association in element.iterchildren(bpmn("dataInputAssociation"), bpmn("dataOutputAssociation")):
        reading.account.take_whole(association)
        if association.find(bpmn("assignment")) is not None or association.find(bpmn("transformation")) is not None:
            reading.findings.add("data-association", element_id)
