"""Repetition of an activity: standard loops, and multi-instance in the standard's and in Camunda's spelling.

Source: BPMN 2.0, 10.3.8 (loop characteristics).
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn.extensions import is_variable_name
from engine.bpmn.happenings import take_expression_attributes
from engine.bpmn.raw import RawNode
from engine.bpmn.reading import Reading
from engine.bpmn.vocabulary import bpmn, camunda, without_prefix
from engine.feel import Expression
from engine.kernel.graph import MultiInstance, StandardLoop
from engine.xml import Element


def read_loop(reading: Reading, raw: RawNode, properties: Mapping[str, str]) -> MultiInstance | StandardLoop | None:
    """The loop characteristics of an activity, if any."""
    many = reading.account.child(raw.element, bpmn("multiInstanceLoopCharacteristics"))
    again = reading.account.child(raw.element, bpmn("standardLoopCharacteristics"))
    if many is not None:
        return _multi_instance(reading, raw, many, properties)
    if again is not None:
        return _standard_loop(reading, raw, again)
    for name in ("outputCollection", "outputElement"):
        if name in properties:
            reading.findings.add("output-without-loop", raw.id, name=name)
    return None


def _formula(reading: Reading, element: Element, tag: str, element_id: str) -> Expression | None:
    """The FEEL in a child element; None if there is no such child."""
    child = reading.account.child(element, bpmn(tag))
    if child is None:
        return None
    take_expression_attributes(reading, child, element_id)
    text = (child.text or "").strip()
    if not text:
        reading.findings.add("loop-expression-empty", element_id, place=tag)
        return None
    return reading.expressions.formula(text, element_id, tag)


def _standard_loop(reading: Reading, raw: RawNode, element: Element) -> StandardLoop:
    condition = _formula(reading, element, "loopCondition", raw.id)
    maximum = reading.account.attribute(element, "loopMaximum")
    if condition is None and maximum is None:
        reading.findings.add("loop-without-end", raw.id)
    return StandardLoop(
        condition=condition,
        test_before=reading.account.is_true(element, "testBefore"),
        maximum=int(maximum) if maximum and maximum.isdecimal() else None,
    )


def _multi_instance(reading: Reading, raw: RawNode, element: Element, properties: Mapping[str, str]) -> MultiInstance:
    account, findings = reading.account, reading.findings
    for child in element.iterchildren(bpmn("documentation")):
        account.take_whole(child)
    _take_behaviour(reading, raw, element)
    cardinality = _formula(reading, element, "loopCardinality", raw.id)
    collection = _collection(reading, raw, element)
    if cardinality is None and collection is None:
        findings.add("multi-instance-empty", raw.id)
    elif cardinality is not None and collection is not None:
        findings.add("multi-instance-twice", raw.id)
    output_element, output_collection = _output(reading, raw, element, properties)
    return MultiInstance(
        sequential=account.is_true(element, "isSequential"),
        cardinality=cardinality,
        collection=collection,
        element_variable=_element_variable(reading, raw, element),
        output_element=output_element,
        output_collection=output_collection,
        completion_condition=_formula(reading, element, "completionCondition", raw.id),
    )


def _take_behaviour(reading: Reading, raw: RawNode, element: Element) -> None:
    """Events thrown after each or all children (10.3.8) are not run; "All" and no event is what everybody means."""
    behaviour = reading.account.attribute(element, "behavior")
    for name in ("oneBehaviorEventRef", "noneBehaviorEventRef"):
        reading.account.attribute(element, name)
    complex_part = reading.account.child(element, bpmn("complexBehaviorDefinition"))
    if complex_part is not None:
        reading.account.take_whole(complex_part)
    if complex_part is not None or behaviour not in (None, "All"):
        reading.findings.add("multi-instance-behaviour", raw.id, behaviour=behaviour or "Complex")


def _collection(reading: Reading, raw: RawNode, element: Element) -> Expression | None:
    account = reading.account
    formula = account.attribute(element, camunda("collection"))
    reference = account.text(element, bpmn("loopDataInputRef"))
    if formula is not None:
        return reading.expressions.formula(formula, raw.id, "camunda:collection")
    if reference is None:
        return None
    return reading.expressions.formula(_data_name(raw.element, reference), raw.id, "loopDataInputRef")


def _data_name(activity: Element, reference: str) -> str:
    """The variable a data reference means: the name of the data input or output with this id, else the text itself."""
    identifier = without_prefix(reference)
    for each in activity.iter(bpmn("dataInput"), bpmn("dataOutput")):
        name = each.get("name")
        if each.get("id") == identifier and name and is_variable_name(name):
            return name
    return identifier


def _item_name(reading: Reading, element: Element, tag: str) -> str | None:
    """The variable of a data item: its name, or its id where the name is none for a variable."""
    item = reading.account.child(element, bpmn(tag))
    if item is None:
        return None
    for name in ("itemSubjectRef", "isCollection"):
        reading.account.attribute(item, name)
    name = reading.account.attribute(item, "name")
    return name if name and is_variable_name(name) else reading.account.attribute(item, "id")


def _element_variable(reading: Reading, raw: RawNode, element: Element) -> str | None:
    standard = _item_name(reading, element, "inputDataItem")
    name = reading.account.attribute(element, camunda("elementVariable")) or standard
    if name is not None and not is_variable_name(name):
        reading.findings.add("mapping-name", raw.id, name=name)
    return name


def _output(
    reading: Reading, raw: RawNode, element: Element, properties: Mapping[str, str]
) -> tuple[Expression | None, str | None]:
    """What each child gives, and the variable that collects it: two properties, or the standard's data references."""
    reference = reading.account.text(element, bpmn("loopDataOutputRef"))
    item = _item_name(reading, element, "outputDataItem")
    collection = properties.get("outputCollection") or (_data_name(raw.element, reference) if reference else None)
    formula = properties.get("outputElement") or item
    if (collection is None) != (formula is None):
        reading.findings.add("multi-instance-output", raw.id)
    if collection is None or formula is None:
        return None, None
    if not is_variable_name(collection):
        reading.findings.add("mapping-name", raw.id, name=collection)
    return reading.expressions.formula(formula, raw.id, "outputElement"), collection
